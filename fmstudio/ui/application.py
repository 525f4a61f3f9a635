"""Starting the window."""

import os
import signal
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEventLoop, QSize, QTimer
from PySide6.QtWidgets import QApplication, QLabel

from fmstudio import paths
from fmstudio.errors import UserError
from fmstudio.log import start_logging
from fmstudio.machine.entrance import enter
from fmstudio.machine.examination import unwritable
from fmstudio.machine.meeting import Request, meeting_for
from fmstudio.session.door import load
from fmstudio.ui import appearance
from fmstudio.ui.arrivals import Arrivals
from fmstudio.ui.crash import CrashHooks
from fmstudio.ui.icons import application_icon
from fmstudio.ui.preferences import Preferences
from fmstudio.ui.single_instance import FirstWindow
from fmstudio.ui.splash import is_wanted, splash

if TYPE_CHECKING:
    from fmstudio.ui.main_window import MainWindow

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


def make_window(library: Path | None = None, *, whole: bool = True) -> "MainWindow":
    """Build the main window, in the language and the theme that were used last.

    Args:
        library: The folder that holds the runs; None for the user's.
        whole: Whether all pages are made at once; else what is not seen at the start is made after the first paint.
    """
    make_application()
    preferences = dress_up()
    window: MainWindow = load("fmstudio.ui.main_window.MainWindow")(library)
    if whole:
        window.complete()
    window.restoreGeometry(preferences.geometry)
    window.resize(window.size().boundedTo(window.screen().availableSize()))
    return window


def dress_up() -> Preferences:
    """Speak the language and wear the theme that were used last.

    Returns:
        Where they are kept.
    """
    preferences = Preferences()
    appearance.speak(preferences.language, preferences)
    appearance.dress(preferences.theme, preferences)
    return preferences


def run(
    paths: Sequence[Path] = (),
    *,
    language: str | None = None,
    theme: str | None = None,
    size: tuple[int, int] | None = None,
    library: Path | None = None,
) -> int:
    """Open the window and stay until it is closed; where it is open already, only bring it to the front.

    Args:
        paths: Runs or recipes to open.
        language: A key of ``words.LANGUAGES``, from now on.
        theme: ``"light"`` or ``"dark"``, from now on.
        size: Width and height of the window.
        library: The folder that holds the runs.

    Returns:
        The exit status, where another window has taken over; else the process ends with it.
    """
    start_logging()
    names = tuple(str(path.absolute()) for path in paths)
    activation = os.environ.get("XDG_ACTIVATION_TOKEN", "")
    entrance = enter(meeting_for(library), Request(names, language or "", theme or "", activation))
    if entrance.handed_over:
        return 0
    app = make_application()
    first = FirstWindow(entrance.door, app) if entrance.door else None
    arrivals = Arrivals(app, first)
    prefer(language, theme)
    hooks = CrashHooks(app)
    hooks.install()
    picture = _splash()
    window = make_window(library, whole=False)
    _connect(window, hooks, arrivals)
    if size is not None:
        window.resize(QSize(*size))
    if picture is not None:
        window.painted.connect(picture.close)
    window.show()
    if paths:
        window.open_paths(paths)
    doors = [first.close] if first is not None else []
    load("fmstudio.ui.leaving.before_leaving")(*doors, window.preferences.keep)
    _obey_signals(app, window)
    status = app.exec()
    load("fmstudio.ui.leaving.leave_now")(status)
    return status


def _splash() -> QLabel | None:
    if not is_wanted():
        return None
    dress_up()
    picture = splash()
    picture.show()
    picture.repaint()
    QApplication.processEvents(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)
    return picture


def _connect(window: "MainWindow", hooks: CrashHooks, arrivals: Arrivals) -> None:
    window.session.crashed.connect(hooks.show_error)
    hooks.told.connect(window.complain)
    load("fmstudio.ui.gpu_notice.attach")(window)
    blocked = unwritable(window.session.library or paths.library())
    if blocked is not None:
        window.complain(UserError(blocked.message, blocked.remedy))
    arrivals.attend(window, window.open_paths, window.speak, window.dress)


def prefer(language: str | None, theme: str | None) -> None:
    """Use a language and a theme from now on."""
    preferences = Preferences()
    if language is not None:
        preferences.language = language
    if theme is not None:
        preferences.theme = theme


def _obey_signals(app: QApplication, window: "MainWindow") -> None:
    """Ctrl-C, SIGTERM and logging out end the program as closing does, but do not ask."""

    def leave(*_: object) -> None:
        window.complete()
        load("fmstudio.ui.leaving.stop_everything")(window.session, window.queue, window.run_list)
        app.exit(0)  # quit() would ask the window, and the window the user

    app.commitDataRequest.connect(leave)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: QTimer.singleShot(0, leave))  # between two events, never inside of one
    timer = QTimer(app, interval=SIGNALS_EVERY_MS)
    timer.timeout.connect(lambda: None)
    timer.start()
