"""A run's folder while and after it is recorded."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from fmstudio import __version__, paths
from fmstudio.data.library import fingerprint
from fmstudio.errors import UserError
from fmstudio.experiment.draft import changed
from fmstudio.experiment.reading import read_spec
from fmstudio.experiment.spec import ExperimentSpec, to_mapping
from fmstudio.runs import recorder
from fmstudio.runs.recorder import Recorder, new_folder, predictions_bytes
from fmstudio.runs.run import Run
from fmstudio.runs.store import RunFolder, find_run, load_run, read_predictions
from fmstudio.training.checkpoints import load_weights
from fmstudio.training.control import Control
from fmstudio.training.events import (
    CheckpointSaved,
    EpochEnded,
    Event,
    PicturesWatched,
    Predictions,
    RunEnded,
    RunStarted,
    SavingFailed,
    StepsTaken,
)
from fmstudio.training.loop import Training
from fmstudio.training.state import packed

EMPTY = np.empty(0, np.int64)
NOBODY = Predictions(EMPTY, EMPTY, EMPTY, np.empty(0, np.float32), np.empty((0, 10), np.float16))


def small(*changes: tuple[str, Any]) -> ExperimentSpec:
    tiny = [
        ("name", "Try"),
        ("dataset.train_size", 150),
        ("dataset.test_size", 200),
        ("batch_size", 64),
        ("threads", 1),
    ]
    return read_spec(changed(to_mapping(ExperimentSpec()), [*tiny, *changes]))


def record(library: Path, spec: ExperimentSpec | None = None) -> tuple[list[Event], RunFolder, Training]:
    training = Training(spec or small(), Control())
    events = list(Recorder(training, library).events())
    (end,) = [event for event in events if isinstance(event, RunEnded)]
    return events, find_run(end.run, library), training


class Told:
    """Stands in for a training: tells the events that it is given; its weight is the epoch's number."""

    device, threads = "cpu", 1

    start = None

    def __init__(self, *events: Event) -> None:
        self.spec = small()
        self.control = Control()
        self._events = events
        self._epoch = -1

    def events(self) -> Iterator[Event]:
        for event in self._events:
            if isinstance(event, EpochEnded):
                self._epoch = event.epoch
            yield event

    def weights(self) -> dict[str, torch.Tensor]:
        return {"w": torch.tensor(float(self._epoch))}

    newest_weights = weights

    def state(self) -> bytes:
        return packed({"epoch": self._epoch})


def epoch(number: int, validation: float | None = None) -> EpochEnded:
    return EpochEnded(
        epoch=number, step=number, train_loss=1, train_accuracy=0, test_loss=1, test_accuracy=0, seconds=1,
        evaluation_seconds=1, validation_accuracy=validation, predictions=NOBODY,
    )  # fmt: skip


STARTED = RunStarted(epochs=3, steps_per_epoch=1, train_size=1, test_size=1)
FINISHED = RunEnded(status="finished", epoch=3, step=3)


def recorded(library: Path, *events: Event) -> RunFolder:
    told: Any = Told(STARTED, *events, FINISHED)
    end = list(Recorder(told, library).events())[-1]
    assert isinstance(end, RunEnded)
    return find_run(end.run, library)


def test_the_folder_holds_what_the_contract_says(tmp_path: Path) -> None:
    _, folder, _ = record(tmp_path)
    files = {path.relative_to(folder.path).as_posix() for path in folder.path.rglob("*") if path.is_file()}
    assert files == {
        ".lock", "spec.json", "events.jsonl", "environment.json", "last.safetensors", "weights.safetensors",
        "predictions/epoch-00000.npz", "predictions/epoch-00001.npz", "predictions/epoch-00002.npz",
        "epochs/epoch-00000.safetensors", "epochs/epoch-00001.safetensors", "epochs/epoch-00002.safetensors",
    }  # fmt: skip
    assert [path.name for path in tmp_path.iterdir()] == [folder.path.name]


def test_the_spec_in_the_folder_is_the_spec(tmp_path: Path) -> None:
    spec = small(("name", "卷积"), ("optimizer.kind", "sgd"), ("optimizer.momentum", 0.5))
    _, folder, _ = record(tmp_path, spec)
    assert folder.read_spec() == spec
    assert json.loads(folder.spec.read_text(encoding="utf-8"))["name"] == "卷积"


def test_the_environment_says_with_what_it_ran(tmp_path: Path) -> None:
    _, folder, training = record(tmp_path)
    found = json.loads(folder.environment.read_text(encoding="utf-8"))
    assert found["fmstudio"] == __version__
    assert found["versions"]["torch"].partition("+")[0] == torch.__version__.partition("+")[0]
    assert (found["device"], found["threads"]) == ("cpu", training.threads)
    assert found["data"] == {"fashion-mnist": fingerprint("fashion-mnist")}


def test_events_carry_the_runs_id_and_saving_follows_each_epoch(tmp_path: Path) -> None:
    events, folder, _ = record(tmp_path)
    assert isinstance(events[0], RunStarted)
    assert events[0].run == folder.path.name
    names = [type(event).__name__ for event in events if not isinstance(event, StepsTaken | PicturesWatched)]
    assert names == ["RunStarted", *["EpochEnded", "CheckpointSaved"] * 3, "RunEnded"]


def test_what_is_said_to_be_saved_is_on_the_disk(tmp_path: Path) -> None:
    told: Any = Told(STARTED, epoch(0), epoch(1), FINISHED)
    for event in Recorder(told, tmp_path).events():
        (path,) = tmp_path.iterdir()
        folder = RunFolder(path)
        if isinstance(event, CheckpointSaved):
            assert load_weights(folder.last)["w"] == event.epoch
        if isinstance(event, EpochEnded):
            assert folder.predictions(event.epoch).is_file()
        lines = folder.events.read_text(encoding="utf-8").splitlines()
        assert json.loads(lines[-1])["event"] == type(event).__name__


def test_a_run_read_from_its_folder_is_the_run_that_was_seen(tmp_path: Path) -> None:
    spec = small(("validation", 30), ("schedule.kind", "one-cycle"))
    events, folder, _ = record(tmp_path, spec)
    live, read = Run(spec=to_mapping(spec)), load_run(folder)
    for event in events:
        live.apply(event)
    assert (read.id, read.spec, read.step, read.seconds) == (live.id, live.spec, live.step, live.seconds)
    assert read.losses.values.tobytes() == live.losses.values.tobytes()
    assert read.rates.values.tobytes() == live.rates.values.tobytes()
    assert read.saved_step == live.saved_step == 4
    assert read.ended is not None
    assert read.ended.status == "finished"
    assert read.started is not None
    assert live.started is not None
    assert read.started.watched.tolist() == live.started.watched.tolist()
    assert len(read.epochs) == len(live.epochs) == 3
    for mine, seen in zip(read.epochs, live.epochs, strict=True):
        assert repr(_numbers(mine)) == repr(_numbers(seen))
        for name in ("samples", "labels", "predicted", "loss", "probabilities"):
            ours, theirs = getattr(mine.predictions, name), getattr(seen.predictions, name)
            assert (ours.dtype, ours.tobytes()) == (theirs.dtype, theirs.tobytes()), name
    assert read.best_epoch is not None
    assert live.best_epoch is not None
    assert read.best_epoch.epoch == live.best_epoch.epoch


def test_predictions_are_small_and_hold_no_pickle(tmp_path: Path) -> None:
    _, folder, _ = record(tmp_path)
    with np.load(folder.predictions(2), allow_pickle=False) as arrays:
        assert set(arrays) == {"samples", "labels", "predicted", "loss", "probabilities"}
        assert arrays["loss"].dtype == np.float32
        assert arrays["probabilities"].dtype == np.float16
        assert arrays["predicted"].dtype == np.uint16


@pytest.mark.parametrize("largest", [3, 65_535, 65_536, 10**12])
def test_large_numbers_survive(tmp_path: Path, largest: int) -> None:
    numbers = np.array([0, largest], np.int64)
    floats = np.array([0.1, np.inf], np.float32)
    path = tmp_path / "p.npz"
    path.write_bytes(predictions_bytes(Predictions(numbers, numbers, numbers, floats, np.eye(2, dtype=np.float16))))
    assert read_predictions(path).samples.tolist() == [0, largest]
    assert read_predictions(path).loss.tolist() == floats.tolist()


def test_without_validation_the_weights_that_count_are_the_last(tmp_path: Path) -> None:
    folder = recorded(tmp_path, epoch(0), epoch(1), epoch(2))
    assert load_weights(folder.weights)["w"] == load_weights(folder.last)["w"] == 2


@pytest.mark.parametrize(
    ("accuracies", "best"),
    [([0.1, 0.5, 0.7, 0.6], 2), ([0.9, 0.2, 0.1, 0.1], 1), ([0.1, 0.5, 0.5, 0.4], 1), ([0, 0, 0, 0], 1), ([0.3], 0)],
)
def test_with_validation_they_are_the_best_trained_ones(tmp_path: Path, accuracies: list[float], best: int) -> None:
    events = [epoch(number, accuracy) for number, accuracy in enumerate(accuracies)]
    folder = recorded(tmp_path, *events)
    assert load_weights(folder.weights)["w"] == best
    assert load_weights(folder.last)["w"] == len(accuracies) - 1
    shown = load_run(folder).best_epoch
    assert (shown.epoch if shown else 0) == best


def test_the_weights_on_the_disk_are_the_trainings(tmp_path: Path) -> None:
    _, folder, training = record(tmp_path)
    weights = training.weights()
    found = load_weights(folder.weights)
    assert found.keys() == weights.keys()
    assert all(torch.equal(found[name], weights[name]) for name in weights)


