"""The lesson in one line of the recipe column, for a window that has no room for the strip."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from fmstudio.insight.goals import GoalState
from fmstudio.ui import theme
from fmstudio.ui.lesson_strip import goal_words
from fmstudio.ui.widgets import ElidedLabel, button
from fmstudio.words import tr

HEIGHT = 17
_LINK = "padding: 0; min-height: 0; font-size: 12px;"
"""The links are as low as the line."""


class LessonLine(QWidget):
    """What to do next, or how far the goal is, with the ways to read the lesson and to go on to the next."""

    read_asked = Signal()
    """The user wants to read the lesson."""
    next_asked = Signal()
    """The user wants to go on to the next lesson."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("lessonLine")
        self.setFixedHeight(HEIGHT)
        self._step = ""
        self._texts: tuple[str, ...] = ("",)
        self._states: tuple[GoalState, ...] = ()
        self._words = ElidedLabel("", "small")
        self._words.setObjectName("lessonLineText")
        self._words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        read = button(tr("Read"), "link", "lessonLineRead")
        read.setToolTip(tr("Read the whole lesson beside the results"))
        read.clicked.connect(self.read_asked)
        self._next = button(tr("Next lesson"), "link", "lessonLineNext")
        self._next.clicked.connect(self.next_asked)
        self._next.hide()
        for link in (read, self._next):
            link.setStyleSheet(_LINK)
            link.setFixedHeight(HEIGHT)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._words, 1)
        row.addWidget(read)
        row.addWidget(self._next)

    def show_step(self, sentence: str) -> None:
        """Show what to do now; it gives way to the goal as soon as something is known of that."""
        self._step = sentence
        self._show()

    def show_goals(self, states: Sequence[GoalState], next_title: str = "") -> None:
        """Show how far the goal is.

        Args:
            states: Of all its conditions; there may be none.
            next_title: Of the lesson that can be gone on to now; empty where that is not so yet, or this is the last.
        """
        self._states = tuple(states)
        self._next.setVisible(bool(next_title))
        self._next.setToolTip(next_title)
        self._show()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Look again which words have room."""
        super().resizeEvent(event)
        self._fit()

    def _show(self) -> None:
        reached = bool(self._states) and all(state.reached for state in self._states)
        known = any(state.reached is not None for state in self._states)
        goal = goal_words(self._states)
        values = " · ".join(state.value for state in self._states if state.value)
        self._texts = ((goal, f"✓ {values}") if reached else (goal,)) if known else (self._step,)
        self._words.setStyleSheet(f"color: {theme.current().right};" if reached else "")
        self._words.setAccessibleName(self._texts[0])
        self._fit()
        self.setToolTip("\n".join(text for text in (self._step, goal) if text))

    def _fit(self) -> None:
        """The longest words that have room, else the shortest, which end in "…"."""
        metrics, room = self._words.fontMetrics(), self._words.width()
        fitting = (text for text in self._texts if metrics.horizontalAdvance(text) <= room)
        self._words.setText(next(fitting, self._texts[-1]))
