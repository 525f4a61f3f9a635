"""A smoothed line: at each step the mean over a centred window that starts narrow and grows.

The window around step i reaches ``min(reach, i / 4)`` steps to each side; towards the newest step it narrows to an
eighth of that, so that the end does not lag behind either. So the line begins on the first value and follows a steep
start without lagging, it never leaves the range of the values that it is a mean of (a mean cannot overshoot), and a
step's value stands still once the run has gone on by its reach. Values that are not finite are left out.

Sums are kept in a tree of blocks of 8, 64, 512, … values: extending costs O(new), amortised, and a mean over any window
O(log window), however many steps there are. No running total is ever subtracted from another, so one huge value
spoils only the windows that hold it.
"""

import numpy as np
from numpy.typing import NDArray

from fmstudio.runs.pyramid import Growing
from fmstudio.runs.run import Series
from fmstudio.training.events import Floats, Ints

Doubles = NDArray[np.float64]
_FANOUT = 8
_GROWTH = 4
_END = 8


class _Level:
    """Sum and number of the finite values of each complete block of one size."""

    def __init__(self) -> None:
        self.sums = Growing(np.float64)
        self.counts = Growing(np.float64)


class Smoothing:
    """The smoothed line of a series that only grows.

    Args:
        reach: How many steps the full window reaches to each side.
    """

    def __init__(self, reach: int) -> None:
        self.reach = max(0, reach)
        self._series = Series()
        self._levels: list[_Level] = []

    def __len__(self) -> int:
        return len(self._series)

    def extend(self, values: Floats) -> None:
        """Append some values, shape (n,)."""
        self._series.extend(np.asarray(values, np.float32))
        size, index = _FANOUT, 0
        while size <= len(self):
            if index == len(self._levels):
                self._levels.append(_Level())
            self._fill(index, size)
            size, index = size * _FANOUT, index + 1

    def at(self, places: Ints) -> Floats:
        """The smoothed line at some positions of the series, shape (m,); NaN where a window holds nothing finite."""
        places = np.asarray(places, np.int64)
        reach = np.minimum(self.reach, places // _GROWTH)
        ahead = np.maximum(len(self) - 1 - places, self.reach // _END)
        reach = np.minimum(reach, ahead)
        sums, counts = self._totals(np.maximum(0, places - reach), np.minimum(len(self), places + reach + 1))
        means = np.full(len(places), np.nan)
        np.divide(sums, counts, out=means, where=counts > 0)
        return means.astype(np.float32)

    def _fill(self, index: int, size: int) -> None:
        """Add to a level the blocks that have become complete."""
        level = self._levels[index]
        known, full = len(level.sums), len(self) // size
        if full == known:
            return
        start, end = known * _FANOUT, full * _FANOUT
        sums, counts = self._leaves(slice(start, end)) if index == 0 else self._nodes(index - 1, slice(start, end))
        level.sums.extend(sums.reshape(-1, _FANOUT).sum(axis=1))
        level.counts.extend(counts.reshape(-1, _FANOUT).sum(axis=1))

    def _leaves(self, which: slice | Ints) -> tuple[Doubles, Doubles]:
        """Raw values as sums and counts, those that are not finite as nothing."""
        values = self._series.values[which].astype(np.float64)
        finite = np.isfinite(values)
        return np.where(finite, values, 0.0), finite.astype(np.float64)

    def _nodes(self, index: int, which: slice | Ints) -> tuple[Doubles, Doubles]:
        level = self._levels[index]
        return level.sums.values[which], level.counts.values[which]

    def _totals(self, first: Ints, stop: Ints) -> tuple[Doubles, Doubles]:
        """Sum and number of the finite values in each half-open window, both shape (m,)."""
        sums, counts = np.zeros(len(first)), np.zeros(len(first))
        for index in range(-1, len(self._levels)):
            last = index == len(self._levels) - 1
            for _ in range(_FANOUT if last else _FANOUT - 1):
                first, stop = self._trim(index, first, stop, sums, counts, everything=last)
            first, stop = first // _FANOUT, stop // _FANOUT
        return sums, counts

    def _trim(
        self, index: int, first: Ints, stop: Ints, sums: Doubles, counts: Doubles, *, everything: bool
    ) -> tuple[Ints, Ints]:
        """Take one block off each end of the windows that do not begin or end with a whole larger block."""
        left = (first < stop) & (everything | (first % _FANOUT != 0))
        self._add(index, first, left, sums, counts)
        first = first + left
        right = (first < stop) & (everything | (stop % _FANOUT != 0))
        self._add(index, stop - 1, right, sums, counts)
        return first, stop - right

    def _add(self, index: int, blocks: Ints, where: NDArray[np.bool_], sums: Doubles, counts: Doubles) -> None:
        if where.any():
            more, number = self._leaves(blocks[where]) if index < 0 else self._nodes(index, blocks[where])
            sums[where] += more
            counts[where] += number
