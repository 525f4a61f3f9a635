"""The order in which the Tab key goes through what was built late."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget


def put_after(before: QWidget, late: QWidget) -> None:
    """Let the Tab key come to a widget and all in it right after another one, as if they had been built together.

    Qt puts what is built later behind everything else in the window.

    Args:
        before: What the Tab key leaves; where it holds others, their last one.
        late: What was built later, in the same window. Nothing in it hands the focus on by ``setFocusProxy``: with
            such widgets Qt's chain ends in a ring that the Tab key does not leave.
    """
    last = _chain(before)[-1]
    for one in _chain(late):
        if one.focusPolicy() != Qt.FocusPolicy.NoFocus and one.focusProxy() is None:
            QWidget.setTabOrder(last, one)
            last = one


def _chain(widget: QWidget) -> list[QWidget]:
    """A widget and all in it, in the order in which they were put there.

    Not by ``nextInFocusChain``: in PySide6 that makes each widget, for Python, the child of the one before. When one of
    them is deleted, all that follow are taken for deleted too ("Internal C++ object already deleted").
    """
    return [widget, *(one for one in widget.findChildren(QWidget) if widget.isAncestorOf(one))]  # no windows of theirs
