"""The queue on the page Compare, with mouse and keyboard."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QTableView
from pytestqt.qtbot import QtBot

from fmstudio.experiment.draft import changed
from fmstudio.experiment.reading import read_spec
from fmstudio.experiment.spec import ExperimentSpec, to_mapping
from fmstudio.session.planned import Planned
from fmstudio.session.queue.entry import QueueEntry
from fmstudio.session.queue.queue import Queue
from fmstudio.session.session import State, TrainingSession
from fmstudio.ui import theme
from fmstudio.ui.compare.queue.view import QueueView


def planned(*changes: tuple[str, Any]) -> Planned:
    return Planned(read_spec(changed(to_mapping(ExperimentSpec()), [("name", "Try"), *changes])))


@pytest.fixture
def session(qapp: QApplication, tmp_path: Path) -> Iterator[TrainingSession]:
    """Never loads torch: what it starts waits for ever."""
    made = TrainingSession(tmp_path)
    yield made
    made.finish(5000)


@pytest.fixture
def queue(session: TrainingSession) -> Iterator[Queue]:
    made = Queue(session)
    yield made
    made.end()
    made.wait(0)


@pytest.fixture
def view(qapp: QApplication, qtbot: QtBot, queue: Queue) -> QueueView:
    theme.apply(qapp, "light")
    made = QueueView(queue)
    qtbot.addWidget(made)
    made.resize(1000, 300)
    made.show()
    return made


def table(view: QueueView) -> QTableView:
    found = view.findChild(QTableView, "queueView")
    assert found is not None
    return found


def press(view: QueueView, name: str) -> None:
    found = view.findChild(QPushButton, name)
    assert found is not None
    assert found.isVisible()
    assert found.isEnabled(), name
    found.click()


def enabled(view: QueueView, name: str) -> bool:
    found = view.findChild(QPushButton, name)
    assert found is not None
    return found.isEnabled()


def text(view: QueueView, name: str) -> str:
    found = view.findChild(QLabel, name)
    assert found is not None
    return found.text()


def seeds(view: QueueView) -> list[str]:
    model = table(view).model()
    return [str(model.index(row, 2).data()) for row in range(model.rowCount())]


def choose(view: QueueView, *rows: int) -> None:
    shown = table(view)
    shown.clearSelection()
    for row in rows:
        modifier = Qt.KeyboardModifier.ControlModifier if row != rows[0] else Qt.KeyboardModifier.NoModifier
        at = shown.visualRect(shown.model().index(row, 1)).center()
        QTest.mouseClick(shown.viewport(), Qt.MouseButton.LeftButton, modifier, at)


def four(queue: Queue) -> tuple[QueueEntry, ...]:
    return queue.add([planned(("seed", seed)) for seed in range(4)])


def test_an_empty_queue_says_how_to_fill_it(view: QueueView, qtbot: QtBot) -> None:
    assert view.findChild(QLabel, "noQueue").isVisible()  # type: ignore[union-attr]
    assert "Try several values…" in text(view, "noQueue")
    with qtbot.waitSignal(view.add_asked):
        press(view, "queueAddFirst")


def test_go_on_and_hold(view: QueueView, queue: Queue, session: TrainingSession, qtbot: QtBot) -> None:
    assert not enabled(view, "queueGo")
    four(queue)
    assert text(view, "queueWords") == "4 runs wait in the queue"
    assert view.findChild(QPushButton, "queueGo").text() == "Go on"  # type: ignore[union-attr]
    press(view, "queueGo")
    qtbot.waitUntil(lambda: session.state is State.PREPARING)
    assert text(view, "queueWords") == "1 of 4 in the queue"
    assert view.findChild(QPushButton, "queueGo").text() == "Hold"  # type: ignore[union-attr]
    press(view, "queueGo")
    choose(view, 0)
    assert view.findChild(QPushButton, "queueRemove").text() == "Stop and keep"  # type: ignore[union-attr]
    press(view, "queueRemove")
    qtbot.waitUntil(lambda: session.state is State.IDLE)
    assert [entry.state for entry in queue.entries] == ["stopped", "waiting", "waiting", "waiting"]


def test_stopping_its_run_says_that_the_queue_waits(view: QueueView, queue: Queue, session: TrainingSession) -> None:
    four(queue)
    queue.begin()
    QApplication.processEvents()
    session.stop()
    assert text(view, "queueWhy") == "The queue waits: you stopped its run."


def test_the_keyboard_alone(view: QueueView, queue: Queue, qtbot: QtBot) -> None:
    four(queue)
    shown = table(view)
    shown.setFocus()
    QTest.keyClick(shown, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert seeds(view) == ["Seed 1", "Seed 0", "Seed 2", "Seed 3"]
    QTest.keyClick(shown, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    QTest.keyClick(shown, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    QTest.keyClick(shown, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert seeds(view) == ["Seed 1", "Seed 2", "Seed 3", "Seed 0"]
    QTest.keyClick(shown, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    QTest.keyClick(shown, Qt.Key.Key_Delete)
    assert seeds(view) == ["Seed 1", "Seed 2", "Seed 3"]
    assert text(view, "queueHint") == "Removed: Try"
    QTest.keyClick(shown, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert seeds(view) == ["Seed 1", "Seed 2", "Seed 0", "Seed 3"]
    QTest.keyClick(shown, Qt.Key.Key_Home, Qt.KeyboardModifier.ControlModifier)
    with qtbot.waitSignal(view.edit_asked) as asked:
        QTest.keyClick(shown, Qt.Key.Key_Return)
    assert asked.args[0].planned == planned(("seed", 1))


def test_several_are_moved_and_removed_together(view: QueueView, queue: Queue) -> None:
    four(queue)
    choose(view, 2, 3)
    QTest.keyClick(table(view), Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert seeds(view) == ["Seed 0", "Seed 2", "Seed 3", "Seed 1"]
    press(view, "queueRemove")
    assert seeds(view) == ["Seed 0", "Seed 1"]
    assert text(view, "queueHint") == "2 entries removed"
    press(view, "queueUndo")
    assert seeds(view) == ["Seed 0", "Seed 2", "Seed 3", "Seed 1"]


def test_all_removed_can_be_undone(view: QueueView, queue: Queue) -> None:
    queue.add([planned()])
    choose(view, 0)
    press(view, "queueRemove")
    assert queue.entries == ()
    press(view, "queueUndo")
    assert len(queue.entries) == 1


def test_dropping_a_row(view: QueueView, queue: Queue) -> None:
    four(queue)
    shown = table(view)
    model = shown.model()
    dragged = model.mimeData([model.index(3, 0)])
    top = shown.visualRect(model.index(1, 0)).topLeft() + QPoint(5, 2)
    none, left = Qt.KeyboardModifier.NoModifier, Qt.MouseButton.LeftButton
    shown.dropEvent(QDropEvent(QPointF(top), Qt.DropAction.MoveAction, dragged, left, none))
    assert seeds(view) == ["Seed 0", "Seed 3", "Seed 1", "Seed 2"]
    below = QPointF(20, shown.viewport().height() - 2)
    dragged = model.mimeData([model.index(0, 0)])
    shown.dropEvent(QDropEvent(below, Qt.DropAction.MoveAction, dragged, left, none))
    assert seeds(view) == ["Seed 3", "Seed 1", "Seed 2", "Seed 0"]


def test_what_is_done_shows_its_results(view: QueueView, queue: Queue, qtbot: QtBot) -> None:
    first = four(queue)[0]
    queue._put(replace(first, state="finished", run="run-1", seconds=2.0))
    with qtbot.waitSignal(view.chosen) as chosen:
        choose(view, 0)
    assert chosen.args == [("run-1",)]
    assert not enabled(view, "queueEdit")
    with qtbot.waitSignal(view.run_asked) as asked:
        press(view, "queueShow")
    assert asked.args == ["run-1"]
    press(view, "queueClear")
    assert seeds(view) == ["Seed 1", "Seed 2", "Seed 3"]
    assert not enabled(view, "queueClear")


def test_news_of_a_run_reach_no_view_that_is_gone(
    qapp: QApplication, qtbot: QtBot, queue: Queue, session: TrainingSession
) -> None:
    gone = QueueView(queue)
    gone.show()
    four(queue)
    with qtbot.waitSignal(gone.destroyed):
        gone.deleteLater()
    queue.moved.emit(queue.entries[0].id)  # an error in a slot fails the test
    queue.changed.emit()


def test_a_queue_of_another_window_is_only_looked_at(view: QueueView, queue: Queue, qtbot: QtBot) -> None:
    four(queue)
    second = TrainingSession(queue._session.library)
    qtbot.waitUntil(lambda: not queue._kept._saver.busy)
    other = Queue(second)
    qtbot.waitUntil(lambda: other.known)
    looking = QueueView(other)
    qtbot.addWidget(looking)
    looking.show()
    choose(looking, 0)
    assert text(looking, "queueWhy") == "Another window works on this queue."
    names = ("queueGo", "queueClear", "queueAdd", "queueEdit", "queueRemove")
    assert [name for name in names if enabled(looking, name)] == []
    QTest.keyClick(table(looking), Qt.Key.Key_Delete)
    QTest.keyClick(table(looking), Qt.Key.Key_Return)
    assert len(other.entries) == 4
    other.end()
    other.wait(0)
    second.finish(1000)
