"""What people say of a run, and which runs belong together: ``about.json`` in its folder."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from fmstudio.runs.writing import write_atomically

FILE = "about.json"
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
    """What is said of the run in a folder; where the file is missing or broken, nothing."""
    try:
        values = json.loads((folder / FILE).read_bytes().decode(errors="replace"))
    except (OSError, ValueError, RecursionError):
        return About()
    return about_of(values) if isinstance(values, Mapping) else About()


def write_about(folder: Path, about: About) -> None:
    """Write it down.

    Raises:
        UserError: Where the folder cannot be written.
    """
    write_atomically(folder / FILE, json.dumps(asdict(about), indent=2, ensure_ascii=False) + "\n")


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
    return (
        "".join(one for one in text[:MOST_LETTERS] if one == "\n" or one.isprintable())
        if name == "note"
        else _line(text)
    )


def _line(text: str) -> str:
    """One line without control characters."""
    return "".join(one if one.isprintable() else " " for one in text[:200]).strip()
