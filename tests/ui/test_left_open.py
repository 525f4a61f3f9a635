"""Another language or theme builds the window anew: what was open is opened again."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from fmstudio import words
from fmstudio.session.session import State
from fmstudio.ui.application import make_window
from fmstudio.ui.main_window import MainWindow

SMALL = (("dataset.train_size", 600), ("dataset.test_size", 300), ("epochs", 1))


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path) -> Iterator[MainWindow]:
    made = make_window(tmp_path / "runs")
    qtbot.addWidget(made)
    made.show()
    made.recipe.change(SMALL)
    qtbot.waitUntil(lambda: made.inspection.data is not None and made.session.ready, timeout=60_000)
    yield made
    assert made.session.finish(10_000)


def build_anew(qtbot: QtBot, window: MainWindow) -> None:
    window.rebuild()
    qtbot.waitUntil(window.shell.isVisible)


def in_drawer(window: MainWindow) -> QWidget:
    content = window.shell.drawer.content
    assert content is not None
    assert window.shell.drawer.isVisible()
    return content


def train(qtbot: QtBot, window: MainWindow) -> None:
    with qtbot.waitSignal(window.session.run_ended, timeout=60_000):
        window.train()
    qtbot.waitUntil(lambda: window.session.state is State.IDLE, timeout=5_000)


def test_a_closed_drawer_stays_closed(qtbot: QtBot, window: MainWindow) -> None:
    build_anew(qtbot, window)
    assert not window.shell.drawer.isVisible()


def test_code_and_lesson_are_opened_again(qtbot: QtBot, window: MainWindow) -> None:
    window.guide.show_code()
    build_anew(qtbot, window)
    assert in_drawer(window).objectName() == "codePage"
    window.guide.read_lesson()
    build_anew(qtbot, window)
    assert in_drawer(window).about == window.recipe.lesson.id  # type: ignore[attr-defined]


def test_a_help_text_is_opened_again_in_its_own_language_only(qtbot: QtBot, window: MainWindow) -> None:
    window.contents.show_help("# Momentum\n\nKeeps a share of the step before.")
    build_anew(qtbot, window)
    assert "Keeps a share" in in_drawer(window).toPlainText()  # type: ignore[attr-defined]
    words.set_language("zh_CN")
    build_anew(qtbot, window)
    assert not window.shell.drawer.isVisible()


def test_a_picture_is_opened_again_on_its_tab(qtbot: QtBot, window: MainWindow) -> None:
    train(qtbot, window)
    window.contents.picture.show_row(7)
    position = in_drawer(window).findChild(QLabel, "picturePosition").text()
    detail = in_drawer(window)
    detail._tabs.choose("time")  # type: ignore[attr-defined]
    tab = detail.tab  # type: ignore[attr-defined]
    build_anew(qtbot, window)
    again = in_drawer(window)
    assert again is not detail
    assert again.findChild(QLabel, "picturePosition").text() == position
    assert again.tab == tab == "time"  # type: ignore[attr-defined]
    window.contents.picture.show_sample("train", int(window.inspection.data.train.samples[3]))  # type: ignore[union-attr]
    name = in_drawer(window).findChild(QLabel, "picturePosition").text()
    build_anew(qtbot, window)
    assert in_drawer(window).findChild(QLabel, "picturePosition").text() == name


def test_two_runs_stay_side_by_side(qtbot: QtBot, window: MainWindow) -> None:
    train(qtbot, window)
    one = window.session.run
    window.recipe.change([("seed", 5)])
    train(qtbot, window)
    window.show_page("compare")
    window.inspector.show_two(one, window.session.run)
    build_anew(qtbot, window)
    assert window.shell.page == "compare"
    assert window.shell.compare_page.two == (one, window.session.run)
    assert window.shell.findChild(QWidget, "twoRunsPage").isVisible()
    window.shell.compare_page.show_table()
    build_anew(qtbot, window)
    assert window.shell.compare_page.two is None
