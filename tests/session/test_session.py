"""The session: its states, its signals, and a run in a QThread that equals any other run."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from fmstudio.errors import UserError
from fmstudio.experiment.draft import changed
from fmstudio.experiment.reading import read_spec
from fmstudio.experiment.spec import ExperimentSpec, to_mapping
from fmstudio.runs.recorder import Recorder
from fmstudio.runs.run import Run
from fmstudio.runs.store import RunFolder, find_run, load_run
from fmstudio.session.session import State, TrainingSession
from fmstudio.training import learner, probe
from fmstudio.training.control import Control
from fmstudio.training.events import Predictions
from fmstudio.training.loop import Training

PATIENCE = 20_000
"""Milliseconds after which something that should have come counts as missing."""


def small(*changes: tuple[str, Any]) -> ExperimentSpec:
    tiny = [
        ("name", "Try"),
        ("dataset.train_size", 150),
        ("dataset.test_size", 100),
        ("batch_size", 64),
        ("threads", 1),
    ]
    return read_spec(changed(to_mapping(ExperimentSpec()), [*tiny, *changes]))


LONG = small(("epochs", 100_000), ("dataset.test_size", 60))
"""Ends only when it is stopped."""


class Heard:
    """All that a session says, in order."""

    def __init__(self, session: TrainingSession) -> None:
        self.said: list[str] = []
        self.states: list[State] = []
        self.crashes: list[Exception] = []
        self.complaints: list[UserError] = []
        session.state_changed.connect(self._state)
        session.run_ended.connect(self._ended)
        session.crashed.connect(self.crashes.append)
        session.complained.connect(self.complaints.append)

    def _state(self, state: State) -> None:
        self.states.append(state)
        self.said.append(str(state))

    def _ended(self, run: Run) -> None:
        assert run.ended is not None
        self.said.append(f"ended {run.ended.status}")


@pytest.fixture
def cold(tmp_path: Path, qtbot: QtBot) -> Iterator[TrainingSession]:
    """A session that has not loaded torch."""
    session = TrainingSession(tmp_path / "library")
    yield session
    assert session.finish(10_000)


@pytest.fixture
def session(cold: TrainingSession, qtbot: QtBot) -> TrainingSession:
    """A session that is ready."""
    with qtbot.waitSignal(cold.torch_ready, timeout=PATIENCE):
        cold.warm_up()
    return cold


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Is set when the training waits in a pause."""
    waiting, wait = threading.Event(), Control.wait_for_turn

    def noted(control: Control) -> None:
        if control.paused:
            waiting.set()
        wait(control)
        waiting.clear()

    monkeypatch.setattr(Control, "wait_for_turn", noted)
    return waiting


def until(qtbot: QtBot, session: TrainingSession, state: State) -> None:
    qtbot.waitUntil(lambda: session.state is state, timeout=PATIENCE)


def train(qtbot: QtBot, session: TrainingSession, spec: ExperimentSpec) -> RunFolder:
    with qtbot.waitSignal(session.run_ended, timeout=PATIENCE):
        session.start(spec)
    until(qtbot, session, State.IDLE)
    return find_run(session.run.id, session.library)


def content(folder: RunFolder) -> dict[str, bytes]:
    """The files in which equal runs are equal."""
    names = ["spec.json", "weights.safetensors", "last.safetensors"]
    names += [f"predictions/{path.name}" for path in (folder.path / "predictions").iterdir()]
    return {name: (folder.path / name).read_bytes() for name in names}


def test_a_run_from_start_to_end(session: TrainingSession, qtbot: QtBot) -> None:
    heard = Heard(session)
    folder = train(qtbot, session, small())
    assert heard.said == ["preparing", "running", "ended finished", "idle"]
    run, read = session.run, load_run(folder)
    assert (run.step, run.progress, len(run.epochs), run.saved_step) == (6, 1, 3, 6)
    assert run.losses.values.tobytes() == read.losses.values.tobytes()
    assert [epoch.test_accuracy for epoch in run.epochs] == [epoch.test_accuracy for epoch in read.epochs]
    assert heard.crashes == heard.complaints == []


