"""The queue of a library on the disk: ``queue.json`` beside the runs, and who may work on it."""

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, get_args

from fmstudio.errors import UserError
from fmstudio.experiment.spec import to_mapping
from fmstudio.runs.about import about_of
from fmstudio.runs.legible import of_today
from fmstudio.runs.lock import take
from fmstudio.runs.writing import cannot_write, sync_folder, write_atomically
from fmstudio.schema.problem import InvalidSpecError
from fmstudio.session.planned import Planned
from fmstudio.session.queue.entry import EntryState, QueueEntry
from fmstudio.session.queue.reading import SpecReader
from fmstudio.words import tr, tr_n

VERSION = 1
MOST_BYTES = 50_000_000
"""What is larger is no queue, and is neither read nor written."""
_MOST_MESSAGE = 500
"""Letters of a message that are kept."""
_GROWTH = 2_500
"""Bytes that an entry may need more when it is done: for its run and its message."""
_MOST_BROKEN = 1000


@dataclass(frozen=True)
class Stored:
    """What the file holds.

    Attributes:
        entries: Those that can be read.
        trouble: What is wrong with the file, to be said; None where nothing is.
        writable: Whether it may be replaced: not one that a newer version has written.
        damaged: Whether it holds something that would be lost when it is replaced.
    """

    entries: tuple[QueueEntry, ...] = ()
    trouble: UserError | None = None
    writable: bool = True
    damaged: bool = False


class QueueFile:
    """The file, and the lock by which one window alone works on the queue; it ends with the process.

    Args:
        library: The folder that holds the runs.
    """

    def __init__(self, library: Path) -> None:
        self.path = library / "queue.json"
        self._lock = library / ".queue.lock"
        self._handle = -1
        self._texts: dict[str, tuple[QueueEntry, bytes]] = {}

    @property
    def held(self) -> bool:
        """Whether it is this window that works on the queue."""
        return self._handle >= 0

    @property
    def stamp(self) -> tuple[int, int]:
        """Another one when the file is another one; (0, 0): there is none."""
        try:
            found = self.path.stat()
        except OSError:
            return 0, 0
        return found.st_mtime_ns, found.st_size

    def take(self) -> bool:
        """Try to become the one that works on the queue.

        Raises:
            UserError: Where the library cannot be written.
        """
        if self.held:
            return True
        try:
            self._lock.parent.mkdir(parents=True, exist_ok=True)
            handle = os.open(self._lock, os.O_RDWR | os.O_CREAT, 0o644)
        except OSError as error:
            raise cannot_write(self._lock, error) from error
        if not take(handle):
            os.close(handle)
            return False
        self._handle = handle
        return True

    def release(self) -> None:
        """Let another window work on the queue."""
        if self.held:
            os.close(self._handle)
            self._handle = -1

    def read(self) -> Stored:
        """What the file holds; it is never changed by that."""
        try:
            if self.path.stat().st_size > MOST_BYTES:
                return _broken()
            values = json.loads(self.path.read_bytes().decode())
        except FileNotFoundError:
            return Stored()
        except OSError as error:
            text = tr("{path} cannot be read: {reason}.", path=str(self.path), reason=error.strerror or str(error))
            return Stored(trouble=UserError(text, tr("Check who may read it.")), writable=False)
        except (ValueError, RecursionError):
            return _broken()
        stored = _stored(values, self.path)
        self._lines(stored.entries)
        return stored

    def set_aside(self) -> Path:
        """Keep a file that is broken under another name.

        Returns:
            Where it is now: ``queue.json.broken-1``.

        Raises:
            UserError: Where the library cannot be written.
        """
        names = (self.path.with_name(f"{self.path.name}.broken-{number}") for number in range(1, _MOST_BROKEN))
        aside = next((path for path in names if not path.exists()), None)
        if aside is None:
            raise UserError(tr("There are too many broken queues in {path}.", path=str(self.path.parent)))
        try:
            self.path.rename(aside)
        except OSError as error:
            raise cannot_write(aside, error) from error
        sync_folder(self.path.parent)
        return aside

    def fits(self, entries: Sequence[QueueEntry]) -> bool:
        """Whether entries can be written, now and when they are done."""
        return sum(len(line) + _GROWTH for line in self._lines(entries)) <= MOST_BYTES

    def write(self, entries: Sequence[QueueEntry]) -> None:
        """Replace what it holds.

        Raises:
            UserError: Where it cannot be written, or could not be read again; the old content stays.
        """
        head = f'{{"version": {VERSION}, "entries": [\n'.encode()
        content = head + b",\n".join(self._lines(entries)) + b"\n]}\n"
        if len(content) > MOST_BYTES:
            raise too_much()
        write_atomically(self.path, content)

    def _lines(self, entries: Sequence[QueueEntry]) -> list[bytes]:
        """A line for each entry, made once; the window and what writes in the background may ask at the same time."""
        before, found = self._texts, dict[str, tuple[QueueEntry, bytes]]()
        for entry in entries:
            known = before.get(entry.id)
            found[entry.id] = known if known is not None and known[0] is entry else (entry, _line(entry))
        self._texts = found
        return [line for _, line in found.values()]


def too_much() -> UserError:
    """The sentence for a queue that could not be kept."""
    return UserError(
        tr("The queue is full: it could not be kept."), tr("Remove entries, or add the others when some are done.")
    )


def _line(entry: QueueEntry) -> bytes:
    return json.dumps(_written(entry), ensure_ascii=False).encode(errors="replace")


def _written(entry: QueueEntry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "state": entry.state,
        "run": entry.run,
        "message": entry.message[:_MOST_MESSAGE],
        "seconds": entry.seconds,
        "about": asdict(entry.planned.about),
        "spec": to_mapping(entry.planned.spec),
    }


def _stored(values: object, path: Path) -> Stored:
    version = values.get("version") if isinstance(values, Mapping) else None
    if isinstance(version, int) and version > VERSION:
        text = tr("The queue in {path} was written by a newer version of fmstudio.", path=str(path))
        return Stored(trouble=UserError(text, tr("Go on with it there; here it is left alone.")), writable=False)
    match values:
        case {"version": 1, "entries": list(found)}:
            return _readable(found)
    return _broken()


def _readable(found: Sequence[object]) -> Stored:
    """The entries that can be read, each id once."""
    entries: dict[str, QueueEntry] = {}
    reader = SpecReader()
    for values in found:
        entry = _entry(values, reader)
        if entry is not None:
            entries.setdefault(entry.id, entry)
    lost = len(found) - len(entries)
    if not lost:
        return Stored(tuple(entries.values()))
    text = tr_n("{count} entry of the queue cannot be read.", "{count} entries of the queue cannot be read.", lost)
    return Stored(tuple(entries.values()), UserError(text), damaged=True)


def _entry(values: object, reader: SpecReader) -> QueueEntry | None:
    """One entry; None where anything in it is not as it should be."""
    match values:
        case {
            "id": str(identity),
            "state": str(state),
            "run": str(run),
            "message": str(message),
            "seconds": int() | float() as seconds,
            "about": dict(about),
            "spec": dict(spec),
        } if identity and state in get_args(EntryState) and seconds >= 0 and Path(run).name == run:
            try:
                planned = Planned(reader.read(of_today(spec)), about_of(about))
            except (InvalidSpecError, RecursionError):
                return None
            return QueueEntry(identity, planned, _state(state), run, message, float(seconds))
    return None


def _state(text: str) -> EntryState:
    return next(state for state in get_args(EntryState) if state == text)


def _broken() -> Stored:
    return Stored(trouble=UserError(tr("The queue of this library is damaged.")), damaged=True)
