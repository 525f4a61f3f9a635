"""The confusion matrix as a grid of squares that one can click, and that fits its place."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QTableView, QWidget

from fmstudio.session.confusion_table import ConfusionTableModel
from fmstudio.ui import theme
from fmstudio.ui.confusion_delegate import CORNER, CellDelegate
from fmstudio.ui.confusion_header import TITLE, ClassHeader
from fmstudio.ui.widgets import label
from fmstudio.words import tr

WHOLE = 12
"""Up to so many classes the whole matrix is always in sight; with more, squares keep a least size and it scrolls."""

_LEAST = QSize(26, 20)
_LEAST_BESIDE_NAMES = 31
_WIDEST = 1.8
_LARGEST_PICTURE = 24
_MOST_SPARE = 40
_SIZES = (14, 12, 11, 10, 9)
_LARGE = 44
_CHOOSING = {Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter}


class ConfusionView(QTableView):
    """Shows a ``ConfusionTableModel``.

    Attributes:
        chosen: The row and the column that were clicked, or that Enter or Space was pressed on. One of them is -1 where
            it does not matter: a header was clicked, or Space pressed with Shift (the row) or Ctrl (the column).
        cleared: Esc was pressed while something was chosen.
    """

    chosen = Signal(int, int)
    cleared = Signal()

    def __init__(self, model: ConfusionTableModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("confusionView")
        self.setAccessibleName(
            tr("Confusion matrix: a row is what pictures really are, a column what they were taken for")
        )
        self._table, self._ring = model, (-1, -1)
        self._rows = ClassHeader(Qt.Orientation.Vertical, self)
        self._columns = ClassHeader(Qt.Orientation.Horizontal, self)
        self._delegate = CellDelegate(self)
        self._title = label(tr("is really ↓"), "small")
        self._dress()
        self.setModel(model)
        model.modelReset.connect(self.fit)
        model.modelReset.connect(self._follow)
        model.dataChanged.connect(self._follow)
        self.clicked.connect(lambda index: self._choose(index.row(), index.column()))
        self._rows.sectionClicked.connect(lambda row: self._choose(row, -1))
        self._columns.sectionClicked.connect(lambda column: self._choose(-1, column))

    def show_classes(self, names: Sequence[str], images: Sequence[NDArray[np.uint8]]) -> None:
        """Show other classes in the headers.

        Args:
            names: Their short names, untranslated.
            images: One picture of each, or none at all.
        """
        if self._rows.show_classes(names, images) | self._columns.show_classes(names, images):
            self.fit()

    def ring(self, row: int, column: int) -> None:
        """Draw a ring round a square, or round a whole row or column where the other one is -1; both -1: none."""
        size = self._table.rowCount()
        self._ring = (row if row < size else -1, column if column < size else -1)
        self._rows.choose(self._ring[0] if self._ring[1] < 0 else -1)
        self._columns.choose(self._ring[1] if self._ring[0] < 0 else -1)
        self.viewport().update()

    def fit(self) -> None:
        """Give squares, names and pictures the sizes at which the matrix fills its place."""
        count = self._table.rowCount()
        if not count:
            return
        width, height = self.width(), self.height()
        each = max((height - TITLE) // (count + 1), _LEAST.height() if count > WHOLE else 0)
        edge = max(8, min(_LARGEST_PICTURE, each - 3)) if self._rows.pictured else 0
        above = TITLE + max(edge, 14) + 5
        tall = (height - above) // count
        beside, wide = self._share_width(width, count, edge)
        if count > WHOLE:
            wide, tall = max(_LEAST.width(), wide), max(_LEAST.height(), tall)
        wide = max(1, min(wide, round(_WIDEST * tall)))
        tall = max(1, min(tall, wide))
        spare = max(0, width - beside - wide * count) if count <= WHOLE else 0
        self._apply(edge, above, beside + min(spare, _MOST_SPARE), wide, tall)

    def sizeHint(self) -> QSize:
        """As in a window of 1440 × 900."""
        return QSize(416, 360)

    def minimumSizeHint(self) -> QSize:
        """Ten classes can still be read."""
        return QSize(260, 180)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the new place."""
        super().resizeEvent(event)
        self.fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk with the arrows, choose with Enter or Space, leave with Esc."""
        at, modifiers = self.currentIndex(), event.modifiers()
        if event.key() in _CHOOSING and at.isValid():
            whole_row = bool(modifiers & Qt.KeyboardModifier.ShiftModifier)
            whole_column = bool(modifiers & Qt.KeyboardModifier.ControlModifier)
            self._choose(-1 if whole_column else at.row(), -1 if whole_row else at.column())
        elif event.key() == Qt.Key.Key_Escape and self._ring != (-1, -1):
            self.cleared.emit()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the squares, then the rings over them."""
        super().paintEvent(event)
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        at = self.currentIndex()
        if self.hasFocus() and at.isValid() and (at.row(), at.column()) != self._ring:
            _draw_ring(painter, self.visualRect(at), "accent")
        if self._ring != (-1, -1):
            _draw_ring(painter, self._ringed(), "text")
        painter.end()

    def _dress(self) -> None:
        self.setVerticalHeader(self._rows)
        self.setHorizontalHeader(self._columns)
        self.setItemDelegate(self._delegate)
        self.setCornerButtonEnabled(False)
        self.setShowGrid(False)
        self.setFrameShape(QTableView.Shape.NoFrame)
        self.setStyleSheet("QTableView:focus { border: none; }")
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        self._title.setParent(self)
        self._title.setStyleSheet("font-size: 11px;")
        self._title.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def _share_width(self, width: int, count: int, edge: int) -> tuple[int, int]:
        """The width of the row headers and of a square; names go where they would make the squares too narrow."""
        beside = self._rows.names_width + 6 + (edge + 3 if edge else 0)
        wide = (width - beside) // count
        named = not edge or count > WHOLE or wide >= _LEAST_BESIDE_NAMES
        self._rows.named = named
        self._columns.named = not edge
        if not named:
            beside = edge + 6
            wide = (width - beside) // count
        return beside, wide

    def _apply(self, edge: int, above: int, beside: int, wide: int, tall: int) -> None:
        whole = self._table.rowCount() <= WHOLE
        policy = Qt.ScrollBarPolicy.ScrollBarAlwaysOff if whole else Qt.ScrollBarPolicy.ScrollBarAsNeeded
        self.setHorizontalScrollBarPolicy(policy)
        self.setVerticalScrollBarPolicy(policy)
        self._rows.edge = self._columns.edge = edge
        self._rows.extent, self._columns.extent = beside, above
        self._rows.setDefaultSectionSize(tall)
        self._columns.setDefaultSectionSize(wide)
        self.updateGeometries()
        self._size_numbers()
        needed = self._title.sizeHint().width()
        behind = edge + 3 if edge and self._rows.named else 0
        self._title.setGeometry(max(0, beside - behind - needed), 0, needed, TITLE)

    def _size_numbers(self) -> None:
        counts = self._table.counts
        most = 100 if counts is None or self._table.mode != "count" else max(100, int(counts.max(initial=0)))
        room = QSize(self._columns.defaultSectionSize() - 6, self._rows.defaultSectionSize() - 2)
        for size in _SIZES if room.width() >= _LARGE else _SIZES[1:]:
            metrics = QFontMetrics(theme.font(size, weight=500))
            if metrics.horizontalAdvance(str(most)) <= room.width() and metrics.ascent() <= room.height():
                break
        self._delegate.set_size(size)

    def _follow(self) -> None:
        self._size_numbers()
        known = self._table.counts is not None
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if known else Qt.CursorShape.ArrowCursor)

    def _choose(self, row: int, column: int) -> None:
        if self._table.counts is not None and (row, column) != (-1, -1):
            self.chosen.emit(row, column)

    def _ringed(self) -> QRect:
        last = self._table.rowCount() - 1
        row, column = self._ring
        first = self.visualRect(self._table.index(max(row, 0), max(column, 0)))
        return first.united(
            self.visualRect(self._table.index(row if row >= 0 else last, column if column >= 0 else last))
        )


def _draw_ring(painter: QPainter, rect: QRect, colour: str) -> None:
    painter.setPen(QPen(theme.colour(colour), 2))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(QRectF(rect).adjusted(1, 1, -1, -1), CORNER + 1, CORNER + 1)
