"""What a class handed in, as a Qt table model that sorts, and as CSV."""

import csv
import io
from collections.abc import Sequence

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from fmstudio.export.spreadsheet import safe_cell
from fmstudio.insight.hand_in import SHOWN_ALWAYS, HandedIn, HandIn
from fmstudio.insight.number_score import number_text, r2_text
from fmstudio.session.draft_words import shown, title_of, value_text
from fmstudio.session.run_rows.cells import one_line
from fmstudio.words import marked, tr

Index = QModelIndex | QPersistentModelIndex
UNKNOWN = "–"
MARKED = Qt.ItemDataRole.UserRole.value
"""The role under which a cell answers whether it is what is odd about its row."""

_MOST_LETTERS, _LARGEST = 120, 1e300
_TITLES = {
    "file": marked("File"),
    "name": marked("Name"),
    "seed": marked("Seed"),
    "version": marked("Version"),
    "data": marked("Same data"),
    "remarks": marked("Remarks"),
}
_RESULTS = {
    "test_accuracy": marked("Test accuracy"),
    "test_r2": marked("Test R²"),
    "test_mae": marked("Test error (mean)"),
    "test_loss": marked("Test loss"),
}
_MORE_IS_BETTER = ("test_accuracy", "test_r2")


class HandInTableModel(QAbstractTableModel):
    """One row for each file; those that say nothing stand at the end, however the table is sorted."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.handed_in = HandedIn()
        self.columns: tuple[str, ...] = ()
        self._order: tuple[int, ...] = ()
        self._sorted: tuple[str, Qt.SortOrder] = ("", Qt.SortOrder.AscendingOrder)

    def show(self, handed: HandedIn) -> None:
        """Show other files, sorted as before."""
        self.beginResetModel()
        self.handed_in = handed
        odd = any(handed.marks) or len(handed.read) < len(handed.items)
        remarks = ("remarks",) if odd else ()
        self.columns = ("file", "result", *remarks, *SHOWN_ALWAYS, *handed.varied, "seed", "data", "version", "name")
        self._order = self._arranged()
        self.endResetModel()

    def item(self, row: int) -> HandIn | None:
        """The file of a row."""
        return self.handed_in.items[self._order[row]] if 0 <= row < len(self._order) else None

    def row_of(self, item: HandIn) -> int:
        """Where a file stands; −1 where it does not."""
        return next((row for row, place in enumerate(self._order) if self.handed_in.items[place] is item), -1)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """Number of files."""
        return 0 if parent.isValid() else len(self._order)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """Facts, and a column for each setting that differs."""
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The answer of one cell to a role."""
        item = self.item(index.row()) if index.isValid() else None
        if item is None:
            return None
        column = self.columns[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return cell_text(self.handed_in, item, column)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._alignment(column)
        if role == MARKED:
            marks = self.handed_in.marks_of(item)
            return column in marks or (column == "remarks" and bool(item.problem))
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """What a column says."""
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._alignment(self.columns[section])
        if role == Qt.ItemDataRole.InitialSortOrderRole:
            best = self.columns[section] == "result" and self.handed_in.result in _MORE_IS_BETTER
            return Qt.SortOrder.DescendingOrder if best else Qt.SortOrder.AscendingOrder
        return column_title(self.handed_in, self.columns[section]) if role == Qt.ItemDataRole.DisplayRole else None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column; by −1 in the order in which the files were given."""
        self._sorted = (self.columns[column] if 0 <= column < len(self.columns) else "", order)
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        places = [self._order[index.row()] for index in before]
        self._order = self._arranged()
        rows = {place: row for row, place in enumerate(self._order)}
        after = [self.index(rows[place], index.column()) for place, index in zip(places, before, strict=True)]
        self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()

    def _arranged(self) -> tuple[int, ...]:
        items, (column, order) = self.handed_in.items, self._sorted
        keys = {place: _key(self.handed_in, item, column) for place, item in enumerate(items)}
        known = [place for place, key in keys.items() if key is not None]
        if column:
            known.sort(key=lambda place: keys[place] or (0, 0.0, ""), reverse=order == Qt.SortOrder.DescendingOrder)
        rest = [place for place, key in keys.items() if key is None]
        return (*known, *sorted(rest, key=lambda place: bool(items[place].problem)))

    def _alignment(self, column: str) -> Qt.AlignmentFlag:
        side = Qt.AlignmentFlag.AlignRight if column in ("seed", "result") else Qt.AlignmentFlag.AlignLeft
        return side | Qt.AlignmentFlag.AlignVCenter


def column_title(handed: HandedIn, column: str) -> str:
    """What stands over a column, translated."""
    if column == "result":
        return tr(_RESULTS[handed.result])
    if column in _TITLES:
        return tr(_TITLES[column])
    spec = next((item.spec for item in handed.read if item.at(column) is not None), {})
    return one_line(title_of(spec, column), _MOST_LETTERS)


def cell_text(handed: HandedIn, item: HandIn, column: str) -> str:
    """What stands in a cell."""
    if column == "file":
        return item.file
    if column == "remarks":
        return remarks(handed, item)
    if item.problem:
        return ""
    if column == "result":
        return result_text(handed, handed.result_of(item))
    if column == "data":
        odd = "data" in handed.marks_of(item)
        return (tr("✗ other") if odd else "✓") if item.data else UNKNOWN
    if column in ("name", "version"):
        return one_line(tr(item.name) if column == "name" else item.version, _MOST_LETTERS) or UNKNOWN
    if column == "seed":
        return UNKNOWN if item.seed is None else str(item.seed)
    return setting_text(item, column)


def setting_text(item: HandIn, path: str) -> str:
    """The value of a setting, as a person reads it."""
    value = item.at(path)
    if path.endswith(".kind") and value is not None:
        return one_line(shown({path.partition(".")[0]: {"kind": value}}, path), _MOST_LETTERS)
    return UNKNOWN if value is None else one_line(value_text(value), _MOST_LETTERS)


def result_text(handed: HandedIn, value: float | None) -> str:
    """How good it is."""
    if value is None:
        return UNKNOWN
    if handed.result == "test_accuracy":
        return tr("{number} %", number=f"{100 * value:.2f}")
    return r2_text(value) if handed.result == "test_r2" else number_text(value)


def remarks(handed: HandedIn, item: HandIn) -> str:
    """What is odd about a file, in words."""
    if item.problem:
        return f"✗ {item.problem}"
    marks = handed.marks_of(item)
    said = []
    if "double" in marks:
        others = ", ".join(one.file for one in handed.same_run(item)[:3])
        said.append(tr("the same run as {files}", files=others))
    if "data" in marks:
        said.append(tr("made with other data"))
    if "version" in marks:
        said.append(tr("another version"))
    if "seed" in marks:
        said.append(tr("another seed"))
    return ", ".join(said)


def table_rows(model: HandInTableModel) -> list[list[str]]:
    """Titles and all rows, as they are shown; numbers as numbers."""
    handed = model.handed_in
    rows = [[column_title(handed, column) for column in model.columns]]
    for row in range(model.rowCount()):
        item = model.item(row)
        if item is not None:
            rows.append([_plain(handed, item, column) for column in model.columns])
    return rows


def as_csv(model: HandInTableModel) -> str:
    """The table for a spreadsheet: what a stranger wrote is never a formula in it."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([safe_cell(cell) for cell in row] for row in table_rows(model))
    return text.getvalue()


def _plain(handed: HandedIn, item: HandIn, column: str) -> str:
    if column == "result":
        value = handed.result_of(item)
        return "" if value is None else repr(value)
    text = cell_text(handed, item, column)
    return "" if text == UNKNOWN else text


def _key(handed: HandedIn, item: HandIn, column: str) -> tuple[int, float, str] | None:
    """What a file is sorted by; None where it says nothing of that."""
    if item.problem:
        return None
    if not column:
        return (0, 0.0, "")
    value: object = {"seed": item.seed, "result": handed.result_of(item)}.get(column)
    if column not in ("seed", "result"):
        value = item.at(column) if "." in column or column in handed.varied else None
        value = cell_text(handed, item, column) if as_number(value) is None else value
    if value is None or value in ("", UNKNOWN):
        return None
    number = as_number(value)
    return (1, 0.0, str(value).casefold()) if number is None else (0, number, "")


def as_number(value: object) -> float | None:
    """A number of a stranger; None where it is none, or larger than any that makes sense."""
    fits = isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < _LARGEST
    return float(value) if fits else None  # type: ignore[arg-type]


def values_of(items: Sequence[HandIn], path: str) -> tuple[str, ...]:
    """The different values of a setting, numbers by size, as a person reads them."""
    found = {setting_text(item, path): item.at(path) for item in items}

    def key(text: str) -> tuple[bool, float, str]:
        number = as_number(found[text])
        return (number is None, number or 0.0, text)

    return tuple(sorted(found, key=key))
