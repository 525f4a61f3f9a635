"""Says that a lesson keeps the rest of the settings fixed, and brings them out."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from fmstudio.ui.recipe.form import flush_left
from fmstudio.ui.widgets import button, label
from fmstudio.words import tr


class LessonFold(QWidget):
    """A quiet line, and a link that shows all settings or folds them away again; hidden where no lesson folds any."""

    all_asked = Signal(bool)
    """The user wants to see all settings, or only what the lesson shows."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("lessonFold")
        self._folds = True
        self._line = label(tr("This lesson keeps the rest fixed"), "small")
        self._line.setWordWrap(True)
        self._link = button("", "link", "showAll")
        self._link.clicked.connect(lambda: self.all_asked.emit(self._folds))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._line)
        column.addLayout(flush_left(self._link))

    def show_state(self, *, there: bool, folds: bool) -> None:
        """Show whether a lesson says what it shows, and whether the rest is folded away."""
        self._folds = folds
        self._line.setVisible(folds)
        self._link.setText(tr("Show all settings") if folds else tr("Only what this lesson shows"))
        self.setVisible(there)
