"""The runs that there are, read and described in the background."""

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from functools import partial
from typing import Any

from PySide6.QtCore import QDeadlineTimer, QObject, QTimer, Signal, SignalInstance

from fmstudio.errors import UserError
from fmstudio.runs.about import About
from fmstudio.runs.library import Library
from fmstudio.runs.run import Run
from fmstudio.runs.store import find_run, load_run
from fmstudio.runs.summary import RunSummary
from fmstudio.runs.trash import NotAllMovedError
from fmstudio.session.door import Task
from fmstudio.session.run_curves import RunCurves
from fmstudio.session.session import TrainingSession

POLL_MS = 2000
"""How often runs that others write are looked at, while that is asked for."""
_WHOLE = 5
"""Every so manieth time the whole library is looked at, not only the runs that go on."""
WAIT_MS = 500
"""How long what is just being written has at the end."""

_OPEN = ("running", "interrupted", "stopped")
"""The states of runs that another program may just change."""


class RunList(QObject):
    """Reads rows for the table of runs, whole runs and curves; never in the window's thread.

    What cannot be done is told by the session's ``complained``.

    Signals:
        changed(tuple[RunSummary, ...]): The rows, newest first: after each ``refresh``, and when they have changed.
        described(str, About): A run's name, note, tags or star was written down: all that is said of it now.
        trashed(tuple[str, ...]): These runs lie in the trash now; ``restore`` with the same ids undoes it.
        restored(tuple[str, ...]): These are back in the library.
    """

    changed = Signal(object)
    described = Signal(str, object)
    trashed = Signal(object)
    restored = Signal(object)

    def __init__(self, session: TrainingSession, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.library = Library(session.library)
        self.rows: tuple[RunSummary, ...] = ()
        self._curves = RunCurves(session)
        self._wanted = 0
        self._reading = self._again = False
        self._writes: deque[tuple[Callable[[], Any], Callable[[Any], object]]] = deque()
        self._writing: Task | None = None
        self._looks, self._seen = 0, 0
        self._poll = QTimer(self, interval=POLL_MS)
        self._poll.timeout.connect(self._look)

    def refresh(self) -> None:
        """Read what is new; while that is being done, it is done once more afterwards."""
        if self._reading:
            self._again = True
            return
        self._reading = True
        self._session.in_background(self.library.summaries, self._show, after=self._read)

    def watch(self, on: bool) -> None:
        """While on, look every two seconds for what other windows and command lines write."""
        self._poll.start() if on else self._poll.stop()

    def row(self, run_id: str) -> RunSummary | None:
        """The row of a run; None where there is none."""
        return next((row for row in self.rows if row.id == run_id), None)

    def forget(self) -> None:
        """Read the rows anew: what is wrong with a run is said in the language of the moment."""
        if self.rows:
            self.refresh()

    def load(self, run_id: str, then: Callable[[Run], object]) -> None:
        """Read one run with its predictions; of several that were asked for one after the other only the newest comes.

        The one that the session holds is taken as it is.
        """
        self._wanted += 1
        if run_id == self._session.run.id:
            then(self._session.run)
            return
        wanted = self._wanted

        def newest(act: Callable[[Any], object], value: Any) -> None:
            if wanted == self._wanted:
                act(value)

        work = partial(_whole_run, run_id, self._session)
        self._session.in_background(work, partial(newest, then), partial(newest, self._session.complained.emit))

    def load_curves(self, run_ids: Sequence[str], then: Callable[[list[Run]], object], key: str = "curves") -> None:
        """Read losses, rates and epochs of runs, without predictions; those that cannot be read are left out.

        Args:
            run_ids: Of the runs, in the order in which they are wanted.
            then: Gets them. The one that goes on is the session's own.
            key: Who asks: of each only the newest question is answered.
        """
        self._curves.load(run_ids, then, key)

    def describe(self, run_id: str, before: About, after: About) -> None:
        """Write down what is said of a run; one after the other, in the order in which it was said.

        Args:
            run_id: Of the run.
            before: What the user saw.
            after: What the user says; what others have said meanwhile stays where this is as before.
        """
        self._write(partial(self.library.describe, run_id, before, after), partial(self.described.emit, run_id))

    def trash(self, run_ids: Sequence[str]) -> None:
        """Put runs into the trash; one that cannot be moved keeps no other back."""
        self._write(partial(_tried, self.library.trash, tuple(run_ids)), partial(self._moved, self.trashed))

    def restore(self, run_ids: Sequence[str]) -> None:
        """Take runs out of the trash again, likewise."""
        self._write(partial(_tried, self.library.restore, tuple(run_ids)), partial(self._moved, self.restored))

    def load_trash(self, then: Callable[[list[RunSummary]], object]) -> None:
        """Read what lies in the trash, newest first."""
        self._session.in_background(self.library.trashed, then)

    def empty_trash(self, run_ids: Sequence[str], then: Callable[[int], object]) -> None:
        """Delete runs in the trash for good: only once the user has said so. ``then`` gets their number."""
        work = partial(self.library.empty_trash, frozenset(run_ids), lambda: self._session.ending)
        self._write(work, then)

    def sweep(self) -> None:
        """Delete in the background what a program that was killed has left."""
        self._session.in_background(self.library.sweep, lambda _: None, lambda _: None)

    def finish(self, milliseconds: int = WAIT_MS) -> bool:
        """Write at once what was said and still waits; to be called when the session has finished.

        Args:
            milliseconds: How long what is just being written has; where it takes longer, nothing more can be written.

        Returns:
            Whether nothing waits any more.
        """
        self._poll.stop()
        if self._writing is not None and not self._writing.wait(QDeadlineTimer(milliseconds)):
            return False
        while self._writes:
            work, _ = self._writes.popleft()
            with suppress(UserError):  # nobody is there any more to whom it could be told
                work()
        return True

    def _moved(self, told: SignalInstance, found: tuple[tuple[str, ...], UserError | None]) -> None:
        """Tell what was moved, and then what was not."""
        moved, error = found
        if moved:
            told.emit(moved)
        if error is not None:
            self._session.complained.emit(error)

    def _write(self, work: Callable[[], Any], then: Callable[[Any], object]) -> None:
        """Do it after all that was asked for before; at the end of the program at once."""
        self._writes.append((work, then))
        if self._session.ending:
            self.finish()
        elif self._writing is None:
            self._next_write()

    def _next_write(self) -> None:
        self._writing = None
        if self._session.ending:
            self.finish()
        elif self._writes:
            work, then = self._writes.popleft()
            self._writing = self._session.in_background(work, then, after=self._next_write)
        else:
            self.refresh()

    def _read(self) -> None:
        self._reading = False
        if self._again:
            self._again = False
            self.refresh()

    def _show(self, rows: Sequence[RunSummary]) -> None:
        self.rows = tuple(rows)
        self.changed.emit(self.rows)

    def _look(self) -> None:
        """Look at the runs that go on; at all where there are others now, and from time to time."""
        if self._reading or self._session.ending:
            return
        self._reading = True
        self._session.in_background(self._rows_now, self._show_other, lambda _: None, self._read)

    def _rows_now(self) -> tuple[RunSummary, ...]:
        self._looks += 1
        seen, self._seen = self._seen, self.library.touched
        if seen != self._seen or self._looks % _WHOLE == 0:
            return tuple(self.library.summaries())
        return tuple(self._now(row) if row.state in _OPEN else row for row in self.rows)

    def _now(self, row: RunSummary) -> RunSummary:
        try:
            return self.library.summary(row.id)
        except UserError:
            return row

    def _show_other(self, rows: tuple[RunSummary, ...]) -> None:
        if rows != self.rows:
            self._show(rows)


def _tried(
    move: Callable[[Iterable[str]], tuple[str, ...]], run_ids: tuple[str, ...]
) -> tuple[tuple[str, ...], UserError | None]:
    """Move runs; those that were moved, and why others were not."""
    try:
        return move(run_ids), None
    except NotAllMovedError as error:
        return error.moved, error


def _whole_run(run_id: str, session: TrainingSession) -> Run:
    folder = find_run(run_id, session.library)
    run = load_run(folder)
    run.id = folder.path.name
    return run
