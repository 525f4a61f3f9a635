"""Folders of the build machine in which libraries would look for others: taken out, since nobody else has them.

A Python that was built in somebody's home remembers that folder in each of its modules. On another machine it is not
there, or, worse, it is somebody else's. What a library needs is found through the program that loads it.
"""

import mmap
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_HEADER = struct.Struct("<4sBB10x16xQ14xHH")
_SEGMENT = struct.Struct("<IIQQQQ")
_ENTRY = struct.Struct("<qQ")
_LOAD, _DYNAMIC = 1, 2
_NULL, _STRINGS, _RPATH, _RUNPATH = 0, 5, 15, 29


@dataclass(frozen=True)
class _Segment:
    kind: int
    offset: int
    address: int
    size: int


def forget_foreign(folder: Path) -> list[Path]:
    """Take absolute search paths out of every library below a folder; paths relative to the library itself stay.

    Args:
        folder: What is going to be shipped.

    Returns:
        The files that were changed.
    """
    files = (path for path in sorted(folder.rglob("*")) if path.is_file() and not path.is_symlink())
    return [path for path in files if _forget(path)]


def _forget(path: Path) -> bool:
    """Take the entries out of one file; whether there were any."""
    if not _is_elf(path):
        return False
    with path.open("r+b") as file, mmap.mmap(file.fileno(), 0) as data:
        segments = list(_segments(data))
        table = next((one for one in segments if one.kind == _DYNAMIC), None)
        if table is None:
            return False
        entries = [_ENTRY.unpack_from(data, table.offset + at) for at in range(0, table.size, _ENTRY.size)]
        kept = [entry for entry in entries if not _is_foreign(entry, entries, segments, data)]
        if len(kept) == len(entries):
            return False
        kept += [(_NULL, 0)] * (len(entries) - len(kept))
        data[table.offset : table.offset + len(entries) * _ENTRY.size] = b"".join(_ENTRY.pack(*one) for one in kept)
        return True


def _is_elf(path: Path) -> bool:
    """Whether it is a program or library of 64 bits, little-endian: all that we ship are."""
    with path.open("rb") as file:
        return file.read(6) == b"\x7fELF\x02\x01"


def _segments(data: mmap.mmap) -> Iterator[_Segment]:
    _, _, _, start, size, count = _HEADER.unpack_from(data)
    for number in range(count):
        kind, _, offset, address, _, length = _SEGMENT.unpack_from(data, start + number * size)
        yield _Segment(kind, offset, address, length)


def _is_foreign(
    entry: tuple[int, int], entries: list[tuple[int, int]], segments: list[_Segment], data: mmap.mmap
) -> bool:
    """Whether an entry names folders of which each begins with a slash."""
    if entry[0] not in (_RPATH, _RUNPATH):
        return False
    strings = next(value for kind, value in entries if kind == _STRINGS)
    held = next(one for one in segments if one.kind == _LOAD and one.address <= strings < one.address + one.size)
    start = strings - held.address + held.offset + entry[1]
    folders = data[start : data.find(b"\0", start)].split(b":")
    return all(folder.startswith(b"/") for folder in folders)
