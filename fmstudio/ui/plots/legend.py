"""The line under a plot: what each curve is, and at its right what is under the crosshair."""

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from fmstudio.ui import theme
from fmstudio.ui.plots.lines import Look
from fmstudio.ui.plots.page import Entry

_HEIGHT = 18
_LINE = 18
_TALLEST = 12
_GAP = 5
_BETWEEN = 14


class Legend(QWidget):
    """One row of fixed height.

    Args:
        indent: Where the plot's axes begin.
    """

    def __init__(self, indent: int) -> None:
        super().__init__()
        self._indent = indent
        self._entries: list[Entry] = []
        self.readout = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_entries(self, entries: list[Entry]) -> None:
        """Name these curves."""
        if entries != self._entries:
            self._entries = entries
            self.update()

    def show_readout(self, words: str) -> None:
        """Say what is under the crosshair; empty where it is nowhere."""
        if words != self.readout:
            self.readout = words
            self.setAccessibleDescription(words)
            self.update()

    def sizeHint(self) -> QSize:
        """As wide as there is room, one line high."""
        return QSize(200, _HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the line."""
        painter = QPainter(self)
        self.draw(painter, QRectF(self.rect()), self.devicePixelRatioF())

    def draw(self, painter: QPainter, rect: QRectF, density: float) -> None:
        """Draw the line somewhere; the readout first, then as many names as have room."""
        metrics = QFontMetrics(theme.font(theme.SMALL))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.font(theme.SMALL))
        painter.setPen(theme.colour("text"))
        painter.drawText(rect, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, self.readout)
        taken = metrics.horizontalAdvance(self.readout) + _BETWEEN if self.readout else 0
        left, right = rect.left() + self._indent, rect.right() - taken
        for entry in self._entries:
            width = _swatch_width(entry.look) + _GAP + metrics.horizontalAdvance(entry.words)
            if left + width > right:
                break
            _draw_swatch(painter, QPointF(left, rect.center().y()), entry.look, density)
            painter.setPen(theme.colour("secondary"))
            words = QRectF(left + _swatch_width(entry.look) + _GAP, rect.top(), width, rect.height())
            painter.drawText(words, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, entry.words)
            left += width + _BETWEEN


def _swatch_width(look: Look) -> int:
    return _LINE if look.width else _size(look) + 1


def _size(look: Look) -> int:
    return min(look.size, _TALLEST)


def _draw_swatch(painter: QPainter, left: QPointF, look: Look, density: float) -> None:
    """A short piece of the curve with its marker."""
    width = _swatch_width(look)
    if look.width:
        painter.setPen(look.line_pen(density))
        painter.drawLine(left, left + QPointF(width, 0))
    if look.symbol:
        painter.save()
        painter.translate(left + QPointF(width / 2, 0))
        painter.scale(_size(look), _size(look))
        painter.setPen(look.marker_pen(density))
        painter.setBrush(QColor(look.fill or look.colour))
        painter.drawPath(pg.graphicsItems.ScatterPlotItem.Symbols[look.symbol])
        painter.restore()
