"""Precision, recall, F1 and number of each class as a quiet table that sorts, each share with a bar behind it."""

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from fmstudio.session.class_table import ClassTableModel, Columns, Roles
from fmstudio.session.confusion_table import Index
from fmstudio.ui import theme
from fmstudio.words import tr

_LEAST_ROW, _MOST_ROW = 16, 32
_PADDING = 8
_CHOOSING = {Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter}


class FigureDelegate(QStyledItemDelegate):
    """Paints one figure of a class over a bar of its length.

    Attributes:
        chosen: The class whose row stands out; -1: none.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.chosen = -1
        self._fonts = {True: theme.font(theme.SMALL, weight=600), False: theme.font(theme.SMALL)}

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one cell."""
        rect: QRect = option.rect
        value, column = index.data(Roles.VALUE), index.column()
        chosen = index.data(Roles.CLASS) == self.chosen
        if chosen:
            painter.fillRect(rect, theme.colour("accent_soft"))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if value is not None and column != Columns.NUMBER:
            self._paint_bar(painter, rect, value)
        missing = value is None and column != Columns.NAME
        painter.setFont(self._fonts[chosen and column == Columns.NAME])
        painter.setPen(theme.colour("faint" if missing else "text"))
        inner = rect.adjusted(_PADDING, 0, -_PADDING, 0)
        painter.drawText(inner, index.data(Qt.ItemDataRole.TextAlignmentRole), index.data())

    def _paint_bar(self, painter: QPainter, rect: QRect, share: float) -> None:
        room = rect.adjusted(_PADDING // 2, 2, -_PADDING // 2, -2)
        length = round(room.width() * share)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("right", 0.14))
        painter.drawRoundedRect(QRect(room.right() + 1 - length, room.y(), length, room.height()), 3, 3)


class ClassTableView(QTableView):
    """Shows a ``ClassTableModel``.

    Attributes:
        chosen: The class of the row that was clicked, or that Enter or Space was pressed on.
        cleared: Esc was pressed while a class was chosen.
    """

    chosen = Signal(int)
    cleared = Signal()

    def __init__(self, model: ClassTableModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("classTableView")
        self.setAccessibleName(tr("Precision, recall, F1 and number of each class"))
        self._table, self._delegate = model, FigureDelegate(self)
        self._dress()
        self.setModel(model)
        self._arrange_header()
        model.modelReset.connect(self.fit)
        self.clicked.connect(self._choose)

    def mark(self, label: int) -> None:
        """Let the row of a class stand out; -1: none."""
        self._delegate.chosen = label
        self.viewport().update()

    def fit(self) -> None:
        """Let the rows fill the height, within reason."""
        rows = self._table.rowCount()
        room = self.height() - self.horizontalHeader().sizeHint().height()
        for column in range(Columns.PRECISION, len(Columns)):
            self.setColumnWidth(column, self.width() * 20 // 100)
        if rows:
            self.verticalHeader().setDefaultSectionSize(max(_LEAST_ROW, min(_MOST_ROW, room // rows)))

    def sizeHint(self) -> QSize:
        """As in a window of 1440 × 900."""
        return QSize(416, 360)

    def minimumSizeHint(self) -> QSize:
        """The numbers can still be read."""
        return QSize(260, 180)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the new place."""
        super().resizeEvent(event)
        self.fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk with the arrows, choose with Enter or Space, leave with Esc."""
        if event.key() in _CHOOSING and self.currentIndex().isValid():
            self._choose(self.currentIndex())
        elif event.key() == Qt.Key.Key_Escape and self._delegate.chosen >= 0:
            self.cleared.emit()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the rows, and a frame round the one that the keyboard is at."""
        super().paintEvent(event)
        at = self.currentIndex()
        if self.hasFocus() and at.isValid() and at.data(Roles.CLASS) != self._delegate.chosen:
            painter = QPainter(self.viewport())
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(theme.colour("accent"), 2))
            row = self.visualRect(at.siblingAtColumn(0)).united(self.visualRect(at.siblingAtColumn(Columns.NUMBER)))
            painter.drawRoundedRect(row.adjusted(1, 1, -1, -1), 3, 3)
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

    def _choose(self, index: Index) -> None:
        if self._table.counted:
            self.chosen.emit(index.data(Roles.CLASS))
