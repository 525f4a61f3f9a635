"""What a run's curves look like in a report: how many right, the loss, the learning rate."""

import numpy as np

from fmstudio.export.report.charts import Axis, Doubles, Line, axis_of, chart
from fmstudio.runs.pyramid import Pyramid
from fmstudio.runs.run import Run
from fmstudio.runs.smoothing import Smoothing
from fmstudio.words import tr

_POINTS = 500
"""Of a curve at most; of its raw values the lowest and the highest within each stretch."""
_REACH = 40
"""A smoothed line looks at most one part in so many of the run to each side."""
_DOTS = 40


def curves(run: Run, *, people: float | None, guessing: float | None) -> str:
    """The charts of a run.

    Args:
        run: As far as it has come.
        people: What people have right, 0…1; None where nobody has measured it.
        guessing: What guessing has right, 0…1; None where there is nothing to guess.
    """
    charts = [] if run.learns_numbers or guessing is None else [_accuracy(run, people, guessing)]
    if run.step:
        charts += [_loss(run), _rate(run)]
    return f'<div class="two">{"".join(charts)}</div>'


def _accuracy(run: Run, people: float | None, guessing: float) -> str:
    x = _epochs_axis(run)
    lines = [_level(tr("guessing"), guessing, x)]
    if people is not None:
        lines.append(_level(tr("people"), people, x))
    lines.append(_of_epochs(run, tr("training"), "train_accuracy", "orange"))
    lines.append(_of_epochs(run, tr("validation"), "validation_accuracy", "green"))
    lines.append(_of_epochs(run, tr("test"), "test_accuracy", "accent"))
    return chart(tr("How many right"), x, Axis("", 0.0, 1.0, percent=True), [one for one in lines if len(one.x)])


def _loss(run: Run) -> str:
    values, per_epoch = run.losses.values, run.steps_per_epoch
    raw, smooth = Pyramid(), Smoothing(max(1, len(values) // _REACH))
    raw.extend(values)
    smooth.extend(values)
    places, lows = raw.window(0, len(values) - 1, _POINTS)
    even = np.unique(np.linspace(0, len(values) - 1, _POINTS).round().astype(np.int64))
    lines = [
        Line("", (places + 1) / per_epoch, lows.astype(np.float64), "orange", "pale"),
        Line(tr("training batches"), (even + 1) / per_epoch, smooth.at(even).astype(np.float64), "orange"),
        _of_epochs(run, tr("validation"), "validation_loss", "green"),
        _of_epochs(run, tr("test"), "test_loss", "accent"),
    ]
    drawn = [line for line in lines if len(line.x)]
    y = axis_of("", [line.y for line in drawn], logarithmic=True, zero=True)
    return chart(tr("Loss"), _epochs_axis(run), y, drawn)


def _rate(run: Run) -> str:
    values = run.rates.values
    even = np.unique(np.linspace(0, len(values) - 1, _POINTS).round().astype(np.int64))
    line = Line("", (even + 1) / run.steps_per_epoch, values[even].astype(np.float64), "accent")
    return chart(tr("Learning rate"), _epochs_axis(run), axis_of("", [line.y], zero=True), [line])


def _of_epochs(run: Run, name: str, figure: str, colour: str) -> Line:
    """A figure of each epoch; without those in which it is not there."""
    pairs = [(epoch.step / run.steps_per_epoch, getattr(epoch, figure)) for epoch in run.epochs]
    known = np.array([(at, value) for at, value in pairs if value is not None and np.isfinite(value)], np.float64)
    if not len(known):
        return Line(name, np.empty(0), np.empty(0), colour)
    if len(known) > _POINTS:
        known = known[np.linspace(0, len(known) - 1, _POINTS).round().astype(int)]
    return Line(name, known[:, 0], known[:, 1], colour, "dots" if len(known) == 1 else "line")


def _level(name: str, share: float, x: Axis) -> Line:
    ends: Doubles = np.array([x.low, x.high])
    return Line(f"{name} {100 * share:.3g} %", ends, np.full(2, share), "grey", "dash")


def _epochs_axis(run: Run) -> Axis:
    done = run.step / run.steps_per_epoch
    return Axis(
        tr("epochs"), 0.0, max(done, 1e-9) if run.ended else max(done, run.started.epochs if run.started else 1)
    )
