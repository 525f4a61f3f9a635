"""Runs found and read, whatever else lies in the library."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from fmstudio.catalog.datasets import Pictures
from fmstudio.errors import UserError
from fmstudio.experiment.spec import ExperimentSpec, to_mapping
from fmstudio.runs.journal import NO_PREDICTIONS, to_line
from fmstudio.runs.recorder import predictions_bytes
from fmstudio.runs.store import RunFolder, find_run, load_run, read_predictions, run_folders
from fmstudio.training.events import (
    CheckpointSaved,
    EpochEnded,
    Event,
    NumberPredictions,
    ParametersMoved,
    Predictions,
    QuickChecked,
    RunEnded,
    RunStarted,
    StepsTaken,
)

THREE = np.arange(3)
ANSWERS = Predictions(THREE, THREE, THREE, np.ones(3, np.float32), np.eye(3, dtype=np.float16))
EVENTS: tuple[Event, ...] = (
    RunStarted(run="r", name="卷积", epochs=1, steps_per_epoch=2, train_size=4, test_size=3),
    EpochEnded(
        epoch=0, step=0, train_loss=1, train_accuracy=0, test_loss=1, test_accuracy=0, seconds=0,
        evaluation_seconds=0, predictions=ANSWERS,
    ),
    CheckpointSaved(epoch=0, step=0),
    StepsTaken(step=2, epoch=1, losses=np.ones(2, np.float32), rates=np.ones(2, np.float32), seconds=1),
    QuickChecked(step=2, accuracy=0.5, loss=1, predictions=ANSWERS),
    RunEnded(status="stopped", run="r", epoch=1, step=2, message="用户停止了运行"),
)  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    """A run's folder, as the recorder leaves it, but without weights."""
    made = RunFolder(tmp_path / "20260101-000000-r")
    (made.path / "predictions").mkdir(parents=True)
    made.spec.write_text(json.dumps(to_mapping(ExperimentSpec())), encoding="utf-8")
    made.events.write_text("".join(to_line(event) + "\n" for event in EVENTS), encoding="utf-8")
    made.predictions(0).write_bytes(predictions_bytes(ANSWERS))
    return made


def test_a_run_is_read(folder: RunFolder) -> None:
    run = load_run(folder)
    assert (run.id, run.step, run.saved_step) == ("r", 2, 0)
    assert run.ended is not None
    assert run.ended.message == "用户停止了运行"
    assert run.epochs[0].predictions.predicted.tolist() == [0, 1, 2]
    assert run.answers is run.epochs[0].predictions


def test_the_seed_of_an_earlier_run_drew_its_test_pictures_too(folder: RunFolder) -> None:
    def recorded(**dataset: object) -> tuple[int, object]:
        spec = {**to_mapping(ExperimentSpec()), "seed": 7}
        del spec["dataset"]["test_seed"]
        folder.spec.write_text(json.dumps({**spec, "dataset": {**spec["dataset"], **dataset}}), encoding="utf-8")
        pictures = folder.read_spec().dataset
        assert isinstance(pictures, Pictures)
        return pictures.test_seed, load_run(folder).spec["dataset"].get("test_seed")

    assert recorded(test_size=50) == (7, 7)
    assert recorded(test_size=50, test_seed=0) == (0, 0)
    assert recorded(test_size=0) == (0, None)  # it took all: there was nothing to draw
    assert recorded(test_size=50, test_seed=3) == (3, 3)


def test_figures_can_be_read_without_predictions(folder: RunFolder) -> None:
    run = load_run(folder, predictions=False)
    assert run.epochs[0].predictions is NO_PREDICTIONS
    assert run.epochs[0].test_loss == 1


@pytest.mark.parametrize("cut", [1, 2, 12, 13, 14, 30])
def test_a_line_torn_by_a_crash_costs_that_line_alone(folder: RunFolder, cut: int) -> None:
    """Also within a letter of more than one byte."""
    folder.events.write_bytes(folder.events.read_bytes()[:-cut])
    run = load_run(folder)
    assert run.step == 2
    assert (run.ended is None) == (cut > 1)


def test_lines_that_are_no_events_are_left_out(folder: RunFolder) -> None:
    lines = folder.events.read_text(encoding="utf-8").split("\n")
    junk = ["", "wat", "[]", '{"event": "FromTheFuture", "x": 1}', "\x00\x00\x00"]
    folder.events.write_text("\n".join(junk + lines + junk), encoding="utf-8")
    run = load_run(folder)
    assert (run.step, len(run.epochs)) == (2, 1)
    assert run.ended is not None


def test_a_name_with_a_line_separator_is_no_end_of_a_line(folder: RunFolder) -> None:
    start = RunStarted(name="a\u2028b\x85c\x0bd", epochs=1, steps_per_epoch=2, train_size=4, test_size=3)
    folder.events.write_text(to_line(start) + "\n", encoding="utf-8")
    run = load_run(folder)
    assert run.started is not None
    assert run.started.name == "a\u2028b\x85c\x0bd"


def cut_off(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-40])


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def no_npz(path: Path) -> None:
    path.write_bytes(b"wat" * 99)


def lacking(path: Path) -> None:
    with path.open("wb") as file:
        np.savez(file, samples=THREE)


def pickled(path: Path) -> None:
    with path.open("wb") as file:
        np.savez(file, **{name: np.array([{}], object) for name in ("samples", "labels", "predicted", "loss")})


@pytest.mark.parametrize("damage", [Path.unlink, cut_off, emptied, no_npz, lacking, pickled])
def test_damaged_predictions_cost_the_predictions_alone(folder: RunFolder, damage: Callable[[Path], None]) -> None:
    damage(folder.predictions(0))
    run = load_run(folder)
    assert run.epochs[0].predictions is NO_PREDICTIONS
    assert run.step == 2


def test_a_run_without_events_is_a_run_that_did_not_begin(folder: RunFolder) -> None:
    folder.events.unlink()
    run = load_run(folder)
    assert (run.started, run.ended, run.step, run.id) == (None, None, 0, folder.path.name)


@pytest.mark.parametrize("content", [b"", b"{", b"[1]", b"3", b"null", b"\xff\xfe"])
def test_a_spec_that_is_none_is_said_so(folder: RunFolder, content: bytes) -> None:
    folder.spec.write_bytes(content)
    for read in (load_run, RunFolder.read_spec):
        with pytest.raises(UserError) as raised:
            read(folder)
        assert folder.path.name in raised.value.message
        assert raised.value.hint


def test_a_spec_of_another_version_is_said_so(folder: RunFolder) -> None:
    folder.spec.write_text('{"version": 99}', encoding="utf-8")
    with pytest.raises(UserError, match="this program reads version 1") as raised:
        folder.read_spec()
    assert raised.value.hint == "It may have been made by another version."


def test_a_run_is_found_by_its_id_and_by_its_path(folder: RunFolder, tmp_path: Path) -> None:
    assert find_run(folder.path.name, tmp_path) == folder
    assert find_run(str(folder.path), tmp_path / "elsewhere") == folder


@pytest.mark.parametrize("name", ["wat", "20260101-000000", "", "..", "a\x00b", "x" * 300])
def test_a_run_that_is_not_there_is_said_so(folder: RunFolder, tmp_path: Path, name: str) -> None:
    with pytest.raises(UserError) as raised:
        find_run(name, tmp_path)
    assert name in raised.value.message
    assert "fmstudio runs" in raised.value.hint


def test_runs_come_oldest_first_and_nothing_else_is_a_run(folder: RunFolder, tmp_path: Path) -> None:
    for name in ("20250101-000000-old", "20270101-000000-new"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "spec.json").write_text("{}", encoding="utf-8")
    (tmp_path / "holiday pictures").mkdir()
    (tmp_path / "notes.txt").touch()
    (tmp_path / "odd" / "spec.json").mkdir(parents=True)
    (tmp_path / "gone").symlink_to("nowhere")
    assert [found.path.name for found in run_folders(tmp_path)] == [
        "20250101-000000-old", folder.path.name, "20270101-000000-new",
    ]  # fmt: skip


def test_no_library_holds_no_runs(tmp_path: Path) -> None:
    assert run_folders(tmp_path / "none") == ()
    assert run_folders() == ()


