"""Points over two inputs and the plane through them, seen from a side that one can choose."""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from fmstudio.insight.regression import LinearFit
from fmstudio.ui import theme
from fmstudio.words import tr

Doubles = NDArray[np.float64]

_TURN, _TILT = 34.0, 22.0
_DEGREES_A_PIXEL = 0.5
_KEY_DEGREES = 6.0
_LINES = 9
_MOST_TILT = 80.0
_EDGES = ((0, 1), (1, 3), (3, 2), (2, 0), (0, 4), (1, 5), (2, 6), (3, 7))


class PlaneChart(QWidget):
    """Draws points in space; dragging, or the arrow keys, turn it.

    Attributes:
        turn: Degrees about the upright axis; ``tilt``: how far one looks down.
    """

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("planeChart")
        self.setAccessibleName(tr("The plane through the points"))
        self.setToolTip(tr("Drag to turn it"))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.turn, self.tilt = _TURN, _TILT
        self._x: Doubles = np.empty((0, 2))
        self._y: Doubles = np.empty(0)
        self._fit: LinearFit | None = None
        self._low = self._high = np.zeros(3)
        self._from: QPointF | None = None

    def show_points(self, x: NDArray[Any], y: NDArray[Any], fit: LinearFit | None) -> None:
        """Show points.

        Args:
            x: Shape (n, 2).
            y: Shape (n,).
            fit: The plane; None for none.
        """
        if y is not self._y:
            self._x, self._y = x, y
            places = np.column_stack([x, y])
            self._low, self._high = places.min(axis=0), places.max(axis=0)
            self._high = np.maximum(self._high, self._low + 1e-9)
            self._look()
        self._fit = fit
        self.update()

    def sizeHint(self) -> QSize:
        """It takes all the room there is."""
        return QSize(320, 220)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of it."""
        self._from = event.position()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Turn it with the mouse."""
        if self._from is not None:
            moved = event.position() - self._from
            self._from = event.position()
            self._rotate(moved.x() * _DEGREES_A_PIXEL, moved.y() * _DEGREES_A_PIXEL)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let it go."""
        self._from = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Look from where one looked first."""
        self._look()
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Turn it with the arrow keys."""
        ways = {
            Qt.Key.Key_Left: (-1, 0),
            Qt.Key.Key_Right: (1, 0),
            Qt.Key.Key_Up: (0, -1),
            Qt.Key.Key_Down: (0, 1),
        }
        way = ways.get(Qt.Key(event.key()))
        if way is None:
            super().keyPressEvent(event)
            return
        self._rotate(way[0] * _KEY_DEGREES, way[1] * _KEY_DEGREES)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the box, the points below the plane, the plane, the points above it."""
        if not len(self._y):
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.font(theme.SMALL))
        self._paint_box(painter)
        if self._fit is None:
            self._paint_points(painter, np.ones(len(self._y), np.bool_), "faint")
            return
        above = self._y > self._fit(self._x)
        self._paint_points(painter, ~above, "secondary")
        self._paint_plane(painter, self._fit)
        self._paint_points(painter, above, "accent")

    def _look(self) -> None:
        """Look at the upper face: from where the points rise away from the eye, a little from the side."""
        unit = (np.column_stack([self._x, self._y]) - self._low) / (self._high - self._low)
        centred = unit - unit.mean(axis=0)
        slopes, *_ = np.linalg.lstsq(centred[:, :2], centred[:, 2], rcond=None)
        self.turn, self.tilt = math.degrees(math.atan2(slopes[0], slopes[1])) + _TURN, _TILT

    def _rotate(self, turn: float, tilt: float) -> None:
        self.turn = (self.turn + turn) % 360
        self.tilt = min(max(self.tilt + tilt, 0.0), _MOST_TILT)
        self.update()

    def _screen(self, places: Doubles) -> Doubles:
        """Where some places (n, 3), in the numbers of the points, lie on the widget, (n, 2)."""
        unit = 2 * (places - self._low) / (self._high - self._low) - 1
        turn, tilt = math.radians(self.turn), math.radians(self.tilt)
        right = unit[:, 0] * math.cos(turn) - unit[:, 1] * math.sin(turn)
        away = unit[:, 0] * math.sin(turn) + unit[:, 1] * math.cos(turn)
        up = unit[:, 2] * math.cos(tilt) * 0.85 + away * math.sin(tilt)
        wide, high = self.width() / 3.1, self.height() / (2.0 * (0.85 * math.cos(tilt) + 1.42 * math.sin(tilt)) + 0.35)
        return np.column_stack([self.width() / 2 + right * wide, self.height() / 2 - up * min(high, wide)])

    def _places(self, places: Doubles) -> list[QPointF]:
        return [QPointF(x, y) for x, y in np.clip(self._screen(places), -1e5, 1e5).tolist()]

    def _polygon(self, places: Doubles) -> QPolygonF:
        return QPolygonF(self._places(places))

    def _paint_box(self, painter: QPainter) -> None:
        low, high = self._low, self._high
        corners = np.array([[x, y, z] for z in (low[2], high[2]) for x in (low[0], high[0]) for y in (low[1], high[1])])
        shown = self._places(corners)
        painter.setPen(QPen(theme.colour("line"), 1))
        painter.drawLines([QLineF(shown[a], shown[b]) for a, b in _EDGES])
        painter.setPen(theme.colour("secondary"))
        for place, name in self._names():
            painter.drawText(QRectF(place.x() - 20, place.y() - 9, 40, 18), Qt.AlignmentFlag.AlignCenter, name)

    def _names(self) -> list[tuple[QPointF, str]]:
        """The names of the axes beside the edges that are nearest, and above the leftmost upright one."""
        low, high, middle = self._low, self._high, (self._low + self._high) / 2
        first = self._places(np.array([[middle[0], end, low[2]] for end in (low[1], high[1])]))
        second = self._places(np.array([[end, middle[1], low[2]] for end in (low[0], high[0])]))
        upright = self._places(np.array([[x, y, high[2]] for x in (low[0], high[0]) for y in (low[1], high[1])]))
        below, above = QPointF(0, 12), QPointF(0, -10)
        return [
            (max(first, key=QPointF.y) + below, "x1"),
            (max(second, key=QPointF.y) + below, "x2"),
            (min(upright, key=QPointF.x) + above, "y"),
        ]

    def _paint_points(self, painter: QPainter, shown: NDArray[np.bool_], colour: str) -> None:
        pen = QPen(theme.colour(colour, 0.5), 4)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        painter.drawPoints(self._polygon(np.column_stack([self._x[shown], self._y[shown]])))

    def _paint_plane(self, painter: QPainter, fit: LinearFit) -> None:
        """The plane as a sheet with a grid on it; a bent one (Poisson) as well as straight pieces show it."""
        first, second = (np.linspace(self._low[axis], self._high[axis], _LINES) for axis in (0, 1))
        sheet = np.array([[u, v] for u in first for v in second])
        places = np.column_stack([sheet, fit(sheet)]).reshape(_LINES, _LINES, 3)
        rim = np.concatenate([places[0], places[1:, -1], places[-1, -2::-1], places[-2:0:-1, 0]])
        painter.setPen(QPen(theme.colour("accent", 0.8), 1.5))
        painter.setBrush(theme.colour("accent", 0.16))
        painter.drawPolygon(self._polygon(rim))
        painter.setPen(QPen(theme.colour("accent", 0.35), 1))
        for line in range(1, _LINES - 1):
            painter.drawPolyline(self._polygon(places[line]))
            painter.drawPolyline(self._polygon(places[:, line]))
