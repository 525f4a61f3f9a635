"""Runs as points: to point at, to click, to draw a line around, and to open."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QLineF, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QPolygonF,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from fmstudio.insight.settings_results import Doubles, Means
from fmstudio.ui import theme
from fmstudio.ui.compare.scatter.axis import Axis, paint_axes, room_of
from fmstudio.ui.compare.scatter.dress import Dress, paint_point
from fmstudio.ui.map.card import Glance, paint_card
from fmstudio.ui.map.place import inside, nearest, next_towards
from fmstudio.words import tr

RADIUS = 4.5
_MANY, _SMALL = 300, 3.2
_REACH, _STILL, _STEP = 10.0, 4.0, 3.0
_CAP = 4.0
_ARROWS = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1)}
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_BY_KEY = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)


@dataclass(frozen=True, eq=False)
class Points:
    """What is shown.

    Attributes:
        across: The axis of the setting; ``up`` that of the result.
        up: See ``across``.
        x: Of each run, a place on the axis, NaN where it has none, shape (n,); ``y`` likewise.
        y: See ``x``.
        dress: How they look.
        names: What is said of each: a heading and a line.
        chosen: Which are chosen, shape (n,).
        best: The best one's row, -1 where none is.
        means: Mean and spread at each value; None: no line.
        band: Mean and spread of all of them; None: no band.
    """

    across: Axis
    up: Axis
    x: Doubles
    y: Doubles
    dress: Dress
    names: Sequence[tuple[str, str]]
    chosen: NDArray[np.bool_]
    best: int = -1
    means: Means | None = None
    band: tuple[float, float] | None = None
    rows: NDArray[np.intp] = field(init=False)
    """The rows of those that have a place."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "rows", np.flatnonzero(np.isfinite(self.x) & np.isfinite(self.y)))


