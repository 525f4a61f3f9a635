"""The doubles of one picture: the same pixel by pixel, or almost; found piece by piece, so that a window need not wait.

What counts as almost the same is said in ``data.duplicates``, which looks at all pairs.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from fmstudio.data.duplicates import CORRELATION, DIFFERENCE
from fmstudio.data.library import PictureSet
from fmstudio.data.splits import Ints

_PIECE = 4000
_KEPT = 12


@dataclass(frozen=True)
class Double:
    """A picture like another one.

    Attributes:
        split: ``"train"`` or ``"test"``.
        row: Of the picture in its ``PictureSet``.
        difference: Mean absolute difference of the pixels, 0…255; 0 where they are the same.
    """

    split: str
    row: int
    difference: float


@dataclass
class Doubles:
    """What a search has found so far.

    Attributes:
        near: The pictures that are the same or almost, most alike first; at most so many.
        nearest: The most alike of all, however far; None before there is one.
        looked_at: How many pictures were compared; ``total`` how many there are.
        more: How many are the same or almost and not in ``near``.
    """

    total: int
    looked_at: int = 0
    near: list[Double] = field(default_factory=list)
    nearest: Double | None = None
    more: int = 0

    @property
    def done(self) -> bool:
        """Whether all pictures were compared."""
        return self.looked_at >= self.total


def search(
    image: NDArray[np.uint8], own: tuple[str, int], sets: dict[str, PictureSet], piece: int = _PIECE
) -> Iterator[Doubles]:
    """Look for doubles of a picture, one piece of the pictures after the other.

    Args:
        image: Pixels, shape (height, width) or (height, width, channels).
        own: Its split and its index there: it is no double of itself.
        sets: The pictures to compare, by split.
        piece: So many at once.

    Yields:
        The same object each time, with what was found so far.
    """
    found = Doubles(sum(len(pictures) for pictures in sets.values()))
    for split, pictures in sets.items():
        if pictures.images.shape[1:] != image.shape:
            found.looked_at += len(pictures)
            continue
        for start in range(0, len(pictures), piece):
            end = min(start + piece, len(pictures))
            differences = _differences(pictures.images[start:end], image)
            if split == own[0]:
                differences[pictures.samples[start:end] == own[1]] = np.inf
            _take(found, split, start, differences, _close(pictures.images[start:end], image, differences))
            found.looked_at += end - start
            yield found
    yield found


def _take(found: Doubles, split: str, start: int, differences: NDArray[np.float64], close: Ints) -> None:
    """Add what a piece holds: the rows of it that are close are doubles."""
    least = int(differences.argmin())
    if np.isfinite(differences[least]) and (found.nearest is None or differences[least] < found.nearest.difference):
        found.nearest = Double(split, start + least, float(differences[least]))
    known = found.near + [Double(split, start + int(row), float(differences[row])) for row in close]
    known.sort(key=lambda double: double.difference)
    found.near, found.more = known[:_KEPT], found.more + len(known[_KEPT:])


def _differences(images: NDArray[np.uint8], image: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Mean absolute difference of the pixels, shape (n,); all in bytes until it is summed."""
    flat, one = images.reshape(len(images), -1), image.reshape(-1)
    apart = np.maximum(flat, one) - np.minimum(flat, one)
    return np.asarray(apart.sum(axis=1, dtype=np.uint32) / max(1, len(one)), np.float64)


def _close(images: NDArray[np.uint8], image: NDArray[np.uint8], differences: NDArray[np.float64]) -> Ints:
    """Which of some pictures are the same or almost, shape (m,)."""
    rows = np.flatnonzero(differences <= DIFFERENCE)
    one = image.reshape(-1).astype(np.float64)
    many = images[rows].reshape(len(rows), len(one)).astype(np.float64)
    one, many = one - one.mean(), many - many.mean(axis=1, keepdims=True)
    lengths = np.linalg.norm(many, axis=1) * np.linalg.norm(one)
    alike = many @ one >= CORRELATION * lengths
    kept: Ints = rows[(differences[rows] == 0) | (alike & (lengths > 0))]
    return kept
