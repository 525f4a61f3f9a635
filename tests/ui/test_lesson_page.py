import dataclasses

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QTextBrowser, QWidget
from pytestqt.qtbot import QtBot

from fmstudio import words
from fmstudio.experiment.draft import changed, get
from fmstudio.experiment.lessons import Lesson, Try, lesson, lessons
from fmstudio.insight.goals import GoalState, check
from fmstudio.runs.run import Run
from fmstudio.ui import theme
from fmstudio.ui.lesson_page import LessonPage

WIDTH = 408


def page_of(qtbot: QtBot, told: Lesson, next_title: str | None = "The next one") -> LessonPage:
    made = LessonPage(told, check(told, Run()), next_title)
    qtbot.addWidget(made)
    made.resize(WIDTH, 700)
    made.show()
    QApplication.processEvents()
    return made


@pytest.fixture(autouse=True)
def dressed(qapp: QApplication, qtbot: QtBot) -> None:
    theme.apply(qapp, "light")


@pytest.fixture
def page(qtbot: QtBot) -> LessonPage:
    return page_of(qtbot, lesson("batches"))


def content_of(page: LessonPage) -> QWidget:
    content = page.widget()
    assert content is not None
    return content


def texts(page: QWidget) -> list[str]:
    return [text.text() for text in page.findChildren(QLabel)]


def button(page: QWidget, name: str) -> QPushButton:
    found = page.findChild(QPushButton, name)
    assert found is not None
    return found


def told_by(page: QWidget, name: str) -> str:
    text = page.findChild(QWidget, name).findChild(QTextBrowser)  # type: ignore[union-attr]
    assert text is not None
    return text.toPlainText()


def test_it_tells_the_story_and_the_steps(page: LessonPage) -> None:
    assert "How many points should the network look at before it takes a step?" in told_by(page, "lessonStory")
    assert "Batch, stochastic and mini-batch gradient descent · 3 min" in texts(page)
    assert set(lesson("batches").steps) <= set(texts(page))


@pytest.mark.parametrize("name", [one.id for one in lessons()])
@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize("height", [500, 1600])
def test_every_lesson_fits_its_width_and_no_text_is_cut_off(
    qtbot: QtBot, name: str, language: str, height: int
) -> None:
    words.set_language(language)
    page = page_of(qtbot, lesson(name))
    button(page, "lessonReveal0").click()
    page.resize(WIDTH, height)
    QApplication.processEvents()
    content = content_of(page)
    assert content.width() <= page.viewport().width()
    assert content.minimumSizeHint().width() <= page.viewport().width()
    for text in content.findChildren(QTextBrowser):
        if text.isVisible():
            assert text.document().size().height() <= text.viewport().height()
            assert text.document().size().width() <= text.viewport().width()


def test_a_step_shows_its_place_in_the_window(qtbot: QtBot, page: LessonPage) -> None:
    with qtbot.waitSignal(page.place_asked) as asked:
        button(page, "lessonShow1").click()
    assert asked.args == ["curvesPanel"]


def test_a_step_without_a_place_has_nothing_to_show(qtbot: QtBot) -> None:
    page = page_of(qtbot, dataclasses.replace(lesson("batches"), places=("", "", "results")))
    assert page.findChild(QPushButton, "lessonShow0") is None
    assert page.findChild(QPushButton, "lessonShow2") is not None


def test_its_tries_change_the_recipe(qtbot: QtBot, page: LessonPage) -> None:
    assert button(page, "lessonTry1").text() == "One point a step"
    with qtbot.waitSignal(page.changes_asked) as asked:
        button(page, "lessonTry1").click()
    draft = changed(changed(lesson("batches").draft, [("batch_size", "all"), ("epochs", 200)]), asked.args[0])
    assert (get(draft, "batch_size"), get(draft, "epochs")) == (1, 3)


def test_where_no_try_is_the_lesson_itself_it_can_be_had_back(qtbot: QtBot) -> None:
    line = lesson("line")
    page = page_of(qtbot, line)
    back = button(page, "lessonTry2")
    assert back.text() == "As the lesson starts"
    with qtbot.waitSignal(page.changes_asked) as asked:
        back.click()
    assert changed(changed(line.draft, line.trial(0)), asked.args[0]) == line.draft


