"""Drawing by mouse and by keyboard."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from fmstudio.ui import theme
from fmstudio.ui.own.sketch_pad import EDGE, ERASER, SketchPad


@pytest.fixture
def pad(qapp: QApplication, qtbot: QtBot) -> SketchPad:
    theme.apply(qapp, "light")
    made = SketchPad()
    qtbot.addWidget(made)
    made.show()
    return made


def drag(pad: SketchPad, start: tuple[int, int], end: tuple[int, int]) -> None:
    QTest.mousePress(pad, Qt.MouseButton.LeftButton, pos=QPoint(*start))
    QTest.mouseMove(pad, QPoint(*end))
    QTest.mouseRelease(pad, Qt.MouseButton.LeftButton, pos=QPoint(*end))


def test_the_mouse_draws_white_on_black(pad: SketchPad, qtbot: QtBot) -> None:
    assert pad.blank
    with qtbot.waitSignal(pad.drawn):
        drag(pad, (40, 100), (200, 100))
    pixels = pad.pixels
    assert pixels.shape == (EDGE, EDGE)
    assert pixels[100, 40] == pixels[100, 120] == pixels[100, 200] == 255
    assert pixels[200, 120] == 0


def test_the_eraser_takes_away(pad: SketchPad) -> None:
    drag(pad, (40, 100), (200, 100))
    pad.tool = ERASER
    drag(pad, (120, 100), (120, 100))
    assert pad.pixels[100, 120] == 0
    assert pad.pixels[100, 40] == 255


def test_a_thicker_brush_draws_more(pad: SketchPad) -> None:
    pad.thickness = 8
    drag(pad, (40, 100), (200, 100))
    thin = int((pad.pixels > 0).sum())
    pad.thickness = 36
    drag(pad, (40, 200), (200, 200))
    assert int((pad.pixels > 0).sum()) > 4 * thin


def test_strokes_are_taken_back_one_by_one(pad: SketchPad) -> None:
    drag(pad, (40, 50), (200, 50))
    drag(pad, (40, 200), (200, 200))
    pad.undo()
    assert pad.pixels[50, 100] == 255
    assert pad.pixels[200, 100] == 0
    pad.clear()
    assert pad.blank
    pad.undo()
    assert pad.pixels[50, 100] == 255
    pad.undo()
    assert pad.blank
    assert not pad.can_undo


def test_the_keyboard_draws_too(pad: SketchPad) -> None:
    pad.setFocus()
    for key in (Qt.Key.Key_Left, Qt.Key.Key_Space, *[Qt.Key.Key_Down] * 5, Qt.Key.Key_Space, *[Qt.Key.Key_Down] * 5):
        QTest.keyClick(pad, key)
    pixels = pad.pixels
    assert pixels[112, 103] == pixels[157, 103] == 255
    assert pixels[186, 103] == 0
    QTest.keyClick(pad, Qt.Key.Key_Delete)
    assert pad.blank


def test_a_stroke_may_leave_the_pad(pad: SketchPad) -> None:
    pad.stroke(QPointF(-50, -50), QPointF(400, 400))
    assert pad.pixels[0, 0] == pad.pixels[EDGE - 1, EDGE - 1] == 255
