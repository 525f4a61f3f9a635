"""The queue as a Qt table model: one row each, moved by dragging."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum

from PySide6.QtCore import QAbstractTableModel, QByteArray, QMimeData, QModelIndex, QObject, QPersistentModelIndex, Qt

from fmstudio.experiment.draft import Draft
from fmstudio.session.planned import Planned
from fmstudio.session.queue.entry import EntryState, QueueEntry
from fmstudio.session.queue.queue import Queue
from fmstudio.session.queue.words import (
    differing_paths,
    draft_of,
    name_text,
    settings_text,
    state_text,
    time_words,
)
from fmstudio.session.run_rows.cells import one_line
from fmstudio.words import marked, tr

Index = QModelIndex | QPersistentModelIndex
MIME = "application/x-fmstudio-queue"


class QueueColumns(IntEnum):
    """What stands in which column."""

    STATE = 0
    NAME = 1
    SETTINGS = 2
    TIME = 3


class QueueRoles(IntEnum):
    """What a cell answers besides its text.

    Attributes:
        ENTRY: The entry's id.
        STATE: Its state, untranslated.
        SHARE: Of its run that is done, 0…1; None where it does not run.
    """

    ENTRY = Qt.ItemDataRole.UserRole.value
    STATE = ENTRY + 1
    SHARE = ENTRY + 2


@dataclass(frozen=True)
class QueueRow:
    """What the table says of one entry.

    Attributes:
        id: The entry's.
        state: See ``EntryState``.
        cells: A text for each column.
        message: Why it failed; may be empty.
        share: Of its run that is done; None where it does not run.
    """

    id: str
    state: EntryState
    cells: tuple[str, str, str, str]
    message: str
    share: float | None


_TITLES = (marked("State"), marked("Name"), marked("Settings that differ"), marked("Time"))


class QueueTableModel(QAbstractTableModel):
    """One row for each entry, in the order of the queue; rows that stay keep their place in the views.

    Args:
        queue: What is shown; dragging moves its entries.
    """

    def __init__(self, queue: Queue, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._queue = queue
        self._rows: list[QueueRow] = []
        self._drafts: dict[str, tuple[Planned, Draft]] = {}
        self._paths: tuple[str, ...] = ()
        self._settings: dict[str, str] = {}
        queue.changed.connect(self.refresh)
        queue.moved.connect(self._refresh_one)
        self.refresh()

    @property
    def rows(self) -> tuple[QueueRow, ...]:
        """The rows in the order in which they are shown."""
        return tuple(self._rows)

    def row_of(self, entry_id: str) -> int:
        """The row of an entry; −1 where it has none."""
        return next((place for place, row in enumerate(self._rows) if row.id == entry_id), -1)

    def refresh(self) -> None:
        """Show the entries that there are."""
        entries = self._queue.entries
        self._know(entries)
        rows = [self._row(entry) for entry in entries]
        self._drop({row.id for row in rows})
        self._append(rows)
        self._reorder(rows)
        if rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(rows) - 1, len(QueueColumns) - 1))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """Number of entries."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """See ``QueueColumns``."""
        return 0 if parent.isValid() else len(QueueColumns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The answer of one cell to a role."""
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        answer = _ANSWERS.get(role)
        return answer(self._rows[index.row()], index.column()) if answer else None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """What a column says."""
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(QueueColumns):
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(section)
        return tr(_TITLES[section]) if role == Qt.ItemDataRole.DisplayRole else None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Entries that wait can be dragged, between any two rows."""
        if not index.isValid():
            return Qt.ItemFlag.ItemIsDropEnabled
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren
        movable = self._rows[index.row()].state == "waiting" and not self._queue.foreign
        return flags | Qt.ItemFlag.ItemIsDragEnabled if movable else flags

    def supportedDropActions(self) -> Qt.DropAction:  # noqa: N802 - Qt's name
        """Entries are moved."""
        return Qt.DropAction.MoveAction

    def mimeTypes(self) -> list[str]:  # noqa: N802 - Qt's name
        """See ``MIME``."""
        return [MIME]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:  # noqa: N802 - Qt's name
        """The ids of the entries that are dragged."""
        rows = sorted({index.row() for index in indexes})
        made = QMimeData()
        made.setData(MIME, QByteArray(json.dumps([self._rows[row].id for row in rows]).encode()))
        return made

    def canDropMimeData(  # noqa: N802 - Qt's name
        self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: Index
    ) -> bool:
        """Whether something can be let go here: only entries of the queue."""
        return action == Qt.DropAction.MoveAction and bool(self._dragged(data))

    def dropMimeData(  # noqa: N802 - Qt's name
        self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: Index
    ) -> bool:
        """Move what was dragged before a row; below all rows, to the end."""
        ids = self._dragged(data)
        if not ids or action != Qt.DropAction.MoveAction:
            return False
        row = parent.row() if row < 0 and parent.isValid() else row
        self._queue.arrange(ids, len(self._rows) if row < 0 else min(row, len(self._rows)))
        return True

    def _dragged(self, data: QMimeData) -> list[str]:
        """The ids of the entries that are dragged, as far as they are of this queue."""
        found = json.loads(bytes(data.data(MIME).data())) if data.hasFormat(MIME) else []
        return [one for one in found if self.row_of(one) >= 0]

    def _know(self, entries: Sequence[QueueEntry]) -> None:
        """Find out what tells entries apart; nothing is found out anew while the same runs are planned."""
        before = self._drafts
        known = {entry.id: before.get(entry.id) for entry in entries}
        drafts = {
            entry.id: found if (found := known[entry.id]) and found[0] is entry.planned else _draft(entry)
            for entry in entries
        }
        if len(drafts) == len(before) and all(drafts[one] is before.get(one) for one in drafts):
            return
        self._drafts = drafts
        paths = differing_paths(entries, [draft for _, draft in drafts.values()])
        if paths != self._paths:
            self._paths, self._settings = paths, {}
        self._settings = {
            one: self._settings[one]
            if one in self._settings and drafts[one] is before.get(one)
            else settings_text(draft, paths)
            for one, (_, draft) in drafts.items()
        }

    def _row(self, entry: QueueEntry) -> QueueRow:
        progress = self._queue.progress(entry.id)
        expected = self._queue.expected(entry) if entry.pending else None
        settings = self._settings[entry.id]
        cells = (state_text(entry.state), name_text(entry), settings, time_words(entry, progress, expected))
        share = progress.share if entry.state == "running" else None
        return QueueRow(entry.id, entry.state, cells, one_line(entry.message, 1000), share)

    def _refresh_one(self, entry_id: str) -> None:
        place = self.row_of(entry_id)
        entry = next((one for one in self._queue.entries if one.id == entry_id), None)
        if place >= 0 and entry is not None:
            self._rows[place] = self._row(entry)
            self.dataChanged.emit(self.index(place, 0), self.index(place, len(QueueColumns) - 1))

    def _drop(self, kept: set[str]) -> None:
        last = len(self._rows) - 1
        while last >= 0:
            first = last
            while first >= 0 and self._rows[first].id not in kept:
                first -= 1
            if first < last:
                self.beginRemoveRows(QModelIndex(), first + 1, last)
                del self._rows[first + 1 : last + 1]
                self.endRemoveRows()
            last = first - 1

    def _append(self, rows: Sequence[QueueRow]) -> None:
        have = {row.id for row in self._rows}
        new = [row for row in rows if row.id not in have]
        if new:
            self.beginInsertRows(QModelIndex(), len(self._rows), len(self._rows) + len(new) - 1)
            self._rows += new
            self.endInsertRows()

    def _reorder(self, rows: Sequence[QueueRow]) -> None:
        """Take rows of the same entries over, in their order."""
        if [row.id for row in rows] == [row.id for row in self._rows]:
            self._rows = list(rows)
            return
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        ids = [self._rows[index.row()].id for index in before]
        self._rows = list(rows)
        places = {row.id: place for place, row in enumerate(rows)}
        after = [self.index(places[one], index.column()) for one, index in zip(ids, before, strict=True)]
        self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()


def _draft(entry: QueueEntry) -> tuple[Planned, Draft]:
    return entry.planned, draft_of(entry)


def _text(row: QueueRow, column: int) -> str:
    if column == QueueColumns.SETTINGS and row.message:
        return f"{row.cells[column]} · {row.message}"
    return row.cells[column]


def _alignment(column: int) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column == QueueColumns.TIME else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter


_ANSWERS: Mapping[int, Callable[[QueueRow, int], object]] = {
    Qt.ItemDataRole.DisplayRole: _text,
    Qt.ItemDataRole.TextAlignmentRole: lambda row, column: _alignment(column),
    Qt.ItemDataRole.ToolTipRole: _text,
    Qt.ItemDataRole.AccessibleDescriptionRole: lambda row, column: row.message,
    QueueRoles.ENTRY: lambda row, column: row.id,
    QueueRoles.STATE: lambda row, column: row.state,
    QueueRoles.SHARE: lambda row, column: row.share,
}
