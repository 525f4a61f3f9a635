"""Try your own: draw, drop, paste, choose; what the network gets, and what it says."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from PySide6.QtCore import QMimeData, QObject, QPoint, Qt, QUrl, Signal
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from fmstudio.data.library import ImageData, load_images
from fmstudio.data.picture_files import read_picture
from fmstudio.data.prepared import Wishes, prepared
from fmstudio.errors import UserError
from fmstudio.runs.run import Run
from fmstudio.session.examiner import Examiner
from fmstudio.session.own_pictures import MOST_FILES, Found
from fmstudio.session.selection import Selection
from fmstudio.session.sight import Sight
from fmstudio.ui import theme
from fmstudio.ui.own.sketch_pad import SketchPad
from fmstudio.ui.own.try_page import TryPage
from fmstudio.ui.pictures.caption_wall import CaptionWall
from fmstudio.ui.pictures.share_bars import ShareBars
from fmstudio.ui.widgets import TabRow


class Network(QObject):
    """Takes a picture for a bag the lighter its upper half is; answers when it is told to."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.why_not = ""
        self.asked: list[NDArray[np.uint8]] = []
        self.waits = False
        self.waiting: list[Callable[[], object]] = []

    @property
    def available(self) -> bool:
        return not self.why_not

    def ask(
        self, key: str, question: str, then: Callable[[Any], object], *arguments: Any,
        otherwise: Callable[[UserError], object] | None = None,
    ) -> None:  # fmt: skip
        network = "fmstudio.insight.network"
        known = {f"{network}.own_pictures.opened": self._opened, f"{network}.subject.probabilities": self._answered}
        answer = known[question](*arguments)
        if self.waits:
            self.waiting.append(lambda: then(answer))
        else:
            then(answer)

    def _answered(self, images: NDArray[np.uint8]) -> NDArray[np.float32]:
        self.asked.append(images)
        light = images[:, :14].mean(axis=(1, 2)) / 255
        shares = np.zeros((len(images), 10), np.float32)
        shares[:, 8], shares[:, 0] = light, 1 - light
        return shares

    def _opened(self, paths: tuple[Path, ...], wishes: Wishes) -> tuple[Found, ...]:
        return tuple(self._read(path, wishes) for path in paths)

    def _read(self, path: Path, wishes: Wishes) -> Found:
        try:
            picture = read_picture(path, path.name)
        except UserError as error:
            return error
        return picture, prepared(picture, (1, 28, 28), "fashion-mnist", wishes)


@pytest.fixture(scope="module")
def data() -> ImageData:
    return load_images("fashion-mnist", test_size=50)


def sight(data: ImageData | None) -> Sight:
    return Sight(Run(), None, 1, data, Selection(), None, None, None, None, None)


@pytest.fixture
def network() -> Network:
    return Network()


@pytest.fixture
def page(qapp: QApplication, qtbot: QtBot, network: Network, data: ImageData) -> TryPage:
    theme.apply(qapp, "light")
    made = TryPage(network)  # type: ignore[arg-type]
    assert {"ask", "available", "why_not", "changed"} <= set(dir(Examiner))
    qtbot.addWidget(made)
    made.show_sight(sight(data))
    made.resize(608, 760)
    made.show()
    return made


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """Two pictures of light things on dark, one of a dark thing on white, and a text."""
    paths = [tmp_path / name for name in ("dim.png", "bright.png", "white.png", "notes.png")]
    for path, level, ground in zip(paths, (60, 240, 0), (0, 0, 255), strict=False):
        pixels = np.full((60, 80), ground, np.uint8)
        pixels[10:40, 20:60] = level
        Image.fromarray(pixels).save(path)
    paths[3].write_text("no picture")
    return paths


def text(page: TryPage) -> str:
    return "\n".join(made.text() for made in page.findChildren(QLabel) if made.isVisible())


def bars(page: TryPage) -> ShareBars:
    found = page.findChild(ShareBars)
    assert found is not None
    return found


