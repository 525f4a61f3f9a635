"""What every editor of a setting has: a field, a unit, a problem, a menu."""

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QMenu, QWidget

from fmstudio.session.draft_words import plain, value_text
from fmstudio.ui.recipe.fields import LineField, mark_problem
from fmstudio.ui.widgets import label
from fmstudio.words import tr


class Editor(QWidget):
    """A field for one setting.

    Args:
        path: Of the setting in a spec, the field's objectName: "optimizer.lr".
        title: What stands beside it, translated.
        default: Its default as a JSON value.
        field: Where one types or chooses.
        unit: Written behind the field.
        zero: What 0 means, written in place of the unit, or in the field, while it stands there.
    """

    value_changed = Signal(object)
    """The user typed or chose another value: a JSON value, or a text that cannot be read."""
    settled = Signal()
    """The user is done with this value: what comes next is another edit."""
    help_asked = Signal()
    """The user asks what this is."""

    def __init__(self, path: str, title: str, default: object, field: QWidget, unit: str = "", zero: str = "") -> None:
        super().__init__()
        self.path = path
        self.field = field
        self.title = title
        self._default = plain(default)
        field.setAccessibleName(title)
        field.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        field.customContextMenuRequested.connect(self._open_menu)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(field, 1)
        self._unit, self._zero = unit, zero
        self._behind = label(unit, "small")
        if unit:
            row.addWidget(self._behind)
            self._behind.setMinimumWidth(_widest(self._behind, unit, zero))

    def show_value(self, value: object) -> None:
        """Show a JSON value, or a text that could not be read; what is being typed keeps its form."""
        raise NotImplementedError

    def say_zero(self, value: object) -> None:
        """Say what 0 means while that is the value: in place of the unit, or in a field that has none."""
        word = self._zero if isinstance(value, int | float) and value == 0 else ""
        if self._unit:
            self._behind.setText(word or self._unit)
        elif isinstance(self.field, LineField):
            self.field.show_word(word)

    def show_problem(self, message: str) -> None:
        """Frame the field where there is something wrong; a form says it below."""
        mark_problem(self.field, wrong=bool(message))
        self.field.setAccessibleDescription(message)

    def explain(self, text: str) -> None:
        """Take a tooltip: HTML, so that its lines break."""
        self.field.setToolTip(text)

    def reset(self) -> None:
        """Go back to the default, as the user."""
        self.choose(self._default)

    def choose(self, value: object) -> None:
        """Take a value at once, as the user."""
        self.settled.emit()
        self.value_changed.emit(value)
        self.settled.emit()

    def menu(self) -> QMenu:
        """What a right click opens."""
        made = self.field.createStandardContextMenu() if isinstance(self.field, QLineEdit) else QMenu(self.field)
        if not made.isEmpty():
            made.addSeparator()
        back = made.addAction(tr("Back to the default ({value})", value=self._default_text()))
        back.triggered.connect(self.reset)
        about = made.addAction(tr("What is this?"))
        about.triggered.connect(self.help_asked)
        return made

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """F1 asks what this is."""
        if event.key() == Qt.Key.Key_F1:
            self.help_asked.emit()
        else:
            super().keyPressEvent(event)

    def _default_text(self) -> str:
        return value_text(self._default)

    def _open_menu(self, position: QPoint) -> None:
        menu = self.menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.field.mapToGlobal(position))


def _widest(behind: QLabel, *words: str) -> int:
    """The room that the longest of some words needs, so that nothing moves when another one stands there."""
    behind.ensurePolished()
    return max(behind.fontMetrics().horizontalAdvance(word) for word in words)
