"""What is measured before a run, apart from the window: progress, the answer, giving up, and one at a time."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QDeadlineTimer, QEvent
from pytestqt.qtbot import QtBot

from fmstudio.errors import UserError
from fmstudio.experiment.draft import changed
from fmstudio.experiment.lessons import lesson
from fmstudio.experiment.reading import read_spec
from fmstudio.experiment.spec import ExperimentSpec
from fmstudio.session.door import Task
from fmstudio.session.finder_task import PREFLIGHT, RATES, FinderTask
from fmstudio.session.solitary import Solitary
from fmstudio.training import preflight
from fmstudio.training.outlook import Preflight, PreflightStep
from fmstudio.training.rate_points import RatePoint, RateRange

PATIENCE = 30_000


class Threads:
    """Runs tasks as the session does; ``open`` is False while something trains."""

    def __init__(self) -> None:
        self.tasks: set[Task] = set()
        self.open = True
        self.solitary = Solitary(self.in_background)

    def in_background(
        self,
        work: Callable[[], Any],
        then: Callable[[Any], object],
        otherwise: Callable[[UserError], object] | None = None,
        after: Callable[[], object] = lambda: None,
    ) -> Task:
        task = Task(work, then, otherwise, after)
        self.tasks.add(task)
        task.ended.connect(self.ended)
        task.start()
        return task

    def ended(self, task: Task) -> None:
        task.wait()
        self.tasks.discard(task)
        task.after()
        if task.error is None:
            task.then(task.result)
        elif isinstance(task.error, UserError) and task.otherwise is not None:
            task.otherwise(task.error)
        else:
            raise task.error

    def alone(self, work: Any, stop: Any, then: Any, otherwise: Any) -> bool:
        if self.open:
            self.solitary.begin(work, then, otherwise, stop)
        return self.open


@pytest.fixture
def threads(qtbot: QtBot) -> Iterator[Threads]:
    made = Threads()
    yield made
    made.solitary.give_up()
    deadline = QDeadlineTimer(10_000)
    assert all(task.wait(deadline) for task in tuple(made.tasks))


def small(*changes: tuple[str, Any]) -> ExperimentSpec:
    sizes = [("dataset.train_size", 600), ("dataset.test_size", 100), ("batch_size", 64), ("threads", 1)]
    return read_spec(changed(lesson("softmax").draft, [*sizes, *changes]))


def test_points_are_told_as_they_come_and_then_the_range(qtbot: QtBot, threads: Threads) -> None:
    task = FinderTask(threads.alone, RATES)
    told: list[RatePoint] = []
    task.progressed.connect(told.append)
    with qtbot.waitSignal(task.finished, timeout=PATIENCE) as finished:
        task.start(small())
        assert task.busy
    assert finished.args is not None
    found = finished.args[0]
    assert isinstance(found, RateRange)
    assert found.end == "exploded"
    assert tuple(told) == found.points
    assert not task.busy


def test_the_outlook_likewise(qtbot: QtBot, threads: Threads) -> None:
    task = FinderTask(threads.alone, PREFLIGHT)
    told: list[PreflightStep] = []
    task.progressed.connect(told.append)
    with qtbot.waitSignal(task.finished, timeout=PATIENCE) as finished:
        task.start(small())
    assert finished.args is not None
    assert isinstance(finished.args[0], Preflight)
    assert finished.args[0].complete
    assert told


def test_given_up_it_says_nothing_more(qtbot: QtBot, threads: Threads) -> None:
    task = FinderTask(threads.alone, RATES)
    with qtbot.waitSignal(task.progressed, timeout=PATIENCE):
        task.start(small(("architecture.kind", "cnn")))
    told: list[str] = []
    for name in ("progressed", "finished", "failed"):
        getattr(task, name).connect(lambda _, name=name: told.append(name))
    with qtbot.waitSignal(threads.solitary.freed, timeout=200):
        task.cancel()
    qtbot.wait(10)
    assert (told, task.busy) == ([], False)


def test_a_run_ends_it_and_it_gives_what_it_has(qtbot: QtBot, threads: Threads) -> None:
    task = FinderTask(threads.alone, RATES)
    with qtbot.waitSignal(task.progressed, timeout=PATIENCE):
        task.start(small(("architecture.kind", "cnn")))
    with qtbot.waitSignal(task.finished, timeout=PATIENCE) as finished:
        threads.solitary.give_up()
    assert finished.args is not None
    assert finished.args[0].end == "stopped"


def test_another_question_takes_the_place_of_the_first(qtbot: QtBot, threads: Threads) -> None:
    first, second = FinderTask(threads.alone, RATES), FinderTask(threads.alone, RATES)
    with qtbot.waitSignal(first.progressed, timeout=PATIENCE):
        first.start(small(("architecture.kind", "cnn")))
    running: list[int] = []
    second.progressed.connect(lambda _: running.append(len(threads.tasks)))
    with qtbot.waitSignals([first.finished, second.finished], timeout=PATIENCE, order="strict"):
        second.start(small())
    assert set(running) == {1}


def test_a_second_start_forgets_the_first(qtbot: QtBot, threads: Threads) -> None:
    task = FinderTask(threads.alone, RATES)
    ended: list[str] = []
    task.finished.connect(lambda found: ended.append(found.end))
    task.start(small(("architecture.kind", "cnn")))
    with qtbot.waitSignal(task.finished, timeout=PATIENCE):
        task.start(small())
    assert ended == ["exploded"]


def test_what_waits_is_told_when_a_run_begins_first(qtbot: QtBot, threads: Threads) -> None:
    go = threading.Event()
    threads.solitary.begin(lambda: go.wait(10), lambda _: None)
    task = FinderTask(threads.alone, RATES)
    task.start(small())
    with qtbot.waitSignal(task.failed, timeout=PATIENCE) as failed:
        threads.solitary.give_up()
    assert failed.args is not None
    assert "began first" in str(failed.args[0])
    with qtbot.waitSignal(threads.solitary.freed, timeout=PATIENCE):
        go.set()


def test_beside_a_run_it_is_refused(qtbot: QtBot, threads: Threads) -> None:
    threads.open = False
    task = FinderTask(threads.alone, RATES)
    with qtbot.waitSignal(task.failed, timeout=PATIENCE) as failed:
        task.start(small())
    assert failed.args is not None
    assert "while nothing trains" in str(failed.args[0])
    assert not task.busy


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ([("optimizer.kind", "rprop")], "by itself"),
        ([("start_from", "nothing")], "neither a run nor a file"),
        ([("device", "cuda:7")], "cuda:7"),
    ],
)
def test_what_cannot_be_done_is_a_sentence(
    qtbot: QtBot, threads: Threads, changes: list[tuple[str, Any]], said: str
) -> None:
    task = FinderTask(threads.alone, RATES)
    with qtbot.waitSignal(task.failed, timeout=PATIENCE) as failed:
        task.start(small(*changes))
    assert failed.args is not None
    assert said in str(failed.args[0])


def test_thrown_away_it_ends_its_thread(qtbot: QtBot, threads: Threads) -> None:
    task = FinderTask(threads.alone, RATES)
    with qtbot.waitSignal(task.progressed, timeout=PATIENCE):
        task.start(small(("architecture.kind", "cnn")))
    with qtbot.waitSignal(threads.solitary.freed, timeout=PATIENCE):
        task.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert not threads.tasks


def test_the_outlook_is_that_of_the_library_of_the_window(
    qtbot: QtBot, threads: Threads, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked: list[object] = []
    monkeypatch.setattr(preflight, "preflight", lambda *given: asked.append(given[3]))
    task = FinderTask(threads.alone, PREFLIGHT, tmp_path)
    with qtbot.waitSignal(task.finished, timeout=PATIENCE):
        task.start(small())
    assert asked == [tmp_path]
