"""The page Learning: what the loss, the optimizer and the schedule do, and the learning rate over the run."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QStackedLayout, QVBoxLayout, QWidget

from fmstudio.experiment.spec import ExperimentSpec
from fmstudio.session.draft_words import TITLES, text_of
from fmstudio.ui.explanation import Explanation
from fmstudio.ui.rate_chart import RateChart, rates
from fmstudio.ui.widgets import Card, label
from fmstudio.words import tr

_GAP = 10


class LearningPage(QWidget):
    """Shows how a spec learns: at the left what was chosen, at the right the learning rate."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("learningPanel")
        self._cards = {key: _ChoiceCard(tr(TITLES[key]), key) for key in ("optimizer", "loss", "schedule")}
        self._chart = RateChart()
        self._figures = label("", "secondary")
        self._figures.setObjectName("rateFigures")
        self._figures.setWordWrap(True)
        self._steps = label("", "small")
        self._steps.setObjectName("stepFigures")
        self._steps.setWordWrap(True)
        self._build()
        self.show_spec(None)

    def show_spec(self, spec: ExperimentSpec | None) -> None:
        """Show how a spec learns; None where it cannot be read."""
        self._chart.show_spec(spec)
        self._stack.setCurrentIndex(0 if spec is None else 1)
        if spec is None:
            return
        for key, card in self._cards.items():
            card.explanation.show_choice(type(getattr(spec, key)))
            card.chosen.setText(tr(getattr(spec, key).title))
        self._chart.setVisible(self._chart.drawn)
        self._figures.setText(rate_words(spec))
        self._steps.setText(step_words(spec))

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
        columns.addLayout(left, 1)
        columns.addLayout(right, 1)
        rate = Card()
        rate.body.addWidget(label(tr("Learning rate over the run"), "title"))
        rate.body.addWidget(self._figures)
        rate.body.addWidget(self._chart, 1)
        rate.body.addWidget(self._steps)
        for column, parts in ((left, ("optimizer", "loss")), (right, ("schedule",))):
            column.setSpacing(_GAP)
            if column is right:
                column.addWidget(rate, 1)
            for key in parts:
                column.addWidget(self._cards[key])
        left.addStretch(1)


class _ChoiceCard(Card):
    """What was chosen of one table, and its explanation."""

    def __init__(self, title: str, key: str) -> None:
        super().__init__()
        self.chosen = label("", "title")
        self.chosen.setObjectName(f"{key}Title")
        self.explanation = Explanation()
        self.explanation.setObjectName(f"{key}Explanation")
        self.body.addWidget(label(title, "head"))
        self.body.addWidget(self.chosen)
        self.body.addWidget(self.explanation)


def rate_words(spec: ExperimentSpec) -> str:
    """Where the learning rate starts, how high it gets, and where it ends."""
    curve = rates(spec)
    if curve is None:
        return tr("The learning rate depends on how the run goes.")
    first, most, last = (_short(float(value)) for value in (curve[1][0], curve[1].max(), curve[1][-1]))
    if first == most == last:
        return tr("{rate} in every step", rate=most)
    return tr("Starts at {first}, rises to {most}, ends at {last}", first=first, most=most, last=last)


def step_words(spec: ExperimentSpec) -> str:
    """How many steps of how many pictures the run takes; of a single one there is nothing to say."""
    if spec.facts.total_steps == 1:
        return ""
    return tr(
        "{steps} steps: {epochs} × {per_epoch}, each after {batch} pictures",
        steps=f"{spec.facts.total_steps:,}",
        epochs=f"{spec.epochs:,}",
        per_epoch=f"{spec.steps_per_epoch:,}",
        batch=f"{spec.batch:,}",
    )


def _short(value: float) -> str:
    return text_of(float(f"{value:.3g}"))


def _scrolling(content: QWidget) -> QScrollArea:
    made = QScrollArea()
    made.setFrameShape(QFrame.Shape.NoFrame)
    made.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    made.setWidgetResizable(True)
    made.setWidget(content)
    made.viewport().setAutoFillBackground(False)
    content.setAutoFillBackground(False)
    return made
