"""Entries of the queue in processes of their own, beside the run of the window: each on another device."""

import contextlib
import json
import sys
from pathlib import Path
from typing import Any

from PySide6.QtCore import QDeadlineTimer, QObject, QProcess, QTimer, Signal

from fmstudio.errors import UserError
from fmstudio.experiment.spec import to_mapping
from fmstudio.runs.about import About, write_about
from fmstudio.runs.journal import from_line
from fmstudio.runs.run import Run
from fmstudio.session.queue.entry import EntryState, QueueEntry
from fmstudio.training.events import RunStarted
from fmstudio.words import language, tr

_STOPPED = 130
_KEPT_OF_STDERR = 4_000
_DEAF_MS = 5_000
"""Where a process cannot be asked politely it is ended after so long."""


def train_command(library: Path) -> tuple[str, list[str]]:
    """Program and arguments that train the spec which comes through stdin."""
    frozen = bool(getattr(sys, "frozen", False))
    program = Path(sys.executable)
    if frozen and sys.platform == "win32":  # a program without a console has no stdout
        program = program.with_name("fmstudio-cli.exe")
    module = [] if frozen else ["-m", "fmstudio"]
    return str(program), [*module, "--language", language(), "train", "-", "--json", "--library", str(library)]


class QueueWorker(QObject):
    """One entry in a process of its own.

    Signals:
        moved(str): The entry of that id has a run, or came further.
        ended(str): The process of that entry has ended: ``state`` and ``message`` say how.

    Args:
        entry: What is trained.
        device: Where: nobody else uses it meanwhile.
        library: Where the run's folder will be.

    Attributes:
        run: What the process has told so far.
        state: "running" until it has ended.
        message: Why it failed; may be empty.
    """

    moved = Signal(str)
    ended = Signal(str)

    def __init__(self, entry: QueueEntry, device: str, library: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.entry, self.device, self._library = entry, device, library
        spec = to_mapping(entry.planned.spec)
        self.state: EntryState = "running"
        self.run, self.message = Run(spec=spec), ""
        self._rest, self._said, self._asked = b"", b"", False
        self._process = QProcess(self)
        self._process.readyReadStandardOutput.connect(self._read)
        self._process.readyReadStandardError.connect(self._hear)
        self._process.finished.connect(self._finished)
        self._process.errorOccurred.connect(self._failed)

    def start(self) -> None:
        """Start the process, and give it the spec."""
        program, arguments = train_command(self._library)
        self._process.start(program, arguments)
        self._process.write(json.dumps(to_mapping(self.entry.planned.spec)).encode())
        self._process.closeWriteChannel()

    def stop(self) -> None:
        """Ask it to stop and to keep what it has learned."""
        self._asked = True
        self._process.terminate()
        if sys.platform == "win32":  # a process without a window does not hear it there
            QTimer.singleShot(_DEAF_MS, self._process.kill)

    def wait(self, deadline: QDeadlineTimer) -> None:
        """Wait for its end after ``stop``; past the deadline it is ended by force."""
        if not self._process.waitForFinished(max(1, deadline.remainingTime())):
            self._process.kill()
            self._process.waitForFinished(1000)

    def _read(self) -> None:
        *lines, self._rest = (self._rest + _bytes(self._process.readAllStandardOutput())).split(b"\n")
        for line in lines:
            self._take(line.decode(errors="replace"))
        if lines:
            self.moved.emit(self.entry.id)

    def _take(self, line: str) -> None:
        try:
            event = from_line(line)
        except ValueError:
            return
        self.run.apply(event)
        if isinstance(event, RunStarted) and self.run.id:
            self._describe(self.entry.planned.about)

    def _describe(self, about: About) -> None:
        """Say in the run's folder what was said of the entry."""
        if about != About():
            with contextlib.suppress(UserError):  # the run itself says that nothing can be written
                write_about(self._library / self.run.id, about)

    def _hear(self) -> None:
        self._said = (self._said + _bytes(self._process.readAllStandardError()))[-_KEPT_OF_STDERR:]

    def _finished(self, status: int, how: QProcess.ExitStatus) -> None:
        self._read()
        self._hear()
        if how != QProcess.ExitStatus.NormalExit:
            self._end("stopped" if self._asked else "failed")
        else:
            self._end("finished" if status == 0 else "stopped" if status == _STOPPED else "failed")

    def _failed(self, error: QProcess.ProcessError) -> None:
        if error == QProcess.ProcessError.FailedToStart:
            self._said = self._process.errorString().encode()
            self._end("failed")

    def _end(self, state: EntryState) -> None:
        if self.state == "running":
            self.state = state
            self.message = self._why() if state == "failed" else ""
            self.ended.emit(self.entry.id)

    def _why(self) -> str:
        """What the run said of its end, or the last line that the process wrote to people."""
        if self.run.ended and self.run.ended.message:
            return self.run.ended.message
        lines = [line.strip() for line in self._said.decode(errors="replace").splitlines() if line.strip()]
        return lines[-1] if lines else tr("The process ended without a word.")


class QueueWorkers(QObject):
    """All processes of the queue.

    Signals:
        moved(str): See ``QueueWorker``.
        ended(QueueWorker): A process has ended.
    """

    moved = Signal(str)
    ended = Signal(object)

    def __init__(self, library: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._library = library
        self._workers: dict[str, QueueWorker] = {}

    @property
    def devices(self) -> frozenset[str]:
        """The devices that processes use now."""
        return frozenset(worker.device for worker in self._workers.values())

    def get(self, entry_id: str) -> QueueWorker | None:
        """The process of an entry; None where it has none."""
        return self._workers.get(entry_id)

    def start(self, entry: QueueEntry, device: str) -> None:
        """Train an entry in a process of its own.

        Args:
            entry: What is trained.
            device: One that nothing else uses now.
        """
        worker = QueueWorker(entry, device, self._library, self)
        self._workers[entry.id] = worker
        worker.moved.connect(self.moved)
        worker.ended.connect(self._ended)
        worker.start()

    def end(self) -> None:
        """Ask all to stop and to keep what they have."""
        for worker in self._workers.values():
            worker.stop()

    def wait(self, milliseconds: int) -> None:
        """Wait until all have ended; past that time they are ended by force."""
        deadline = QDeadlineTimer(milliseconds)
        for worker in tuple(self._workers.values()):
            worker.wait(deadline)

    def _ended(self, entry_id: str) -> None:
        worker = self._workers.pop(entry_id)
        self.ended.emit(worker)
        worker.deleteLater()


def _bytes(found: Any) -> bytes:
    return bytes(found.data())
