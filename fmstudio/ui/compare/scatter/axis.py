"""The axes of "Setting and result": where a value stands, and what is written beside it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen

from fmstudio.insight.settings_results import SECONDS, Column, Doubles, is_share
from fmstudio.ui import theme
from fmstudio.ui.chart_axes import padded
from fmstudio.ui.plots.ticks import Tick, log_ticks, number_ticks, percent_ticks
from fmstudio.ui.style import mix
from fmstudio.words import rough_time

LEFT, RIGHT, TOP, BOTTOM = 60, 14, 24, 40
_ROW, _COLUMN = 34, 84
_SHARE = 0.06
_SIDE = 4
_FEW = 1000
"""Whole numbers below this have marks at whole numbers only."""


@dataclass(frozen=True)
class Axis:
    """One axis.

    Attributes:
        name: What it shows.
        low: Its beginning, as a place: on a logarithmic axis a power of ten; ``high`` its end.
        high: See ``low``.
        log: Whether it is logarithmic.
        share: Whether its numbers are shares, said in per cent.
        time: Whether they are seconds.
        whole: Whether they are whole numbers.
        words: What stands at 0, 1, 2 …: of categories.
    """

    name: str
    low: float = 0.0
    high: float = 1.0
    log: bool = False
    share: bool = False
    time: bool = False
    whole: bool = False
    words: tuple[str, ...] = ()

    def places(self, values: Doubles) -> Doubles:
        """Where values stand; NaN where they have no place: 0 on a logarithmic axis."""
        if not self.log:
            return values
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(values > 0, np.log10(np.maximum(values, 1e-300)), np.nan)

    def shares(self, places: Doubles) -> Doubles:
        """How far along the axis places lie, 0…1."""
        return (places - self.low) / (self.high - self.low)

    def ticks(self, most: int) -> list[Tick]:
        """What is written beside it."""
        if self.words:
            stride = max(1, -(-len(self.words) // max(1, most)))
            return [(float(place), word) for place, word in enumerate(self.words) if place % stride == 0]
        if self.log:
            return log_ticks(self.low, self.high, most)
        if self.share:
            return percent_ticks(self.low, self.high, most)
        found = number_ticks(self.low, self.high, min(most, int(self.high - self.low) + 1) if self.whole else most)
        if self.whole:
            found = [(place, f"{place:.0f}") for place, _ in found if place == round(place)]
        return [(place, rough_time(place) if place > 0 else "0") for place, _ in found] if self.time else found


def axis_of_result(name: str, key: str, values: Doubles, *, log: bool = False) -> Axis:
    """The upright axis for some results."""
    axis = Axis(name, log=log, share=is_share(key) and not log, time=key == SECONDS and not log)
    return _fitted(axis, values)


def axis_of_setting(name: str, column: Column, words: Sequence[str], *, log: bool = False) -> Axis:
    """The axis for a setting.

    Args:
        name: What it is called.
        column: The setting.
        words: Its categories as people read them; empty where it has numbers.
        log: Whether it is looked at by factors.
    """
    if column.categories:
        return Axis(name, -0.5, len(column.categories) - 0.5, words=tuple(words))
    known = column.numbers[np.isfinite(column.numbers)]
    whole = not log and bool((known == np.round(known)).all()) and bool((np.abs(known) < _FEW).all())
    return _fitted(Axis(name, log=log, whole=whole), column.numbers)


def _fitted(axis: Axis, values: Doubles) -> Axis:
    places = axis.places(values)
    known = places[np.isfinite(places)]
    if not len(known):
        return axis
    low, high = float(known.min()), float(known.max())
    if axis.log and not high > low:
        low, high = low - 0.5, high + 0.5
    elif axis.share and not high > low:
        low, high = low - 0.02, high + 0.02
    low, high = padded(low, high, _SHARE)
    if not axis.log and not axis.share and float(known.min()) >= 0 > low:
        low = -_SHARE / 2 * high
    return replace(axis, low=low, high=high)


def room_of(width: float, height: float) -> QRectF:
    """Where the plot lies on a widget."""
    return QRectF(LEFT, TOP, max(1.0, width - LEFT - RIGHT), max(1.0, height - TOP - BOTTOM))


def paint_axes(painter: QPainter, room: QRectF, across: Axis, up: Axis) -> None:
    """Draw marks, faint lines, and what the axes show."""
    now = theme.current()
    painter.setFont(theme.font(theme.SMALL))
    rows = up.ticks(max(2, int(room.height() / _ROW)))
    heights = room.bottom() - up.shares(np.array([place for place, _ in rows])) * room.height()
    painter.setPen(QPen(theme.colour("line"), 1))
    painter.drawLine(QLineF(room.left(), room.top(), room.left(), room.bottom()))
    painter.drawLine(QLineF(room.left(), room.bottom(), room.right(), room.bottom()))
    for height, (_, text) in zip(heights.tolist(), rows, strict=True):
        painter.setPen(QPen(QColor(mix(now.line, now.card, 0.35)), 1))
        painter.drawLine(QLineF(room.left() + 1, height, room.right(), height))
        painter.setPen(theme.colour("secondary"))
        place = QRectF(0, height - 8, LEFT - 6, 16)
        painter.drawText(place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text.replace("-", "−"))
    _paint_columns(painter, room, across)
    painter.setPen(theme.colour("secondary"))
    painter.drawText(QPointF(_SIDE, 14), up.name)
    below = QRectF(room.left(), room.bottom() + 20, room.width(), 18)
    painter.drawText(below, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, across.name)


def _paint_columns(painter: QPainter, room: QRectF, across: Axis) -> None:
    metrics = QFontMetrics(painter.font())
    columns = across.ticks(max(2, int(room.width() / _COLUMN)))
    wide = room.width() / max(1, len(columns)) - _SIDE
    lefts = room.left() + across.shares(np.array([place for place, _ in columns])) * room.width()
    painter.setPen(theme.colour("secondary"))
    for left, (_, text) in zip(lefts.tolist(), columns, strict=True):
        shown = text if not across.words else metrics.elidedText(text, Qt.TextElideMode.ElideRight, int(wide))
        width = metrics.horizontalAdvance(shown)
        place = min(max(left - width / 2, room.left()), room.right() - width)
        painter.drawText(QPointF(place, room.bottom() + 16), shown.replace("-", "−") if not across.words else shown)
