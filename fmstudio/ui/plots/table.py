"""All points of a run as one CSV table.

One row for each step, step 0 (the untrained network) first, and the columns ``step, epoch, loss, learning_rate,
quick_check_accuracy, quick_check_loss, train_accuracy, train_loss, test_accuracy, test_loss, validation_accuracy,
validation_loss``. A cell is empty where nothing was measured: the last eight columns have figures only in the rows of
quick checks and epoch ends. One rectangle with a heading opens everywhere, and every figure stands at its step.
Accuracies are 0…1; ``epoch`` is how many epochs had passed.
"""

import csv
import io
from collections.abc import Iterator

import numpy as np

from fmstudio.runs.run import Run
from fmstudio.training.events import EpochEnded, QuickChecked

_CHECKED = {"quick_check_accuracy": "accuracy", "quick_check_loss": "loss"}
_ENDED = {
    name: name
    for name in (
        "train_accuracy",
        "train_loss",
        "test_accuracy",
        "test_loss",
        "validation_accuracy",
        "validation_loss",
    )
}
HEADING = ("step", "epoch", "loss", "learning_rate", *_CHECKED, *_ENDED)


def points_as_csv(run: Run) -> str:
    """The table of a run."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADING)
    writer.writerows(_rows(run))
    return text.getvalue()


def _rows(run: Run) -> Iterator[list[str]]:
    checks = {check.step: check for check in run.checks}
    ends = {epoch.step: epoch for epoch in run.epochs}
    nothing = [""] * (len(_CHECKED) + len(_ENDED))
    per_step = zip(run.losses.values.astype(str).tolist(), run.rates.values.astype(str).tolist(), strict=True)
    steps = run.steps_per_epoch
    for step, (loss, rate) in enumerate([("", ""), *per_step]):
        measured = nothing
        if step in checks or step in ends:
            measured = _cells(checks.get(step), _CHECKED) + _cells(ends.get(step), _ENDED)
        yield [str(step), f"{step / steps:.6g}", loss, rate, *measured]


def _cells(event: QuickChecked | EpochEnded | None, columns: dict[str, str]) -> list[str]:
    return [_cell(getattr(event, name, None)) for name in columns.values()]


def _cell(value: float | None) -> str:
    return "" if value is None or np.isnan(value) else repr(float(value))
