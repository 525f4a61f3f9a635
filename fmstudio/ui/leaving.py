"""Closing the window during a run: asked once, ended within 3 seconds, and what was learned is kept."""

import logging
import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, NoReturn

from PySide6.QtCore import QDeadlineTimer
from PySide6.QtWidgets import QMessageBox, QWidget

from fmstudio.session.session import State, TrainingSession
from fmstudio.words import tr, tr_n

if TYPE_CHECKING:
    from fmstudio.session.queue.queue import Queue
    from fmstudio.session.run_list import RunList

log = logging.getLogger(__name__)
WAIT_MS = 3000
"""How long threads and processes have to end before the program leaves without them."""
_FOR_QUEUE_MS = 500
"""What is left of that for the processes of the queue, where the threads take as long as they may."""


def may_leave(parent: QWidget, session: TrainingSession, queue: "Queue") -> bool:
    """Whether the window may close: asks where a run goes on."""
    if session.ending:
        return True
    if session.state is State.IDLE and not any(entry.state == "running" for entry in queue.entries):
        return True
    box = QMessageBox(QMessageBox.Icon.Question, "fmstudio", tr("A run is going on."), parent=parent)
    box.setObjectName("leaveDialog")
    words = tr("Closing ends it now. The network keeps what it has learned so far.")
    if queue.pending:
        words += " " + tr_n(
            "{count} run waits in the queue, and is kept.",
            "{count} runs wait in the queue, and are kept.",
            queue.pending,
        )
    box.setInformativeText(words)
    leave = box.addButton(tr("Stop, keep and close"), QMessageBox.ButtonRole.AcceptRole)
    box.addButton(tr("Go on training"), QMessageBox.ButtonRole.RejectRole)
    box.exec()
    return box.clickedButton() is leave


def stop_everything(session: TrainingSession, queue: "Queue", runs: "RunList") -> None:
    """End all threads; where one does not end in time the process leaves, so that none is torn down under Qt."""
    deadline = QDeadlineTimer(WAIT_MS)
    queue.end()
    ended = session.finish(max(0, deadline.remainingTime() - _FOR_QUEUE_MS))
    runs.finish()  # names, notes and tags that wait to be written
    queue.wait(max(_FOR_QUEUE_MS, deadline.remainingTime()))
    if not ended:
        log.warning("a thread did not end within %d ms: leaving without it", WAIT_MS)
        leave_now(0)


_last: list[Callable[[], object]] = []


def before_leaving(*acts: Callable[[], object]) -> None:
    """Have these done, and no others, before the process ends, also where it leaves without a thread."""
    _last[:] = acts


def leave_now(status: int) -> NoReturn:
    """End the process at once: taking torch and Qt apart takes seconds on a busy machine, and serves nobody."""
    for act in _last:
        try:
            act()
        except (OSError, RuntimeError):  # a file that cannot be written, a widget that is gone: the process is to end
            log.exception("something could not be done before leaving")
    logging.shutdown()
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    os._exit(status)
