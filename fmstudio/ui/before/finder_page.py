"""The learning-rate finder, for the drawer: the test as a plot while it goes on, and what it suggests."""

from collections.abc import Iterator

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from fmstudio.insight.rate_range import Suggestion, plain, remarks, sentence, suggestions
from fmstudio.session.finder_task import FinderTask
from fmstudio.training.rate_points import STEPS, RatePoint, RateRange, limits, refusal
from fmstudio.ui.before.rate_finder_chart import Mark, RateFinderChart
from fmstudio.ui.before.rows import clear, wrapped
from fmstudio.ui.before.task_page import TaskPage
from fmstudio.ui.widgets import Button, button, label
from fmstudio.words import tr


class FinderPage(TaskPage):
    """Looks for a learning rate.

    Signals:
        rate_chosen(float): The user takes it over.

    Args:
        task: Of the question ``RATES``; the page's own from now on.
    """

    rate_chosen = Signal(float)

    def __init__(self, task: FinderTask) -> None:
        super().__init__(task, "finder", label("", "secondary"), tr("The search was given up."))
        self._points: list[RatePoint] = []
        self._found: tuple[Suggestion, ...] = ()
        self._listed: tuple[Suggestion, ...] = ()
        self._picked: float | None = None
        self._chart = RateFinderChart()
        self._sentence, self._remarks = wrapped("finderSentence", ""), wrapped("finderRemarks", "small")
        self._offer = button("", "", "usePicked")
        self._rows = QGridLayout()
        self._build()
        self._chart.rate_picked.connect(self._pick)
        self._offer.clicked.connect(lambda: self._take(self._picked))
        self._refresh()

    def _refusal(self) -> str:
        return refusal(self._spec) if self._spec is not None else tr("Mend the recipe first: it has a problem.")

    def _forget(self) -> None:
        self._points, self._found, self._picked = [], (), None

    def _advance(self, point: RatePoint) -> None:
        self._points.append(point)
        self._state.setText(tr("Step {step} of {steps}", step=point.step, steps=STEPS))
        self._show_chart()

    def _end(self, found: RateRange) -> None:
        if self._tried is None:
            return
        self._points = list(found.points)
        self._found = () if found.end == "stopped" else suggestions(found, self._tried)
        self._conclude(sentence(found, self._found))

    def _pick(self, rate: float) -> None:
        if not self._task.busy:
            self._picked = rate
            self._refresh()

    def _take(self, rate: float | None) -> None:
        if rate is not None:
            self.rate_chosen.emit(rate)

    def _refresh(self) -> None:
        """Show all that is known now."""
        busy, reason = self._task.busy, self._refusal()
        self._sentence.setText(reason or self._said())
        self._remarks.setText("\n".join(self._notes()))
        self._remarks.setVisible(bool(self._remarks.text()))
        self._chart.setVisible(not reason or bool(self._points))
        self._again.setVisible(not busy)
        self._again.setEnabled(not reason)
        self._again.setText(tr("Again") if self._points else tr("Search"))
        self._cancel.setVisible(busy)
        self._offer.setVisible(self._picked is not None)
        if self._picked is not None:
            self._offer.setText(tr("Use {value}", value=plain(self._picked)))
        self._show_rows()
        self._show_chart()

    def _said(self) -> str:
        if self._task.busy:
            return tr("The learning rate grows with every step. One looks where the loss falls.")
        return self._outcome or tr("It tries ever larger rates on a network that is thrown away afterwards.")

    def _notes(self) -> Iterator[str]:
        if self._points and not self._task.busy and self._tried is not None and self._differs():
            yield tr("The recipe has been changed since.")
        if self._spec is not None and not refusal(self._spec):
            yield from remarks(self._spec)

    def _differs(self) -> bool:
        """Whether the recipe has changed in something that matters here: the rate that is now used does not."""
        if self._spec is None or self._tried is None:
            return True
        same = {"optimizer": self._tried.optimizer.model_copy(update={"lr": self._spec.optimizer.lr})}
        ignored = {"name": self._spec.name, "epochs": self._spec.epochs, "schedule": self._spec.schedule}
        return self._tried.model_copy(update={**same, **ignored}) != self._spec

    def _show_chart(self) -> None:
        spec = self._tried or self._spec
        if spec is None:
            return
        marks = [
            Mark(one.rate, one.title, "right" if one.ours else "secondary", dash=not one.ours) for one in self._found
        ]
        if not self._task.busy and self._points and self._spec is not None:
            marks.append(Mark(self._spec.optimizer.lr, tr("Recipe"), "accent"))
        if self._picked is not None:
            marks.append(Mark(self._picked, tr("Yours"), "text"))
        low, high = limits(spec)
        inside = [mark for mark in marks if low <= mark.rate <= high]
        self._chart.show_points(self._points, (low, high), inside)

    def _show_rows(self) -> None:
        if self._listed == self._found:
            return
        self._listed = self._found
        clear(self._rows)
        for place, one in enumerate(self._found):
            words = QVBoxLayout()
            head, reason = label(one.title, "title"), wrapped("", "small")
            reason.setText(one.reason)
            words.setSpacing(1)
            texts = QWidget()
            words.setContentsMargins(0, 0, 0, 0)
            words.addWidget(head)
            words.addWidget(reason)
            texts.setLayout(words)
            self._rows.addWidget(texts, place, 0)
            self._rows.addWidget(self._use(one), place, 1)

    def _use(self, one: Suggestion) -> Button:
        made = button(tr("Use {value}", value=plain(one.rate)), "" if one.ours else "link", f"use.{one.key}")
        made.setAccessibleName(f"{made.text()}: {one.title}")
        made.clicked.connect(lambda: self._take(one.rate))
        return made

    def _build(self) -> None:
        self._state.setObjectName("finderState")
        body, outer, foot = QWidget(), QVBoxLayout(self), QHBoxLayout()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 4, 0)
        column.setSpacing(10)
        self._rows.setColumnStretch(0, 1)
        self._rows.setHorizontalSpacing(12)
        self._rows.setVerticalSpacing(10)
        foot.addWidget(self._again)
        foot.addWidget(self._cancel)
        foot.addWidget(self._state)
        foot.addStretch(1)
        foot.addWidget(self._offer)
        column.addWidget(self._sentence)
        column.addWidget(self._chart, 1)
        column.addLayout(self._rows)
        column.addWidget(self._remarks)
        column.addStretch(0)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(_scrolled(body), 1)
        outer.addLayout(foot)


def _scrolled(body: QWidget) -> QScrollArea:
    made = QScrollArea()
    made.setWidgetResizable(True)
    made.setFrameShape(QFrame.Shape.NoFrame)
    made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    made.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    made.setWidget(body)
    made.viewport().setAutoFillBackground(False)
    body.setAutoFillBackground(False)
    return made
