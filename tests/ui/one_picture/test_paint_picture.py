import numpy as np
import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from fmstudio.ui import theme
from fmstudio.ui.one_picture.paint_picture import PaintPicture

LEFT = Qt.MouseButton.LeftButton
WHITE = np.full((28, 28), 250, np.uint8)


@pytest.fixture
def picture(qtbot: QtBot, qapp: QApplication) -> PaintPicture:
    theme.apply(qapp, "light")
    made = PaintPicture(228)
    qtbot.addWidget(made)
    made.set_paintable(True)
    made.show_image(WHITE, "right")
    made.take_tool(0, 1)
    made.show()
    qtbot.waitExposed(made)
    return made


def click(qtbot: QtBot, picture: PaintPicture, x: int, y: int) -> None:
    qtbot.mouseClick(picture, LEFT, pos=picture.place_of(x, y))


def test_a_click_with_the_eraser_leaves_background(picture: PaintPicture, qtbot: QtBot) -> None:
    with qtbot.waitSignal(picture.painted, timeout=0):
        click(qtbot, picture, 4, 6)
    assert np.argwhere(picture.image == 0).tolist() == [[6, 4]]
    assert picture.original.min() == 250
    image = picture.grab().toImage()
    assert image.pixelColor(picture.place_of(4, 6)).red() == 0
    assert image.pixelColor(picture.place_of(20, 20)).red() == 250


def test_a_quick_stroke_leaves_no_gap(picture: PaintPicture, qtbot: QtBot) -> None:
    qtbot.mousePress(picture, LEFT, pos=picture.place_of(2, 5))
    qtbot.mouseMove(picture, picture.place_of(12, 5))
    qtbot.mouseRelease(picture, LEFT, pos=picture.place_of(12, 5))
    assert np.argwhere(picture.image == 0).tolist() == [[5, x] for x in range(2, 13)]
    picture.undo()
    assert not picture.is_painted
    assert not picture.can_undo


@pytest.mark.parametrize(("size", "rows"), [(1, [10]), (2, [10, 11]), (3, [9, 10, 11]), (5, [8, 9, 10, 11, 12])])
def test_the_brush_has_a_size_and_a_grey(picture: PaintPicture, qtbot: QtBot, size: int, rows: list[int]) -> None:
    picture.take_tool(120, size)
    click(qtbot, picture, 10, 10)
    assert np.unique(np.argwhere(picture.image == 120)[:, 0]).tolist() == rows
    assert (picture.image == 120).sum() == size**2


def test_at_the_edge_only_what_is_inside_is_painted(picture: PaintPicture, qtbot: QtBot) -> None:
    picture.take_tool(0, 5)
    click(qtbot, picture, 0, 0)
    assert (picture.image == 0).sum() == 9


def test_keys_move_the_brush_and_paint(picture: PaintPicture, qtbot: QtBot) -> None:
    picture.setFocus()
    for key in (Qt.Key.Key_Up, Qt.Key.Key_Left, Qt.Key.Key_Left, Qt.Key.Key_Space, Qt.Key.Key_Down, Qt.Key.Key_Right):
        qtbot.keyClick(picture, key)
    qtbot.keyClick(picture, Qt.Key.Key_Space)
    assert np.argwhere(picture.image == 0).tolist() == [[13, 12], [14, 13]]


def test_the_brush_of_the_keys_is_seen(picture: PaintPicture, qtbot: QtBot) -> None:
    picture.activateWindow()
    picture.clearFocus()
    QApplication.sendEvent(picture, QEvent(QEvent.Type.Leave))
    without = picture.grab().toImage()
    picture.setFocus()
    qtbot.waitUntil(picture.hasFocus)
    assert picture.grab().toImage() != without


def test_reset_puts_the_original_back_and_can_be_undone(picture: PaintPicture, qtbot: QtBot) -> None:
    click(qtbot, picture, 4, 6)
    painted = picture.image
    picture.reset()
    assert not picture.is_painted
    picture.undo()
    assert np.array_equal(picture.image, painted)


def test_a_stroke_that_changes_nothing_is_not_remembered(picture: PaintPicture, qtbot: QtBot) -> None:
    picture.take_tool(250, 3)
    click(qtbot, picture, 4, 6)
    assert not picture.can_undo


def test_the_same_picture_again_keeps_what_is_painted(picture: PaintPicture, qtbot: QtBot) -> None:
    click(qtbot, picture, 4, 6)
    picture.show_image(WHITE.copy(), "wrong")
    assert picture.is_painted
    picture.show_image(np.full((28, 28), 9, np.uint8))
    assert not picture.is_painted
    assert not picture.can_undo


def test_a_coloured_picture_gets_grey_in_all_channels(picture: PaintPicture, qtbot: QtBot) -> None:
    coloured = np.zeros((32, 32, 3), np.uint8)
    coloured[..., 0] = 200
    picture.show_image(coloured)
    picture.take_tool(90, 1)
    click(qtbot, picture, 31, 0)
    assert picture.image[0, 31].tolist() == [90, 90, 90]
    assert picture.image[0, 30].tolist() == [200, 0, 0]


def test_a_picture_larger_than_the_widget_is_painted_where_the_mouse_is(picture: PaintPicture, qtbot: QtBot) -> None:
    picture.show_image(np.full((300, 400), 250, np.uint8))
    click(qtbot, picture, 398, 150)
    x, y = np.argwhere(picture.image == 0)[0][::-1]
    assert abs(x - 398) <= 2
    assert abs(y - 150) <= 2


def test_without_a_network_nothing_is_painted(picture: PaintPicture, qtbot: QtBot) -> None:
    picture.set_paintable(False)
    click(qtbot, picture, 4, 6)
    assert not picture.is_painted
    assert picture.focusPolicy() == Qt.FocusPolicy.NoFocus
