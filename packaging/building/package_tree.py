"""Files as a package holds them: the same owner, the same modes and the same times on every machine."""

import gzip
import hashlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

FOLDER_MODE = 0o755
PROGRAM_MODE = 0o755
FILE_MODE = 0o644


def entries(root: Path) -> Iterator[Path]:
    """Everything below a folder, sorted by its name, whatever order the disk has."""
    return iter(sorted(root.rglob("*"), key=lambda path: path.relative_to(root).as_posix()))


def copy_tree(source: Path, target: Path) -> None:
    """Copy a folder; links stay links, and files that Python left behind stay where they are.

    Args:
        source: The folder.
        target: What it becomes; must not exist.
    """
    shutil.copytree(source, target, symlinks=True, ignore=shutil.ignore_patterns("__pycache__"))


def settle(root: Path, date: int) -> None:
    """Give everything below a folder the modes of a package and one time.

    Args:
        root: The folder.
        date: In seconds since 1970.
    """
    for path in (root, *entries(root)):
        if not path.is_symlink():
            path.chmod(mode(path))
        os.utime(path, (date, date), follow_symlinks=False)


def mode(path: Path) -> int:
    """The mode of a file or folder in a package: programs can be run by all, and only root may write.

    Libraries need not be run, and some texts come out of archives as if they could be.
    """
    if path.is_dir():
        return FOLDER_MODE
    if not path.stat().st_mode & 0o100 or ".so" in path.name:
        return FILE_MODE
    with path.open("rb") as file:
        return PROGRAM_MODE if file.read(4).startswith((b"\x7fELF", b"#!")) else FILE_MODE


def write_compressed(path: Path, text: str) -> None:
    """Write a text with gzip, the same bytes every time."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(text.encode(), compresslevel=9, mtime=0))


def kibibytes(root: Path) -> int:
    """How much room a tree takes when installed, as Debian counts: whole kibibytes for files, one for the rest."""
    return sum(
        -(-path.stat().st_size // 1024) if path.is_file() and not path.is_symlink() else 1 for path in entries(root)
    )


def md5sums(root: Path) -> str:
    """The checksums that dpkg keeps of a package's files."""
    files = (path for path in entries(root) if path.is_file() and not path.is_symlink())
    return "".join(f"{_md5(path)}  {path.relative_to(root).as_posix()}\n" for path in files)


def _md5(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()
