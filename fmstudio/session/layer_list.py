"""The user's own list of layers as a Qt table model that edits it: the input, a row for each layer, the output."""

import json
import secrets
from collections.abc import Callable, Mapping, Sequence
from enum import IntEnum

from PySide6.QtCore import QAbstractTableModel, QByteArray, QMimeData, QModelIndex, QObject, Qt, Signal

from fmstudio.schema.choice import Facts
from fmstudio.schema.problem import Problem
from fmstudio.session.layer_rows import Item, ListRow, changed_kind, items_of, new_item, rows_of_list
from fmstudio.session.layer_table import Index
from fmstudio.words import marked, tr

MIME = "application/x-fmstudio-layer"
"""What is dragged: the mark of the list and the place of a layer in it, as JSON."""
FIRST = 1
"""The row of the first layer: above it stands the input."""


class ListColumns(IntEnum):
    """What stands in which column."""

    LAYER = 0
    SETTINGS = 1
    OUTPUT = 2
    WEIGHTS = 3


class ListRoles(IntEnum):
    """What a row tells besides its text."""

    PROBLEM = Qt.ItemDataRole.UserRole.value
    """Why the layer does not fit; empty where it does."""
    FIXED = Qt.ItemDataRole.UserRole.value + 1
    """Whether the row is not the user's: the input and the output."""


_TITLES = (marked("Layer"), marked("Settings"), marked("Output"), marked("Weights"))


