"""Precision, recall, F1 and number of each class, as a Qt table model that sorts by number."""

from collections.abc import Callable, Sequence
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from fmstudio.insight.confusion import ClassFigures, class_figures
from fmstudio.insight.intervals import FEW, Interval, interval_words, shown_interval
from fmstudio.session.confusion_table import per_cent
from fmstudio.training.events import Ints
from fmstudio.words import marked, tr, tr_n

Index = QModelIndex | QPersistentModelIndex


class Columns(IntEnum):
    """What stands in which column."""

    NAME = 0
    PRECISION = 1
    RECALL = 2
    F1 = 3
    NUMBER = 4


class Roles(IntEnum):
    """What a cell answers besides its text.

    Attributes:
        CLASS: Index of the row's class.
        VALUE: The number itself, a share as 0…1; None where it is undefined, and for the name.
        INTERVAL: Wilson's interval of a share of fewer than 1,000 pictures; None for everything else.
        FEW: Whether the row's class has pictures, but too few to judge.
    """

    CLASS = Qt.ItemDataRole.UserRole.value
    VALUE = CLASS + 1
    INTERVAL = CLASS + 2
    FEW = CLASS + 3


_TITLES = (marked("Class"), marked("Precision"), marked("Recall"), marked("F1"), marked("Pictures"))

_EXPLAINED = (
    marked("What the pictures really are; a click sorts in the order of the data set"),
    marked("Precision: of all pictures that it called Shirt, say, how many really are shirts"),
    marked("Recall: of all pictures that really are shirts, say, how many it called Shirt"),
    marked("F1: one number for both, high only when precision and recall are both high"),
    marked("How many pictures really are of this class"),
)


