"""The small mark that opens a field's menu: seen while the mouse is on the row or the keyboard in its field."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QWidget

from fmstudio.ui import theme
from fmstudio.words import tr

WIDTH, HEIGHT = 20, 20
_DOT, _APART = 1.4, 4.5


class MenuMark(QAbstractButton):
    """Three dots on a piece of ground; lies over a row and is no stop of the Tab key.

    Args:
        parent: The row.
        title: Of the setting, translated.
    """

    def __init__(self, parent: QWidget, title: str) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setToolTip(tr("Try several values, go back to the default … (Shift+F10)"))
        self.setAccessibleName(tr("{name}: menu", name=title))
        self.resize(self.sizeHint())
        self.hide()

    def sizeHint(self) -> QSize:
        """As small as can be hit."""
        return QSize(WIDTH, HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the dots."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("line" if self.isDown() else "accent_soft" if self.underMouse() else "card"))
        painter.drawRoundedRect(QRectF(self.rect()), 5, 5)
        painter.setBrush(theme.colour("accent" if self.underMouse() else "secondary"))
        middle = QPointF(self.width() / 2, self.height() / 2)
        for step in (-1, 0, 1):
            painter.drawEllipse(middle + QPointF(step * _APART, 0), _DOT, _DOT)
