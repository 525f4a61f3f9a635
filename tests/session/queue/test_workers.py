"""Entries in processes of their own: real ones, on the CPU beside a graphics card that is not there."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from fmstudio.errors import UserError
from fmstudio.experiment.draft import changed
from fmstudio.experiment.reading import read_spec
from fmstudio.experiment.spec import ExperimentSpec, to_mapping
from fmstudio.runs.about import About, read_about
from fmstudio.runs.run import Run
from fmstudio.runs.store import find_run, load_run
from fmstudio.session.planned import Planned
from fmstudio.session.queue import workers as queue_workers
from fmstudio.session.queue.devices import device_of
from fmstudio.session.queue.entry import new_entry
from fmstudio.session.queue.queue import Queue
from fmstudio.session.queue.words import queue_words
from fmstudio.session.queue.workers import QueueWorker, QueueWorkers
from fmstudio.session.session import State
from fmstudio.training.events import RunEnded, RunStarted

PATIENCE = 90_000
ABOUT = About(name="Beside", group="g", varied=("seed",))


def planned(*changes: tuple[str, Any]) -> Planned:
    tiny = [("name", "Tiny"), ("dataset.train_size", 150), ("dataset.test_size", 100), ("threads", 1), ("epochs", 1)]
    return Planned(read_spec(changed(to_mapping(ExperimentSpec()), [*tiny, ("device", "cpu"), *changes])), ABOUT)


class OnTheCard(QObject):
    """A session that trains for ever."""

    state_changed = Signal(State)
    run_changed = Signal(object)
    run_ended = Signal(object)
    devices_found = Signal(object)
    estimated = Signal(object, float)
    complained = Signal(object)

    def __init__(self, library: Path) -> None:
        super().__init__()
        self.library, self.state, self.ending, self.run = library, State.IDLE, False, Run()

    def start(self, spec: ExperimentSpec, about: About | None = None) -> None:
        self.run = Run()
        self.run.apply(RunStarted(run=spec.name, epochs=1, steps_per_epoch=1, train_size=1, test_size=1))
        self.change(State.RUNNING)
        self.run_changed.emit(self.run)

    def end(self) -> None:
        self.run.apply(RunEnded(status="finished", epoch=1, step=1))
        self.run_ended.emit(self.run)
        self.change(State.IDLE)

    def in_background(
        self,
        work: Callable[[], Any],
        then: Callable[[Any], object],
        otherwise: Callable[[UserError], object],
        after: Callable[[], object],
    ) -> None:
        """At once."""
        result = work()
        after()
        then(result)

    def change(self, state: State) -> None:
        self.state = state
        self.state_changed.emit(state)


@pytest.fixture
def session(qapp: QApplication, tmp_path: Path) -> OnTheCard:
    return OnTheCard(tmp_path / "runs")


@pytest.fixture
def queue(session: OnTheCard) -> Iterator[Queue]:
    made = Queue(session)  # type: ignore[arg-type]
    yield made
    made.end()
    made.wait(2000)


def states(queue: Queue) -> list[str]:
    return [entry.state for entry in queue.entries]


def test_two_devices_at_once(queue: Queue, session: OnTheCard, qtbot: QtBot) -> None:
    session.devices_found.emit(("cpu", "cuda:0"))
    _, beside, later = queue.add([planned(("device", "cuda:0")), planned(), planned(("seed", 1))])
    said: list[str] = []
    queue.moved.connect(said.append)
    queue.begin()
    with qtbot.waitSignal(queue.entry_ended, timeout=PATIENCE, check_params_cb=lambda entry: entry.id == beside.id):
        qtbot.waitUntil(lambda: states(queue) == ["running", "running", "waiting"], timeout=PATIENCE)
        assert queue_words(queue) == "1–2 of 3 in the queue"
    assert beside.id in said
    run = next(entry.run for entry in queue.entries if entry.id == beside.id)
    assert load_run(find_run(run, session.library), predictions=False).ended is not None
    assert read_about(session.library / run) == ABOUT
    assert states(queue)[:2] == ["running", "finished"]
    qtbot.waitUntil(lambda: states(queue) == ["running", "finished", "running"], timeout=PATIENCE)
    queue.stop(later.id)
    qtbot.waitUntil(lambda: states(queue) == ["running", "finished", "stopped"], timeout=PATIENCE)


@pytest.mark.parametrize("devices", [(), ("cpu",), ("cpu", "cuda:0")])
def test_never_two_on_one_device(queue: Queue, session: OnTheCard, qtbot: QtBot, devices: tuple[str, ...]) -> None:
    session.devices_found.emit(devices)
    queue.add([planned(), planned(("device", "cuda:7")), planned()])
    queue.begin()
    qtbot.waitUntil(lambda: "running" in states(queue))
    for _ in range(5):
        QApplication.processEvents()
    assert states(queue) == ["running", "waiting", "waiting"]


def test_nothing_begins_beside_a_run_of_the_user_or_a_held_one(queue: Queue, session: OnTheCard) -> None:
    session.devices_found.emit(("cpu", "cuda:0"))
    session.start(ExperimentSpec(name="mine"))
    queue.add([planned()])
    queue.begin()
    QApplication.processEvents()
    assert states(queue) == ["waiting"]
    session.end()
    queue.add([planned(("device", "cuda:0"))])
    session.change(State.PAUSED)
    QApplication.processEvents()
    assert states(queue) == ["waiting", "waiting"]


def test_the_window_closes(queue: Queue, session: OnTheCard, qtbot: QtBot) -> None:
    session.devices_found.emit(("cpu", "cuda:0"))
    queue.add([planned(("device", "cuda:0")), planned(("epochs", 100_000))])
    queue.begin()
    qtbot.waitUntil(lambda: bool(queue.entries[1].run), timeout=PATIENCE)
    queue.end()
    queue.wait(20_000)
    assert states(queue) == ["running", "interrupted"], "the session's run is for the session to end"
    ended = load_run(find_run(queue.entries[1].run, session.library), predictions=False).ended
    assert ended is not None
    assert ended.status == "stopped"


@pytest.mark.skipif(sys.platform == "win32", reason="processes are always deaf there")
def test_a_deaf_process_is_ended_by_force(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deaf = "import signal, sys; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(flush=True); signal.pause()"
    program, _ = queue_workers.train_command(tmp_path)
    monkeypatch.setattr(queue_workers, "train_command", lambda library: (program, ["-c", deaf]))
    workers, entry = QueueWorkers(tmp_path), new_entry(planned())
    with qtbot.waitSignal(workers.moved, timeout=PATIENCE):
        workers.start(entry, "cpu")
    with qtbot.waitSignal(workers.ended, timeout=PATIENCE) as ended:
        workers.end()
        workers.wait(100)
    assert ended.args[0].state == "stopped"
    assert workers.devices == frozenset()


@pytest.mark.parametrize(
    ("code", "state", "message"),
    [
        ("raise SystemExit(0)", "finished", ""),
        ("raise SystemExit(130)", "stopped", ""),
        ("import sys; print('first\\nThe loss is infinite.\\n', file=sys.stderr); sys.exit(1)", "failed",
         "The loss is infinite."),
        ("print('{torn'); import os; os.abort()", "failed", "The process ended without a word."),
    ],
)  # fmt: skip
def test_how_a_process_ends(
    code: str, state: str, message: str, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program, _ = queue_workers.train_command(tmp_path)
    monkeypatch.setattr(queue_workers, "train_command", lambda library: (program, ["-c", code]))
    worker = QueueWorker(new_entry(planned()), "cpu", tmp_path)
    with qtbot.waitSignal(worker.ended, timeout=PATIENCE):
        worker.start()
    assert (worker.state, worker.message) == (state, message)


def test_a_program_that_is_not_there(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue_workers, "train_command", lambda library: (str(tmp_path / "nothing"), []))
    worker = QueueWorker(new_entry(planned()), "cpu", tmp_path)
    with qtbot.waitSignal(worker.ended, timeout=PATIENCE):
        worker.start()
    assert worker.state == "failed"
    assert worker.message


@pytest.mark.parametrize(
    ("device", "kind", "devices", "found"),
    [
        ("auto", "cnn", ("cpu",), "cpu"),
        ("auto", "cnn", ("cpu", "cuda:0", "cuda:1"), "cuda:0"),
        ("auto", "softmax-regression", ("cpu", "cuda:0"), "cpu"),
        ("cuda", "cnn", ("cpu", "cuda:0"), "cuda:0"),
        ("cuda:1", "cnn", ("cpu", "cuda:0", "cuda:1"), "cuda:1"),
        ("cuda:1", "cnn", ("cpu", "cuda:0"), "cpu"),
        ("cpu", "cnn", ("cpu", "cuda:0"), "cpu"),
        ("auto", "cnn", (), ""),
    ],
)
def test_the_device_of_a_spec(device: str, kind: str, devices: tuple[str, ...], found: str) -> None:
    spec = planned(("device", device), ("architecture.kind", kind)).spec
    assert device_of(spec, devices) == found
