"""Pictures that are there more than once: exactly, or nearly, within a split and across the two.

Nearly alike are two pictures whose pixels correlate and hardly differ. All pairs are looked at: each picture is written
in a few of the directions in which pictures differ most, and one number for the rest; what these say at most of a
pair's correlation rules nearly all pairs out, and those that are left are compared pixel by pixel. So none is missed.
"""

import hashlib
import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fmstudio.data.splits import Ints

CORRELATION = 0.995
"""Two pictures are nearly alike where their pixels correlate at least so much …"""
DIFFERENCE = 4.0
"""… and differ by at most so much on average, of 255."""
_DIRECTIONS = 96
_BLOCK = 1000
_SAMPLED = 7000
_TOLERANCE = 1e-4
"""How far rounding may move a correlation."""
_Floats = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Pairs:
    """Pairs of pictures that are alike.

    Attributes:
        first: Row of the one, ``second`` of the other, which comes later; shape (n,).
        exact: Whether they are the same in every pixel, shape (n,).
    """

    first: Ints
    second: Ints
    exact: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.first)


def alike_pairs(images: NDArray[np.uint8]) -> Iterator[float | Pairs]:
    """Find all pairs of pictures that are alike.

    Args:
        images: Shape (n, …).

    Yields:
        How much is done, 0…1, some times a second; at last the pairs. Whoever stops asking cancels it.
    """
    pixels = images.reshape(len(images), math.prod(images.shape[1:]))
    exact = exact_pairs(pixels)
    firsts, seconds = [exact.first], [exact.second]
    for done, first, second in _near_pairs(pixels, np.setdiff1d(np.arange(len(pixels)), exact.second)):
        firsts.append(first)
        seconds.append(second)
        yield done
    yield _sorted(pixels, np.concatenate(firsts), np.concatenate(seconds))


def exact_pairs(images: NDArray[np.uint8]) -> Pairs:
    """The pairs of pictures that are the same in every pixel; of many the same, each with the first."""
    places: dict[bytes, list[int]] = defaultdict(list)
    for row, image in enumerate(images):
        places[hashlib.blake2b(image.tobytes(), digest_size=16).digest()].append(row)
    pairs = [(rows[0], row) for rows in places.values() for row in rows[1:]]
    first, second = np.array(pairs, np.int64).reshape(-1, 2).T
    return Pairs(first, second, np.ones(len(first), np.bool_))


def groups(pairs: Pairs) -> list[Ints]:
    """The pictures that hang together by pairs, each group ascending, in the order of their first pictures."""
    root: dict[int, int] = {}

    def find(row: int) -> int:
        while root.setdefault(row, row) != row:
            root[row] = root[root[row]]
            row = root[row]
        return row

    for first, second in zip(pairs.first.tolist(), pairs.second.tolist(), strict=True):
        low, high = sorted((find(first), find(second)))
        root[high] = low
    members: dict[int, list[int]] = defaultdict(list)
    for row in sorted(root):
        members[find(row)].append(row)
    return [np.array(rows, np.int64) for _, rows in sorted(members.items())]


def _near_pairs(pixels: NDArray[np.uint8], rows: Ints) -> Iterator[tuple[float, Ints, Ints]]:
    """How much is done, and the pairs among some rows that are found in each block of them."""
    unit, varied = _unit(pixels, rows)
    if len(varied) < 2:
        return
    short = _shortened(unit)
    for start in range(0, len(varied), _BLOCK):
        bound = short[start : start + _BLOCK] @ short[start:].T
        places = np.flatnonzero(bound >= CORRELATION - _TOLERANCE)
        first, second = np.divmod(places, bound.shape[1])
        later = second > first
        first, second = first[later] + start, second[later] + start
        close = _correlations(unit, first, second) >= CORRELATION
        first, second = varied[first[close]], varied[second[close]]
        close = _differences(pixels, first, second) <= DIFFERENCE
        rest = 1 - min(1.0, (start + _BLOCK) / len(varied))
        yield 1 - rest**2, first[close], second[close]


def _unit(pixels: NDArray[np.uint8], rows: Ints) -> tuple[_Floats, Ints]:
    """Those of some pictures that are not of one grey only, each with mean 0 and length 1, and their rows."""
    varied = rows[(pixels.max(axis=1) > pixels.min(axis=1))[rows]]
    unit = pixels[varied].astype(np.float32)
    unit -= unit.mean(axis=1, keepdims=True)
    unit /= np.linalg.norm(unit, axis=1, keepdims=True)
    return unit, varied


def _shortened(unit: _Floats) -> _Floats:
    """Each picture in few numbers, so that the product of two is at least their correlation."""
    sampled = unit[:: max(1, len(unit) // _SAMPLED)]
    _, directions = np.linalg.eigh(sampled.T @ sampled)
    kept = unit @ directions[:, ::-1][:, :_DIRECTIONS]
    rest = np.sqrt(np.maximum(0, 1 - np.einsum("ij,ij->i", kept, kept)))
    return np.concatenate([kept, rest[:, np.newaxis]], axis=1)


def _correlations(unit: _Floats, first: Ints, second: Ints) -> NDArray[np.float64]:
    """Of the pixels of pairs, shape (n,)."""
    found = [np.empty(0)]
    for start in range(0, len(first), _BLOCK):
        one, other = (unit[rows[start : start + _BLOCK]] for rows in (first, second))
        found.append(np.einsum("ij,ij->i", one, other))
    return np.concatenate(found)


def _differences(pixels: NDArray[np.uint8], first: Ints, second: Ints) -> NDArray[np.float64]:
    """Mean absolute difference of the pixels of pairs, shape (n,)."""
    found = [np.empty(0)]
    for start in range(0, len(first), _BLOCK):
        one, other = (pixels[rows[start : start + _BLOCK]].astype(np.int16) for rows in (first, second))
        found.append(np.abs(one - other).mean(axis=1))
    return np.concatenate(found)


def _sorted(pixels: NDArray[np.uint8], first: Ints, second: Ints) -> Pairs:
    """Each pair once, in order."""
    both = np.unique(np.stack([first, second], axis=1), axis=0).astype(np.int64)
    first, second = both[:, 0], both[:, 1]
    return Pairs(first, second, _differences(pixels, first, second) == 0)
