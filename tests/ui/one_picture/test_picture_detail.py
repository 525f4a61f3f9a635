from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QScrollArea
from pytestqt.qtbot import QtBot

from fmstudio.session.one_picture import OnePicture
from fmstudio.ui import theme
from fmstudio.ui.one_picture.answers_page import AnswersPage
from fmstudio.ui.one_picture.over_time_page import OverTimePage
from fmstudio.ui.one_picture.paint_picture import PaintPicture
from fmstudio.ui.one_picture.picture_detail import TABS, LargePicture, PictureDetail, value_range
from fmstudio.ui.pictures.picture_facts import percent

IMAGE = np.zeros((28, 28), np.uint8)
IMAGE[1, 1], IMAGE[14:] = 250, 100
Make = Callable[..., OnePicture]


@pytest.fixture
def detail(qtbot: QtBot, asker) -> PictureDetail:
    made = PictureDetail(asker)
    qtbot.addWidget(made)
    made.resize(408, 600)
    made.show()
    qtbot.waitExposed(made)
    return made


def said(detail: PictureDetail) -> set[str]:
    return {part.text() for part in detail.findChildren(QLabel) if part.isVisible() and part.text()}


def press(detail: PictureDetail, name: str) -> None:
    found = detail.findChild(QPushButton, name)
    assert found is not None
    found.click()


def test_the_head_says_what_it_is_and_what_it_was_taken_for(detail: PictureDetail, one_of: Make) -> None:
    one = one_of(3)
    detail.show_picture(one, "3 of 83")
    true, predicted = (one.sight.classes[label] for label in (one.picture.label, one.picture.predicted))
    assert true != predicted
    assert {f"✗ Really {true}, taken for {predicted}", "3 of 83"} <= said(detail)
    assert f"{percent(one.picture.confidence)} sure" in said(detail)
    detail.show_picture(one_of(3, answered=False), "3 of 83")
    assert true in said(detail)
    assert not [word for word in said(detail) if "sure" in word]


def test_a_training_picture_says_so_in_the_head(detail: PictureDetail, one_of: Make) -> None:
    detail.show_picture(one_of(3, "train", answered=False))
    assert "a training picture" in said(detail)


def test_a_page_is_built_when_it_is_chosen(detail: PictureDetail, one_of: Make) -> None:
    detail.show_picture(one_of(3))
    assert isinstance(detail.page, AnswersPage)
    assert detail.findChild(OverTimePage) is None
    press(detail, "tab.time")
    assert isinstance(detail.page, OverTimePage)
    assert detail.page.isVisible()


@pytest.mark.parametrize(("number", "tab"), list(enumerate(TABS, 1)))
def test_digits_open_the_pages(detail: PictureDetail, one_of: Make, qtbot: QtBot, number: int, tab: str) -> None:
    detail.show_picture(one_of(3))
    qtbot.keyClick(detail, str(number))
    assert detail.tab == tab
    assert detail.page is not None
    assert detail.page.isVisible()


def test_ctrl_tab_goes_round(detail: PictureDetail, one_of: Make, qtbot: QtBot) -> None:
    detail.show_picture(one_of(3))
    qtbot.keyClick(detail, Qt.Key.Key_Backtab, Qt.KeyboardModifier.ControlModifier)
    assert detail.tab == "alike"
    qtbot.keyClick(detail, Qt.Key.Key_Tab, Qt.KeyboardModifier.ControlModifier)
    assert detail.tab == "answers"


def test_the_page_stays_when_one_goes_on(detail: PictureDetail, one_of: Make) -> None:
    detail.show_picture(one_of(3))
    detail.choose("time")
    detail.show_picture(one_of(4))
    assert detail.tab == "time"
    assert isinstance(detail.page, OverTimePage)


def test_a_page_shows_the_newest_picture_when_one_comes_back(detail: PictureDetail, one_of: Make) -> None:
    detail.show_picture(one_of(3))
    detail.choose("time")
    newest = one_of(4)
    detail.show_picture(newest)
    detail.choose("answers")
    assert np.array_equal(detail.findChild(PaintPicture).image, newest.picture.image)


@pytest.mark.parametrize(
    ("key", "name"),
    [
        (Qt.Key.Key_Left, "previous_asked"),
        (Qt.Key.Key_PageUp, "previous_asked"),
        (Qt.Key.Key_Right, "next_asked"),
        (Qt.Key.Key_PageDown, "next_asked"),
    ],
)
@pytest.mark.parametrize("where", ["detail", "button", "scroll"])
def test_keys_go_to_the_pictures_beside(
    detail: PictureDetail, one_of: Make, qtbot: QtBot, key: Qt.Key, name: str, where: str
) -> None:
    detail.show_picture(one_of(3))
    places = {
        "detail": detail,
        "button": detail.findChild(QPushButton, "nextPicture"),
        "scroll": detail.page.findChild(QScrollArea),
    }
    with qtbot.waitSignal(getattr(detail, name), timeout=0):
        qtbot.keyClick(places[where], key)


def test_on_the_picture_the_arrows_move_the_brush(detail: PictureDetail, one_of: Make, qtbot: QtBot) -> None:
    detail.show_picture(one_of(3))
    with qtbot.assertNotEmitted(detail.next_asked):
        qtbot.keyClick(detail.findChild(PaintPicture), Qt.Key.Key_Right)
    with qtbot.waitSignal(detail.next_asked, timeout=0):
        qtbot.keyClick(detail.findChild(PaintPicture), Qt.Key.Key_PageDown)


def test_buttons_ask_for_the_pictures_beside(detail: PictureDetail, qtbot: QtBot) -> None:
    for name, signal in (("previousPicture", detail.previous_asked), ("nextPicture", detail.next_asked)):
        button = detail.findChild(QPushButton, name)
        assert button is not None
        assert button.accessibleName()
        with qtbot.waitSignal(signal, timeout=0):
            button.click()


def test_the_pixels_of_the_same_picture_stay_the_same_array(detail: PictureDetail, one_of: Make) -> None:
    detail.show_picture(one_of(3))
    before = detail.findChild(PaintPicture).original
    again = one_of(3, image=one_of(3).picture.image.copy())
    detail.show_picture(again)
    assert detail.findChild(PaintPicture).original is before


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


@pytest.mark.parametrize(
    ("share", "text"), [(1.0, "100 %"), (0.9996, ">99 %"), (0.62, "62 %"), (0.001, "<1 %"), (0.0, "0 %")]
)
def test_a_share_is_never_rounded_to_certainty(share: float, text: str) -> None:
    assert percent(share) == text
