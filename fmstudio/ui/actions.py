"""The menus: every action with its words and its key, in one table.

Train (Ctrl+Return) and the pages (Ctrl+1 … 5) have their keys on their buttons: a key given twice does nothing.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMainWindow

from fmstudio.words import tr


@dataclass(frozen=True)
class Entry:
    """One line of a menu.

    Attributes:
        text: What it says.
        do: What it does.
        key: Its short cut; empty for none.
        name: Its objectName; empty for none.
    """

    text: str
    do: Callable[[], object]
    key: str = ""
    name: str = ""


def build_menus(window: QMainWindow, menus: Mapping[str, tuple[Entry | None, ...]]) -> None:
    """Make the menu bar anew; None draws a line between entries."""
    bar = window.menuBar()
    bar.clear()
    for title, entries in menus.items():
        menu = bar.addMenu(title)
        for entry in entries:
            if entry is None:
                menu.addSeparator()
                continue
            action = QAction(entry.text, menu)
            action.setObjectName(entry.name)
            if entry.key:
                action.setShortcut(QKeySequence(entry.key))
            action.triggered.connect(lambda checked=False, do=entry.do: do())
            menu.addAction(action)


def menus(do: Callable[[str], object]) -> Mapping[str, tuple[Entry | None, ...]]:
    """The menus of the window.

    Args:
        do: Does what an action is for, by its name: see ``window_actions``.
    """
    return {
        tr("File"): (
            Entry(tr("Open …"), partial(do, "open"), "Ctrl+O", "openAction"),
            Entry(tr("Save the recipe as …"), partial(do, "save"), "Ctrl+S", "saveAction"),
            Entry(tr("Take the run along …"), partial(do, "take-along"), "Ctrl+Shift+S", "takeAlongAction"),
            None,
            Entry(tr("Quit"), partial(do, "quit"), "Ctrl+Q", "quitAction"),
        ),
        tr("Run"): (
            Entry(tr("Train"), partial(do, "train"), "", "trainAction"),
            Entry(tr("Pause or continue"), partial(do, "pause"), "Ctrl+P", "pauseAction"),
            Entry(tr("Stop and keep"), partial(do, "stop"), "Ctrl+.", "stopAction"),
            Entry(tr("Continue the run that is shown"), partial(do, "continue"), "", "continueAction"),
            Entry(tr("As many epochs more of the run that is shown"), partial(do, "more"), "", "moreAction"),
            None,
            Entry(tr("Find a learning rate…"), partial(do, "find-rate"), "", "findRateAction"),
            Entry(tr("How long will it take?"), partial(do, "measure"), "", "measureAction"),
            Entry(tr("Add to the queue"), partial(do, "queue"), "Ctrl+Shift+Return", "queueAction"),
            Entry(tr("Repeat with 5 seeds…"), partial(do, "repeat"), "", "repeatAction"),
            Entry(tr("Show the queue"), partial(do, "show-queue"), "", "showQueueAction"),
            None,
            Entry(tr("Undo the last change of the recipe"), partial(do, "undo"), "Ctrl+Z", "undoAction"),
            Entry(tr("Redo"), partial(do, "redo"), "Ctrl+Shift+Z", "redoAction"),
        ),
        tr("View"): (
            Entry(tr("Show the code"), partial(do, "code"), "Ctrl+E", "codeAction"),
            Entry(tr("Present"), partial(do, "present"), "F11", "presentAction"),
            Entry(tr("Show all pictures"), partial(do, "all"), "", "showAllAction"),
            None,
            Entry(tr("Curves in a window of their own"), partial(do, "detach-curves"), "", "detachCurves"),
            Entry(tr("Pictures in a window of their own"), partial(do, "detach-pictures"), "", "detachPictures"),
            Entry(tr("Matrix in a window of its own"), partial(do, "detach-matrix"), "", "detachMatrix"),
        ),
        tr("Help"): (
            Entry(tr("Read the lesson"), partial(do, "read"), "F1", "readAction"),
            Entry(tr("Check this computer"), partial(do, "check-computer"), "", "checkComputerAction"),
            None,
            Entry(tr("About fmstudio"), partial(do, "about"), "", "aboutAction"),
        ),
    }
