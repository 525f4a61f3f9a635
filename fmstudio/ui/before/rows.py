"""What both pages are made of: sentences, and rows that are made anew."""

from PySide6.QtWidgets import QLabel, QLayout

from fmstudio.ui.widgets import label


def wrapped(name: str, role: str) -> QLabel:
    """A text of as many lines as it needs.

    Args:
        name: Its objectName.
        role: As for ``label``.
    """
    made = label("", role)
    made.setObjectName(name)
    made.setWordWrap(True)
    return made


def clear(layout: QLayout) -> None:
    """Let go of all that is in a layout; also of a button that is being pressed."""
    while (item := layout.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.setObjectName("")
            widget.hide()
            widget.deleteLater()
