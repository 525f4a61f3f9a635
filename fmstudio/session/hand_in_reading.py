"""Reads what figures say of themselves, in the background, some at a time."""

from collections import Counter
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from shiboken6 import isValid

from fmstudio.data.safetensors_header import shown_name
from fmstudio.export.figures import read_facts
from fmstudio.insight.hand_in import HandedIn, HandIn, handed_in
from fmstudio.session.opening import too_deep
from fmstudio.session.session import TrainingSession
from fmstudio.words import tr

CHUNK = 16
"""So many files are read at first; what is known is shown in between."""

MOST_FILES = 1000


class HandInReading(QObject):
    """Reads files one after the other.

    Attributes:
        handed_in: What is known now.
        waiting: How many files are still to be read.
        left_out: How many were too many.

    Signals:
        changed(): More is known.
    """

    changed = Signal()

    def __init__(self, session: TrainingSession, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.handed_in = HandedIn()
        self.left_out = 0
        self._session = session
        self._all: list[HandIn] = []
        self._turn = 0

    @property
    def waiting(self) -> int:
        """How many files are still to be read."""
        return len(self._all) - len(self.handed_in.items)

    def read(self, paths: Sequence[Path]) -> None:
        """Read other files; those before are forgotten."""
        self._turn += 1
        paths = list(dict.fromkeys(paths))
        self.left_out = max(0, len(paths) - MOST_FILES)
        self._all = named(paths[:MOST_FILES])
        self._take(self._turn, HandedIn())

    def _take(self, turn: int, known: HandedIn) -> None:
        """Show what is known, and read on: each time twice as many, so that little is compared often."""
        if turn != self._turn or not isValid(self):
            return
        self.handed_in = known
        self.changed.emit()
        done = len(known.items)
        chunk = self._all[done : done + max(CHUNK, done)]
        if chunk:
            self._session.in_background(partial(_read_on, known.items, chunk), partial(self._take, turn))


def _read_on(known: Sequence[HandIn], waiting: Sequence[HandIn]) -> HandedIn:
    """Read some more, and compare all."""
    return handed_in([*known, *(read_one(item) for item in waiting)])


def named(paths: Sequence[Path]) -> list[HandIn]:
    """Files that are not read yet, each with a name of its own."""
    often = Counter(path.name for path in paths)
    return [HandIn(path=path, file=shown_name(path) if often[path.name] == 1 else _with_folder(path)) for path in paths]


def _with_folder(path: Path) -> str:
    return f"{shown_name(path.parent)}/{shown_name(path)}"


def read_one(item: HandIn) -> HandIn:
    """What one file says."""
    facts = read_facts(item.path)
    if facts is None:
        return HandIn(path=item.path, file=item.file, problem=_why_not(item.path))
    if too_deep(facts.spec):
        return HandIn(path=item.path, file=item.file, problem=tr("holds brackets that are nested too deeply"))
    return HandIn(
        path=item.path, file=item.file, run=facts.run, name=facts.name, spec=facts.spec, seed=facts.seed,
        version=facts.version, data=facts.data, figures=facts.figures,
    )  # fmt: skip


def _why_not(path: Path) -> str:
    try:
        with path.open("rb") as file:
            if not file.read(1):
                return tr("is empty")
    except OSError as error:
        return tr("cannot be read: {reason}", reason=error.strerror or str(error))
    return tr("does not say which run it shows")
