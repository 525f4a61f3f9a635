"""The torch door, and the one runner of background tasks."""

import threading

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from fmstudio.runs.recorder import Recorder
from fmstudio.session.door import Task, load


class Owner(QObject):
    """Notes in which thread a task's end was told."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[tuple[Task, int]] = []

    def end(self, task: Task) -> None:
        """Note it."""
        self.told.append((task, threading.get_ident()))


def test_the_door_finds_by_name() -> None:
    assert load("fmstudio.runs.recorder.Recorder") is Recorder


@pytest.mark.parametrize(("name", "error"), [("fmstudio.wat.Wat", ModuleNotFoundError), ("json.wat", AttributeError)])
def test_a_wrong_name_is_a_bug(name: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        load(name)


def test_a_task_computes_elsewhere_and_tells_here(qtbot: QtBot) -> None:
    owner, task = Owner(), Task(threading.get_ident, lambda _: None)
    task.ended.connect(owner.end)
    task.start()
    qtbot.waitUntil(lambda: bool(owner.told), timeout=5_000)
    assert task.wait(5_000)
    assert owner.told == [(task, threading.get_ident())]
    assert task.error is None
    assert task.result != threading.get_ident()


def test_a_task_keeps_its_error(qtbot: QtBot) -> None:
    owner, task = Owner(), Task(lambda: 1 / 0, lambda _: None)
    task.ended.connect(owner.end)
    task.start()
    qtbot.waitUntil(lambda: bool(owner.told), timeout=5_000)
    assert task.wait(5_000)
    assert isinstance(task.error, ZeroDivisionError)
    assert task.result is None


def test_a_tasks_stack_is_large_enough_for_torch() -> None:
    assert Task(lambda: None, lambda _: None).stackSize() >= 8 * 1024 * 1024
