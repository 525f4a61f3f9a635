"""What a proof says: one line for each step, with a mark and the time, and a record of it all."""

import json
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from building.program import require
from building.words import BuildError

__all__ = ["Findings", "Proof", "end_cleanly", "require", "step_line"]

Findings = dict[str, Any]
"""What a step found, by name."""


class Proof:
    """A proof while it is made.

    Args:
        name: What is proved.
        folder: Where its record and its pictures are kept; what is in it goes.
    """

    def __init__(self, name: str, folder: Path) -> None:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        self.folder = folder
        self._name = name
        self._began = time.monotonic()
        self._record: dict[str, Findings] = {}
        self._failed: list[str] = []

    @contextmanager
    def step(self, title: str, *, vital: bool = False) -> Iterator[Findings]:
        """Do something, and say whether it holds.

        Args:
            title: What holds when it is done.
            vital: Whether nothing after it can be done when it does not.

        Yields:
            Where what is found is put.
        """
        found: Findings = {}
        began = time.monotonic()
        reason = ""
        try:
            yield found
        except (BuildError, OSError, ValueError, KeyError, subprocess.TimeoutExpired) as error:
            reason = f"{error} " if isinstance(error, BuildError) else f"{type(error).__name__}: {error}"
        seconds = round(time.monotonic() - began, 2)
        self._record[title] = {"holds": not reason, "seconds": seconds, **found, **({"why": reason} if reason else {})}
        print(step_line(title, seconds, found, reason), flush=True)
        if reason:
            self._failed.append(title)
        if reason and vital:
            raise BuildError(f"{self._name}: nothing more can be proved.", "Mend that first.", status=self.end())

    def end(self) -> int:
        """Write the record, and say how it went; returns the exit status."""
        seconds = round(time.monotonic() - self._began)
        record = {"proof": self._name, "seconds": seconds, "failed": self._failed, "steps": self._record}
        text = json.dumps(record, indent=2, ensure_ascii=False)
        (self.folder / "proof.json").write_text(text + "\n", encoding="utf-8")
        done = len(self._record) - len(self._failed)
        mark = "✗" if self._failed else "✓"
        print(f"\n{mark} {self._name}: {done} of {len(self._record)} steps hold, {seconds} s in all", flush=True)
        print(f"  kept in {self.folder}", flush=True)
        return 1 if self._failed else 0


def end_cleanly() -> None:
    """From now on, when somebody ends this process, what it has unpacked goes first."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))


def step_line(title: str, seconds: float, found: Findings, reason: str) -> str:
    """The line of one step, and below it what is wrong, if something is.

    Args:
        title: What holds, or does not.
        seconds: How long it took.
        found: What it found.
        reason: Why it does not hold; empty where it does.
    """
    values = "".join(f" · {name} {value}" for name, value in found.items())
    line = f"{'✗' if reason else '✓'} {title} ({seconds:.1f} s){values}"
    return "\n    ".join([line, *reason.strip().splitlines()])
