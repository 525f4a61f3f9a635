"""Every loss and every optimizer really learns Fashion-MNIST, with a rate that its help names."""

from typing import Any

import pytest

from fmstudio.catalog.losses import LOSSES
from fmstudio.catalog.optimizers import OPTIMIZERS
from fmstudio.experiment.draft import changed
from fmstudio.experiment.reading import read_spec
from fmstudio.experiment.spec import ExperimentSpec, to_mapping
from fmstudio.training.control import Control
from fmstudio.training.events import EpochEnded
from fmstudio.training.loop import Training

SOME: list[tuple[str, Any]] = [
    ("dataset.train_size", 10_000), ("dataset.test_size", 2000), ("batch_size", 64), ("epochs", 3),
    ("architecture.kind", "softmax-regression"),
]  # fmt: skip
RATES = {"adam": 0.003, "adamw": 0.003, "adamax": 0.01}
"""Where the usual rate is made for longer runs."""


def accuracy(*changes: tuple[str, Any]) -> float:
    spec = read_spec(changed(to_mapping(ExperimentSpec()), [*SOME, *changes]))
    return [event for event in Training(spec, Control()).events() if isinstance(event, EpochEnded)][-1].test_accuracy


@pytest.mark.parametrize("kind", LOSSES)
def test_every_loss_on_classes(kind: str) -> None:
    assert accuracy(("loss.kind", kind), ("optimizer.lr", 0.003)) > 0.7


@pytest.mark.parametrize("kind", OPTIMIZERS)
def test_every_optimizer(kind: str) -> None:
    network = [("architecture.kind", "softmax-regression-sparse")] if OPTIMIZERS[kind].sparse else []
    rate = [("optimizer.lr", RATES[kind])] if kind in RATES else []
    whole = [("batch_size", "all")] if OPTIMIZERS[kind].closure else []  # as its help recommends
    assert accuracy(*network, ("optimizer.kind", kind), *rate, *whole) > 0.7
