"""The figures of a run from its ``events.jsonl``, without its losses: fast, and going on where it stopped reading."""

import math
import re
from dataclasses import dataclass, field, fields
from pathlib import Path

from fmstudio.runs.journal import from_line
from fmstudio.runs.legible import open_plain
from fmstudio.runs.run import Run
from fmstudio.runs.soundness import UNREADABLE, is_number, is_sound
from fmstudio.training.events import EpochEnded, RunEnded, RunResumed, RunStarted

_KIND = re.compile(rb'\s*\{"event": ?"(\w+)"')
_STEP = re.compile(rb'\s*\{"event": ?"StepsTaken", ?"step": ?(\d{1,15})\b')
_SECONDS = re.compile(rb'"seconds": ?([0-9.eE+-]{1,30})\}\s*$')
_TOLD = {kind.__name__.encode() for kind in (RunStarted, EpochEnded, RunResumed, RunEnded)}
_LONGEST = 64_000_000
"""No line is longer; what is, is not of this program."""


@dataclass
class Skim:
    """What is known of a run's course after the lines read so far; ``advance`` reads those that came since.

    Attributes:
        run: The fold over everything but the steps.
        step: Steps taken.
        seconds: Of training.
        offset: Bytes read.
        strange: Whether there are lines that are no events.
    """

    run: Run = field(default_factory=Run)
    step: int = 0
    seconds: float = 0.0
    offset: int = 0
    strange: bool = False

    def advance(self, path: Path) -> None:
        """Read on; a torn last line waits until it is whole.

        Raises:
            OSError: Where the file cannot be read.
        """
        with open_plain(path) as file:
            file.seek(self.offset)
            for line in iter(lambda: file.readline(_LONGEST), b""):
                if line.endswith(b"\n") or self._whole(line):
                    self.offset += len(line)
                    self._take(line)
                elif len(line) >= _LONGEST:
                    self.offset += len(line)
                    self.strange = True
                elif not line.lstrip().startswith(b'{"event"'[: len(line.lstrip())]):
                    self.strange = True

    @property
    def status(self) -> str:
        """How it ended; empty where it has not."""
        return self.run.ended.status if self.run.ended else ""

    @property
    def epochs(self) -> int:
        """How many epochs were gone through; not every one of them was evaluated."""
        last = self.run.epochs[-1] if self.run.epochs else None
        return 0 if last is None else last.epoch if last.complete else max(0, last.epoch - 1)

    def figures(self, event: EpochEnded | None) -> dict[str, float]:
        """All finite numbers that an epoch ended with."""
        if event is None:
            return {}
        values = {one.name: getattr(event, one.name) for one in fields(event)}
        return {name: value for name, value in values.items() if is_number(value) and math.isfinite(value)}

    def _whole(self, line: bytes) -> bool:
        """Whether a last line lacks only its end."""
        try:
            from_line(line.decode(errors="replace"))
        except UNREADABLE:
            return False
        return True

    def _take(self, line: bytes) -> None:
        found = _KIND.match(line)
        if found is None:
            self.strange = self.strange or bool(line.strip())
        elif found[1] == b"StepsTaken":
            self._take_steps(line)
        elif found[1] in _TOLD:
            self._take_event(line)

    def _take_steps(self, line: bytes) -> None:
        step, seconds = _STEP.match(line), _SECONDS.search(line, max(0, len(line) - 60))
        if step is not None and seconds is not None:
            self.step = int(step[1])
            self.seconds = _float(seconds[1], self.seconds)

    def _take_event(self, line: bytes) -> None:
        try:
            event = from_line(line.decode(errors="replace"))
        except UNREADABLE:
            self.strange = True
            return
        if type(event).__name__.encode() not in _TOLD or not is_sound(event):
            self.strange = True
            return
        self.run.apply(event)
        if isinstance(event, RunResumed):
            self.step = min(self.step, max(0, event.step))
        elif isinstance(event, RunStarted):  # anew, where it is not the first
            self.step = 0


def _float(text: bytes, otherwise: float) -> float:
    try:
        value = float(text)
    except ValueError:
        return otherwise
    return value if math.isfinite(value) else otherwise
