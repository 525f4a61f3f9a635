"""The confusion matrix as a grid of squares that one can click, zoom, and that fits its place."""

from collections.abc import Iterable, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractItemView, QTableView, QWidget

from fmstudio.session.confusion_cell import Index
from fmstudio.session.confusion_table import ConfusionTableModel
from fmstudio.ui import theme
from fmstudio.ui.looking import CHOOSING, Verb, verb_of
from fmstudio.ui.matrix.delegate import CORNER, CellDelegate
from fmstudio.ui.matrix.header import ClassHeader
from fmstudio.ui.matrix.image import matrix_image
from fmstudio.ui.matrix.sizes import DENSE, TITLE, sizes, zoomed
from fmstudio.ui.widgets import label
from fmstudio.words import tr

_SIZES = (24, 14, 12, 11, 10, 9)
_LARGE, _HUGE = 44, 70
_LEAST_RING = 7
_ZOOMING = {Qt.Key.Key_Plus: True, Qt.Key.Key_Equal: True, Qt.Key.Key_Minus: False}

Cell = tuple[int, int]
"""A true and a predicted class; -1 stands for every class."""


class ConfusionView(QTableView):
    """Shows a ``ConfusionTableModel``; classes are given and asked for by their number, wherever they stand.

    Attributes:
        chosen(int, int, Verb): The true and the predicted class of the square that was clicked, or that Enter or Space
            was pressed on, and what for. One class is -1 where it does not matter: a header was clicked, or Space
            pressed with Shift (the row) or Ctrl (the column; with both the square is looked at, too).
        cleared: Esc was pressed while something could be stepped back from.
        clearable: Whether Esc means this view.
    """

    chosen = Signal(int, int, object)
    cleared = Signal()

    def __init__(self, model: ConfusionTableModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("confusionView")
        self.setAccessibleName(
            tr("Confusion matrix: a row is what pictures really are, a column what they were taken for")
        )
        self.clearable = False
        self._table = model
        self._rings: tuple[Cell, ...] = ()
        self._zoom: int | None = None
        self._modifiers = Qt.KeyboardModifier.NoModifier
        self._rows = ClassHeader(Qt.Orientation.Vertical, self)
        self._columns = ClassHeader(Qt.Orientation.Horizontal, self)
        self._delegate = CellDelegate(model, self)
        self._title = label(tr("is really ↓"), "small")
        self._dress()
        self.setModel(model)
        self._connect()

    @property
    def dense(self) -> bool:
        """Whether the squares are drawn as one image."""
        return self._rows.defaultSectionSize() < DENSE

    def show_classes(self, names: Sequence[str], images: Sequence[NDArray[np.uint8]]) -> None:
        """Show other classes in the headers.

        Args:
            names: Their short names, untranslated, in the order of the data set.
            images: One picture of each, or none at all.
        """
        if self._rows.show_classes(names, images) | self._columns.show_classes(names, images):
            self.fit()

    def ring(self, cells: Iterable[Cell]) -> None:
        """Draw a ring round squares, or round whole rows or columns."""
        size = self._table.rowCount()
        self._rings = tuple(cell for cell in cells if max(cell) < size and cell != (-1, -1))
        self._rows.choose(true for true, predicted in self._rings if predicted < 0)
        self._columns.choose(predicted for true, predicted in self._rings if true < 0)
        self.viewport().update()

    def zoom(self, closer: bool, around: QPoint | None = None) -> None:
        """Make the squares larger or smaller.

        Args:
            closer: Larger.
            around: What stays where it is; None: the middle.
        """
        at = self.viewport().rect().center() if around is None else around
        size = QPointF(self._columns.defaultSectionSize(), self._rows.defaultSectionSize())
        column = (at.x() + self._columns.offset()) / size.x()
        row = (at.y() + self._rows.offset()) / size.y()
        self._zoom = zoomed(self._rows.defaultSectionSize(), closer=closer)
        self.fit()
        self.horizontalScrollBar().setValue(round(column * self._columns.defaultSectionSize()) - at.x())
        self.verticalScrollBar().setValue(round(row * self._rows.defaultSectionSize()) - at.y())

    def show_whole(self) -> None:
        """Make the squares so small, or large, that all are in sight; at least a pixel each."""
        self._zoom = 0
        self.fit()

    def fit(self) -> None:
        """Give squares, names and pictures the sizes at which the matrix fills its place, or as they were zoomed."""
        count = self._table.rowCount()
        if not count:
            return
        found = sizes(
            self.size(), count, self._rows.names_width, pictured=self._rows.pictured, zoom=self._zoom
        )  # fmt: skip
        policy = Qt.ScrollBarPolicy.ScrollBarAsNeeded if found.scrolls else Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        self.setHorizontalScrollBarPolicy(policy)
        self.setVerticalScrollBarPolicy(policy)
        self._rows.edge = self._columns.edge = found.edge
        self._rows.extent, self._columns.extent = found.beside, found.above
        self._rows.named, self._columns.named = found.rows_named, found.columns_named
        self._columns.upright = found.upright
        self._rows.setDefaultSectionSize(found.tall)
        self._columns.setDefaultSectionSize(found.wide)
        self.updateGeometries()
        self._size_numbers()
        needed = self._title.sizeHint().width()
        behind = found.edge + 3 if found.edge and found.rows_named else 0
        self._title.setGeometry(max(0, found.beside - behind - needed), 0, needed, TITLE)

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

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Remember which keys are held."""
        self._modifiers = event.modifiers()
        super().mousePressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom with Ctrl, else scroll."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier and event.angleDelta().y():
            self.zoom(event.angleDelta().y() > 0, event.position().toPoint())
            event.accept()
        else:
            super().wheelEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk with the arrows, choose with Enter or Space, zoom with + and -, see all with 0, leave with Esc."""
        at, key = self.currentIndex(), Qt.Key(event.key())
        if key in CHOOSING and at.isValid():
            self._choose_by_key(at, event.modifiers())
        elif key == Qt.Key.Key_Escape and self.clearable:
            self.cleared.emit()
        elif key in _ZOOMING:
            self.zoom(_ZOOMING[key], self.visualRect(at).center() if at.isValid() else None)
        elif key == Qt.Key.Key_0:
            self.show_whole()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the squares, then the rings over them."""
        if not self.dense:
            super().paintEvent(event)
        painter = QPainter(self.viewport())
        if self.dense:
            self._paint_image(painter)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        at = self.currentIndex()
        ringed = [self._ringed(*cell) for cell in self._rings]
        if self.hasFocus() and at.isValid() and self.visualRect(at) not in ringed:
            self._draw_ring(painter, self.visualRect(at), "accent")
        for rect in ringed:
            self._draw_ring(painter, rect, "text")
        painter.end()

    def _paint_image(self, painter: QPainter) -> None:
        """Paint all squares in sight as one image."""
        count, area = self._table.rowCount(), self.viewport().rect()
        if not count:
            return
        wide, tall = self._columns.defaultSectionSize(), self._rows.defaultSectionSize()
        left, top = self._columns.offset() // wide, self._rows.offset() // tall
        columns = slice(left, min(count, left + area.width() // wide + 2))
        rows = slice(top, min(count, top + area.height() // tall + 2))
        image = matrix_image(self._table, rows, columns)
        corner = QPoint(left * wide - self._columns.offset(), top * tall - self._rows.offset())
        painter.drawImage(QRect(corner, QSize(image.width() * wide, image.height() * tall)), image)

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

    def _connect(self) -> None:
        self._table.modelReset.connect(self._rearrange)
        self._table.modelReset.connect(self._follow)
        self._table.layoutChanged.connect(self._rearrange)
        self._table.dataChanged.connect(self._follow)
        self.clicked.connect(self._click)
        self.doubleClicked.connect(lambda index: self._choose(*self._classes_at(index), Verb.ALONE))
        self._rows.chosen.connect(lambda row, verb: self._choose(self._table.label(row), -1, verb))
        self._columns.chosen.connect(lambda column, verb: self._choose(-1, self._table.label(column), verb))

    def _rearrange(self) -> None:
        order = self._table.order.tolist()
        self._rows.arrange(order)
        self._columns.arrange(order)
        self.fit()
        self.viewport().update()

    def _size_numbers(self) -> None:
        wide, tall = self._columns.defaultSectionSize(), self._rows.defaultSectionSize()
        room, roomy, size = QSize(wide - 6, tall - 2), min(wide, tall) >= _HUGE, 0
        skipped = 0 if roomy else 1 if room.width() >= _LARGE else 2
        for larger, smaller in pairwise((*_SIZES[skipped:], 0)):
            size = larger
            metrics = QFontMetrics(theme.font(size, weight=500))
            if metrics.horizontalAdvance(self._table.widest) <= room.width() and metrics.ascent() <= room.height():
                break
            size = smaller
        crowded = not size and self._zoom is None
        self._delegate.set_size(_SIZES[-1] if crowded else size, roomy=roomy)

    def _follow(self) -> None:
        self._size_numbers()
        known = self._table.counts is not None
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if known else Qt.CursorShape.ArrowCursor)

    def _classes_at(self, index: Index) -> Cell:
        return self._table.label(index.row()), self._table.label(index.column())

    def _click(self, index: Index) -> None:
        self._choose(*self._classes_at(index), verb_of(self._modifiers))

    def _choose_by_key(self, at: Index, modifiers: Qt.KeyboardModifier) -> None:
        shift = bool(modifiers & Qt.KeyboardModifier.ShiftModifier)
        control = bool(modifiers & Qt.KeyboardModifier.ControlModifier)
        true, predicted = self._classes_at(at)
        if shift and control:
            self._choose(true, predicted, Verb.ADD)
        else:
            self._choose(-1 if control else true, -1 if shift else predicted, Verb.LOOK)

    def _choose(self, true: int, predicted: int, verb: Verb) -> None:
        if self._table.counts is not None and (true, predicted) != (-1, -1):
            self.chosen.emit(true, predicted, verb)

    def _ringed(self, true: int, predicted: int) -> QRect:
        last = self._table.rowCount() - 1
        row, column = self._table.place(true), self._table.place(predicted)
        first = self.visualRect(self._table.index(max(row, 0), max(column, 0)))
        return first.united(
            self.visualRect(self._table.index(row if row >= 0 else last, column if column >= 0 else last))
        )

    def _draw_ring(self, painter: QPainter, rect: QRect, colour: str) -> None:
        """A ring round squares; where these are tiny, large enough to be found."""
        more = max(0, (_LEAST_RING - min(rect.width(), rect.height()) + 1) // 2)
        painter.setPen(QPen(theme.colour(colour), 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        corner = CORNER + 1 if not self.dense else 1
        painter.drawRoundedRect(QRectF(rect.adjusted(-more, -more, more, more)).adjusted(1, 1, -1, -1), corner, corner)
