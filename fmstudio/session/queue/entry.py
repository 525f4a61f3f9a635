"""What waits in the queue: entries, and their order. No Qt, no files."""

import secrets
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from typing import Literal

from fmstudio.session.planned import Planned

EntryState = Literal["waiting", "running", "finished", "stopped", "failed", "interrupted"]
"""``interrupted``: it was running when the window was closed or the process died; it goes on before the others."""

DONE: Collection[EntryState] = ("finished", "stopped", "failed")
PENDING: Collection[EntryState] = ("waiting", "interrupted")


@dataclass(frozen=True)
class QueueEntry:
    """One run that is to be, goes on, or was.

    Attributes:
        id: Of the entry, never used twice.
        planned: What is to be done.
        state: See ``EntryState``.
        run: The run's id, from the moment at which it has one.
        message: Why it failed, a sentence; may be empty.
        seconds: How long it computed, once it is done; 0 before.
    """

    id: str
    planned: Planned
    state: EntryState = "waiting"
    run: str = ""
    message: str = ""
    seconds: float = 0.0

    @property
    def name(self) -> str:
        """What its run is or will be called; may be empty."""
        return self.planned.about.name or self.planned.spec.name

    @property
    def done(self) -> bool:
        """Whether nothing more happens to it."""
        return self.state in DONE

    @property
    def pending(self) -> bool:
        """Whether it is still to be done, or to be continued."""
        return self.state in PENDING


def new_entry(planned: Planned) -> QueueEntry:
    """An entry that waits."""
    return QueueEntry(secrets.token_hex(8), planned)


class EntryList:
    """The entries in their order; what was removed can be put back."""

    def __init__(self, entries: Iterable[QueueEntry] = ()) -> None:
        self.all: tuple[QueueEntry, ...] = tuple(entries)
        self._removed: list[tuple[tuple[QueueEntry, ...], tuple[str, ...]]] = []

    @property
    def removed(self) -> tuple[QueueEntry, ...]:
        """What was removed last and can be put back."""
        return self._removed[-1][0] if self._removed else ()

    def get(self, entry_id: str) -> QueueEntry | None:
        """The entry of that id; None where there is none."""
        return next((entry for entry in self.all if entry.id == entry_id), None)

    def where(self, wanted: Callable[[QueueEntry], bool]) -> tuple[QueueEntry, ...]:
        """Those of a kind, in order."""
        return tuple(entry for entry in self.all if wanted(entry))

    def change(self, changed: QueueEntry) -> bool:
        """Put an entry in the place of the one of its id; whether that changes anything."""
        before = self.all
        self.all = tuple(changed if entry.id == changed.id else entry for entry in before)
        return self.all != before

    def remove(self, ids: Collection[str]) -> tuple[QueueEntry, ...]:
        """Take entries away, but none that is running; ``put_back`` brings them again."""
        gone = self.where(lambda entry: entry.id in ids and entry.state != "running")
        if gone:
            self._removed.append((gone, tuple(entry.id for entry in self.all)))
            taken = {entry.id for entry in gone}
            self.all = tuple(entry for entry in self.all if entry.id not in taken)
        return gone

    def put_back(self) -> tuple[QueueEntry, ...]:
        """Bring back what was removed last, each entry behind those that stood before it."""
        if not self._removed:
            return ()
        gone, order = self._removed.pop()
        for entry in gone:
            before = order[: order.index(entry.id)]
            at = max((place + 1 for place, one in enumerate(self.all) if one.id in before), default=0)
            self.all = (*self.all[:at], entry, *self.all[at:])
        return gone

    def arrange(self, ids: Collection[str], before: int) -> bool:
        """Bring waiting entries, in their order, before the row that is now at a place; whether that changes anything.

        Args:
            ids: Of the entries; those that do not wait stay where they are.
            before: A place in the list; its length: at the end.
        """
        moving = self.where(lambda entry: entry.id in ids and entry.state == "waiting")
        taken = {entry.id for entry in moving}
        head = tuple(entry for entry in self.all[:before] if entry.id not in taken)
        tail = tuple(entry for entry in self.all[before:] if entry.id not in taken)
        old, self.all = self.all, (*head, *moving, *tail)
        return self.all != old


def interrupted(entry: QueueEntry) -> QueueEntry:
    """An entry of a window that is gone: what was running there was interrupted."""
    return replace(entry, state="interrupted") if entry.state == "running" else entry
