"""Cross-validation: every picture is asked about once, by a network that did not learn from it."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from fmstudio.catalog.datasets import Linear
from fmstudio.data.corrections import pictures_of
from fmstudio.errors import UserError
from fmstudio.experiment.spec import ExperimentSpec
from fmstudio.training.batches import prepare
from fmstudio.training.control import Control
from fmstudio.training.cross_validation import FoldAsked, FoldTrained, ask_fold, fold_spec
from fmstudio.training.events import Predictions, RunEnded
from fmstudio.training.loop import Training

Small = Callable[..., ExperimentSpec]
QUICK = (("architecture.kind", "softmax-regression"), ("epochs", 2))


def asked(spec: ExperimentSpec, fold: int, folds: int = 3) -> Predictions:
    *steps, last = ask_fold(spec, fold, folds, Control())
    assert all(isinstance(step, FoldTrained) and 0 < step.share <= 1 for step in steps)
    assert isinstance(last, FoldAsked)
    return last.predictions


@pytest.mark.parametrize("folds", [2, 3, 7])
@pytest.mark.parametrize("validation", [0, 0.2])
def test_the_folds_part_the_training_pictures(small: Small, folds: int, validation: float) -> None:
    spec = small(("validation", validation))
    every = set(prepare(small(), "cpu").train.samples.tolist())
    found: list[int] = []
    for fold in range(folds):
        made = fold_spec(spec, fold, folds)
        material = prepare(made, "cpu")
        learned, held, tested = (
            set(part.samples.tolist()) for part in (material.train, material.validation, material.test)
        )
        assert (len(learned), len(held), len(tested)) == (made.train_samples, made.validation_samples, made.asked)
        assert not learned & tested
        assert not held & tested
        assert not learned & held
        assert learned | held | tested == every
        assert made.facts.steps_per_epoch == -(-len(learned) // 64)
        found += tested
    assert sorted(found) == sorted(every)


def test_it_is_the_same_every_time(small: Small) -> None:
    spec = small(*QUICK)
    first, second = asked(spec, 1), asked(spec, 1)
    np.testing.assert_array_equal(first.probabilities, second.probabilities)
    np.testing.assert_array_equal(first.samples, second.samples)
    assert not set(first.samples.tolist()) & set(asked(spec, 0).samples.tolist())


def test_the_labels_are_those_of_the_spec(small: Small) -> None:
    sample = int(pictures_of(small().dataset, 0).train.samples[0])  # type: ignore[arg-type]
    spec = small(*QUICK, ("dataset.corrections", [["train", sample, 7]]))
    parts = [asked(spec, fold) for fold in range(3)]
    found = [int(part.labels[part.samples == sample][0]) for part in parts if sample in part.samples]
    assert found == [7]


@pytest.mark.parametrize(
    "changes",
    [
        [("schedule.kind", "plateau"), ("validation", 0.2)],
        [("early_stopping", 1), ("validation", 0.2), ("epochs", 6)],
        [("schedule.kind", "one-cycle")],
        [("averaging", 0.9)],
        [("batch_size", "all"), ("optimizer.kind", "lbfgs")],
        [("architecture.kind", "mlp"), ("architecture.batch_norm", True), ("batch_size", 199)],
    ],
    ids=["plateau", "early-stopping", "one-cycle", "averaging", "lbfgs", "lone-sample"],
)
def test_whatever_a_run_can_do_a_fold_can_do(small: Small, changes: list[tuple[str, Any]]) -> None:
    assert len(asked(small(*QUICK, *changes), 0)) == 100


def test_a_stop_ends_it_without_answers(small: Small, each_step_told: None) -> None:
    control = Control()
    steps = ask_fold(small(*QUICK, ("epochs", 50)), 0, 3, control)
    assert isinstance(next(steps), FoldTrained)
    control.stop()
    assert not [step for step in steps if isinstance(step, FoldAsked)]


def test_what_cannot_be_trained_says_so(small: Small) -> None:
    for folds in (1, 21, 200):
        with pytest.raises(UserError, match="into"):
            fold_spec(small(), 0, folds)
    with pytest.raises(UserError, match="no labels"):
        fold_spec(small().model_copy(update={"dataset": Linear()}), 0, 3)
    with pytest.raises(UserError, match="too few"):
        fold_spec(small(("batch_size", 250), ("drop_last", True)), 0, 3)


def test_a_training_that_fails_says_why(small: Small, monkeypatch: pytest.MonkeyPatch) -> None:
    end = RunEnded(status="failed", epoch=1, step=3, message="The loss became infinite.", hint="Go slower.")
    monkeypatch.setattr(Training, "events", lambda self: iter([end]))
    with pytest.raises(UserError, match=r"became infinite\. Go slower"):
        list(ask_fold(small(), 0, 3, Control()))
