"""Charts of a report as SVG text: no scripts, no fonts of their own, colours from the report's style sheet."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
from numpy.typing import NDArray

Doubles = NDArray[np.float64]

WIDTH, HEIGHT = 420, 250
_LEFT, _RIGHT, _TOP, _BOTTOM = 50, 20, 10, 36
_TICKS = 5
_DECADES = 1.5


@dataclass(frozen=True, eq=False)
class Line:
    """Something to draw.

    Attributes:
        name: In the key; empty: it has no entry there.
        x: Where; ``y`` how much, both of shape (n,); what is not finite is a gap.
        y: See ``x``.
        colour: ``"accent"``, ``"green"``, ``"orange"`` or ``"grey"``.
        style: ``"line"``, ``"pale"``, ``"dash"``, ``"dots"`` or ``"bars"`` (from 0, one unit of ``width`` wide).
        width: Of a bar.
    """

    name: str
    x: Doubles
    y: Doubles
    colour: str = "accent"
    style: str = "line"
    width: float = 1.0


@dataclass(frozen=True)
class Axis:
    """One direction of a chart.

    Attributes:
        name: What is measured.
        low: Where it begins; ``high`` where it ends.
        high: See ``low``.
        percent: Whether 0…1 is written as per cent.
        logarithmic: Whether each step up is ten times as much.
    """

    name: str
    low: float
    high: float
    percent: bool = False
    logarithmic: bool = False

    def place(self, values: Doubles) -> Doubles:
        """Where values lie, 0…1 from one end to the other; NaN where they lie nowhere."""
        if self.logarithmic:
            low, high = math.log10(self.low), math.log10(self.high)
            taken = np.log10(np.where(values > 0, values, np.nan))
        else:
            low, high, taken = self.low, self.high, values
        placed: Doubles = (taken - low) / ((high - low) or 1.0)
        return placed

    def ticks(self) -> list[float]:
        """Round values from end to end."""
        if not self.logarithmic:
            return round_values(self.low, self.high)
        first, last = math.ceil(math.log10(self.low) - 1e-9), math.floor(math.log10(self.high) + 1e-9)
        step = max(1, math.ceil((last - first + 1) / (_TICKS + 2)))
        return [10.0**power for power in range(first, last + 1, step)]

    def written(self, value: float) -> str:
        """A tick's words."""
        if self.percent:
            return f"{100 * value:g} %"
        return f"{value:.6g}".replace("e-0", "e-").replace("e+0", "e").replace("-", "−")


def axis_of(
    name: str, values: Sequence[Doubles], *, percent: bool = False, logarithmic: bool = False, zero: bool = False
) -> Axis:
    """An axis that holds all values.

    Args:
        name: What is measured.
        values: All that is drawn.
        percent: As for ``Axis``.
        logarithmic: Wanted; where the values do not span decades, or are not positive, it is not.
        zero: Whether it begins at 0.
    """
    joined = np.concatenate([np.ravel(one) for one in values]) if len(values) else np.empty(0)
    known = joined[np.isfinite(joined)]
    if not len(known):
        return Axis(name, 0.0, 1.0, percent)
    low, high = float(known.min()), float(known.max())
    if logarithmic and low > 0 and math.log10(high / low) > _DECADES:
        return Axis(name, 10 ** math.floor(math.log10(low)), 10 ** math.ceil(math.log10(high)), percent, True)
    low = min(0.0, low) if zero else low
    if high <= low:
        low, high = low - abs(low) * 0.1 - 1e-9, high + abs(high) * 0.1 + 1e-9
    return Axis(name, low, high if zero and high == 1 else high + 0.04 * (high - low), percent)


def round_values(low: float, high: float) -> list[float]:
    """Some five round values between two others."""
    span = high - low
    if not math.isfinite(span) or span <= 0:
        return [low]
    raw = span / _TICKS
    size = 10.0 ** math.floor(math.log10(raw))
    step = next(size * factor for factor in (1, 2, 2.5, 5, 10) if raw <= size * factor * 1.0001)
    first = math.ceil(low / step - 1e-9)
    return [round(place * step, 12) for place in range(first, math.floor(high / step + 1e-9) + 1)]


