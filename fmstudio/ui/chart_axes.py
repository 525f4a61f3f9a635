"""Axes of a chart that is drawn by hand: where a number lies on the screen, marks, and faint lines at round numbers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen, QPixmap, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from fmstudio.ui import theme
from fmstudio.ui.plots import ticks
from fmstudio.ui.style import mix

Span = tuple[float, float]

LEFT, RIGHT, TOP, BOTTOM = 46, 8, 8, 22
"""Room round the plot, for the marks and for half a marker."""

_ROW, _COLUMN = 34, 76
_FAR = 1e6
_SIDE = 4


@dataclass(frozen=True)
class Axes:
    """A part of the plane of numbers, and where it lies on the widget.

    Attributes:
        room: Where, in pixels.
        across: The numbers from its left to its right side; ``up`` from its foot to its top.
        names: What the two axes show.
    """

    room: QRectF
    across: Span
    up: Span
    names: tuple[str, str] = ("", "")

    def xs(self, values: NDArray[Any]) -> NDArray[np.float64]:
        """Pixels from the left; what is very far away stays where the painter can still draw it."""
        share = (values.astype(np.float64) - self.across[0]) / (self.across[1] - self.across[0])
        return np.clip(self.room.left() + share * self.room.width(), -_FAR, _FAR)

    def ys(self, values: NDArray[Any]) -> NDArray[np.float64]:
        """Pixels from the top, likewise."""
        share = (values.astype(np.float64) - self.up[0]) / (self.up[1] - self.up[0])
        return np.clip(self.room.bottom() - share * self.room.height(), -_FAR, _FAR)

    def places(self, x: NDArray[Any], y: NDArray[Any]) -> list[QPointF]:
        """Where points lie on the screen; those that are not finite are left out."""
        known = np.isfinite(x) & np.isfinite(y)
        pairs = zip(self.xs(x[known]).tolist(), self.ys(y[known]).tolist(), strict=True)
        return [QPointF(left, top) for left, top in pairs]

    def polygon(self, x: NDArray[Any], y: NDArray[Any]) -> QPolygonF:
        """The same as a line."""
        return QPolygonF(self.places(x, y))


class StillChart(QWidget):
    """A chart of which much stands still: that is drawn once, as a picture, on which the rest is painted.

    Args:
        name: Its objectName.
    """

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._still: QPixmap | None = None
        self._still_of: tuple[object, ...] = ()

    def sizeHint(self) -> QSize:
        """As in a window of 1440 × 900; it takes all the room there is."""
        return QSize(320, 220)

    def minimumSizeHint(self) -> QSize:
        """The marks can still be read."""
        return QSize(160, 110)

    def still(self, key: tuple[object, ...], paint: Callable[[QPainter], None]) -> QPixmap:
        """What stands still, painted anew for another size, screen or theme, and where the key is another.

        Args:
            key: What is drawn. Of an array its ``id``, as long as somebody keeps it.
            paint: Draws it on the ground of a card.
        """
        ratio = self.devicePixelRatioF()
        whole = (self.width(), self.height(), ratio, theme.current().name, *key)
        if self._still is None or whole != self._still_of:
            picture = QPixmap(self.size() * ratio)
            picture.setDevicePixelRatio(ratio)
            picture.fill(theme.colour("card"))
            painter = QPainter(picture)
            paint(painter)
            painter.end()
            self._still, self._still_of = picture, whole
        return self._still


def room_of(width: float, height: float) -> QRectF:
    """Where the plot lies on a widget of a size."""
    return QRectF(LEFT, TOP, max(1.0, width - LEFT - RIGHT), max(1.0, height - TOP - BOTTOM))


def paint_axes(
    painter: QPainter, axes: Axes, columns: Sequence[ticks.Tick] | None = None, *, grid: bool = True
) -> None:
    """Draw marks, faint lines, and the names of the axes.

    Args:
        painter: What with.
        axes: Where.
        columns: Marks of the horizontal axis; None for round numbers.
        grid: Whether there are faint lines at the marks of the vertical axis.
    """
    room, now = axes.room, theme.current()
    rows = ticks.number_ticks(*axes.up, max(2, int(room.height() / _ROW)))
    if columns is None:
        columns = ticks.number_ticks(*axes.across, max(2, int(room.width() / _COLUMN)))
    painter.setFont(theme.font(theme.SMALL))
    heights = axes.ys(np.array([place for place, _ in rows]))
    if grid and rows:
        painter.setPen(QPen(QColor(mix(now.line, now.card, 0.35)), 1))
        painter.drawLines([QLineF(room.left(), y, room.right(), y) for y in heights])
    painter.setPen(QPen(theme.colour("line"), 1))
    painter.drawLine(QLineF(room.left(), room.top(), room.left(), room.bottom()))
    painter.drawLine(QLineF(room.left(), room.bottom(), room.right(), room.bottom()))
    painter.setPen(theme.colour("secondary"))
    for y, (_, text) in zip(heights, rows, strict=True):
        place = QRectF(0, y - 8, LEFT - 6, 16)
        painter.drawText(place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, _signed(text))
    _paint_columns(painter, axes, columns)
    _paint_names(painter, axes)


def _paint_columns(painter: QPainter, axes: Axes, columns: Sequence[ticks.Tick]) -> None:
    metrics, room = QFontMetrics(painter.font()), axes.room
    for x, (_, text) in zip(axes.xs(np.array([place for place, _ in columns])), columns, strict=True):
        wide = metrics.horizontalAdvance(_signed(text))
        left = min(max(x - wide / 2, room.left()), room.right() - wide)
        painter.drawText(QPointF(left, room.bottom() + 16), _signed(text))


def _paint_names(painter: QPainter, axes: Axes) -> None:
    """The vertical axis is named at its top, the horizontal one at its right end, inside, on a piece of ground."""
    metrics, room = QFontMetrics(painter.font()), axes.room
    height = metrics.height()
    places = (QPointF(room.right(), room.bottom() - height - _SIDE), QPointF(room.left() + _SIDE, room.top()))
    for name, place in zip(axes.names, places, strict=True):
        if not name:
            continue
        wide = metrics.horizontalAdvance(name) + 2 * _SIDE
        left = place.x() - wide - _SIDE if name is axes.names[0] else place.x()
        ground = QRectF(left, place.y(), wide, height)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("card", 0.8))
        painter.drawRoundedRect(ground, 3, 3)
        painter.setPen(theme.colour("secondary"))
        painter.drawText(ground, Qt.AlignmentFlag.AlignCenter, name)


def _signed(text: str) -> str:
    return text.replace("-", "−")


def padded(low: float, high: float, share: float = 0.05) -> Span:
    """A range with a little room at both ends; never empty."""
    if not high > low:
        half = max(abs(low) * 0.1, 0.5)
        return low - half, high + half
    return low - share * (high - low), high + share * (high - low)
