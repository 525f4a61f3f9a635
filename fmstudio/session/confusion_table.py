"""The confusion matrix as a Qt table model: one cell for each pair of a true class and a predicted one."""

from collections.abc import Sequence
from enum import IntEnum
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from fmstudio.insight.confusion import shares_of_predicted, shares_of_true
from fmstudio.training.events import Ints
from fmstudio.words import tr, tr_n

Mode = Literal["count", "true", "predicted"]
"""What a cell shows: a number of pictures, per cent of its row, per cent of its column."""

Index = QModelIndex | QPersistentModelIndex

UNDEFINED = "–"
"""Stands where a share has nothing that it could be a share of."""

LESS_THAN_ONE = "<1"
"""Stands where a share is less than half a per cent, but not nothing."""


class Roles(IntEnum):
    """What a cell answers besides its text; None before there is a matrix, shares also where there is no picture.

    Attributes:
        COUNT: Number of pictures.
        SHARE: Of those that really are of the row's class, 0…1.
        SHARE_OF_PREDICTED: Of those that were taken for the column's class, 0…1.
        SHADE: The share that colours the cell: of the column in the mode "predicted", else of the row.
    """

    COUNT = Qt.ItemDataRole.UserRole.value
    SHARE = COUNT + 1
    SHARE_OF_PREDICTED = COUNT + 2
    SHADE = COUNT + 3


class ConfusionTableModel(QAbstractTableModel):
    """Classes × classes: rows are what pictures really are, columns what they were taken for."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._classes: tuple[str, ...] = ()
        self._counts: Ints | None = None
        self._of_true: NDArray[np.float64] = np.empty((0, 0))
        self._of_predicted = self._of_true
        self._mode: Mode = "count"

    @property
    def classes(self) -> tuple[str, ...]:
        """Names of the classes, untranslated."""
        return self._classes

    @property
    def mode(self) -> Mode:
        """What the cells show."""
        return self._mode

    @property
    def counts(self) -> Ints | None:
        """The matrix, shape (true classes, predicted classes); None before there is one."""
        return self._counts

    def show(self, matrix: Ints | None, classes: Sequence[str], mode: Mode = "count") -> None:
        """Show other counts, or the same ones in another way; a view keeps its place unless the classes change.

        Args:
            matrix: Counts, shape (true classes, predicted classes); None leaves all cells empty.
            classes: Names of the classes, untranslated.
            mode: What the cells show.

        Raises:
            ValueError: If the matrix is not of that many classes.
        """
        size = len(classes)
        if matrix is not None and matrix.shape != (size, size):
            raise ValueError(f"A matrix of shape {matrix.shape} does not fit {size} classes.")
        same = tuple(classes) == self._classes
        if not same:
            self.beginResetModel()
        self._classes, self._counts, self._mode = tuple(classes), matrix, mode
        if matrix is not None:
            self._of_true, self._of_predicted = shares_of_true(matrix), shares_of_predicted(matrix)
        if not same:
            self.endResetModel()
        elif size:
            self.dataChanged.emit(self.index(0, 0), self.index(size - 1, size - 1))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """Number of classes."""
        return 0 if parent.isValid() else len(self._classes)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """Number of classes."""
        return 0 if parent.isValid() else len(self._classes)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The answer of one cell to a role."""
        row, column = index.row(), index.column()
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignCenter
        if self._counts is None or not index.isValid() or max(row, column) >= len(self._classes):
            return None
        count = int(self._counts[row, column])
        if role == Qt.ItemDataRole.DisplayRole:
            return str(count) if self._mode == "count" else _whole_per_cent(self._shade(row, column))
        if role == Roles.COUNT:
            return count
        if role == Roles.SHADE:
            return self._shade(row, column)
        if role == Roles.SHARE:
            return _known(self._of_true[row, column])
        if role == Roles.SHARE_OF_PREDICTED:
            return _known(self._of_predicted[row, column])
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._sentence(row, column, count)
        return self._tooltip(row, column, count) if role == Qt.ItemDataRole.ToolTipRole else None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Name of a class; as its tooltip also what its row or column adds up to."""
        if not 0 <= section < len(self._classes):
            return None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return tr(self._classes[section])
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._sum(section, along_row=orientation == Qt.Orientation.Vertical)
        return None

    def _shade(self, row: int, column: int) -> float | None:
        shares = self._of_predicted if self._mode == "predicted" else self._of_true
        return _known(shares[row, column])

    def _sentence(self, row: int, column: int, count: int) -> str:
        name, other = tr(self._classes[row]), tr(self._classes[column])
        total = 0 if self._counts is None else int(self._counts[row].sum())
        if not total:
            return tr("There is no picture of {name}", name=name)
        if row == column:
            return tr_n(
                "{count:,} of {total:,} pictures of {name} was recognised",
                "{count:,} of {total:,} pictures of {name} were recognised",
                count,
                total=total,
                name=name,
            )
        return tr_n(
            "{count:,} of {total:,} pictures of {name} was taken for {other}",
            "{count:,} of {total:,} pictures of {name} were taken for {other}",
            count,
            total=total,
            name=name,
            other=other,
        )

    def _tooltip(self, row: int, column: int, count: int) -> str:
        name, other = tr(self._classes[row]), tr(self._classes[column])
        lines = [self._sentence(row, column, count)]
        of_true, of_predicted = _known(self._of_true[row, column]), _known(self._of_predicted[row, column])
        if of_true is not None:
            lines.append(tr("{share} of all that really are {name}", share=per_cent(of_true), name=name))
        if of_predicted is not None:
            lines.append(tr("{share} of all that were taken for {name}", share=per_cent(of_predicted), name=other))
        return "\n".join(lines)

    def _sum(self, section: int, *, along_row: bool) -> str:
        name = tr(self._classes[section])
        if self._counts is None:
            return name
        right = f"{int(self._counts[section, section]):,}"
        total = f"{int((self._counts[section] if along_row else self._counts[:, section]).sum()):,}"
        if along_row:
            return tr("{name}: {total} pictures, {right} of them recognised", name=name, total=total, right=right)
        return tr("Taken for {name}: {total} pictures, {right} of them rightly", name=name, total=total, right=right)


def per_cent(share: float | None) -> str:
    """A share with one decimal, ``"86.5 %"``; a dash where there is none."""
    return UNDEFINED if share is None else tr("{number} %", number=f"{100 * share:.1f}")


def _known(share: float) -> float | None:
    return None if np.isnan(share) else float(share)


def _whole_per_cent(share: float | None) -> str:
    """A share as it fits into a cell; only what is all says 100, only what is nothing says 0."""
    if share is None:
        return UNDEFINED
    if 0 < share < 0.005:
        return LESS_THAN_ONE
    return str(100 if share == 1.0 else min(99, int(100 * share + 0.5)))
