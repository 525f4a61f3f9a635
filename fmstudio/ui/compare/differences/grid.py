"""The matrix of differences: how much more often the second run takes each class for each. Painted, to be clicked."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QHelpEvent, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from fmstudio.insight.two_runs import Cell, TwoRuns
from fmstudio.training.events import Ints
from fmstudio.ui import theme
from fmstudio.words import tr

_ARROWS = {Qt.Key.Key_Left: (0, -1), Qt.Key.Key_Right: (0, 1), Qt.Key.Key_Up: (-1, 0), Qt.Key.Key_Down: (1, 0)}
_CHOOSING = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)
_NAMED = 30
"""With more classes there are no names and no numbers, only colours."""

_MOST_CELL, _HEAD = 38, 18
_MIDDLE_RIGHT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight


class DifferenceGrid(QWidget):
    """Rows are true classes, columns what they were taken for; green is what got better, vermilion what got worse.

    Attributes:
        chosen: The user clicked on a cell, or pressed Enter on it: a ``Cell``.
    """

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("differenceGrid")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(tr("Matrix of differences, B minus A"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._matrix: Ints = np.zeros((0, 0), np.int64)
        self._classes: tuple[str, ...] = ()
        self._short: tuple[str, ...] = ()
        self._at = (0, 0)
        self._choice: Cell | None = None

    def show_two(self, two: TwoRuns, classes: tuple[str, ...], short_classes: tuple[str, ...]) -> None:
        """Show the differences between two runs."""
        self._matrix, self._classes, self._short = two.matrix, classes, short_classes
        self._at = (0, 0)
        self._describe()
        self.update()

    def choose(self, cell: Cell | None) -> None:
        """Mark a cell as chosen, without the signal; None: none."""
        self._choice = cell
        if cell is not None:
            self._at = (cell.true, cell.predicted)
        self.update()

    def cell_rect(self, cell: Cell) -> QRect:
        """Where a cell stands."""
        (wide, tall), left = self._sizes(), self._names()
        columns, rows = round(cell.predicted * wide), round(cell.true * tall)
        width, height = round((cell.predicted + 1) * wide) - columns, round((cell.true + 1) * tall) - rows
        return QRect(left + columns, self._head() + rows, max(1, width), max(1, height))

    def sentence(self, cell: Cell) -> str:
        """What a cell says."""
        count = int(self._matrix[cell.true, cell.predicted])
        values = {"true": tr(self._classes[cell.true]), "predicted": tr(self._classes[cell.predicted])}
        if count == 0:
            return tr("{true} was taken for {predicted} as often by B as by A", **values)
        if count > 0:
            return tr("{true} was taken for {predicted} {count} times more by B than by A", count=count, **values)
        return tr("{true} was taken for {predicted} {count} times less by B than by A", count=-count, **values)

    def sizeHint(self) -> QSize:
        """Room for names and numbers."""
        return QSize(380, 360)

    def minimumSizeHint(self) -> QSize:
        """The same, smaller."""
        return QSize(240, 120)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the cell under the mouse."""
        cell = self._cell_at(event.position().toPoint())
        if cell is not None and event.button() == Qt.MouseButton.LeftButton:
            self._choose(cell)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk with the arrows, choose with Enter or Space."""
        step = _ARROWS.get(Qt.Key(event.key()))
        count = len(self._matrix)
        if step is not None and count:
            row, column = self._at
            self._at = (min(max(row + step[0], 0), count - 1), min(max(column + step[1], 0), count - 1))
            self._describe()
            self.update()
        elif event.key() in _CHOOSING and count:
            self._choose(Cell(*self._at))
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Say what the cell under the mouse means."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            cell = self._cell_at(event.pos())
            QToolTip.showText(event.globalPos(), self.sentence(cell) if cell else "", self)
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint names and cells."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if 0 < len(self._matrix) <= _NAMED:
            self._paint_names(painter)
            self._paint_cells(painter)
        elif len(self._matrix):
            self._paint_image(painter)
        for cell, colour in ((self._choice, "text"), (Cell(*self._at) if self.hasFocus() else None, "accent")):
            if cell is not None and max(cell.true, cell.predicted) < len(self._matrix):
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.setPen(QPen(theme.colour(colour), 2))
                painter.drawRoundedRect(QRectF(self.cell_rect(cell)).adjusted(0, 0, -1, -1), 3, 3)
        painter.end()

    def _paint_names(self, painter: QPainter) -> None:
        painter.setFont(theme.font(11))
        painter.setPen(theme.colour("secondary"))
        metrics, names = painter.fontMetrics(), self._names()
        for label, name in enumerate(self._short):
            cell = self.cell_rect(Cell(label, 0))
            line = QRect(0, cell.top(), names - 8, cell.height())
            painter.drawText(line, _MIDDLE_RIGHT, metrics.elidedText(tr(name), Qt.TextElideMode.ElideRight, names - 8))
            head = self.cell_rect(Cell(0, label))
            place = QRect(head.left() + 1, 0, head.width() - 2, _HEAD)
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, shortened(tr(name), metrics, place.width()))

    def _paint_cells(self, painter: QPainter) -> None:
        most = max(1, int(np.abs(self._matrix).max()))
        painter.setFont(theme.font(11, tabular=True))
        for true, row in enumerate(self._matrix.tolist()):
            for predicted, count in enumerate(row):
                cell = self.cell_rect(Cell(true, predicted))
                better = (count > 0) == (true == predicted)
                painter.setPen(Qt.PenStyle.NoPen)
                strong = 0.12 + 0.55 * abs(count) / most
                painter.setBrush(
                    theme.colour("right" if better else "wrong", strong) if count else theme.colour("empty_cell")
                )
                painter.drawRoundedRect(QRectF(cell).adjusted(1, 1, -1, -1), 3, 3)
                if count and cell.height() >= 13:
                    painter.setPen(theme.colour("text"))
                    painter.drawText(cell, Qt.AlignmentFlag.AlignCenter, f"{count:+d}".replace("-", "−"))

    def _paint_image(self, painter: QPainter) -> None:
        """Very many classes: one pixel each, drawn larger or smaller."""
        count = len(self._matrix)
        sign = np.where(np.eye(count, dtype=bool), self._matrix, -self._matrix)
        share = np.sqrt(np.abs(self._matrix) / max(1, int(np.abs(self._matrix).max())))[..., None]
        ground, right, wrong = (_rgb(name) for name in ("empty_cell", "right", "wrong"))
        colours = np.where((sign > 0)[..., None], right, wrong) * share + ground * (1 - share)
        pixels = np.ascontiguousarray(colours.round().astype(np.uint8))
        image = QImage(pixels.data, count, count, 3 * count, QImage.Format.Format_RGB888)
        edge = round(self._sizes()[0] * count)
        painter.drawImage(QRect(self._names(), self._head(), edge, edge), image)

    def _names(self) -> int:
        if not 0 < len(self._matrix) <= _NAMED:
            return 0
        metrics = QFontMetrics(theme.font(11))
        return min(96, max(metrics.horizontalAdvance(tr(name)) for name in self._short) + 10)

    def _head(self) -> int:
        return _HEAD if 0 < len(self._matrix) <= _NAMED else 0

    def _sizes(self) -> tuple[float, float]:
        """Width and height of a cell; where numbers stand in the cells they may be wider than high."""
        count = max(1, len(self._matrix))
        wide, tall = (self.width() - self._names()) / count, (self.height() - self._head()) / count
        if count > _NAMED:
            return min(wide, tall), min(wide, tall)
        return min(float(_MOST_CELL), wide), min(float(_MOST_CELL), tall)

    def _cell_at(self, place: QPoint) -> Cell | None:
        wide, tall = self._sizes()
        row, column = int((place.y() - self._head()) // tall), int((place.x() - self._names()) // wide)
        count = len(self._matrix)
        return Cell(row, column) if 0 <= row < count and 0 <= column < count else None

    def _choose(self, cell: Cell) -> None:
        self.choose(cell)
        self._describe()
        self.chosen.emit(cell)

    def _describe(self) -> None:
        self.setAccessibleDescription(self.sentence(Cell(*self._at)) if len(self._matrix) else "")


def shortened(name: str, metrics: QFontMetrics, width: int) -> str:
    """A name as it fits into a width: where dots would take the room of the letters, its first letters alone."""
    elided = metrics.elidedText(name, Qt.TextElideMode.ElideRight, width)
    if elided == name or len(elided) > 3:
        return elided
    return next((name[:end] for end in range(len(name), 0, -1) if metrics.horizontalAdvance(name[:end]) <= width), "")


def _rgb(name: str) -> NDArray[np.float64]:
    colour = theme.colour(name)
    return np.array([colour.red(), colour.green(), colour.blue()], np.float64)
