"""The queue: runs that are to be, one after the other, and on several devices several at once."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from PySide6.QtCore import QObject, QTimer, Signal

from fmstudio import paths
from fmstudio.errors import UserError
from fmstudio.experiment.spec import ExperimentSpec
from fmstudio.runs.run import Run
from fmstudio.session.planned import Planned
from fmstudio.session.queue.devices import device_of, next_on_free_device
from fmstudio.session.queue.entry import QueueEntry, new_entry
from fmstudio.session.queue.file import QueueFile
from fmstudio.session.queue.here import QueueHere
from fmstudio.session.queue.kept import KeptEntries
from fmstudio.session.queue.pace import Paced
from fmstudio.session.queue.times import Paces, Progress, progress_of, seconds_left, spent
from fmstudio.session.queue.workers import QueueWorker, QueueWorkers
from fmstudio.session.session import State, TrainingSession
from fmstudio.words import tr


class Queue(QObject):
    """Starts the next entry whenever the session is idle; what the user starts himself goes first.

    Signals:
        changed(): Other entries, other states, or it goes on or is held.
        found(): The entries that the library has were read; until then there are none.
        moved(str): The run of that entry came further; at most once a second.
        entry_began(QueueEntry): It runs now.
        entry_ended(QueueEntry): It is done.
        group_ended(str, tuple): All entries of a group are done.
        emptied(): Nothing waits any more, and nothing runs.

    Args:
        session: Trains.

    Attributes:
        going: Whether the next entry is started by itself.
        why: Why it is held, a sentence; empty where the user held it, or nothing was begun.
        taken: What was taken out last, until it is said that it was put back; None where nothing was.
    """

    changed = Signal()
    found = Signal()
    moved = Signal(str)
    entry_began = Signal(object)
    entry_ended = Signal(object)
    group_ended = Signal(str, object)
    emptied = Signal()

    def __init__(self, session: TrainingSession, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        library = session.library or paths.library()
        self._kept = KeptEntries(QueueFile(library), session, self)
        self._workers = QueueWorkers(library, self)
        self._here = QueueHere(session, library, self._unfinished, self)
        self._devices: tuple[str, ...] = ()
        self._paces, self._paced = Paces(), Paced(parent=self)
        self._closing = False
        self.going, self.why = False, ""
        self.taken: Planned | None = None
        self._next = QTimer(self, interval=0, singleShot=True)
        self._next.timeout.connect(self._advance)
        self._connect()
        self._kept.look()

    def _connect(self) -> None:
        self._kept.changed.connect(self.changed)
        self._kept.found.connect(self.found)
        self._kept.troubled.connect(self._complain)
        self._here.changed.connect(self._put)
        self._here.began.connect(self.entry_began)
        self._here.moved.connect(self._paced.tell)
        self._paced.told.connect(self.moved)
        self._here.ended.connect(self._ended)
        self._here.doubted.connect(self._hold)
        self._here.dropped.connect(self._next.start)
        self._workers.moved.connect(self._worker_moved)
        self._workers.ended.connect(self._worker_ended)
        session = self._session
        session.state_changed.connect(self._session_moved)
        session.devices_found.connect(self._take_devices)
        session.estimated.connect(self._take_estimate)

    # What there is

    @property
    def entries(self) -> tuple[QueueEntry, ...]:
        """All entries in their order, those that are done too."""
        return self._kept.list.all

    @property
    def removed(self) -> tuple[QueueEntry, ...]:
        """What was removed last; ``put_back`` brings it again."""
        return self._kept.list.removed

    @property
    def known(self) -> bool:
        """Whether the entries that the library has were read."""
        return self._kept.known

    @property
    def pending(self) -> int:
        """How many entries wait or were interrupted."""
        return len(self._kept.list.where(lambda entry: entry.pending))

    @property
    def foreign(self) -> str:
        """Why the queue can only be looked at here, a sentence; empty where it can be changed."""
        return self._kept.foreign

    def run_of(self, entry_id: str) -> Run | None:
        """What is known of the run of an entry that is running; None of any other."""
        worker = self._workers.get(entry_id)
        if worker is not None:
            return worker.run
        here = self._here.entry
        return self._here.run if here is not None and here.id == entry_id else None

    def progress(self, entry_id: str) -> Progress:
        """Where the run of an entry stands that is running."""
        run = self.run_of(entry_id)
        return progress_of(run) if run else Progress()

    def expected(self, entry: QueueEntry) -> float | None:
        """Seconds that an entry will take; None where that is not known."""
        return self._paces.expected(entry, self.entries)

    def seconds_left(self) -> float | None:
        """Seconds until nothing waits any more; None where that is not known."""
        return seconds_left(
            (
                device_of(entry.planned.spec, self._devices),
                self.progress(entry.id).left if entry.state == "running" else self.expected(entry),
            )
            for entry in self.entries
            if not entry.done
        )

    # What the user does

    def add(self, planned: Sequence[Planned]) -> tuple[QueueEntry, ...]:
        """Put runs at the end; ``begin`` lets them begin.

        Returns:
            The entries; none where another window works on the queue, or it is full: that is said here.
        """
        made = tuple(map(new_entry, planned))
        trouble = (self._kept.gain() or self._kept.no_room(made)) if made else None
        if trouble is not None:
            self._complain(trouble)
        if trouble is not None or not made:
            return ()
        self._kept.list.all += made
        self._kept.save()
        self._next.start()
        return made

    def remove(self, *ids: str) -> None:
        """Take entries away, but none that is running; ``put_back`` undoes it."""
        if self._kept.gain() is None and self._kept.list.remove(ids):
            self._here.forget()
            self._kept.save()
            self._next.start()

    def clear_done(self) -> None:
        """Take away what is done; ``put_back`` undoes it."""
        self.remove(*(entry.id for entry in self.entries if entry.done))

    def put_back(self) -> None:
        """Undo the last removal."""
        if self._kept.gain() is None and self._kept.list.put_back():
            self._kept.save()
            self._next.start()

    def take_out(self, entry_id: str) -> Planned | None:
        """Take an entry away that waits, to go on with it in the recipe; None where there is none."""
        entry = self._kept.list.get(entry_id)
        if entry is None or entry.state != "waiting" or not self._kept.mine:
            return None
        self.remove(entry_id)
        self.taken = entry.planned
        return entry.planned

    def arrange(self, ids: Collection[str], before: int) -> None:
        """Bring entries that wait, in their order, before the row that is now at a place."""
        if self._kept.mine and self._kept.list.arrange(ids, before):
            self._kept.save()

    def begin(self) -> None:
        """Go on: start what waits, as soon as nothing else trains."""
        if self._kept.mine and self.pending:
            self.going, self.why = True, ""
            self.changed.emit()
            self._next.start()

    def hold(self) -> None:
        """Start nothing more; what is running goes on."""
        self._hold("")

    def stop(self, entry_id: str) -> None:
        """Stop the run of an entry and keep its network; the queue then waits."""
        worker = self._workers.get(entry_id)
        if worker is not None:
            worker.stop()
        elif self._here.entry is not None and self._here.entry.id == entry_id:
            self._here.stop()

    def end(self) -> None:
        """The window closes: begin nothing more, and ask the processes to stop; see ``wait``."""
        self._closing = True
        self.going = False
        self._workers.end()

    def wait(self, milliseconds: int = 2000) -> None:
        """Wait after ``end`` until the processes have ended; past that time they are ended by force."""
        self._workers.wait(milliseconds)
        self._paced.end()
        self._next.stop()
        self._kept.close()

    # What happens

    def _advance(self) -> None:
        """Start what can be started now."""
        if not self.going or self._closing or self._session.ending:
            return
        if self._kept.mine:
            self._start_next()
        elif self._kept.foreign:
            self._hold("")
        if self.going and all(entry.done for entry in self.entries):
            self.going = False
            self.changed.emit()
            self.emptied.emit()

    def _start_next(self) -> None:
        entry = self._next_here() if self._here.free else None
        if entry is not None:
            self._here.start(entry)
        if self._here.going:
            self._start_beside()

    def _unfinished(self) -> tuple[QueueEntry, ...]:
        """Entries whose run the user may continue by other means than the queue."""
        found = self._kept.list.where(lambda entry: entry.state in ("interrupted", "stopped"))
        return () if self._kept.foreign else found

    def _next_here(self) -> QueueEntry | None:
        """What the session takes next: what was interrupted comes first."""
        pending = self._kept.list.where(lambda entry: entry.pending)
        first = sorted(pending, key=lambda entry: entry.state != "interrupted")
        return next_on_free_device(first, self._workers.devices, self._devices)

    def _start_beside(self) -> None:
        """Use the devices that nothing uses, each by a process of its own."""
        current = self._here.entry
        while current is not None and len(self._devices) > 1:
            busy = {device_of(current.planned.spec, self._devices), *self._workers.devices}
            waiting = self._kept.list.where(lambda entry: entry.state == "waiting")
            entry = next_on_free_device(waiting, busy, self._devices)
            if entry is None:
                return
            begun = self._put(replace(entry, state="running", message=""))
            self._workers.start(begun, device_of(entry.planned.spec, self._devices))
            self.entry_began.emit(begun)

    def _worker_moved(self, entry_id: str) -> None:
        entry, run = self._kept.list.get(entry_id), self.run_of(entry_id)
        if entry is not None and run is not None and run.id and entry.run != run.id:
            self._put(replace(entry, run=run.id))
        self._paced.tell(entry_id)

    def _worker_ended(self, worker: QueueWorker) -> None:
        entry = self._kept.list.get(worker.entry.id)
        if entry is not None:
            ended = replace(entry, run=worker.run.id, message=worker.message, seconds=spent(worker.run))
            self._ended(replace(ended, state=worker.state))

    def _ended(self, entry: QueueEntry) -> None:
        """A run came to its end; one that ends because the window closes is continued the next time."""
        if entry.state == "stopped" and (self._closing or self._session.ending):
            entry = replace(entry, state="interrupted")
        self._put(entry)
        if entry.state == "failed":
            hint = tr("The queue goes on with the next run.") if self.going and self.pending else ""
            self._complain(UserError(tr("“{name}” failed. {reason}", name=entry.name, reason=entry.message), hint))
        if entry.state == "stopped" and self.pending and self.going:
            self._hold(tr("The queue waits: you stopped its run."))
        if entry.done:
            self.entry_ended.emit(entry)
            self._tell_group(entry.planned.about.group)
        self._next.start()

    def _tell_group(self, group: str) -> None:
        members = self._kept.list.where(lambda entry: entry.planned.about.group == group)
        if group and all(entry.done for entry in members):
            self.group_ended.emit(group, members)

    def _put(self, entry: QueueEntry) -> QueueEntry:
        if self._kept.gain() is None and self._kept.list.change(entry):
            self._kept.save()
        return entry

    def _hold(self, why: str) -> None:
        self._here.forget()
        if self.going or why != self.why:
            self.going, self.why = False, why
            self.changed.emit()

    def _complain(self, error: UserError) -> None:
        """Say it in the notice bar, which may have to be made first."""
        QTimer.singleShot(0, self, lambda: self._session.complained.emit(error))

    def _take_devices(self, devices: Sequence[object]) -> None:
        self._devices = tuple(str(getattr(device, "id", device)) for device in devices)
        self._next.start()

    def _take_estimate(self, spec: ExperimentSpec, seconds: float) -> None:
        self._paces.probe(spec, seconds)
        self.changed.emit()

    def _session_moved(self, state: State) -> None:
        self._next.start()
