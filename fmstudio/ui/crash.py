"""What happens when the program itself has a fault: a log, one dialog with a report, and the window goes on."""

import logging
import sys
import threading
from types import TracebackType

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QApplication, QMessageBox

from fmstudio.errors import UserError
from fmstudio.log import report
from fmstudio.words import tr

log = logging.getLogger(__name__)


class CrashHooks(QObject):
    """Catches every exception that nobody caught, in any thread; shows one dialog at a time."""

    caught = Signal(object)
    told = Signal(object)
    """A ``UserError`` that nobody caught: no fault of the program, but something to be said."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._showing = False
        self.caught.connect(self.show_error, Qt.ConnectionType.QueuedConnection)

    def install(self) -> None:
        """Take the hooks of Python over."""
        sys.excepthook = self._main
        threading.excepthook = lambda args: self._say(args.exc_value)

    def show_error(self, error: BaseException) -> None:
        """Log a fault and say it in a dialog, with a report to copy; what is meant for people is only told."""
        if isinstance(error, UserError):
            self.told.emit(error)
            return
        log.error("uncaught", exc_info=error)
        if self._showing:
            return
        self._showing = True
        try:
            crash_dialog(error).exec()
        finally:
            self._showing = False

    def _main(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if isinstance(error, KeyboardInterrupt):
            QApplication.quit()
            return
        self._say(error.with_traceback(trace))

    def _say(self, error: BaseException | None) -> None:
        if error is not None:
            self.caught.emit(error)


def crash_dialog(error: BaseException) -> QMessageBox:
    """The dialog for a fault of the program."""
    box = QMessageBox(QMessageBox.Icon.Warning, tr("A fault in fmstudio"), tr("Something in the program went wrong."))
    box.setInformativeText(tr("Your runs are kept, and you can go on. A report helps us to mend the fault."))
    box.setDetailedText(report(error))
    copy = box.addButton(tr("Copy report"), QMessageBox.ButtonRole.ActionRole)
    copy.clicked.connect(lambda: QApplication.clipboard().setText(report(error)))
    box.addButton(tr("Go on"), QMessageBox.ButtonRole.AcceptRole)
    return box
