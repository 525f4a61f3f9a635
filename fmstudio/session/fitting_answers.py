"""Whether the answers that were kept of a run speak of the pictures that it is looked at on."""

import numpy as np

from fmstudio.errors import UserError
from fmstudio.runs.run import Run
from fmstudio.training.events import Ints, Predictions
from fmstudio.words import tr


def require_fitting_answers(run: Run, classes: int, samples: Ints | None = None) -> None:
    """Refuse a run whose answers are damaged, or are about other classes or other pictures.

    Args:
        run: With the answers of its epochs.
        classes: How many its data set has.
        samples: Index of each picture that it was tested with, where these are known.

    Raises:
        UserError: Naming the run and the first epoch whose answers do not fit.
    """
    for epoch in run.epochs:
        answers = epoch.predictions
        if isinstance(answers, Predictions) and len(answers) and not _fit(answers, classes, samples):
            values = {"run": tr(run.name) or run.id, "epoch": f"{epoch.epoch:,}"}
            message = tr("The answers of run {run} at epoch {epoch} do not fit its pictures.", **values)
            raise UserError(message, tr("One of its files was changed or exchanged. Train again."))


def _fit(answers: Predictions, classes: int, samples: Ints | None) -> bool:
    count = len(answers)
    lines = (answers.labels, answers.predicted, answers.loss)
    if any(line.shape != (count,) for line in lines) or answers.probabilities.shape != (count, classes):
        return False
    if any(line.min() < 0 or line.max() >= classes for line in (answers.labels, answers.predicted)):
        return False
    if samples is None:
        return True
    return np.array_equal(answers.samples, samples) or bool(np.isin(answers.samples, samples).all())