def test_where_a_try_is_the_lesson_itself_there_is_no_other_button_for_it(page: LessonPage) -> None:
    assert page.findChild(QPushButton, f"lessonTry{len(lesson('batches').tries)}") is None


def test_the_goal_is_kept_up_to_date(page: LessonPage) -> None:
    value = page.findChild(QLabel, "lessonGoal0")
    assert value is not None
    assert "Difference ≤ 0.02" in texts(page)
    assert (value.text(), "✓" in texts(page)) == ("–", False)
    page.show_goals([GoalState("Difference ≤ 0.02", False, "3.97", "What it is.")])
    assert (value.text(), "✓" in texts(page)) == ("3.97", False)
    assert value.accessibleName() == "3.97, not yet"
    page.show_goals([GoalState("Difference ≤ 0.02", True, "0.0095", "What it is.")])
    assert (value.text(), "✓" in texts(page)) == ("0.0095", True)
    assert value.accessibleName() == "0.0095, reached"
    assert value.palette().color(value.foregroundRole()).name() == theme.current().right


def test_an_answer_is_shown_when_it_is_asked_for(qtbot: QtBot, page: LessonPage) -> None:
    answer = page.findChild(QWidget, "lessonAnswer0")
    assert answer is not None
    assert "Can the whole set reach the goal too?" in texts(page)
    assert not answer.isVisible()
    reveal = button(page, "lessonReveal0")
    reveal.click()
    QApplication.processEvents()
    assert answer.isVisible()
    assert "nothing trembles" in told_by(page, "lessonAnswer0")
    assert reveal.text() == "Hide the answer"
    below = answer.mapTo(content_of(page), answer.rect().bottomLeft()).y()
    assert reveal.mapTo(content_of(page), QPoint()).y() >= below
    reveal.click()
    assert not answer.isVisible()
    assert reveal.text() == "Show the answer"


def test_it_leads_to_the_next_lesson(qtbot: QtBot, page: LessonPage) -> None:
    onward = button(page, "lessonPageNext")
    assert onward.text() == "Next lesson: The next one"
    with qtbot.waitSignal(page.next_asked):
        onward.click()


def test_after_the_last_one_there_is_none(qtbot: QtBot) -> None:
    assert page_of(qtbot, lesson("overfitting"), None).findChild(QPushButton, "lessonPageNext") is None


def test_a_lesson_with_nothing_but_a_story_has_no_empty_parts(qtbot: QtBot) -> None:
    bare = dataclasses.replace(lesson("batches"), goal=(), tries=(), questions=())
    page = page_of(qtbot, bare)
    assert not {"Try", "Goal", "Questions"} & set(texts(page))
    assert "What to do" in texts(page)


def test_the_keyboard_reaches_its_buttons_not_its_texts(page: LessonPage) -> None:
    assert button(page, "lessonTry0").focusPolicy() & Qt.FocusPolicy.TabFocus
    for text in page.findChildren(QTextBrowser):
        assert text.focusPolicy() == Qt.FocusPolicy.NoFocus


@pytest.mark.parametrize("name", [one.id for one in lessons() if one.tries])
@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_what_can_be_tried_can_be_read(qtbot: QtBot, name: str, language: str) -> None:
    words.set_language(language)
    page = page_of(qtbot, lesson(name))
    for index, one in enumerate(lesson(name).tries):
        made = button(page, f"lessonTry{index}")
        assert made.text() == one.title
        assert made.width() >= made.sizeHint().width()


def test_a_try_with_a_long_name_ends_in_dots_and_says_the_whole_in_its_tooltip(qtbot: QtBot) -> None:
    long = Try("A learning rate of 0.1, 300 steps, and then the same again with a smaller one", ())
    short = Try("Short", ())
    page = page_of(qtbot, dataclasses.replace(lesson("batches"), tries=(short, long, short, short)))
    made = [button(page, f"lessonTry{index}") for index in range(4)]
    assert made[1].text().startswith("A learning rate of 0.1")
    assert made[1].text().endswith("…")
    assert made[1].width() >= made[1].sizeHint().width()
    assert made[1].toolTip() == made[1].accessibleName() == long.title
    assert [one.y() for one in made] == sorted(one.y() for one in made)
    assert made[1].width() > made[0].width()
    assert made[2].y() == made[3].y() > made[1].y() > made[0].y()