def button(page: TryPage, name: str) -> QPushButton:
    found = page.findChild(QPushButton, name)
    assert found is not None
    return found


def to_draw(page: TryPage) -> SketchPad:
    QTest.mouseClick(button(page, "tab.draw"), Qt.MouseButton.LeftButton)
    pad = page.findChild(SketchPad)
    assert pad is not None
    return pad


def test_a_file_is_shown_as_the_network_gets_it_with_all_classes(
    page: TryPage, network: Network, files: list[Path]
) -> None:
    page.show_files(files[2:3])
    assert network.asked[-1].shape == (1, 28, 28)
    assert network.asked[-1][0, 14, 14] == 255
    assert network.asked[-1][0, 0, 0] == 0
    assert "It takes this for Bag" in text(page)
    assert "white.png · 80 × 60" in text(page)
    assert "light and dark exchanged · cut to what it shows · put in the middle" in text(page)
    assert "Bag" in bars(page).accessibleDescription()
    assert len(bars(page).accessibleDescription().split("; ")) == 10


def test_the_switches_change_what_it_gets_at_once(page: TryPage, network: Network, files: list[Path]) -> None:
    page.show_files(files[1:2])
    filled = network.asked[-1]
    scale, centre = (page.findChild(QCheckBox, name) for name in ("scale", "centre"))
    assert scale is not None
    assert centre is not None
    scale.click()
    assert network.asked[-1].sum() < filled.sum()
    assert network.asked[-1][0, 13:15, 13:15].min() > 200
    centre.click()
    assert network.asked[-1][0, 20, 13] == 0
    invert = next(made for made in page.findChildren(TabRow) if made.objectName() == "invert")
    QTest.mouseClick(invert.buttons["on"], Qt.MouseButton.LeftButton)
    assert (network.asked[-1] > 200).mean() > 0.4


def test_several_files_make_a_wall_with_the_bad_ones_named(page: TryPage, network: Network, files: list[Path]) -> None:
    page.show_files(files)
    wall = page.findChild(CaptionWall)
    assert wall is not None
    assert wall.isVisible()
    captions = [str(wall.model().index(row, 0).data()) for row in range(wall.model().rowCount())]
    assert [caption.rpartition(" · ")[2] for caption in captions] == ["dim.png", "bright.png", "white.png"]
    assert all("sure" in caption for caption in captions)
    assert "3 pictures of yours" in text(page)
    assert "notes.png is not a picture that can be read." in text(page)


def test_one_of_the_wall_is_opened_and_the_wall_comes_back(page: TryPage, files: list[Path]) -> None:
    page.show_files(files)
    wall = page.findChild(CaptionWall)
    assert wall is not None
    QTest.mouseClick(wall.viewport(), Qt.MouseButton.LeftButton, pos=wall.visualRect(wall.model().index(1, 0)).center())
    assert not wall.isVisible()
    assert "bright.png · 80 × 60" in text(page)
    assert button(page, "backToAll").text() == "‹ All 3 pictures"
    QTest.mouseClick(button(page, "backToAll"), Qt.MouseButton.LeftButton)
    assert wall.isVisible()


@pytest.mark.parametrize("name", ["notes.png", "missing.png"])
def test_a_single_bad_file_is_a_sentence(page: TryPage, files: list[Path], name: str) -> None:
    page.show_files([files[0].with_name(name)])
    assert f"{name} " in text(page)
    assert not bars(page).isVisible()


def test_of_too_many_files_the_first_are_taken(page: TryPage, files: list[Path]) -> None:
    page.show_files(files[:1] * (MOST_FILES + 1))
    assert f"{MOST_FILES} pictures of yours" in text(page)
    assert f"Only the first {MOST_FILES} files were taken." in text(page)
    page.show_files([*files[:1] * MOST_FILES, files[0]][:-10] + [files[0].with_name("no.png")] * 10)
    assert "Only the first" in text(page).split("no.png")[0], "it is not lost among the files that are none"


