"""The layers of a network as a Qt table model: shapes, formulas, parameters and counts, before any of it is built."""

from dataclasses import dataclass
from enum import IntEnum
from unicodedata import east_asian_width

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from fmstudio.catalog.layers import LayerFacts, Shape
from fmstudio.experiment.spec import ExperimentSpec
from fmstudio.schema.call import Call
from fmstudio.words import marked, tr

Index = QModelIndex | QPersistentModelIndex


class Columns(IntEnum):
    """What stands in which column."""

    LAYER = 0
    OUTPUT = 1
    FORMULA = 2
    PARAMETERS = 3
    WEIGHTS = 4
    OPERATIONS = 5
    SEES = 6


PROBLEM = Qt.ItemDataRole.UserRole.value
"""The role that tells why a row's layer does not fit; empty where it does."""

DEPTH = PROBLEM + 1
"""The role that tells whether a row is a layer inside a block."""

_INDENT = "    "
_MILLION = 1_000_000
_NUMBERS = (Columns.WEIGHTS, Columns.OPERATIONS, Columns.SEES)
_TITLES = (
    marked("Layer"),
    marked("Output"),
    marked("How its size comes about"),
    marked("Parameters"),
    marked("Weights"),
    marked("Multiply-adds"),
    marked("Sees"),
)
_TIPS = {
    Columns.OUTPUT: marked("Shape of what comes out for one sample: channels × height × width, or how many numbers"),
    Columns.WEIGHTS: marked("How many numbers the layer learns"),
    Columns.OPERATIONS: marked("How often two numbers are multiplied and added up for one sample: the work it makes"),
    Columns.SEES: marked("Receptive field: how many pixels of the picture one number of the output depends on"),
}


@dataclass(frozen=True)
class Line:
    """One row of the table.

    Attributes:
        texts: Of the cells.
        source: What will be built, as it is written in a script.
        problem: Why it does not fit; empty where it does.
        depth: 0, or 1 for a layer inside a block.
    """

    texts: tuple[str, ...]
    source: str = ""
    problem: str = ""
    depth: int = 0


class LayerTableModel(QAbstractTableModel):
    """The input first, one row for each layer, their sum; ends with the first layer that does not fit."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lines: tuple[Line, ...] = ()

    @property
    def unfit_row(self) -> int:
        """The row of the layer that does not fit; -1 where all do."""
        return next((row for row, line in enumerate(self._lines) if line.problem), -1)

    def show(self, spec: ExperimentSpec | None) -> None:
        """Show the network of a spec, or nothing."""
        self.beginResetModel()
        self._lines = lines_of(spec) if spec else ()
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """The input and the layers."""
        return 0 if parent.isValid() else len(self._lines)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """See ``Columns``."""
        return 0 if parent.isValid() else len(Columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The answer of one cell to a role."""
        if not index.isValid() or index.row() >= len(self._lines):
            return None
        line = self._lines[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return line.texts[index.column()]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(index.column())
        if role == Qt.ItemDataRole.ToolTipRole:
            parameters = line.texts[Columns.PARAMETERS] if index.column() == Columns.PARAMETERS else ""
            return line.problem or parameters or line.source
        return {PROBLEM: line.problem, DEPTH: line.depth}.get(role)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """What a column says."""
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(Columns):
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(section)
        if role == Qt.ItemDataRole.ToolTipRole:
            return tr(_TIPS.get(Columns(section), "")) or None
        return tr(_TITLES[section]) if role == Qt.ItemDataRole.DisplayRole else None


def lines_of(spec: ExperimentSpec) -> tuple[Line, ...]:
    """The input, the layers and their sum; or the layers up to the first that does not fit.

    Below a block stand the layers that it is made of.
    """
    shape, layers = spec.facts.shape, spec.architecture.trace(spec.facts)
    lines = [Line((tr("Input"), shape_text(shape), "", "", "", "", ""))]
    for layer in layers:
        lines.append(_line(layer, max(shape[1:], default=0)))
        lines += [_line(inner, 0, depth=1) for inner in layer.inner]
    if not layers[-1].problem:
        weights, operations = spec.architecture.weights(spec.facts), sum(layer.multiply_adds for layer in layers)
        lines.append(Line((tr("All layers"), "", "", "", count_text(weights), count_text(operations), "")))
    return tuple(lines)


def printed(spec: ExperimentSpec) -> str:
    """The table as text in columns of equal width: to be copied."""
    head = tuple(tr(title) for title in _TITLES)
    rows = [head, *(line.texts for line in lines_of(spec))]
    widths = [max(_wide(row[column]) for row in rows) for column in range(len(head))]
    lines = ("  ".join(map(_padded, row, widths, Columns)).rstrip() for row in rows)
    return f"{tr(type(spec.architecture).title)}\n\n" + "\n".join(lines) + "\n"


def shape_text(shape: Shape) -> str:
    """A shape as a person writes it: 6 × 24 × 24."""
    return " × ".join(map(str, shape))


def parameters_text(layer: LayerFacts) -> str:
    """The shape of each parameter: weight 6 × 1 × 5 × 5, bias 6; those of a block stand at the layers inside it."""
    parts = {} if layer.inner else layer.parameters
    return ", ".join(f"{part} {shape_text(shape)}" for part, shape in parts.items())


def count_text(count: int) -> str:
    """A count with its thousands apart; nothing for none."""
    return f"{count:,}" if count else ""


def seen_text(side: int, picture: int) -> str:
    """A receptive field: 5 × 5, or that it is the whole picture; nothing where there is none.

    Args:
        side: Of the field.
        picture: The larger side of the picture; 0 where that is not to be said.
    """
    if not side or not picture:
        return ""
    return tr("all") if side >= picture else f"{side} × {side}"


def work_text(operations: int) -> str:
    """How much work one sample is, in words: 557 million multiply-adds; nothing for none."""
    if operations < _MILLION:
        return tr("{count} multiply-adds", count=f"{operations:,}") if operations else ""
    millions = operations / _MILLION
    return tr("{count} million multiply-adds", count=f"{millions:,.0f}" if millions >= 10 else f"{millions:.1f}")


def name_of(call: Call) -> str:
    """A layer as it is written, without the names of its modules and without layers among its arguments."""
    parts = [repr(value) for value in call.arguments if not isinstance(value, Call)]
    parts += [f"{name}={value!r}" for name, value in call.named.items() if not isinstance(value, Call)]
    return f"{call.target.rpartition('.')[2]}({', '.join(parts)})"


def _line(layer: LayerFacts, picture: int, depth: int = 0) -> Line:
    name, source = _INDENT * depth + name_of(layer.call), layer.call.source()
    if layer.problem:
        return Line((name, tr("does not fit"), layer.problem, "", "", "", ""), source, layer.problem)
    figures = count_text(layer.weights), count_text(layer.multiply_adds), seen_text(layer.receptive_field, picture)
    return Line((name, shape_text(layer.output), layer.formula, parameters_text(layer), *figures), source, "", depth)


def _wide(text: str) -> int:
    """How many places a text takes where all letters are equally wide; Chinese ones take two."""
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)


def _padded(text: str, width: int, column: int) -> str:
    room = " " * (width - _wide(text))
    return room + text if column in _NUMBERS else text + room


def _alignment(column: int) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column in _NUMBERS else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter
