"""A table without grid or frame, one row at a time."""

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from fmstudio.ui import theme

ROW_HEIGHT = 32
_ROOM = 8
Index = QModelIndex | QPersistentModelIndex
_CHOOSING = {Qt.Key.Key_Return, Qt.Key.Key_Enter}


class QuietDelegate(QStyledItemDelegate):
    """Paints a cell with the room at its sides that the titles have."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one cell."""
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(option.rect, theme.colour("accent_soft"))
        painter.setFont(theme.font(theme.TEXT, weight=self.weight(index)))
        painter.setPen(theme.colour(self.colour(index)))
        cell = self.room(option.rect, index)
        text = painter.fontMetrics().elidedText(str(index.data()), Qt.TextElideMode.ElideRight, cell.width())
        painter.drawText(cell, index.data(Qt.ItemDataRole.TextAlignmentRole), text)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """As wide as its text with that room."""
        metrics = QFontMetrics(theme.font(theme.TEXT, weight=self.weight(index)))
        return QSize(metrics.horizontalAdvance(str(index.data())) + 2 * _ROOM + 1, ROW_HEIGHT)

    def room(self, rect: QRect, index: Index) -> QRect:
        """Where in a cell its text stands."""
        return rect.adjusted(_ROOM, 0, -_ROOM, 0)

    def weight(self, index: Index) -> int:
        """Of the letters: 400 is ordinary."""
        return 400

    def colour(self, index: Index) -> str:
        """Of the letters, a field of the theme."""
        return "text"


class QuietTable(QTableView):
    """Shows a table model; its columns take the width of their contents, one of them the rest.

    Args:
        model: What it shows.
        name: Its objectName.
        wide: The column that takes the rest.
    """

    opened = Signal(int)
    """A row was clicked twice, or Enter pressed on it."""

    def __init__(self, model: QAbstractItemModel, name: str, wide: int) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setModel(model)
        self.setItemDelegate(QuietDelegate(self))
        self.setShowGrid(False)
        self.setFrameShape(QTableView.Shape.NoFrame)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        rows = self.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(ROW_HEIGHT)
        head = self.horizontalHeader()
        head.setHighlightSections(False)
        head.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        head.setSectionResizeMode(wide, QHeaderView.ResizeMode.Stretch)
        self.doubleClicked.connect(lambda index: self.opened.emit(index.row()))

    def sizeHint(self) -> QSize:
        """All rows without scrolling."""
        height = self.horizontalHeader().sizeHint().height() + self.model().rowCount() * ROW_HEIGHT
        return QSize(480, height + 2 * self.frameWidth())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open the current row with Enter."""
        if event.key() in _CHOOSING and self.currentIndex().isValid():
            self.opened.emit(self.currentIndex().row())
        else:
            super().keyPressEvent(event)
