"""What every editor of a setting has: a field, a unit, a problem, a menu."""

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QLineEdit, QMenu, QWidget

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
    several_asked = Signal()
    """The user wants to try several values."""
    finder_asked = Signal()
    """The user wants to find a learning rate."""
    repeat_asked = Signal()
    """The user wants to repeat the run with several seeds."""

    def __init__(self, path: str, title: str, default: object, field: QWidget, unit: str = "", zero: str = "") -> None:
        super().__init__()
        self.path = path
        self.field = field
        self.title = title
        self._default = plain(default)
        field.setAccessibleName(title)
        field.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        field.customContextMenuRequested.connect(self.open_menu)
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

    @property
    def varies(self) -> bool:
        """Whether several values of it can be tried."""
        return True

    def menu(self, *, typing: bool = True) -> QMenu:
        """What a right click opens, and the mark beside the field.

        Args:
            typing: Whether cut, copy and paste stand first, where one can type.
        """
        types = typing and isinstance(self.field, QLineEdit)
        made = self.field.createStandardContextMenu() if types else QMenu(self.field)  # type: ignore[attr-defined]
        if not made.isEmpty():
            made.addSeparator()
        self._add_trying(made)
        if not made.isEmpty() and not made.actions()[-1].isSeparator():
            made.addSeparator()
        copy = made.addAction(tr("Copy the path ({path})", path=self.path))
        copy.triggered.connect(lambda: QApplication.clipboard().setText(self.path))
        back = made.addAction(tr("Back to the default ({value})", value=self._default_text()))
        back.triggered.connect(self.reset)
        about = made.addAction(tr("What is this?"))
        about.triggered.connect(self.help_asked)
        return made

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """F1 asks what this is; the menu's key, Shift+F10 and Alt+Down open the menu."""
        if event.key() == Qt.Key.Key_F1:
            self.help_asked.emit()
        elif opens_menu(event):
            self.open_menu(QPoint(0, self.field.height()))
        else:
            super().keyPressEvent(event)

    def open_menu(self, place: QPoint, *, typing: bool = True) -> None:
        """Open the menu, unless one is open.

        Args:
            place: On the field.
            typing: See ``menu``.
        """
        if QApplication.activePopupWidget() is not None:
            return
        menu = self.menu(typing=typing)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.field.mapToGlobal(place))

    def _add_trying(self, menu: QMenu) -> None:
        """What can be tried with this setting."""
        if self.path == "seed":
            menu.addAction(tr("Repeat with 5 seeds…")).triggered.connect(self.repeat_asked)
        if self.path == "optimizer.lr":
            menu.addAction(tr("Find a learning rate…")).triggered.connect(self.finder_asked)
        if self.varies:
            menu.addAction(tr("Try several values…")).triggered.connect(self.several_asked)

    def _default_text(self) -> str:
        return value_text(self._default)


def opens_menu(event: QKeyEvent) -> bool:
    """Whether a key asks for the menu of a field."""
    shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
    alt = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
    key = event.key()
    return key == Qt.Key.Key_Menu or (key == Qt.Key.Key_F10 and shift) or (key == Qt.Key.Key_Down and alt)


def _widest(behind: QLabel, *words: str) -> int:
    """The room that the longest of some words needs, so that nothing moves when another one stands there."""
    behind.ensurePolished()
    return max(behind.fontMetrics().horizontalAdvance(word) for word in words)
