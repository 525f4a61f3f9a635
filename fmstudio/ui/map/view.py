"""Thousands of points to zoom, to point at, to click, and to draw a line around."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRect, QSize, Qt, QVariantAnimation, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from fmstudio.training.events import Floats, Ints
from fmstudio.ui import theme
from fmstudio.ui.map.canvas import MapCanvas
from fmstudio.ui.map.card import Glance, paint_card
from fmstudio.ui.map.colours import Dress
from fmstudio.ui.map.place import MARGIN, inside, nearest, next_towards
from fmstudio.words import tr

MOVING_MS = 260
"""How long points take to their new places."""

_REACH, _STILL, _STEP = 9.0, 4.0, 3.0
_ZOOM = 1.0015
_ARROWS = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1)}
_ZOOMS = {Qt.Key.Key_Plus: 1.3, Qt.Key.Key_Equal: 1.3, Qt.Key.Key_Minus: 1 / 1.3}
_BY_KEY = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class MapView(QWidget):
    """Draws points; dragging draws a line around some, the wheel zooms, Space or the middle button moves.

    Attributes:
        picked: The user clicked on a point or pressed Enter on it: its row, and whether with Ctrl.
        toggled: The space bar was pressed on a point: its row.
        canvas: What is drawn.
        surrounded: A line was drawn around points: their rows, shape (m,), and whether with Ctrl.
        alone: A point was clicked twice: its row.
        left: Esc was pressed, or an empty place was clicked: whether it was Esc.
        clearable: Whether Esc means this view.

    Args:
        glance: What is said of the point in a row.
    """

    picked = Signal(int, bool)
    toggled = Signal(int)
    surrounded = Signal(object, bool)
    alone = Signal(int)
    left = Signal(bool)

    def __init__(self, glance: Callable[[int], Glance]) -> None:
        super().__init__()
        self.setObjectName("mapView")
        self.setAccessibleName(tr("Map of the pictures"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._glance = glance
        self.canvas = MapCanvas()
        self._from = self._to = self.canvas.points
        self._samples: Ints = np.empty(0, np.int64)
        self._message = ""
        self.clearable = False
        self._hovered, self._current = -1, -1
        self._line: list[QPointF] = []
        self._held: QPointF | None = None
        self._space = self._moved = self._ring = False
        self._animation = QVariantAnimation(self, startValue=0.0, endValue=1.0, duration=MOVING_MS)
        self._animation.valueChanged.connect(self._glide)

    # ── What is shown

    def show_points(self, points: Floats, samples: Ints, *, smooth: bool = True) -> None:
        """Show points; those that were there before move to their new places.

        Args:
            points: Shape (n, 2), upwards.
            samples: Which picture each is, shape (n,).
            smooth: False: they are there at once.
        """
        at, was = self._shown, self._samples
        current = int(was[at]) if 0 <= at < len(was) else -1
        start = _starts(points, samples, self.canvas.points, was)
        self._animation.stop()
        self._samples, self._from, self._to = samples, start, points
        found = np.flatnonzero(samples == current)
        self._hovered, self._current = -1, int(found[0]) if len(found) else -1
        smooth = smooth and self.isVisible() and start is not points
        self._put(start if smooth else points)
        if smooth:
            self._animation.start()

    def show_dress(self, dress: Dress, strong: NDArray[np.bool_] | None) -> None:
        """Show colours and shapes, for the points that were shown last.

        Args:
            dress: Of the points.
            strong: Which stand out, shape (n,); None: all alike.
        """
        self.canvas.wear(dress, strong)
        self.update()

    def point_out(self, group: int) -> None:
        """Let one entry of the key stand out; -1: none."""
        if self.canvas.point_out(group):
            self.update()

    def say(self, message: str) -> None:
        """What stands there while there are no points."""
        self._message = message
        self.update()

    @property
    def points(self) -> Floats:
        """Where the points are going, or are, shape (n, 2)."""
        return self._to

    def place(self, row: int) -> QPointF:
        """Where a point lies on the widget."""
        return QPointF(*self.canvas.places[row])

    def fit(self) -> None:
        """See all points."""
        self.canvas.fit()
        self.update()

    def sizeHint(self) -> QSize:
        """It takes all the room there is."""
        return QSize(320, 260)

    def _glide(self, share: float) -> None:
        eased = share * share * (3 - 2 * share)
        self._put(self._to if share >= 1 else (self._from + (self._to - self._from) * eased).astype(np.float32))

    def _put(self, points: Floats) -> None:
        self.canvas.put(points)
        self.update()

    @property
    def _shown(self) -> int:
        """The point that is looked at: under the mouse, or chosen with keys."""
        return self._hovered if self._hovered >= 0 else self._current if self.hasFocus() else -1

    # ── Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the points, the line around some, and the card of one."""
        painter = QPainter(self)
        if not len(self._samples):
            painter.setPen(theme.colour("secondary"))
            room = self.rect().adjusted(24, 0, -24, 0)
            painter.drawText(room, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self._message)
            return
        painter.drawImage(0, 0, self.canvas.image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if len(self._line) > 1:
            painter.setPen(QPen(theme.colour("accent"), 1.5))
            painter.setBrush(theme.colour("accent", 0.12))
            painter.drawPolygon(QPolygonF(self._line))
        row = self._shown
        if 0 <= row < len(self.canvas.places) and not self._line:
            at = QPointF(*self.canvas.places[row])
            painter.setPen(QPen(theme.colour("text"), 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(at, self.canvas.radius + 3.5, self.canvas.radius + 3.5)
            paint_card(painter, at, self.rect(), self._glance(row))
        if self._ring and row < 0:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.colour("accent", 0.5), 1))
            painter.drawRoundedRect(self.rect().adjusted(0, 0, -1, -1), 6, 6)

    # ── Mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a line, or take hold of the map."""
        left = event.button() == Qt.MouseButton.LeftButton
        if event.button() == Qt.MouseButton.MiddleButton or (left and self._space):
            self._held, self._moved = event.position(), True
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        elif left and len(self._samples):
            self._line = [event.position()]

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Move the map, draw the line on, or look what is under the mouse."""
        at = event.position()
        if self._held is not None:
            moved, self._held = at - self._held, at
            self.canvas.shift(moved.x(), moved.y())
            self.update()
        elif self._line:
            if (at - self._line[-1]).manhattanLength() >= _STEP:
                self._line.append(at)
                self.update()
        else:
            self._point_at(nearest(self.canvas.places, at.x(), at.y(), _REACH))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End the line, or the click."""
        if self._held is not None:
            self._held = None
            self._show_cursor()
        line, self._line = self._line, []
        if not line or event.button() != Qt.MouseButton.LeftButton:
            return
        added = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        self.update()
        if max((at - line[0]).manhattanLength() for at in line) < _STILL:
            self._click(line[0], added)
            return
        rows = np.flatnonzero(inside(self.canvas.places, np.array([[at.x(), at.y()] for at in line])))
        if len(rows):
            self.surrounded.emit(rows, added)

    def _click(self, at: QPointF, added: bool) -> None:
        row = nearest(self.canvas.places, at.x(), at.y(), _REACH)
        if row >= 0:
            self._current = row
            self.picked.emit(row, added)
        elif not added:
            self.left.emit(False)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Count the point alone; on an empty place, see all points."""
        self._line = []
        row = nearest(self.canvas.places, event.position().x(), event.position().y(), _REACH)
        if row < 0:
            self.fit()
        elif event.button() == Qt.MouseButton.LeftButton:
            self.alone.emit(row)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom about the place under the mouse."""
        at = event.position()
        turned = event.angleDelta().y() or event.pixelDelta().y()
        self.canvas.zoom(_ZOOM**turned, at.x(), at.y())
        self.update()
        self._point_at(nearest(self.canvas.places, at.x(), at.y(), _REACH))
        event.accept()

    def leaveEvent(self, event: QEvent) -> None:
        """The mouse points at nothing any more."""
        self._point_at(-1)

    def _point_at(self, row: int) -> None:
        if row != self._hovered:
            self._hovered = row
            self._show_cursor()
            self.update()

    def _show_cursor(self) -> None:
        over = Qt.CursorShape.PointingHandCursor if self._hovered >= 0 else Qt.CursorShape.CrossCursor
        self.setCursor(Qt.CursorShape.OpenHandCursor if self._space else over)

    # ── Keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows go from point to point, Enter looks at it, Space takes it in, 0 sees all, + and − zoom."""
        key = Qt.Key(event.key())
        if key in _ARROWS:
            self._step(*_ARROWS[key])
        elif key in _ENTER and self._current >= 0:
            self.picked.emit(self._current, bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier))
        elif key == Qt.Key.Key_Space:
            if not event.isAutoRepeat():
                self._space, self._moved = True, False
                self._show_cursor()
        elif key == Qt.Key.Key_Escape and self.clearable:
            self.left.emit(True)
        elif key == Qt.Key.Key_0:
            self.fit()
        elif key in _ZOOMS:
            self.canvas.zoom(_ZOOMS[key], self.width() / 2, self.height() / 2)
            self.update()
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Take the point in, unless the map was moved meanwhile."""
        if event.key() != Qt.Key.Key_Space or event.isAutoRepeat():
            super().keyReleaseEvent(event)
            return
        self._space = False
        self._show_cursor()
        if not self._moved and self._current >= 0:
            self.toggled.emit(self._current)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show that the keyboard is here, where the keyboard brought it."""
        super().focusInEvent(event)
        self._ring = event.reason() in _BY_KEY

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """The space bar may be released elsewhere."""
        super().focusOutEvent(event)
        self._space = self._ring = False
        self._show_cursor()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """See the same part, or still all points."""
        super().resizeEvent(event)
        self.canvas.resize(self.width(), self.height(), self.devicePixelRatioF())

    def _step(self, right: int, down: int) -> None:
        if not len(self.canvas.places):
            return
        if self._current < 0:
            self._current = nearest(self.canvas.places, self.width() / 2, self.height() / 2, np.inf)
        else:
            self._current = next_towards(self.canvas.places, self._current, right, down)
        self._hovered = -1
        x, y = self.canvas.places[self._current]
        room = self.rect().adjusted(*(round(side) for side in (MARGIN / 2, MARGIN / 2, -MARGIN / 2, -MARGIN / 2)))
        if not room.contains(QRect(round(x), round(y), 1, 1)):
            self.canvas.shift(self.width() / 2 - x, self.height() / 2 - y)
        self.setAccessibleDescription(self._glance(self._current).marked)
        self.update()


def _starts(points: Floats, samples: Ints, before: Floats, samples_before: Ints) -> Floats:
    """Where each point was, or where it belongs if it was not there; the very points where none was."""
    _, here, there = np.intersect1d(samples, samples_before, return_indices=True)
    if not len(here):
        return points
    start = points.copy()
    start[here] = before[there]
    return start