def test_a_failed_run_keeps_its_curves_and_its_last_sound_weights(tmp_path: Path) -> None:
    wild = (("optimizer.kind", "sgd"), ("optimizer.lr", 10.0), ("architecture.activation", "leaky-relu"))
    events, folder, training = record(tmp_path, small(*wild, ("batch_size", 10), ("epochs", 4)))
    run = load_run(folder)
    assert run.ended is not None
    assert (run.ended.status, run.ended.mending) == ("failed", (("optimizer.lr", 0.1),))
    assert run.step == run.ended.step
    assert np.isnan(run.losses.values[-1])
    found = load_weights(folder.weights)
    assert all(bool(value.isfinite().all()) for value in found.values())
    assert all(torch.equal(found[name], value) for name, value in training.weights().items())
    assert isinstance(events[-1], RunEnded)


def test_the_watched_pictures_are_passed_on_but_not_written(tmp_path: Path) -> None:
    watched = PicturesWatched(step=1, predictions=NOBODY)
    told: Any = Told(STARTED, watched, FINISHED)
    assert watched in list(Recorder(told, tmp_path).events())
    (path,) = tmp_path.iterdir()
    assert "PicturesWatched" not in RunFolder(path).events.read_text(encoding="utf-8")


class Noon(datetime):
    """A clock that stands still."""

    @classmethod
    def now(cls, tz: Any = None) -> "Noon":
        """Always the same second."""
        return cls(2026, 3, 1, 12, 0, 0, tzinfo=tz or UTC)


def test_runs_of_the_same_second_get_folders_of_their_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recorder, "datetime", Noon)
    names = [new_folder(tmp_path, small(("name", "My run!"))).path.name for _ in range(3)]
    assert names == ["20260301-120000-my-run", "20260301-120000-my-run-2", "20260301-120000-my-run-3"]


@pytest.mark.parametrize(
    ("name", "slug"),
    [("", "run"), ("卷积", "run"), ("../../etc/passwd", "etc-passwd"), ("a" * 99, "a" * 40), ("A  b_C", "a-b-c")],
)
def test_the_folders_name_is_tame(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, slug: str) -> None:
    monkeypatch.setattr(recorder, "datetime", Noon)
    folder = new_folder(tmp_path, small(("name", name)))
    assert folder.path == tmp_path / f"20260301-120000-{slug}"


def test_the_library_is_made_and_is_the_users_unless_another_is_named(studio_home: Path) -> None:
    told: Any = Told(STARTED, FINISHED)
    list(Recorder(told).events())
    assert paths.library() == studio_home / "runs"
    assert len(list((studio_home / "runs").iterdir())) == 1


def test_a_library_that_cannot_be_written_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UserError) as raised:
        record(tmp_path / "file")
    assert str(tmp_path / "file") in raised.value.message
    assert "cannot be written" in raised.value.message
    assert "another folder" in raised.value.hint


def test_on_a_full_disk_the_run_goes_on_and_says_so_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The journal lies on a disk that is full from the start."""
    made = recorder.new_folder

    def on_full_disk(library: Path, spec: ExperimentSpec) -> RunFolder:
        folder = made(library, spec)
        folder.events.symlink_to("/dev/full")
        return folder

    if not Path("/dev/full").exists():
        pytest.skip("there is no /dev/full here")
    monkeypatch.setattr(recorder, "new_folder", on_full_disk)
    events = list(Recorder(Training(small(), Control()), tmp_path).events())
    (failed,) = [event for event in events if isinstance(event, SavingFailed)]
    assert failed.message.endswith("events.jsonl cannot be written: No space left on device.")
    assert [event.epoch for event in events if isinstance(event, EpochEnded)] == [0, 1, 2]
    assert [event.status for event in events if isinstance(event, RunEnded)] == ["finished"]
    assert not any(isinstance(event, CheckpointSaved) for event in events)


def test_what_could_not_be_written_is_written_when_it_can_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first time the last weights are written the disk fails; all is there at the end."""
    write, refused = recorder.write_atomically, []

    def refuse_once(path: Path, content: bytes | str) -> None:
        if path.name == "last.safetensors" and not refused:
            refused.append(path)
            path = path / "not" / "here"
        write(path, content)

    monkeypatch.setattr(recorder, "write_atomically", refuse_once)
    events, folder, training = record(tmp_path)
    assert refused
    assert [type(event) for event in events if isinstance(event, SavingFailed | RunEnded)] == [SavingFailed, RunEnded]
    assert isinstance(events[-2], CheckpointSaved)
    assert load_run(folder).trouble is None
    kept = load_weights(folder.last)
    assert all(torch.equal(kept[name], value) for name, value in training.weights().items())
    assert len(load_run(folder).epochs) == 3
    assert all(len(epoch.predictions) for epoch in load_run(folder).epochs)


def _numbers(event: EpochEnded) -> dict[str, Any]:
    return {name: value for name, value in vars(event).items() if not isinstance(value, Predictions)} | {
        "validation_predictions": None
    }
