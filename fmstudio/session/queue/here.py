"""The one entry of the queue that the session of the window trains."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from fmstudio.errors import UserError
from fmstudio.experiment.reading import read_spec
from fmstudio.experiment.spec import to_mapping
from fmstudio.runs.run import Run
from fmstudio.schema.problem import InvalidSpecError
from fmstudio.session.queue.entry import EntryState, QueueEntry
from fmstudio.session.queue.past import Past, past_of
from fmstudio.session.queue.times import spent
from fmstudio.session.session import State, TrainingSession
from fmstudio.words import tr


class QueueHere(QObject):
    """Starts an entry, or goes on with its run, and follows it to its end.

    Signals:
        changed(QueueEntry): It is in another state, or has a run now.
        began(QueueEntry): It trains.
        moved(str): The run of that entry came further.
        ended(QueueEntry): It does not train any more: its state says why.
        doubted(str): It was not begun before the user was asked: the question.
        dropped(): It was not begun, because something else came in between.

    Args:
        session: Trains.
        library: The folder that holds the runs.
        unfinished: The entries whose runs the user may continue by other means.

    Attributes:
        entry: The one that trains; None where none does.
    """

    changed = Signal(object)
    began = Signal(object)
    moved = Signal(str)
    ended = Signal(object)
    doubted = Signal(str)
    dropped = Signal()

    def __init__(
        self,
        session: TrainingSession,
        library: Path,
        unfinished: Callable[[], Sequence[QueueEntry]],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._library, self._unfinished = session, library, unfinished
        self.entry: QueueEntry | None = None
        self._looking = False
        self._sought = self._asked = ""
        session.run_changed.connect(self._run_changed)
        session.run_ended.connect(self._run_ended)

    @property
    def free(self) -> bool:
        """Whether an entry can be started now."""
        return self.entry is None and not self._looking and self._session.state is State.IDLE

    @property
    def going(self) -> bool:
        """Whether an entry trains, and is neither held nor about to end."""
        return self.entry is not None and self._session.state in (State.PREPARING, State.RUNNING)

    @property
    def run(self) -> Run | None:
        """What is known of the entry's run; None where none trains."""
        return self._session.run if self.entry else None

    def start(self, entry: QueueEntry) -> None:
        """Train an entry; of one that was interrupted it is first found out what became of its run."""
        if entry.state == "interrupted":
            self._look_back(entry)
        else:
            self._begin(entry, None)

    def forget(self) -> None:
        """Do not start what is still being looked at."""
        self._sought = ""

    def stop(self) -> None:
        """Stop the run, and keep its network."""
        if self.entry is not None:
            self._session.stop()

    def _begin(self, entry: QueueEntry, run: Run | None) -> None:
        begun = replace(entry, state="running", run=run.id if run else "", message="")
        self.entry, self._asked = begun, ""
        self.changed.emit(begun)
        try:
            if run:
                self._session.resume(run)
            else:
                read_spec(to_mapping(entry.planned.spec))  # the file of the queue was read quickly
                self._session.start(entry.planned.spec, entry.planned.about)
        except (UserError, InvalidSpecError) as error:
            self.entry = None
            self.ended.emit(replace(begun, state="failed", message=str(error)))
        else:
            self.began.emit(begun)

    def _look_back(self, entry: QueueEntry) -> None:
        self._looking, self._sought = True, entry.id
        library = self._library

        def failed(error: UserError) -> None:
            self.ended.emit(replace(entry, state="failed", message=str(error)))

        def after() -> None:
            self._looking = False

        self._session.in_background(
            lambda: past_of(entry.run, library), lambda past: self._go_on(entry, past), failed, after
        )

    def _go_on(self, entry: QueueEntry, past: Past) -> None:
        """Continue a run, unless it ended by itself meanwhile; where something is not as it was, ask first."""
        run, end = past.run, past.run.ended if past.run else None
        if run and end and end.status != "stopped":
            self.ended.emit(replace(entry, state=end.status, message=end.message, seconds=spent(run)))
        elif self._sought != entry.id or not self.free:
            self.dropped.emit()
        elif past.differences and self._asked != entry.id:
            self._asked = entry.id
            values = {"name": entry.name, "differences": " ".join(past.differences)}
            self.doubted.emit(tr("Go on with “{name}”? It would not be exactly as before. {differences}", **values))
        else:
            self._begin(entry, run)

    def _run_changed(self, run: Run) -> None:
        if self.entry is None:
            self._adopt(run)
        if self.entry is None:
            return
        if run.id and self.entry.run != run.id:
            self.entry = replace(self.entry, run=run.id)
            self.changed.emit(self.entry)
        self.moved.emit(self.entry.id)

    def _adopt(self, run: Run) -> None:
        """Take over an entry whose run the user continues by other means."""
        found = [entry for entry in self._unfinished() if run.id and entry.run == run.id]
        if found and self._session.state is not State.IDLE:
            self.entry = replace(found[0], state="running")
            self.changed.emit(self.entry)

    def _run_ended(self, run: Run) -> None:
        entry, self.entry = self.entry, None
        if entry is not None:
            status: EntryState = run.ended.status if run.ended else "failed"
            message = run.ended.message if run.ended else ""
            self.ended.emit(replace(entry, state=status, run=run.id or entry.run, message=message, seconds=spent(run)))
