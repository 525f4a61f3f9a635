"""The table in which the user's own list of layers is seen and moved: by dragging, or with the keyboard."""

from collections.abc import Callable

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QAction,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QStyleOptionViewItem

from fmstudio.session.layer_list import FIRST, LayerListModel, ListColumns, ListRoles
from fmstudio.ui import theme
from fmstudio.ui.quiet_table import ROW_HEIGHT, Index, QuietDelegate, QuietTable
from fmstudio.words import tr

_SENTENCE = 20
"""Height of the line below a row that says what is wrong with it."""
_GRIP = 18
"""Room before the name, with the dots by which a row is dragged."""
_SIDE = 8


class LayerListView(QuietTable):
    """Shows a ``LayerListModel``.

    Args:
        model: The list.
    """

    adding_asked = Signal()
    """The Insert key was pressed."""
    editing_asked = Signal()
    """Enter was pressed, or a row clicked twice: the keyboard wants to the settings."""

    def __init__(self, model: LayerListModel) -> None:
        super().__init__(model, "layerListView", ListColumns.SETTINGS)
        self._layers = model
        self._line = -1
        self.setAccessibleName(tr("Your list of layers"))
        self.setItemDelegate(_ListDelegate(self))
        self.setDragEnabled(True)
        self.setAcceptDrops(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragDrop)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.setDragDropOverwriteMode(False)
        self.setDropIndicatorShown(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.opened.connect(lambda row: self.editing_asked.emit())
        for change in (model.dataChanged, model.rowsInserted, model.rowsRemoved, model.rowsMoved, model.modelReset):
            change.connect(self._fit_rows)
        self._add_actions()

    @property
    def place(self) -> int:
        """The place of the current layer in the list; -1 where the current row is none."""
        return self._layers.place_of(self.currentIndex().row())

    def choose(self, row: int) -> None:
        """Make a row the current one."""
        row = max(0, min(row, self._layers.rowCount() - 1))
        self.setCurrentIndex(self._layers.index(row, 0))
        self.scrollTo(self.currentIndex())

    def remove(self) -> None:
        """Take the current layer away."""
        place = self.place
        if place >= 0:
            last = place == len(self._layers.value) - 1
            self._layers.remove(place)
            self.choose(FIRST + place - (1 if last and place else 0))

    def duplicate(self) -> None:
        """Put a copy of the current layer below it."""
        place = self.place
        if place >= 0:
            self._layers.duplicate(place)
            self.choose(FIRST + place + 1)

    def shift(self, by: int) -> None:
        """Move the current layer up (−1) or down (+1)."""
        if self.place >= 0 and self._layers.move(self.place, self.place + by):
            self.scrollTo(self.currentIndex())

    def sizeHint(self) -> QSize:
        """All rows without scrolling, up to a number."""
        rows = [self.rowHeight(row) for row in range(self._layers.rowCount())]
        return QSize(480, self.horizontalHeader().sizeHint().height() + sum(rows) + 2 * self.frameWidth())

    def minimumSizeHint(self) -> QSize:
        """A few rows."""
        return QSize(240, min(self.sizeHint().height(), self.horizontalHeader().sizeHint().height() + 4 * ROW_HEIGHT))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """F2 goes to the settings, as Enter does."""
        if event.key() == Qt.Key.Key_F2:
            self.editing_asked.emit()
        else:
            super().keyPressEvent(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Show where the layer would stand."""
        super().dragMoveEvent(event)
        self._show_line(self._line_at(event.position().toPoint()) if event.isAccepted() else -1)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """Show nothing any more."""
        super().dragLeaveEvent(event)
        self._show_line(-1)

    def dropEvent(self, event: QDropEvent) -> None:
        """Let the model move the layer; the view removes nothing."""
        at = self._row_before(event.position().toPoint())
        self._show_line(-1)
        if self._layers.dropMimeData(event.mimeData(), event.dropAction(), at, 0, self.rootIndex()):
            self.scrollTo(self.currentIndex())
        event.acceptProposedAction()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the current row in sight."""
        super().resizeEvent(event)
        self.scrollTo(self.currentIndex())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Below the rows that do not fit stands why; while dragging, a line where the layer would stand."""
        super().paintEvent(event)
        painter = QPainter(self.viewport())
        painter.setFont(theme.font(theme.SMALL))
        painter.setPen(theme.colour("wrong"))
        for row in range(self._layers.rowCount()):
            sentence = str(self._layers.index(row, 0).data(ListRoles.PROBLEM) or "")
            if sentence:
                self._paint_sentence(painter, row, sentence)
        if self._line >= 0:
            painter.fillRect(QRect(0, self._line - 1, self.viewport().width(), 2), theme.colour("accent"))

    def _paint_sentence(self, painter: QPainter, row: int, sentence: str) -> None:
        top = self.rowViewportPosition(row) + ROW_HEIGHT - 5
        room = QRect(_SIDE + _GRIP, top, self.viewport().width() - 2 * _SIDE - _GRIP, _SENTENCE)
        text = painter.fontMetrics().elidedText(sentence, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)

    def _fit_rows(self) -> None:
        """Give rows with a sentence below them the room for it."""
        for row in range(self._layers.rowCount()):
            wrong = bool(self._layers.index(row, 0).data(ListRoles.PROBLEM))
            self.setRowHeight(row, ROW_HEIGHT + (_SENTENCE if wrong else 0))
        self.updateGeometry()
        self.viewport().update()

    def _row_before(self, position: QPoint) -> int:
        """The row before which something is let go; those below all rows mean the end of the list."""
        row = self.rowAt(position.y())
        if row < 0:
            return self._layers.rowCount() - 1
        middle = self.rowViewportPosition(row) + self.rowHeight(row) // 2
        below = row + (1 if position.y() >= middle else 0)
        return max(FIRST, min(below, self._layers.rowCount() - 1))

    def _line_at(self, position: QPoint) -> int:
        return self.rowViewportPosition(self._row_before(position))

    def _show_line(self, line: int) -> None:
        self._line = line
        self.viewport().update()

    def _add_actions(self) -> None:
        """What the keyboard and a right click do with the current layer."""
        entries: tuple[tuple[str, str, Callable[[], None]], ...] = (
            (tr("Add a layer below"), "Ins", self.adding_asked.emit),
            (tr("Duplicate"), "Ctrl+D", self.duplicate),
            (tr("Remove"), "Del", self.remove),
            (tr("Move up"), "Alt+Up", lambda: self.shift(-1)),
            (tr("Move down"), "Alt+Down", lambda: self.shift(1)),
        )
        for text, key, do in entries:
            action = QAction(text, self)
            action.setShortcut(QKeySequence(key))
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
            action.triggered.connect(lambda checked=False, do=do: do())
            self.addAction(action)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)


class _ListDelegate(QuietDelegate):
    """Names stand out, settings stand back; what is not the user's is grey; a layer can be grasped by its dots."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one cell, with the dots before a name."""
        super().paint(painter, option, index)
        if index.column() == ListColumns.LAYER and not index.data(ListRoles.FIXED):
            for dot in range(6):
                left, top = option.rect.x() + _SIDE + dot % 2 * 4, option.rect.y() + ROW_HEIGHT // 2 - 5 + dot // 2 * 4
                painter.fillRect(QRect(left, top, 2, 2), theme.colour("faint"))

    def room(self, rect: QRect, index: Index) -> QRect:
        """The first line of a row that has a sentence below; names keep the room for the dots."""
        room = super().room(rect, index)
        room.setHeight(ROW_HEIGHT)
        return room.adjusted(_GRIP, 0, 0, 0) if index.column() == ListColumns.LAYER else room

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """With room for the dots."""
        hint = super().sizeHint(option, index)
        return QSize(hint.width() + (_GRIP if index.column() == ListColumns.LAYER else 0), hint.height())

    def weight(self, index: Index) -> int:
        """Names are stronger."""
        return 500 if index.column() == ListColumns.LAYER and not index.data(ListRoles.FIXED) else 400

    def colour(self, index: Index) -> str:
        """See the class."""
        if index.data(ListRoles.FIXED) or index.column() == ListColumns.SETTINGS:
            return "secondary"
        return "wrong" if index.data(ListRoles.PROBLEM) and index.column() == ListColumns.OUTPUT else "text"
