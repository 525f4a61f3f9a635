"""A ring around a widget that a lesson speaks of, for a moment."""

from PySide6.QtCore import QPoint, QRectF, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from fmstudio.ui import theme

SHOWN_MS = 1600
_ROOM = 4
_CORNER = 8


class Spotlight(QWidget):
    """Lies over everything, takes no click, and goes by itself.

    Args:
        target: What it goes around.
        over: The widget that it lies in, an ancestor of the target.
    """

    def __init__(self, target: QWidget, over: QWidget) -> None:
        super().__init__(over)
        self.setObjectName("spotlight")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        place = target.rect().translated(target.mapTo(over, QPoint(0, 0)))
        self.setGeometry(place.adjusted(-_ROOM, -_ROOM, _ROOM, _ROOM).intersected(over.rect()))
        self.show()
        self.raise_()
        QTimer.singleShot(SHOWN_MS, self, self.close)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the ring."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.colour("accent"), 2))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), _CORNER, _CORNER)
