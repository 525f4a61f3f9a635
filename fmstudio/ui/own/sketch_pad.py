"""A black square to draw on with a white brush: by mouse, pen or keyboard."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from fmstudio.ui import theme
from fmstudio.words import tr

EDGE = 224
"""Of the drawing, in pixels: nine for each of the data set's 28."""

BRUSH, ERASER = "brush", "eraser"
_STEPS_KEPT = 50
_STEP = 9.0
_ARROWS = {
    Qt.Key.Key_Left: (-_STEP, 0.0),
    Qt.Key.Key_Right: (_STEP, 0.0),
    Qt.Key.Key_Up: (0.0, -_STEP),
    Qt.Key.Key_Down: (0.0, _STEP),
}


class SketchPad(QWidget):
    """What is drawn is white on black, as the pictures of the data sets are.

    By keyboard: the arrows move the pen, Space lowers and lifts it.

    Attributes:
        drawn: Something was drawn, erased, cleared or undone.
        tool: ``BRUSH`` or ``ERASER``.
        thickness: Of the brush, in pixels of the drawing.
    """

    drawn = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sketchPad")
        self.setFixedSize(EDGE, EDGE)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setAccessibleName(tr("Sketch pad"))
        self.setAccessibleDescription(tr("The arrows move the pen, Space lowers and lifts it."))
        self.setToolTip(self.accessibleDescription())
        self.tool = BRUSH
        self.thickness = 20
        self._image = _empty()
        self._before: list[QImage] = []
        self._last: QPointF | None = None
        self._pen, self._lowered = QPointF(EDGE / 2, EDGE / 2), False

    @property
    def blank(self) -> bool:
        """Whether nothing is drawn."""
        return not self.pixels.any()

    @property
    def can_undo(self) -> bool:
        """Whether there is a stroke to take back."""
        return bool(self._before)

    @property
    def pixels(self) -> NDArray[np.uint8]:
        """The drawing, 0…255, shape (EDGE, EDGE)."""
        view = np.frombuffer(self._image.constBits(), np.uint8).reshape(EDGE, self._image.bytesPerLine())
        return view[:, :EDGE].copy()

    def clear(self) -> None:
        """Begin anew."""
        self._remember()
        self._image = _empty()
        self._tell()

    def undo(self) -> None:
        """Take the last stroke back."""
        if self._before:
            self._image = self._before.pop()
            self._tell()

    def stroke(self, start: QPointF, end: QPointF) -> None:
        """Draw or erase a line."""
        painter = QPainter(self._image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colour = Qt.GlobalColor.white if self.tool == BRUSH else Qt.GlobalColor.black
        wide = self.thickness if self.tool == BRUSH else 1.6 * self.thickness
        painter.setPen(QPen(colour, wide, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
        if start == end:
            painter.drawPoint(start)
        else:
            painter.drawLine(start, end)
        painter.end()
        self._tell()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a stroke."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._remember()
            self._last = event.position()
            self.stroke(self._last, self._last)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go on with it."""
        if self._last is not None:
            self.stroke(self._last, event.position())
            self._last = self._pen = event.position()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End it."""
        self._last = None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the pen, lower and lift it, undo, clear."""
        move = _ARROWS.get(Qt.Key(event.key()))
        if move is not None:
            self._move_pen(QPointF(*move))
        elif event.key() == Qt.Key.Key_Space:
            self._lowered = not self._lowered
            if self._lowered:
                self._remember()
                self.stroke(self._pen, self._pen)
            self.update()
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.clear()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Lift the pen."""
        super().focusOutEvent(event)
        self._lowered = False
        self.update()

    def sizeHint(self) -> QSize:
        """The drawing."""
        return QSize(EDGE, EDGE)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the drawing, and the pen while the keyboard holds it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.drawImage(0, 0, self._image)
        if self.blank and not self.hasFocus():
            painter.setPen(Qt.GlobalColor.gray)
            painter.setFont(theme.font())
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, tr("Draw here"))
        if self.hasFocus():
            painter.setBrush(theme.colour("accent") if self._lowered else Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.colour("accent"), 2))
            painter.drawEllipse(self._pen, 5, 5)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(self.rect()).adjusted(1, 1, -1, -1))
        painter.end()

    def _move_pen(self, move: QPointF) -> None:
        target = self._pen + move
        target = QPointF(min(max(target.x(), 0), EDGE), min(max(target.y(), 0), EDGE))
        before, self._pen = self._pen, target
        if self._lowered:
            self.stroke(before, target)
        self.update()

    def _remember(self) -> None:
        self._before = [*self._before[1 - _STEPS_KEPT :], self._image.copy()]

    def _tell(self) -> None:
        self.update()
        self.drawn.emit()


def _empty() -> QImage:
    image = QImage(EDGE, EDGE, QImage.Format.Format_Grayscale8)
    image.fill(0)
    return image
