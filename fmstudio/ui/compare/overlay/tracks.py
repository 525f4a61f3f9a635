"""The curves of one run, as the overlay needs them: every figure over the steps, kept while the run grows."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from fmstudio.insight.overlay import Axis, Doubles, Line, best_point, moved, steps_at
from fmstudio.insight.said import plain
from fmstudio.runs.pyramid import Pyramid
from fmstudio.runs.run import Run
from fmstudio.runs.smoothing import Smoothing
from fmstudio.ui.compare.overlay.axes import AXES
from fmstudio.ui.plots.history import EMPTY, Figures, thinned
from fmstudio.words import marked, tr

Unit = Literal["share", "number", "rate"]


@dataclass(frozen=True)
class Figure:
    """Something that can be drawn.

    Attributes:
        title: Untranslated.
        unit: How its values are said.
        per_step: Whether every step has one; else the ends of epochs.
        larger: Whether a larger one is better.
    """

    title: str
    unit: Unit = "number"
    per_step: bool = False
    larger: bool = False


FIGURES: Mapping[str, Figure] = {
    "test_accuracy": Figure(marked("Test accuracy"), "share", larger=True),
    "validation_accuracy": Figure(marked("Validation accuracy"), "share", larger=True),
    "train_accuracy": Figure(marked("Training accuracy"), "share", larger=True),
    "test_r2": Figure(marked("Test R²"), larger=True),
    "test_mae": Figure(marked("Mean absolute error")),
    "loss": Figure(marked("Loss of each step"), per_step=True),
    "train_loss": Figure(marked("Training loss")),
    "test_loss": Figure(marked("Test loss")),
    "validation_loss": Figure(marked("Validation loss")),
    "rate": Figure(marked("Learning rate"), "rate", per_step=True),
}
"""In the order in which they are offered."""

_MEASURED = tuple(key for key, figure in FIGURES.items() if not figure.per_step)
_SERIES = ("loss", "rate")
_OVERLAP = 64


def value_words(figure: Figure, value: float | None) -> str:
    """A value as the legend says it; empty where there is none."""
    if value is None:
        return ""
    if figure.unit == "share":
        return tr("{number} %", number=f"{100 * value:.1f}")
    return plain(value, 4 if figure.unit == "rate" else 3)


class Track:
    """One run, from which lines are read, in the plot's own units of an axis; taking in what is new costs O(new).

    Attributes:
        run: Whose curves these are.
    """

    def __init__(self, run: Run) -> None:
        self.run = run
        self._version = -1
        self._made: dict[str, tuple[tuple[object, ...], Line]] = {}
        self._begin()

    def _begin(self) -> None:
        self._series = {name: Pyramid() for name in _SERIES}
        self._smooth = Smoothing(0)
        self._ends = Figures(_MEASURED)
        self._smooth_ends: dict[str, tuple[Doubles, Smoothing]] = {}

    def update(self) -> bool:
        """Take in what the run has become; True if there is anything new."""
        if self.run.version == self._version:
            return False
        self._version = self.run.version
        if not self._continues():
            self._begin()
        for name, series in (("loss", self.run.losses), ("rate", self.run.rates)):
            new = series.values[len(self._series[name]) :]
            self._series[name].extend(new)
            if name == "loss":
                self._smooth.extend(new)
        if self._ends.update(self.run.epochs):
            self._smooth_ends = {}
        return True

    def _continues(self) -> bool:
        """Whether the losses go on from what is known, and were not cut back by resuming."""
        known, count = self._series["loss"].values, len(self._series["loss"])
        if len(self.run.losses) < count:
            return False
        tail = slice(max(0, count - _OVERLAP), count)
        return np.array_equal(known[tail], self.run.losses.values[tail], equal_nan=True)

    def has(self, name: str) -> bool:
        """Whether there is anything to draw of a figure."""
        if name in self._series:
            return bool(len(self._series[name]))
        return bool(np.isfinite(self._ends[name]).any())

    def end(self, axis: Axis, *, planned: bool = False) -> float:
        """Where the run ends on an axis; of a run that goes on, where it will end."""
        steps = self.run.step
        if planned and axis != "time" and self.run.ended is None and self.run.started:
            steps = max(steps, self.run.total_steps)
        return self.place(float(steps), axis)

    def everything(self, name: str) -> Line:
        """Every raw value of a figure over the steps; the first step is 1."""
        if name in self._series:
            return np.arange(1, len(self._series[name]) + 1, dtype=np.float64), self._series[name].values
        return self._ends.line(name)

    def line(self, name: str, axis: Axis, first: float, last: float, points: int) -> Line:
        """The raw values between two places of an axis, in at most so many points, every spike kept."""
        return self._remembered(self._line, name, axis, first, last, points)

    def smoothed(self, name: str, axis: Axis, first: float, last: float, share: float, points: int) -> Line:
        """The smoothed line between two places of an axis.

        Args:
            name: The figure.
            axis: What the places are on.
            first: From where.
            last: To where.
            share: How far the mean reaches to each side, of the whole run's length.
            points: At most about so many.
        """
        return self._remembered(self._smoothed, name, axis, first, last, share, points)

    def _remembered(self, make: Callable[..., Line], *asked: object) -> Line:
        """The line that was made for the same question last, or a new one: others grow while this run stands still."""
        key, state = make.__name__, (self._version, *asked)
        if key not in self._made or self._made[key][0] != state:
            self._made[key] = state, make(*asked)
        return self._made[key][1]

    def _line(self, name: str, axis: Axis, first: float, last: float, points: int) -> Line:
        start, stop = self._steps(axis, [first, last])
        if name in self._series:
            places, values = self._series[name].window(int(start) - 2, int(np.ceil(stop)), points)
            line: Line = ((places + 1).astype(np.float64), values)
        else:
            line = thinned(self._ends.line(name), float(start), float(stop), points)
        return self._places(axis, line[0]), line[1]

    def _smoothed(self, name: str, axis: Axis, first: float, last: float, share: float, points: int) -> Line:
        start, stop = self._steps(axis, [first, last])
        if name == "loss":
            count = len(self._smooth)
            low, high = max(0, int(start) - 2), min(count - 1, int(np.ceil(stop)))
            if high < low:
                return EMPTY
            stride = max(1, -(-(high - low) // points))
            self._smooth.reach = max(round(share * max(self.run.step, self.run.total_steps)), stride // 2)
            places = np.append(np.arange(low // stride * stride, high, stride, dtype=np.int64), high)
            return self._places(axis, places + 1.0), self._smooth.at(places)
        steps, smooth = self._smooth_end(name)
        smooth.reach = round(share * len(steps))
        whole = steps, smooth.at(np.arange(len(steps)))
        line = thinned(whole, float(start), float(stop), points)
        return self._places(axis, line[0]), line[1]

    def _smooth_end(self, name: str) -> tuple[Doubles, Smoothing]:
        if name not in self._smooth_ends:
            steps, values = self._ends.line(name)
            smooth = Smoothing(0)
            smooth.extend(values)
            self._smooth_ends[name] = steps, smooth
        return self._smooth_ends[name]

    @property
    def epochs(self) -> int:
        """How many epochs the run has trained so far."""
        return self.run.epochs[-1].epoch if self.run.epochs else 0

    def values(self, name: str, *, from_start: bool) -> tuple[float, float] | None:
        """The least and the greatest finite value; None where there is none.

        Args:
            name: The figure.
            from_start: Whether that of the untrained network counts.
        """
        if name in self._series:
            return self._series[name].bounds
        steps, values = self._ends.line(name)
        trained = values if from_start or not (steps > 0).any() else values[steps > 0]
        return (float(trained.min()), float(trained.max())) if len(trained) else None

    def least_positive(self, name: str) -> float | None:
        """The least value that a logarithmic axis can show."""
        values = self._series[name].values if name in self._series else self._ends.line(name)[1]
        positive = values[np.isfinite(values) & (values > 0)]
        return float(positive.min()) if len(positive) else None

    def best(self, name: str) -> tuple[float, float] | None:
        """Step and value of the epoch that was best, by what was held back where that is known."""
        figure = FIGURES[name]
        if figure.per_step:
            return None
        judged = {float(epoch.step): epoch.figure for epoch in self.run.epochs if epoch.figure is not None}
        return best_point(self._ends.line(name), judged, larger=figure.larger)

    def place(self, step: float, axis: Axis) -> float:
        """Where a step lies on a plot with this axis."""
        return float(self._places(axis, np.array([step]))[0])

    def _places(self, axis: Axis, steps: Doubles) -> Doubles:
        return moved(self.run, axis, steps) * AXES[axis].units

    def _steps(self, axis: Axis, places: Sequence[float]) -> Doubles:
        return steps_at(self.run, axis, np.array(places) / AXES[axis].units)

    def value_of_step(self, name: str, axis: Axis, place: float) -> float | None:
        """The figure of the step that is nearest to a place of an axis; None beyond the run's ends."""
        values = self._series[name].values
        step = round(float(self._steps(axis, [place])[0]))
        inside = 0 < step <= len(values) and place <= self.end(axis)
        return float(values[step - 1]) if inside and np.isfinite(values[step - 1]) else None

    @property
    def held_back(self) -> bool:
        """Whether something was held back to choose between the epochs."""
        return bool(self.run.started and self.run.started.validation_size)

    def stops(self, name: str, axis: Axis) -> Doubles:
        """Where its figure of the ends of epochs is known."""
        return self._places(axis, self._ends.line(name)[0])


def offered(tracks: Sequence[Track]) -> tuple[str, ...]:
    """The figures that at least one of the runs has."""
    return tuple(name for name in FIGURES if any(track.has(name) for track in tracks))
