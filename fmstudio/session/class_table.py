"""Precision, recall, F1 and number of each class, as a Qt table model that sorts by number."""

from collections.abc import Callable, Sequence
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from fmstudio.insight.confusion import class_figures
from fmstudio.session.confusion_table import per_cent
from fmstudio.training.events import Ints
from fmstudio.words import marked, tr

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
    """

    CLASS = Qt.ItemDataRole.UserRole.value
    VALUE = CLASS + 1


_TITLES = (marked("Class"), marked("Precision"), marked("Recall"), marked("F1"), marked("Pictures"))

_EXPLAINED = (
    marked("What the pictures really are; a click sorts in the order of the data set"),
    marked("Precision: of all pictures that it called Shirt, say, how many really are shirts"),
    marked("Recall: of all pictures that really are shirts, say, how many it called Shirt"),
    marked("F1: one number for both, high only when precision and recall are both high"),
    marked("How many pictures really are of this class"),
)


class ClassTableModel(QAbstractTableModel):
    """One row for each class; sorting keeps undefined figures at the end."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._classes: tuple[str, ...] = ()
        self._counted = False
        self._values: NDArray[np.float64] = np.empty((0, len(Columns)))
        self._order: Ints = np.empty(0, np.int64)
        self._sorted: tuple[int, Qt.SortOrder] = (int(Columns.NAME), Qt.SortOrder.AscendingOrder)

    @property
    def counted(self) -> bool:
        """Whether there are figures yet."""
        return self._counted

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
        self._counted = matrix is not None
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
            return self._sentence(label, column)
        if role == Roles.CLASS:
            return label
        return self._value(label, column) if role == Roles.VALUE else None

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
        for figures in () if matrix is None else class_figures(matrix):
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
        return np.argsort(key if order == Qt.SortOrder.AscendingOrder else -key, kind="stable")  # NaN last either way

    def _value(self, label: int, column: int) -> float | None:
        value = float(self._values[label, column])
        return None if column == Columns.NAME or np.isnan(value) else value

    def _text(self, label: int, column: int) -> str:
        if column == Columns.NAME:
            return tr(self._classes[label])
        value = self._value(label, column)
        return f"{value:,.0f}" if column == Columns.NUMBER and value is not None else per_cent(value)

    def _sentence(self, label: int, column: int) -> str:
        name = tr(self._classes[label])
        if column == Columns.NAME:
            return name
        value = self._value(label, column)
        if value is None:
            return _MISSING[column](name) if self._counted else tr("{name}: not counted yet", name=name)
        return _SENTENCES[column](name, self._text(label, column))


_SENTENCES: dict[int, Callable[[str, str], str]] = {
    Columns.PRECISION: lambda name, value: tr(
        "Of all pictures that it called {name}, {value} really are {name}", name=name, value=value
    ),
    Columns.RECALL: lambda name, value: tr(
        "Of all pictures that really are {name}, it called {value} {name}", name=name, value=value
    ),
    Columns.F1: lambda name, value: tr(
        "{name}: F1 is {value}, precision and recall in one number", name=name, value=value
    ),
    Columns.NUMBER: lambda name, value: tr("{value} pictures really are {name}", name=name, value=value),
}

_MISSING: dict[int, Callable[[str], str]] = {
    Columns.PRECISION: lambda name: tr("It called no picture {name}", name=name),
    Columns.RECALL: lambda name: tr("There is no picture of {name}", name=name),
    Columns.F1: lambda name: tr("No picture is {name}, and it called none {name}", name=name),
}
