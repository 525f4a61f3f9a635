"""The drawer keeps in step with recipe and run, and a place that a lesson speaks of is found and lit up."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from fmstudio.experiment.lessons import lesson, lessons, next_lesson
from fmstudio.session.session import State
from fmstudio.ui.application import make_window
from fmstudio.ui.code_page import CodePage
from fmstudio.ui.lesson_page import LessonPage
from fmstudio.ui.main_window import MainWindow
from fmstudio.ui.spotlight import Spotlight
from fmstudio.ui.step_page import StepPage

FEW = (("dataset.n", 40), ("dataset.test_n", 20), ("epochs", 500), ("evaluate_every", 100), ("threads", 1))


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path) -> Iterator[MainWindow]:
    """A window with the lesson of a line, and torch loaded."""
    made = make_window(tmp_path / "runs")
    qtbot.addWidget(made)
    made.resize(1440, 900)
    made.show()
    made.recipe.take_lesson(lesson("line"))
    made.recipe.change(FEW)
    qtbot.waitUntil(lambda: made.session.ready, timeout=60_000)
    yield made
    assert made.session.finish(10_000)


def lit(window: MainWindow) -> list[Spotlight]:
    return [ring for ring in window.shell.findChildren(Spotlight) if ring.isVisible()]


def around(window: MainWindow, name: str) -> bool:
    """Whether a ring goes around the widget of a name."""
    target = window.shell.findChild(QWidget, name)
    assert target is not None, name
    middle = target.mapTo(window.shell, target.rect().center())
    return any(ring.geometry().contains(middle) for ring in lit(window))


def button(window: MainWindow, name: str) -> QPushButton:
    found = window.shell.findChild(QPushButton, name)
    assert found is not None
    return found


def shown(window: MainWindow) -> tuple[str, str, bool]:
    """Title and step in the strip, and whether it leads on."""
    title, step = (window.shell.strip.findChild(QLabel, name) for name in ("lessonTitle", "lessonStep"))
    assert title is not None
    assert step is not None
    onward = button(window, "lessonNext").isVisibleTo(window.shell.strip)
    return title.text(), "step 3 of 3" if onward else step.text(), onward


class TestCode:
    def test_it_changes_with_the_recipe(self, window: MainWindow) -> None:
        window.guide.show_code()
        page = window.shell.drawer.content
        assert isinstance(page, CodePage)
        assert "lr=0.25" not in page.source
        window.recipe.set("optimizer.lr", 0.25)
        assert "lr=0.25" in page.source

    def test_of_a_recipe_with_a_problem_there_is_none(self, window: MainWindow) -> None:
        window.guide.show_code()
        window.recipe.set("optimizer.lr", 0)
        page = window.shell.drawer.content
        assert isinstance(page, CodePage)
        sentence = page.findChild(QWidget, "codeSentence")
        assert sentence is not None
        assert sentence.isVisible()


class TestLesson:
    def test_it_is_read_and_leads_to_the_next(self, window: MainWindow) -> None:
        window.guide.read_lesson()
        page = window.shell.drawer.content
        assert isinstance(page, LessonPage)
        after = next_lesson("line")
        assert after is not None
        page.next_asked.emit()
        assert window.recipe.lesson.id == after.id
        assert isinstance(window.shell.drawer.content, LessonPage)
        assert window.shell.drawer.content is not page

    def test_after_the_last_one_it_stays(self, window: MainWindow) -> None:
        last = max((lesson("overfitting"), lesson("cnn")), key=lambda one: one.order)
        window.recipe.take_lesson(last)
        window.guide.next_lesson()
        assert window.recipe.lesson.id == last.id

    def test_what_it_proposes_changes_the_recipe(self, window: MainWindow) -> None:
        window.guide.read_lesson()
        page = window.shell.drawer.content
        assert isinstance(page, LessonPage)
        page.changes_asked.emit((("optimizer.lr", 0.125),))
        assert window.recipe.spec is not None
        assert window.recipe.spec.optimizer.lr == 0.125


class TestOneStep:
    def test_a_paused_run_takes_steps_one_by_one_and_shows_them(self, window: MainWindow, qtbot: QtBot) -> None:
        window.train()
        qtbot.waitUntil(lambda: window.session.state is State.RUNNING, timeout=30_000)
        window.session.pause()
        qtbot.waitUntil(lambda: window.session.state is State.PAUSED, timeout=30_000)
        window.guide.one_step()
        page = window.shell.drawer.content
        assert isinstance(page, StepPage)
        qtbot.waitUntil(lambda: window.session.run.shown is not None, timeout=30_000)
        first = window.session.run.shown
        assert first is not None
        page.step_asked.emit()
        qtbot.waitUntil(lambda: window.session.run.shown is not first, timeout=30_000)
        second = window.session.run.shown
        assert second is not None
        assert second.step == first.step + 1 == window.session.run.step
        assert window.session.state is State.PAUSED
        page.speed_chosen.emit(0.0)
        assert window.session.speed == 0
        window.session.stop()
        qtbot.waitUntil(lambda: window.session.state is State.IDLE, timeout=30_000)

    def test_a_run_is_as_fast_as_it_can_once_nobody_watches_its_steps(self, window: MainWindow, qtbot: QtBot) -> None:
        self.slowed(window, qtbot)
        window.session.proceed()
        assert button(window, "fullSpeed").isVisible()
        window.shell.drawer.close()
        assert (window.session.speed, button(window, "fullSpeed").isVisible()) == (0, False)
        qtbot.waitUntil(lambda: window.session.state is State.IDLE, timeout=30_000)

    def test_a_pace_that_stays_over_a_pause_is_said_and_can_be_given_up(self, window: MainWindow, qtbot: QtBot) -> None:
        self.slowed(window, qtbot)
        window.shell.drawer.close()
        assert window.session.speed == 1, "a run that is held keeps what was chosen for it"
        link = button(window, "fullSpeed")
        assert link.isVisible()
        window.session.proceed()
        qtbot.mouseClick(link, Qt.MouseButton.LeftButton)
        assert (window.session.speed, link.isVisible()) == (0, False)
        qtbot.waitUntil(lambda: window.session.state is State.IDLE, timeout=30_000)

    def test_full_chosen_in_a_pause_and_continue(self, window: MainWindow, qtbot: QtBot) -> None:
        page = self.slowed(window, qtbot)
        full = page.findChild(QPushButton, "tab.0")
        assert full is not None
        qtbot.mouseClick(full, Qt.MouseButton.LeftButton)
        qtbot.mouseClick(button(window, "pauseButton"), Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: window.session.state is State.IDLE, timeout=30_000)
        assert window.session.run.progress == 1

    def slowed(self, window: MainWindow, qtbot: QtBot) -> StepPage:
        """Hold a run, look at a step, and choose one step a second."""
        window.train()
        window.session.pause()
        qtbot.waitUntil(lambda: window.session.state is State.PAUSED, timeout=30_000)
        window.guide.one_step()
        page = window.shell.drawer.content
        assert isinstance(page, StepPage)
        pace = page.findChild(QPushButton, "tab.1")
        assert pace is not None
        qtbot.mouseClick(pace, Qt.MouseButton.LeftButton)
        assert window.session.speed == 1
        return page


class TestStrip:
    def test_it_follows_the_lesson_of_the_recipe_not_the_run(self, window: MainWindow, qtbot: QtBot) -> None:
        window.recipe.take_lesson(lesson("linear-regression"))
        window.train()
        qtbot.waitUntil(lambda: window.session.state is State.IDLE, timeout=60_000)
        assert shown(window) == ("Linear regression with nn.Linear", "step 3 of 3", True)
        window.recipe.take_lesson(lesson("line"))
        window.recipe.change(FEW)
        assert shown(window) == ("A straight line", "step 1 of 3", False)
        assert window.shell.strip.findChild(QLabel, "lessonGoal").text() == "Goal: Difference ≤ 0.01"
        window.train()
        qtbot.waitUntil(lambda: window.session.state is State.IDLE, timeout=30_000)
        assert shown(window)[1] == "step 3 of 3"
        window.recipe.take_lesson(lesson("linear-regression"))
        assert shown(window) == ("Linear regression with nn.Linear", "step 1 of 3", False)

    def test_run_and_lesson_speak_the_language_that_is_chosen_later(self, window: MainWindow, qtbot: QtBot) -> None:
        window.train()
        window.speak("zh_CN")
        assert "一条直线" in window.shell.findChild(QLabel, "runChip").text()
        assert shown(window)[0] == lesson("line").title
        window.session.stop()
        qtbot.waitUntil(lambda: window.session.state is State.IDLE, timeout=30_000)


class TestPlaces:
    def test_a_page_is_turned_to(self, window: MainWindow) -> None:
        for page in ("data", "network", "learning", "results", "compare"):
            window.shell.show_place(page)
            assert window.shell.page == page
        assert not lit(window)

    def test_a_widget_is_lit_up(self, window: MainWindow) -> None:
        window.shell.show_page("results")
        for name in ("trainButton", "optimizer.lr", "curvesPanel", "scoreCard"):
            window.shell.show_place(name)
            assert around(window, name)

    def test_a_setting_that_is_folded_away_is_unfolded(self, window: MainWindow) -> None:
        window.shell.show_place("seed")
        editor = window.shell.findChild(QWidget, "seed")
        assert editor is not None
        assert editor.isVisible()
        assert around(window, "seed")

    def test_a_widget_on_another_page_brings_that_page(self, window: MainWindow) -> None:
        window.shell.show_page("data")
        window.shell.show_place("scoreCard")
        assert window.shell.page == "results"
        assert around(window, "scoreCard")

    def test_what_is_not_there_changes_nothing(self, window: MainWindow) -> None:
        window.shell.show_page("data")
        window.shell.show_place("nothing.of.this.name")
        assert window.shell.page == "data"
        assert not lit(window)

    def test_a_drawer_that_lies_over_it_is_closed(self, window: MainWindow) -> None:
        window.show_page("results")
        window.guide.read_lesson()
        QApplication.processEvents()
        right = window.shell.drawer.mapToGlobal(window.shell.drawer.rect().center())
        covered = [
            name
            for name in ("scoreCard", "curvesPanel", "scatterPanel", "valleyPanel")
            if (one := window.shell.findChild(QWidget, name)) is not None and one.isVisible()
            and one.rect().contains(one.mapFromGlobal(right))
        ]  # fmt: skip
        assert covered
        window.shell.show_place(covered[0])
        assert not window.shell.drawer.isVisible()

    def test_the_strip_and_the_lesson_reach_it_also_in_another_language(self, window: MainWindow) -> None:
        window.speak("zh_CN")
        window.shell.show_page("data")
        window.shell.strip.place_asked.emit("results")
        assert window.shell.page == "results"
        window.guide.read_lesson()
        page = window.shell.drawer.content
        assert isinstance(page, LessonPage)
        page.place_asked.emit("network")
        assert window.shell.page == "network"

    def test_every_place_of_every_lesson_is_there(self, window: MainWindow) -> None:
        for one in lessons():
            window.recipe.take_lesson(one)
            for place in filter(None, one.places):
                window.shell.show_place(place)
                found = window.shell.findChild(QWidget, place)
                assert place in window.shell.pages or (found is not None and found.isVisible()), (one.id, place)
