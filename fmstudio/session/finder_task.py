"""Measures something about a spec before its run, apart from the window: rates that suit it, or how long it takes."""

import contextlib
import threading
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal
from shiboken6 import isValid

from fmstudio.errors import UserError
from fmstudio.experiment.spec import ExperimentSpec
from fmstudio.schema.problem import InvalidSpecError
from fmstudio.session.door import load
from fmstudio.session.solitary import Alone
from fmstudio.words import tr

RATES = "fmstudio.training.rate_finder.find_rates"
PREFLIGHT = "fmstudio.training.preflight.preflight"


class FinderTask(QObject):
    """Asks one question about a spec at a time, while nothing trains.

    Signals:
        progressed(object): A ``RatePoint`` or a ``PreflightStep``.
        finished(object): The ``RateRange`` or the ``Preflight``; also what there was when a run ended it.
        failed(UserError): It could not be done: a sentence.

    Args:
        alone: How the work is run: ``TrainingSession.alone``.
        question: ``RATES`` or ``PREFLIGHT``.
        library: The folder that holds the runs; None for the user's.
    """

    progressed = Signal(object)
    finished = Signal(object)
    failed = Signal(object)
    _heard = Signal(object, object)

    def __init__(self, alone: Alone, question: str, library: Path | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._alone, self._question, self._library = alone, question, library
        self._stop: threading.Event | None = None
        self._heard.connect(self._tell, Qt.ConnectionType.QueuedConnection)

    @property
    def busy(self) -> bool:
        """Whether an answer is awaited."""
        return self._stop is not None

    def start(self, spec: ExperimentSpec) -> None:
        """Begin, giving up what was asked before."""
        self.cancel()
        stop, question, library = threading.Event(), self._question, self._library

        def tell(said: object) -> None:
            with contextlib.suppress(RuntimeError):  # the window has just thrown the task away
                if not stop.is_set():
                    self._heard.emit(stop, said)

        def work() -> Any:
            try:
                return load(question)(spec, stop.is_set, tell, *_further(question, spec, library))
            except InvalidSpecError as error:
                raise UserError(str(error)) from error

        def answered(result: object) -> None:
            if isValid(self) and self._stop is stop:
                self._stop = None
                self.finished.emit(result)

        def refused(error: UserError) -> None:
            if isValid(self) and self._stop is stop:
                self._stop = None
                self.failed.emit(error)

        self._stop = stop
        self.destroyed.connect(stop.set)
        if not self._alone(work, stop.set, answered, refused):
            refused(UserError(tr("This can be measured while nothing trains: wait for the end of the run.")))

    def cancel(self) -> None:
        """Give up; nothing is told any more. The thread ends within a fraction of a second."""
        stop, self._stop = self._stop, None
        if stop is not None:
            stop.set()

    def _tell(self, stop: threading.Event, said: object) -> None:
        if stop is self._stop and not stop.is_set():
            self.progressed.emit(said)


def _further(question: str, spec: ExperimentSpec, library: Path | None) -> tuple[object, ...]:
    """What else the answer depends on: where the run will lie, or the weights that it begins with if not drawn ones."""
    if question == PREFLIGHT:
        return (library,)
    if not spec.start_from:
        return ()
    file = load("fmstudio.runs.beginning.starting_file")(spec.start_from, library)
    return (load("fmstudio.training.checkpoints.load_weights")(file),)