def chart(title: str, x: Axis, y: Axis, lines: Sequence[Line], *, width: int = WIDTH, height: int = HEIGHT) -> str:
    """A chart with its heading and its key, as HTML.

    Args:
        title: Above it, and what a screen reader says.
        x: From left to right.
        y: Upwards.
        lines: What is drawn, the first one lowest.
        width: Of the drawing, in its own units.
        height: See ``width``.
    """
    room = _Room(width, height, x, y)
    drawn = "".join(room.drawn(line) for line in lines)
    key = "".join(_entry(line) for line in lines if line.name)
    return (
        f'<figure class="chart"><h3>{escape(title)}</h3>'
        f'<svg viewBox="0 0 {width} {height}" role="img" aria-label="{escape(title)}">{room.frame()}{drawn}</svg>'
        f'<div class="key">{key}</div></figure>'
    )


@dataclass(frozen=True)
class _Room:
    """Where everything lies on the drawing."""

    width: int
    height: int
    x: Axis
    y: Axis

    def across(self, values: Doubles) -> Doubles:
        """From the left."""
        placed: Doubles = _LEFT + self.x.place(values) * (self.width - _LEFT - _RIGHT)
        return placed

    def down(self, values: Doubles) -> Doubles:
        """From the top; what lies outside is put on the edge."""
        placed: Doubles = _TOP + (1 - np.clip(self.y.place(values), 0, 1)) * (self.height - _TOP - _BOTTOM)
        return placed

    def frame(self) -> str:
        """Lines, numbers and names of both axes."""
        bottom, right = self.height - _BOTTOM, self.width - _RIGHT
        parts = []
        for value, at in zip(self.y.ticks(), self.down(np.array(self.y.ticks())), strict=True):
            parts.append(f'<line class="grid" x1="{_LEFT}" x2="{right}" y1="{at:.1f}" y2="{at:.1f}"/>')
            parts.append(f'<text x="{_LEFT - 7}" y="{at + 4:.1f}" text-anchor="end">{self.y.written(value)}</text>')
        for value, at in zip(self.x.ticks(), self.across(np.array(self.x.ticks())), strict=True):
            parts.append(f'<text x="{at:.1f}" y="{bottom + 16}" text-anchor="middle">{self.x.written(value)}</text>')
        names = " · ".join(filter(None, (self.x.name, self.y.name and f"↑ {self.y.name}")))
        parts.append(f'<text x="{right}" y="{self.height - 4}" text-anchor="end">{escape(names)}</text>')
        return "".join(parts)

    def drawn(self, line: Line) -> str:
        """One line, or its dots."""
        across, down = self.across(line.x), self.down(line.y)
        known = np.isfinite(across) & np.isfinite(down)
        if line.style == "bars":
            return "".join(self._bar(line, float(at), float(y)) for at, y in zip(line.x[known], line.y[known]))  # noqa: B905
        if line.style == "dots":
            dots = zip(across[known], down[known], strict=True)
            return "".join(f'<circle class="dot-{line.colour}" cx="{a:.1f}" cy="{d:.1f}" r="2.4"/>' for a, d in dots)
        style = {"pale": "pale", "dash": "line dash"}.get(line.style, "line")
        pieces = np.split(np.flatnonzero(known), np.flatnonzero(np.diff(np.flatnonzero(known)) > 1) + 1)
        path = "".join(_path(across[piece], down[piece]) for piece in pieces if len(piece))
        return f'<path class="{style} {line.colour}" d="{path}"/>' if path else ""

    def _bar(self, line: Line, x: float, y: float) -> str:
        left, right = self.across(np.array([x - line.width / 2, x + line.width / 2]))
        top, bottom = self.down(np.array([y, max(0.0, self.y.low)]))
        size = f'width="{max(0.0, right - left - 2):.1f}" height="{max(0.0, bottom - top):.1f}"'
        return f'<rect class="bar" x="{left + 1:.1f}" y="{top:.1f}" {size}/>'


def _path(across: Doubles, down: Doubles) -> str:
    points = " ".join(f"{a:.1f} {d:.1f}" for a, d in zip(across, down, strict=True))
    return f"M{points}"


def _entry(line: Line) -> str:
    """The sign of a line, and its name."""
    sign = f'<path class="{"line dash" if line.style == "dash" else "line"} {line.colour}" d="M0 4 22 4"/>'
    if line.style == "dots":
        sign = f'<circle class="dot-{line.colour}" cx="11" cy="4" r="3"/>'
    if line.style == "bars":
        sign = '<rect class="bar" x="2" y="0" width="18" height="8"/>'
    return f'<span><svg viewBox="0 0 22 8" aria-hidden="true">{sign}</svg>{escape(line.name)}</span>'
