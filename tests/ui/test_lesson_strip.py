import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from fmstudio.ui import theme
from fmstudio.ui.lesson_strip import LessonStrip


@pytest.fixture
def strip(qapp: QApplication, qtbot: QtBot) -> LessonStrip:
    theme.apply(qapp, "light")
    made = LessonStrip()
    qtbot.addWidget(made)
    made.resize(900, made.height())
    made.show_step("First look", "Press Train and watch the pictures turn right.", 2, 3)
    made.show()
    return made


def texts(strip: LessonStrip) -> list[str]:
    return [text.text() for text in sorted(strip.findChildren(QLabel), key=lambda text: text.x())]


def test_it_says_what_to_do_and_how_far_one_is(strip: LessonStrip) -> None:
    assert texts(strip) == ["First look", "Press Train and watch the pictures turn right.", "step 2 of 3"]


def test_another_step_takes_the_place(strip: LessonStrip) -> None:
    strip.show_step("First look", "Click a square.", 3, 3)
    assert texts(strip) == ["First look", "Click a square.", "step 3 of 3"]


def test_read_opens_the_lesson(qtbot: QtBot, strip: LessonStrip) -> None:
    read = strip.findChild(QPushButton, "lessonRead")
    assert read is not None
    with qtbot.waitSignal(strip.read_asked):
        qtbot.mouseClick(read, Qt.MouseButton.LeftButton)
    assert strip.isVisible()


def test_it_can_be_put_away(qtbot: QtBot, strip: LessonStrip) -> None:
    close = strip.findChild(QPushButton, "lessonClose")
    assert close is not None
    with qtbot.waitSignal(strip.closed):
        qtbot.mouseClick(close, Qt.MouseButton.LeftButton)
    assert strip.isHidden()


def test_where_it_is_narrow_the_sentence_gives_way_not_the_buttons(strip: LessonStrip) -> None:
    strip.resize(420, strip.height())
    QApplication.processEvents()
    sentence = strip.findChild(QLabel, "lessonSentence")
    close = strip.findChild(QPushButton, "lessonClose")
    assert sentence is not None
    assert close is not None
    assert sentence.toolTip() == "Press Train and watch the pictures turn right."
    assert close.geometry().right() < 420