def test_answers_in_numbers_are_kept_bit_for_bit(folder: RunFolder) -> None:
    numbers = NumberPredictions(
        samples=np.arange(70_000),
        targets=np.linspace(-1, 1, 70_000, dtype=np.float32),
        predicted=np.linspace(-1.1, 1e20, 70_000, dtype=np.float32),
        loss=np.full(70_000, 1e-30, np.float32),
    )
    folder.predictions(0).write_bytes(predictions_bytes(numbers))
    run = load_run(folder)
    read = run.epochs[0].predictions
    assert isinstance(read, NumberPredictions)
    assert run.learns_numbers
    for name in ("samples", "targets", "predicted", "loss"):
        np.testing.assert_array_equal(getattr(read, name), getattr(numbers, name))
    assert (read.samples.dtype, read.targets.dtype, read.loss.dtype) == (np.int64, np.float32, np.float32)


def test_figures_of_numbers_and_the_path_come_back(folder: RunFolder) -> None:
    figures: dict[str, float | None] = {"test_mae": 0.1, "test_rmse": 0.2, "test_r2": None}
    numbers = NumberPredictions(THREE, *[np.ones(3, np.float32)] * 3)
    ended = EpochEnded(
        epoch=1, step=2, train_loss=1, train_accuracy=np.nan, test_loss=1, test_accuracy=np.nan, validation_loss=0.5,
        validation_accuracy=np.nan, stale=3, seconds=0, evaluation_seconds=0, predictions=numbers, **figures,
    )  # fmt: skip
    moved = ParametersMoved(steps=np.array([0, 2]), values=np.array([[0, 0], [2.5, -1]], np.float32))
    with folder.events.open("a", encoding="utf-8") as file:
        file.writelines(to_line(event) + "\n" for event in (moved, ended))
    run = load_run(folder)
    last = run.epochs[-1]
    assert {name: getattr(last, name) for name in figures} == figures
    assert np.isnan(last.test_accuracy)
    assert (last.stale, last.figure) == (3, -0.5)
    assert run.parameters.tolist() == [2.5, -1]
    assert run.path[0].steps.tolist() == [0, 2]


def test_of_many_classes_the_greatest_probabilities_are_kept(tmp_path: Path) -> None:
    shares = np.random.default_rng(0).dirichlet(np.full(1000, 0.05), 30).astype(np.float16)
    answers = Predictions(np.arange(30), np.zeros(30, np.int64), shares.argmax(1), np.ones(30, np.float32), shares)
    path = tmp_path / "epoch.npz"
    path.write_bytes(predictions_bytes(answers))
    assert path.stat().st_size < shares.nbytes / 8
    again = read_predictions(path)
    assert isinstance(again, Predictions)
    assert again.probabilities.shape == (30, 1000)
    greatest = np.sort(shares, axis=1)[:, -20:]
    assert np.array_equal(np.sort(again.probabilities, axis=1)[:, -20:], greatest)
    assert np.array_equal(again.confidence, answers.confidence)


@pytest.mark.parametrize(
    "line",
    [
        "null", "[]", '{"event": "StepsTaken", "step": 1}', '{"event": "Nothing"}', "[" * 100_000,
        '{"event": "StepsTaken", "step": 1, "epoch": 1, "losses": {"a": 1}, "rates": 3, "seconds": 1}', "\x00\x80",
    ],
)  # fmt: skip
def test_a_hostile_line_is_left_out(tmp_path: Path, line: str) -> None:
    folder = RunFolder(tmp_path)
    folder.spec.write_text(json.dumps({"name": "x"}), encoding="utf-8")
    folder.events.write_text(line + "\n" + '{"event": "CheckpointSaved", "epoch": 1, "step": 9}\n', encoding="utf-8")
    assert load_run(folder).saved_step == 9


@pytest.mark.parametrize("text", ["[]", "3", "{", '"x"'])
def test_a_spec_that_is_no_object_is_said(tmp_path: Path, text: str) -> None:
    folder = RunFolder(tmp_path)
    folder.spec.write_text(text, encoding="utf-8")
    with pytest.raises(UserError, match="its spec cannot be read"):
        load_run(folder)
