"""Curves of several runs over one another: places on a common axis, and mean and band of repeated runs. No torch.

Steps of different runs mean different things: another batch size takes fewer of them in an epoch, another network is
slower. So a curve is kept over its steps and moved to the axis that is asked for: steps, epochs, training time or
samples seen. Runs that were repeated with other seeds are laid on common places, by interpolation between their own
points, never beyond their last one; where fewer than two of them remain the band ends.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from fmstudio.experiment.draft import get
from fmstudio.runs.run import Run
from fmstudio.training.events import Floats

Axis = Literal["step", "epoch", "time", "samples"]
Spread = Literal["range", "deviation"]
"""From the lowest to the highest, or one standard deviation (n − 1) to each side of the mean."""

Doubles = NDArray[np.float64]
Line = tuple[Doubles, Floats]
"""Places, increasing, and the values there."""

FEWEST = 2
"""With fewer runs there is no band."""


def moved(run: Run, axis: Axis, steps: Doubles) -> Doubles:
    """Where on an axis some steps of a run lie.

    Args:
        run: Whose steps.
        axis: Training time is in seconds, evaluation and pauses left out; it is known where an epoch ended and is
            interpolated between.
        steps: Any number of them, shape (n,).
    """
    if axis == "time":
        known, seconds = _clock(run)
        return np.interp(steps, known, seconds)
    return np.asarray(steps, np.float64) * _unit(run, axis)


def steps_at(run: Run, axis: Axis, places: Doubles) -> Doubles:
    """Which steps of a run lie at some places of an axis: the inverse of ``moved``; of time never beyond its end."""
    if axis == "time":
        known, seconds = _clock(run)
        return np.interp(places, seconds, known)
    return np.asarray(places, np.float64) / _unit(run, axis)


def _unit(run: Run, axis: Axis) -> float:
    """How much of an axis a step is."""
    if axis == "epoch":
        return 1 / run.steps_per_epoch
    if axis != "samples" or run.started is None:
        return 1.0
    batch = get(run.spec, "batch_size")
    if get(run.spec, "drop_last") and isinstance(batch, int):
        return float(batch)
    return run.started.train_size / run.steps_per_epoch


def _clock(run: Run) -> tuple[Doubles, Doubles]:
    """Steps at which the training time is known, both increasing; the end of the run is one of them."""
    steps, seconds = [0.0], [0.0]
    for epoch in run.epochs:
        if epoch.step > steps[-1]:
            steps.append(float(epoch.step))
            seconds.append(seconds[-1] + max(0.0, epoch.seconds))
    if run.step > steps[-1]:
        steps.append(float(run.step))
        seconds.append(max(run.seconds, seconds[-1]))
    return np.array(steps), np.maximum.accumulate(np.array(seconds) + 1e-9 * np.arange(len(seconds)))


@dataclass(frozen=True, eq=False)
class Band:
    """Mean and band of some runs.

    Attributes:
        places: Increasing, shape (n,).
        middle: The mean there of the runs that have come so far.
        low: The lower edge; ``high`` the upper one.
        counts: How many runs that were.
    """

    places: Doubles
    middle: Doubles
    low: Doubles
    high: Doubles
    counts: NDArray[np.int64]


def band(lines: Sequence[Line], spread: Spread = "range", points: int = 2000) -> Band:
    """Mean and band of several lines.

    Args:
        lines: Of one figure on one axis; values that are not finite are left out.
        spread: What the edges are.
        points: At most so many places. Of a line with more points the mean of those around each place is taken.
    """
    known = [_finite(line) for line in lines]
    places = _common([line[0] for line in known], points)
    rows = np.array([_laid(line, places) for line in known]).reshape(len(known), len(places))
    counts = np.isfinite(rows).sum(axis=0)
    enough = counts >= FEWEST
    places, rows, counts = places[enough], rows[:, enough], counts[enough]
    if not len(places):
        nothing = np.empty(0)
        return Band(nothing, nothing, nothing, nothing, np.empty(0, np.int64))
    middle = np.nanmean(rows, axis=0)
    if spread == "range":
        low, high = np.nanmin(rows, axis=0), np.nanmax(rows, axis=0)
    else:
        deviation = np.nanstd(rows, axis=0, ddof=1)
        low, high = middle - deviation, middle + deviation
    return Band(places, middle, low, high, counts)


def _finite(line: Line) -> tuple[Doubles, Doubles]:
    places, values = np.asarray(line[0], np.float64), np.asarray(line[1], np.float64)
    kept = np.isfinite(values) & np.isfinite(places)
    return places[kept], values[kept]


def _common(places: Sequence[Doubles], points: int) -> Doubles:
    """The places of all lines where they are few, else evenly spaced ones from the first to the last."""
    together = [one for one in places if len(one)]
    if not together:
        return np.empty(0)
    if sum(map(len, together)) <= points * len(together):
        every = np.unique(np.concatenate(together))
        if len(every) <= points:
            return every
    return np.linspace(min(one[0] for one in together), max(one[-1] for one in together), points)


def _laid(line: tuple[Doubles, Doubles], places: Doubles) -> Doubles:
    """A line at other places, NaN before its first and after its last point."""
    steps, values = line
    if not len(steps):
        return np.full(len(places), np.nan)
    slack = 1e-9 * max(1.0, abs(steps[-1]))
    inside = (places >= steps[0] - slack) & (places <= steps[-1] + slack)
    found = np.interp(places, steps, values)
    if len(steps) > len(places) > 1:
        nearest = np.clip(np.searchsorted((places[1:] + places[:-1]) / 2, steps), 0, len(places) - 1)
        counts = np.bincount(nearest, minlength=len(places))
        sums = np.bincount(nearest, values, minlength=len(places))
        found = np.divide(sums, counts, out=found, where=counts > 0)
    return np.where(inside, found, np.nan)


def value_at(line: Line, place: float) -> float | None:
    """The value of a line at a place, between two points on the straight line that joins them; None beyond its ends."""
    places, values = line
    if not len(places) or not places[0] <= place <= places[-1]:
        return None
    value = float(np.interp(place, places, values))
    return value if np.isfinite(value) else None


def best_point(line: Line, judged: Mapping[float, float], *, larger: bool) -> tuple[float, float] | None:
    """Where a run was best: by what was held back where that is known, else by the line itself; never before training.

    Args:
        line: A figure at the ends of epochs, over steps.
        judged: What chose between the epochs, larger is better, by step; empty where nothing was held back.
        larger: Whether a larger figure is better.

    Returns:
        Its step and value; None where there are not two trained epochs to compare.
    """
    steps, values = line
    trained = np.isfinite(values) & (steps > 0)
    if np.count_nonzero(trained) < FEWEST:
        return None
    signed = np.asarray(values if larger else -values, np.float64)
    if judged:
        signed = np.array([judged.get(float(step), -np.inf) for step in steps])
    index = int(np.argmax(np.where(trained, signed, -np.inf)))
    return float(steps[index]), float(values[index])
