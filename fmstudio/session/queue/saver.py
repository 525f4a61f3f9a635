"""Writes the entries of the queue down without the window waiting for the disk."""

import logging
from collections.abc import Sequence
from threading import Lock

from PySide6.QtCore import QObject, Signal

from fmstudio.errors import UserError
from fmstudio.session.queue.entry import QueueEntry
from fmstudio.session.queue.file import QueueFile
from fmstudio.session.session import TrainingSession

log = logging.getLogger(__name__)


class QueueSaver(QObject):
    """Writes in the background, one after the other; of several that wait only the newest is written.

    Signals:
        saved(): The file holds the newest entries.
        failed(UserError): It cannot be written: told once, until it can be written again.

    Args:
        file: Where they are kept; this window holds its lock.
        session: Does what is done in the background.
    """

    saved = Signal()
    failed = Signal(object)

    def __init__(self, file: QueueFile, session: TrainingSession, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._file, self._session = file, session
        self._newest: tuple[int, Sequence[QueueEntry]] = (0, ())
        self._tried = self._written = 0
        self._turn = Lock()
        self._writing = self._said = False

    @property
    def busy(self) -> bool:
        """Whether something is not written yet."""
        return self._newest[0] != self._written

    def save(self, entries: Sequence[QueueEntry]) -> None:
        """Write entries as soon as what is being written is; at the end of the program ``flush`` does."""
        self._newest = self._newest[0] + 1, entries
        self._begin()

    def flush(self) -> None:
        """Write at once what is not written yet, after what is being written."""
        try:
            self._write()
        except UserError as error:
            log.warning("the queue is not kept: %s", error)

    def _begin(self) -> None:
        if not self._writing and not self._session.ending:
            self._writing = True
            self._session.in_background(self._write, self._succeeded, self._troubled, self._ended)

    def _write(self) -> None:
        with self._turn:
            number, entries = self._newest
            if number != self._written:
                self._tried = number
                self._file.write(entries)
                self._written = number

    def _ended(self) -> None:
        self._writing = False

    def _succeeded(self, result: None) -> None:
        self._said = False
        if self.busy:
            self._begin()
        else:
            self.saved.emit()

    def _troubled(self, error: UserError) -> None:
        if not self._said:
            self._said = True
            self.failed.emit(error)
        if self._newest[0] != self._tried:
            self._begin()
