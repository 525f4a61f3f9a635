"""Starting the window."""

import signal
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from PySide6.QtCore import QSize, QTimer
from PySide6.QtWidgets import QApplication

from fmstudio.log import start_logging
from fmstudio.ui import appearance
from fmstudio.ui.crash import CrashHooks
from fmstudio.ui.files import open_paths
from fmstudio.ui.icons import application_icon
from fmstudio.ui.leaving import leave_now, stop_everything
from fmstudio.ui.main_window import MainWindow
from fmstudio.ui.preferences import Preferences

SIGNALS_EVERY_MS = 500
"""How often Python gets a chance to see Ctrl-C while Qt waits."""


def make_application() -> QApplication:
    """The one application; the one that is there already, where there is one."""
    found = QApplication.instance()
    app = found if isinstance(found, QApplication) else QApplication(["fmstudio"])
    app.setApplicationName("fmstudio")
    app.setDesktopFileName("fmstudio")
    app.setWindowIcon(application_icon())
    return app


def make_window(library: Path | None = None) -> MainWindow:
    """Build the main window, in the language and the theme that were used last.

    Args:
        library: The folder that holds the runs; None for the user's.
    """
    make_application()
    preferences = Preferences()
    appearance.speak(preferences.language, preferences)
    appearance.dress(preferences.theme, preferences)
    window = MainWindow(library)
    window.restoreGeometry(preferences.geometry)
    window.resize(window.size().boundedTo(window.screen().availableSize()))
    return window


def run(
    paths: Sequence[Path] = (),
    *,
    language: str | None = None,
    theme: str | None = None,
    size: tuple[int, int] | None = None,
    library: Path | None = None,
) -> NoReturn:
    """Open the window and stay until it is closed.

    Args:
        paths: Runs or recipes to open.
        language: A key of ``words.LANGUAGES``, from now on.
        theme: ``"light"`` or ``"dark"``, from now on.
        size: Width and height of the window.
        library: The folder that holds the runs.

    Returns:
        Never: the process ends with the exit status.
    """
    start_logging()
    app = make_application()
    prefer(language, theme)
    hooks = CrashHooks(app)
    hooks.install()
    window = make_window(library)
    window.session.crashed.connect(hooks.show_error)
    hooks.told.connect(window.complain)
    if size is not None:
        window.resize(QSize(*size))
    window.show()
    open_paths(window, paths)
    _obey_signals(app, window)
    status = app.exec()
    window.preferences.keep()
    leave_now(status)


def prefer(language: str | None, theme: str | None) -> None:
    """Use a language and a theme from now on."""
    preferences = Preferences()
    if language is not None:
        preferences.language = language
    if theme is not None:
        preferences.theme = theme


def _obey_signals(app: QApplication, window: MainWindow) -> None:
    """Ctrl-C, SIGTERM and logging out end the program as closing does, but do not ask."""

    def leave(*_: object) -> None:
        stop_everything(window.session, window.queue, window.run_list)
        app.exit(0)  # quit() would ask the window, and the window the user

    app.commitDataRequest.connect(leave)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, leave)
    timer = QTimer(app, interval=SIGNALS_EVERY_MS)
    timer.timeout.connect(lambda: None)
    timer.start()
