"""The tensors of a file beside those of a network, as a Qt table model."""

from enum import IntEnum

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from fmstudio.data.safetensors_header import TensorFacts
from fmstudio.training.weights_fit import State, TensorRow
from fmstudio.words import marked, tr

Index = QModelIndex | QPersistentModelIndex
STATE = Qt.ItemDataRole.UserRole.value
"""The role under which a cell answers its row's ``State``."""


class Columns(IntEnum):
    """What stands in which column."""

    NAME = 0
    FOUND = 1
    EXPECTED = 2
    STATE = 3


_TITLES = (marked("Weights"), marked("In the file"), marked("The network expects"), marked("Fits"))
_STATES: dict[State, str] = {
    "fits": marked("✓ fits"),
    "shape": marked("✗ other shape"),
    "kind": marked("✗ no fractions"),
    "missing": marked("✗ missing"),
    "extra": marked("✗ too many"),
}


class WeightsTableModel(QAbstractTableModel):
    """One row for each tensor; what does not fit stands first."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[TensorRow, ...] = ()

    def show(self, rows: tuple[TensorRow, ...]) -> None:
        """Show other tensors."""
        self.beginResetModel()
        self._rows = tuple(sorted(rows, key=lambda row: row.state == "fits"))
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """Number of tensors."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """See ``Columns``."""
        return 0 if parent.isValid() else len(Columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The answer of one cell to a role."""
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        row = self._rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return (row.name, shape_text(row.found), shape_text(row.expected), tr(_STATES[row.state]))[index.column()]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        return row.state if role == STATE else None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """What a column says."""
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(Columns):
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        return tr(_TITLES[section]) if role == Qt.ItemDataRole.DisplayRole else None


def shape_text(tensor: TensorFacts | None) -> str:
    """A shape as a person reads it: "32 × 1 × 5 × 5", with the kind of number where it is not the usual one."""
    if tensor is None:
        return "–"
    shape = " × ".join(map(str, tensor.shape)) or tr("one number")
    return shape if tensor.kind in ("F32", "I64") else f"{shape} · {tensor.kind}"
