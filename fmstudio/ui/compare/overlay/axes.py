"""The axes that curves of several runs can lie on: their marks, and what a place on them is called."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from fmstudio.insight.overlay import Axis
from fmstudio.ui.plots.ticks import Tick, number, number_ticks, step_between
from fmstudio.words import marked, tr

FINE = 1000
"""So many parts of a plot's own unit are an epoch or a second: a plot zooms in down to two of its units."""


@dataclass(frozen=True)
class AxisRow:
    """One axis.

    Attributes:
        title: Untranslated.
        tip: What it is, untranslated.
        units: Of the plot in one of the axis: a step is one, an epoch ``FINE``.
    """

    title: str
    tip: str
    units: float


AXES: Mapping[Axis, AxisRow] = {
    "epoch": AxisRow(marked("Epochs"), marked("How often the network has seen every training sample."), FINE),
    "step": AxisRow(marked("Steps"), marked("How often the optimizer has changed the weights."), 1),
    "time": AxisRow(marked("Time"), marked("Training time; evaluation and pauses are left out."), FINE),
    "samples": AxisRow(
        marked("Samples"), marked("How many training samples the network has seen, repeats counted."), 1
    ),
}

_NEAR = 1e-9
_MINUTES, _HOURS = 180, 3 * 3600
"""From so many seconds on, the marks say minutes or hours."""


def axis_ticks(axis: Axis, first: float, last: float, most: int) -> list[Tick]:
    """Marks between two places of a plot, at most so many; places in the plot's own units."""
    units = AXES[axis].units
    first, last = max(0.0, first) / units, last / units
    if axis == "time":
        size, say = _clock(last)
        marks = number_ticks(first / size, last / size, most)
        return [(place * size * units, say(words)) for place, words in marks]
    step = step_between(first, last, most)
    if axis != "epoch" or last - first >= 1:  # parts of an epoch are for whoever looks that close
        step = max(1.0, step)
    places = [index * step for index in range(math.ceil(first / step - _NEAR), math.floor(last / step + _NEAR) + 1)]
    return [(place * units, _words(axis, place, step)) for place in places if place or axis != "epoch"]


def _words(axis: Axis, place: float, step: float) -> str:
    if axis == "epoch":
        return tr("epoch {number}", number=number(place, step))
    if axis == "step":
        return tr("step {number}", number=f"{place:,.0f}")
    return f"{place:,.0f}"


def _clock(seconds: float) -> tuple[float, Callable[[str], str]]:
    """In what a time is said: how many seconds that is, and the words."""
    if seconds < _MINUTES:
        return 1.0, lambda words: tr("{seconds} s", seconds=words)
    if seconds < _HOURS:
        return 60.0, lambda words: tr("{minutes} min", minutes=words)
    return 3600.0, lambda words: tr("{hours} h", hours=words)


def place_words(axis: Axis, place: float) -> str:
    """What a place of a plot, in its own units, is called: "epoch 1.25", "12.3 s"."""
    value = place / AXES[axis].units
    if axis == "epoch":
        return tr("epoch {number}", number=f"{value:.2f}")
    if axis == "step":
        return tr("step {number}", number=f"{value:,.0f}")
    if axis == "samples":
        return tr("{count} samples seen", count=f"{value:,.0f}")
    size, say = _clock(value)
    return say(f"{value / size:.2f}")
