"""The entries of the queue as they are kept: in the library's file, by the one window that works on them."""

from collections.abc import Iterable, Sequence
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

from fmstudio.errors import UserError
from fmstudio.session.queue.entry import EntryList, QueueEntry, interrupted
from fmstudio.session.queue.file import QueueFile, Stored, too_much
from fmstudio.session.queue.saver import QueueSaver
from fmstudio.session.session import TrainingSession
from fmstudio.words import tr

LOOK_MS = 2000
"""How often a window that does not work on the queue looks what another one has done."""
_NO_FILE = (0, 0)
_NEVER = (-1, -1)

Stamp = tuple[int, int]


class KeptEntries(QObject):
    """Entries that survive the window; one window at a time changes them, the others follow.

    The window that has begun something keeps the lock until nothing is to be done any more. The file is read and
    written in the background.

    Signals:
        changed(): Other entries, or another one works on them.
        found(): The file was read for the first time.
        troubled(UserError): The file cannot be read or written.

    Args:
        file: Where they are kept.
        session: Does what is done in the background.

    Attributes:
        list: The entries; whoever changes them asks ``gain`` before that, and calls ``save`` behind it.
        foreign: Why they cannot be changed here, a sentence; empty where they can.
        mine: Whether this window works on them.
        known: Whether the file was read.
    """

    changed = Signal()
    found = Signal()
    troubled = Signal(object)

    def __init__(self, file: QueueFile, session: TrainingSession, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.list = EntryList()
        self.foreign, self.mine, self.known = "", False, False
        self._file, self._session = file, session
        self._stamp: Stamp = _NEVER
        self._left_alone = self._reading = self._closed = False
        self._saver = QueueSaver(file, session, self)
        self._saver.saved.connect(self._saved)
        self._saver.failed.connect(self.troubled)
        self._timer = QTimer(self, interval=LOOK_MS)
        self._timer.timeout.connect(self.look)
        self._resting = QTimer(self, interval=0, singleShot=True)
        self._resting.timeout.connect(self._rest)

    def look(self) -> None:
        """Read what there is; where nobody works on it although something is to be done, this window does now."""
        self._timer.start()
        stamp = self._file.stamp
        if self.mine or self._reading or self._closed or (stamp == self._stamp and not self._may_take_over):
            return
        if stamp == _NO_FILE:
            self._stamp, self._left_alone = stamp, False
            self._show((), "")
            self._know()
            return
        try:
            held = self._file.take()
        except UserError as error:
            self._leave_alone(error)
            return
        if stamp != self._stamp:
            self._read()
        elif held:
            self._own(self.list.all)

    def gain(self) -> UserError | None:
        """Become at once the one that works on the entries, because some are to be changed.

        Returns:
            Why that cannot be; None where it can.
        """
        if self.mine:
            return None
        if self._closed:
            return UserError(tr("The queue cannot be changed now."))
        try:
            if not self._file.take():
                self.look()
                return UserError(tr("Another window works on this queue."), tr("Add the runs there."))
            stamp = self._file.stamp
            if stamp == self._stamp and not self._left_alone:
                self._own(self.list.all)
            else:
                self._accept(stamp, self._file.read())
        except UserError as error:
            self._file.release()
            return error
        self._know()
        return None

    def no_room(self, more: Sequence[QueueEntry]) -> UserError | None:
        """Why so many more entries could not be kept; None where they can."""
        return None if self._file.fits((*self.list.all, *more)) else too_much()

    def save(self) -> None:
        """Tell of the change, and write the entries down; where that fails it is said once."""
        if self.mine:
            self._saver.save(self.list.all)
        self.changed.emit()

    def close(self) -> None:
        """Let another window work on them, once all is written down."""
        self._timer.stop()
        self._resting.stop()
        self._closed = True
        if self.mine:
            self._saver.flush()
        self.mine = False
        self._file.release()

    @property
    def _may_take_over(self) -> bool:
        """Whether it matters that the window which works on them may be gone."""
        return not self._left_alone and (bool(self.foreign) or not self._all_done)

    @property
    def _all_done(self) -> bool:
        return all(entry.done for entry in self.list.all)

    def _read(self) -> None:
        self._reading = True
        stamp = self._file.stamp
        self._session.in_background(
            self._file.read, partial(self._have_read, stamp), self._leave_alone, self._end_reading
        )

    def _end_reading(self) -> None:
        self._reading = False

    def _have_read(self, stamp: Stamp, stored: Stored) -> None:
        """Show what was read, unless the user was faster."""
        if self.mine or self._closed:
            return
        try:
            if self._file.held:
                self._accept(stamp, stored)
            else:
                self._stamp, self._left_alone = stamp, False
                self._show(stored.entries, tr("Another window works on this queue."))
        except UserError as error:
            self._leave_alone(error)
        self._know()

    def _accept(self, stamp: Stamp, stored: Stored) -> None:
        """Take over what the file holds; what was done before this window began is not shown any more.

        Raises:
            UserError: Where it must be left alone.
        """
        if stored.trouble is not None:
            self._settle(stored, stored.trouble)
        first, self._stamp, self._left_alone = self._stamp == _NEVER, stamp, False
        old = first and all(entry.done for entry in stored.entries)
        self._own(() if old else stored.entries, damaged=stored.damaged)

    def _own(self, entries: Sequence[QueueEntry], *, damaged: bool = False) -> None:
        """Work on entries, as long as there is something to be done."""
        owned = tuple(map(interrupted, entries))
        self.mine = True
        self._show(owned, "")
        if damaged or owned != tuple(entries):
            self.save()
        self._resting.start()

    def _saved(self) -> None:
        self._stamp = self._file.stamp
        self._resting.start()

    def _rest(self) -> None:
        """Let other windows add something where nothing is to be done here; what is done stays in sight."""
        if self.mine and self._all_done and not self._saver.busy:
            self.mine = False
            self._file.release()

    def _settle(self, stored: Stored, trouble: UserError) -> None:
        """Put a file that is broken aside, and say so.

        Raises:
            UserError: Where it must be left alone.
        """
        if not stored.writable:
            raise trouble
        aside = self._file.set_aside()
        self.troubled.emit(UserError(trouble.message, tr("It was kept as {file}.", file=str(aside))))

    def _leave_alone(self, error: UserError) -> None:
        """Do nothing with the file until it is another one, or the user asks for it."""
        self._file.release()
        self._stamp = self._file.stamp
        if not self._left_alone or str(error) != self.foreign:
            self._left_alone = True
            self._show((), str(error))
            self.troubled.emit(error)
        self._know()

    def _know(self) -> None:
        if not self.known:
            self.known = True
            self.found.emit()

    def _show(self, entries: Iterable[QueueEntry], foreign: str) -> None:
        entries = tuple(entries)
        if (entries, foreign) != (self.list.all, self.foreign):
            if entries != self.list.all:
                self.list = EntryList(entries)
            self.foreign = foreign
            self.changed.emit()
