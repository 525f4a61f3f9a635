"""A picture that can be painted on, pixel by pixel, with the mouse or with keys."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint, QRectF, Qt, Signal
from PySide6.QtGui import QEnterEvent, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from fmstudio.ui import theme
from fmstudio.ui.pictures.picture_delegate import scaled
from fmstudio.words import tr

BACKGROUND = 0
"""What the eraser leaves."""
_MOST_UNDONE = 200
_MOVES = {
    Qt.Key.Key_Left: QPoint(-1, 0),
    Qt.Key.Key_Right: QPoint(1, 0),
    Qt.Key.Key_Up: QPoint(0, -1),
    Qt.Key.Key_Down: QPoint(0, 1),
}
_PAINTING = {Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter}
_FRAME = 2

Pixels = NDArray[np.uint8]


class PaintPicture(QWidget):
    """Shows a picture large, framed in right or wrong; a stroke changes a copy of it.

    Args:
        edge: The most that it may be wide and high, in pixels.

    Attributes:
        painted: Something was painted, taken back or put back.
    """

    painted = Signal()

    def __init__(self, edge: int) -> None:
        super().__init__()
        self.setObjectName("paintPicture")
        self.setFixedSize(edge, edge)
        self.setMouseTracking(True)
        self._value, self._brush = BACKGROUND, 3
        self._original: Pixels = np.zeros((1, 1), np.uint8)
        self._image = self._original
        self._strokes: list[Pixels] = []
        self._before: Pixels | None = None
        self._colour = "line"
        self._cursor = QPoint(0, 0)
        self._last: QPoint | None = None
        self._hovered = False
        self.set_paintable(False)

    @property
    def image(self) -> Pixels:
        """The picture as it is now."""
        return self._image

    @property
    def original(self) -> Pixels:
        """The picture as it was."""
        return self._original

    @property
    def is_painted(self) -> bool:
        """Whether it differs from the original."""
        return not np.array_equal(self._image, self._original)

    @property
    def can_undo(self) -> bool:
        """Whether a stroke can be taken back."""
        return bool(self._strokes)

    def show_image(self, image: Pixels, colour: str = "line") -> None:
        """Show a picture, framed in a colour of the theme; what is painted on the same picture stays."""
        self._colour = colour
        if not np.array_equal(image, self._original):
            self._strokes.clear()
            self._cursor = QPoint(image.shape[1] // 2, image.shape[0] // 2)
            self._last = None
            self._original = self._image = image
        self.update()

    def forget(self) -> None:
        """Show the original, and forget all strokes."""
        self._strokes.clear()
        self._last, self._image = None, self._original
        self.update()

    def set_paintable(self, paintable: bool) -> None:
        """Whether it can be painted on."""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if paintable else Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.CrossCursor if paintable else Qt.CursorShape.ArrowCursor)
        described = tr("Arrow keys move the brush, Space paints, Ctrl+Z takes it back.")
        self.setAccessibleDescription(described if paintable else "")
        self.update()

    def take_tool(self, value: int, brush: int) -> None:
        """Paint with another tool.

        Args:
            value: What a pixel becomes, 0…255.
            brush: Edge of the brush, in pixels of the picture.
        """
        self._value, self._brush = value, brush
        self.update()

    def undo(self) -> None:
        """Take the last stroke back."""
        if self._strokes:
            self._image = self._strokes.pop()
            self._changed()

    def reset(self) -> None:
        """Put the original back; this can be undone."""
        if self.is_painted:
            self._before = self._image
            self._remember()
            self._image = self._original
            self._changed()

    # ── Painting

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a stroke."""
        if event.button() == Qt.MouseButton.LeftButton and self._is_paintable:
            self._cursor = self._last = self._pixel_at(event.position().toPoint())
            self._before = self._image
            self._stroke(self._cursor, self._cursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go on with a stroke; between two events lies a straight line."""
        self._cursor = self._pixel_at(event.position().toPoint())
        if self._last is not None and event.buttons() & Qt.MouseButton.LeftButton:
            begin, self._last = self._last, self._cursor
            self._stroke(begin, self._cursor)
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End a stroke."""
        self._last = None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the brush, or paint."""
        key = Qt.Key(event.key())
        if key in _MOVES and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            self._cursor = self._within(self._cursor + _MOVES[key])
            self.update()
        elif key in _PAINTING:
            self._before = self._image
            self._stroke(self._cursor, self._cursor)
        else:
            super().keyPressEvent(event)

    def _stroke(self, begin: QPoint, end: QPoint) -> None:
        """Paint from a pixel to another one."""
        image = self._image.copy()
        way = end - begin
        steps = max(1, abs(way.x()), abs(way.y()))
        for step in range(steps + 1):
            self._dab(image, begin.x() + round(way.x() * step / steps), begin.y() + round(way.y() * step / steps))
        if not np.array_equal(image, self._image):
            self._remember()
            self._image = image
            self._changed()

    def _dab(self, image: Pixels, x: int, y: int) -> None:
        left, top = x - (self._brush - 1) // 2, y - (self._brush - 1) // 2
        image[max(0, top) : max(0, top + self._brush), max(0, left) : max(0, left + self._brush)] = self._value

    def _remember(self) -> None:
        """Keep the picture from before a stroke, once."""
        if self._before is not None:
            self._strokes = [*self._strokes, self._before][-_MOST_UNDONE:]
            self._before = None

    def _changed(self) -> None:
        self.update()
        self.painted.emit()

    # ── Places

    @property
    def _is_paintable(self) -> bool:
        return self.focusPolicy() != Qt.FocusPolicy.NoFocus

    @property
    def _scale(self) -> float:
        """Pixels of the screen for one of the picture: a whole number where there is room."""
        room, largest = self.width() - 2 * _FRAME, max(self._image.shape[:2])
        return float(room // largest if largest <= room else room / largest)

    def place_of(self, x: int, y: int) -> QPoint:
        """The middle of a pixel of the picture, on this widget."""
        return QPoint(int(_FRAME + (x + 0.5) * self._scale), int(_FRAME + (y + 0.5) * self._scale))

    def _pixel_at(self, point: QPoint) -> QPoint:
        return self._within(QPoint(*(int((value - _FRAME) // self._scale) for value in point.toTuple())))

    def _within(self, pixel: QPoint) -> QPoint:
        height, width = self._image.shape[:2]
        return QPoint(min(max(0, pixel.x()), width - 1), min(max(0, pixel.y()), height - 1))

    # ── What is seen

    def enterEvent(self, event: QEnterEvent) -> None:
        """The brush is seen."""
        self._hovered = True
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """The brush is seen no more, unless the keys are here."""
        self._hovered = False
        self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The brush is seen."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """The brush is seen no more."""
        super().focusOutEvent(event)
        self._last = None
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the picture, sharp, in its frame, and the outline of the brush."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        height, width = (round(length * self._scale) for length in self._image.shape[:2])
        painter.drawPixmap(_FRAME, _FRAME, scaled(self._image, max(width, height), self.devicePixelRatioF()))
        painter.setPen(QPen(theme.colour(self._colour), 2))
        painter.drawRoundedRect(QRectF(1, 1, width + 2, height + 2), 4, 4)
        if self._is_paintable and (self._hovered or self.hasFocus()):
            self._paint_brush(painter, QRectF(_FRAME, _FRAME, width, height))

    def _paint_brush(self, painter: QPainter, picture: QRectF) -> None:
        before, scale = (self._brush - 1) // 2, self._scale
        left, top = (_FRAME + (value - before) * scale for value in self._cursor.toTuple())
        brush = QRectF(left, top, self._brush * scale, self._brush * scale)
        painter.setClipRect(picture)
        for colour, outside in (("card", 1.5), ("accent", 0.0)):
            painter.setPen(QPen(theme.colour(colour), 2))
            painter.drawRect(brush.adjusted(-outside, -outside, outside, outside))