def test_at_once_it_says_that_it_prepares(session: TrainingSession, qtbot: QtBot) -> None:
    changes: list[Run] = []
    session.run_changed.connect(changes.append)
    with qtbot.waitSignal(session.run_ended, timeout=PATIENCE):
        session.start(small())
        assert (session.state, str(session.state)) == (State.PREPARING, "preparing")
        assert changes == [session.run]
        assert session.run.name == "Try"
        assert session.run.started is None
    until(qtbot, session, State.IDLE)


def test_the_same_bits_as_without_a_session(session: TrainingSession, qtbot: QtBot, tmp_path: Path) -> None:
    spec = small(
        ("architecture.kind", "mlp"), ("architecture.dropout", 0.3), ("architecture.batch_norm", True),
        ("validation", 0.2), ("threads", 2), ("schedule.kind", "one-cycle"),
    )  # fmt: skip
    there = train(qtbot, session, spec)
    *_, end = Recorder(Training(spec, Control()), tmp_path / "plain").events()
    here = find_run(getattr(end, "run", ""), tmp_path / "plain")
    assert content(there) == content(here)
    assert load_run(there).losses.values.tobytes() == load_run(here).losses.values.tobytes()


def test_two_runs_one_after_the_other(session: TrainingSession, qtbot: QtBot) -> None:
    first = train(qtbot, session, small())
    second = train(qtbot, session, small())
    assert first != second
    assert content(first) == content(second)


def test_a_click_before_torch_is_ready_is_remembered(cold: TrainingSession, qtbot: QtBot) -> None:
    heard = Heard(cold)
    cold.start(small())
    assert cold.state is State.PREPARING
    with qtbot.waitSignal(cold.run_ended, timeout=PATIENCE):
        cold.warm_up()
    until(qtbot, cold, State.IDLE)
    assert heard.said == ["preparing", "running", "ended finished", "idle"]


def test_a_remembered_click_can_be_taken_back(cold: TrainingSession, qtbot: QtBot) -> None:
    heard = Heard(cold)
    cold.start(small())
    cold.stop()
    assert heard.said == ["preparing", "stopping", "ended stopped", "idle"]
    with qtbot.waitSignal(cold.torch_ready, timeout=PATIENCE):
        cold.warm_up()
    assert cold.state is State.IDLE
    assert not (cold.library or Path()).exists()


def test_warming_up_finds_the_devices(cold: TrainingSession, qtbot: QtBot) -> None:
    with qtbot.waitSignal(cold.devices_found, timeout=PATIENCE) as found:
        cold.warm_up()
    assert found.args[0][0].id == "cpu"
    assert cold.ready


def test_stop_keeps_what_was_learned(session: TrainingSession, qtbot: QtBot) -> None:
    heard = Heard(session)
    session.start(LONG)
    qtbot.waitUntil(lambda: session.run.step > 3, timeout=PATIENCE)
    with qtbot.waitSignal(session.run_ended, timeout=PATIENCE):
        session.stop()
        assert session.state is State.STOPPING
    until(qtbot, session, State.IDLE)
    assert heard.said == ["preparing", "running", "stopping", "ended stopped", "idle"]
    run = load_run(find_run(session.run.id, session.library))
    assert run.ended is not None
    assert (run.ended.status, run.step, run.saved_step) == ("stopped", session.run.step, session.run.step)


def test_stop_while_it_prepares(session: TrainingSession, qtbot: QtBot) -> None:
    heard = Heard(session)
    with qtbot.waitSignal(session.run_ended, timeout=PATIENCE):
        session.start(LONG)
        session.stop()
    until(qtbot, session, State.IDLE)
    assert heard.said == ["preparing", "stopping", "ended stopped", "idle"]
    assert session.run.step == 0


def test_paused_it_stands_still_and_continues(session: TrainingSession, qtbot: QtBot, waits: threading.Event) -> None:
    heard = Heard(session)
    session.start(LONG)
    until(qtbot, session, State.RUNNING)
    session.pause()
    assert session.state is State.PAUSED
    assert waits.wait(PATIENCE / 1000)
    folder = find_run(session.run.id, session.library)
    steps = load_run(folder).step
    qtbot.waitUntil(lambda: session.run.step == steps, timeout=PATIENCE)
    assert load_run(folder).step == steps
    session.proceed()
    assert session.state is State.RUNNING
    qtbot.waitUntil(lambda: session.run.step > steps, timeout=PATIENCE)
    with qtbot.waitSignal(session.run_ended, timeout=PATIENCE):
        session.stop()
    until(qtbot, session, State.IDLE)
    assert heard.said == ["preparing", "running", "paused", "running", "stopping", "ended stopped", "idle"]


