"""What differs among some runs, as a table: settings, results, and what they were computed with; a column each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from fmstudio.insight.environments import environment_title, read_environment
from fmstudio.runs.summary import RunSummary
from fmstudio.session.run_rows.cells import UNKNOWN, started_text
from fmstudio.session.run_rows.columns import RunColumns
from fmstudio.session.run_rows.table import safe_tip
from fmstudio.ui.compare.overlay.words import names_of
from fmstudio.words import marked, tr

Index = QModelIndex | QPersistentModelIndex
Part = Literal["setting", "result", "environment"]

PARTS: Mapping[Part, str] = {
    "setting": marked("Settings"),
    "result": marked("Results"),
    "environment": marked("Computed with"),
}
"""What stands above the rows of each part, untranslated."""

_RESULTS: Mapping[str, int] = {
    "best.test_accuracy": 1,
    "best.validation_accuracy": 1,
    "best.train_accuracy": 0,
    "best.test_r2": 1,
    "best.test_mae": -1,
    "best.test_loss": -1,
    "best.epoch": 0,
    "last.test_accuracy": 1,
    "last.test_r2": 1,
    "last.test_mae": -1,
    "seconds": 0,
    "state": 0,
}
"""The results that are shown, and whether a larger one is better (1), a smaller one (−1), or neither."""


@dataclass(frozen=True)
class Row:
    """One row.

    Attributes:
        part: To what it belongs.
        title: Translated.
        texts: One for each run; of a heading none.
        strong: The runs whose text stands out, by their place.
    """

    part: Part
    title: str
    texts: tuple[str, ...] = ()
    strong: frozenset[int] = frozenset()

    @property
    def heading(self) -> bool:
        """Whether it stands above the rows of a part."""
        return not self.texts


def rows_of(
    runs: Sequence[RunSummary], environments: Sequence[Mapping[str, str]], *, everything: bool = False
) -> list[Row]:
    """The table's rows, with headings.

    Args:
        runs: A column each.
        environments: What each was computed with.
        everything: All settings, not only those that differ; of a single run it is always all.
    """
    columns = RunColumns(runs)
    differing = set(columns.differing(runs))
    whole = everything or len(runs) < 2
    found = []
    for column in columns.all.values():
        texts = tuple(column.text(run) or UNKNOWN for run in runs)
        if column.part == "setting" and (whole or column.key in differing):
            found.append(Row("setting", column.title, texts))
    for key, better in _RESULTS.items():
        column = columns.all[key]
        texts = tuple(column.text(run) for run in runs)
        if any(text not in ("", UNKNOWN) for text in texts):
            values = [column.value(run) for run in runs]
            found.append(Row("result", _title(key, column.title), texts, _best(values, better)))
    for key in dict.fromkeys(key for environment in environments for key in environment):
        texts = tuple(environment.get(key, UNKNOWN) for environment in environments)
        if whole or len(set(texts) - {UNKNOWN}) > 1:
            found.append(Row("environment", environment_title(key), texts))
    return _with_headings(found)


def _title(key: str, title: str) -> str:
    return tr("{figure}, best", figure=title) if key.startswith("best.") and key != "best.epoch" else title


def _best(values: Sequence[object], better: int) -> frozenset[int]:
    """The places of the best values, where there is more than one run to compare."""
    numbers = {place: better * value for place, value in enumerate(values) if isinstance(value, int | float)}
    if not better or len(numbers) < 2 or len(set(numbers.values())) < 2:
        return frozenset()
    return frozenset(place for place, value in numbers.items() if value == max(numbers.values()))


def _with_headings(rows: Sequence[Row]) -> list[Row]:
    found: list[Row] = []
    for row in rows:
        if not found or found[-1].part != row.part:
            found.append(Row(row.part, tr(PARTS[row.part])))
        found.append(row)
    return found


class DifferencesModel(QAbstractTableModel):
    """The rows by their titles, the runs by their names.

    Attributes:
        runs: The columns.
        rows: What stands in them.
    """

    def __init__(self) -> None:
        super().__init__()
        self.runs: tuple[RunSummary, ...] = ()
        self.rows: list[Row] = []
        self._names: list[str] = []
        self._environments: list[Mapping[str, str]] = []
        self._everything = False

    def show_runs(self, runs: Sequence[RunSummary]) -> None:
        """Lay other runs beside one another; what they were computed with is read from their folders."""
        self._environments = [read_environment(Path(run.folder)) if run.folder else {} for run in runs]
        self._rebuild(tuple(runs))

    def show_everything(self, everything: bool) -> None:
        """Show all settings, or only those that differ."""
        self._everything = everything
        self._rebuild(self.runs)

    def _rebuild(self, runs: tuple[RunSummary, ...]) -> None:
        self.beginResetModel()
        self.runs = runs
        self._names = names_of(runs)
        self.rows = rows_of(runs, self._environments, everything=self._everything) if runs else []
        self.endResetModel()

    def count(self, part: Part) -> int:
        """How many rows a part has."""
        return sum(row.part == part and not row.heading for row in self.rows)

    def table(self) -> list[list[str]]:
        """Everything as text: a line with the names, then a line for each row; headings are left out."""
        return [["", *self._names], *([row.title, *row.texts] for row in self.rows if not row.heading)]

    def rowCount(self, parent: Index | None = None) -> int:
        """How many rows."""
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index | None = None) -> int:
        """How many runs."""
        return 0 if parent is not None and parent.isValid() else len(self.runs)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The text of a cell, and the whole of it when asked."""
        if not index.isValid() or index.row() >= len(self.rows) or index.column() >= len(self.runs):
            return None
        row = self.rows[index.row()]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        if row.heading:
            return "" if role == Qt.ItemDataRole.DisplayRole else None
        text = row.texts[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return text
        if role == Qt.ItemDataRole.ToolTipRole:
            return safe_tip(text)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{self._names[index.column()]}, {row.title}: {text}"
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """A run's name, or a row's title."""
        across = orientation == Qt.Orientation.Horizontal
        if not 0 <= section < (len(self.runs) if across else len(self.rows)):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._names[section] if across else self.rows[section].title
        if role == Qt.ItemDataRole.ToolTipRole:
            return safe_tip(self._tip(section) if across else self.rows[section].title)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        return None

    def _tip(self, column: int) -> str:
        run = self.runs[column]
        return "\n".join((self._names[column], started_text(run.created, datetime.now()), run.id))

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Headings cannot be chosen."""
        if not index.isValid() or self.rows[index.row()].heading:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren
