"""The checkpoints of a run, in ``state/``: the two newest, each of them one whole file."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

from fmstudio.runs.store import RunFolder
from fmstudio.runs.writing import write_atomically

KEPT = 2
"""The newest, and one before it: a file that the disk has spoiled is never the only one."""


class States:
    """What going on needs, by step.

    Args:
        folder: Of the run.
    """

    def __init__(self, folder: RunFolder) -> None:
        self._folder = folder

    @property
    def best(self) -> Path:
        """The best weights so far, put aside while those of a part of an epoch stand in their place."""
        return self._folder.states / "best.safetensors"

    def save(self, step: int, content: bytes) -> None:
        """Keep a state, and let go of the oldest ones once it is safe.

        Raises:
            UserError: Where it cannot be written; those before it stay.
        """
        self._folder.states.mkdir(exist_ok=True)
        write_atomically(self._folder.states / f"step-{step:09d}.safetensors", content)
        for path in self.files()[KEPT:]:
            with contextlib.suppress(OSError):
                path.unlink()

    def files(self) -> list[Path]:
        """All that there are, the newest first."""
        return sorted(self._folder.states.glob("step-*.safetensors"), reverse=True)

    def contents(self) -> Iterator[bytes]:
        """What they hold, the newest first; what cannot be read is left out."""
        for path in self.files():
            with contextlib.suppress(OSError):
                yield path.read_bytes()

    def clear(self) -> None:
        """Let go of all: the run has come to its end."""
        for path in [*self.files(), self.best]:
            with contextlib.suppress(OSError):
                path.unlink()
