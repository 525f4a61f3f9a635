"""Where the pictures of a wall stand: arithmetic, whether there are sixty of them or seventy thousand."""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise


@dataclass(frozen=True)
class WallLayout:
    """Lines of equally many pictures; each group of rows begins a new line, under a heading.

    Attributes:
        count: How many pictures.
        columns: How many stand side by side, at least 1.
        room: The width that they share, in pixels.
        line: The height of a line.
        starts: The first row of each group, ascending, from 0; empty: no groups.
        heading: The height of what stands above each group.
    """

    count: int
    columns: int
    room: int
    line: int
    starts: tuple[int, ...] = ()
    heading: int = 0

    @cached_property
    def _starts(self) -> tuple[int, ...]:
        return tuple(start for start in self.starts if start < self.count) or (0,)

    @cached_property
    def _above(self) -> int:
        """The height above each group."""
        return self.heading if self.starts else 0

    @cached_property
    def _tops(self) -> tuple[int, ...]:
        """Where each group begins, and where the last one ends."""
        tops = [0]
        for first, end in pairwise((*self._starts, self.count)):
            tops.append(tops[-1] + self._above + -(-(end - first) // self.columns) * self.line)
        return tuple(tops)

    @property
    def height(self) -> int:
        """The height of the whole wall."""
        return self._tops[-1]

    def place(self, row: int) -> tuple[int, int, int]:
        """Left edge, upper edge and width of a picture."""
        group = self._group(row)
        line, column = divmod(row - self._starts[group], self.columns)
        left, right = (self.room * edge // self.columns for edge in (column, column + 1))
        return left, self._tops[group] + self._above + line * self.line, right - left

    def row_at(self, x: int, y: int) -> int:
        """The picture at a place, -1 where there is none."""
        column = ((x + 1) * self.columns - 1) // self.room if self.room else -1
        if not 0 <= column < self.columns or not 0 <= y < self.height:
            return -1
        group = bisect_right(self._tops, y) - 1
        line = (y - self._tops[group] - self._above) // self.line
        row = self._starts[group] + line * self.columns + column
        return row if line >= 0 and row < self._end(group) else -1

    def rows(self, top: int, bottom: int) -> Iterator[int]:
        """The pictures whose lines touch what is between two heights."""
        for group in self._groups(top, bottom):
            begin = self._tops[group] + self._above
            first, last = max(0, (top - begin) // self.line), (bottom - begin) // self.line
            start = self._starts[group]
            yield from range(start + first * self.columns, min(self._end(group), start + (last + 1) * self.columns))

    def headings(self, top: int, bottom: int) -> Iterator[tuple[int, int]]:
        """Number and upper edge of each group whose heading may be seen between two heights."""
        if self.starts:
            yield from ((group, self._tops[group]) for group in self._groups(top, bottom))

    def stepped(self, row: int, lines: int) -> int:
        """The picture so many lines below another one, or above it; at the ends the first and the last one."""
        for _ in range(abs(lines)):
            row = self._one_below(row) if lines > 0 else self._one_above(row)
        return row

    def _one_below(self, row: int) -> int:
        group = self._group(row)
        start, end = self._starts[group], self._end(group)
        if row + self.columns < end:
            return row + self.columns
        last_line = (row - start) // self.columns == (end - 1 - start) // self.columns
        if group == len(self._starts) - 1 or not last_line:
            return end - 1
        return min(end + (row - start) % self.columns, self._end(group + 1) - 1)

    def _one_above(self, row: int) -> int:
        group = self._group(row)
        start = self._starts[group]
        if row - self.columns >= start:
            return row - self.columns
        if group == 0:
            return 0
        before = self._starts[group - 1]
        line = (start - 1 - before) // self.columns
        return min(before + line * self.columns + (row - start) % self.columns, start - 1)

    def _group(self, row: int) -> int:
        return max(0, bisect_right(self._starts, row) - 1)

    def _groups(self, top: int, bottom: int) -> Iterator[int]:
        """The groups that touch what is between two heights."""
        group = max(0, bisect_right(self._tops, top) - 1)
        while group < len(self._starts) and self._tops[group] <= bottom:
            yield group
            group += 1

    def _end(self, group: int) -> int:
        return self._starts[group + 1] if group + 1 < len(self._starts) else self.count
