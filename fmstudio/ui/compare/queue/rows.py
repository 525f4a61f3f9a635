"""The table in which the queue is seen and put in order: by dragging, or with the keyboard."""

from collections.abc import Callable

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QAction,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QFontMetrics,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QStyleOptionViewItem

from fmstudio.session.queue.entry import EntryState
from fmstudio.session.queue.table import QueueColumns, QueueRoles, QueueTableModel
from fmstudio.session.queue.words import STATES, state_text
from fmstudio.ui import theme
from fmstudio.ui.quiet_table import Index, QuietDelegate, QuietTable
from fmstudio.words import tr

_SIDE = 8
_GRIP = 18
"""Room before the state, with the dots by which an entry is dragged."""
_MOST_NAME = 240
_BAR = 3
_COLOURS: dict[EntryState, str] = {
    "waiting": "secondary",
    "running": "accent",
    "finished": "right",
    "stopped": "secondary",
    "failed": "wrong",
    "interrupted": "amber",
}


class QueueTable(QuietTable):
    """Shows a ``QueueTableModel``.

    Signals:
        shift_asked(int): The chosen entries shall go up (−1) or down (+1).
        removal_asked(): They shall go away.
        undo_asked(): The last removal shall be undone.

    Args:
        model: The queue.
    """

    shift_asked = Signal(int)
    removal_asked = Signal()
    undo_asked = Signal()

    def __init__(self, model: QueueTableModel) -> None:
        super().__init__(model, "queueView", QueueColumns.SETTINGS)
        self._entries = model
        self._line = -1
        self.setAccessibleName(tr("Queue"))
        self.setItemDelegate(_QueueDelegate(self))
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setDragEnabled(True)
        self.setAcceptDrops(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragDrop)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.setDragDropOverwriteMode(False)
        self.setDropIndicatorShown(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._fix_widths()
        for change in (model.dataChanged, model.rowsInserted, model.rowsRemoved, model.modelReset):
            change.connect(self._fit_names)
        self._fit_names()
        self._add_actions()

    @property
    def chosen(self) -> tuple[str, ...]:
        """The ids of the chosen entries, from top to bottom."""
        rows = sorted({index.row() for index in self.selectionModel().selectedRows()})
        return tuple(self._entries.rows[row].id for row in rows if row < len(self._entries.rows))

    def choose(self, row: int) -> None:
        """Make a row the current one."""
        row = max(0, min(row, self._entries.rowCount() - 1))
        self.setCurrentIndex(self._entries.index(row, 0))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """F2 opens a row, as Enter does."""
        if event.key() == Qt.Key.Key_F2 and self.currentIndex().isValid():
            self.opened.emit(self.currentIndex().row())
        else:
            super().keyPressEvent(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Show where the entries would stand."""
        super().dragMoveEvent(event)
        if self._entries.canDropMimeData(event.mimeData(), event.dropAction(), 0, 0, self.rootIndex()):
            event.acceptProposedAction()
            self._show_line(self._top_of(self._row_before(event.position().toPoint())))

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """Show nothing any more."""
        super().dragLeaveEvent(event)
        self._show_line(-1)

    def dropEvent(self, event: QDropEvent) -> None:
        """Let the model move the entries; the view removes nothing."""
        at = self._row_before(event.position().toPoint())
        self._show_line(-1)
        self._entries.dropMimeData(event.mimeData(), event.dropAction(), at, 0, self.rootIndex())
        event.acceptProposedAction()

    def paintEvent(self, event: QPaintEvent) -> None:
        """While dragging, a line where the entries would stand."""
        super().paintEvent(event)
        if self._line >= 0:
            QPainter(self.viewport()).fillRect(
                QRect(0, max(0, self._line - 1), self.viewport().width(), 2), theme.colour("accent")
            )

    def _row_before(self, position: QPoint) -> int:
        row = self.rowAt(position.y())
        if row < 0:
            return self._entries.rowCount()
        return row + (1 if position.y() >= self._top_of(row) + self.rowHeight(row) // 2 else 0)

    def _top_of(self, row: int) -> int:
        if row < self._entries.rowCount():
            return self.rowViewportPosition(row)
        last = self._entries.rowCount() - 1
        return self.rowViewportPosition(last) + self.rowHeight(last) if last >= 0 else 0

    def _show_line(self, line: int) -> None:
        self._line = line
        self.viewport().update()

    def _fix_widths(self) -> None:
        """States and times are as wide as their widest words: nothing moves while they change."""
        metrics = QFontMetrics(theme.font(theme.TEXT, tabular=True))
        left = tr("about {duration} left", duration=tr("{minutes} min", minutes=59))
        widest = {
            QueueColumns.STATE: max(metrics.horizontalAdvance(state_text(state)) for state in STATES) + _GRIP,
            QueueColumns.TIME: metrics.horizontalAdvance(f"{tr('{percent} %', percent=100)} · {left}"),
        }
        for column, width in widest.items():
            self.horizontalHeader().setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
            self.setColumnWidth(column, width + 2 * _SIDE + 4)
        self.horizontalHeader().setSectionResizeMode(QueueColumns.NAME, QHeaderView.ResizeMode.Fixed)

    def _fit_names(self) -> None:
        wanted = max(self.sizeHintForColumn(QueueColumns.NAME), 120)
        self.setColumnWidth(QueueColumns.NAME, min(wanted, _MOST_NAME))

    def _add_actions(self) -> None:
        """What the keyboard and a right click do with the chosen entries."""
        entries: tuple[tuple[str, str, Callable[[], None]], ...] = (
            (tr("Move up"), "Alt+Up", lambda: self.shift_asked.emit(-1)),
            (tr("Move down"), "Alt+Down", lambda: self.shift_asked.emit(1)),
            (tr("Remove"), "Del", self.removal_asked.emit),
            (tr("Undo"), "Ctrl+Z", self.undo_asked.emit),
        )
        for text, key, do in entries:
            action = QAction(text, self)
            action.setShortcut(QKeySequence(key))
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
            action.triggered.connect(lambda checked=False, do=do: do())
            self.addAction(action)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)


class _QueueDelegate(QuietDelegate):
    """States in their colours, with dots where an entry can be dragged; a thin bar under the time of what runs."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one cell."""
        super().paint(painter, option, index)
        if index.column() == QueueColumns.STATE and index.flags() & Qt.ItemFlag.ItemIsDragEnabled:
            for dot in range(6):
                left = option.rect.x() + _SIDE + dot % 2 * 4
                top = option.rect.center().y() - 5 + dot // 2 * 4
                painter.fillRect(QRect(left, top, 2, 2), theme.colour("faint"))
        share = index.data(QueueRoles.SHARE)
        if index.column() == QueueColumns.TIME and isinstance(share, float):
            room = option.rect.adjusted(_SIDE, option.rect.height() - _BAR - 2, -_SIDE, -2)
            painter.fillRect(room, theme.colour("line"))
            room.setWidth(round(room.width() * share))
            painter.fillRect(room, theme.colour("accent"))

    def room(self, rect: QRect, index: Index) -> QRect:
        """States keep the room for the dots."""
        return super().room(rect, index).adjusted(_GRIP if index.column() == QueueColumns.STATE else 0, 0, 0, 0)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """With room for the dots."""
        hint = super().sizeHint(option, index)
        return QSize(hint.width() + (_GRIP if index.column() == QueueColumns.STATE else 0), hint.height())

    def weight(self, index: Index) -> int:
        """What runs stands out."""
        running = index.data(QueueRoles.STATE) == "running"
        return 600 if running and index.column() in (QueueColumns.STATE, QueueColumns.NAME) else 400

    def colour(self, index: Index) -> str:
        """See the class."""
        state: EntryState = index.data(QueueRoles.STATE)
        if index.column() == QueueColumns.STATE:
            return _COLOURS[state]
        if index.column() == QueueColumns.SETTINGS and state == "failed":
            return "wrong"
        return "text" if index.column() == QueueColumns.NAME else "secondary"
