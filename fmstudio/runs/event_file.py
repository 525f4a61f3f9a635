"""``events.jsonl`` while it is written: what cannot be written waits, and is written later, in its order."""

import os
from pathlib import Path

from fmstudio.runs.journal import to_line
from fmstudio.runs.writing import cannot_write
from fmstudio.training.events import Event, Halted, PicturesWatched, SavingFailed, StepShown

_END = b"\n"
NOT_KEPT = (PicturesWatched, StepShown, Halted, SavingFailed)
"""What is for the eye of the moment."""


class EventFile:
    """Appends events, one a line; a torn line that was there is ended and left alone.

    Args:
        path: The file; made where there is none.

    Raises:
        UserError: Where it cannot be opened.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._waiting = b""
        try:
            self._handle = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o644)
            size = os.fstat(self._handle).st_size
            if size:
                os.lseek(self._handle, size - 1, os.SEEK_SET)
                self._waiting = b"" if os.read(self._handle, 1) == _END else _END
        except OSError as error:
            raise cannot_write(path, error) from error

    def append(self, event: Event) -> None:
        """Write one event down, behind all that waits.

        Raises:
            UserError: Where it cannot be written now; it waits.
        """
        if isinstance(event, NOT_KEPT):
            return
        self._waiting += to_line(event).encode() + _END
        self.flush()

    def flush(self) -> None:
        """Write what waits.

        Raises:
            UserError: Where that cannot be done now; what is left waits on.
        """
        try:
            while self._waiting:
                self._waiting = self._waiting[os.write(self._handle, self._waiting) :]
        except OSError as error:
            raise cannot_write(self._path, error) from error

    def sync(self) -> None:
        """Make it last.

        Raises:
            UserError: Where something waits, or the disk refuses.
        """
        self.flush()
        try:
            os.fsync(self._handle)
        except OSError as error:
            raise cannot_write(self._path, error) from error

    def close(self) -> None:
        """Let go of the file."""
        os.close(self._handle)
