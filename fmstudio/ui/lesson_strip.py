"""The strip above the results that says what to do next in the lesson."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from fmstudio.ui.widgets import ElidedLabel, button, icon_button, label
from fmstudio.words import tr

HEIGHT = 38


class LessonStrip(QWidget):
    """The lesson's title, the sentence of its present step, and the way to the whole lesson."""

    read_asked = Signal()
    """The user wants to read the lesson."""
    closed = Signal()
    """The user put the strip away."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("lessonStrip")
        self.setProperty("role", "strip")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(HEIGHT)
        self._title = label("", "title")
        self._title.setObjectName("lessonTitle")
        self._sentence = ElidedLabel()
        self._sentence.setObjectName("lessonSentence")
        self._step = label("", "small")
        self._step.setObjectName("lessonStep")
        self._lay_out()

    def show_step(self, title: str, sentence: str, step: int, steps: int) -> None:
        """Show where the user is in a lesson.

        Args:
            title: Of the lesson.
            sentence: What to do now.
            step: From 1.
            steps: In all.
        """
        self._title.setText(title)
        self._sentence.setText(sentence)
        self._step.setText(tr("step {step} of {steps}", step=step, steps=steps))

    def _lay_out(self) -> None:
        read = button(tr("Read"), "link", "lessonRead")
        read.setToolTip(tr("Read the whole lesson beside the results"))
        read.clicked.connect(self.read_asked)
        close = icon_button("close", tr("Put the lesson away"), "lessonClose")
        close.clicked.connect(self._close)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 0, 2, 0)
        row.setSpacing(8)
        row.addWidget(self._title)
        row.addWidget(self._sentence)
        row.addStretch(1)
        row.addSpacing(8)
        for part in (self._step, read, close):
            row.addWidget(part)
            row.addSpacing(4)

    def _close(self) -> None:
        self.hide()
        self.closed.emit()
