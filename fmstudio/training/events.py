"""What training says while it runs. No Qt, no torch: numbers, strings and read-only arrays.

Which events come in which order:

| the run …         | events                                                                                       |
|-------------------|----------------------------------------------------------------------------------------------|
| starts            | `RunStarted`, `EpochEnded` (epoch 0: the untrained network)                                  |
| goes on           | any number of `StepsTaken`, `PicturesWatched`, `QuickChecked`; then `EpochEnded` (1, 2, …)   |
| finishes          | … `EpochEnded` of the last epoch, `RunEnded` (finished)                                      |
| is held           | … the last `StepsTaken`, `Halted`; then it goes on, or is stopped                             |
| is stopped        | … `StepsTaken`, `Halted`, `EpochEnded` of the part (`complete` is false), `RunEnded` (stopped) |
| … between epochs  | … the last `EpochEnded`, `Halted`, `RunEnded` (stopped)                                      |
| … in a hurry      | … `StepsTaken`, `Halted`, `RunEnded` (stopped): nothing that takes long                       |
| is resumed        | `RunResumed`, and then what would have followed had it never stopped                          |
| fails             | … the last `StepsTaken`, `RunEnded` (failed, with the step, a message and a hint)            |

A run that learns numbers has `NumberPredictions` where one that learns classes has `Predictions`; its accuracies are
NaN.
A linear network that learns numbers also tells `ParametersMoved` after the `StepsTaken` of the same steps. `StepShown`
comes after the `StepsTaken` of a step that was taken alone, slowly. Epochs between two evaluations end without a word
(`evaluate_every`). A run that is stopped early ends as finished, with a message.

`CheckpointSaved` is added by the recorder after each `EpochEnded` that was saved, and whenever all that going on needs
is on the disk; `SavingFailed` where something could not be written, after which it is tried again. Every `StepsTaken`
stands before the `PicturesWatched`, `QuickChecked` or `EpochEnded` that was computed after its steps.
"""

import math
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from fmstudio.training.answers import Answers as Answers
from fmstudio.training.answers import Floats as Floats
from fmstudio.training.answers import Ints as Ints
from fmstudio.training.answers import NumberPredictions as NumberPredictions
from fmstudio.training.answers import Predictions as Predictions

Status = Literal["finished", "stopped", "failed"]


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
    parameters: tuple[str, ...] = ()
    """Names of what ``ParametersMoved`` speaks of: "w1", "w2", "b"; empty where it never comes."""
    patience: int = 0
    """After so many epochs that are no better the run ends early; 0: never."""
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
    predictions: Answers


@dataclass(frozen=True, kw_only=True, eq=False)
class ParametersMoved:
    """Where the weights of a linear network went, for the path over the loss surface.

    Attributes:
        steps: After which steps, ascending; 0 is before the first one; shape (m,). Of a long run only every so manieth.
        values: The parameters then, in the order of ``RunStarted.parameters``, shape (m, parameters).
    """

    steps: Ints
    values: NDArray[np.float32]


@dataclass(frozen=True)
class TensorStep:
    """What one step did to one of the network's parameters.

    Attributes:
        name: As torch has it: "0.weight".
        shape: Of the parameter.
        gradient: Root of the sum of the gradient's squares, as the update used it: clipped; with LBFGS the last one.
        change: Largest change of one of its numbers, absolute.
        weight: Largest of its numbers before the step, absolute.
    """

    name: str
    shape: tuple[int, ...]
    gradient: float
    change: float
    weight: float


@dataclass(frozen=True, kw_only=True, eq=False)
class StepShown:
    """One step that was taken alone, with its numbers; not stored.

    Attributes:
        step: Steps taken in all, this one included.
        epoch: The epoch it belongs to, from 1.
        size: Samples in the batch.
        samples: Index in the training split of the first of them, shape (k,).
        targets: What is true of these: a class index or a number, shape (k,).
        outputs: What the network gave for these before the update, shape (k, outputs).
        loss: Mean loss of the batch before the update.
        right: How many of the batch were answered rightly; None where numbers are predicted.
        rate: Learning rate of the step.
        tensors: Gradient and change of each parameter, in the network's order.
    """

    step: int
    epoch: int
    size: int
    samples: Ints
    targets: Floats
    outputs: NDArray[np.float32]
    loss: float
    right: int | None
    rate: float
    tensors: tuple[TensorStep, ...]


@dataclass(frozen=True, kw_only=True, eq=False)
class QuickChecked:
    """A quick check on a fixed part of the test pictures (1,000), at growing intervals."""

    step: int
    accuracy: float
    loss: float
    predictions: Answers


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
        test_mae: Mean absolute error on the test samples, ``test_rmse`` root of the mean squared error, ``test_r2``
            share of the variance that is explained; None where classes are predicted.
        stale: Epochs since the best one, by the samples held back; 0 where this is the best.
        seconds: Of training since the last such event.
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
    test_mae: float | None = None
    test_rmse: float | None = None
    test_r2: float | None = None
    stale: int = 0
    seconds: float
    evaluation_seconds: float
    complete: bool = True
    predictions: Answers
    validation_predictions: Answers | None = None

    @property
    def figure(self) -> float | None:
        """What chooses between networks, larger is better; None where no samples are held back.

        It is their accuracy, or where numbers are predicted minus their loss.
        """
        if self.validation_accuracy is not None and math.isfinite(self.validation_accuracy):
            return self.validation_accuracy
        if self.validation_loss is None:
            return None
        return -self.validation_loss if math.isfinite(self.validation_loss) else -math.inf


@dataclass(frozen=True, kw_only=True, eq=False)
class Halted:
    """The run waits, or is about to end, after a step, as the user wishes; its state is what going on needs."""

    step: int


@dataclass(frozen=True, kw_only=True, eq=False)
class SavingFailed:
    """Something could not be written; the run goes on, and it is tried again. Not stored.

    Attributes:
        message: What, and why, one translated sentence.
        hint: What to do about it.
    """

    message: str
    hint: str = ""


@dataclass(frozen=True, kw_only=True, eq=False)
class CheckpointSaved:
    """Everything up to a step is safe on the disk."""

    epoch: int
    step: int


@dataclass(frozen=True, kw_only=True, eq=False)
class RunResumed:
    """An interrupted run goes on from a step; later events of the earlier part do not count.

    Attributes:
        step: Steps that count.
        judged: The step after which the last figures that count were taken; those of a part of an epoch do not.
    """

    step: int
    judged: int = -1


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


Event = (
    RunStarted
    | StepsTaken
    | ParametersMoved
    | StepShown
    | PicturesWatched
    | QuickChecked
    | EpochEnded
    | Halted
    | SavingFailed
    | CheckpointSaved
    | RunResumed
    | RunEnded
)
