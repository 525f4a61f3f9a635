"""The program performs its own first run, through the widgets that a person clicks, and takes pictures of it."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QEventLoop, QModelIndex, QPoint, QSize, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QComboBox, QPushButton, QWidget

from fmstudio.errors import UserError
from fmstudio.experiment.lessons import FIRST
from fmstudio.log import start_logging
from fmstudio.runs.writing import cannot_write, write_atomically
from fmstudio.session.session import State
from fmstudio.ui.application import make_application, make_window, prefer
from fmstudio.ui.main_window import MainWindow
from fmstudio.words import tr

PATIENCE = 300.0
"""Seconds after which a stage has failed."""


class Demo:
    """One demonstration: its window, its pictures, and what it saw.

    Args:
        window: The window to click in.
        out: The folder for the pictures and ``summary.json``.
    """

    def __init__(self, window: MainWindow, out: Path) -> None:
        self._window, self._out = window, out
        self._began = time.monotonic()
        self.summary: dict[str, Any] = {"seconds": {}, "pictures": []}

    def perform(self) -> None:
        """All stages, one after the other."""
        for stage in (self.start, self.train, self.finish, self.look, self.open_picture, self.read_code):
            self._began = time.monotonic()
            stage()
            self._photograph(stage.__name__)

    def start(self) -> None:
        """Wait for the window, and choose the first lesson."""
        window = self._window
        self._wait(lambda: window.inspection.data is not None and window.session.ready)
        lesson = self._find(QComboBox, "lesson")
        lesson.setCurrentIndex(lesson.findData(FIRST))
        self._wait(lambda: self._find(QPushButton, "trainButton").isEnabled())

    def train(self) -> None:
        """Press Train, and watch until the second half."""
        self._click(self._find(QPushButton, "trainButton"))
        session = self._window.session
        self._wait(lambda: session.run.progress > 0.55 or session.state is State.IDLE)

    def finish(self) -> None:
        """Wait for the end."""
        session = self._window.session
        self._wait(lambda: session.state is State.IDLE)
        run = session.run
        if run.ended is None or run.ended.status != "finished":
            raise UserError(run.ended.message if run.ended else tr("The run did not end."))
        self.summary |= {"test_accuracy": run.epochs[-1].test_accuracy, "run": run.id}

    def look(self) -> None:
        """Click the largest mistake in the matrix."""
        view = self._find(QAbstractItemView, "confusionView")
        index = _largest_mistake(view.model())
        self._click_item(view, index)
        pictures = self._find(QAbstractItemView, "predictionsView").model()
        count = int(index.data())
        self._wait(lambda: pictures.rowCount() == count)
        self.summary |= {"cell": [index.row(), index.column(), count], "shown": pictures.rowCount()}

    def open_picture(self) -> None:
        """Open the first of those pictures."""
        view = self._find(QAbstractItemView, "predictionsView")
        self._click_item(view, view.model().index(0, 0))
        view.setFocus()
        QTest.keyClick(view, Qt.Key.Key_Return)
        self._wait(lambda: self._find(QWidget, "drawer").isVisible())

    def read_code(self) -> None:
        """Close the picture, and show the program."""
        QTest.keyClick(self._find(QWidget, "drawer"), Qt.Key.Key_Escape)
        self._click(self._find(QPushButton, "codeButton"))
        self._wait(lambda: self._find(QWidget, "drawer").isVisible())

    def _find(self, kind: type[Any], name: str) -> Any:
        found = self._window.findChild(kind, name)
        if found is None:
            raise UserError(tr("The window has no “{name}”.", name=name))
        return found

    def _click(self, widget: QWidget) -> None:
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton)

    def _click_item(self, view: QAbstractItemView, index: QModelIndex) -> None:
        where: QPoint = view.visualRect(index).center()
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, where)

    def _wait(self, until: Callable[[], bool]) -> None:
        """Let the window live until something is so."""
        deadline = time.monotonic() + PATIENCE
        while not until():
            if time.monotonic() > deadline:
                raise UserError(tr("The demonstration waited too long."), tr("Try again on an idle machine."))
            _live(30)

    def _photograph(self, stage: str) -> None:
        self.summary["seconds"][stage] = round(time.monotonic() - self._began, 2)
        _live(150)
        name = f"{len(self.summary['pictures']) + 1}-{stage.replace('_', '-')}.png"
        path = self._out / name
        if not self._window.grab().save(str(path)):
            raise cannot_write(path, OSError(tr("the picture could not be saved")))
        self.summary["pictures"].append(name)


def _live(milliseconds: int) -> None:
    """Run the window's own event loop for a moment."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def _largest_mistake(model: QAbstractItemModel) -> QModelIndex:
    size = range(model.rowCount())
    mistakes = [model.index(row, column) for row in size for column in size if row != column]
    return max(mistakes, key=lambda index: int(index.data() or 0))


def run(
    out: Path,
    *,
    language: str | None = None,
    theme: str | None = None,
    size: tuple[int, int] | None = None,
    library: Path | None = None,
) -> int:
    """Open the window, perform the first run in it, and close it.

    Args:
        out: The folder for the pictures and ``summary.json``.
        language: A key of ``words.LANGUAGES``.
        theme: ``"light"`` or ``"dark"``.
        size: Width and height of the window.
        library: The folder that holds the runs.

    Returns:
        The exit status.

    Raises:
        UserError: Where a stage could not be done.
    """
    start_logging()
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise cannot_write(out, error) from error
    make_application()
    prefer(language, theme)
    window = make_window(library)
    window.resize(QSize(*(size or (1440, 900))))
    window.show()
    demo = Demo(window, out)
    try:
        demo.perform()
    finally:
        window.session.finish(3000)
        window.close()
    write_atomically(out / "summary.json", json.dumps(demo.summary, indent=2) + "\n")
    return 0
