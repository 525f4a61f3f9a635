"""A lesson to be read in the drawer: its story, its steps, its goal, things to try, and questions with answers."""

import math
from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QLabel,
    QScrollArea,
    QSizePolicy,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from fmstudio.experiment.draft import changed
from fmstudio.experiment.lesson import Changes, Lesson, Question
from fmstudio.insight.goals import GoalState
from fmstudio.ui import theme
from fmstudio.ui.drawer_pages import text_page
from fmstudio.ui.widgets import Button, button, label
from fmstudio.words import tr

_COLUMNS = 2
"""Buttons of things to try in a row, where their words are short enough."""
_HALF = 170
"""How wide such a button may be at most, so that two have room side by side."""
_FRAME = 26
"""What a button has at the sides of its words."""
_BESIDE_LINK = 5
"""Above and below a text, so that it stands beside the word of a link."""


class LessonPage(QScrollArea):
    """Everything that a lesson has to say.

    Args:
        lesson: The lesson.
        goals: How far its goal is.
        next_title: Of the lesson that follows; None after the last one.
    """

    place_asked = Signal(str)
    """The user wants to see the spot in the window that a step speaks of: a page, or an ``objectName``."""
    changes_asked = Signal(object)
    """The user wants to try something: pairs of path and value, for the recipe."""
    next_asked = Signal()
    """The user wants to go on to the next lesson."""

    def __init__(
        self,
        lesson: Lesson,
        goals: Sequence[GoalState] = (),
        next_title: str | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("lessonPage")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._lesson = lesson
        self._goals = _GoalList()
        content = QWidget()
        self._column = QVBoxLayout(content)
        self._column.setContentsMargins(0, 0, 10, 8)
        self._column.setSpacing(8)
        self._fill(next_title)
        self.setWidget(content)
        content.setAutoFillBackground(False)
        self.viewport().setAutoFillBackground(False)
        self.show_goals(goals)

    @property
    def about(self) -> str:
        """The id of the lesson."""
        return self._lesson.id

    def show_goals(self, states: Sequence[GoalState]) -> None:
        """Show how far the goal is now."""
        self._goals.show_goals(states)

    def _fill(self, next_title: str | None) -> None:
        lesson = self._lesson
        minutes = tr("{minutes} min", minutes=lesson.minutes)
        self._column.addWidget(_wrapped(f"{lesson.summary} · {minutes}", "secondary"))
        self._column.addWidget(FlowingText(lesson.story, "lessonStory"))
        self._section(tr("What to do"), self._steps())
        if lesson.tries:
            self._section(tr("Try"), self._tries())
        if lesson.goal:
            self._section(tr("Goal"), self._goals)
        if lesson.questions:
            self._section(tr("Questions"), _questions(lesson.questions))
        if next_title is not None:
            onward = button(tr("Next lesson: {title}", title=next_title), "", "lessonPageNext")
            onward.clicked.connect(self.next_asked)
            self._column.addSpacing(10)
            self._column.addWidget(onward, 0, Qt.AlignmentFlag.AlignLeft)
        self._column.addStretch(1)

    def _section(self, heading: str, content: QWidget) -> None:
        self._column.addSpacing(8)
        self._column.addWidget(label(heading, "head"))
        self._column.addWidget(content)

    def _steps(self) -> QWidget:
        steps = QWidget()
        grid = QGridLayout(steps)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(0)
        grid.setColumnStretch(1, 1)
        for row, text in enumerate(self._lesson.steps):
            for column, part in enumerate((label(str(row + 1), "secondary"), _wrapped(text))):
                part.setContentsMargins(0, _BESIDE_LINK, 0, _BESIDE_LINK)
                grid.addWidget(part, row, column, Qt.AlignmentFlag.AlignTop)
            place = self._lesson.place(row + 1)
            if place:
                grid.addWidget(self._show_button(place, row), row, 2, Qt.AlignmentFlag.AlignTop)
        return steps

    def _show_button(self, place: str, row: int) -> Button:
        made = _link(tr("Show"), f"lessonShow{row}")
        made.setToolTip(tr("Show where that is in the window"))
        made.clicked.connect(lambda: self.place_asked.emit(place))
        return made

    def _tries(self) -> QWidget:
        """A button for each try, and one that takes them back; each sets everything that any of them changes."""
        lesson = self._lesson
        offers = [(one.title, lesson.trial(index)) for index, one in enumerate(lesson.tries)]
        if not any(changed(lesson.draft, changes) == lesson.draft for _, changes in offers):
            offers.append((tr("As the lesson starts"), lesson.untried))
        tries = QWidget()
        grid = QGridLayout(tries)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(6)
        cell = 0
        for index, (title, changes) in enumerate(offers):
            made = self._try_button(title, changes, index)
            span = 1 if made.whole_width <= _HALF else _COLUMNS
            cell += cell % span  # a wide one begins a row
            grid.addWidget(made, *divmod(cell, _COLUMNS), 1, span)
            cell += span
        for column in range(_COLUMNS):
            grid.setColumnStretch(column, 1)
        hint = label(tr("Changes the recipe; then press Train."), "small")
        grid.addWidget(hint, grid.rowCount(), 0, 1, _COLUMNS)
        return tries

    def _try_button(self, title: str, changes: Changes, index: int) -> "_TryButton":
        made = _TryButton(title, f"lessonTry{index}")
        made.clicked.connect(lambda: self.changes_asked.emit(changes))
        return made


class _TryButton(Button):
    """A button as wide as its place: a text that has no room there ends in "…", and the tooltip says the whole."""

    def __init__(self, title: str, name: str) -> None:
        super().__init__(title, "", name)
        self._title = title
        self.setAccessibleName(title)
        self.setToolTip(title)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    @property
    def whole_width(self) -> int:
        """The room that the whole text needs."""
        self.ensurePolished()
        return self.fontMetrics().horizontalAdvance(self._title) + _FRAME

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Look again how much of the text has room."""
        super().resizeEvent(event)
        room = self.width() - _FRAME
        self.setText(self.fontMetrics().elidedText(self._title, Qt.TextElideMode.ElideRight, room))


class FlowingText(QWidget):
    """Markdown that is as high as it needs to be, for a page that scrolls as a whole.

    Args:
        markdown: The text.
        name: Its objectName.
    """

    def __init__(self, markdown: str, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._heights: dict[int, int] = {}
        self._text = text_page(markdown)
        self._text.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        if isinstance(self._text, QTextBrowser):
            self._text.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
            self._text.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._text.setParent(self)

    def hasHeightForWidth(self) -> bool:
        """Yes."""
        return True

    def heightForWidth(self, width: int) -> int:
        """How high the text is where it is so wide."""
        if width not in self._heights and isinstance(self._text, QTextBrowser):
            measured = self._text.document().clone()  # asking for a width must not change what is shown
            measured.setTextWidth(width)
            self._heights[width] = math.ceil(measured.size().height())
        return self._heights.get(width, 0)

    def sizeHint(self) -> QSize:
        """Any width, and its height there."""
        return QSize(0, self.heightForWidth(max(1, self.width())))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The text takes all of it."""
        super().resizeEvent(event)
        self._text.setGeometry(self.rect())


class _GoalList(QWidget):
    """The conditions of a goal, each with its mark and the run's own figure."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[tuple[QLabel, QLabel, QLabel]] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(1, 1)

    def show_goals(self, states: Sequence[GoalState]) -> None:
        """Show other states; there are as many as the lesson has conditions."""
        while len(self._rows) < len(states):
            self._add_row(states[len(self._rows)])
        for (mark, text, value), state in zip(self._rows, states, strict=True):
            colour = theme.current().right if state.reached else theme.current().secondary
            mark.setText("✓" if state.reached else "○")
            mark.setStyleSheet(f"color: {colour}; font-weight: 600;")
            text.setText(state.text)
            value.setText(state.value or "–")
            value.setStyleSheet(f"color: {colour};")
            value.setAccessibleName(_spoken(state))

    def _add_row(self, state: GoalState) -> None:
        index = len(self._rows)
        row = label(), _wrapped(""), label()
        row[2].setObjectName(f"lessonGoal{index}")
        row[2].setFont(theme.font(tabular=True))
        for column, part in enumerate(row):
            self._grid.addWidget(part, 2 * index, column, Qt.AlignmentFlag.AlignTop)
        if state.meaning:
            self._grid.addWidget(_wrapped(state.meaning, "small"), 2 * index + 1, 1, 1, 2)
        self._rows.append(row)


class _Answer(QWidget):
    """A question, and its answer once it is asked for."""

    def __init__(self, question: Question, index: int) -> None:
        super().__init__()
        self._answer = FlowingText(question.answer, f"lessonAnswer{index}")
        self._answer.hide()
        self._toggle = _link(tr("Show the answer"), f"lessonReveal{index}")
        self._toggle.clicked.connect(self._turn)
        asked = _wrapped(question.question, "title")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 6)
        column.setSpacing(4)
        column.addWidget(asked)
        column.addWidget(self._answer)
        column.addWidget(self._toggle, 0, Qt.AlignmentFlag.AlignLeft)

    def _turn(self) -> None:
        hidden = self._answer.isHidden()
        self._answer.setVisible(hidden)
        self._toggle.setText(tr("Hide the answer") if hidden else tr("Show the answer"))


def _questions(questions: Sequence[Question]) -> QWidget:
    made = QWidget()
    column = QVBoxLayout(made)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(8)
    for index, question in enumerate(questions):
        column.addWidget(_Answer(question, index))
    return made


def _spoken(state: GoalState) -> str:
    """What a screen reader says of a condition."""
    if state.reached is None:
        return tr("not known yet")
    return tr("{value}, reached", value=state.value) if state.reached else tr("{value}, not yet", value=state.value)


def _wrapped(text: str, role: str = "") -> QLabel:
    made = label(text, role)
    made.setWordWrap(True)
    made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return made


def _link(text: str, name: str) -> Button:
    return button(text, "link", name)
