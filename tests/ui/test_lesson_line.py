import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from fmstudio.insight.goals import GoalState
from fmstudio.ui import theme
from fmstudio.ui.lesson_line import LessonLine
from fmstudio.ui.widgets import ElidedLabel

WIDTH = 226
"""Of the recipe column in a small window."""
STEP = "Press Train: 40 epochs over the same 1,000 pictures."
NOT_KNOWN = GoalState("Test accuracy ≥ 83.5 %", None, "")
NOT_YET = GoalState("Test accuracy ≥ 83.5 %", False, "71.2 %")
REACHED = GoalState("Test accuracy ≥ 83.5 %", True, "87.8 %")


@pytest.fixture
def line(qapp: QApplication, qtbot: QtBot) -> LessonLine:
    theme.apply(qapp, "light")
    made = LessonLine()
    qtbot.addWidget(made)
    made.resize(WIDTH, made.height())
    made.show_step(STEP)
    made.show()
    return made


def words(line: LessonLine) -> ElidedLabel:
    found = line.findChild(ElidedLabel, "lessonLineText")
    assert found is not None
    return found


def link(line: LessonLine, name: str) -> QPushButton:
    found = line.findChild(QPushButton, name)
    assert found is not None
    return found


def test_the_step_is_told_until_something_is_known_of_the_goal(line: LessonLine) -> None:
    line.show_goals((NOT_KNOWN,))
    QApplication.processEvents()
    assert words(line).text() == STEP
    assert words(line).shown().endswith("…")
    assert words(line).toolTip() == STEP
    line.show_goals((NOT_YET,))
    assert words(line).text() == "Goal: Test accuracy ≥ 83.5 % · now 71.2 %"
    assert line.toolTip() == f"{STEP}\nGoal: Test accuracy ≥ 83.5 % · now 71.2 %"


def test_a_reached_goal_is_read_whole_even_where_there_is_little_room(line: LessonLine) -> None:
    line.show_goals((REACHED,), "Before and after")
    QApplication.processEvents()
    assert words(line).shown() == "✓ 87.8 %"
    assert words(line).accessibleName() == "✓ Test accuracy ≥ 83.5 % · 87.8 %"
    assert words(line).palette().color(words(line).foregroundRole()).name() == theme.current().right
    line.resize(500, line.height())
    QApplication.processEvents()
    assert words(line).shown() == "✓ Test accuracy ≥ 83.5 % · 87.8 %"
    line.show_goals((NOT_KNOWN,))
    assert words(line).text() == STEP
    assert words(line).palette().color(words(line).foregroundRole()).name() != theme.current().right


def test_a_lesson_without_a_goal_tells_its_step(line: LessonLine) -> None:
    line.show_goals((), "The next one")
    assert words(line).text() == STEP


def test_it_leads_to_the_lesson_and_to_the_next(qtbot: QtBot, line: LessonLine) -> None:
    onward = link(line, "lessonLineNext")
    with qtbot.waitSignal(line.read_asked):
        qtbot.mouseClick(link(line, "lessonLineRead"), Qt.MouseButton.LeftButton)
    line.show_goals((NOT_YET,))
    assert not onward.isVisible()
    line.show_goals((REACHED,), "Before and after")
    QApplication.processEvents()
    assert (onward.isVisible(), onward.toolTip()) == (True, "Before and after")
    assert onward.geometry().right() <= line.rect().right()
    with qtbot.waitSignal(line.next_asked):
        qtbot.mouseClick(onward, Qt.MouseButton.LeftButton)
