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
from fmstudio.ui.curves_panel import CurvesPanel
from fmstudio.ui.lesson_page import LessonPage
from fmstudio.ui.main_window import MainWindow


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path) -> Iterator[MainWindow]:
    made = make_window(tmp_path / "runs")
    qtbot.addWidget(made)
    made.resize(1280, 720)
    made.show()
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
    window.recipe.take_lesson(lesson("linear-regression"))
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
    window.recipe.take_lesson(lesson("linear-regression"))
    line = window.shell.findChild(QWidget, "lessonLine")
    assert line is not None
    window.resize(1440, 900)
    qtbot.waitUntil(window.shell.strip.isVisible)
    qtbot.waitUntil(lambda: not line.isVisible())
    window.resize(1280, 720)
    qtbot.waitUntil(line.isVisible)
    assert not window.shell.strip.isVisible()


def test_the_curves_are_high_enough_to_be_read(qtbot: QtBot, window: MainWindow) -> None:
    page = window.shell.results_page
    qtbot.waitUntil(lambda: page.findChild(CurvesPanel) is not None, timeout=60_000)
    curves = page.findChild(CurvesPanel)
    assert curves is not None
    qtbot.waitUntil(lambda: page.width() > 900 and page.height() < 600)
    assert curves.page.plot.getPlotItem().getViewBox().height() >= 120
    card = curves.parentWidget()
    assert card is not None
    for part in (curves, page.time):
        assert card.rect().contains(part.geometry())
        assert part.height() >= part.minimumSizeHint().height()
    assert not curves.geometry().intersects(page.time.geometry())
    assert page.pictures.view.viewport().height() >= 190, "room for two rows of pictures"
