"""The first points of a data set as a Qt table model: a column for each input, and one for y."""

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from fmstudio.insight.number_score import measured_text
from fmstudio.insight.regression import NumberPoints

Index = QModelIndex | QPersistentModelIndex

ROWS = 200
"""So many points are listed."""

INPUTS = 6
"""So many inputs have a column; of more, the first ones."""

_DIGITS = 4


class PointTableModel(QAbstractTableModel):
    """The first training points in their order."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._points: NumberPoints | None = None

    def show(self, points: NumberPoints | None) -> None:
        """Show other points."""
        self.beginResetModel()
        self._points = points
        self.endResetModel()

    @property
    def inputs(self) -> int:
        """How many inputs have a column."""
        return min(INPUTS, self._points.inputs) if self._points else 0

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """Number of points that are listed."""
        return 0 if parent.isValid() or self._points is None else min(ROWS, len(self._points.train_y))

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """The number of the point, its inputs, y."""
        return 0 if parent.isValid() or self._points is None else self.inputs + 2

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The answer of one cell to a role."""
        points = self._points
        if points is None or not index.isValid() or index.row() >= self.rowCount():
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        row, column = index.row(), index.column()
        if column == 0:
            return f"{row:,}"
        value = points.train_y[row] if column > self.inputs else points.train_x[row, column - 1]
        return measured_text(float(value), _DIGITS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """What a column says."""
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < self.columnCount():
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        names = ["x"] if self.inputs == 1 else [f"x{number + 1}" for number in range(self.inputs)]
        return ["#", *names, "y"][section]
