"""The page Network: every layer with its shapes and counts, before anything is built."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStyleOptionViewItem, QVBoxLayout, QWidget

from fmstudio.catalog.architectures import ARCHITECTURES, Architecture
from fmstudio.experiment.spec import ExperimentSpec
from fmstudio.schema.choice import Facts
from fmstudio.schema.problem import Problem
from fmstudio.schema.setting import settings_of
from fmstudio.session.layer_rows import PATH
from fmstudio.session.layer_table import DEPTH, PROBLEM, Columns, Index, LayerTableModel, printed, work_text
from fmstudio.ui.explanation import Explanation
from fmstudio.ui.layer_list_editor import LayerListEditor
from fmstudio.ui.quiet_table import QuietDelegate, QuietTable
from fmstudio.ui.widgets import Card, ElidedLabel, button, label
from fmstudio.words import tr

_GAP = 10
_BYTES_PER_WEIGHT = 4
_KILO = 1000
_PICTURE = 3
"""Numbers in the shape of a picture: channels, height, width."""
_OPERATIONS_PER_MINUTE = 456e6 * 60_000 / 12
"""Multiply-adds of the network for its answer alone: a ResNet-18 takes 12 minutes for 60,000 pictures on two cores."""
_LONG = 2
"""Minutes of an epoch that are worth a word."""
_NAME_WIDTH = 210
"""A longer name of a layer ends in "…"; the tooltip says the whole."""
_END = 2
"""The place of what is empty below the cards."""
_ROOMY = 640
"""In a page that is lower the editor of the layers, or a table of many, has all the room."""
_MANY = 12
"""Rows of a table that a low page has room for beside the explanation."""
_FITTING = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
_GROWING = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)


class NetworkPage(QWidget):
    """Shows the network of a spec: a table of its layers, their sum, and what kind of network it is.

    The user's own list of layers is edited here: then an editor stands in the place of the table.
    """

    copied = Signal()
    """The table was put into the clipboard."""
    layers_changed = Signal(object)
    """The user's own list of layers is another one: JSON values."""
    layers_settled = Signal()
    """The edit of the list is done: what comes next is another step of undo."""
    mend_asked = Signal(object)
    """The user wants a ``Mending``, with whole paths."""
    weights_asked = Signal()
    """The user wants to see the weights of the network that is looked at."""
    help_asked = Signal(str)
    """The user asks what something is: Markdown."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("modelPanel")
        self._spec: ExperimentSpec | None = None
        self._problems: tuple[Problem, ...] = ()
        self._facts: Facts | None = None
        self._editing = False
        self._model = LayerTableModel(self)
        self._view = QuietTable(self._model, "layersView", Columns.PARAMETERS)
        self._view.setAccessibleName(tr("Layers of the network"))
        self._view.setItemDelegate(_LayerDelegate(self._view))
        self._editor = LayerListEditor()
        self._title = label("", "title")
        self._sum = ElidedLabel("", "secondary")
        self._sum.setObjectName("networkSum")
        self._work = ElidedLabel("", "secondary")
        self._work.setObjectName("networkWork")
        self._slow = label("", "small")
        self._slow.setObjectName("networkSlow")
        self._slow.setWordWrap(True)
        self._problem = label("", "problem")
        self._problem.setObjectName("networkProblem")
        self._problem.setWordWrap(True)
        self._copy = button(tr("Copy text"), "", "copyLayers")
        self._copy.setToolTip(tr("Put the table into the clipboard, in columns"))
        self._copy.clicked.connect(self.copy)
        self._weights = button(tr("Weights as pictures"), "", "weightsAsPictures")
        self._weights.setToolTip(tr("The filters and class templates of the network that is looked at"))
        self._weights.clicked.connect(self.weights_asked)
        self._about = Explanation(strong=True)
        self._about_card = Card()
        self._build()
        self._connect_editor()
        self.show_spec(None)

    def show_spec(self, spec: ExperimentSpec | None, problems: Sequence[Problem] = ()) -> None:
        """Show the network of a spec.

        Args:
            spec: May be one whose layers do not fit; None where the network cannot be read.
            problems: Of the recipe; those of the network are said here.
        """
        self._spec, self._problems = spec, tuple(problems)
        self._facts = spec.facts if spec else self._facts
        self._model.show(spec)
        self._view.clearSpans()
        if self._model.unfit_row >= 0:
            self._view.setSpan(self._model.unfit_row, Columns.FORMULA, 1, len(Columns) - Columns.FORMULA)
        self._view.updateGeometry()
        self._copy.setEnabled(spec is not None)
        self._view.setColumnHidden(Columns.SEES, spec is None or len(spec.facts.shape) != _PICTURE)
        self._show_words()

    def show_layers(self, value: object, facts: Facts | None = None) -> None:
        """Show the user's own list of layers, to be edited; comes after ``show_spec``, which says its problems.

        Args:
            value: The list as it stands in the recipe, perhaps a wrong one; None for other networks.
            facts: What the network is for, where the spec cannot be read.
        """
        self._editing = value is not None
        self._facts = facts or self._facts
        self._editor.show_layers(value, self._facts if self._editing else None, self._problems)
        self._show_words()

    def copy(self) -> None:
        """Put the table into the clipboard, in columns of equal width."""
        if self._spec is not None:
            QGuiApplication.clipboard().setText(printed(self._spec))
            self.copied.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the explanation out where the layers need the room."""
        super().resizeEvent(event)
        self._show_about()

    def _show_words(self) -> None:
        """Say what there is to say beside the table."""
        spec = self._spec
        self._view.setVisible(spec is not None and not self._editing)
        self._editor.setVisible(self._editing)
        kind = self._kind
        self._title.setText(tr(kind.title) if kind else tr("The network cannot be built"))
        self._sum.setText(_sum(spec) if spec else "")
        self._work.setText(_work(spec) if spec else "")
        self._slow.setText(_slow(spec) if spec else "")
        self._slow.setVisible(bool(self._slow.text()))
        self._problem.setText("\n".join(self._sentences()))
        self._problem.setVisible(bool(self._problem.text()))
        self._table.setSizePolicy(_GROWING if self._editing else _FITTING)
        self._column.setStretch(0, 1 if self._editing else 0)
        self._column.setStretch(_END, 0 if self._editing else 1)
        self._show_about()

    def _show_about(self) -> None:
        kind = self._kind
        long = self._editing or self._model.rowCount() > _MANY
        self._about_card.setVisible(kind is not None and (not long or self.height() >= _ROOMY))
        if kind is not None:
            self._about.show_choice(kind)

    @property
    def _kind(self) -> type[Architecture] | None:
        """What kind of network it is; None where nothing can be said."""
        if self._spec is not None:
            return type(self._spec.architecture)
        return ARCHITECTURES["layers"] if self._editing else None

    def _sentences(self) -> list[str]:
        """What is wrong with the network, a sentence each; what is wrong with a row of the list stands there."""
        own = [problem for problem in self._problems if problem.path.partition(".")[0] == "architecture"]
        if own:
            said = [problem for problem in own if not (self._editing and problem.path.startswith(f"{PATH}."))]
            return [f"{_title(problem.path)}: {problem.message}" for problem in said]
        unfit = self._spec.architecture.unfit(self._spec.facts) if self._spec and not self._editing else None
        return [unfit.message] if unfit else []

    def _connect_editor(self) -> None:
        self._editor.changed.connect(self.layers_changed)
        self._editor.settled.connect(self.layers_settled)
        self._editor.mend_asked.connect(self.mend_asked)
        self._editor.help_asked.connect(self.help_asked)

    def _build(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(self._title)
        head.addWidget(self._sum)
        head.addWidget(self._work)
        head.addStretch(1)
        head.addWidget(self._weights)
        head.addWidget(self._copy)
        self._table = Card()
        self._table.body.addLayout(head)
        for part in (self._slow, self._problem, self._view, self._editor):
            self._table.body.addWidget(part)
        self._view.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self._about_card.body.addWidget(self._about)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(_GAP)
        self._column.addWidget(self._table)
        self._column.addWidget(self._about_card)
        self._column.addStretch(1)


class _LayerDelegate(QuietDelegate):
    """Names stand out, formulas and what is inside a block stand back; what does not fit has the colour of that."""

    def weight(self, index: Index) -> int:
        """Names and sum are stronger."""
        last = index.row() == index.model().rowCount() - 1 and not index.data(PROBLEM)
        return 600 if last else 500 if index.column() == Columns.LAYER and not index.data(DEPTH) else 400

    def colour(self, index: Index) -> str:
        """See the class."""
        if index.data(PROBLEM):
            return "wrong"
        strong = index.column() in (Columns.LAYER, Columns.OUTPUT, Columns.WEIGHTS) and not index.data(DEPTH)
        return "text" if strong else "secondary"

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Names have their limit."""
        hint = super().sizeHint(option, index)
        return QSize(min(hint.width(), _NAME_WIDTH), hint.height()) if index.column() == Columns.LAYER else hint


def _sum(spec: ExperimentSpec) -> str:
    if spec.architecture.unfit(spec.facts) is not None:
        pictures = len(spec.facts.shape) == _PICTURE
        return tr("does not fit these pictures") if pictures else tr("does not fit these numbers")
    weights = spec.architecture.weights(spec.facts)
    return tr("{weights} weights · {size}", weights=f"{weights:,}", size=_size(weights * _BYTES_PER_WEIGHT))


def _size(count: int) -> str:
    """So many bytes as a person reads it."""
    if count < _KILO:
        return tr("{count} bytes", count=count)
    if count < _KILO * _KILO:
        return tr("{count} kB", count=f"{count / _KILO:,.0f}")
    return tr("{count} MB", count=f"{count / _KILO / _KILO:,.1f}")


def _work(spec: ExperimentSpec) -> str:
    """How much work a sample is; nothing where the layers do not fit."""
    work = work_text(_operations(spec))
    if not work:
        return ""
    return tr("{work} per picture", work=work) if len(spec.facts.shape) == _PICTURE else tr("{work} per row", work=work)


def _slow(spec: ExperimentSpec) -> str:
    """How long an epoch takes where that is long; else nothing."""
    minutes = _operations(spec) * spec.train_samples / _OPERATIONS_PER_MINUTE
    if minutes < _LONG:
        return ""
    return tr("Slow on a CPU: about {minutes} minutes an epoch on two cores.", minutes=f"{minutes:,.0f}")


def _operations(spec: ExperimentSpec) -> int:
    """Multiply-adds for one sample; 0 where the layers do not fit."""
    if spec.architecture.unfit(spec.facts) is not None:
        return 0
    return sum(layer.multiply_adds for layer in spec.architecture.trace(spec.facts))


def _title(path: str) -> str:
    """What a setting of a network is called, in whichever network has it."""
    name = path.rpartition(".")[2]
    found = (setting for kind in ARCHITECTURES.values() for setting in settings_of(kind) if setting.name == name)
    return next((tr(setting.title) for setting in found), tr("Network"))
