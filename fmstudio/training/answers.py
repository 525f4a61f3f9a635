"""What a network answered for some samples. No Qt, no torch: read-only arrays."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Predictions:
    """What a network answered for some pictures of one split.

    Attributes:
        samples: Index of each picture in the data set's split, shape (n,).
        labels: True class of each, shape (n,).
        predicted: Predicted class of each, shape (n,).
        loss: Loss of each, shape (n,).
        probabilities: Softmax probabilities 0…1, half precision, shape (n, classes).
    """

    samples: Ints
    labels: Ints
    predicted: Ints
    loss: Floats
    probabilities: NDArray[np.float16]

    @property
    def right(self) -> NDArray[np.bool_]:
        """Which predictions are right, shape (n,)."""
        return np.asarray(self.predicted == self.labels, np.bool_)

    @property
    def confidence(self) -> Floats:
        """Probability of the predicted class, 0…1, shape (n,)."""
        return np.asarray(self.probabilities.max(axis=1), np.float32)

    @property
    def margin(self) -> Floats:
        """How far the probability of the predicted class lies above the second one, 0…1, shape (n,)."""
        if self.probabilities.shape[1] < 2:
            return np.ones(len(self), np.float32)
        two = np.partition(self.probabilities.astype(np.float32), -2, axis=1)[:, -2:]
        return np.asarray(two[:, 1] - two[:, 0], np.float32)

    def part(self, rows: Ints | NDArray[np.bool_]) -> "Predictions":
        """Some of them, by row or by mask, in that order."""
        return Predictions(
            samples=self.samples[rows],
            labels=self.labels[rows],
            predicted=self.predicted[rows],
            loss=self.loss[rows],
            probabilities=self.probabilities[rows],
        )

    @property
    def accuracy(self) -> float:
        """Share of right predictions, 0…1; 0 where there are none."""
        return float(self.right.mean()) if len(self.labels) else 0.0

    def __len__(self) -> int:
        return len(self.labels)


@dataclass(frozen=True, eq=False)
class NumberPredictions:
    """What a network that predicts one number answered for some samples of one split.

    Attributes:
        samples: Index of each sample in the data set's split, shape (n,).
        targets: True number of each, shape (n,).
        predicted: Predicted number of each, shape (n,).
        loss: Loss of each, shape (n,).
    """

    samples: Ints
    targets: Floats
    predicted: Floats
    loss: Floats

    @property
    def residuals(self) -> NDArray[np.float64]:
        """True minus predicted, shape (n,)."""
        return self.targets.astype(np.float64) - self.predicted

    @property
    def mae(self) -> float:
        """Mean absolute error."""
        return float(np.abs(self.residuals).mean())

    @property
    def rmse(self) -> float:
        """Root of the mean squared error."""
        return float(np.sqrt((self.residuals**2).mean()))

    @property
    def r2(self) -> float:
        """Share of the variance that is explained, at most 1; NaN where all true numbers are the same."""
        spread = float(((self.targets - self.targets.mean(dtype=np.float64)) ** 2).sum())
        return 1 - float((self.residuals**2).sum()) / spread if spread else float("nan")

    def __len__(self) -> int:
        return len(self.targets)


Answers = Predictions | NumberPredictions