def test_stop_in_a_pause(session: TrainingSession, qtbot: QtBot, waits: threading.Event) -> None:
    session.start(LONG)
    until(qtbot, session, State.RUNNING)
    session.pause()
    assert waits.wait(PATIENCE / 1000)
    with qtbot.waitSignal(session.run_ended, timeout=PATIENCE):
        session.stop()
    until(qtbot, session, State.IDLE)
    assert session.run.ended is not None
    assert session.run.ended.status == "stopped"


def test_what_makes_no_sense_now_does_nothing(session: TrainingSession, qtbot: QtBot) -> None:
    heard = Heard(session)
    session.pause()
    session.proceed()
    session.stop()
    assert heard.said == []
    session.start(LONG)
    run = session.run
    session.pause()
    session.start(small())
    assert session.run is run
    assert session.state is State.PREPARING
    with qtbot.waitSignal(session.run_ended, timeout=PATIENCE):
        session.stop()
    until(qtbot, session, State.IDLE)


def test_a_bug_ends_the_run_with_a_sentence_and_is_reported(
    session: TrainingSession, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("a bug")

    heard = Heard(session)
    monkeypatch.setattr(learner, "step_of", lambda spec: (broken, ()))
    with qtbot.waitSignal(session.crashed, timeout=PATIENCE):
        session.start(small())
    assert heard.said[-2:] == ["ended failed", "idle"]
    assert [str(error) for error in heard.crashes] == ["a bug"]
    end = session.run.ended
    assert end is not None
    assert end.message == "The run ended by a fault of the program."
    assert len(session.run.epochs) == 1
    monkeypatch.undo()
    train(qtbot, session, small())
    assert session.run.ended is not None
    assert session.run.ended.status == "finished"


def test_a_library_that_cannot_be_written_fails_the_run_with_the_sentence(cold: TrainingSession, qtbot: QtBot) -> None:
    assert cold.library is not None
    cold.library.touch()
    heard = Heard(cold)
    cold.start(small())
    with qtbot.waitSignal(cold.run_ended, timeout=PATIENCE):
        cold.warm_up()
    until(qtbot, cold, State.IDLE)
    end = cold.run.ended
    assert end is not None
    assert (end.status, heard.crashes) == ("failed", [])
    assert "cannot be written" in end.message
    assert "another folder" in end.hint


def test_a_device_that_is_not_there_fails_the_run_with_the_sentence(session: TrainingSession, qtbot: QtBot) -> None:
    heard = Heard(session)
    with qtbot.waitSignal(session.run_ended, timeout=PATIENCE):
        session.start(small(("device", "cuda:99")))
    until(qtbot, session, State.IDLE)
    assert session.run.ended is not None
    assert "there is no “cuda:99” here" in session.run.ended.message
    assert heard.crashes == []


def test_a_run_that_diverges_offers_its_mending(session: TrainingSession, qtbot: QtBot) -> None:
    wild = [("optimizer.kind", "sgd"), ("optimizer.lr", 10.0), ("architecture.activation", "leaky-relu")]
    folder = train(qtbot, session, small(*wild, ("batch_size", 10), ("epochs", 4)))
    end = session.run.ended
    assert end is not None
    assert (end.status, end.mending, end.run) == ("failed", (("optimizer.lr", 0.1),), folder.path.name)


def test_an_estimate_is_told_with_its_spec(session: TrainingSession, qtbot: QtBot) -> None:
    spec = small()
    with qtbot.waitSignal(session.estimated, timeout=PATIENCE) as told:
        session.estimate(spec)
    assert told.args[0] == spec
    assert 0 < told.args[1] < 60


def test_a_start_waits_for_an_estimate(session: TrainingSession, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both draw from torch's one generator: side by side they would change the run."""
    go_on, probing, training = threading.Event(), threading.Event(), threading.Event()
    prepare = Training._prepare

    def noted(made: Training) -> Any:
        training.set()
        return prepare(made)

    def slow(_: ExperimentSpec) -> float:
        probing.set()
        assert go_on.wait(PATIENCE / 1000)
        return 7.0

    monkeypatch.setattr(Training, "_prepare", noted)
    monkeypatch.setattr(probe, "expected_seconds", slow)
    estimates: list[float] = []
    session.estimated.connect(lambda _, seconds: estimates.append(seconds))
    session.estimate(small())
    assert probing.wait(PATIENCE / 1000)
    session.estimate(small())
    session.start(small())
    assert session.state is State.PREPARING
    assert not training.wait(0.3)  # would be set within milliseconds
    with qtbot.waitSignal(session.run_ended, timeout=PATIENCE):
        go_on.set()
    until(qtbot, session, State.IDLE)
    assert estimates == [7.0]
    assert session.run.ended is not None
    assert session.run.ended.status == "finished"


def test_no_estimate_before_torch_is_ready_nor_beside_a_run(
    cold: TrainingSession, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    probed: list[ExperimentSpec] = []
    monkeypatch.setattr(probe, "expected_seconds", lambda spec: probed.append(spec) or 1.0)
    cold.estimate(small())
    with qtbot.waitSignal(cold.torch_ready, timeout=PATIENCE):
        cold.warm_up()
    cold.start(LONG)
    cold.estimate(small())
    with qtbot.waitSignal(cold.run_ended, timeout=PATIENCE):
        cold.stop()
    until(qtbot, cold, State.IDLE)
    assert probed == []
    with qtbot.waitSignal(cold.estimated, timeout=PATIENCE):
        cold.estimate(small())
    assert probed == [small()]


def test_the_network_of_a_run_can_be_asked(session: TrainingSession, qtbot: QtBot) -> None:
    train(qtbot, session, small(("validation", 0.2)))
    answers: dict[str, Predictions] = {}
    weights = find_run(session.run.id, session.library).weights
    for split in ("train", "test"):
        session.ask_predictions(session.run, weights, split, lambda found, split=split: answers.update({split: found}))
    qtbot.waitUntil(lambda: len(answers) == 2, timeout=PATIENCE)
    assert (len(answers["train"]), len(answers["test"])) == (120, 100)
    best = session.run.best_epoch
    assert best is not None
    assert answers["test"].loss.tobytes() == best.predictions.loss.tobytes()


def test_what_cannot_be_done_in_the_background_is_complained_about(session: TrainingSession, qtbot: QtBot) -> None:
    with qtbot.waitSignal(session.complained, timeout=PATIENCE) as said:
        session.ask_predictions(Run(id="nowhere"), Path("weights"), "test", lambda _: None)
    assert "There is no run “nowhere”." in said.args[0].message


def test_a_bug_in_the_background_is_reported(session: TrainingSession, qtbot: QtBot) -> None:
    with qtbot.waitSignal(session.crashed, timeout=PATIENCE) as said:
        session.in_background(lambda: 1 / 0, lambda _: None)
    assert isinstance(said.args[0], ZeroDivisionError)
    assert session.state is State.IDLE


def test_finish_ends_a_run_in_time_and_keeps_it(session: TrainingSession, qtbot: QtBot) -> None:
    session.start(LONG)
    qtbot.waitUntil(lambda: session.run.step > 3, timeout=PATIENCE)
    began = time.monotonic()
    assert session.finish(3_000)
    assert time.monotonic() - began < 3
    run = load_run(find_run(session.run.id, session.library))
    assert run.ended is not None
    assert (run.ended.status, run.saved_step) == ("stopped", run.step)


def test_finish_gives_up_on_what_does_not_end(session: TrainingSession, qtbot: QtBot) -> None:
    go_on = threading.Event()
    done: list[object] = []
    for _ in range(3):
        session.in_background(lambda: go_on.wait(PATIENCE / 1000), done.append)
    began = time.monotonic()
    assert not session.finish(100)
    assert time.monotonic() - began < 2
    go_on.set()
    qtbot.waitUntil(lambda: done == [True] * 3, timeout=PATIENCE)


def test_after_finish_nothing_begins(session: TrainingSession, qtbot: QtBot) -> None:
    assert session.finish(1_000)
    done: list[object] = []
    session.start(small())
    session.estimate(small())
    session.in_background(lambda: 1, done.append)
    assert session.state is State.IDLE
    assert session.finish(1_000)
    assert done == []


def test_events_are_folded_in_batches(session: TrainingSession, qtbot: QtBot) -> None:
    """A run of hundreds of events tells its views five times a second, not hundreds of times."""
    changes: list[int] = []
    session.run_changed.connect(lambda run: changes.append(run.version))
    train(qtbot, session, small(("epochs", 60), ("dataset.train_size", 64)))
    assert session.run.version >= 180
    assert len(changes) < session.run.version / 3


def test_a_pause_before_the_first_step_is_remembered(qtbot: QtBot, session: TrainingSession) -> None:
    session.start(small(("epochs", 1)))
    session.pause()
    assert session.state is State.PREPARING
    qtbot.waitUntil(lambda: session.state is State.PAUSED, timeout=PATIENCE)
    assert session.run.step == 0
    with qtbot.waitSignal(session.run_ended, timeout=PATIENCE):
        session.proceed()
    assert session.run.ended is not None
    assert session.run.ended.status == "finished"


class TestSlowly:
    """One step, and a pace."""

    @pytest.fixture
    def held(self, session: TrainingSession, qtbot: QtBot) -> Iterator[TrainingSession]:
        """A session whose run waits before its first step."""
        session.start(LONG)
        session.pause()
        until(qtbot, session, State.PAUSED)
        yield session
        with qtbot.waitSignal(session.run_ended, timeout=PATIENCE):
            session.stop()
        until(qtbot, session, State.IDLE)

    def test_in_a_pause_single_steps_are_taken_and_shown(self, held: TrainingSession, qtbot: QtBot) -> None:
        heard = Heard(held)
        for number in (1, 2, 3):
            held.one_step()
            qtbot.waitUntil(lambda n=number: bool(held.run.shown and held.run.shown.step == n), timeout=PATIENCE)
            assert held.run.step == number
        assert heard.said == [], "it stays paused"
        shown = held.run.shown
        assert shown is not None
        assert (shown.loss, shown.rate) == (held.run.losses.values[-1], held.run.rates.values[-1])
        held.proceed()
        qtbot.waitUntil(lambda: held.run.step > 20, timeout=PATIENCE)

    def test_only_a_run_that_is_held_takes_single_steps(
        self, session: TrainingSession, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        asked: list[Control] = []
        monkeypatch.setattr(Control, "one_step", asked.append)
        session.one_step()
        session.start(LONG)
        session.one_step()
        until(qtbot, session, State.RUNNING)
        session.one_step()
        with qtbot.waitSignal(session.run_ended, timeout=PATIENCE):
            session.stop()
        session.one_step()
        until(qtbot, session, State.IDLE)
        assert asked == []

    def test_at_a_pace_a_run_goes_on_and_shows_its_steps(self, held: TrainingSession, qtbot: QtBot) -> None:
        shown: list[int] = []
        held.run_changed.connect(lambda run: shown.append(run.shown.step) if run.shown else None)
        held.set_speed(20)
        assert (held.speed, held.state) == (20, State.PAUSED)
        began = time.monotonic()
        held.proceed()
        assert held.state is State.RUNNING
        qtbot.waitUntil(lambda: held.run.step >= 10, timeout=PATIENCE)
        assert time.monotonic() - began > 0.4, "10 steps take half a second"
        assert sorted(shown) == shown
        assert shown[-1] >= 10
        held.set_speed(0)
        qtbot.waitUntil(lambda: held.run.step > 100, timeout=PATIENCE)

    def test_every_run_begins_as_fast_as_it_can(self, held: TrainingSession, qtbot: QtBot) -> None:
        held.set_speed(1)
        with qtbot.waitSignal(held.run_ended, timeout=PATIENCE):
            held.stop()
        until(qtbot, held, State.IDLE)
        held.start(LONG)
        assert held.speed == 0
        qtbot.waitUntil(lambda: held.run.step > 5, timeout=PATIENCE)

    def test_every_change_of_the_pace_is_told(self, held: TrainingSession, qtbot: QtBot) -> None:
        for speed in (5.0, 0.0):
            with qtbot.waitSignal(held.speed_changed) as told:
                held.set_speed(speed)
            assert told.args == [speed]

    def test_full_speed_chosen_in_a_pause_counts_from_the_next_step(self, held: TrainingSession, qtbot: QtBot) -> None:
        held.set_speed(1)
        held.one_step()
        qtbot.waitUntil(lambda: held.run.step == 1, timeout=PATIENCE)
        held.set_speed(0)
        held.proceed()
        began = time.monotonic()
        qtbot.waitUntil(lambda: held.run.step > 20, timeout=PATIENCE)
        assert time.monotonic() - began < 10, "at one step a second it would take twenty"
