"""Asking about every training picture a network that did not learn from it: k networks, each without one fold."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

from fmstudio.errors import UserError
from fmstudio.experiment.fold import FoldSpec
from fmstudio.experiment.spec import ExperimentSpec
from fmstudio.training.control import Control
from fmstudio.training.events import EpochEnded, Predictions, RunEnded, StepsTaken
from fmstudio.training.loop import Training
from fmstudio.words import tr

LEAST_FOLDS, MOST_FOLDS = 2, 20


@dataclass(frozen=True)
class FoldTrained:
    """How far the network of a fold is.

    Attributes:
        fold: Which one, from 0.
        share: How much of its training is done, 0…1.
    """

    fold: int
    share: float


@dataclass(frozen=True, eq=False)
class FoldAsked:
    """What the network of a fold says of the pictures that it did not learn from."""

    fold: int
    predictions: Predictions


def fold_spec(spec: ExperimentSpec, fold: int, folds: int) -> FoldSpec:
    """The experiment of one fold.

    Raises:
        UserError: Where there are too few pictures, or it cannot be trained on a part of them.
    """
    if not spec.dataset.classes:
        raise UserError(tr("This run learns numbers: it has no labels."), tr("Choose a run that learns pictures."))
    most = min(MOST_FOLDS, spec.dataset.train_used // 2)
    if not LEAST_FOLDS <= folds <= most:
        message = tr("Cannot part {count} training pictures into {folds} folds.",
                     count=f"{spec.dataset.train_used:,}", folds=folds)  # fmt: skip
        raise UserError(message, tr("Take {least} to {most}.", least=LEAST_FOLDS, most=max(LEAST_FOLDS, most)))
    made = FoldSpec.of(spec, fold, folds)
    alone = made.batch == 1 or made.train_samples % made.batch == 1
    if alone and made.batch > 1 and made.architecture.unfit_alone(made.facts) is not None:
        made = made.model_copy(update={"drop_last": True})
    if not made.steps_per_epoch or made.train_samples < 1:
        message = tr("Without a fold there are too few training pictures for a batch.")
        raise UserError(message, tr("Train with a smaller batch, or with more pictures."))
    return made


def ask_fold(spec: ExperimentSpec, fold: int, folds: int, control: Control) -> Iterator[FoldTrained | FoldAsked]:
    """Train on all training pictures but those of one fold, as a run of the spec would, and ask about the fold.

    It belongs to the thread that pulls it, which may not run beside another training: torch's random numbers are one.

    Args:
        spec: Of the run whose labels are looked at.
        fold: Which fold is not learned from, from 0.
        folds: How many there are.
        control: Stops it between two steps: then the fold is not asked about.

    Raises:
        UserError: Where the training fails.
    """
    made = fold_spec(spec, fold, folds)
    asked: Predictions | None = None
    best = -math.inf
    for event in Training(made, control).events():
        if isinstance(event, StepsTaken):
            yield FoldTrained(fold, event.step / max(1, made.facts.total_steps))
        elif isinstance(event, EpochEnded) and event.epoch and isinstance(event.predictions, Predictions):
            figure = math.inf if event.figure is None else event.figure
            if asked is None or figure == math.inf or figure > best:
                asked, best = event.predictions, figure
        elif isinstance(event, RunEnded) and event.status == "failed":
            raise UserError(event.message, event.hint)
    if asked is not None and not control.stopped:
        yield FoldAsked(fold, asked)
