"""The page Learning: what the loss, the optimizer and the schedule do, and the learning rate over the run."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QStackedLayout, QVBoxLayout, QWidget

from fmstudio.catalog.loss import Loss
from fmstudio.experiment.spec import ExperimentSpec
from fmstudio.schema.choice import Choice, Facts
from fmstudio.session.draft_words import TITLES
from fmstudio.ui.explanation import Explanation
from fmstudio.ui.loss_chart import LossChart
from fmstudio.ui.rate_chart import RateChart, rate_words
from fmstudio.ui.widgets import Card, button, label
from fmstudio.words import tr

_GAP = 10


class LearningPage(QWidget):
    """Shows how a spec learns: at the left the loss, at the right the learning rate and what uses it.

    Signals:
        finder_asked(): The user wants to look for a learning rate.
        preflight_asked(): The user wants to know how long the run will take.
    """

    finder_asked = Signal()
    preflight_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("learningPanel")
        self._cards = {key: _ChoiceCard(tr(TITLES[key]), key) for key in ("optimizer", "schedule")}
        self._loss = _LossCard()
        self._rate = _RateCard()
        self._rate.finder.clicked.connect(self.finder_asked)
        self._rate.measure.clicked.connect(self.preflight_asked)
        self._build()
        self.show_spec(None)

    def show_spec(self, spec: ExperimentSpec | None) -> None:
        """Show how a spec learns; None where it cannot be read."""
        self._stack.setCurrentIndex(0 if spec is None else 1)
        self._rate.show_spec(spec)
        if spec is None:
            return
        self._loss.show_loss(spec.loss, spec.facts)
        for key, card in self._cards.items():
            card.show_choice(getattr(spec, key))

    def _build(self) -> None:
        empty, content = QWidget(), QWidget()
        sentence = label(tr("The recipe cannot be read while something is wrong in it."), "secondary")
        QVBoxLayout(empty).addWidget(sentence, alignment=Qt.AlignmentFlag.AlignCenter)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(empty)
        self._stack.addWidget(_scrolling(content))
        left, right = QVBoxLayout(), QVBoxLayout()
        columns = QHBoxLayout(content)
        columns.setContentsMargins(0, 0, 0, 0)
        columns.setSpacing(_GAP)
        for column in (left, right):
            column.setSpacing(_GAP)
            columns.addLayout(column, 1)
        left.addWidget(self._loss, 1)
        right.addWidget(self._rate, 1)
        for card in self._cards.values():
            right.addWidget(card)


class _ChoiceCard(Card):
    """What was chosen of one table, and its explanation."""

    def __init__(self, title: str, key: str) -> None:
        super().__init__()
        self._chosen = label("", "title")
        self._chosen.setObjectName(f"{key}Title")
        self._explanation = Explanation()
        self._explanation.setObjectName(f"{key}Explanation")
        self.body.addWidget(label(title, "head"))
        self.body.addWidget(self._chosen)
        self.body.addWidget(self._explanation)

    def show_choice(self, choice: Choice) -> None:
        """Show another choice."""
        self._chosen.setText(tr(choice.title))
        self._explanation.show_choice(type(choice))


class _LossCard(_ChoiceCard):
    """The loss: drawn, how it behaves, the form of output and target that it is given, and its explanation."""

    def __init__(self) -> None:
        super().__init__(tr(TITLES["loss"]), "loss")
        self._chart = LossChart()
        self._behaviour = _sentence("lossBehaviour", "secondary")
        self._forms = _sentence("lossForms", "small")
        for place, part in enumerate((self._chart, self._behaviour, self._forms)):
            self.body.insertWidget(2 + place, part, 1 if part is self._chart else 0)

    def show_loss(self, loss: Loss, facts: Facts) -> None:
        """Show another loss, or the same on other data."""
        self.show_choice(loss)
        fits = loss.classes if facts.classes else loss.numbers
        for part in (self._chart, self._behaviour, self._forms):
            part.setVisible(fits)
        if fits:
            self._chart.show_loss(loss, facts)
            self._behaviour.setText(loss.behaviour(facts))
            self._forms.setText(loss.forms(facts))


class _RateCard(Card):
    """The learning rate over the run, and what its steps are counted on.

    Attributes:
        finder: Opens the learning-rate finder; ``measure``: what says how long it will take.
    """

    def __init__(self) -> None:
        super().__init__()
        self._chart = RateChart()
        self._figures = _sentence("rateFigures", "secondary")
        self._steps = _sentence("stepFigures", "small")
        self._optimistic = _sentence("optimistic", "small")
        self.finder = button(tr("Find a learning rate"), "link", "findRate")
        self.measure = button(tr("How long will it take?"), "link", "howLong")
        asked = QHBoxLayout()
        asked.setSpacing(18)
        for made in (self.finder, self.measure):
            asked.addWidget(made)
        asked.addStretch(1)
        self.body.addWidget(label(tr("Learning rate over the run"), "title"))
        self.body.addWidget(self._figures)
        self.body.addWidget(self._chart, 1)
        self.body.addWidget(self._steps)
        self.body.addWidget(self._optimistic)
        self.body.addLayout(asked)
        self.body.addStretch(0)  # takes the room of the chart where there is none

    def show_spec(self, spec: ExperimentSpec | None) -> None:
        """Show the rate of another spec."""
        self._chart.show_spec(spec)
        if spec is None:
            return
        self._chart.setVisible(self._chart.drawn)
        self._figures.setText(rate_words(spec))
        self._steps.setText(step_words(spec))
        self._optimistic.setText(optimistic_words(spec))
        for made in (self._steps, self._optimistic):
            made.setVisible(bool(made.text()))


def step_words(spec: ExperimentSpec) -> str:
    """How many steps of how many samples the run takes; of a single one there is nothing to say."""
    if spec.facts.total_steps == 1:
        return ""
    figures = {
        "steps": f"{spec.facts.total_steps:,}",
        "epochs": f"{spec.epochs:,}",
        "per_epoch": f"{spec.steps_per_epoch:,}",
        "batch": f"{spec.batch:,}",
    }
    if spec.facts.classes:
        return tr("{steps} steps: {epochs} × {per_epoch}, each after {batch} pictures", **figures)
    return tr("{steps} steps: {epochs} × {per_epoch}, each after {batch} points", **figures)


def optimistic_words(spec: ExperimentSpec) -> str:
    """What it means that nothing is held back to choose by; empty where something is."""
    if spec.validation_samples or not spec.facts.classes:
        return ""
    return tr("No picture is held back: choosing the best epoch or settings by the test pictures is too optimistic.")


def _sentence(name: str, role: str) -> QLabel:
    made = label("", role)
    made.setObjectName(name)
    made.setWordWrap(True)
    return made


def _scrolling(content: QWidget) -> QScrollArea:
    made = QScrollArea()
    made.setFrameShape(QFrame.Shape.NoFrame)
    made.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    made.setWidgetResizable(True)
    made.setWidget(content)
    made.viewport().setAutoFillBackground(False)
    content.setAutoFillBackground(False)
    return made
