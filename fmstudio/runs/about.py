"""What people say of a run, and which runs belong together: ``about.json`` in its folder."""

import json
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

from fmstudio.errors import UserError
from fmstudio.runs.legible import IllegibleError, plain_line, read_bytes
from fmstudio.runs.lock import take
from fmstudio.runs.writing import cannot_write, write_atomically
from fmstudio.words import tr

FILE = "about.json"
LOCK = ".about.lock"
"""Held while somebody reads what is said of a run and writes it anew; not the lock of a run that is being trained."""
PATIENCE_SECONDS = 5.0
"""How long another window may take for that."""
_LOOK_SECONDS = 0.01
MOST_LETTERS = 20_000
"""Of a note; what is longer is cut off when it is read."""


@dataclass(frozen=True)
class About:
    """Everything here may change after the run has ended; nothing of it changes what the run did.

    Attributes:
        name: What the user calls the run; empty: as its spec is named.
        note: Any text, several lines; shown as plain text.
        tags: Words to find it by.
        star: Whether it is marked.
        group: The same for runs that were planned together (a sweep, a repetition); empty for a run of its own.
        group_name: What the group is called: "Learning rate: 5 values".
        varied: The paths that differ within the group: ``("optimizer.lr",)``.
    """

    name: str = ""
    note: str = ""
    tags: tuple[str, ...] = ()
    star: bool = False
    group: str = ""
    group_name: str = ""
    varied: tuple[str, ...] = ()


def read_about(folder: Path) -> About:
    """What is said of the run in a folder; where the file is missing, broken, too large or no plain file, nothing."""
    try:
        values = json.loads(read_bytes(folder / FILE).decode(errors="replace"))
    except (IllegibleError, ValueError, RecursionError):
        return About()
    return about_of(values) if isinstance(values, Mapping) else About()


def write_about(folder: Path, about: About) -> None:
    """Write it down.

    Raises:
        UserError: Where the folder cannot be written.
    """
    write_atomically(folder / FILE, json.dumps(asdict(about), indent=2, ensure_ascii=False) + "\n")


def change_about(folder: Path, before: About, after: About) -> About:
    """Write down what somebody changed, beside what others have said of the run meanwhile.

    Args:
        folder: Of the run.
        before: What was known of it by the one who changed something; may be old.
        after: What shall be said in its place.

    Returns:
        What is said of the run now.

    Raises:
        UserError: Where the folder cannot be written, or another program does not let go of it.
    """
    with _alone(folder):
        said = merged(read_about(folder), about_of(asdict(before)), about_of(asdict(after)))
        write_about(folder, said)
    return said


def merged(present: About, before: About, after: About) -> About:
    """What is said now, with only those fields replaced that somebody changed; tags are added and taken away."""
    pairs = {field.name: (getattr(before, field.name), getattr(after, field.name)) for field in fields(About)}
    changes = {name: new for name, (old, new) in pairs.items() if old != new}
    if "tags" in changes and present.tags != before.tags:
        kept = [tag for tag in present.tags if tag in after.tags or tag not in before.tags]
        added = [tag for tag in after.tags if tag not in before.tags]
        changes["tags"] = tuple(dict.fromkeys([*kept, *added]))
    return replace(present, **changes)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Let nobody else say something of a run meanwhile; the lock ends with the process."""
    try:
        flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
        handle = os.open(folder / LOCK, flags, 0o644)
    except OSError as error:
        raise cannot_write(folder / FILE, error) from error
    try:
        end = time.monotonic() + PATIENCE_SECONDS
        while not take(handle):
            if time.monotonic() > end:
                message = tr("Another program is just changing what is said of run {run}.", run=plain_line(folder.name))
                raise UserError(message, tr("Try again, or close the other one."))
            time.sleep(_LOOK_SECONDS)
        yield
    finally:
        os.close(handle)


def about_of(values: Mapping[str, Any]) -> About:
    """What JSON values say; whatever is of another kind than it should be is left out."""
    taken: dict[str, Any] = {}
    for field in fields(About):
        value = values.get(field.name)
        if isinstance(field.default, tuple) and isinstance(value, list | tuple):
            taken[field.name] = tuple(_line(one) for one in value if isinstance(one, str))
        elif isinstance(value, type(field.default)) and not isinstance(field.default, tuple):
            taken[field.name] = _plain(value, field.name) if isinstance(value, str) else value
    return About(**taken)


def _plain(text: str, name: str) -> str:
    if name != "note":
        return _line(text)
    lines = text[:MOST_LETTERS].replace("\r\n", "\n")
    return "".join(one if one == "\n" or one.isprintable() else " " for one in lines)


def _line(text: str) -> str:
    """One line without control characters."""
    return "".join(one if one.isprintable() else " " for one in text[:200]).strip()
