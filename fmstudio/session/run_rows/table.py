"""The runs as a Qt table model: one row each, filtered, sorted by any column, perhaps under headings."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from enum import IntEnum
from html import escape
from typing import Literal

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from fmstudio.runs.about import About, merged
from fmstudio.runs.summary import RunSummary
from fmstudio.session.run_rows.cells import LETTERS, one_line
from fmstudio.session.run_rows.column import Column
from fmstudio.session.run_rows.columns import RunColumns
from fmstudio.session.run_rows.filter import RunFilter, RunText, read_filter
from fmstudio.session.run_rows.groups import Item, Section, arranged, grouped
from fmstudio.session.run_rows.spec_index import SpecIndex
from fmstudio.words import tr

Index = QModelIndex | QPersistentModelIndex
FIRST_COLUMNS = ("star", "name", "started", "best", "seconds", "state")
EDITABLE = ("name", "tags")
_SELECTABLE = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
_NOTE_LETTERS = 2000


class Roles(IntEnum):
    """What a cell answers besides its text.

    Attributes:
        RUN: The run's id; empty for a heading.
        VALUE: What the column is sorted by; None where there is nothing.
        STATE: The run's state; empty for a heading.
        SECTION: The ``Section`` of a heading, None for a run.
        COLUMN: The column's key.
        STAR: Whether the run is marked.
    """

    RUN = Qt.ItemDataRole.UserRole.value
    VALUE = RUN + 1
    STATE = RUN + 2
    SECTION = RUN + 3
    COLUMN = RUN + 4
    STAR = RUN + 5


class RunTableModel(QAbstractTableModel):
    """Rows are runs, and headings where they are grouped; which columns there are is chosen from all there can be.

    Signals:
        described(str, About, About): The user changed what is said of a run: what it was, and what it is.
    """

    described = Signal(str, object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._index, self._words = SpecIndex(), RunText()
        self.columns = RunColumns()
        self._given: tuple[RunSummary, ...] = ()
        self._filter, self._filter_text = RunFilter(), ""
        self._kept: list[RunSummary] = []
        self._items: list[Item] = []
        self._keys: tuple[str, ...] = FIRST_COLUMNS
        self._shown: list[Column] = [self.columns.all[key] for key in FIRST_COLUMNS]
        self._sorted, self._falling = "", False
        self._group = ""
        self._folded: frozenset[str] = frozenset()

    # ── What is shown

    @property
    def given(self) -> tuple[RunSummary, ...]:
        """All runs, as they were given."""
        return self._given

    @property
    def kept(self) -> Sequence[RunSummary]:
        """The runs that the filter lets through, in the order in which they were given."""
        return self._kept

    @property
    def items(self) -> Sequence[Item]:
        """The rows of the table: runs and headings."""
        return self._items

    @property
    def shown_columns(self) -> Sequence[Column]:
        """The columns, from the left."""
        return self._shown

    @property
    def problems(self) -> tuple[str, ...]:
        """What could not be read of the filter."""
        return self._filter.problems

    @property
    def sorted_by(self) -> tuple[str, bool]:
        """The key of the column by which it is sorted ("" for none), and whether the greatest comes first."""
        return self._sorted, self._falling

    @property
    def group(self) -> str:
        """The key of the column by which the runs are grouped; empty for none."""
        return self._group

    def row(self, run_id: str) -> RunSummary | None:
        """A run by its id."""
        return next((row for row in self._given if row.id == run_id), None)

    # ── Changing it

    def show(self, rows: Sequence[RunSummary]) -> None:
        """Show other runs; filter, order and groups stay."""
        if len(rows) == len(self._given) and all(
            new is old or new == old for new, old in zip(rows, self._given, strict=True)
        ):
            return
        self._given, self.columns = tuple(rows), RunColumns(rows, index=self._index)
        self._words.take(rows)
        self._filter = read_filter(self._filter_text, self.columns, self._words)
        shown = [self.columns.all[key] for key in self._keys if key in self.columns.all]
        if [column.key for column in shown] == [column.key for column in self._shown]:
            self._shown = shown
        else:
            self._have(shown)
        self._keep()

    def keep(self, text: str) -> None:
        """Show only what a filter lets through; see ``run_filter``."""
        self._filter_text = text
        self._filter = read_filter(text, self.columns, self._words)
        self._keep()

    def show_columns(self, keys: Sequence[str]) -> None:
        """Have other columns, from the left; keys that no run knows are left out."""
        found = [self.columns.all[key] for key in dict.fromkeys(keys) if key in self.columns.all]
        if not found:
            return
        self._keys = tuple(keys)
        if found != self._shown:
            self._have(found)

    def _have(self, columns: list[Column]) -> None:
        self.beginResetModel()
        self._shown = columns
        self.endResetModel()

    def group_by(self, key: str) -> None:
        """Put the runs under headings by a column's value; "" for none."""
        self._group, self._folded = key, frozenset()
        self._arrange()

    def fold(self, key: str, folded: bool) -> None:
        """Fold a heading's runs away, or show them again."""
        self._folded = self._folded | {key} if folded else self._folded - {key}
        self._arrange()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column; by −1 in the order in which the runs were given."""
        key = self._shown[column].key if 0 <= column < len(self._shown) else ""
        self.sort_by(key, falling=order == Qt.SortOrder.DescendingOrder)

    def sort_by(self, key: str, *, falling: bool) -> None:
        """Sort by a column, shown or not; by "" in the order in which the runs were given."""
        self._sorted, self._falling = key, falling
        self._arrange()

    def describe(self, run_id: str, before: About, after: About) -> None:
        """Say something else of a run than was seen before, and tell it; what else has come meanwhile stays."""

        def said(row: RunSummary) -> RunSummary:
            return replace(row, about=merged(row.about, before, after)) if row.id == run_id else row

        self._given = tuple(map(said, self._given))
        self._kept = list(map(said, self._kept))
        self._items = [
            next(kept for kept in self._kept if kept.id == run_id)
            if isinstance(item, RunSummary) and item.id == run_id
            else item
            for item in self._items
        ]
        self._tell_all()
        self.described.emit(run_id, before, after)

    def _keep(self) -> None:
        self._kept = self._filter.apply(self._given)
        self._arrange()

    def _arrange(self) -> None:
        """Put the rows in their order; the view keeps what is chosen where the same runs are there."""
        rows = arranged(self._kept, self.columns.all.get(self._sorted), falling=self._falling)
        column = self.columns.all.get(self._group)
        items: list[Item] = list(rows) if column is None else grouped(rows, column, self._folded)
        before, after = [_key(item) for item in self._items], [_key(item) for item in items]
        if before == after:
            self._items = items
            self._tell_all()
        elif sorted(before) == sorted(after):
            self._move(items, before, after)
        else:
            self.beginResetModel()
            self._items = items
            self.endResetModel()

    def _move(self, items: list[Item], before: Sequence[str], after: Sequence[str]) -> None:
        self.layoutAboutToBeChanged.emit()
        held = self.persistentIndexList()
        places = {key: place for place, key in enumerate(after)}
        self._items = items
        moved = [self.index(places[before[index.row()]], index.column()) for index in held]
        self.changePersistentIndexList(held, moved)
        self.layoutChanged.emit()

    def _tell_all(self) -> None:
        if self._items:
            last = self.index(len(self._items) - 1, len(self._shown) - 1)
            self.dataChanged.emit(self.index(0, 0), last)

    # ── Qt's questions

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """Number of runs and headings."""
        return 0 if parent.isValid() else len(self._items)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """Number of columns."""
        return 0 if parent.isValid() else len(self._shown)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Headings cannot be chosen; name and tags can be written."""
        if not index.isValid() or index.row() >= len(self._items):
            return Qt.ItemFlag.NoItemFlags
        if isinstance(self._items[index.row()], Section):
            return Qt.ItemFlag.ItemIsEnabled
        editable = self._shown[index.column()].key in EDITABLE
        return _SELECTABLE | Qt.ItemFlag.ItemIsEditable if editable else _SELECTABLE

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The answer of one cell to a role."""
        if not index.isValid() or index.row() >= len(self._items) or index.column() >= len(self._shown):
            return None
        item, column = self._items[index.row()], self._shown[index.column()]
        return _of_section(item, index.column(), role) if isinstance(item, Section) else _of_run(item, column, role)

    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:  # noqa: N802
        """Take a new name, or new tags with commas between them."""
        item = self._items[index.row()] if index.isValid() and index.row() < len(self._items) else None
        if role != Qt.ItemDataRole.EditRole or not isinstance(item, RunSummary):
            return False
        about = with_text(item.about, self._shown[index.column()].key, str(value))
        if about != item.about:
            self.describe(item.id, item.about, about)
        return True

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """What a column says."""
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self._shown):
            return None
        column = self._shown[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(column)
        if role == Qt.ItemDataRole.InitialSortOrderRole:  # the first click shows the best at the top
            return Qt.SortOrder.DescendingOrder if column.more_is_better else Qt.SortOrder.AscendingOrder
        if role == Qt.ItemDataRole.ToolTipRole:
            return safe_tip(column.title)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return column.title
        return ("★" if column.key == "star" else column.title) if role == Qt.ItemDataRole.DisplayRole else None


def with_text(about: About, key: Literal["name", "tags", "note"] | str, text: str) -> About:
    """What is said of a run with another name, note, or tags with commas between them."""
    if key == "name":
        return replace(about, name=one_line(text)[:200])
    if key == "note":
        return replace(about, note=text.strip())
    return replace(about, tags=tags_of(text)) if key == "tags" else about


def tags_of(text: str) -> tuple[str, ...]:
    """The tags that a line names, each once."""
    parts = (one_line(part) for part in text.replace("，", ",").replace("、", ",").split(","))
    return tuple(dict.fromkeys(part for part in parts if part))


def tags_in(rows: Iterable[RunSummary]) -> tuple[str, ...]:
    """All tags that some runs have, the most frequent first."""
    counts: dict[str, int] = {}
    for row in rows:
        for tag in row.about.tags:
            counts[tag] = counts.get(tag, 0) + 1
    return tuple(sorted(counts, key=lambda tag: (-counts[tag], tag.casefold())))


def safe_tip(text: str) -> str:
    """A tooltip that shows a text as it is, never as HTML, with its lines."""
    return f'<p style="white-space: pre-wrap">{escape(text[:_NOTE_LETTERS])}</p>' if text else ""


def _key(item: Item) -> str:
    return f"\n{item.key}" if isinstance(item, Section) else item.id


def _of_section(section: Section, column: int, role: int) -> object:
    if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
        return section.text if column == 0 else ""
    answers: Mapping[int, object] = {Roles.RUN: "", Roles.STATE: "", Roles.SECTION: section, Roles.STAR: False}
    return answers.get(role)


def _of_run(row: RunSummary, column: Column, role: int) -> object:
    if role == Qt.ItemDataRole.DisplayRole:
        return column.text(row)
    if role == Qt.ItemDataRole.TextAlignmentRole:
        return _alignment(column)
    if role == Qt.ItemDataRole.ToolTipRole:
        return safe_tip(_tip(row, column))
    if role == Qt.ItemDataRole.EditRole:
        return (row.about.name or column.text(row)) if column.key == "name" else column.text(row)
    if role == Qt.ItemDataRole.AccessibleTextRole:
        marked = tr("starred") if row.about.star else tr("no star")
        return marked if column.key == "star" else column.text(row)
    if role == Roles.VALUE:
        return column.value(row)
    answers = {Roles.RUN: row.id, Roles.STATE: row.state, Roles.COLUMN: column.key, Roles.STAR: row.about.star}
    return answers.get(Roles(role)) if role in answers else None


def _tip(row: RunSummary, column: Column) -> str:
    """What a cell says when asked: why a run is damaged, what a figure means, the whole of what is cut off."""
    if column.key == "star":
        return tr("Marked with a star. S takes it away.") if row.about.star else tr("Mark it with a star: S.")
    said = column.tip(row) if column.tip else column.text(row)
    lines = [said[:LETTERS] if column.tip is None else said]
    if row.problem:
        lines.append(row.problem)
    elif column.key in ("name", "state"):
        lines.append(row.message or tr("Run {run}. A double click shows its results.", run=row.id))
    return "\n".join(line for line in lines if line)


def _alignment(column: Column) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column.numbers else Qt.AlignmentFlag.AlignLeft
    return (Qt.AlignmentFlag.AlignHCenter if column.key == "star" else side) | Qt.AlignmentFlag.AlignVCenter
