"""Answers that are damaged, or about other classes or pictures, are a sentence; what was looked at stays."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from fmstudio.data.library import ImageData, load_images
from fmstudio.errors import UserError
from fmstudio.experiment.draft import changed
from fmstudio.experiment.spec import ExperimentSpec, to_mapping
from fmstudio.runs.run import Run
from fmstudio.session.fitting_answers import require_fitting_answers
from fmstudio.session.inspection import Inspection
from fmstudio.training.events import EpochEnded, Predictions, RunEnded, RunStarted

SIZES = {"train_size": 60, "test_size": 40}


@pytest.fixture(scope="module")
def data() -> ImageData:
    return load_images("fashion-mnist", **SIZES)


def answers(data: ImageData, **changes: Any) -> Predictions:
    count = len(data.test)
    made = Predictions(
        data.test.samples, data.test.labels, np.zeros(count, np.int64), np.ones(count, np.float32),
        np.full((count, 10), 0.1, np.float16),
    )  # fmt: skip
    return replace(made, **changes)


def run_of(*predictions: Predictions) -> Run:
    run = Run(spec=dict(changed(to_mapping(ExperimentSpec()), [(f"dataset.{k}", v) for k, v in SIZES.items()])))
    run.apply(RunStarted(epochs=2, steps_per_epoch=1, train_size=60, test_size=40, run="the-run"))
    for number, told in enumerate(predictions):
        run.apply(EpochEnded(epoch=number, step=number, train_loss=1, train_accuracy=0, test_loss=1, test_accuracy=0,
                             seconds=1, evaluation_seconds=1, predictions=told))  # fmt: skip
    run.apply(RunEnded(status="finished", epoch=len(predictions), step=1))
    return run


DAMAGES: dict[str, Any] = {
    "seven classes": lambda told: {"probabilities": told.probabilities[:, :7]},
    "cut off": lambda told: {"probabilities": told.probabilities[:9]},
    "no such class": lambda told: {"predicted": told.predicted + 10},
    "below zero": lambda told: {"labels": told.labels - 3},
    "other pictures": lambda told: {"samples": told.samples + 20_000},
    "short labels": lambda told: {"labels": told.labels[:9]},
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_answers_that_do_not_fit_are_a_sentence(data: ImageData, damage: str) -> None:
    whole = answers(data)
    broken = replace(whole, **DAMAGES[damage](whole))
    inspection = Inspection()
    inspection.show_data(data)
    before = run_of(whole)
    inspection.show_run(before)
    shown = inspection.data
    with pytest.raises(UserError, match="epoch 1 do not fit its pictures"):
        inspection.show_run(run_of(whole, broken))
    assert inspection.run is before
    assert inspection.data is shown
    assert inspection.sight.answers is not None


def test_answers_that_fit_or_are_missing_are_no_trouble(data: ImageData) -> None:
    whole = answers(data)
    none = replace(whole, **{name: getattr(whole, name)[:0] for name in ("samples", "labels", "predicted", "loss")},
                   probabilities=whole.probabilities[:0])  # fmt: skip
    require_fitting_answers(run_of(whole, none), 10, data.test.samples)
    require_fitting_answers(run_of(whole), 10)
    with pytest.raises(UserError):
        require_fitting_answers(run_of(whole), 11)
