"""Taking a run's folder from elsewhere into a library: copied as plain files, never over one that is there."""

import errno
import os
import re
import secrets
import shutil
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from fmstudio.errors import UserError
from fmstudio.runs.legible import IllegibleError, plain_line, spec_values
from fmstudio.runs.lock import FILE as LOCK
from fmstudio.runs.lock import FolderLock, is_locked
from fmstudio.runs.sweeping import ADOPTING
from fmstudio.runs.writing import cannot_write, sync_folder
from fmstudio.words import tr

MOST_FILES = 50_000
MOST_BYTES = 50_000_000_000
"""A run larger than that is none."""
DEEPEST = 4
_SAME = ("spec.json", "events.jsonl", "weights.safetensors", "last.safetensors")
"""Two runs in which these are equal are the same one."""
_STRANGE = re.compile(r"[^\w .,+=@~-]")
_CHUNK = 1 << 20


@dataclass(frozen=True)
class _File:
    """One plain file of the folder, and its place in it."""

    source: Path
    place: tuple[str, ...]
    size: int


def adopt(folder: Path, root: Path) -> str:
    """Copy a run into a library and return its id there.

    Raises:
        UserError: Where it is no run, is being written, is too large, or cannot be copied.
    """
    name = _name_for(folder)
    try:
        if os.path.realpath(folder.parent) == os.path.realpath(root) and not folder.is_symlink():
            return folder.name
        if (folder / "spec.json").is_symlink():
            raise IllegibleError(tr("{file} is a link.", file="spec.json"))
        spec_values(folder / "spec.json")
    except IllegibleError as error:
        message = tr("{path} is not a run. {problem}", path=plain_line(str(folder)), problem=str(error))
        raise UserError(message, tr("Choose a folder that fmstudio has written.")) from error
    if is_locked(folder):
        raise UserError(tr("Run {run} is being written; it cannot be copied now.", run=name), tr("Stop it first."))
    known = _place_for(folder, root, name)
    return known.name if os.path.lexists(known) else _copy(folder, root, name)


def _name_for(folder: Path) -> str:
    """What the run is called in the library: as its folder, without what no name of ours has."""
    name = _STRANGE.sub("-", folder.absolute().name).strip(" .")[:120]
    return name or "run"


def _copy(folder: Path, root: Path, name: str) -> str:
    """Copy into a hidden folder, which then gets its name: the run is there whole, or not at all."""
    target = root / f"{ADOPTING}{secrets.token_hex(6)}"
    try:
        files = list(_files(folder))
        _check_space(files, root)
        target.mkdir(parents=True)
    except OSError as error:
        raise cannot_write(target, error) from error
    try:
        with FolderLock(target):
            for file in files:
                _copy_file(file, target)
            sync_folder(target)
        (target / LOCK).unlink(missing_ok=True)
        return _named(target, folder, root, name)
    except OSError as error:
        raise cannot_write(target, error) from error
    finally:
        shutil.rmtree(target, ignore_errors=True)


def _named(copy: Path, folder: Path, root: Path, name: str) -> str:
    """Give the copy a name that is free; another program may just take one."""
    for _ in range(100):
        place = _place_for(folder, root, name)
        if os.path.lexists(place):
            return place.name
        try:
            copy.rename(place)
        except OSError as error:
            if error.errno in (errno.ENOTEMPTY, errno.EEXIST):
                continue
            raise
        sync_folder(root)
        return place.name
    raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST))


def _place_for(folder: Path, root: Path, name: str) -> Path:
    """Where it is to lie: a place that is free, or the same run, which is there already."""
    place, number = root / name, 1
    while os.path.lexists(place) and not _is_same(folder, place):
        number += 1
        place = root / f"{name}-{number}"
    return place


def _is_same(one: Path, other: Path) -> bool:
    """Whether two folders hold the same run, whatever is said of it."""
    return all(_is_same_file(one / name, other / name) for name in _SAME) and (other / _SAME[0]).is_file()


def _is_same_file(one: Path, other: Path) -> bool:
    try:
        if not (_is_plain(one) and _is_plain(other)):
            return not os.path.lexists(one) and not os.path.lexists(other)
        if one.stat().st_size != other.stat().st_size:
            return False
        with one.open("rb") as first, other.open("rb") as second:
            while chunk := first.read(_CHUNK):
                if chunk != second.read(_CHUNK):
                    return False
    except OSError:
        return False
    return True


def _files(folder: Path, place: tuple[str, ...] = ()) -> Iterator[_File]:
    """All plain files; links, devices and what is hidden are left out, so that nothing outside is read."""
    count = total = 0
    for file in _walk(folder, place):
        count, total = count + 1, total + file.size
        if count > MOST_FILES or total > MOST_BYTES:
            message = tr("{path} is too large to be a run.", path=plain_line(str(folder)))
            raise UserError(message, tr("Choose a folder that fmstudio has written."))
        yield file


def _walk(folder: Path, place: tuple[str, ...]) -> Iterator[_File]:
    with os.scandir(folder) as entries:
        for entry in entries:
            inside = (*place, entry.name)
            if entry.name.startswith(".") or entry.is_symlink() or not entry.name.isprintable():
                continue
            if entry.is_dir(follow_symlinks=False) and len(inside) < DEEPEST:
                yield from _walk(Path(entry.path), inside)
            elif entry.is_file(follow_symlinks=False):
                yield _File(Path(entry.path), inside, entry.stat(follow_symlinks=False).st_size)


def _check_space(files: list[_File], root: Path) -> None:
    root.mkdir(parents=True, exist_ok=True)
    if sum(file.size for file in files) > shutil.disk_usage(root).free:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _copy_file(file: _File, target: Path) -> None:
    """Copy one file, as far as it was long when it was listed; what has become a link meanwhile is not followed."""
    path = target.joinpath(*file.place)
    path.parent.mkdir(parents=True, exist_ok=True)
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(file.source, flags), "rb") as source, path.open("xb") as copy:
        if not stat.S_ISREG(os.fstat(source.fileno()).st_mode):
            raise OSError(errno.EINVAL, tr("it is no plain file"), str(file.source))
        left = file.size
        while left and (chunk := source.read(min(left, _CHUNK))):
            copy.write(chunk)
            left -= len(chunk)
        copy.flush()
        os.fsync(copy.fileno())


def _is_plain(path: Path) -> bool:
    return stat.S_ISREG(path.lstat().st_mode) if os.path.lexists(path) else False
