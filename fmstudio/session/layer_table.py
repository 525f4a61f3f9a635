"""The layers of a network as a Qt table model: shapes, formulas, parameters and counts, before any of it is built."""

from enum import IntEnum

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from fmstudio.catalog.layers import LayerFacts, Shape
from fmstudio.experiment.spec import ExperimentSpec
from fmstudio.words import marked, tr

Index = QModelIndex | QPersistentModelIndex


class Columns(IntEnum):
    """What stands in which column."""

    LAYER = 0
    OUTPUT = 1
    FORMULA = 2
    PARAMETERS = 3
    WEIGHTS = 4


PROBLEM = Qt.ItemDataRole.UserRole.value
"""The role that tells why a row's layer does not fit; empty where it does."""

_TITLES = (
    marked("Layer"),
    marked("Output"),
    marked("How its size comes about"),
    marked("Parameters"),
    marked("Weights"),
)


class LayerTableModel(QAbstractTableModel):
    """The input first, one row for each layer, their sum; ends with the first layer that does not fit."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[tuple[str, ...], ...] = ()
        self._problems: tuple[str, ...] = ()
        self._sources: tuple[str, ...] = ()

    @property
    def unfit_row(self) -> int:
        """The row of the layer that does not fit; -1 where all do."""
        return next((row for row, problem in enumerate(self._problems) if problem), -1)

    def show(self, spec: ExperimentSpec | None) -> None:
        """Show the network of a spec, or nothing."""
        self.beginResetModel()
        layers = spec.architecture.trace(spec.facts) if spec else ()
        self._rows = rows_of(spec) if spec else ()
        self._problems = ("", *(layer.problem for layer in layers), "")
        self._sources = ("", *(layer.call.source() for layer in layers), "")
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """The input and the layers."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """See ``Columns``."""
        return 0 if parent.isValid() else len(Columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The answer of one cell to a role."""
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._rows[index.row()][index.column()]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(index.column())
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._problems[index.row()] or self._sources[index.row()]
        return self._problems[index.row()] if role == PROBLEM else None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """What a column says."""
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(Columns):
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(section)
        return tr(_TITLES[section]) if role == Qt.ItemDataRole.DisplayRole else None


def rows_of(spec: ExperimentSpec) -> tuple[tuple[str, ...], ...]:
    """The text of every cell: the input, the layers and their sum; or the layers up to the first that does not fit."""
    shape, layers = spec.dataset.shape, spec.architecture.trace(spec.facts)
    rows: list[tuple[str, ...]] = [(tr("Input"), shape_text(shape), "", "", "")]
    rows += [_row(layer) for layer in layers]
    if not layers[-1].problem:
        rows.append((tr("All layers"), "", "", "", f"{sum(layer.weights for layer in layers):,}"))
    return tuple(rows)


def printed(spec: ExperimentSpec) -> str:
    """The table as text in columns of equal width: to be copied."""
    head = tuple(tr(title) for title in _TITLES)
    rows = [head, *rows_of(spec)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
    lines = []
    for row in rows:
        cells = [text.ljust(width) for text, width in zip(row[:-1], widths[:-1], strict=True)]
        lines.append("  ".join([*cells, row[-1].rjust(widths[-1])]).rstrip())
    return f"{tr(type(spec.architecture).title)}\n\n" + "\n".join(lines) + "\n"


def shape_text(shape: Shape) -> str:
    """A shape as a person writes it: 6 × 24 × 24."""
    return " × ".join(map(str, shape))


def _row(layer: LayerFacts) -> tuple[str, ...]:
    name = layer.call.source().removeprefix("torch.nn.")
    if layer.problem:
        return name, tr("does not fit"), layer.problem, "", ""
    parameters = ", ".join(f"{part} {shape_text(shape)}" for part, shape in layer.parameters.items())
    return name, shape_text(layer.output), layer.formula, parameters, f"{layer.weights:,}" if layer.weights else ""


def _alignment(column: int) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column == Columns.WEIGHTS else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter
