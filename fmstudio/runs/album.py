"""The weights after each epoch, up to a limit: of a long run every second, every fourth … epoch stays."""

import contextlib
import os
from collections.abc import Iterable

from fmstudio.runs.store import RunFolder
from fmstudio.runs.writing import write_atomically


class Album:
    """Keeps weights of epochs beside a run.

    Args:
        folder: Of the run; its ``last`` are the weights that are kept.
        limit: Bytes that all of them may take; 0 keeps none.
    """

    def __init__(self, folder: RunFolder, limit: int) -> None:
        self._folder, self._limit = folder, limit
        self._sizes: dict[int, int] = {}
        self._seen = 0
        self._newest = -1
        self._stride = 1

    def resume(self, epochs: Iterable[int]) -> None:
        """Go on after some epochs, in order."""
        for epoch in epochs:
            path, place = self._folder.epoch_weights(epoch), self._seen
            self._seen, self._newest = self._seen + 1, epoch
            size = path.stat().st_size if path.is_file() else 0
            if place % self._stride or not size or size > self._limit:
                continue
            self._sizes[epoch] = size
            while sum(self._sizes.values()) > self._limit:
                self._thin()

    def keep(self, epoch: int, content: bytes) -> None:
        """Keep the weights after an epoch, which were just written as the last ones; may be tried again.

        Args:
            epoch: From 0.
            content: Of the file of the last weights.
        """
        if epoch != self._newest:
            self._seen, self._newest = self._seen + 1, epoch
        if (self._seen - 1) % self._stride or len(content) > self._limit:
            return
        self._write(epoch, content)
        self._sizes[epoch] = len(content)
        while sum(self._sizes.values()) > self._limit:
            self._thin()

    def _write(self, epoch: int, content: bytes) -> None:
        """A second name of the file costs nothing; where there can be none it is written again."""
        target = self._folder.epoch_weights(epoch)
        target.parent.mkdir(exist_ok=True)
        try:
            target.unlink(missing_ok=True)
            os.link(self._folder.last, target)
        except OSError:
            write_atomically(target, content)

    def _thin(self) -> None:
        """Let go of every second one; the first, that of the untrained network, stays the longest."""
        self._stride *= 2
        for epoch in list(self._sizes)[1::2]:
            del self._sizes[epoch]
            with contextlib.suppress(OSError):
                self._folder.epoch_weights(epoch).unlink()
