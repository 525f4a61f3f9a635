"""A growing series drawn with few points, without losing a spike.

Above the raw values stand levels, each with one entry for 16, 64, 256, … of them: where the smallest and where the
greatest lie. A window is cut into buckets of equal size, and each bucket shows its smallest and its greatest value, at
their true places and in their true order. A value that is not finite counts in a bucket only where there is no other,
so that gaps narrower than a bucket close and no spike is hidden by a NaN.
"""

from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from fmstudio.runs.run import Series
from fmstudio.training.events import Floats, Ints

_FIRST = 16
_FANOUT = 4
_FEWEST = 8


class Growing:
    """Numbers of any type that only grow in number, kept in one array that doubles.

    Args:
        kind: The type of the numbers.
    """

    def __init__(self, kind: DTypeLike) -> None:
        self._values: NDArray[Any] = np.empty(256, kind)
        self._length = 0

    def extend(self, values: NDArray[Any]) -> None:
        """Append some numbers, shape (n,)."""
        needed = self._length + len(values)
        if needed > len(self._values):
            grown = np.empty(max(needed, 2 * len(self._values)), self._values.dtype)
            grown[: self._length] = self._values[: self._length]
            self._values = grown
        self._values[self._length : needed] = values
        self._length = needed

    @property
    def values(self) -> NDArray[Any]:
        """All numbers, shape (n,)."""
        return self._values[: self._length]

    def __len__(self) -> int:
        return self._length


class _Level:
    """For each block of ``size`` values: where its smallest and its greatest lie."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.lows = Growing(np.int64)
        self.highs = Growing(np.int64)


class Pyramid:
    """A min/max pyramid over float32 values that only grow; extending costs O(new), amortised."""

    def __init__(self) -> None:
        self._series = Series()
        self._levels: list[_Level] = []
        self._low = np.float32(np.inf)
        self._high = np.float32(-np.inf)

    def __len__(self) -> int:
        return len(self._series)

    @property
    def values(self) -> Floats:
        """All raw values, shape (n,): a read-only view."""
        return self._series.values

    @property
    def bounds(self) -> tuple[float, float] | None:
        """The smallest and the greatest finite value; None where there is none."""
        return (float(self._low), float(self._high)) if self._low <= self._high else None

    def extend(self, values: Floats) -> None:
        """Append some values, shape (n,)."""
        new = np.asarray(values, np.float32)
        self._series.extend(new)
        finite = new[np.isfinite(new)]
        if len(finite):
            self._low = min(self._low, finite.min())
            self._high = max(self._high, finite.max())
        self._grow()

    def window(self, first: int, last: int, points: int = 2000) -> tuple[Ints, Floats]:
        """The values ``first`` … ``last``, both included, in at most so many points.

        Args:
            first: Position of the first value; what lies outside the series is left out.
            last: Position of the last value.
            points: At most so many, at least 8. Where there are no more values than this, all are given.

        Returns:
            Positions, increasing, shape (m,), and the values there, shape (m,).
        """
        first, stop = max(0, first), min(len(self), last + 1)
        if stop - first <= max(points, _FEWEST):
            places = np.arange(first, max(first, stop), dtype=np.int64)
            return places, self.values[first : max(first, stop)]
        size, level = self._bucket(stop - first, max(points, _FEWEST) // 2)
        start, end = -(-first // size) * size, stop // size * size
        head = self._raw_blocks(first, start, start - first)
        tail = self._raw_blocks(end, stop, stop - end)
        places = np.unique(np.concatenate([*head, *self._blocks(start, end, size, level), *tail]))
        return places, self.values[places]

    def _grow(self) -> None:
        """Fill every level up to the last block that is complete."""
        size, index = _FIRST, 0
        while size <= len(self):
            if index == len(self._levels):
                self._levels.append(_Level(size))
            level = self._levels[index]
            known, full = len(level.lows), len(self) // size
            if full > known:
                below = self._levels[index - 1] if index else None
                lows, highs = self._blocks(known * size, full * size, size, below)
                level.lows.extend(lows)
                level.highs.extend(highs)
            size, index = size * _FANOUT, index + 1

    def _blocks(self, start: int, end: int, size: int, below: _Level | None) -> tuple[Ints, Ints]:
        """Smallest and greatest of each block of ``size`` values from ``start`` to ``end``, both multiples of it."""
        if below is None:
            return self._raw_blocks(start, end, size)
        part = slice(start // below.size, end // below.size)
        fanout = size // below.size
        lows, highs = below.lows.values[part].reshape(-1, fanout), below.highs.values[part].reshape(-1, fanout)
        rows = np.arange(len(lows))
        return lows[rows, _lowest(self.values[lows])], highs[rows, _highest(self.values[highs])]

    def _raw_blocks(self, start: int, end: int, size: int) -> tuple[Ints, Ints]:
        """The same from the raw values; ``start`` and ``end`` need only be some blocks apart."""
        if end <= start:
            return np.empty(0, np.int64), np.empty(0, np.int64)
        values = self.values[start:end].reshape(-1, size)
        firsts = start + size * np.arange(len(values), dtype=np.int64)
        return firsts + _lowest(values), firsts + _highest(values)

    def _bucket(self, count: int, buckets: int) -> tuple[int, _Level | None]:
        """A bucket size that cuts so many values into at most so many buckets, and the level to make it from."""
        wanted = -(-count // (buckets - 2))
        level = next((level for level in reversed(self._levels) if level.size * _FANOUT <= wanted), None)
        step = level.size if level else 1
        return -(-wanted // step) * step, level


def _lowest(values: Floats) -> Ints:
    """In each row the place of the smallest finite value, shape (rows,)."""
    finite = np.isfinite(values)
    cleaned = values if finite.all() else np.where(finite, values, np.float32(np.inf))
    places: Ints = cleaned.argmin(axis=1).astype(np.int64, copy=False)
    return places


def _highest(values: Floats) -> Ints:
    """In each row the place of the greatest finite value, shape (rows,)."""
    finite = np.isfinite(values)
    cleaned = values if finite.all() else np.where(finite, values, np.float32(-np.inf))
    places: Ints = cleaned.argmax(axis=1).astype(np.int64, copy=False)
    return places


def nearest(places: NDArray[np.float64] | Ints, place: float) -> int:
    """The index of the increasing position that is nearest to a place; -1 where there is none."""
    if not len(places):
        return -1
    after = int(np.searchsorted(places, place))
    if after == 0:
        return 0
    if after == len(places):
        return after - 1
    return after if places[after] - place < place - places[after - 1] else after - 1