class ClassTableModel(QAbstractTableModel):
    """One row for each class; sorting keeps classes with too few pictures, then undefined figures, at the end."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._classes: tuple[str, ...] = ()
        self._figures: tuple[ClassFigures, ...] = ()
        self._values: NDArray[np.float64] = np.empty((0, len(Columns)))
        self._order: Ints = np.empty(0, np.int64)
        self._sorted: tuple[int, Qt.SortOrder] = (int(Columns.NAME), Qt.SortOrder.AscendingOrder)

    @property
    def counted(self) -> bool:
        """Whether there are figures yet."""
        return bool(self._figures)

    def few_rows(self) -> tuple[int, ...]:
        """The rows of classes with too few pictures to judge, as they are sorted now."""
        return tuple(row for row, label in enumerate(self._order.tolist()) if self._few(label))

    def show(self, matrix: Ints | None, classes: Sequence[str]) -> None:
        """Show the figures of other counts, sorted as before; a view keeps its place unless the classes change.

        Args:
            matrix: Counts, shape (true classes, predicted classes); None: nothing is known yet.
            classes: Names of the classes, untranslated.

        Raises:
            ValueError: If the matrix is not of that many classes.
        """
        size = len(classes)
        if matrix is not None and matrix.shape != (size, size):
            raise ValueError(f"A matrix of shape {matrix.shape} does not fit {size} classes.")
        if tuple(classes) != self._classes:
            self.beginResetModel()
            self._classes = tuple(classes)
            self._take(matrix)
            self._order = self._arranged()
            self.endResetModel()
            return
        self._take(matrix)
        self._rearrange()
        if size:
            self.dataChanged.emit(self.index(0, 0), self.index(size - 1, len(Columns) - 1))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """Number of classes."""
        return 0 if parent.isValid() else len(self._classes)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """Name, precision, recall, F1, number."""
        return 0 if parent.isValid() else len(Columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The answer of one cell to a role."""
        if not index.isValid() or index.row() >= len(self._classes):
            return None
        label, column = int(self._order[index.row()]), index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(label, column)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignLeft if column == Columns.NAME else Qt.AlignmentFlag.AlignRight
            return side | Qt.AlignmentFlag.AlignVCenter
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return self._sentences(label, column)
        return self._answer(label, column, role) if role >= Roles.CLASS else None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The term over a column, and one sentence on it as its tooltip."""
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(Columns):
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignLeft if section == Columns.NAME else Qt.AlignmentFlag.AlignRight
            return side | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.ToolTipRole:
            return tr(_EXPLAINED[section])
        titles = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole)
        return tr(_TITLES[section]) if role in titles else None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by the numbers of a column; by the name's column in the order of the data set."""
        self._sorted = (column, order)
        self._rearrange()

    def _take(self, matrix: Ints | None) -> None:
        self._values = np.full((len(self._classes), len(Columns)), np.nan)
        self._values[:, Columns.NAME] = np.arange(len(self._classes))
        self._figures = () if matrix is None else class_figures(matrix)
        for figures in self._figures:
            row = (figures.precision, figures.recall, figures.f1, figures.support)
            self._values[figures.label, 1:] = [np.nan if value is None else value for value in row]

    def _rearrange(self) -> None:
        order = self._arranged()
        if np.array_equal(order, self._order):
            return
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        rows = np.argsort(order)
        after = [self.index(int(rows[self._order[index.row()]]), index.column()) for index in before]
        self._order = order
        self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()

    def _arranged(self) -> Ints:
        column, order = self._sorted
        key = self._values[:, column]
        rising = key if order == Qt.SortOrder.AscendingOrder else -key
        last = np.isnan(key) * 2
        if column not in (Columns.NAME, Columns.NUMBER):
            last = np.maximum(last, [self._few(label) for label in range(len(key))])
        return np.lexsort((rising, last))  # stable

    def _answer(self, label: int, column: int, role: int) -> object:
        """The answer to a role of our own."""
        if role == Roles.VALUE:
            return self._value(label, column)
        if role == Roles.INTERVAL:
            return self._interval(label, column)
        if role == Roles.FEW:
            return self._few(label)
        return label if role == Roles.CLASS else None

    def _few(self, label: int) -> bool:
        return bool(self._figures) and 0 < self._figures[label].support < FEW

    def _value(self, label: int, column: int) -> float | None:
        value = float(self._values[label, column])
        return None if column == Columns.NAME or np.isnan(value) else value

    def _interval(self, label: int, column: int) -> Interval | None:
        if not self._figures or column not in (Columns.PRECISION, Columns.RECALL):
            return None
        one = self._figures[label]
        return shown_interval(one.right, one.predicted if column == Columns.PRECISION else one.support)

    def _text(self, label: int, column: int) -> str:
        if column == Columns.NAME:
            return tr(self._classes[label])
        value = self._value(label, column)
        return f"{value:,.0f}" if column == Columns.NUMBER and value is not None else per_cent(value)

    def _sentences(self, label: int, column: int) -> str:
        """What a figure says, over how many pictures, how sure it is, and whether it can be judged."""
        name = tr(self._classes[label])
        if column == Columns.NAME:
            return name
        if not self._figures:
            return tr("{name}: not counted yet", name=name)
        if self._value(label, column) is None:
            return _MISSING[column](name)
        lines = [_SENTENCES[column](name, self._text(label, column), self._figures[label])]
        interval = self._interval(label, column)
        if interval is not None:
            lines.append(tr("95 % interval: {interval}", interval=interval_words(interval)))
        if self._few(label):
            few = tr_n("Too few to judge: {count} picture", "Too few to judge: {count} pictures", self._support(label))
            lines.append(few)
        return "\n".join(lines)

    def _support(self, label: int) -> int:
        return self._figures[label].support


def _precision_words(name: str, value: str, one: ClassFigures) -> str:
    return tr_n(
        "Of the {count:,} picture that it called {name}, {value} really are {name}",
        "Of the {count:,} pictures that it called {name}, {value} really are {name}",
        one.predicted,
        name=name,
        value=value,
    )


def _recall_words(name: str, value: str, one: ClassFigures) -> str:
    return tr_n(
        "Of the {count:,} picture that really is {name}, it called {value} {name}",
        "Of the {count:,} pictures that really are {name}, it called {value} {name}",
        one.support,
        name=name,
        value=value,
    )


def _f1_words(name: str, value: str, one: ClassFigures) -> str:
    return tr_n(
        "{name}: F1 is {value} over {count:,} picture, precision and recall in one number",
        "{name}: F1 is {value} over {count:,} pictures, precision and recall in one number",
        one.support,
        name=name,
        value=value,
    )


def _number_words(name: str, value: str, one: ClassFigures) -> str:
    return tr_n("{count:,} picture really is {name}", "{count:,} pictures really are {name}", one.support, name=name)


_SENTENCES: dict[int, Callable[[str, str, ClassFigures], str]] = {
    Columns.PRECISION: _precision_words,
    Columns.RECALL: _recall_words,
    Columns.F1: _f1_words,
    Columns.NUMBER: _number_words,
}

_MISSING: dict[int, Callable[[str], str]] = {
    Columns.PRECISION: lambda name: tr("It called no picture {name}", name=name),
    Columns.RECALL: lambda name: tr("There is no picture of {name}", name=name),
    Columns.F1: lambda name: tr("No picture is {name}, and it called none {name}", name=name),
}