class ScatterCanvas(QWidget):
    """Draws points. A click chooses one, a line drawn with the mouse those inside, with Ctrl more of them."""

    picked = Signal(object, bool)
    """These rows, shape (m,), were chosen; whether in addition to those that were."""
    opened = Signal(int)
    """A row was clicked twice, or Enter pressed on it."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("scatterCanvas")
        self.setAccessibleName(tr("Runs by a setting and a result"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._points: Points | None = None
        self._message = ""
        self._hovered = self._current = -1
        self._line: list[QPointF] = []
        self._ring = False
        self._still: QPixmap | None = None
        self._drawn: tuple[object, ...] = ()

    @property
    def points(self) -> Points | None:
        """What is shown."""
        return self._points

    def show_points(self, points: Points | None, message: str = "") -> None:
        """Show points, or say why there are none."""
        if points is None or self._points is None or len(points.x) != len(self._points.x):
            self._hovered = self._current = -1
        self._points, self._message = points, message
        self.update()

    def place(self, row: int) -> QPointF:
        """Where a point lies on the widget."""
        return QPointF(*self._places()[row])

    def sizeHint(self) -> QSize:
        """It takes all the room there is."""
        return QSize(480, 240)

    def minimumSizeHint(self) -> QSize:
        """The marks can still be read."""
        return QSize(220, 130)

    # ── Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw axes, means, points, the best one, and the card of one."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        points = self._points
        if points is None or not len(points.rows):
            painter.setPen(theme.colour("secondary"))
            room = self.rect().adjusted(24, 0, -24, 0)
            painter.drawText(room, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self._message)
            return
        painter.drawPixmap(0, 0, self._picture(points))
        if len(self._line) > 1:
            painter.setPen(QPen(theme.colour("accent"), 1.5))
            painter.setBrush(theme.colour("accent", 0.12))
            painter.drawPolygon(QPolygonF(self._line))
        self._paint_looked_at(painter, points)

    def _picture(self, points: Points) -> QPixmap:
        """What stands still while the mouse moves, drawn once."""
        ratio = self.devicePixelRatioF()
        key = (points, self.width(), self.height(), ratio)
        if self._still is not None and key == self._drawn:
            return self._still
        picture = QPixmap(self.size() * ratio)
        picture.setDevicePixelRatio(ratio)
        picture.fill(theme.colour("card"))
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_axes(painter, room_of(self.width(), self.height()), points.across, points.up)
        if points.band is not None:
            self._paint_band(painter, points, *points.band)
        if points.means is not None:
            self._paint_means(painter, points, points.means)
        self._paint_points(painter, points)
        painter.end()
        self._still, self._drawn = picture, key
        return picture

    def _paint_band(self, painter: QPainter, points: Points, mean: float, spread: float) -> None:
        """A line at the mean, and a band as wide as the spread."""
        room = room_of(self.width(), self.height())
        ends = room.bottom() - points.up.shares(np.array([mean + spread, mean, mean - spread])) * room.height()
        high, middle, low = ends.tolist()
        painter.fillRect(QRectF(room.left() + 1, high, room.width(), low - high), theme.colour("accent", 0.1))
        painter.setPen(QPen(theme.colour("accent", 0.7), 1.5, Qt.PenStyle.DashLine))
        painter.drawLine(QLineF(room.left(), middle, room.right(), middle))
        painter.setFont(theme.font(theme.SMALL))
        painter.setPen(theme.colour("secondary"))
        beside = QRectF(room.left(), middle - 18, room.width() - 4, 16)
        painter.drawText(beside, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, tr("mean ± spread"))

    def _paint_points(self, painter: QPainter, points: Points) -> None:
        radius = RADIUS if len(points.rows) <= _MANY else _SMALL
        places = self._places()
        order = sorted(points.rows.tolist(), key=lambda row: (row == points.best, bool(points.chosen[row])))
        for row in order:
            at = QPointF(*places[row])
            chosen = bool(points.chosen[row])
            painter.setPen(QPen(theme.colour("text" if chosen else "card"), 1.8 if chosen else 1))
            painter.setBrush(QColor(points.dress.colours[row]))
            paint_point(painter, at, points.dress.shapes[row], radius + (1 if chosen else 0))
        if points.best in points.rows:
            _paint_best(painter, QPointF(*places[points.best]), self.width())

    def _paint_means(self, painter: QPainter, points: Points, means: Means) -> None:
        """A line through the means, and bars as long as the spread of equal settings."""
        x = points.across.places(means.x)
        ends = [points.up.places(means.mean + side * np.nan_to_num(means.spread)) for side in (-1, 0, 1)]
        lows, middles, highs = (self._screen(x, y) for y in ends)
        painter.setPen(QPen(theme.colour("secondary"), 1.5))
        for low, high, spread in zip(lows, highs, means.spread, strict=True):
            if np.isfinite(spread) and np.isfinite([*low, *high]).all():
                painter.drawLine(QLineF(*low, *high))
                for at in (low, high):
                    painter.drawLine(QLineF(at[0] - _CAP, at[1], at[0] + _CAP, at[1]))
        known = [QPointF(*at) for at in middles if np.isfinite(at).all()]
        painter.setPen(QPen(theme.colour("secondary", 0.7), 1.5))
        if not points.across.words:
            painter.drawPolyline(QPolygonF(known))
        for at, count in zip(known, means.count, strict=False):
            if count > 1:
                painter.drawLine(QLineF(at.x() - 2 * _CAP, at.y(), at.x() + 2 * _CAP, at.y()))

    def _paint_looked_at(self, painter: QPainter, points: Points) -> None:
        row = self._hovered if self._hovered >= 0 else self._current if self.hasFocus() else -1
        if row >= 0 and row in points.rows and not self._line:
            at = self.place(row)
            painter.setPen(QPen(theme.colour("text"), 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(at, RADIUS + 4, RADIUS + 4)
            paint_card(painter, at, self.rect(), Glance(None, *points.names[row]))
        elif self._ring:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.colour("accent", 0.5), 1))
            painter.drawRoundedRect(self.rect().adjusted(0, 0, -1, -1), 6, 6)

    def _places(self) -> Doubles:
        """Where all points lie, shape (n, 2); those without a place far away."""
        points = self._points
        if points is None:
            return np.empty((0, 2))
        return np.nan_to_num(self._screen(points.x, points.y), nan=-1e6)

    def _screen(self, x: Doubles, y: Doubles) -> Doubles:
        points = self._points
        assert points is not None
        room = room_of(self.width(), self.height())
        right = room.left() + points.across.shares(x) * room.width()
        down = room.bottom() - points.up.shares(y) * room.height()
        return np.column_stack([np.clip(right, -1e6, 1e6), np.clip(down, -1e6, 1e6)])

    # ── Mouse and keys

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a line."""
        if event.button() == Qt.MouseButton.LeftButton and self._points is not None:
            self._line = [event.position()]

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Draw the line on, or look what is under the mouse."""
        at = event.position()
        if not self._line:
            self._point_at(nearest(self._places(), at.x(), at.y(), _REACH))
        elif (at - self._line[-1]).manhattanLength() >= _STEP:
            self._line.append(at)
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End the line, or the click."""
        line, self._line = self._line, []
        if not line:
            return
        added = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        self.update()
        if max((at - line[0]).manhattanLength() for at in line) < _STILL:
            row = nearest(self._places(), line[0].x(), line[0].y(), _REACH)
            if row >= 0 or not added:
                self._current = row
                self.picked.emit(np.array([row] if row >= 0 else [], np.intp), added)
            return
        rows = np.flatnonzero(inside(self._places(), np.array([[at.x(), at.y()] for at in line])))
        if len(rows):
            self.picked.emit(rows, added)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Open the run."""
        self._line = []
        row = nearest(self._places(), event.position().x(), event.position().y(), _REACH)
        if row >= 0:
            self.opened.emit(row)

    def leaveEvent(self, event: QEvent) -> None:
        """The mouse points at nothing any more."""
        self._point_at(-1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows go from point to point, Space chooses, Enter opens."""
        key = Qt.Key(event.key())
        if key in _ARROWS:
            self._step(*_ARROWS[key])
        elif key == Qt.Key.Key_Space and self._current >= 0:
            added = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
            self.picked.emit(np.array([self._current], np.intp), added)
        elif key in _ENTER and self._current >= 0:
            self.opened.emit(self._current)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show that the keyboard is here, where the keyboard brought it."""
        super().focusInEvent(event)
        self._ring = event.reason() in _BY_KEY

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """The ring goes with the keyboard."""
        super().focusOutEvent(event)
        self._ring = False

    def _point_at(self, row: int) -> None:
        if row != self._hovered:
            self._hovered = row
            self.setCursor(Qt.CursorShape.PointingHandCursor if row >= 0 else Qt.CursorShape.ArrowCursor)
            self.update()

    def _step(self, right: int, down: int) -> None:
        if self._points is None or not len(self._points.rows):
            return
        if self._current < 0:
            best = self._points.best
            self._current = best if best in self._points.rows else int(self._points.rows[0])
        else:
            self._current = next_towards(self._places(), self._current, right, down)
        self._hovered = -1
        self.setAccessibleDescription(" · ".join(self._points.names[self._current]))
        self.update()


def _paint_best(painter: QPainter, at: QPointF, width: float) -> None:
    """A ring in the colour of what is right, and the word."""
    painter.setPen(QPen(theme.colour("right"), 2))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawEllipse(at, RADIUS + 5, RADIUS + 5)
    painter.setFont(theme.font(theme.SMALL, weight=600))
    text = tr("★ best")
    wide = painter.fontMetrics().horizontalAdvance(text)
    left = at.x() + RADIUS + 9 if at.x() + RADIUS + 9 + wide < width else at.x() - RADIUS - 9 - wide
    painter.fillRect(QRectF(left - 2, at.y() - 8, wide + 4, 16), theme.colour("card", 0.75))
    painter.drawText(QPointF(left, at.y() + 4), text)
