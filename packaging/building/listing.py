"""What a folder holds: a line for each file, by which two builds are compared."""

import hashlib
import os
from pathlib import Path


def listing(folder: Path) -> list[str]:
    """A line for each file and link below a folder: SHA-256 or where it leads, size, rights, and path, in one order."""
    paths = (Path(where) / name for where, folders, files in os.walk(folder) for name in (*folders, *files))
    kept = sorted(path for path in paths if path.is_symlink() or path.is_file())
    return [_line(path, path.relative_to(folder).as_posix()) for path in kept]


def _line(path: Path, name: str) -> str:
    if path.is_symlink():
        return f"-> {path.readlink().as_posix()} {name}"
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    status = path.stat()
    return f"{digest} {status.st_size} {status.st_mode & 0o777:o} {name}"


def differences(before: list[str], after: list[str]) -> list[str]:
    """The lines that only one of two listings has, ``-`` before those of the first and ``+`` before the second's."""
    gone, new = set(before) - set(after), set(after) - set(before)
    return [f"- {line}" for line in before if line in gone] + [f"+ {line}" for line in after if line in new]


def total_bytes(folder: Path) -> int:
    """The size of all files below a folder, each counted once."""
    found = {}
    for where, _, files in os.walk(folder):
        for name in files:
            status = (Path(where) / name).lstat()
            found[status.st_dev, status.st_ino] = status.st_size
    return sum(found.values())