class LayerListModel(QAbstractTableModel):
    """The list, with what each layer makes of the one before it. Every edit is made here and told by ``edited``.

    A *place* is that of a layer in the list, from 0; a *row* counts the input as well.
    """

    edited = Signal(object)
    """The list is another one: JSON values."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._items: list[Item] = []
        self._facts: Facts | None = None
        self._problems: tuple[Problem, ...] = ()
        self._rows: tuple[ListRow, ...] = ()
        self._mark = secrets.token_hex(8)

    @property
    def value(self) -> list[dict[str, object]]:
        """The list as JSON values."""
        return [dict(item) for item in self._items]

    @property
    def facts(self) -> Facts | None:
        """What the network is for; None before anything was shown."""
        return self._facts

    def place_of(self, row: int) -> int:
        """The place of the layer in a row; -1 for the input, the output and a row that is not there."""
        place = row - FIRST
        return place if 0 <= place < len(self._items) else -1

    def row(self, row: int) -> ListRow | None:
        """What stands in a row."""
        return self._rows[row] if 0 <= row < len(self._rows) else None

    def item(self, place: int) -> Item:
        """A layer of the list."""
        return self._items[place]

    def show(self, value: object, facts: Facts | None, problems: Sequence[Problem] = ()) -> int:
        """Show a list; rows that stay as they are keep their place in the views.

        Args:
            value: JSON values, perhaps wrong ones.
            facts: What the network is for; None: nothing is shown.
            problems: Of the recipe, with whole paths.

        Returns:
            The row in which the list differs first from the one before; -1 where it is the same.
        """
        items = items_of(value) if facts else []
        if (self._facts is None) != (facts is None):
            self.beginResetModel()
            self._items, self._facts, self._problems = items, facts, tuple(problems)
            self._trace()
            self.endResetModel()
            return -1
        self._facts, self._problems = facts, tuple(problems)
        changed = self._take(items)
        self._retrace()
        return changed

    def insert(self, place: int, kind: str) -> None:
        """Put a new layer before a place."""
        self._insert(place, new_item(kind))

    def duplicate(self, place: int) -> None:
        """Put a copy of a layer below it."""
        self._insert(place + 1, dict(self._items[place]))

    def remove(self, place: int) -> None:
        """Take a layer away."""
        self._splice(place, 1, [])
        self._tell()

    def move(self, place: int, to: int) -> bool:
        """Bring a layer to another place, counted without it; whether that changes anything."""
        to = max(0, min(to, len(self._items) - 1))
        if to == place or not 0 <= place < len(self._items):
            return False
        below = FIRST + to + (1 if to > place else 0)
        self.beginMoveRows(QModelIndex(), FIRST + place, FIRST + place, QModelIndex(), below)
        self._items.insert(to, self._items.pop(place))
        self._trace()
        self.endMoveRows()
        self._tell()
        return True

    def change(self, place: int, name: str, value: object) -> None:
        """Change a setting of a layer."""
        self._replace(place, {**self._items[place], name: value})

    def change_kind(self, place: int, kind: str) -> None:
        """Make a layer one of another kind; what was set and both have is kept."""
        self._replace(place, changed_kind(self._items[place], kind))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """The input, the layers and the output."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """See ``ListColumns``."""
        return 0 if parent.isValid() else len(ListColumns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The answer of one cell to a role."""
        row = self.row(index.row()) if index.isValid() else None
        if row is None:
            return None
        answer = _ANSWERS.get(role)
        return answer(row, index.column()) if answer else None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """What a column says."""
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(ListColumns):
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(section)
        return tr(_TITLES[section]) if role == Qt.ItemDataRole.DisplayRole else None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """The user's own layers can be dragged, between any two rows."""
        if not index.isValid():
            return Qt.ItemFlag.ItemIsDropEnabled
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren
        return flags | Qt.ItemFlag.ItemIsDragEnabled if self.place_of(index.row()) >= 0 else flags

    def supportedDropActions(self) -> Qt.DropAction:  # noqa: N802 - Qt's name
        """Layers are moved."""
        return Qt.DropAction.MoveAction

    def mimeTypes(self) -> list[str]:  # noqa: N802 - Qt's name
        """See ``MIME``."""
        return [MIME]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:  # noqa: N802 - Qt's name
        """The place of the layer that is dragged."""
        place = max((self.place_of(index.row()) for index in indexes), default=-1)
        made = QMimeData()
        made.setData(MIME, QByteArray(json.dumps([self._mark, place]).encode()))
        return made

    def canDropMimeData(  # noqa: N802 - Qt's name
        self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: Index
    ) -> bool:
        """Whether something can be let go here: only a layer of the list."""
        return action == Qt.DropAction.MoveAction and self._dragged(data) >= 0

    def dropMimeData(  # noqa: N802 - Qt's name
        self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: Index
    ) -> bool:
        """Move the layer that was dragged before a row; below all rows, to the end."""
        place = self._dragged(data)
        if place < 0 or action != Qt.DropAction.MoveAction:
            return False
        row = parent.row() if row < 0 and parent.isValid() else row
        before = len(self._items) if row < 0 else max(0, min(row - FIRST, len(self._items)))
        return self.move(place, before - 1 if before > place else before)

    def _dragged(self, data: QMimeData) -> int:
        """The place of the layer that is dragged; -1 where it is none of this list."""
        if not data.hasFormat(MIME):
            return -1
        mark, place = json.loads(bytes(data.data(MIME).data()))
        return int(place) if mark == self._mark and place < len(self._items) else -1

    def _insert(self, place: int, item: Item) -> None:
        self._splice(max(0, min(place, len(self._items))), 0, [item])
        self._tell()

    def _replace(self, place: int, item: Item) -> None:
        if self._items[place] == item:
            return
        self._items[place] = item
        self._tell()

    def _tell(self) -> None:
        """Say that the list is another one; what the recipe then finds wrong with it comes by ``show``."""
        self._problems = ()
        self._retrace()
        self.edited.emit(self.value)

    def _take(self, items: list[Item]) -> int:
        """Become another list by changing as few rows as there must be."""
        old, first = self._items, 0
        if old == items:
            return -1
        while first < min(len(old), len(items)) and old[first] == items[first]:
            first += 1
        kept = 0
        while kept < min(len(old), len(items)) - first and old[-1 - kept] == items[-1 - kept]:
            kept += 1
        new = items[first : len(items) - kept]
        if len(items) == len(old):
            self._items = items
        else:
            self._splice(first, len(old) - kept - first, new)
        return FIRST + min(first, max(0, len(items) - 1))

    def _splice(self, place: int, count: int, new: list[Item]) -> None:
        """Take some rows away and put others in their place."""
        top = FIRST + place
        if count:
            self.beginRemoveRows(QModelIndex(), top, top + count - 1)
            del self._items[place : place + count]
            self._trace()
            self.endRemoveRows()
        if new:
            self.beginInsertRows(QModelIndex(), top, top + len(new) - 1)
            self._items[place:place] = new
            self._trace()
            self.endInsertRows()

    def _trace(self) -> None:
        self._rows = rows_of_list(self._items, self._facts, self._problems) if self._facts else ()

    def _retrace(self) -> None:
        self._trace()
        if self._rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._rows) - 1, len(ListColumns) - 1))


def _text(row: ListRow, column: int) -> str:
    return (row.title, row.words, row.output, f"{row.weights:,}" if row.weights else "")[column]


def _tip(row: ListRow, column: int) -> str:
    if column == ListColumns.SETTINGS and not row.problem:
        return row.words
    return row.problem or row.source


def _alignment(column: int) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column == ListColumns.WEIGHTS else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter


_ANSWERS: Mapping[int, Callable[[ListRow, int], object]] = {
    Qt.ItemDataRole.DisplayRole: _text,
    Qt.ItemDataRole.TextAlignmentRole: lambda row, column: _alignment(column),
    Qt.ItemDataRole.ToolTipRole: _tip,
    Qt.ItemDataRole.AccessibleDescriptionRole: lambda row, column: row.problem,
    ListRoles.PROBLEM: lambda row, column: row.problem,
    ListRoles.FIXED: lambda row, column: row.fixed,
}
