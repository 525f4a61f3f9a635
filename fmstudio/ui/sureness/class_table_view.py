"""Precision, recall, F1 and number of each class as a quiet table that sorts, each share with a bar behind it."""

from collections.abc import Set as AbstractSet

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from fmstudio.session.class_table import ClassTableModel, Columns, Index, Roles
from fmstudio.session.selection import PredictedIs, TrueIs
from fmstudio.ui import theme
from fmstudio.ui.looking import CHOOSING, Verb, verb_of
from fmstudio.words import tr

_LEAST_ROW, _MOST_ROW = 16, 32
_PADDING = 8
_ROOMY = 360
"""From this width on the columns of figures are a fifth of it each."""

_NARROW = {Columns.PRECISION: 25, Columns.RECALL: 20, Columns.F1: 20, Columns.NUMBER: 20}
"""Their shares below it, in per cent."""
_NOBODY: frozenset[int] = frozenset()


class FigureDelegate(QStyledItemDelegate):
    """Paints one figure of a class over a bar of its length.

    Attributes:
        chosen: The classes whose rows stand out.
        taken: The classes whose precision stands out.
        faint: The classes of which no picture is looked at.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.chosen: AbstractSet[int] = _NOBODY
        self.taken: AbstractSet[int] = _NOBODY
        self.faint: AbstractSet[int] = _NOBODY
        self._fonts = {True: theme.font(theme.SMALL, weight=600), False: theme.font(theme.SMALL)}

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one cell."""
        rect: QRect = option.rect
        label, column, value = index.data(Roles.CLASS), index.column(), index.data(Roles.VALUE)
        chosen, faint = label in self.chosen, label in self.faint
        if chosen:
            painter.fillRect(rect, theme.colour("accent_soft"))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        few = column == Columns.PRECISION and index.data(Roles.FEW)
        if value is not None and column != Columns.NUMBER and not few:
            self._paint_bar(painter, rect, index, faint=faint)
        if column == Columns.PRECISION and label in self.taken:
            _draw_ring(painter, rect, "text")
        missing = value is None and column != Columns.NAME
        painter.setFont(self._fonts[chosen and column == Columns.NAME])
        painter.setPen(theme.colour("faint" if missing or faint or few else "text"))
        inner = rect.adjusted(_PADDING, 0, -_PADDING, 0)
        text = tr("too few to judge") if few else str(index.data())
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, inner.width())
        painter.drawText(inner, index.data(Qt.ItemDataRole.TextAlignmentRole), shown)

    def _paint_bar(self, painter: QPainter, rect: QRect, index: Index, *, faint: bool) -> None:
        """A bar from the right, and where the share is not sure, a thin line over its interval."""
        room = QRectF(rect.adjusted(_PADDING // 2, 2, -_PADDING // 2, -2))
        length = room.width() * index.data(Roles.VALUE)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("right", 0.06 if faint else 0.14))
        painter.drawRoundedRect(QRectF(room.right() - length, room.top(), length, room.height()), 3, 3)
        interval = index.data(Roles.INTERVAL)
        if interval is not None:
            ends = [room.right() - room.width() * end for end in interval]
            painter.setBrush(theme.colour("right", 0.25 if faint else 0.6))
            painter.drawRect(QRectF(ends[1], room.bottom() - 2, max(1.0, ends[0] - ends[1]), 2))


class ClassTableView(QTableView):
    """Shows a ``ClassTableModel``.

    Attributes:
        asked: A row was clicked, or Enter or Space was pressed on it: what its pictures are (really of the class, or in
            the column of precision taken for it) and a ``Verb``.
        cleared: Esc was pressed while something could be stepped back from.
        clearable: Whether Esc means this view.
    """

    asked = Signal(object, object)
    cleared = Signal()

    def __init__(self, model: ClassTableModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("classTableView")
        self.setAccessibleName(tr("Precision, recall, F1 and number of each class"))
        self._table, self._delegate = model, FigureDelegate(self)
        self.clearable = False
        self._held = Qt.KeyboardModifier.NoModifier
        self._twice = False
        self._merged: tuple[int, ...] = ()
        self._dress()
        self.setModel(model)
        self._arrange_header()
        model.modelReset.connect(self._forget)
        for changed in (model.modelReset, model.layoutChanged, model.dataChanged):
            changed.connect(self._follow)
        self.clicked.connect(self._clicked)

    def mark(
        self, chosen: AbstractSet[int], taken: AbstractSet[int] = _NOBODY, faint: AbstractSet[int] = _NOBODY
    ) -> None:
        """Let classes stand out: their rows, or their precision; and let others be faint."""
        marks = (chosen, taken, faint)
        if marks != (self._delegate.chosen, self._delegate.taken, self._delegate.faint):
            self._delegate.chosen, self._delegate.taken, self._delegate.faint = marks
            self.viewport().update()

    def fit(self) -> None:
        """Let the rows fill the height, within reason."""
        rows = self._table.rowCount()
        room = self.height() - self.horizontalHeader().sizeHint().height()
        for column in _NARROW:
            self.setColumnWidth(column, self._column_width(column))
        if rows:
            self.verticalHeader().setDefaultSectionSize(max(_LEAST_ROW, min(_MOST_ROW, room // rows)))

    def sizeHint(self) -> QSize:
        """As in a window of 1440 × 900."""
        return QSize(416, 320)

    def minimumSizeHint(self) -> QSize:
        """The numbers can still be read."""
        return QSize(260, 120)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the new place."""
        super().resizeEvent(event)
        self.fit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A new click."""
        self._twice = False
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Keep in mind which keys are held with a click; the second release of a double-click is none."""
        self._held = event.modifiers()
        super().mouseReleaseEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Count the pictures of a row alone."""
        self._twice = True
        if event.button() == Qt.MouseButton.LeftButton:
            self._ask(self.indexAt(event.position().toPoint()), Verb.ALONE)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk with the arrows, choose with Enter or Space (Ctrl adds, Shift counts alone), leave with Esc."""
        if event.key() in CHOOSING and self.currentIndex().isValid():
            self._ask(self.currentIndex(), verb_of(event.modifiers()))
        elif event.key() == Qt.Key.Key_Escape and self.clearable:
            self.cleared.emit()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the rows, and a frame round what the keyboard is at: a precision, or else the row."""
        super().paintEvent(event)
        at = self.currentIndex()
        if not self.hasFocus() or not at.isValid():
            return
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = self.visualRect(at)
        if not self._at_precision(at):
            first, last = (self.visualRect(at.siblingAtColumn(column)) for column in (Columns.NAME, Columns.NUMBER))
            rect = first.united(last)
        _draw_ring(painter, rect, "accent")
        painter.end()

    def _dress(self) -> None:
        self.setItemDelegate(self._delegate)
        self.setShowGrid(False)
        self.setFrameShape(QTableView.Shape.NoFrame)
        self.setStyleSheet("QTableView:focus { border: none; }")
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)

    def _arrange_header(self) -> None:
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setMinimumSectionSize(_LEAST_ROW)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setSectionResizeMode(Columns.NAME, QHeaderView.ResizeMode.Stretch)
        header.setMinimumSectionSize(40)
        self.sortByColumn(Columns.NAME, Qt.SortOrder.AscendingOrder)
        self.setSortingEnabled(True)

    def _forget(self) -> None:
        self._merged = ()

    def _follow(self) -> None:
        """Classes with too few pictures have one sentence in the place of three figures."""
        self.fit()
        rows = self._table.few_rows()
        if rows != self._merged:
            self.clearSpans()
            for row in rows:
                self.setSpan(row, Columns.PRECISION, 1, Columns.NUMBER - Columns.PRECISION)
            self._merged = rows
        shape = Qt.CursorShape.PointingHandCursor if self._table.counted else Qt.CursorShape.ArrowCursor
        self.viewport().setCursor(shape)

    def _column_width(self, column: Columns) -> int:
        """A fifth of all; where that is little, the longest title gets a little more."""
        return self.width() * (20 if self.width() >= _ROOMY else _NARROW[column]) // 100

    def _clicked(self, index: Index) -> None:
        if not self._twice:
            self._ask(index, verb_of(self._held))

    def _ask(self, index: Index, verb: Verb) -> None:
        if self._table.counted and index.isValid():
            label = index.data(Roles.CLASS)
            self.asked.emit(PredictedIs(label) if self._at_precision(index) else TrueIs(label), verb)

    def _at_precision(self, index: Index) -> bool:
        return index.column() == Columns.PRECISION and not index.data(Roles.FEW)


def _draw_ring(painter: QPainter, rect: QRect, colour: str) -> None:
    painter.setPen(QPen(theme.colour(colour), 2))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), 3, 3)
