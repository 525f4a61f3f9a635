"""A table without grid or frame, one row at a time."""

from PySide6.QtCore import QAbstractItemModel, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

ROW_HEIGHT = 32
_CHOOSING = {Qt.Key.Key_Return, Qt.Key.Key_Enter}


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
