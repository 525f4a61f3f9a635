"""The buttons that start, hold and end a run, always at the foot of the recipe."""

from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QApplication,
    QHBoxLayout,
    QLineEdit,
    QMenu,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from fmstudio.ui import icons
from fmstudio.ui.widgets import Button, ElidedLabel, FewLines, button
from fmstudio.words import rough_time, tr, tr_n

State = Literal["loading", "ready", "problem", "running", "paused", "stopping", "finished", "stopped", "failed"]
BUTTON_HEIGHT = 34
_GAP = 8
_LINE = 16
HEIGHT = 3 * BUTTON_HEIGHT + 3 * _GAP + _LINE
_GOING = ("running", "paused", "stopping")
_SLOW_LINK = (
    "QPushButton { border: none; padding: 0; min-height: 0; font-size: 12px; }"
    "QPushButton:focus { text-decoration: underline; }"
)
"""The link stands in a line of small text, which is lower than a link."""


@dataclass(frozen=True)
class Controls:
    """What the buttons offer.

    Attributes:
        state: Of the program; see WINDOW "The buttons".
        expected_seconds: How long a run would take; None while that is not known.
        note: A quiet line: the last run, or "Changes are for the next run".
        problem: What must be mended before training, or why the last run failed; stands in the note's place.
        mending_label: The button that mends it: "Use learning rate 0.001"; none where it is empty.
        further: The second button of a run that has ended: "2 more epochs", "Continue run 1"; none where it is empty.
        speed: At most so many steps a second; said in the note's place, with the way back. 0: as fast as it can.
    """

    state: State
    expected_seconds: float | None = None
    note: str = ""
    problem: str = ""
    mending_label: str = ""
    further: str = ""
    speed: float = 0.0


