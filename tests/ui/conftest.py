"""Runs that learn numbers, trained here by plain arithmetic (as for the tests of insight)."""

from collections.abc import Callable

import numpy as np
import pytest

from fmstudio.catalog.datasets import Linear
from fmstudio.insight.regression import LinearFit, answers_of, number_points
from fmstudio.runs.run import Run
from fmstudio.training.events import EpochEnded, ParametersMoved, RunEnded, RunStarted, StepsTaken

NumberRun = Callable[..., Run]


def trained(
    dataset: Linear, *, epochs: int = 5, lr: float = 0.1, loss: str = "mse", end: str = "finished", path: bool = True
) -> Run:
    """A run of whole-set steps of squared error, one an epoch."""
    points = number_points(dataset)
    count = len(dataset.w)
    spec = {"name": "Line", "dataset": {"kind": "linear", **dataset.model_dump()}, "loss": {"kind": loss},
            "optimizer": {"kind": "sgd", "lr": lr}, "epochs": epochs}  # fmt: skip
    run = Run(spec=spec, id="numbers")
    names = (*(f"w{number + 1}" for number in range(count)), "b")
    run.apply(RunStarted(epochs=epochs, steps_per_epoch=1, train_size=dataset.n, test_size=dataset.test_n,
                         parameters=names if path else ()))  # fmt: skip
    values = np.zeros(count + 1)
    for epoch in range(epochs + 1):
        if epoch:
            left = points.train_x @ values[:-1] + values[-1] - points.train_y
            values = values - lr * 2 * np.append(points.train_x.T @ left, left.sum()) / dataset.n
            losses, rates = np.array([(left**2).mean()], np.float32), np.array([lr], np.float32)
            run.apply(StepsTaken(step=epoch, epoch=epoch, losses=losses, rates=rates, seconds=0.1 * epoch))
        if path:
            run.apply(ParametersMoved(steps=np.array([epoch]), values=values[np.newaxis].astype(np.float32)))
        answers = answers_of(LinearFit(values[:-1], float(values[-1])), points)
        run.apply(
            EpochEnded(epoch=epoch, step=epoch, train_loss=1.0, train_accuracy=np.nan, test_accuracy=np.nan,
                       test_loss=float(answers.loss.mean()), test_mae=answers.mae, test_rmse=answers.rmse,
                       test_r2=answers.r2, seconds=0.1, evaluation_seconds=0.0, predictions=answers)
        )  # fmt: skip
    if end:
        run.apply(RunEnded(status=end, epoch=epochs, step=epochs))  # type: ignore[arg-type]
    return run


@pytest.fixture
def number_run() -> NumberRun:
    """Makes a run that learns numbers."""
    return trained
