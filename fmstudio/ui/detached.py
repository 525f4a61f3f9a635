"""A view in a window of its own, for a second screen or a projector; closing it brings the view back."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from fmstudio.ui.widgets import MARGIN, Card, button, label
from fmstudio.words import tr

_SIZE = QSize(1000, 760)


class DetachedDialog(QDialog):
    """Holds the content of a card until it is closed.

    Args:
        card: Whose content it takes; a sentence and a button stand there meanwhile.
        content: The one widget in the card.
        title: Of the window.
        parent: The window that it belongs to: it closes with it.
    """

    returned = Signal()
    """The view is back in its place."""

    def __init__(self, card: Card, content: QWidget, title: str, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setObjectName("detachedWindow")
        self.setWindowTitle(f"{title} – fmstudio")
        self._card, self._content = card, content
        self._place = self._placeholder()
        card.body.replaceWidget(content, self._place)
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        column.addWidget(content)
        content.show()
        self.resize(_SIZE)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Bring the view back."""
        self.bring_back()
        super().closeEvent(event)

    def reject(self) -> None:
        """Esc belongs to the view: it ends a selection, not the window."""

    def bring_back(self) -> None:
        """Put the view back into its card."""
        if self._place.parent() is None:
            return
        self._card.body.replaceWidget(self._place, self._content)
        self._content.show()
        self._place.setParent(None)
        self._place.deleteLater()
        self.returned.emit()
        self.deleteLater()

    def _placeholder(self) -> QWidget:
        made = QWidget(self._card)
        column = QVBoxLayout(made)
        back = button(tr("Bring it back"), "link", "bringBack")
        back.clicked.connect(self.close)
        column.addStretch(1)
        words = label(tr("This view has a window of its own now."), "secondary")
        column.addWidget(words, alignment=Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(back, alignment=Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)
        return made
