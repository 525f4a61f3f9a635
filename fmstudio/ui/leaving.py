"""Closing the window during a run: asked once, ended within 3 seconds, and what was learned is kept."""

import logging
import os

from PySide6.QtWidgets import QMessageBox, QWidget

from fmstudio.session.session import State, TrainingSession
from fmstudio.words import tr

log = logging.getLogger(__name__)
WAIT_MS = 3000
"""How long the threads have to end before the process leaves without them."""


def may_leave(parent: QWidget, session: TrainingSession) -> bool:
    """Whether the window may close: asks where a run goes on."""
    if session.state is State.IDLE:
        return True
    box = QMessageBox(QMessageBox.Icon.Question, "fmstudio", tr("A run is going on."), parent=parent)
    box.setObjectName("leaveDialog")
    box.setInformativeText(tr("Closing ends it now. The network keeps what it has learned so far."))
    leave = box.addButton(tr("Stop, keep and close"), QMessageBox.ButtonRole.AcceptRole)
    box.addButton(tr("Go on training"), QMessageBox.ButtonRole.RejectRole)
    box.exec()
    return box.clickedButton() is leave


def stop_everything(session: TrainingSession) -> None:
    """End all threads; where one does not end in time the process leaves, so that none is torn down under Qt."""
    if not session.finish(WAIT_MS):
        log.warning("a thread did not end within %d ms: leaving without it", WAIT_MS)
        logging.shutdown()
        os._exit(0)
