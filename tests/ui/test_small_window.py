"""In a small window the lesson strip is folded into the recipe column."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget
from pytestqt.qtbot import QtBot

from fmstudio.experiment.lessons import lesson, next_lesson
from fmstudio.session.session import State
from fmstudio.ui.application import make_window
from fmstudio.ui.lesson_page import LessonPage
from fmstudio.ui.main_window import MainWindow


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path) -> Iterator[MainWindow]:
    made = make_window(tmp_path / "runs")
    qtbot.addWidget(made)
    made.resize(1280, 720)
    made.show()
    made.recipe.take_lesson(lesson("linear-regression"))
    qtbot.waitUntil(lambda: made.session.ready, timeout=60_000)
    yield made
    assert made.session.finish(10_000)


def press(qtbot: QtBot, window: MainWindow, name: str) -> None:
    found = window.shell.findChild(QAbstractButton, name)
    assert found is not None, name
    assert found.isVisible(), name
    qtbot.mouseClick(found, Qt.MouseButton.LeftButton)


def read(window: MainWindow) -> LessonPage:
    page = window.shell.drawer.content
    assert isinstance(page, LessonPage)
    return page


def test_the_lesson_is_read_and_the_next_begun(qtbot: QtBot, window: MainWindow) -> None:
    text = window.shell.findChild(QLabel, "lessonLineText")
    assert text is not None
    assert (text.isVisible(), text.text()) == (True, lesson("linear-regression").steps[0])
    assert not window.shell.strip.isVisible()
    press(qtbot, window, "lessonLineRead")
    assert read(window).about == "linear-regression"
    window.shell.drawer.close()
    press(qtbot, window, "lessonHeading")
    assert read(window).about == "linear-regression"
    press(qtbot, window, "trainButton")
    qtbot.waitUntil(lambda: window.session.state is State.RUNNING, timeout=60_000)
    qtbot.waitUntil(lambda: window.session.state is State.IDLE, timeout=60_000)
    assert text.text().startswith("✓")
    after = next_lesson("linear-regression")
    assert after is not None
    press(qtbot, window, "lessonLineNext")
    assert read(window).about == after.id
    assert text.text() == after.steps[0]


def test_where_there_is_a_strip_there_is_no_line(qtbot: QtBot, window: MainWindow) -> None:
    line = window.shell.findChild(QWidget, "lessonLine")
    assert line is not None
    window.resize(1440, 900)
    qtbot.waitUntil(window.shell.strip.isVisible)
    qtbot.waitUntil(lambda: not line.isVisible())
    window.resize(1280, 720)
    qtbot.waitUntil(line.isVisible)
    assert not window.shell.strip.isVisible()
