"""A run's folder is locked by the operating system while it is written; the lock ends with the process."""

import os
import sys
import time
from pathlib import Path
from types import TracebackType

from fmstudio.errors import UserError
from fmstudio.runs.writing import cannot_write
from fmstudio.words import tr

FILE = ".lock"


class FolderLock:
    """Held while a run is written; two windows and a command line may use one library at the same time.

    Args:
        folder: Of the run.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._handle = -1

    def __enter__(self) -> "FolderLock":
        """Take the lock.

        Raises:
            UserError: Where another process writes this run, or the folder cannot be written.
        """
        try:
            self._handle = os.open(self._folder / FILE, os.O_RDWR | os.O_CREAT, 0o644)
        except OSError as error:
            raise cannot_write(self._folder / FILE, error) from error
        tries = 10  # another one may just be looking whether it is locked
        while not (taken := take(self._handle)) and (tries := tries - 1):
            time.sleep(0.02)
        if not taken:
            os.close(self._handle)
            self._handle = -1
            message = tr("Run {run} is going on in another window or command line.", run=self._folder.name)
            raise UserError(message, tr("Stop it there first."))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let go."""
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1


def is_locked(folder: Path) -> bool:
    """Whether a process is writing this run now."""
    try:
        handle = os.open(folder / FILE, os.O_RDWR)
    except OSError:
        return False
    try:
        return not take(handle)
    finally:
        os.close(handle)


if sys.platform == "win32":
    import msvcrt

    def take(handle: int) -> bool:
        """Lock an open file, unless another process has; see the other one."""
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
else:
    import fcntl

    def take(handle: int) -> bool:
        """Lock an open file, unless another process has.

        Returns:
            Whether it is locked now by us; also where the file system knows no locks.
        """
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:  # a file system that knows no locks
            return True
        return True
