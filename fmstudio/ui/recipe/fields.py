"""Fields that keep still: the wheel changes them only while they have the focus, and undo belongs to the recipe."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QPainter, QPaintEvent, QPalette, QWheelEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QLineEdit,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionComboBox,
    QStylePainter,
    QWidget,
)

from fmstudio.ui import theme

_NOTCH = 120
_WORD_SIDE = 9
"""Between the edge of a field and the word at its right."""
_ARROW = 21
"""Of a list's right end: its arrow."""
_STEPS = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}
_UNDOING = (QKeySequence.StandardKey.Undo, QKeySequence.StandardKey.Redo)


class LineField(QLineEdit):
    """One line of text whose number the arrow keys and the wheel move."""

    stepped = Signal(int)
    """One step up (+1) or down (−1) is asked for."""

    def __init__(self, name: str = "") -> None:
        super().__init__()
        self.setObjectName(name)
        self._turned = 0
        self._word = ""

    @property
    def word(self) -> str:
        """What stands at the right of the text."""
        return self._word

    def show_word(self, word: str) -> None:
        """Say in a quiet word at the right what the text means, where there is room for it."""
        if word != self._word:
            self._word = word
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the word."""
        super().paintEvent(event)
        metrics = self.fontMetrics()
        room = self.rect().adjusted(_WORD_SIDE + 2 + metrics.horizontalAdvance(self.text()), 0, -_WORD_SIDE, 0)
        if self._word and metrics.horizontalAdvance(self._word) <= room.width():
            painter = QPainter(self)
            painter.setPen(theme.colour("secondary"))
            painter.drawText(room, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, self._word)

    def event(self, event: QEvent) -> bool:
        """Leave undo and redo to the window, where they take back whole edits."""
        return True if _leaves_undo(event) else super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Step at an arrow key; with Alt it is for the field's menu."""
        direction = _STEPS.get(Qt.Key(event.key()), 0)
        if direction and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            event.ignore()
        elif direction:
            self.stepped.emit(direction)
        elif _is_undo(event):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Step while the field has the focus; else the page scrolls."""
        if not self.hasFocus():
            event.ignore()
            return
        self._turned += event.angleDelta().y()
        steps = int(self._turned / _NOTCH)
        self._turned -= steps * _NOTCH
        for _ in range(abs(steps)):
            self.stepped.emit(1 if steps > 0 else -1)
        event.accept()


class ListField(QComboBox):
    """A list to choose from."""

    def __init__(self, name: str = "") -> None:
        super().__init__()
        self.setObjectName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setItemDelegate(QStyledItemDelegate(self))
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(3)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Give the text the room up to the arrow, and end it in "…" where that is not enough."""
        painter = QStylePainter(self)
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        if self.isEditable():
            return
        room = self.style().subControlRect(
            QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, self
        )
        room.setRight(self.width() - _ARROW)
        text = self.fontMetrics().elidedText(self.currentText(), Qt.TextElideMode.ElideRight, room.width())
        painter.setPen(self.palette().color(QPalette.ColorRole.ButtonText))
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Choose the neighbour while the field has the focus; else the page scrolls."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class EditableListField(ListField):
    """A list to choose from in which one can also type; arrow keys and wheel step as in a ``LineField``."""

    stepped = Signal(int)
    """One step up (+1) or down (−1) is asked for."""

    def __init__(self, name: str = "") -> None:
        super().__init__(name)
        self.line = QLineEdit()
        self.setEditable(True)
        self.setLineEdit(self.line)
        self.line.setTextMargins(-2, 0, 0, 0)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setCompleter(None)  # type: ignore[arg-type]  # None takes the completer away

    def event(self, event: QEvent) -> bool:
        """Leave undo and redo to the window."""
        return True if _leaves_undo(event) else super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Step at an arrow key; with Alt the list opens."""
        direction = _STEPS.get(Qt.Key(event.key()), 0)
        if direction and not event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.stepped.emit(direction)
        elif _is_undo(event):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Step while the field has the focus; else the page scrolls."""
        if not self.hasFocus():
            event.ignore()
            return
        self.stepped.emit(1 if event.angleDelta().y() > 0 else -1)
        event.accept()


class SwitchField(QCheckBox):
    """On or off."""

    def __init__(self, name: str = "") -> None:
        super().__init__()
        self.setObjectName(name)


def mark_problem(field: QWidget, *, wrong: bool) -> None:
    """Frame a field in the colour of what is wrong, or in the usual one."""
    if field.property("problem") == wrong:
        return
    field.setProperty("problem", wrong)
    field.style().unpolish(field)
    field.style().polish(field)


def _is_undo(event: QKeyEvent) -> bool:
    return any(event.matches(key) for key in _UNDOING)


def _leaves_undo(event: QEvent) -> bool:
    if event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent) or not _is_undo(event):
        return False
    event.ignore()
    return True
