import pytest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from fmstudio.insight.goals import GoalState
from fmstudio.ui import theme
from fmstudio.ui.lesson_strip import LessonStrip

NOT_KNOWN = GoalState("Difference ≤ 0.01", None, "")
NOT_YET = GoalState("Difference ≤ 0.01", False, "0.13")
REACHED = GoalState("Difference ≤ 0.01", True, "0.0043")


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
    shown = [text for text in strip.findChildren(QLabel) if text.isVisible()]
    return [text.text() for text in sorted(shown, key=lambda text: text.x())]


def button(strip: QWidget, name: str) -> QPushButton:
    found = strip.findChild(QPushButton, name)
    assert found is not None
    return found


def test_it_says_what_to_do_and_how_far_one_is(strip: LessonStrip) -> None:
    assert texts(strip) == ["First look", "Press Train and watch the pictures turn right.", "step 2 of 3"]


def test_another_step_takes_the_place(strip: LessonStrip) -> None:
    strip.show_step("First look", "Click a square.", 3, 3)
    assert texts(strip) == ["First look", "Click a square.", "step 3 of 3"]


def test_a_step_shows_its_place_in_the_window(qtbot: QtBot, strip: LessonStrip) -> None:
    show = button(strip, "lessonShow")
    assert not show.isVisible()
    strip.show_step("First look", "Click a square.", 3, 3, "confusionPanel")
    assert show.isVisible()
    with qtbot.waitSignal(strip.place_asked) as asked:
        show.click()
    assert asked.args == ["confusionPanel"]
    strip.show_step("First look", "Think.", 3, 3)
    assert not show.isVisible()


@pytest.mark.parametrize(
    ("states", "text"),
    [
        ([NOT_KNOWN], "Goal: Difference ≤ 0.01"),
        ([NOT_YET], "Goal: Difference ≤ 0.01 · now 0.13"),
        ([REACHED], "✓ Difference ≤ 0.01 · 0.0043"),
        ([REACHED, NOT_YET], "Goals: 1 of 2 reached"),
        ([REACHED, REACHED], "✓ Goals: 2 of 2 reached"),
    ],
)
def test_it_says_how_far_the_goal_is(strip: LessonStrip, states: list[GoalState], text: str) -> None:
    strip.show_goals(states)
    assert text in texts(strip)
    strip.show_goals([])
    assert text not in texts(strip)


def test_a_goal_that_is_reached_is_green(strip: LessonStrip) -> None:
    goal = strip.findChild(QLabel, "lessonGoal")
    assert goal is not None
    colours = []
    for state in (NOT_YET, REACHED):
        strip.show_goals([state])
        colours.append(goal.palette().color(goal.foregroundRole()).name())
    assert colours == [theme.current().secondary, theme.current().right]


def test_the_next_lesson_can_be_asked_for_when_there_is_one(qtbot: QtBot, strip: LessonStrip) -> None:
    onward = button(strip, "lessonNext")
    strip.show_goals([NOT_YET])
    assert not onward.isVisible()
    strip.show_goals([REACHED], "A straight line")
    assert onward.isVisible()
    assert onward.toolTip() == "A straight line"
    with qtbot.waitSignal(strip.next_asked):
        onward.click()


def test_read_opens_the_lesson(qtbot: QtBot, strip: LessonStrip) -> None:
    with qtbot.waitSignal(strip.read_asked):
        button(strip, "lessonRead").click()
    assert strip.isVisible()


def test_it_can_be_put_away(qtbot: QtBot, strip: LessonStrip) -> None:
    with qtbot.waitSignal(strip.closed):
        button(strip, "lessonClose").click()
    assert strip.isHidden()


def test_where_it_is_narrow_the_sentence_gives_way_not_the_buttons(strip: LessonStrip) -> None:
    strip.resize(420, strip.height())
    QApplication.processEvents()
    sentence = strip.findChild(QLabel, "lessonSentence")
    assert sentence is not None
    assert sentence.toolTip() == "Press Train and watch the pictures turn right."
    assert button(strip, "lessonClose").geometry().right() < 420


def test_beside_a_whole_goal_the_sentence_gives_way(strip: LessonStrip) -> None:
    strip.resize(1032, strip.height())
    sentence = "Watch the learned numbers approach w = [2, −3.4] and b = 4.2, and then look at the loss once more."
    strip.show_step("Linear regression, from scratch", sentence, 2, 3, "results")
    strip.show_goals([NOT_YET])
    QApplication.processEvents()
    labels = {name: strip.findChild(QLabel, name) for name in ("lessonSentence", "lessonGoal")}
    assert labels["lessonSentence"] is not None
    assert labels["lessonGoal"] is not None
    assert labels["lessonSentence"].toolTip() == sentence
    assert labels["lessonGoal"].toolTip() == ""
    assert button(strip, "lessonClose").geometry().right() < 1032
