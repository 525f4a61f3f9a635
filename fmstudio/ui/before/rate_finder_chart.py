"""The loss against the learning rate of a range test, drawn while it goes on; a click proposes a rate."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from fmstudio.insight.rate_range import plain, rounded
from fmstudio.training.rate_points import LOWEST, MOST, RatePoint
from fmstudio.ui import theme
from fmstudio.ui.chart_axes import BOTTOM, LEFT, RIGHT, Axes, Span, padded, paint_axes
from fmstudio.ui.plots.ticks import log_ticks
from fmstudio.words import tr

_ROW = 17
"""Height of the line in which a mark is named."""
_COLUMN = 44
_HEADROOM = 0.6
"""How far above the first loss the plot reaches, in parts of the way that the loss falls."""
_STEP = 0.1
"""How far an arrow key moves, in powers of ten."""
_DOT = 2.5


@dataclass(frozen=True)
class Mark:
    """A vertical line with its name.

    Attributes:
        rate: Where.
        name: What it is.
        colour: A colour of the theme.
        dash: Whether it is dashed.
    """

    rate: float
    name: str
    colour: str = "secondary"
    dash: bool = True


class RateFinderChart(QWidget):
    """Draws raw losses as dots, the smoothed one as a line, and the rates that are suggested.

    Signals:
        rate_picked(float): The user clicked there, or pressed Enter on it.
    """

    rate_picked = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("rateFinderChart")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMouseTracking(True)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setAccessibleName(tr("Loss against learning rate"))
        self.setToolTip(tr("Click to take a learning rate; with the keyboard ← → and Enter."))
        self._points: tuple[RatePoint, ...] = ()
        self._marks: tuple[Mark, ...] = ()
        self._limits: Span = (LOWEST, MOST)
        self._hover: float | None = None
        self._ring = False

    @property
    def marks(self) -> tuple[Mark, ...]:
        """What is marked."""
        return self._marks

    def show_points(self, points: Sequence[RatePoint], limits: Span, marks: Sequence[Mark] = ()) -> None:
        """Show a test, or as much of it as there is.

        Args:
            points: In the order of their rates.
            limits: The lowest and the highest rate of a whole test.
            marks: Lines with names.
        """
        self._points, self._limits = tuple(points), limits
        self._marks = tuple(sorted(marks, key=lambda mark: mark.rate))
        self.setAccessibleDescription("; ".join(f"{mark.name} {plain(mark.rate)}" for mark in marks))
        self.update()

    def sizeHint(self) -> QSize:
        """As in the drawer; it takes all the room there is."""
        return QSize(400, 300)

    def minimumSizeHint(self) -> QSize:
        """The marks can still be read."""
        return QSize(240, 200)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Draw a ring where the Tab key brought the focus."""
        super().focusInEvent(event)
        self._ring = event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the ring away, and what the keys had chosen."""
        super().focusOutEvent(event)
        self._ring, self._hover = False, None
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Say the rate under the mouse."""
        self._hover = self.rate_at(event.position().x())
        self.update()

    def leaveEvent(self, event: object) -> None:
        """Say it no more."""
        self._hover = None
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Propose the rate under the mouse."""
        rate = self.rate_at(event.position().x())
        if event.button() is Qt.MouseButton.LeftButton and rate is not None:
            self.rate_picked.emit(rate)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move with the arrows, take with Enter."""
        moves = {Qt.Key.Key_Left: -_STEP, Qt.Key.Key_Right: _STEP}
        key = Qt.Key(event.key())
        if key in moves and self._points:
            low, high = self._limits
            first = next((mark.rate for mark in self._marks if not mark.dash), math.sqrt(low * high))
            start = self._hover or first
            self._hover = min(max(start * 10 ** moves[key], low), high)
            self.update()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._hover is not None:
            self.rate_picked.emit(rounded(self._hover))
        else:
            super().keyPressEvent(event)

    def rate_at(self, x: float) -> float | None:
        """The rate at a place from the left, rounded; None where there is no test, or outside of it."""
        room = self._room()
        if not self._points or not room.left() <= x <= room.right():
            return None
        low, high = (math.log10(limit) for limit in self._limits)
        return rounded(10 ** (low + (x - room.left()) / room.width() * (high - low)))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw axes, marks, dots and line."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        across = (math.log10(self._limits[0]), math.log10(self._limits[1]))
        axes = Axes(self._room(), across, self._up(), ("", tr("loss")))
        columns = log_ticks(*across, max(2, int(axes.room.width() / _COLUMN)))
        paint_axes(painter, axes, columns)
        for place, mark in enumerate(self._marks):
            self._paint_line(painter, axes, mark, place)
        self._paint_points(painter, axes)
        for place, mark in enumerate(self._marks):
            self._paint_name(painter, axes, mark, place)
        self._paint_hover(painter, axes)
        if self._ring:
            painter.setPen(QPen(theme.colour("accent"), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)

    def _room(self) -> QRectF:
        top = _ROW * max(1, len(self._marks)) + 6
        return QRectF(LEFT, top, max(1.0, self.width() - LEFT - RIGHT), max(1.0, self.height() - top - BOTTOM))

    def _up(self) -> Span:
        """From the lowest loss to a little above the first: where the loss leaps the line leaves the plot."""
        smoothed = np.array([point.smoothed for point in self._points])
        smoothed = smoothed[np.isfinite(smoothed)]
        if not len(smoothed):
            return 0.0, 1.0
        raw = np.array([point.loss for point in self._points])
        first, low = float(smoothed[0]), min(float(smoothed.min()), float(raw[np.isfinite(raw)].min()))
        top = max(first, float(smoothed[: int(smoothed.argmin()) + 1].max()))
        return padded(low, min(float(smoothed.max()), top + _HEADROOM * (top - low)))

    def _paint_points(self, painter: QPainter, axes: Axes) -> None:
        rates = np.log10([point.rate for point in self._points]) if self._points else np.empty(0)
        raw, smoothed = (
            np.array([getattr(point, name) for point in self._points], np.float64) for name in ("loss", "smoothed")
        )
        painter.setClipRect(axes.room.adjusted(1, 0, 0, -1))
        dots = QPen(theme.colour("secondary", 0.55), _DOT)
        dots.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(dots)
        painter.drawPoints(axes.polygon(rates, raw))
        line = QPen(theme.colour("accent"), 2)
        line.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(line)
        painter.drawPolyline(axes.polygon(rates, smoothed))
        self._paint_newest(painter, axes, rates, smoothed)
        painter.setClipping(False)

    def _paint_newest(
        self, painter: QPainter, axes: Axes, rates: NDArray[np.float64], smoothed: NDArray[np.float64]
    ) -> None:
        """While the test goes on, where it is."""
        if self._points and not self._marks:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("accent"))
            for place in axes.places(rates[-1:], smoothed[-1:]):
                painter.drawEllipse(place, 4, 4)

    def _paint_line(self, painter: QPainter, axes: Axes, mark: Mark, row: int) -> None:
        x = float(axes.xs(np.array([math.log10(mark.rate)]))[0])
        pen = QPen(theme.colour(mark.colour), 1.5 if not mark.dash else 1)
        pen.setStyle(Qt.PenStyle.DashLine if mark.dash else Qt.PenStyle.SolidLine)
        painter.setPen(pen)
        painter.drawLine(QLineF(x, row * _ROW + 4.0, x, axes.room.bottom()))

    def _paint_name(self, painter: QPainter, axes: Axes, mark: Mark, row: int) -> None:
        """At the right of its line where there is room, on a piece of ground: other lines may pass there."""
        x = float(axes.xs(np.array([math.log10(mark.rate)]))[0])
        painter.setFont(theme.font(theme.SMALL, weight=400 if mark.dash else 600))
        text = f"{mark.name} {plain(mark.rate)}"
        wide = QFontMetrics(painter.font()).horizontalAdvance(text) + 4
        left = x + 3 if x + 3 + wide <= self.width() else x - 3 - wide
        place = QRectF(left, row * _ROW + 2.0, wide, _ROW)
        painter.fillRect(place, theme.colour("card"))
        painter.setPen(theme.colour(mark.colour))
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)

    def _paint_hover(self, painter: QPainter, axes: Axes) -> None:
        if self._hover is None:
            return
        x = float(axes.xs(np.array([math.log10(self._hover)]))[0])
        painter.setPen(QPen(theme.colour("text", 0.5), 1))
        painter.drawLine(QLineF(x, axes.room.top(), x, axes.room.bottom()))
        painter.setFont(theme.font(theme.SMALL))
        text = plain(rounded(self._hover))
        wide = QFontMetrics(painter.font()).horizontalAdvance(text) + 10
        left = min(max(axes.room.left(), x - wide / 2), axes.room.right() - wide)
        ground = QRectF(left, axes.room.bottom() - 20, wide, 18)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("text"))
        painter.drawRoundedRect(ground, 3, 3)
        painter.setPen(theme.colour("card"))
        painter.drawText(ground, Qt.AlignmentFlag.AlignCenter, text)
