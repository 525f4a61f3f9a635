"""The queue: what is started when, by a session that trains nothing; and once by one that trains."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

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
from fmstudio.session.queue import file as queue_file
from fmstudio.session.queue import past as queue_past
from fmstudio.session.queue import times as queue_times
from fmstudio.session.queue.entry import QueueEntry
from fmstudio.session.queue.file import QueueFile
from fmstudio.session.queue.pace import Paced
from fmstudio.session.queue.queue import Queue
from fmstudio.session.queue.words import queue_words
from fmstudio.session.session import State, TrainingSession
from fmstudio.training.events import RunEnded, RunStarted

PATIENCE = 60_000


def planned(*changes: tuple[str, Any], name: str = "Try", about: About | None = None) -> Planned:
    tiny = [("name", name), ("dataset.train_size", 150), ("dataset.test_size", 100), ("threads", 1), ("epochs", 1)]
    return Planned(read_spec(changed(to_mapping(ExperimentSpec()), [*tiny, *changes])), about or About())


class StandIn(QObject):
    """Has the signals and states of a session; a test says when a run starts and ends."""

    state_changed = Signal(State)
    run_changed = Signal(object)
    run_ended = Signal(object)
    devices_found = Signal(object)
    estimated = Signal(object, float)
    complained = Signal(object)

    def __init__(self, library: Path) -> None:
        super().__init__()
        self.library = library
        self.state, self.ending = State.IDLE, False
        self.run = Run()
        self.started: list[tuple[ExperimentSpec, About | None]] = []
        self.resumed: list[str] = []
        self.slow, self.waiting = False, list[Callable[[], None]]()

    def start(self, spec: ExperimentSpec, about: About | None = None) -> None:
        if self.state is State.IDLE and not self.ending:
            self.started.append((spec, about))
            self._prepare(Run(spec=to_mapping(spec)))

    def resume(self, run: Run) -> None:
        self.resumed.append(run.id)
        run.ended = None
        self._prepare(run)

    def stop(self) -> None:
        self.end("stopped")

    def begin(self, run_id: str = "run-1") -> None:
        """The run of ``start`` gets its folder."""
        self.run.apply(replace(RunStarted(epochs=2, steps_per_epoch=5, train_size=10, test_size=5), run=run_id))
        self.run_changed.emit(self.run)
        self._change(State.RUNNING)

    def end(self, status: Any, message: str = "") -> None:
        self.run.apply(RunEnded(status=status, run=self.run.id, epoch=1, step=5, message=message))
        self.run_changed.emit(self.run)
        self.run_ended.emit(self.run)
        self._change(State.IDLE)

    def pause(self) -> None:
        self._change(State.PAUSED)

    def in_background(
        self,
        work: Callable[[], Any],
        then: Callable[[Any], object],
        otherwise: Callable[[UserError], object],
        after: Callable[[], object],
    ) -> None:
        """At once; or, while ``slow``, with ``work_on``."""
        if self.slow:
            self.waiting.append(lambda: self._work(work, then, otherwise, after))
        else:
            self._work(work, then, otherwise, after)

    def work_on(self) -> None:
        """Do what waits."""
        waiting, self.waiting = self.waiting, []
        for one in waiting:
            one()

    def _work(
        self,
        work: Callable[[], Any],
        then: Callable[[Any], object],
        otherwise: Callable[[UserError], object],
        after: Callable[[], object],
    ) -> None:
        try:
            result = work()
        except UserError as error:
            after()
            otherwise(error)
        else:
            after()
            then(result)

    def _prepare(self, run: Run) -> None:
        self.run = run
        self._change(State.PREPARING)
        self.run_changed.emit(run)

    def _change(self, state: State) -> None:
        self.state = state
        self.state_changed.emit(state)


@pytest.fixture
def session(qapp: QApplication, tmp_path: Path) -> StandIn:
    return StandIn(tmp_path / "runs")


@pytest.fixture
def make(session: StandIn) -> Iterator[Callable[[], Queue]]:
    """Makes queues on the library of the session; they end with the test."""
    made: list[Queue] = []

    def queue() -> Queue:
        made.append(Queue(cast(TrainingSession, session)))
        return made[-1]

    yield queue
    for one in made:
        one.end()
        one.wait(0)


def turn() -> None:
    """Let timers of no length fire."""
    for _ in range(3):
        QApplication.processEvents()


def states(queue: Queue) -> list[str]:
    return [entry.state for entry in queue.entries]


def names(queue: Queue) -> list[str]:
    return [entry.name for entry in queue.entries]


def filled(queue: Queue, *entry_names: str) -> tuple[QueueEntry, ...]:
    return queue.add([planned(name=name) for name in entry_names])


def test_one_run_after_the_other(session: StandIn, make: Callable[[], Queue]) -> None:
    queue, said = make(), []
    queue.entry_began.connect(lambda entry: said.append(f"began {entry.name}"))
    queue.entry_ended.connect(lambda entry: said.append(f"ended {entry.name} {entry.run}"))
    queue.emptied.connect(lambda: said.append("emptied"))
    filled(queue, "a", "b")
    turn()
    assert session.started == []
    queue.begin()
    turn()
    session.begin("run-a")
    assert states(queue) == ["running", "waiting"]
    assert queue_words(queue) == "1 of 2 in the queue"
    session.end("finished")
    turn()
    session.begin("run-b")
    assert queue_words(queue).startswith("2 of 2 in the queue")
    session.end("finished")
    turn()
    assert said == ["began a", "ended a run-a", "began b", "ended b run-b", "emptied"]
    assert not queue.going


def test_what_is_said_of_a_run_goes_with_it(session: StandIn, make: Callable[[], Queue]) -> None:
    queue, about = make(), About(name="lr 0.1", group="g", group_name="Learning rate", varied=("optimizer.lr",))
    queue.add([planned(about=about)])
    queue.begin()
    turn()
    assert session.started == [(planned().spec, about)]


def test_goes_on_after_a_failure_and_says_so(session: StandIn, make: Callable[[], Queue]) -> None:
    queue, said = make(), []
    session.complained.connect(lambda error: said.append(str(error)))
    filled(queue, "a", "b")
    queue.begin()
    turn()
    session.begin()
    session.end("failed", "The loss became infinite.")
    turn()
    assert states(queue) == ["failed", "running"]
    assert said == ["“a” failed. The loss became infinite. The queue goes on with the next run."]


def test_a_run_that_the_user_stops_holds_the_queue(session: StandIn, make: Callable[[], Queue]) -> None:
    queue = make()
    filled(queue, "a", "b")
    queue.begin()
    turn()
    session.begin()
    session.stop()
    turn()
    assert states(queue) == ["stopped", "waiting"]
    assert (queue.going, queue.why) == (False, "The queue waits: you stopped its run.")
    queue.begin()
    turn()
    assert states(queue) == ["stopped", "running"]
    assert queue.why == ""


def test_a_run_of_the_user_goes_first(session: StandIn, make: Callable[[], Queue]) -> None:
    queue = make()
    filled(queue, "a")
    session.start(planned(name="mine").spec)
    queue.begin()
    turn()
    session.begin("mine")
    assert states(queue) == ["waiting"]
    session.stop()
    turn()
    assert states(queue) == ["running"]
    assert [spec.name for spec, _ in session.started] == ["mine", "a"]


def test_holding_lets_the_run_go_on(session: StandIn, make: Callable[[], Queue]) -> None:
    queue = make()
    filled(queue, "a", "b")
    queue.begin()
    turn()
    session.begin()
    queue.hold()
    session.end("finished")
    turn()
    assert states(queue) == ["finished", "waiting"]
    assert session.state is State.IDLE


def test_stop_of_a_running_entry(session: StandIn, make: Callable[[], Queue]) -> None:
    queue = make()
    (entry,) = filled(queue, "a")
    queue.begin()
    turn()
    session.begin()
    queue.remove(entry.id)
    assert states(queue) == ["running"], "what runs is stopped, not removed"
    queue.stop(entry.id)
    turn()
    assert states(queue) == ["stopped"]


def test_a_group_ends_when_all_of_it_is_done(session: StandIn, make: Callable[[], Queue]) -> None:
    queue, ended = make(), []
    queue.group_ended.connect(lambda group, entries: ended.append((group, [entry.state for entry in entries])))
    group = About(group="g")
    queue.add([planned(about=group), planned(name="other"), planned(about=group)])
    queue.begin()
    for status in ("finished", "finished", "failed"):
        turn()
        session.begin()
        assert ended == []
        session.end(status)
    assert ended == [("g", ["finished", "failed"])]


def test_order_removal_and_undo(make: Callable[[], Queue]) -> None:
    queue = make()
    a, b, c, d = filled(queue, "a", "b", "c", "d")
    queue.arrange([d.id], 0)
    assert names(queue) == ["d", "a", "b", "c"]
    queue.arrange([a.id], 4)
    assert names(queue) == ["d", "b", "c", "a"]
    queue.remove(b.id, c.id)
    queue.remove(d.id)
    assert names(queue) == ["a"]
    queue.put_back()
    queue.put_back()
    assert names(queue) == ["d", "b", "c", "a"]
    assert queue.take_out(b.id) == b.planned
    assert names(queue) == ["d", "c", "a"]


def test_the_same_twice(make: Callable[[], Queue]) -> None:
    queue = make()
    same = planned()
    queue.add([same, same])
    assert len({entry.id for entry in queue.entries}) == 2


def test_done_ones_are_cleared(session: StandIn, make: Callable[[], Queue]) -> None:
    queue = make()
    filled(queue, "a", "b")
    queue.begin()
    turn()
    session.begin()
    session.end("finished")
    turn()
    queue.clear_done()
    assert names(queue) == ["b"]


def test_survives_a_restart_and_waits(make: Callable[[], Queue]) -> None:
    first = make()
    filled(first, "a", "b")
    first.end()
    first.wait(0)
    second = make()
    turn()
    assert second.entries == first.entries
    assert (second.pending, second.going) == (2, False)


def test_a_second_window_only_looks(session: StandIn, make: Callable[[], Queue]) -> None:
    said: list[str] = []
    session.complained.connect(lambda error: said.append(str(error)))
    first, second = make(), make()
    filled(first, "a", "b")
    second._kept.look()
    assert names(second) == ["a", "b"]
    assert second.foreign == "Another window works on this queue."
    assert second.add([planned()]) == ()
    second.remove(second.entries[0].id)
    second.begin()
    turn()
    assert (names(first), names(second)) == (["a", "b"], ["a", "b"])
    assert session.started == []
    assert said == ["Another window works on this queue. Add the runs there."]
    first.end()
    first.wait(0)
    second._kept.look()
    assert second.foreign == "", "it takes over when the first one is closed"
    second.begin()
    turn()
    assert states(second) == ["running", "waiting"]


def test_a_broken_file_is_set_aside(session: StandIn, make: Callable[[], Queue]) -> None:
    session.library.mkdir(parents=True)
    (session.library / "queue.json").write_text("{torn", encoding="utf-8")
    said: list[str] = []
    session.complained.connect(lambda error: said.append(str(error)))
    queue = make()
    turn()
    kept = session.library / "queue.json.broken-1"
    assert kept.read_text(encoding="utf-8") == "{torn"
    assert said == [f"The queue of this library is damaged. It was kept as {kept}."]
    filled(queue, "a")
    assert names(queue) == ["a"]


def test_a_newer_file_is_left_alone(session: StandIn, make: Callable[[], Queue]) -> None:
    session.library.mkdir(parents=True)
    path = session.library / "queue.json"
    path.write_text('{"version": 2, "entries": "?"}', encoding="utf-8")
    said: list[str] = []
    session.complained.connect(lambda error: said.append(str(error)))
    queue = make()
    assert "newer version" in queue.foreign
    assert queue.add([planned()]) == ()
    assert path.read_text(encoding="utf-8") == '{"version": 2, "entries": "?"}'
    turn()
    assert len(said) == 2
    assert said[0] == said[1], "once when it is found, and once for the runs that are not added"


def test_what_ran_when_the_window_closed_is_resumed_first(
    session: StandIn, make: Callable[[], Queue], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = make()
    filled(first, "a", "b")
    first.begin()
    turn()
    session.begin("run-a")
    first.wait(0)  # as if the process died: nothing more is written
    session.run, session.state = Run(), State.IDLE
    monkeypatch.setattr(queue_past, "find_run", lambda run_id, library: run_id)
    monkeypatch.setattr(queue_past, "load_run", lambda folder: Run(id=folder))
    differences: list[str] = ["Other data."]
    answer = type("Resumption", (), {"differences": property(lambda self: tuple(differences))})
    monkeypatch.setattr(queue_past, "load", lambda name: lambda folder: answer())
    second = make()
    assert states(second) == ["interrupted", "waiting"]
    second.begin()
    turn()
    assert session.resumed == []
    assert second.why == "Go on with “a”? It would not be exactly as before. Other data."
    second.begin()
    turn()
    assert session.resumed == ["run-a"]
    assert states(second) == ["running", "waiting"]


def test_a_run_that_ended_meanwhile_is_not_resumed(
    session: StandIn, make: Callable[[], Queue], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = make()
    filled(first, "a", "b")
    first.begin()
    turn()
    session.begin("run-a")
    first.wait(0)
    session.run, session.state = Run(), State.IDLE
    ended = Run(id="run-a", ended=RunEnded(status="finished", epoch=1, step=5))
    monkeypatch.setattr(queue_past, "find_run", lambda run_id, library: run_id)
    monkeypatch.setattr(queue_past, "load_run", lambda folder: ended)
    second = make()
    second.begin()
    turn()
    assert states(second) == ["finished", "running"]
    assert session.resumed == []


def test_a_lost_run_begins_anew(session: StandIn, make: Callable[[], Queue]) -> None:
    first = make()
    filled(first, "a")
    first.begin()
    turn()
    session.begin("run-that-is-gone")
    first.wait(0)
    session.run, session.state = Run(), State.IDLE
    second = make()
    second.begin()
    turn()
    assert states(second) == ["running"]
    assert len(session.started) == 2


def test_the_user_continues_an_interrupted_run_himself(session: StandIn, make: Callable[[], Queue]) -> None:
    first = make()
    filled(first, "a")
    first.begin()
    turn()
    session.begin("run-a")
    first.wait(0)
    session.run, session.state = Run(), State.IDLE
    second = make()
    session.resume(Run(id="run-a"))
    assert states(second) == ["running"]
    session.end("finished")
    assert states(second) == ["finished"]


def test_closing_the_window_interrupts(session: StandIn, make: Callable[[], Queue]) -> None:
    queue = make()
    filled(queue, "a")
    queue.begin()
    turn()
    session.begin("run-a")
    session.ending = True
    session.stop()
    assert states(queue) == ["interrupted"]


def test_a_full_disk_is_said_once(session: StandIn, make: Callable[[], Queue], monkeypatch: pytest.MonkeyPatch) -> None:
    queue, said = make(), []
    session.complained.connect(lambda error: said.append(str(error)))
    filled(queue, "a", "b")

    def refuse(path: Path, content: str) -> None:
        raise UserError("No space.")

    monkeypatch.setattr("fmstudio.session.queue.file.write_atomically", refuse)
    queue.begin()
    turn()
    session.begin()
    session.end("finished")
    turn()
    assert states(queue) == ["finished", "running"]
    assert said == ["No space."]
    monkeypatch.undo()
    session.begin()
    stored = json.loads((session.library / "queue.json").read_text(encoding="utf-8"))
    assert [entry["state"] for entry in stored["entries"]] == ["finished", "running"]


def test_how_long_the_rest_takes(session: StandIn, make: Callable[[], Queue]) -> None:
    queue = make()
    queue.add([planned(), planned(("epochs", 3)), planned(("architecture.kind", "mlp"))])
    assert queue.seconds_left() is None
    session.estimated.emit(planned().spec, 60.0)
    assert [queue.expected(entry) for entry in queue.entries] == [60.0, 180.0, None]
    queue.remove(queue.entries[2].id)
    assert queue.seconds_left() == 240.0


def test_a_second_window_may_add_when_all_is_done(session: StandIn, make: Callable[[], Queue]) -> None:
    first, second = make(), make()
    filled(first, "a")
    second._kept.look()
    first.begin()
    turn()
    session.begin()
    assert second.foreign
    session.end("finished")
    turn()
    assert states(first) == ["finished"], "what is done stays in sight"
    second._kept.look()
    turn()
    assert second.foreign == ""
    assert filled(second, "b")
    assert names(second) == ["a", "b"]
    first._kept.look()
    assert (names(first), first.foreign) == (["a", "b"], "Another window works on this queue.")


def test_all_can_be_cleared_and_undone_when_all_is_done(session: StandIn, make: Callable[[], Queue]) -> None:
    queue, other = make(), make()
    filled(queue, "a", "b")
    queue.begin()
    for _ in range(2):
        turn()
        session.begin()
        session.end("finished")
    turn()
    queue.clear_done()
    turn()
    assert (queue.entries, [entry.name for entry in queue.removed]) == ((), ["a", "b"])
    queue.put_back()
    assert names(queue) == ["a", "b"]
    turn()
    other._kept.look()
    assert names(other) == ["a", "b"], "that is in the file"


def test_a_refusal_is_said_once(session: StandIn, make: Callable[[], Queue]) -> None:
    said: list[str] = []
    first, second = make(), make()
    filled(first, "a")
    session.complained.connect(lambda error: said.append(str(error)))
    assert not filled(second, "b")
    turn()
    assert said == ["Another window works on this queue. Add the runs there."]


def test_more_than_the_file_may_hold_is_refused(
    session: StandIn, make: Callable[[], Queue], monkeypatch: pytest.MonkeyPatch
) -> None:
    queue, said = make(), list[str]()
    session.complained.connect(lambda error: said.append(str(error)))
    monkeypatch.setattr(queue_file, "MOST_BYTES", 20_000)
    while filled(queue, "a" * 100):
        assert len(queue.entries) < 100
    turn()
    assert said == ["The queue is full: it could not be kept. Remove entries, or add the others when some are done."]
    queue._kept.save()
    for entry in queue.entries:
        queue._put(replace(entry, state="failed", run="run-" + "x" * 60, message="é" * 3000))
    stored = QueueFile(session.library).read()
    assert (stored.damaged, len(stored.entries)) == (False, len(queue.entries))


def test_the_window_does_not_wait_for_the_file(session: StandIn, make: Callable[[], Queue]) -> None:
    first = make()
    filled(first, "a", "b")
    first.end()
    first.wait(0)
    session.slow = True
    second = make()
    assert (second.entries, second.known) == ((), False)
    session.work_on()
    assert (names(second), second.known) == (["a", "b"], True)
    filled(second, "c")
    filled(second, "d")
    assert len(session.waiting) == 1, "one writes at a time"
    assert [entry.name for entry in QueueFile(session.library).read().entries] == ["a", "b"]
    session.work_on()
    assert [entry.name for entry in QueueFile(session.library).read().entries] == ["a", "b", "c", "d"]
    filled(second, "e")
    second.wait(0)
    assert [entry.name for entry in QueueFile(session.library).read().entries] == ["a", "b", "c", "d", "e"]
    session.work_on()
    assert len(QueueFile(session.library).read().entries) == 5


def test_what_is_added_before_the_file_was_read_comes_after_what_it_holds(
    session: StandIn, make: Callable[[], Queue]
) -> None:
    first = make()
    filled(first, "a")
    first.end()
    first.wait(0)
    session.slow = True
    second = make()
    filled(second, "b")
    session.work_on()
    assert names(second) == ["a", "b"]


def test_an_entry_whose_choices_do_not_fit_fails_with_a_sentence(session: StandIn, make: Callable[[], Queue]) -> None:
    first = make()
    filled(first, "a", "b")
    first.end()
    first.wait(0)
    path = session.library / "queue.json"
    stored = json.loads(path.read_text(encoding="utf-8"))
    stored["entries"][0]["spec"]["architecture"] = {"kind": "linear-regression"}
    path.write_text(json.dumps(stored), encoding="utf-8")
    second = make()
    assert names(second) == ["a", "b"]
    second.begin()
    turn()
    assert states(second) == ["failed", "running"]
    assert second.entries[0].message.startswith("architecture.kind")
    assert [spec.name for spec, _ in session.started] == ["b"]


def test_the_likes_of_an_entry_are_found_once(
    session: StandIn, make: Callable[[], Queue], monkeypatch: pytest.MonkeyPatch
) -> None:
    queue, asked = make(), list[str]()
    real = queue_times.likeness

    def counted(spec: ExperimentSpec) -> str:
        asked.append(spec.name)
        return real(spec)

    monkeypatch.setattr(queue_times, "likeness", counted)
    queue.add([planned(("seed", seed)) for seed in range(20)])
    session.estimated.emit(planned().spec, 60.0)
    assert [queue.seconds_left() for _ in range(3)] == [1200.0] * 3
    queue._put(replace(queue.entries[0], state="finished", seconds=30.0))
    assert queue.seconds_left() == 19 * 30.0
    assert len(asked) == 21


def test_news_of_a_run_come_at_once_then_at_a_pace(qtbot: QtBot) -> None:
    paced, said = Paced(50), list[str]()
    paced.told.connect(said.append)
    for _ in range(5):
        paced.tell("a")
    paced.tell("b")
    assert said == ["a", "b"]
    qtbot.waitUntil(lambda: len(said) == 3)
    assert said == ["a", "b", "a"]
    paced.tell("b")
    assert said == ["a", "b", "a", "b"]
    paced.end()


def test_a_run_that_moves_all_the_time_is_told_of_once_a_second(session: StandIn, make: Callable[[], Queue]) -> None:
    queue, said = make(), list[str]()
    filled(queue, "a")
    queue.begin()
    turn()
    queue.moved.connect(said.append)
    session.begin()
    for _ in range(20):
        session.run_changed.emit(session.run)
    assert len(said) <= 1


def test_with_a_session_that_trains(qtbot: QtBot, tmp_path: Path) -> None:
    session = TrainingSession(tmp_path)
    queue = Queue(session)
    about = About(name="Two", group="g")
    session.warm_up()
    queue.add([planned(name="One"), planned(("seed", 1), about=about)])
    with qtbot.waitSignal(queue.emptied, timeout=PATIENCE):
        queue.begin()
    assert states(queue) == ["finished", "finished"]
    one, two = queue.entries
    assert load_run(find_run(one.run, tmp_path), predictions=False).name == "One"
    assert read_about(tmp_path / two.run) == about
    assert all(entry.seconds > 0 for entry in queue.entries)
    assert session.finish(5000)
    queue.end()
    queue.wait(0)
