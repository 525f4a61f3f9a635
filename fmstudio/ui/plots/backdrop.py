"""What lies behind the curves: every other epoch as a faint stripe, faint lines at the round numbers, epoch ends."""

import math

from PySide6.QtCore import QLineF, QRectF
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from fmstudio.ui import theme
from fmstudio.ui.plots.lines import fixed_pen
from fmstudio.ui.style import mix

_TICK = 0.035


class Backdrop(QGraphicsItem):
    """Drawn in the plot's own coordinates, under everything else."""

    def __init__(self) -> None:
        super().__init__()
        now = theme.current()
        self._stripe = QColor(now.stripe)
        self._grid = fixed_pen(mix(now.line, now.card, 0.55))
        self._end = fixed_pen(now.line)
        self._rect = QRectF()
        self._epochs = (1.0, 1.0)
        self._rows: list[float] = []

    def lay(self, rect: QRectF, rows: list[float], size: float, end: float) -> None:
        """Lie behind this part of the plot.

        Args:
            rect: What is visible.
            rows: Where the faint horizontal lines are.
            size: Width of a stripe, in steps.
            end: The last step of the run.
        """
        self.prepareGeometryChange()
        self._rect, self._rows, self._epochs = rect, rows, (max(size, 1e-9), end)
        self.update()

    def boundingRect(self) -> QRectF:  # noqa: N802 (Qt's name)
        """What is visible."""
        return self._rect

    def paint(self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None) -> None:
        """Stripes, then lines, then the ends of the epochs."""
        rect = self._rect
        for left, right in self._stripes():
            painter.fillRect(QRectF(left, rect.top(), right - left, rect.height()), self._stripe)
        painter.setPen(self._grid)
        painter.drawLines([QLineF(rect.left(), row, rect.right(), row) for row in self._rows])
        painter.setPen(self._end)
        height = rect.height() * _TICK
        painter.drawLines([QLineF(place, rect.top(), place, rect.top() + height) for place in self._ends()])

    def _ends(self) -> list[float]:
        """Where the epochs in view begin and end."""
        size, end = self._epochs
        first, last = math.ceil(self._rect.left() / size), math.floor(min(self._rect.right(), end) / size)
        return [index * size for index in range(max(0, first), last + 1)]

    def _stripes(self) -> list[tuple[float, float]]:
        """Left and right of every other stripe in view, the second first."""
        size, end = self._epochs
        first = max(0, math.floor(self._rect.left() / size))
        last = math.ceil(min(self._rect.right(), end) / size)
        odd = [index for index in range(first, last) if index % 2]
        edges = [(max(self._rect.left(), index * size), min(end, (index + 1) * size)) for index in odd]
        return [(left, min(right, self._rect.right())) for left, right in edges if right > left]
