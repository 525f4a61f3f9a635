"""A run that was stopped or killed goes on, bit for bit, as if it had never stopped."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from fmstudio.errors import UserError
from fmstudio.experiment.draft import changed
from fmstudio.experiment.reading import read_spec
from fmstudio.experiment.spec import ExperimentSpec, to_mapping
from fmstudio.runs.beginning import begin, look_before, resume
from fmstudio.runs.library import Library
from fmstudio.runs.run import Run
from fmstudio.runs.states import States
from fmstudio.runs.store import RunFolder, find_run, load_run
from fmstudio.training.checkpoints import load_weights
from fmstudio.training.control import Control
from fmstudio.training.events import EpochEnded, RunEnded, RunResumed, RunStarted, StepsTaken

FIGURES = (
    "epoch",
    "step",
    "train_loss",
    "train_accuracy",
    "test_loss",
    "test_accuracy",
    "validation_accuracy",
    "stale",
)
HARD = [
    ("architecture.kind", "layers"),
    ("architecture.layers", [
        {"kind": "conv2d", "channels": 4}, {"kind": "batch-norm"}, {"kind": "relu"},
        {"kind": "dropout", "p": 0.3}, {"kind": "flatten"}, {"kind": "linear", "features": 10},
    ]),
    ("averaging", 0.9), ("validation", 40), ("optimizer.fused", True),
]  # fmt: skip


def spec_of(*changes: tuple[str, Any]) -> ExperimentSpec:
    tiny = [("dataset.train_size", 200), ("dataset.test_size", 100), ("batch_size", 64), ("epochs", 3), ("threads", 1)]
    return read_spec(changed(to_mapping(ExperimentSpec()), [*tiny, *changes]))


def stopped_at(spec: ExperimentSpec, library: Path, step: int) -> RunFolder:
    """A run that the user stopped after a step: 0 is before the first one."""
    control = Control()
    run = ""
    for event in begin(spec, control, library).events():
        if isinstance(event, RunStarted):
            run = event.run
            control.pause()
            _step_until(control, step)
    return find_run(run, library)


def _step_until(control: Control, step: int) -> None:
    """Let the training take so many single steps, and stop it then: obeyed at its own turns."""
    left = step

    def turn() -> None:
        nonlocal left
        if left == 0:
            control.stop()
        left -= 1

    control.wait_for_turn = turn  # type: ignore[method-assign]


def same(one: RunFolder, other: RunFolder) -> None:
    """Both runs are the same: losses, rates, figures, answers, weights."""
    a, b = load_run(one), load_run(other)
    np.testing.assert_array_equal(a.losses.values, b.losses.values)
    np.testing.assert_array_equal(a.rates.values, b.rates.values)
    assert [[repr(getattr(epoch, name)) for name in FIGURES] for epoch in a.epochs] == [
        [repr(getattr(epoch, name)) for name in FIGURES] for epoch in b.epochs
    ]
    for mine, theirs in zip(a.epochs, b.epochs, strict=True):
        np.testing.assert_array_equal(mine.predictions.predicted, theirs.predictions.predicted)
    for left, right in ((one.last, other.last), (one.weights, other.weights)):
        mine, theirs = load_weights(left), load_weights(right)
        assert mine.keys() == theirs.keys()
        assert all(torch.equal(mine[name], theirs[name]) for name in mine)


def whole(spec: ExperimentSpec, library: Path) -> RunFolder:
    (end,) = [event for event in begin(spec, Control(), library).events() if isinstance(event, RunEnded)]
    return find_run(end.run, library)


@pytest.mark.parametrize("step", range(9))
def test_a_hard_run_stopped_at_any_step_goes_on_bit_for_bit(tmp_path: Path, step: int) -> None:
    spec = spec_of(*HARD)
    folder = stopped_at(spec, tmp_path / "a", step)
    assert load_run(folder).step == step
    assert look_before(folder).step == step
    events = list(resume(folder, Control()).events())
    assert isinstance(events[0], RunResumed)
    same(folder, whole(spec, tmp_path / "b"))
    assert not States(folder).files()


@pytest.mark.parametrize("hurried", [False, True])
def test_a_run_that_is_stopped_at_the_end_of_an_epoch_loses_no_step(tmp_path: Path, hurried: bool) -> None:
    """The weights are saved there by themselves; going on needs more than those."""
    spec, control = spec_of(), Control()
    for event in begin(spec, control, tmp_path / "a").events():
        if isinstance(event, EpochEnded) and event.epoch == 2:
            control.hurry() if hurried else control.stop()
    (path,) = (tmp_path / "a").iterdir()
    folder = RunFolder(path)
    assert look_before(folder).step == load_run(folder).step == 8
    assert not look_before(folder).notes
    list(resume(folder, Control()).events())
    same(folder, whole(spec, tmp_path / "b"))


def test_a_run_that_was_cut_off_goes_on_from_its_newest_checkpoint(tmp_path: Path) -> None:
    """As after a kill: the generator is left in the middle; later steps are told in the file, and do not count."""
    spec = spec_of()
    recorder = begin(spec, Control(), tmp_path / "a")
    events = recorder.events()
    for event in events:
        if isinstance(event, StepsTaken) and event.step >= 6:
            break
    events.close()  # type: ignore[attr-defined]
    (path,) = (tmp_path / "a").iterdir()
    folder = RunFolder(path)
    with folder.events.open("ab") as file:
        file.write(b'{"event": "StepsTaken", "st')  # torn
    assert load_run(folder).ended is None
    assert look_before(folder).differences == ()
    found, told = look_before(folder), load_run(folder).step
    assert found.notes == (f"{told - found.step} steps were taken after the last checkpoint; they are taken again.",)
    assert told - found.step >= 6
    list(resume(folder, Control()).events())
    same(folder, whole(spec, tmp_path / "b"))


def test_a_run_that_was_cut_off_before_its_first_checkpoint_begins_anew(tmp_path: Path) -> None:
    """What was told before is told again, and counts once."""
    spec = spec_of()
    events = begin(spec, Control(), tmp_path / "a").events()
    for event in events:
        if isinstance(event, EpochEnded):
            break
    events.close()  # type: ignore[attr-defined]
    (path,) = (tmp_path / "a").iterdir()
    folder = RunFolder(path)
    assert not States(folder).files()
    list(resume(folder, Control()).events())
    same(folder, whole(spec, tmp_path / "b"))
    (row,) = Library(tmp_path / "a").summaries()
    assert (row.epochs, row.state) == (3, "finished")


def test_a_spoiled_checkpoint_is_not_the_only_one(tmp_path: Path) -> None:
    spec = spec_of()
    folder = stopped_at(spec, tmp_path / "a", 5)
    newest, *older = States(folder).files()
    assert older
    newest.write_bytes(newest.read_bytes()[:500])
    list(resume(folder, Control()).events())
    same(folder, whole(spec, tmp_path / "b"))


def test_a_finished_run_is_not_resumed(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="has come to its end"):
        resume(whole(spec_of(("epochs", 1)), tmp_path), Control())


def test_what_differs_is_said(tmp_path: Path) -> None:
    folder = stopped_at(spec_of(), tmp_path, 2)
    text = folder.environment.read_text(encoding="utf-8")
    folder.environment.write_text(text.replace('"numpy": "', '"numpy": "0'), encoding="utf-8")
    folder.spec.write_text(folder.spec.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    found = look_before(folder)
    assert (found.step, len(found.differences)) == (2, 2)
    assert "numpy was 0" in found.differences[0]
    assert found.differences[1] == "Its settings were changed since it began."


def test_a_new_run_begins_with_the_weights_of_another(tmp_path: Path) -> None:
    first = whole(spec_of(("epochs", 1)), tmp_path)
    spec = spec_of(("epochs", 2), ("start_from", first.path.name))
    second = whole(spec, tmp_path)
    a, b = load_run(first), load_run(second)
    assert b.epochs[0].test_loss == a.epochs[-1].test_loss
    assert load_weights(second.start).keys() == load_weights(first.last).keys()
    assert read_spec(dict(Run(spec=b.spec).spec)).start_from == first.path.name


def test_weights_of_another_network_are_refused_before_anything_is_written(tmp_path: Path) -> None:
    first = whole(spec_of(("epochs", 1)), tmp_path)
    spec = spec_of(("architecture.kind", "mlp"), ("start_from", first.path.name))
    with pytest.raises(UserError, match="belong to another network"):
        begin(spec, Control(), tmp_path)
    with pytest.raises(UserError, match="neither a run nor a file"):
        begin(spec_of(("start_from", "nowhere")), Control(), tmp_path)
    assert len(list(tmp_path.iterdir())) == 1
