"""The confusion matrix as a Qt table model: one cell for each pair of a true class and a predicted one."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt

from fmstudio.insight.confusion import Shares, shares_of_predicted, shares_of_true
from fmstudio.session.confusion_cell import Index, Look, Mode, Other, Roles
from fmstudio.session.confusion_words import (
    LESS_THAN_ONE,
    UNDEFINED,
    change_sentence,
    counted_sentence,
    header_sentence,
    known,
    per_cent,
    signed,
    strong_sentence,
    sum_sentence,
    whole,
    whole_per_cent,
)
from fmstudio.training.events import Ints
from fmstudio.words import tr

__all__ = ["LESS_THAN_ONE", "UNDEFINED", "ConfusionTableModel", "Index", "Look", "Mode", "Other", "Roles", "per_cent"]

_NONE: Shares = np.empty((0, 0))


class ConfusionTableModel(QAbstractTableModel):
    """Classes × classes, in any order: rows are what pictures really are, columns what they were taken for."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._classes: tuple[str, ...] = ()
        self._order: Ints = np.empty(0, np.int64)
        self._places: Ints = self._order
        self._counts: Ints | None = None
        self._strong: Ints | None = None
        self._sums: Shares | None = None
        self._other: Other | None = None
        self._totals: Ints = self._order
        self._values: Shares | Ints = _NONE
        self._shades: Shares = _NONE
        self._mode: Mode = "count"

    @property
    def classes(self) -> tuple[str, ...]:
        """Names of the classes in the order of the data set, untranslated."""
        return self._classes

    @property
    def mode(self) -> Mode:
        """What the cells show."""
        return self._mode

    @property
    def order(self) -> Ints:
        """Which class stands in which row, and column, shape (classes,)."""
        return self._order

    @property
    def counts(self) -> Ints | None:
        """The matrix in the order of the data set, (true classes, predicted classes); None before there is one."""
        return self._counts

    @property
    def widest(self) -> str:
        """The longest text that stands in a cell, at least "100"."""
        if self._counts is None or self._mode in ("true", "predicted"):
            return "100"
        if self._mode == "count":
            return str(max(100, int(self._counts.max(initial=0))))
        most = max(10.0, float(np.abs(self._values).max(initial=0)))
        return signed(-round(most)) if self._mode == "change" else str(max(100, round(most)))

    def show(
        self,
        matrix: Ints | None,
        classes: Sequence[str],
        mode: Mode = "count",
        *,
        sums: Shares | None = None,
        other: Other | None = None,
    ) -> None:
        """Show other counts, or the same ones in another way; a view keeps its place unless the classes change.

        Args:
            matrix: Counts, shape (true classes, predicted classes); None leaves all cells empty.
            classes: Names of the classes, untranslated.
            mode: What the cells show.
            sums: Probabilities added up, likewise shaped, for the mode "sum".
            other: What it is compared with in the mode "change".

        Raises:
            ValueError: If the matrix is not of that many classes, or the mode lacks what it shows.
        """
        size = len(classes)
        if matrix is not None and matrix.shape != (size, size):
            raise ValueError(f"A matrix of shape {matrix.shape} does not fit {size} classes.")
        if matrix is not None and ((mode == "sum" and sums is None) or (mode == "change" and other is None)):
            raise ValueError(f"Nothing to show in the mode {mode}.")
        same = tuple(classes) == self._classes
        if not same:
            self.beginResetModel()
            self._order = self._places = np.arange(size)
        if matrix is not self._counts or not same:
            self._strong = None
        self._classes, self._counts, self._mode = tuple(classes), matrix, mode
        self._sums, self._other = sums, other
        self._totals = np.zeros(size, np.int64) if matrix is None else matrix.sum(axis=1)
        self._values = _NONE if matrix is None else self._value_all(matrix)
        self._shades = _NONE if matrix is None else self._shade_all(matrix)
        if not same:
            self.endResetModel()
        else:
            self._tell()

    def show_strong(self, strong: Ints | None) -> None:
        """Say how many pictures of each cell are looked at; None: nothing in particular, all cells alike."""
        if strong is not self._strong:
            self._strong = strong
            self._tell()

    def arrange(self, order: Ints) -> None:
        """Let the classes stand in another order, along both sides."""
        if np.array_equal(order, self._order):
            return
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        classes = [(self.label(index.row()), self.label(index.column())) for index in before]
        self._order, self._places = order, np.argsort(order)
        after = [self.cell(true, predicted) for true, predicted in classes]
        self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()

    def label(self, section: int) -> int:
        """The class that stands in a row or column; -1 where there is none."""
        return int(self._order[section]) if 0 <= section < len(self._order) else -1

    def place(self, label: int) -> int:
        """In which row and column a class stands; -1 where it does not."""
        return int(self._places[label]) if 0 <= label < len(self._places) else -1

    def cell(self, true: int, predicted: int) -> QModelIndex:
        """The cell of a pair of classes."""
        return self.index(self.place(true), self.place(predicted))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """Number of classes."""
        return 0 if parent.isValid() else len(self._classes)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """Number of classes."""
        return 0 if parent.isValid() else len(self._classes)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The answer of one cell to a role."""
        true, predicted = self.label(index.row()), self.label(index.column())
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignCenter
        if not index.isValid() or min(true, predicted) < 0:
            return None
        if role in (Roles.TRUE, Roles.PREDICTED):
            return true if role == Roles.TRUE else predicted
        if self._counts is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(true, predicted)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._sentence(true, predicted)
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._tooltip(true, predicted)
        return self._number(role, true, predicted, self._counts)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Name of a class; as its tooltip also what its row or column adds up to."""
        label = self.label(section)
        if label < 0:
            return None
        name = tr(self._classes[label])
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return name
        if role == Qt.ItemDataRole.ToolTipRole:
            along_row = orientation == Qt.Orientation.Vertical
            return header_sentence(self._counts, label, name, along_row=along_row)
        return None

    def look(self, row: int, column: int) -> Look:
        """How a cell is drawn: what counts nothing stays empty, below one per cent its colour is enough."""
        if self._counts is None:
            return Look("", 0.0, row == column, False, "")
        true, predicted = self.label(row), self.label(column)
        value, shade = float(self._values[true, predicted]), known(self._shades[true, predicted])
        text = self._text(true, predicted) if value else ""
        faint = self._strong is not None and not self._strong[true, predicted]
        small = str(self._counts[true, predicted]) if self._mode != "count" else per_cent(shade)
        return Look(
            text="" if text == LESS_THAN_ONE else text,
            shade=shade or 0.0,
            good=(true == predicted) == (value >= 0 or self._mode != "change"),
            faint=faint,
            small=small if text and shade is not None else "",
        )

    def looks(
        self, rows: slice, columns: slice
    ) -> tuple[Shares, NDArray[np.bool_], NDArray[np.bool_]]:  # fmt: skip
        """Shade, good and faint of many cells at once, each of the shape of these rows and columns."""
        true, predicted = self._order[rows], self._order[columns]
        good = true[:, None] == predicted[None, :]
        if self._counts is None:
            return np.zeros(good.shape), good, np.zeros(good.shape, np.bool_)
        where = np.ix_(true, predicted)
        shades = np.nan_to_num(self._shades[where])
        if self._mode == "change":
            good = good == (self._values[where] >= 0)
        faint = np.zeros(good.shape, np.bool_) if self._strong is None else self._strong[where] == 0
        return shades, good, faint

    def numbers(self) -> Shares:
        """What the cells show, as numbers in the order they stand in; shares in per cent, NaN where undefined."""
        if self._counts is None:
            return np.full((len(self._order),) * 2, np.nan)
        values = 100 * self._shades if self._mode in ("true", "predicted") else self._values
        return np.asarray(values[np.ix_(self._order, self._order)], np.float64)

    def _tell(self) -> None:
        last = len(self._classes) - 1
        if last >= 0:
            self.dataChanged.emit(self.index(0, 0), self.index(last, last))

    def _value_all(self, matrix: Ints) -> Shares | Ints:
        """What is shown or, for shares, what they are shares of."""
        if self._mode == "change" and self._other is not None:
            return matrix - self._other.counts
        return self._sums if self._mode == "sum" and self._sums is not None else matrix

    def _shade_all(self, matrix: Ints) -> Shares:
        if self._mode == "predicted":
            return shares_of_predicted(matrix)
        if self._mode in ("count", "true"):
            return shares_of_true(matrix)
        totals = np.where(self._totals > 0, self._totals, np.nan)[:, None]
        return np.asarray(np.abs(self._values) / totals, np.float64)

    def _text(self, true: int, predicted: int) -> str:
        value = self._values[true, predicted]
        if self._mode in ("true", "predicted"):
            return whole_per_cent(known(self._shades[true, predicted]))
        if self._mode == "sum":
            return whole(float(value)) if self._totals[true] else UNDEFINED
        return signed(int(value)) if self._mode == "change" else str(int(value))

    def _number(self, role: int, true: int, predicted: int, counts: Ints) -> object:
        if role == Roles.COUNT:
            return int(counts[true, predicted])
        if role == Roles.SHADE:
            return known(self._shades[true, predicted])
        if role == Roles.SHARE:
            return _ratio(counts[true, predicted], self._totals[true])
        if role == Roles.SHARE_OF_PREDICTED:
            return _ratio(counts[true, predicted], counts[:, predicted].sum())
        return int(self._strong[true, predicted]) if role == Roles.STRONG and self._strong is not None else None

    def _sentence(self, true: int, predicted: int) -> str:
        name, other = tr(self._classes[true]), tr(self._classes[predicted])
        counts, total = self._counts, int(self._totals[true])
        count = 0 if counts is None else int(counts[true, predicted])
        lines = [counted_sentence(name, other, count, total, right=true == predicted)]
        if self._mode == "change" and self._other is not None and total:
            change = int(self._values[true, predicted])
            lines.append(change_sentence(change, self._other.name, better=(change > 0) == (true == predicted)))
        if self._mode == "sum" and total:
            lines.append(sum_sentence(float(self._values[true, predicted]), name, other))
        if self._strong is not None and count:
            lines.append(strong_sentence(int(self._strong[true, predicted])))
        return "\n".join(lines)

    def _tooltip(self, true: int, predicted: int) -> str:
        name, other = tr(self._classes[true]), tr(self._classes[predicted])
        lines, counts = [self._sentence(true, predicted)], self._counts
        of_true = None if counts is None else _ratio(counts[true, predicted], self._totals[true])
        of_predicted = None if counts is None else _ratio(counts[true, predicted], counts[:, predicted].sum())
        if of_true is not None:
            lines.append(tr("{share} of all that really are {name}", share=per_cent(of_true), name=name))
        if of_predicted is not None:
            lines.append(tr("{share} of all that were taken for {name}", share=per_cent(of_predicted), name=other))
        return "\n".join(lines)


def _ratio(part: int, total: int) -> float | None:
    return float(part / total) if total else None
