"""The runs as a Qt table model: one row each, sorted by any column."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from fmstudio.experiment.draft import get
from fmstudio.insight.number_score import number_text, r2_text
from fmstudio.runs.run import Run
from fmstudio.session.draft_words import shown, text_of
from fmstudio.words import marked, tr

Index = QModelIndex | QPersistentModelIndex
UNKNOWN = "–"
"""Stands where there is no figure (yet)."""


@dataclass(frozen=True)
class RunRow:
    """What the table says of one run.

    Attributes:
        id: The name of its folder.
        name: Of the experiment; may be empty.
        data: The data set's title, translated; ``network`` and ``optimizer`` likewise.
        rate: The learning rate; None where it cannot be read.
        epochs: That were done.
        planned: Epochs that were to be done.
        accuracy: Of the test pictures, 0…1; None before there is a figure, and where numbers are learned.
        state: "finished", "stopped", "failed", or "unfinished": it goes on, or it was interrupted.
        seconds: Of training.
        r2: Where numbers are learned: share of the variance that is explained.
        mae: There too: mean absolute error.
    """

    id: str
    name: str
    data: str
    network: str
    optimizer: str
    rate: float | None
    epochs: int
    planned: int
    accuracy: float | None
    state: str
    seconds: float
    r2: float | None = None
    mae: float | None = None

    @property
    def ended(self) -> bool:
        """Whether nothing more can happen to it by itself."""
        return self.state != "unfinished"


def row_of(run: Run) -> RunRow:
    """What the table says of a run; its spec may be one that this program cannot run."""
    rate, planned = get(run.spec, "optimizer.lr"), get(run.spec, "epochs")
    best = run.best_epoch
    return RunRow(
        id=run.id,
        name=run.name,
        data=shown(run.spec, "dataset.kind"),
        network=shown(run.spec, "architecture.kind"),
        optimizer=shown(run.spec, "optimizer.kind"),
        rate=float(rate) if isinstance(rate, int | float) else None,
        epochs=_epochs_done(run),
        planned=planned if isinstance(planned, int) else 0,
        accuracy=_finite(best.test_accuracy) if best else None,
        state=run.ended.status if run.ended else "unfinished",
        seconds=run.seconds,
        r2=_finite(best.test_r2) if best else None,
        mae=_finite(best.test_mae) if best else None,
    )


def _epochs_done(run: Run) -> int:
    """How many epochs were gone through; not every one of them was evaluated."""
    if not run.epochs:
        return 0
    last = run.epochs[-1]
    return last.epoch if last.complete else max(0, last.epoch - 1)


def _finite(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None


class Columns(IntEnum):
    """What stands in which column."""

    NAME = 0
    DATA = 1
    NETWORK = 2
    OPTIMIZER = 3
    RATE = 4
    EPOCHS = 5
    ACCURACY = 6
    STATE = 7
    TIME = 8


class Roles(IntEnum):
    """What a cell answers besides its text.

    Attributes:
        RUN: The run's id.
        VALUE: What the column is sorted by; None where there is nothing.
    """

    RUN = Qt.ItemDataRole.UserRole.value
    VALUE = RUN + 1


_TITLES = (
    marked("Name"),
    marked("Data"),
    marked("Network"),
    marked("Optimizer"),
    marked("Learning rate"),
    marked("Epochs"),
    marked("Test result"),
    marked("State"),
    marked("Time"),
)
_STATES = {
    "finished": marked("finished"),
    "stopped": marked("stopped"),
    "failed": marked("failed"),
    "unfinished": marked("not finished"),
}
_WORDS = (Columns.NAME, Columns.DATA, Columns.NETWORK, Columns.OPTIMIZER)
"""May be cut off where the table is narrow."""

_NUMBERS = (Columns.RATE, Columns.EPOCHS, Columns.ACCURACY, Columns.TIME)


class RunTableModel(QAbstractTableModel):
    """One row for each run; what is unknown stays at the end, however the table is sorted."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._given: tuple[RunRow, ...] = ()
        self._rows: tuple[RunRow, ...] = ()
        self._sorted: tuple[int, Qt.SortOrder] = (-1, Qt.SortOrder.AscendingOrder)

    @property
    def rows(self) -> tuple[RunRow, ...]:
        """The runs in the order in which they are shown."""
        return self._rows

    def show(self, rows: Sequence[RunRow]) -> None:
        """Show other runs, sorted as before; unsorted, in the order in which they are given."""
        same = {row.id for row in rows} == {row.id for row in self._given} and len(rows) == len(self._given)
        self._given = tuple(rows)
        if not same:
            self.beginResetModel()
            self._rows = self._arranged()
            self.endResetModel()
            return
        self._rearrange()
        if rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(rows) - 1, len(Columns) - 1))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """Number of runs."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """See ``Columns``."""
        return 0 if parent.isValid() else len(Columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The answer of one cell to a role."""
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        row, column = self._rows[index.row()], index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return _text(row, column)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(column)
        if role == Qt.ItemDataRole.ToolTipRole:
            return _tip(row, column)
        if role == Roles.RUN:
            return row.id
        return _value(row, column) if role == Roles.VALUE else None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """What a column says."""
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(Columns):
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(section)
        return tr(_TITLES[section]) if role == Qt.ItemDataRole.DisplayRole else None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column; by −1 in the order in which the runs were given."""
        self._sorted = (column, order)
        self._rearrange()

    def _rearrange(self) -> None:
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        ids = [self._rows[index.row()].id for index in before]
        self._rows = self._arranged()
        places = {row.id: place for place, row in enumerate(self._rows)}
        after = [self.index(places[run], index.column()) for run, index in zip(ids, before, strict=True)]
        self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()

    def _arranged(self) -> tuple[RunRow, ...]:
        column, order = self._sorted
        if column < 0:
            return self._given
        known = [row for row in self._given if _value(row, column) is not None]
        unknown = [row for row in self._given if _value(row, column) is None]
        known.sort(key=lambda row: _key(row, column), reverse=order == Qt.SortOrder.DescendingOrder)
        return (*known, *unknown)


def _value(row: RunRow, column: int) -> str | float | None:
    result = row.accuracy if row.accuracy is not None else row.r2
    values = (row.name, row.data, row.network, row.optimizer, row.rate, row.epochs, result)
    return (*values, tr(_STATES.get(row.state, row.state)), row.seconds)[column]


def _key(row: RunRow, column: int) -> tuple[str, float]:
    value = _value(row, column)
    return (value.casefold(), 0.0) if isinstance(value, str) else ("", float(value or 0.0))


def _text(row: RunRow, column: int) -> str:
    value = _value(row, column)
    if column == Columns.NAME:
        return tr(row.name) or row.id
    if column == Columns.EPOCHS:
        return f"{row.epochs}" if row.epochs == row.planned else tr("{done} of {all}", done=row.epochs, all=row.planned)
    if column == Columns.ACCURACY:
        return _result(row)
    if column == Columns.TIME:
        return time_text(row.seconds)
    return UNKNOWN if value is None else text_of(value)


def _result(row: RunRow) -> str:
    """How good it is: "85.0 %" of pictures, "R² 0.999" of numbers; how far off where R² says nothing."""
    if row.accuracy is not None:
        return tr("{number} %", number=f"{100 * row.accuracy:.1f}")
    if row.r2 is not None:
        return tr("R² {number}", number=r2_text(row.r2))
    return UNKNOWN if row.mae is None else tr("off by {number}", number=number_text(row.mae))


def _tip(row: RunRow, column: int) -> str:
    """What a cell means."""
    if column == Columns.ACCURACY and row.accuracy is not None:
        return tr("{share} of the test pictures right", share=_result(row))
    if column == Columns.ACCURACY and row.mae is not None:
        return tr("Off by {number} on average on the test points", number=number_text(row.mae))
    said = tr("Run {run}. A double click shows its results.", run=row.id)
    return f"{_text(row, column)}\n{said}" if column in _WORDS else said


def time_text(seconds: float) -> str:
    """A length of time: "9.3 s", "12 min 5 s", "1 h 20 min"."""
    if seconds < 60:
        return tr("{seconds} s", seconds=f"{seconds:.1f}")
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return tr("{minutes} min {seconds} s", minutes=minutes, seconds=rest)
    return tr("{hours} h {minutes} min", hours=minutes // 60, minutes=minutes % 60)


def _alignment(column: int) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column in _NUMBERS else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter
