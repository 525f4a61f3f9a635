import numpy as np
import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from fmstudio.ui import theme
from fmstudio.ui.picture_detail import LargePicture, PictureDetail, ProbabilityBars, value_range

CLASSES = ("T-shirt/top", "Trouser", "Shirt")
IMAGE = np.zeros((28, 28), np.uint8)
IMAGE[1, 1], IMAGE[14:] = 250, 100
SURE = np.array([0.83, 0.01, 0.16], np.float16)


@pytest.fixture
def detail(qtbot: QtBot, qapp: QApplication) -> PictureDetail:
    theme.apply(qapp, "light")
    made = PictureDetail()
    qtbot.addWidget(made)
    made.resize(380, 760)
    made.show()
    qtbot.waitExposed(made)
    return made


def said(detail: PictureDetail) -> list[str]:
    return [part.text() for part in detail.findChildren(QLabel) if part.isVisible() and part.text()]


def bars(detail: PictureDetail) -> ProbabilityBars:
    found = detail.findChild(ProbabilityBars)
    assert found is not None
    return found


def test_a_wrong_answer(detail: PictureDetail) -> None:
    detail.show_picture(IMAGE, 904, CLASSES, 2, 0, SURE, 1.8326, "3 of 83 pictures")
    words = said(detail)
    assert {"3 of 83 pictures", "✗ Really Shirt, taken for T-shirt/top", "83 % sure", "1.833", "904"} <= set(words)
    assert "from 0 to 250, 50 on average" in words
    expected = "T-shirt/top 83.0 % ✗ taken for; Trouser 1.0 %; Shirt 16.0 % really"
    assert bars(detail).accessibleDescription() == expected


def test_a_right_answer(detail: PictureDetail) -> None:
    detail.show_picture(IMAGE, 904, CLASSES, 0, 0, SURE, 0.2)
    assert "✓ T-shirt/top, recognised" in said(detail)
    assert bars(detail).accessibleDescription() == "T-shirt/top 83.0 % ✓ really; Trouser 1.0 %; Shirt 16.0 %"


def test_before_any_answer(detail: PictureDetail) -> None:
    detail.show_picture(IMAGE, 904, CLASSES, 0, 0, SURE, 0.2)
    detail.show_picture(IMAGE, 904, CLASSES, 1)
    words = said(detail)
    assert "Trouser" in words
    assert "Loss" not in words
    assert not [word for word in words if "%" in word]
    assert not bars(detail).isVisible()


def test_bars_are_as_long_as_their_shares(detail: PictureDetail) -> None:
    detail.show_picture(IMAGE, 904, CLASSES, 2, 0, np.array([0.5, 0.25, 0.25], np.float16), 1.0)
    image = bars(detail).grab().toImage()

    def length(row: int, colour: str) -> int:
        return sum(image.pixelColor(x, 22 * row + 11).name() == colour for x in range(94, image.width() - 130))

    colours = theme.current()
    whole = length(0, colours.wrong) + length(0, colours.empty_cell)
    assert length(0, colours.wrong) == pytest.approx(whole / 2, abs=4)
    assert length(1, colours.faint) == pytest.approx(whole / 4, abs=4)
    assert length(2, colours.right) == pytest.approx(whole / 4, abs=4)


def test_buttons_ask_for_the_pictures_beside(detail: PictureDetail, qtbot: QtBot) -> None:
    for name, signal in (("previousPicture", detail.previous_asked), ("nextPicture", detail.next_asked)):
        button = detail.findChild(QPushButton, name)
        assert button is not None
        assert button.accessibleName()
        with qtbot.waitSignal(signal, timeout=0):
            button.click()


def test_every_pixel_of_the_large_picture_is_a_square(qtbot: QtBot, qapp: QApplication) -> None:
    theme.apply(qapp, "light")
    picture = LargePicture(144)
    qtbot.addWidget(picture)
    picture.show_image(IMAGE, "wrong")
    image: QImage = picture.grab().toImage()
    assert {image.pixelColor(x, y).red() for x in range(7, 12) for y in range(7, 12)} == {250}
    assert image.pixelColor(12, 7).red() == 0
    assert image.pixelColor(70, 1).name() == theme.current().wrong


def test_the_range_of_the_pixels() -> None:
    assert value_range(np.array([[3, 5], [7, 9]], np.uint8)) == "from 3 to 9, 6 on average"
