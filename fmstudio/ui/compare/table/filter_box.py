"""The box above the table of runs in which one writes which of them shall be shown."""

from collections.abc import Sequence
from html import escape

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from fmstudio.ui.widgets import FewLines
from fmstudio.words import tr


class FilterBox(QWidget):
    """A line of text, and what could not be understood of it.

    Attributes:
        problem: Says what could not be understood; stands where its owner puts it, and is hidden otherwise.
        changed: Another filter shall hold: its text.
        left: The user wants to go on to the runs (Enter or the down key).
    """

    changed = Signal(str)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._field = _FilterField()
        self._field.setObjectName("runFilter")
        self._field.setClearButtonEnabled(True)
        self._field.setPlaceholderText(tr("Filter: adam   lr>0.01   accuracy>=85%   tag:lab   -failed"))
        self._field.setAccessibleName(tr("Filter the runs"))
        self._field.setToolTip(filter_help())
        self._field.textChanged.connect(self.changed)
        self._field.left.connect(self.left)
        self.problem = FewLines("problem", 2)
        self.problem.setObjectName("runFilterProblem")
        self.problem.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._field)

    @property
    def text(self) -> str:
        """What stands there."""
        return self._field.text()

    def show_text(self, text: str) -> None:
        """Let another filter stand there; it holds at once."""
        self._field.setText(text)

    def add(self, condition: str) -> None:
        """Add a condition; one of the same column with ``=`` or ``:`` gives way."""
        word = condition.partition("=")[0].partition(":")[0]
        same = "=" in condition or ":" in condition
        kept = [one for one in self.text.split() if not (same and _speaks_of(one, word)) and one != condition]
        self.show_text(" ".join([*kept, condition]))

    def show_problems(self, problems: Sequence[str]) -> None:
        """Say what could not be understood; nothing: the line is away."""
        self.problem.show_text(" ".join(problems))
        self.problem.setVisible(bool(problems))
        self._field.setProperty("problem", "true" if problems else "false")
        self._field.style().polish(self._field)
        self._field.setAccessibleDescription(" ".join(problems))


class _FilterField(QLineEdit):
    """Goes on to the runs with Enter and the down key, and is emptied with Esc."""

    left = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.left.emit()
        elif event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        else:
            super().keyPressEvent(event)


def _speaks_of(term: str, word: str) -> bool:
    return term.startswith((f"{word}=", f"{word}:")) and not term.startswith((f"{word}>", f"{word}<"))


def filter_help() -> str:
    """What can be written, as HTML."""
    lines = (
        ("adam cnn", tr("words in name, note, tags, choices, state and id")),
        ("lr>0.01", tr("a setting; also =, !=, >=, <, <=")),
        ("accuracy>=85%", tr("a result; also loss, train_loss, validation_accuracy, time")),
        ("epochs:2..5", tr("a range")),
        ("optimizer=adam,sgd", tr("one of several")),
        ("tag:lab · star · state:stopped", tr("what you or the program said of it")),
        ("-mlp", tr("without these")),
        ('"two words"', tr("words that stand together")),
    )
    rows = (
        f"<tr><td><code>{escape(left)}</code></td><td style='padding-left: 12px'>{escape(right)}</td></tr>"
        for left, right in lines
    )
    return f"<table>{''.join(rows)}</table>"
