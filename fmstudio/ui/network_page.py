"""The page Network: every layer with its shapes and counts, before anything is built."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from fmstudio.catalog.architectures import ARCHITECTURES
from fmstudio.experiment.spec import ExperimentSpec
from fmstudio.schema.problem import Problem
from fmstudio.schema.setting import settings_of
from fmstudio.session.layer_table import PROBLEM, Columns, Index, LayerTableModel, printed
from fmstudio.ui.explanation import Explanation
from fmstudio.ui.quiet_table import QuietDelegate, QuietTable
from fmstudio.ui.widgets import Card, button, label
from fmstudio.words import tr

_GAP = 10
_BYTES_PER_WEIGHT = 4


class NetworkPage(QWidget):
    """Shows the network of a spec: a table of its layers, their sum, and what kind of network it is."""

    copied = Signal()
    """The table was put into the clipboard."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("modelPanel")
        self._spec: ExperimentSpec | None = None
        self._model = LayerTableModel(self)
        self._view = QuietTable(self._model, "layersView", Columns.PARAMETERS)
        self._view.setAccessibleName(tr("Layers of the network"))
        self._view.setItemDelegate(_LayerDelegate(self._view))
        self._title = label("", "title")
        self._sum = label("", "secondary")
        self._sum.setObjectName("networkSum")
        self._problem = label("", "problem")
        self._problem.setObjectName("networkProblem")
        self._problem.setWordWrap(True)
        self._copy = button(tr("Copy text"), "", "copyLayers")
        self._copy.setToolTip(tr("Put the table into the clipboard, in columns"))
        self._copy.clicked.connect(self.copy)
        self._about = Explanation(strong=True)
        self._about_card = Card()
        self._build()
        self.show_spec(None)

    def show_spec(self, spec: ExperimentSpec | None, problems: Sequence[Problem] = ()) -> None:
        """Show the network of a spec.

        Args:
            spec: May be one whose layers do not fit; None where the network cannot be read.
            problems: Of the recipe; those of the network are said here.
        """
        self._spec = spec
        self._model.show(spec)
        self._title.setText(tr(type(spec.architecture).title) if spec else tr("The network cannot be built"))
        self._sum.setText(_sum(spec) if spec else "")
        self._problem.setText("\n".join(_sentences(spec, problems)))
        self._problem.setVisible(bool(self._problem.text()))
        self._copy.setEnabled(spec is not None)
        self._view.setVisible(spec is not None)
        self._view.clearSpans()
        if self._model.unfit_row >= 0:
            self._view.setSpan(self._model.unfit_row, Columns.FORMULA, 1, 3)
        self._view.updateGeometry()
        self._about_card.setVisible(spec is not None)
        if spec is not None:
            self._about.show_choice(type(spec.architecture))

    def copy(self) -> None:
        """Put the table into the clipboard, in columns of equal width."""
        if self._spec is not None:
            QGuiApplication.clipboard().setText(printed(self._spec))
            self.copied.emit()

    def _build(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(self._title)
        head.addWidget(self._sum)
        head.addStretch(1)
        head.addWidget(self._copy)
        table = Card()
        table.body.addLayout(head)
        table.body.addWidget(self._problem)
        table.body.addWidget(self._view)
        table.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self._view.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self._about_card.body.addWidget(self._about)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(_GAP)
        column.addWidget(table)
        column.addWidget(self._about_card)
        column.addStretch(1)


class _LayerDelegate(QuietDelegate):
    """Names stand out, formulas stand back, and the row that does not fit has the colour of what is wrong."""

    def weight(self, index: Index) -> int:
        """Names and sum are stronger."""
        last = index.row() == index.model().rowCount() - 1 and not index.data(PROBLEM)
        return 600 if last else 500 if index.column() == Columns.LAYER else 400

    def colour(self, index: Index) -> str:
        """See the class."""
        if index.data(PROBLEM):
            return "wrong"
        return "secondary" if index.column() in (Columns.FORMULA, Columns.PARAMETERS) else "text"


def _sum(spec: ExperimentSpec) -> str:
    if spec.architecture.unfit(spec.facts) is not None:
        return tr("does not fit these pictures")
    weights = spec.architecture.weights(spec.facts)
    kilobytes = f"{weights * _BYTES_PER_WEIGHT / 1000:,.0f}"
    return tr("{weights} weights · {kilobytes} kB", weights=f"{weights:,}", kilobytes=kilobytes)


def _sentences(spec: ExperimentSpec | None, problems: Sequence[Problem]) -> list[str]:
    """What is wrong with the network, a sentence each."""
    own = [problem for problem in problems if problem.path.partition(".")[0] == "architecture"]
    if own:
        return [f"{_title(problem.path)}: {problem.message}" for problem in own]
    unfit = spec.architecture.unfit(spec.facts) if spec else None
    return [unfit.message] if unfit else []


def _title(path: str) -> str:
    """What a setting of a network is called, in whichever network has it."""
    name = path.rpartition(".")[2]
    found = (setting for kind in ARCHITECTURES.values() for setting in settings_of(kind) if setting.name == name)
    return next((tr(setting.title) for setting in found), tr("Network"))
