"""A column of lines of which one is chosen, each with what it counts at its right."""

from collections.abc import Mapping

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QVBoxLayout, QWidget

from fmstudio.ui import theme
from fmstudio.ui.widgets import Button

_HEIGHT = 28
_INSET = 10


class _Line(Button):
    """One line."""

    def __init__(self, text: str, name: str) -> None:
        super().__init__(text, "quiet", name)
        self.setCheckable(True)
        self.setFixedHeight(_HEIGHT)
        self._count = ""

    def show_count(self, count: str) -> None:
        """Say how many there are."""
        self._count = count
        self.setAccessibleName(f"{self.text()}: {count}")
        self.update()

    @property
    def count(self) -> str:
        """What stands at the right."""
        return self._count

    def sizeHint(self) -> QSize:
        """A line of text."""
        return QSize(200, _HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the words at the left and the count at the right."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.isChecked() or self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("accent_soft" if self.isChecked() else "empty_cell"))
            painter.drawRoundedRect(self.rect(), 6, 6)
        if self.ring:
            painter.setPen(theme.colour("accent"))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), 6, 6)
        room = self.rect().adjusted(_INSET, 0, -_INSET, 0)
        painter.setPen(theme.colour("text" if self.isChecked() else "secondary"))
        painter.setFont(theme.font(weight=600 if self.isChecked() else 400))
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self.text())
        painter.setFont(theme.font(tabular=True))
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, self._count)
        painter.end()


class ListTabs(QWidget):
    """Shows lines of which one is chosen; the first at the start.

    Attributes:
        chosen: The user chose another line: its key.

    Args:
        names: What stands in each line, by its key.
    """

    chosen = Signal(str)

    def __init__(self, names: Mapping[str, str]) -> None:
        super().__init__()
        self._group = QButtonGroup(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        self.lines = {key: _Line(name, f"check.{key}") for key, name in names.items()}
        for key, line in self.lines.items():
            self._group.addButton(line)
            column.addWidget(line)
            line.clicked.connect(lambda _=False, key=key: self.chosen.emit(key))
        next(iter(self.lines.values())).setChecked(True)
        self.setFixedHeight(len(self.lines) * (_HEIGHT + column.spacing()))

    @property
    def key(self) -> str:
        """The key of the chosen line."""
        return next(key for key, line in self.lines.items() if line.isChecked())

    def show_counts(self, counts: Mapping[str, str]) -> None:
        """Show what each line counts."""
        for key, count in counts.items():
            self.lines[key].show_count(count)