def test_drawing_is_answered_with_every_stroke(page: TryPage, network: Network) -> None:
    pad = to_draw(page)
    assert not bars(page).isVisible()
    QTest.mousePress(pad, Qt.MouseButton.LeftButton, pos=QPoint(60, 60))
    QTest.mouseMove(pad, QPoint(220, 60))
    asked = len(network.asked)
    assert asked >= 2
    assert bars(page).isVisible()
    QTest.mouseMove(pad, QPoint(220, 200))
    QTest.mouseRelease(pad, Qt.MouseButton.LeftButton, pos=QPoint(220, 200))
    assert len(network.asked) > asked
    QTest.mouseClick(button(page, "clearSketch"), Qt.MouseButton.LeftButton)
    assert not bars(page).isVisible()
    QTest.keyClick(pad, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert bars(page).isVisible()


def test_for_clothes_a_line_says_why_drawings_mislead(page: TryPage) -> None:
    assert "Drawings mislead here" not in text(page)
    to_draw(page)
    assert "Drawings mislead here: the network has only ever seen photographs of clothes." in text(page)


def test_for_digits_drawing_comes_first(page: TryPage, data: ImageData) -> None:
    digits = ImageData("mnist", "MNIST", data.classes, data.short_classes, data.train, data.test)
    page.show_sight(sight(digits))
    pad = page.findChild(SketchPad)
    assert pad is not None
    assert pad.isVisible()
    assert "Drawings mislead" not in text(page)


def test_a_screenshot_is_pasted(page: TryPage, network: Network) -> None:
    image = QImage(300, 200, QImage.Format.Format_RGB32)
    image.fill(0xFFFFFF)
    for row in range(60, 140):
        for column in range(100, 200):
            image.setPixel(column, row, 0xFF202020)
    QGuiApplication.clipboard().setImage(image)
    QTest.keyClick(page, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert "pasted · 300 × 200" in text(page)
    assert network.asked[-1][0, 14, 14] > 200
    assert network.asked[-1][0, 1, 14] == 0


def test_copied_files_are_pasted(page: TryPage, files: list[Path]) -> None:
    given = QMimeData()
    given.setUrls([QUrl.fromLocalFile(str(path)) for path in files[:2]])
    QGuiApplication.clipboard().setMimeData(given)
    QTest.mouseClick(button(page, "pastePicture"), Qt.MouseButton.LeftButton)
    assert "2 pictures of yours" in text(page)


def test_an_empty_clipboard_says_so(page: TryPage) -> None:
    QGuiApplication.clipboard().clear()
    QTest.mouseClick(button(page, "pastePicture"), Qt.MouseButton.LeftButton)
    assert "There is no picture in the clipboard." in text(page)


def test_without_a_network_it_says_what_to_do(page: TryPage, network: Network, files: list[Path]) -> None:
    network.why_not = "There is no network yet: press Train first."
    network.changed.emit()
    assert text(page) == "There is no network yet: press Train first."
    page.show_files(files[:1])
    network.why_not = ""
    network.changed.emit()
    assert "It takes this for" in text(page)


def test_another_network_is_asked_again(page: TryPage, network: Network, files: list[Path]) -> None:
    page.show_files(files[:1])
    asked = len(network.asked)
    network.changed.emit()
    assert len(network.asked) == asked + 1


def test_an_answer_that_comes_too_late_is_left_out(page: TryPage, network: Network, files: list[Path]) -> None:
    network.waits = True
    page.show_files(files[:3])
    late = network.waiting.pop()
    network.waits = False
    page.show_files(files[:1])
    before = text(page)
    late()
    assert text(page) == before


@pytest.mark.parametrize("width", [343, 530, 608])
def test_nothing_is_cut_off_however_narrow_the_drawer_is(page: TryPage, files: list[Path], width: int) -> None:
    page.resize(width, 760)
    page.show_files(files[:1])
    QApplication.processEvents()
    for made in (*page.findChildren(QCheckBox), button(page, "pastePicture"), bars(page)):
        assert made.isVisible()
        assert made.mapTo(page, made.rect().topRight()).x() <= width
