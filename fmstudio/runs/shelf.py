"""The folders of runs below one folder, each read once and then only when its files have changed."""

import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from fmstudio.runs.index import Index, Stored
from fmstudio.runs.reading import Reading, from_text, read_run, stamp_of, summary_of, to_text
from fmstudio.runs.skim import Skim
from fmstudio.runs.summary import RunSummary

_MANY = 1000


@dataclass
class _Known:
    """What is remembered of one run."""

    stamp: str
    reading: Reading
    summary: RunSummary
    skim: Skim | None = None


@dataclass
class Shelf:
    """Reads summaries. Not to be used by two threads at once.

    Args:
        root: The folder that holds the folders of runs.
        index: Where what was read is kept for the next start; None: nowhere.
    """

    root: Path
    index: Index | None = None
    _known: dict[str, _Known] = field(default_factory=dict)
    _opened: bool = False

    def summaries(self) -> list[RunSummary]:
        """All runs, newest first; what is no run is left alone.

        Raises:
            OSError: Where the folder cannot be read.
        """
        names = folder_names(self.root)
        stamps = {name: stamp for name in names if (stamp := stamp_of(f"{self.root}/{name}"))}
        gone = self._known.keys() - stamps.keys()
        for name in gone:
            del self._known[name]
        missing = [name for name, stamp in stamps.items() if not self._holds(name, stamp)]
        stored = self._stored()
        with _without_collecting(len(missing) >= _MANY):
            for name in missing:
                self._look(name, stamps[name], stored.get(name, ("", "")))
        if self.index is not None:
            self.index.write(self._new(missing, stored), gone | (stored.keys() - stamps.keys()))
        found = [self._now(name) for name in stamps]
        return sorted(found, key=lambda row: (row.created, row.id), reverse=True)

    def summary(self, name: str) -> RunSummary | None:
        """One run, as it is now; None where there is none."""
        stamp = stamp_of(f"{self.root}/{name}")
        if not stamp:
            self._known.pop(name, None)
            return None
        if not self._holds(name, stamp):
            self._look(name, stamp, ("", ""))
        return self._now(name)

    def forget(self, name: str) -> None:
        """Read a run anew the next time."""
        self._known.pop(name, None)

    def _holds(self, name: str, stamp: str) -> bool:
        known = self._known.get(name)
        return known is not None and known.stamp == stamp and not known.reading.problem

    def _look(self, name: str, stamp: str, stored: Stored) -> None:
        """Take what was stored where it is of this state of the files, or read them."""
        reading = from_text(stored[1]) if stored[0] == stamp else None
        skim = None
        if reading is None:
            skim = self._skim(name)
            reading = read_run(self.root / name, skim)
        old = self._known.get(name)
        same = old is not None and old.reading == reading
        summary = summary_of(reading, self._path(name), old.summary if old is not None and same else None)
        going = skim if summary.state in ("running", "interrupted") else None
        self._known[name] = _Known(stamp, reading, summary, going)

    def _skim(self, name: str) -> Skim:
        """Go on reading where the last look stopped; from the start where the file has become shorter."""
        known = self._known.get(name)
        if known is None or known.skim is None:
            return Skim()
        try:
            return known.skim if (self.root / name / "events.jsonl").stat().st_size >= known.skim.offset else Skim()
        except OSError:
            return Skim()

    def _path(self, name: str) -> str:
        return os.path.join(self.root, name)  # noqa: PTH118 — of 10,000 runs: a Path takes ten times as long

    def _now(self, name: str) -> RunSummary:
        known = self._known[name]
        if known.summary.state in ("finished", "failed"):
            return known.summary
        known.summary = summary_of(known.reading, self._path(name), known.summary)
        return known.summary

    def _stored(self) -> dict[str, Stored]:
        """What the index holds; it is read once, what changes after that is read from the folders."""
        if self._opened or self.index is None:
            return {}
        self._opened = True
        return self.index.read()

    def _new(self, looked: list[str], stored: dict[str, Stored]) -> dict[str, Stored]:
        """What the index should hold of the runs that were looked at, and does not."""
        new = {}
        for name in looked:
            known = self._known[name]
            lasts = not known.reading.problem and known.summary.state != "running" and name.isprintable()
            if lasts and stored.get(name, ("",))[0] != known.stamp:
                new[name] = (known.stamp, to_text(known.reading))
        return new


@contextmanager
def _without_collecting(on: bool) -> Iterator[None]:
    """Make many lasting objects without looking for garbage after every few of them."""
    on = on and gc.isenabled()
    if on:
        gc.disable()
    try:
        yield
    finally:
        if on:
            gc.enable()


def folder_names(root: Path) -> list[str]:
    """The folders below one, without hidden ones; none where there is no such folder.

    Raises:
        OSError: Where it cannot be read.
    """
    try:
        with os.scandir(root) as entries:
            return [one.name for one in entries if not one.name.startswith(".") and _is_folder(one)]
    except (FileNotFoundError, NotADirectoryError):
        return []


def _is_folder(entry: "os.DirEntry[str]") -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False
