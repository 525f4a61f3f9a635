"""What comes to an open window from outside: what second starts hand over, and files that macOS hands to a program."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtWidgets import QApplication, QWidget

from fmstudio.machine.meeting import Request
from fmstudio.ui.single_instance import FirstWindow


class Arrivals(QObject):
    """Keeps what comes until there is a window, then lets it do what is asked, and brings it to the front.

    Args:
        app: The application.
        first: What hears second starts; None where nothing does.
    """

    def __init__(self, app: QApplication, first: FirstWindow | None) -> None:
        super().__init__(app)
        self._waiting: list[Request] = []
        self._answer: Callable[[Request], object] = self._waiting.append
        app.installEventFilter(self)
        if first is not None:
            first.asked.connect(self._came)

    def attend(
        self,
        window: QWidget,
        opens: Callable[[Sequence[Path]], object],
        speak: Callable[[str], object],
        dress: Callable[[str], object],
    ) -> None:
        """Serve what has come, and what comes from now on.

        Args:
            window: Comes to the front.
            opens: Opens files and folders in it.
            speak: Changes its language, a key of ``words.LANGUAGES``.
            dress: Changes its theme.
        """

        def answer(request: Request) -> None:
            come_forward(window, request.activation)
            if request.language:
                speak(request.language)
            if request.theme:
                dress(request.theme)
            opens([Path(name) for name in request.paths])

        self._answer = answer
        waiting, self._waiting = self._waiting, []
        for request in waiting:
            answer(request)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take the files that were double-clicked or dropped on the program's picture on macOS."""
        if isinstance(event, QFileOpenEvent) and event.file():
            self._came(Request(paths=(event.file(),)))
            return True
        return super().eventFilter(watched, event)

    def _came(self, request: Request) -> None:
        self._answer(request)


def come_forward(window: QWidget, activation: str = "") -> None:
    """Show a window in front of all others; where the desktop does not allow that, it is made to be noticed.

    Args:
        window: The window.
        activation: With which the desktop allows it; empty where it needs nothing.
    """
    if activation:
        os.environ["XDG_ACTIVATION_TOKEN"] = activation  # read by Qt, and then taken away
    window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
    window.show()
    window.raise_()
    window.activateWindow()
    QApplication.alert(window)
