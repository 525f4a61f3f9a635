"""Planning runs in the window: rates, times, several values, seeds, and the queue."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from fmstudio.experiment.lessons import FIRST, lesson
from fmstudio.runs.about import About
from fmstudio.runs.store import run_folders
from fmstudio.session.planned import Planned
from fmstudio.session.queue.file import QueueFile
from fmstudio.session.session import State
from fmstudio.ui.application import make_window
from fmstudio.ui.main_window import MainWindow

SMALL = [("dataset.train_size", 300), ("dataset.test_size", 200), ("epochs", 1), ("threads", 1)]


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path) -> Iterator[MainWindow]:
    made = make_window(tmp_path / "runs")
    qtbot.addWidget(made)
    made.resize(1440, 900)
    made.show()
    made.recipe.change(SMALL)
    qtbot.waitUntil(lambda: made.inspection.data is not None and made.session.ready, timeout=60_000)
    yield made
    made.queue.end()
    assert made.session.finish(10_000)
    made.queue.wait(1000)


def button(window: MainWindow, name: str) -> QPushButton:
    found = [one for one in window.findChildren(QPushButton, name) if one.isVisible()]
    assert len(found) == 1, name
    return found[0]


def click(qtbot: QtBot, window: MainWindow, name: str) -> None:
    qtbot.mouseClick(button(window, name), Qt.MouseButton.LeftButton)


def choose(window: MainWindow, text: str) -> None:
    """Choose from the menu beside Train."""
    menu = window.shell.controls.plan_menu()
    (action,) = [one for one in menu.actions() if one.text() == text]
    assert action.isEnabled()
    action.trigger()
    menu.deleteLater()


def notice(window: MainWindow) -> str:
    found = window.shell.notices.findChild(QLabel, "noticeText")
    assert isinstance(found, QLabel)
    return found.toolTip() or found.text()


def idle(qtbot: QtBot, window: MainWindow, runs: int) -> None:
    """Wait for the end of everything that waits."""
    qtbot.waitUntil(
        lambda: sum(entry.done for entry in window.queue.entries) == runs and window.session.state is State.IDLE,
        timeout=60_000,
    )


def test_a_rate_that_was_found_is_taken_over_with_one_click(qtbot: QtBot, window: MainWindow) -> None:
    window.planner.find_rate()
    page = window.shell.drawer.content
    assert page is not None
    qtbot.waitUntil(
        lambda: any(one.text().startswith("Use ") for one in page.findChildren(QPushButton)), timeout=60_000
    )
    made = next(one for one in page.findChildren(QPushButton) if one.objectName().startswith("use."))
    qtbot.mouseClick(made, Qt.MouseButton.LeftButton)
    assert made.text() == f"Use {window.recipe.get('optimizer.lr'):g}"
    assert window.recipe.get("optimizer.lr") != lesson(FIRST).spec.optimizer.lr


def test_the_time_of_a_run_is_measured_from_the_menu_beside_train(qtbot: QtBot, window: MainWindow) -> None:
    choose(window, "How long will it take?")
    page = window.shell.drawer.content
    assert page is not None
    words = page.findChild(QLabel, "preflightSentence")
    assert words is not None
    qtbot.waitUntil(lambda: "on the CPU" in words.text(), timeout=60_000)


def test_a_run_begins_although_a_rate_is_being_looked_for(qtbot: QtBot, window: MainWindow) -> None:
    window.planner.find_rate()
    with qtbot.waitSignal(window.session.run_ended, timeout=60_000):
        click(qtbot, window, "trainButton")
    ended = window.session.run.ended
    assert ended is not None
    assert ended.status == "finished"


def test_a_run_is_repeated_with_other_seeds_and_the_runs_are_shown_together(qtbot: QtBot, window: MainWindow) -> None:
    choose(window, "Repeat with 5 seeds…")
    field = next(one for one in window.findChildren(QLineEdit) if one.isVisible() and one.text() == "5")
    field.setText("2")
    click(qtbot, window, "queueSeveral")
    idle(qtbot, window, 2)
    assert window.shell.page == "compare"
    seeds = sorted(folder.read_spec().seed for folder in run_folders(window.session.library))
    assert seeds == [0, 1]
    qtbot.waitUntil(lambda: notice(window) == "2 runs planned together are done.", timeout=5_000)
    qtbot.waitUntil(lambda: len(window.run_list.rows) == 2 and window.run_list.rows[0].state == "finished")
    click(qtbot, window, "noticeButton")
    assert len(window.shell.compare_page.chosen) == 2


def test_the_recipe_waits_in_the_queue_until_it_is_started(qtbot: QtBot, window: MainWindow) -> None:
    window.recipe.change([("optimizer.lr", 0.002)])
    choose(window, "Add to the queue")
    assert notice(window) == "The recipe is in the queue."
    assert button(window, "queueLine").text() == "1 run waits in the queue"
    click(qtbot, window, "noticeButton")
    idle(qtbot, window, 1)
    (folder,) = run_folders(window.session.library)
    assert folder.read_spec().optimizer.model_dump()["lr"] == 0.002


def test_an_entry_that_waits_comes_back_into_the_recipe(qtbot: QtBot, window: MainWindow) -> None:
    window.recipe.change([("optimizer.lr", 0.002)])
    choose(window, "Add to the queue")
    window.recipe.change([("optimizer.lr", 0.5)])
    window.planner.show_queue()
    qtbot.waitUntil(lambda: bool(window.findChildren(QWidget, "queuePanel")))
    panel = window.findChild(QWidget, "queuePanel")
    assert panel is not None
    panel.edit_asked.emit(window.queue.entries[0])  # type: ignore[attr-defined]
    assert window.recipe.get("optimizer.lr") == 0.002
    assert not window.queue.entries


def test_an_entry_that_was_changed_stays_in_its_group(window: MainWindow) -> None:
    about = About(name="Mine", group="g", group_name="2 rates", varied=("optimizer.lr",))
    spec = window.recipe.spec
    assert spec is not None
    (entry,) = window.queue.add([Planned(spec, about)])
    window.planner.edit(entry)
    window.recipe.change([("epochs", 2)])
    choose(window, "Add to the queue")
    choose(window, "Add to the queue")
    first, second = window.queue.entries
    assert (first.planned.spec.epochs, first.planned.about) == (2, about)
    assert second.planned.about == About(), "only one run comes of it"


def test_a_queue_of_another_window_refuses_with_one_notice(qtbot: QtBot, window: MainWindow) -> None:
    other = QueueFile(window.queue._session.library or Path())
    said: list[str] = []
    window.session.complained.connect(lambda error: said.append(str(error)))
    assert other.take()
    choose(window, "Add to the queue")
    qtbot.waitUntil(lambda: bool(said))
    assert notice(window) == "Another window works on this queue."
    close = window.shell.notices.findChild(QAbstractButton, "noticeClose")
    assert close is not None
    close.click()
    assert not window.shell.notices.isVisible()
    other.release()


def test_a_recipe_with_a_problem_is_not_queued(window: MainWindow) -> None:
    window.recipe.change([("optimizer.lr", -1.0)])
    menu = window.shell.controls.plan_menu()
    assert not any(action.isEnabled() for action in menu.actions())


def test_what_waits_is_offered_as_soon_as_it_is_known(window: MainWindow) -> None:
    choose(window, "Add to the queue")
    close = window.shell.notices.findChild(QAbstractButton, "noticeClose")
    assert close is not None
    close.click()
    assert not window.shell.notices.isVisible()
    window.queue._kept.known = False
    window.planner.offer_waiting()
    assert not window.shell.notices.isVisible()
    window.queue._kept._know()
    assert notice(window) == "1 run waits in the queue"


def test_what_is_planned_survives_another_language(qtbot: QtBot, window: MainWindow) -> None:
    choose(window, "Add to the queue")
    window.speak("zh_CN")
    try:
        qtbot.waitUntil(lambda: "队列" in button(window, "queueLine").text())
        window.planner.show_queue()
        window.queue.begin()
        idle(qtbot, window, 1)
    finally:
        window.speak("en")
