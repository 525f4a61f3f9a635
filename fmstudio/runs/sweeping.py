"""Sweeping up what a program that was killed has left in a library: files and folders that never became whole."""

import re
import shutil
import stat
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from fmstudio.runs.lock import FILE as LOCK
from fmstudio.runs.lock import is_locked
from fmstudio.runs.shelf import folder_names

AGE_SECONDS = 60.0
"""What is younger may just be written."""
ADOPTING = ".adopting-"
"""How the folder begins into which a run is copied before it gets its name."""
_TEMPORARY = re.compile(r"\..+\.[0-9a-f]{12}")
_ROOMS = ("", "predictions", "epochs", "state", "labels")
_OURS = re.compile(r"\d{8}-\d{6}-.+")


def sweep(root: Path, is_open: Callable[[str], bool] = lambda _: True, age_seconds: float = AGE_SECONDS) -> int:
    """Delete temporary files in the library and in runs that nobody writes, and the shells of runs that never began.

    Args:
        root: The folder that holds the runs.
        is_open: Whether a run may have such files in it: one that came to its end has not.
        age_seconds: What is younger stays.

    Returns:
        How many files and folders were deleted.
    """
    count = _sweep_folder(root, age_seconds) + _sweep_copies(root, age_seconds)
    with suppress(OSError):
        for name in folder_names(root):
            if is_open(name):
                count += sweep_run(root / name, age_seconds) + _sweep_shell(root / name, age_seconds)
    return count


def sweep_run(folder: Path, age_seconds: float = AGE_SECONDS) -> int:
    """Delete the temporary files of one run, if nobody writes it."""
    if folder.is_symlink() or is_locked(folder):
        return 0
    return sum(_sweep_folder(folder / room, age_seconds) for room in _ROOMS)


def _sweep_folder(folder: Path, age_seconds: float) -> int:
    if folder.is_symlink():
        return 0
    count = 0
    for path in _entries(folder):
        if _TEMPORARY.fullmatch(path.name) and _is_old_file(path, age_seconds):
            with suppress(OSError):
                path.unlink()
                count += 1
    return count


def _sweep_copies(root: Path, age_seconds: float) -> int:
    """Copies of runs from elsewhere that were not finished; while one is made it is locked."""
    count = 0
    for path in _entries(root):
        if path.name.startswith(ADOPTING) and not path.is_symlink() and path.is_dir():
            old = not is_locked(path) and _age(path) >= age_seconds
            count += old
            if old:
                shutil.rmtree(path, ignore_errors=True)
    return count


def _sweep_shell(folder: Path, age_seconds: float) -> int:
    """The folder of a run of which nothing was written, not even what was to be done."""
    inside = [path.name for path in _entries(folder)]
    empty = (
        _OURS.fullmatch(folder.name)
        and set(inside) <= {"predictions", LOCK}
        and not any(_entries(folder / "predictions"))
    )
    if not empty or folder.is_symlink() or is_locked(folder) or _age(folder) < age_seconds:
        return 0
    with suppress(OSError):
        (folder / LOCK).unlink(missing_ok=True)
        if "predictions" in inside:
            (folder / "predictions").rmdir()
        folder.rmdir()
        return 1
    return 0


def _entries(folder: Path) -> Iterator[Path]:
    with suppress(OSError):
        yield from list(folder.iterdir())


def _is_old_file(path: Path, age_seconds: float) -> bool:
    with suppress(OSError):
        found = path.lstat()
        return stat.S_ISREG(found.st_mode) and time.time() - found.st_mtime >= age_seconds
    return False


def _age(path: Path) -> float:
    with suppress(OSError):
        return time.time() - path.lstat().st_mtime
    return 0.0
