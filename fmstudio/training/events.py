"""What training says while it runs. No Qt, no torch: numbers, strings and read-only arrays.

Which events come in which order:

| the run …         | events                                                                                       |
|-------------------|----------------------------------------------------------------------------------------------|
| starts            | `RunStarted`, `EpochEnded` (epoch 0: the untrained network)                                  |
| goes on           | any number of `StepsTaken`, `PicturesWatched`, `QuickChecked`; then `EpochEnded` (1, 2, …)   |
| finishes          | … `EpochEnded` of the last epoch, `RunEnded` (finished)                                      |
| is stopped        | … the last `StepsTaken`, `EpochEnded` of the part (`complete` is false), `RunEnded` (stopped) |
| … between epochs  | … the last `EpochEnded`, `RunEnded` (stopped)                                                |
| fails             | … the last `StepsTaken`, `RunEnded` (failed, with the step, a message and a hint)            |

`CheckpointSaved` is added by the recorder after each `EpochEnded` that was saved. Every `StepsTaken` stands before the
`PicturesWatched`, `QuickChecked` or `EpochEnded` that was computed after its steps.
"""

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Status = Literal["finished", "stopped", "failed"]
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
    def accuracy(self) -> float:
        """Share of right predictions, 0…1; 0 where there are none."""
        return float(self.right.mean()) if len(self.labels) else 0.0

    def __len__(self) -> int:
        return len(self.labels)


@dataclass(frozen=True, kw_only=True, eq=False)
class RunStarted:
    """Training begins. ``run`` is the run's id, filled in by the recorder."""

    run: str = ""
    name: str = ""
    device: str = "cpu"
    threads: int = 1
    epochs: int
    steps_per_epoch: int
    train_size: int
    test_size: int
    validation_size: int = 0
    watched: Ints = field(default_factory=lambda: np.empty(0, np.int64))
    """Index in the test split of the pictures that ``PicturesWatched`` speaks of."""


@dataclass(frozen=True, kw_only=True, eq=False)
class StepsTaken:
    """Some steps of the optimizer, since the last such event.

    Attributes:
        step: Steps taken in all, these included.
        epoch: The epoch they belong to, from 1.
        losses: Mean loss of each of these batches, in order.
        rates: Learning rate of each of these steps.
        seconds: Training time of the run so far, checks and evaluation left out.
    """

    step: int
    epoch: int
    losses: Floats
    rates: Floats
    seconds: float


@dataclass(frozen=True, kw_only=True, eq=False)
class PicturesWatched:
    """The watched test pictures (some sixty), asked again: for the wall, thrice a second; not stored."""

    step: int
    predictions: Predictions


@dataclass(frozen=True, kw_only=True, eq=False)
class QuickChecked:
    """A quick check on a fixed part of the test pictures (1,000), at growing intervals."""

    step: int
    accuracy: float
    loss: float
    predictions: Predictions


@dataclass(frozen=True, kw_only=True, eq=False)
class EpochEnded:
    """An epoch's figures; epoch 0 is the untrained network (its training figures are NaN).

    Attributes:
        epoch: From 0.
        step: Steps taken in all.
        train_loss: Mean over the samples as they were trained on.
        train_accuracy: Likewise, 0…1.
        test_loss: Mean over the test pictures, in evaluation mode; ``test_accuracy`` likewise, 0…1.
        validation_loss: The same for the pictures held back, None where there are none.
        seconds: Of training in this epoch.
        evaluation_seconds: Of evaluation after it.
        complete: False for an epoch that was stopped in the middle.
        predictions: Of all test pictures.
        validation_predictions: Of all pictures held back, where there are any.
    """

    epoch: int
    step: int
    train_loss: float
    train_accuracy: float
    test_loss: float
    test_accuracy: float
    validation_loss: float | None = None
    validation_accuracy: float | None = None
    seconds: float
    evaluation_seconds: float
    complete: bool = True
    predictions: Predictions
    validation_predictions: Predictions | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class CheckpointSaved:
    """The weights are safe on the disk."""

    epoch: int
    step: int


@dataclass(frozen=True, kw_only=True, eq=False)
class RunResumed:
    """An interrupted run goes on from a step; later events of the earlier part do not count."""

    step: int


@dataclass(frozen=True, kw_only=True, eq=False)
class RunEnded:
    """The last event.

    Attributes:
        status: How it ended.
        run: The run's id, filled in by the recorder.
        epoch: The epoch in which it ended, from 1 (0: before the first step).
        step: Steps taken in all.
        message: Why, one translated sentence; empty when it simply finished.
        hint: What to do about it; may be empty.
        mending: Changes to the spec that would help: pairs of path and value.
    """

    status: Status
    run: str = ""
    epoch: int
    step: int
    message: str = ""
    hint: str = ""
    mending: tuple[tuple[str, object], ...] = ()


Event = RunStarted | StepsTaken | PicturesWatched | QuickChecked | EpochEnded | CheckpointSaved | RunResumed | RunEnded
