"""A training that tells given arrays, fast: for tests of what writes them down."""

from collections.abc import Iterator

import numpy as np
import torch

from fmstudio.experiment.draft import changed
from fmstudio.experiment.reading import read_spec
from fmstudio.experiment.spec import ExperimentSpec, to_mapping
from fmstudio.training.control import Control
from fmstudio.training.events import EpochEnded, Event, Predictions, RunEnded, RunStarted, StepsTaken
from fmstudio.training.state import packed

SAMPLES = 500


class ToldTraining:
    """Three steps an epoch; everything in an epoch's files is its number.

    Args:
        epochs: How many.
    """

    device, threads, start = "cpu", 1, None

    def __init__(self, epochs: int) -> None:
        changes = [("epochs", epochs), ("dataset.train_size", 300), ("batch_size", 100), ("save_every", 1)]
        self.spec: ExperimentSpec = read_spec(changed(to_mapping(ExperimentSpec()), changes))
        self.control = Control()
        self._epoch = 0

    def events(self) -> Iterator[Event]:
        """A whole run."""
        yield RunStarted(epochs=self.spec.epochs, steps_per_epoch=3, train_size=300, test_size=SAMPLES)
        yield self._ended(0)
        for epoch in range(1, self.spec.epochs + 1):
            losses = np.full(3, epoch, np.float32)
            yield StepsTaken(step=3 * epoch, epoch=epoch, losses=losses, rates=losses, seconds=float(epoch))
            yield self._ended(epoch)
        yield RunEnded(status="finished", epoch=self.spec.epochs, step=3 * self.spec.epochs)

    def weights(self) -> dict[str, torch.Tensor]:
        """All the number of the epoch."""
        return {"w": torch.full((64, 64), float(self._epoch))}

    newest_weights = weights

    def state(self) -> bytes:
        """The number of the epoch."""
        return packed({"epoch": self._epoch, "w": torch.full((64, 64), float(self._epoch))})

    def _ended(self, epoch: int) -> EpochEnded:
        self._epoch = epoch
        numbers = np.arange(SAMPLES)
        answers = Predictions(
            samples=numbers,
            labels=numbers % 10,
            predicted=np.full(SAMPLES, epoch % 10),
            loss=np.full(SAMPLES, epoch, np.float32),
            probabilities=np.full((SAMPLES, 10), 0.1, np.float16),
        )
        return EpochEnded(
            epoch=epoch, step=3 * epoch, train_loss=float(epoch), train_accuracy=0.5, test_loss=float(epoch),
            test_accuracy=0.5, seconds=1.0, evaluation_seconds=0.1, predictions=answers,
        )  # fmt: skip
