"""The strip above the results that says what to do next in the lesson, and how far its goal is."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from fmstudio.insight.goals import GoalState
from fmstudio.ui import theme
from fmstudio.ui.widgets import ElidedLabel, button, icon_button, label
from fmstudio.words import tr

HEIGHT = 44
_ROOMY = 900
"""From this width on the goal is told whole, and the sentence gives way."""


class LessonStrip(QWidget):
    """The lesson's title, the sentence of its present step, its goal, and the ways on."""

    read_asked = Signal()
    """The user wants to read the lesson."""
    place_asked = Signal(str)
    """The user wants to see the spot in the window that the step speaks of: a page, or an ``objectName``."""
    next_asked = Signal()
    """The user wants to go on to the next lesson."""
    closed = Signal()
    """The user put the strip away."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("lessonStrip")
        self.setProperty("role", "strip")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(HEIGHT)
        self._place = ""
        self._title = label("", "title")
        self._title.setObjectName("lessonTitle")
        self._sentence = ElidedLabel()
        self._sentence.setObjectName("lessonSentence")
        self._show = button(tr("Show"), "link", "lessonShow")
        self._show.setToolTip(tr("Show where that is in the window"))
        self._goal = ElidedLabel("", "small")
        self._goal.setObjectName("lessonGoal")
        self._step = label("", "small")
        self._step.setObjectName("lessonStep")
        self._next = button(tr("Next lesson"), "", "lessonNext")
        self._show.hide()
        self._goal.hide()
        self._next.hide()
        self._lay_out()

    def show_step(self, title: str, sentence: str, step: int, steps: int, place: str = "") -> None:
        """Show where the user is in a lesson.

        Args:
            title: Of the lesson.
            sentence: What to do now.
            step: From 1.
            steps: In all.
            place: The spot in the window that the sentence speaks of; empty where there is none.
        """
        self._title.setText(title)
        self._sentence.setText(sentence)
        self._step.setText(tr("step {step} of {steps}", step=step, steps=steps))
        self._place = place
        self._show.setVisible(bool(place))

    def show_goals(self, states: Sequence[GoalState], next_title: str = "") -> None:
        """Show how far the goal is.

        Args:
            states: Of all its conditions; none hide it.
            next_title: Of the lesson that can be gone on to now; empty where that is not so yet, or this is the last.
        """
        reached = bool(states) and all(state.reached for state in states)
        colour = theme.current().right if reached else theme.current().secondary
        self._goal.setStyleSheet(f"color: {colour};")
        self._goal.setText(goal_words(states))
        self._goal.setAccessibleName(goal_words(states))
        self._goal.setVisible(bool(states))
        self._next.setVisible(bool(next_title))
        self._next.setToolTip(next_title)
        self._step.setVisible(not next_title)
        self._share_room()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Look again which text gives way."""
        super().resizeEvent(event)
        self._share_room()

    def _share_room(self) -> None:
        self._goal.setMinimumWidth(self._goal.sizeHint().width() if self.width() >= _ROOMY else 0)

    def _lay_out(self) -> None:
        read = button(tr("Read"), "link", "lessonRead")
        read.setToolTip(tr("Read the whole lesson beside the results"))
        close = icon_button("close", tr("Put the lesson away"), "lessonClose")
        self._show.clicked.connect(lambda: self.place_asked.emit(self._place))
        self._next.clicked.connect(self.next_asked)
        read.clicked.connect(self.read_asked)
        close.clicked.connect(self._close)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 0, 4, 0)
        row.setSpacing(8)
        for part in (self._title, self._sentence, self._show):
            row.addWidget(part)
        row.addStretch(1)
        for part in (self._goal, self._step, read, self._next, close):
            row.addSpacing(4)
            row.addWidget(part)

    def _close(self) -> None:
        self.hide()
        self.closed.emit()


def goal_words(states: Sequence[GoalState]) -> str:
    """The goal and how far it is: "Goal: Difference ≤ 0.01 · now 0.13"; reached: "✓ Difference ≤ 0.01 · 0.0043"."""
    if not states:
        return ""
    done = sum(bool(state.reached) for state in states)
    if len(states) > 1:
        text = tr("Goals: {done} of {count} reached", done=done, count=len(states))
    else:
        (state,) = states
        now = tr("now {value}", value=state.value) if state.value and not state.reached else state.value
        goal = state.text if state.reached else tr("Goal: {goal}", goal=state.text)
        text = " · ".join(part for part in (goal, now) if part)
    return f"✓ {text}" if done == len(states) else text
