"""What the curves draw of a run, kept as arrays that grow with it: taking in what is new costs O(new)."""

import numpy as np
from numpy.typing import NDArray

from fmstudio.runs.pyramid import Pyramid
from fmstudio.runs.run import Run, Series
from fmstudio.runs.smoothing import Smoothing
from fmstudio.training.events import EpochEnded, Floats, Ints, QuickChecked

Doubles = NDArray[np.float64]
Line = tuple[Doubles, Floats]
"""Steps, increasing, and the values there."""

EMPTY: Line = (np.empty(0), np.empty(0, np.float32))
POINTS = 2000
_OVERLAP = 64
_EPOCH_FIGURES = (
    "train_loss",
    "train_accuracy",
    "test_loss",
    "test_accuracy",
    "validation_loss",
    "validation_accuracy",
)
_CHECK_FIGURES = ("accuracy", "loss")


class Figures:
    """Some figures measured at some steps, in order, read from events.

    Args:
        names: The attributes of the events; what is None becomes NaN.
    """

    def __init__(self, names: tuple[str, ...]) -> None:
        self._names = names
        self._clear()

    def _clear(self) -> None:
        self.steps: Doubles = np.empty(0)
        self._columns = {name: Series() for name in self._names}
        self._last: object = None

    def __len__(self) -> int:
        return len(self.steps)

    def __getitem__(self, name: str) -> Floats:
        return self._columns[name].values

    def update(self, events: list[EpochEnded] | list[QuickChecked]) -> bool:
        """Take the new ones in; begin anew where a resumed run has dropped some. True if there is anything new."""
        known = len(self.steps)
        if len(events) < known or (known and events[known - 1] is not self._last):
            self._clear()
            known = 0
        new = events[known:]
        if not new:
            return False
        self._last = events[-1]
        self.steps = np.concatenate([self.steps, [float(event.step) for event in new]])
        for name, column in self._columns.items():
            values = [getattr(event, name) for event in new]
            column.extend(np.array([np.nan if value is None else value for value in values], np.float32))
        return True

    def line(self, name: str) -> Line:
        """One figure over the steps, where it is known."""
        values = self[name]
        finite = np.isfinite(values)
        return self.steps[finite], values[finite]


class History:
    """A run as the curves need it."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.losses = Pyramid()
        self.rates = Pyramid()
        self.smooth = Smoothing(0)
        self.checks = Figures(_CHECK_FIGURES)
        self.epochs = Figures(_EPOCH_FIGURES)
        self._tested: dict[str, Line] = {}

    def update(self) -> None:
        """Take in what the run has become."""
        reach = max(8, self.run.total_steps // 40)
        if not _continues(self.losses, self.run.losses) or reach != self.smooth.reach:
            self.losses, self.rates, self.smooth = Pyramid(), Pyramid(), Smoothing(reach)
        new = self.run.losses.values[len(self.losses) :]
        self.losses.extend(new)
        self.smooth.extend(new)
        self.rates.extend(self.run.rates.values[len(self.rates) :])
        checked, ended = self.checks.update(self.run.checks), self.epochs.update(self.run.epochs)
        if checked or ended:
            self._tested = {}

    @property
    def steps_per_epoch(self) -> int:
        """Steps in a whole epoch."""
        return self.run.steps_per_epoch

    def hollow(self, figure: str) -> Line:
        """The quick checks, but those that an epoch's end repeats; ``figure`` is accuracy or loss."""
        steps, values = self.checks.line(figure)
        alone = ~np.isin(steps, self.epochs.steps)
        return steps[alone], values[alone]

    def tested(self, figure: str) -> Line:
        """Quick checks and epoch ends in one line."""
        if figure not in self._tested:
            quick, whole = self.hollow(figure), self.epochs.line(f"test_{figure}")
            steps = np.concatenate([quick[0], whole[0]])
            order = np.argsort(steps, kind="stable")
            self._tested[figure] = steps[order], np.concatenate([quick[1], whole[1]])[order]
        return self._tested[figure]

    def best(self) -> Line:
        """Test accuracy of the epoch that did best, once there are two trained ones to compare; one point or none.

        By the validation pictures where there are any, else by the test pictures.
        """
        accuracy, validation = self.epochs["test_accuracy"], self.epochs["validation_accuracy"]
        judged = validation if np.isfinite(validation).any() else accuracy
        trained = np.isfinite(judged) & np.isfinite(accuracy) & (self.epochs.steps > 0)
        if np.count_nonzero(trained) < 2:
            return EMPTY
        index = int(np.argmax(np.where(trained, judged, -np.inf)))
        return self.epochs.steps[index : index + 1], accuracy[index : index + 1]

    def per_step(self, series: Pyramid, first: float, last: float, points: int = POINTS) -> Line:
        """A figure of every step, between two steps; the first step is 1."""
        places, values = series.window(int(np.floor(first)) - 2, int(np.ceil(last)), points)
        return (places + 1).astype(np.float64), values

    def smoothed(self, first: float, last: float, points: int) -> Line:
        """The smoothed loss between two steps, on a grid that stands still while the run goes on."""
        count = len(self.smooth)
        start, stop = max(0, int(np.floor(first)) - 1), min(count - 1, int(np.ceil(last)))
        if stop < start:
            return EMPTY
        stride = max(1, -(-int(last - first) // points))
        places: Ints = np.arange(start // stride * stride, stop + 1, stride, dtype=np.int64)
        if places[-1] != stop:
            places = np.append(places, stop)
        return (places + 1).astype(np.float64), self.smooth.at(places)


def _continues(known: Pyramid, series: Series) -> bool:
    """Whether a series goes on from what is known of it, and was not cut back by a resumed run."""
    count = len(known)
    if len(series) < count:
        return False
    tail = slice(max(0, count - _OVERLAP), count)
    return np.array_equal(series.values[tail], known.values[tail], equal_nan=True)


def thinned(line: Line, first: float, last: float, points: int = POINTS) -> Line:
    """A line's part between two steps (and one point to each side), in at most so many points, every spike kept."""
    steps, values = line
    start = max(0, int(np.searchsorted(steps, first)) - 1)
    stop = min(len(steps), int(np.searchsorted(steps, last, side="right")) + 1)
    if stop - start <= points:
        return steps[start:stop], values[start:stop]
    pyramid = Pyramid()
    pyramid.extend(values)
    places, thin = pyramid.window(start, stop - 1, points)
    return steps[places], thin