class TrainControls(QWidget):
    """Train, or Pause and Stop and keep, in fixed places; under them a note, or a problem with its mending."""

    train_asked = Signal()
    pause_asked = Signal()
    continue_asked = Signal()
    stop_asked = Signal()
    step_asked = Signal()
    mend_asked = Signal()
    further_asked = Signal()
    queue_asked = Signal()
    """The recipe shall be put into the queue."""
    preflight_asked = Signal()
    """The user wants to know how long the run will take."""
    repeat_asked = Signal()
    """The run shall be repeated with several seeds."""
    full_speed_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(HEIGHT)
        self._controls = Controls("loading")
        self._train = _OnceButton(tr("Train"), "primary", "trainButton")
        self._pause = _OnceButton(tr("Pause"), "primary", "pauseButton")
        self._stop = _OnceButton(tr("Stop and keep"), "", "stopButton")
        self._stop.setToolTip(tr("End the run now; the network keeps what it has learned so far"))
        icons.put(self._stop, "stop", "text", 14)
        self._step = Button(tr("One step"), "", "stepButton")
        self._step.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._step.setToolTip(tr("Take one step, look at it slowly, and wait again"))
        self._further = _OnceButton("", "", "furtherButton")
        self._mend = _OnceButton("", "", "mendButton")
        self._plan = button("⋯", "", "planButton")
        self._plan.setAccessibleName(tr("Plan the run"))
        self._plan.setToolTip(tr("How long will it take? · Queue · Repeat"))
        self._problem = _words("problem", "problemText")
        self._note = _words("small", "noteText")
        self._short_note = ElidedLabel("", "small")
        self._short_note.setObjectName("shortNoteText")
        self._short_note.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self._short_note.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._slow = _SlowLine()
        self._lay_out()
        self._connect()
        self.show_controls(self._controls)

    def show_controls(self, controls: Controls) -> None:
        """Take another state."""
        self._controls = controls
        going = controls.state in _GOING
        held = next((made for made in (*self._main, self._mend) if made.hasFocus()), None)
        by_key = held is not None and held.ring
        self._pause.setVisible(going)
        self._train.setVisible(not going)
        self._stop.setVisible(going)
        self._step.setVisible(controls.state == "paused")
        self._show_train(controls)
        self._show_pause(controls.state)
        self._stop.setEnabled(controls.state != "stopping")
        self._further.setText(controls.further)
        self._further.setVisible(bool(controls.further) and not going)
        self._show_words(controls, going)
        if held is not None and not held.isVisibleTo(self):
            reason = Qt.FocusReason.TabFocusReason if by_key else Qt.FocusReason.OtherFocusReason
            (self._pause if going else self._train).setFocus(reason)

    @property
    def _main(self) -> tuple[Button, ...]:
        return (self._train, self._pause, self._stop, self._step, self._further)

    def _show_train(self, controls: Controls) -> None:
        self._train.setText(_train_text(controls))
        self._train.setShortcut("Ctrl+Return")
        self._train.setEnabled(controls.state != "problem")
        start = tr("Train a new network with this recipe: Ctrl+Return")
        self._train.setToolTip(controls.problem if controls.state == "problem" else start)

    def _show_pause(self, state: State) -> None:
        paused = state == "paused"
        self._pause.setText(tr("Continue") if paused else tr("Pause"))
        icons.put(self._pause, "play" if paused else "pause", "on_accent", 14)
        self._pause.setToolTip(tr("Go on where the run was held") if paused else tr("Hold the run; nothing is lost"))
        self._pause.setEnabled(state != "stopping")

    def _show_words(self, controls: Controls, going: bool) -> None:
        problem = "" if going else controls.problem
        mending = controls.mending_label if problem else ""
        self._problem.show_text(problem)
        self._problem.setVisible(bool(problem))
        self._mend.setText(mending)
        self._mend.setVisible(bool(mending))
        paused = controls.state == "paused"  # One step takes the room of two of the note's lines
        slow = controls.speed > 0 and controls.state in ("running", "paused")
        self._slow.show_speed(controls.speed)
        self._slow.setVisible(slow)
        self._note.show_text(controls.note)
        self._note.setVisible(not problem and not paused and not slow)
        self._short_note.setText(controls.note)
        self._short_note.setVisible(paused and not slow)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(_GAP)
        top = QHBoxLayout()
        top.setSpacing(6)
        for made in (self._train, self._pause, self._plan):
            made.setFixedHeight(BUTTON_HEIGHT)
            top.addWidget(made)
        self._plan.setFixedWidth(BUTTON_HEIGHT)
        self._plan.setStyleSheet("QPushButton { padding: 0; }")
        column.addLayout(top)
        words = (self._problem, self._mend, self._note, self._short_note, self._slow)
        below: tuple[QWidget, ...] = (self._stop, self._step, self._further, *words)
        for part in below:
            column.addWidget(part)
        column.addStretch(1)
        for made in (self._stop, self._step, self._further, self._mend):
            made.setFixedHeight(BUTTON_HEIGHT)

    def _connect(self) -> None:
        self._train.clicked.connect(self._ask_train)
        self._pause.clicked.connect(self._ask_pause)
        self._stop.clicked.connect(self.stop_asked)
        self._step.clicked.connect(self.step_asked)
        self._further.clicked.connect(self.further_asked)
        self._mend.clicked.connect(self.mend_asked)
        self._plan.clicked.connect(self._open_plan)
        self._slow.full_speed_asked.connect(self.full_speed_asked)

    def plan_menu(self) -> QMenu:
        """What can be done with the recipe besides training it at once."""
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        idle, sound = self._controls.state not in _GOING, not self._broken
        measure = menu.addAction(tr("How long will it take?"))
        measure.triggered.connect(self.preflight_asked)
        measure.setEnabled(idle and sound)
        going = tr("This can be measured while nothing trains: wait for the end of the run.")
        measure.setToolTip("" if idle else going)
        add, repeat = menu.addAction(tr("Add to the queue")), menu.addAction(tr("Repeat with 5 seeds…"))
        add.triggered.connect(self.queue_asked)
        repeat.triggered.connect(self.repeat_asked)
        for action in (add, repeat):
            action.setEnabled(sound)
        return menu

    def _open_plan(self) -> None:
        menu = self.plan_menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self._plan.mapToGlobal(QPoint(0, self._plan.height())))

    @property
    def _broken(self) -> bool:
        """Whether the recipe cannot be trained."""
        return self._controls.state == "problem"

    def _ask_train(self) -> None:
        typed_in = QApplication.focusWidget()
        if isinstance(typed_in, QLineEdit | QAbstractSpinBox):
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.train_asked.emit()

    def _ask_pause(self) -> None:
        if self._controls.state == "paused":
            self.continue_asked.emit()
        else:
            self.pause_asked.emit()


class _SlowLine(QWidget):
    """Says that a run is held back, with a link that lets it go."""

    full_speed_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(_LINE)
        self._words = ElidedLabel("", "small")
        self._words.setObjectName("slowText")
        self._words.setAlignment(Qt.AlignmentFlag.AlignVCenter)
        link = button(tr("Full speed"), "link", "fullSpeed")
        link.setStyleSheet(_SLOW_LINK)
        link.setFixedHeight(_LINE)
        link.setToolTip(tr("Let the run go as fast as it can"))
        link.clicked.connect(self.full_speed_asked)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addStretch(1)
        row.addWidget(self._words)
        row.addWidget(link)
        row.addStretch(1)

    def show_speed(self, speed: float) -> None:
        """Show at most how many steps a second are taken."""
        self._words.setText(tr_n("Slow: {count} step a second ·", "Slow: {count} steps a second ·", round(speed)))


class _OnceButton(Button):
    """A push button for which a double click is one click: after the first another button may stand there."""

    def __init__(self, text: str, role: str, name: str) -> None:
        super().__init__(text, role, name)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Take no notice."""
        event.accept()


def _train_text(controls: Controls) -> str:
    again = controls.state in ("finished", "stopped")
    if controls.expected_seconds is None:
        return tr("Train again") if again else tr("Train")
    time = rough_time(controls.expected_seconds)
    return tr("Train again · about {time}", time=time) if again else tr("Train · about {time}", time=time)


def _words(role: str, name: str) -> FewLines:
    made = FewLines(role, 3)
    made.setObjectName(name)
    made.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
    return made
