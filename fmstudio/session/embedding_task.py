"""Computes t-SNE apart from the window: with progress, and given up at once when nobody waits for it any more."""

import importlib.util
import threading

from PySide6.QtCore import QCoreApplication, QDeadlineTimer, QObject, Qt, Signal

from fmstudio.errors import UserError
from fmstudio.session.door import Task, load
from fmstudio.training.events import Floats

_PACKAGE = "openTSNE"
_GUARDED = "fmstudioEmbeddingsEnd"
WAIT_MS = 2000
"""How long the threads have to end when the program does."""
_running: dict[Task, threading.Event] = {}


def installed() -> bool:
    """Whether the extra package is there."""
    return importlib.util.find_spec(_PACKAGE) is not None


def finish(milliseconds: int = WAIT_MS) -> bool:
    """Give up all that is computed, and wait.

    Returns:
        Whether all threads have ended in that time.
    """
    deadline = QDeadlineTimer(milliseconds)
    for stop in _running.values():
        stop.set()
    ended = all(task.wait(deadline) for task in tuple(_running))
    _forget_ended()
    return ended


def _finish_with_the_program() -> None:
    """See to it, once, that no thread outlives the program."""
    program = QCoreApplication.instance()
    if program is not None and not program.property(_GUARDED):
        program.setProperty(_GUARDED, True)
        program.aboutToQuit.connect(finish)


def _forget_ended() -> None:
    """Let go of threads that have ended: never of one that runs."""
    for task in [task for task in _running if task.isFinished()]:
        del _running[task]


class EmbeddingTask(QObject):
    """Lays points out by their neighbours, one arrangement at a time.

    Signals:
        progressed(float, object): The share that is done, 0…1, and where the points are now, shape (n, 2).
        ended(object): Where the points are, shape (n, 2). Not after ``cancel``.
        refused(UserError): It could not be done: a sentence.
    """

    progressed = Signal(float, object)
    ended = Signal(object)
    refused = Signal(object)
    _heard = Signal(object, float, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._stop = threading.Event()
        self._task: Task | None = None
        self._heard.connect(self._tell, Qt.ConnectionType.QueuedConnection)
        _finish_with_the_program()

    @property
    def busy(self) -> bool:
        """Whether an arrangement is computed that somebody waits for."""
        return self._task is not None

    def start(self, numbers: Floats, points: Floats) -> None:
        """Begin, giving up what was computed before.

        Args:
            numbers: What neighbours are found in, shape (n, d).
            points: Where the points lie at first, shape (n, 2).
        """
        self.cancel()
        stop = threading.Event()

        def progress(share: float, now: Floats) -> None:
            if not stop.is_set():
                self._heard.emit(stop, share, now)

        def work() -> Floats | None:
            made: Floats | None = load("fmstudio.insight.network.neighbour_embedding.embed")(
                numbers, points, progress, stop.is_set
            )
            return made

        _forget_ended()
        self._stop, self._task = stop, Task(work, _nothing)
        _running[self._task] = stop
        self.destroyed.connect(stop.set)
        self._task.ended.connect(self._task_ended)
        self._task.start()

    def cancel(self) -> None:
        """Give up; nothing is told any more. The thread ends within a fraction of a second."""
        self._stop.set()
        self._task = None

    def _tell(self, stop: threading.Event, share: float, now: Floats) -> None:
        if self._task is not None and stop is self._stop:
            self.progressed.emit(share, now)

    def _task_ended(self, task: Task) -> None:
        task.wait()
        _forget_ended()
        if task is not self._task:
            return
        self._task = None
        if task.error is None:
            if task.result is not None:
                self.ended.emit(task.result)
        elif isinstance(task.error, UserError):
            self.refused.emit(task.error)
        else:
            raise task.error


def _nothing(_: object) -> None:
    """What is done with the result stands in ``EmbeddingTask``."""
