"""Read IDX files, the format of MNIST: strictly, and never more of them than they announce.

A file is two zero bytes, one byte for the type of its numbers, one for the number of dimensions, the size of each
dimension as four bytes, big end first, and then the numbers, nothing else. It may be packed with gzip, which is told
from its first two bytes and not from its name.
"""

import gzip
import math
import stat
import struct
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from fmstudio.errors import UserError
from fmstudio.words import tr

CAP = 2 * 1024**3
"""The most bytes of numbers that a file may announce."""

TYPES: Mapping[int, np.dtype[Any]] = {
    0x08: np.dtype(">u1"),
    0x09: np.dtype(">i1"),
    0x0B: np.dtype(">i2"),
    0x0C: np.dtype(">i4"),
    0x0D: np.dtype(">f4"),
    0x0E: np.dtype(">f8"),
}
"""The types of numbers that the format knows, as they stand in the file."""

_GZIP = b"\x1f\x8b"
_MOST_DIMENSIONS = 8
_BEST_PACKING = 1032  # deflate makes nothing smaller than a 1032th
_BLOCK = 1024**2

Numbers = NDArray[np.integer[Any] | np.floating[Any]]


class _Bytes(Protocol):
    """Whatever bytes can be read from."""

    def read(self, size: int, /) -> bytes: ...


def read_idx(path: Path, *, dimensions: int | None = None, cap: int = CAP) -> Numbers:
    """Read the numbers of one IDX file, plain or packed with gzip.

    Args:
        path: The file.
        dimensions: How many dimensions it must have: 3 for images, 1 for labels; None takes any.
        cap: The most bytes that its numbers may take in memory; nothing is allocated before this is checked.

    Returns:
        An array in the machine's own byte order, with the shape that the file announces.

    Raises:
        UserError: Where the file cannot be read, or is not exactly what its first bytes announce. It names the file,
            what was expected and what was found.
    """
    try:
        with _unpacked(path) as (stream, capacity):
            return _read(path, stream, capacity, dimensions, cap)
    except MemoryError as error:
        raise UserError(tr("{file} is too large for this machine's memory.", file=path), _again()) from error
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise UserError(
            tr("{file} is damaged: it cannot be unpacked to its end ({reason}).", file=path, reason=error), _again()
        ) from error
    except FileNotFoundError as error:
        raise UserError(tr("{file} is missing.", file=path), _again()) from error
    except PermissionError as error:
        raise UserError(
            tr("{file} may not be read.", file=path), tr("Allow your account to read it, or choose another file.")
        ) from error
    except OSError as error:
        raise UserError(
            tr("{file} cannot be read: {reason}.", file=path, reason=error.strerror or error), _again()
        ) from error


@contextmanager
def _unpacked(path: Path) -> Iterator[tuple[_Bytes, int]]:
    """The file's bytes, unpacked as they are read, and how many there can be at most."""
    status = path.stat()
    if not stat.S_ISREG(status.st_mode):
        found = tr("a folder") if stat.S_ISDIR(status.st_mode) else tr("a device")
        raise UserError(
            tr("Expected an IDX file, but {file} is {found}.", file=path, found=found), tr("Choose the file itself.")
        )
    with path.open("rb") as file:
        packed = file.read(len(_GZIP)) == _GZIP
        file.seek(0)
        if packed:
            with gzip.GzipFile(fileobj=file, mode="rb") as stream:
                yield stream, status.st_size * _BEST_PACKING
        else:
            yield file, status.st_size


def _read(path: Path, stream: _Bytes, capacity: int, dimensions: int | None, cap: int) -> Numbers:
    dtype, shape = _read_header(path, stream, dimensions)
    announced = math.prod(max(1, length) for length in shape) * dtype.itemsize
    if announced > cap:
        sizes = {"found": f"{announced:,}", "most": f"{cap:,}"}
        raise UserError(tr("{file} announces {found} bytes; expected {most} at most.", file=path, **sizes), _again())
    expected = math.prod(shape) * dtype.itemsize
    buffer = np.empty(min(expected, capacity), np.uint8)
    found = _fill(stream, buffer)
    _check_length(path, shape, expected, found, bool(stream.read(1)))
    return buffer.view(dtype).astype(dtype.newbyteorder("="), copy=False).reshape(shape)


def _check_length(path: Path, shape: tuple[int, ...], expected: int, found: int, more: bool) -> None:
    sizes = " × ".join(f"{length:,}" for length in shape)
    facts = {"file": path, "sizes": sizes, "expected": f"{expected:,}", "found": f"{found:,}"}
    if found < expected:
        text = tr("{file} is cut short: expected {expected} bytes for {sizes} numbers, found {found}.", **facts)
        raise UserError(text, _again())
    if more:
        text = tr("{file} is too long: expected {expected} bytes for {sizes} numbers, found more.", **facts)
        raise UserError(text, _again())


def _read_header(path: Path, stream: _Bytes, dimensions: int | None) -> tuple[np.dtype[Any], tuple[int, ...]]:
    """The type and the shape that the first bytes announce."""
    magic = _take(stream, 4)
    dtype = TYPES.get(magic[2]) if len(magic) == 4 and magic.startswith(b"\0\0") else None
    if dtype is None:
        text = tr(
            "{file} is not an IDX file: expected 00 00 and a type (08 09 0B 0C 0D 0E) first, found {found}.",
            file=path,
            found=magic.hex(" ").upper() or tr("nothing"),
        )
        raise UserError(text, _again())
    count = magic[3]
    if count != (dimensions or count) or not 1 <= count <= _MOST_DIMENSIONS:
        expected = dimensions or f"1…{_MOST_DIMENSIONS}"
        text = tr(
            "{file} has the wrong number of dimensions: expected {expected}, found {found}.",
            file=path,
            expected=expected,
            found=count,
        )
        raise UserError(text, _again())
    sizes = _take(stream, 4 * count)
    if len(sizes) < 4 * count:
        text = tr(
            "{file} is cut short: expected {expected} bytes of sizes, found {found}.",
            file=path,
            expected=4 * count,
            found=len(sizes),
        )
        raise UserError(text, _again())
    return dtype, struct.unpack(f">{count}I", sizes)


def _fill(stream: _Bytes, buffer: NDArray[np.uint8]) -> int:
    """Read until the buffer is full or the stream ends: how many bytes came."""
    found = 0
    while found < len(buffer) and (block := stream.read(min(_BLOCK, len(buffer) - found))):
        buffer[found : found + len(block)] = np.frombuffer(block, np.uint8)
        found += len(block)
    return found


def _take(stream: _Bytes, count: int) -> bytes:
    """The next bytes, fewer only where the stream ends."""
    taken = b""
    while len(taken) < count and (block := stream.read(count - len(taken))):
        taken += block
    return taken


def _again() -> str:
    return tr("Copy or download the file again, or choose another one.")
