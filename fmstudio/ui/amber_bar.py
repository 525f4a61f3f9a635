"""The bar that says so while not everything is counted."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from fmstudio.session.selection import AllOf, Selection
from fmstudio.ui.widgets import ElidedLabel, button, label
from fmstudio.words import tr

HEIGHT = 38


class AmberBar(QWidget):
    """Says what is counted alone, and offers to count everything again; hidden while everything is counted.

    Attributes:
        wanted: Whether there is something to say; its owner decides whether it is seen.
        all_asked: Everything shall be counted again.
    """

    all_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("amberBar")
        self.wanted = False
        self.setProperty("role", "amber")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(HEIGHT)
        self._text = ElidedLabel()
        self._text.setObjectName("amberText")
        again = button(tr("Count all again"), "link", "countAll")
        again.clicked.connect(self.all_asked)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 0, 14, 0)
        row.setSpacing(8)
        for part in (label("!", "noticeMark"), self._text, label("·", "secondary"), again):
            row.addWidget(part)
        row.addStretch(1)
        self.hide()

    def show_only(self, selection: Selection, counted: int, total: int, classes: tuple[str, ...]) -> None:
        """Say what is counted alone.

        Args:
            selection: What is counted alone stands in its ``only``; nothing there: the bar is hidden.
            counted: How many pictures these are.
            total: How many there are in all.
            classes: Names of the classes.
        """
        self.wanted = bool(selection.only)
        self.setVisible(self.wanted)
        if not self.wanted:
            return
        words = AllOf(selection.only).words(classes) if len(selection.only) > 1 else selection.only[0].words(classes)
        values = {"counted": f"{counted:,}", "total": f"{total:,}", "words": words}
        self._text.setText(tr("Only {counted} of {total} counted: {words}", **values))
        self.setAccessibleName(self._text.text())
