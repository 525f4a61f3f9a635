"""Ten thousand points as an image, in a few milliseconds: each pixel of a mark is set for all points at once."""

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QImage

Colours = NDArray[np.uint32]

_RED_BLUE, _GREEN = np.uint32(0x00FF00FF), np.uint32(0x0000FF00)
_OPAQUE = np.uint32(0xFF000000)
_FULL, _SHIFT = 256, np.uint32(8)


@dataclass(frozen=True, eq=False)
class Stamp:
    """The shape of a mark.

    Attributes:
        right: How far each of its pixels lies to the right of the point, shape (k,); ``down``: likewise.
        cover: How much of the pixel the mark covers, 1…256, shape (k,).
        reach: The farthest of them.
    """

    right: NDArray[np.int64]
    down: NDArray[np.int64]
    cover: NDArray[np.uint32]
    reach: int


@dataclass(frozen=True, eq=False)
class Marks:
    """Some points that look alike but for their colour.

    Attributes:
        places: Where they lie, in pixels of the image, shape (n, 2).
        colours: Of each, as 0xffrrggbb, shape (n,).
        stamp: Their shape.
    """

    places: NDArray[np.float64]
    colours: Colours
    stamp: Stamp


@cache
def disc(radius: float) -> Stamp:
    """A round mark with a soft edge."""
    reach = int(np.ceil(radius + 0.5))
    down, right = np.mgrid[-reach : reach + 1, -reach : reach + 1]
    return _stamp(right, down, np.clip(radius + 0.5 - np.hypot(right, down), 0, 1), reach)


@cache
def cross(radius: float, width: float) -> Stamp:
    """A slanting cross with soft edges; its arms are so long and so wide."""
    reach = int(np.ceil(radius + width))
    down, right = np.mgrid[-reach : reach + 1, -reach : reach + 1]
    along, across = np.abs(right + down) / np.sqrt(2), np.abs(right - down) / np.sqrt(2)
    arm = np.clip(radius + 0.5 - along, 0, 1) * np.clip(width / 2 + 0.5 - across, 0, 1)
    other = np.clip(radius + 0.5 - across, 0, 1) * np.clip(width / 2 + 0.5 - along, 0, 1)
    return _stamp(right, down, np.maximum(arm, other), reach)


def _stamp(right: NDArray[np.int64], down: NDArray[np.int64], cover: NDArray[np.float64], reach: int) -> Stamp:
    whole = np.round(cover * _FULL).astype(np.uint32)
    order = np.argsort(whole[whole > 0], kind="stable")
    return Stamp(right[whole > 0][order], down[whole > 0][order], whole[whole > 0][order], reach)


def packed(colour: QColor) -> np.uint32:
    """A colour as 0xffrrggbb."""
    return np.uint32(colour.rgba() | 0xFF000000)


def blended(colours: Colours, ground: np.uint32, share: float) -> Colours:
    """Colours over a ground, so much of them: faint ones."""
    cover = np.full(len(colours), round(share * _FULL), np.uint32)
    return _over(np.full(len(colours), ground, np.uint32), colours, cover)


def image(width: int, height: int, ground: np.uint32, layers: list[Marks]) -> QImage:
    """Paint marks, those of later layers over those of earlier ones.

    Args:
        width: In pixels; ``height``: likewise.
        height: Likewise.
        ground: The colour behind, as 0xffrrggbb.
        layers: What is painted; the last points of each lie on top.
    """
    reach = max((layer.stamp.reach for layer in layers), default=0)
    wide = width + 4 * reach
    flat = np.full((height + 4 * reach) * wide, ground, np.uint32)
    for layer in layers:
        _paint(flat, wide, height, layer, 2 * reach)
    sheet = np.ascontiguousarray(flat.reshape(-1, wide)[2 * reach : 2 * reach + height, 2 * reach : 2 * reach + width])
    return QImage(sheet.data, width, height, sheet.strides[0], QImage.Format.Format_RGB32).copy()


def _paint(flat: Colours, wide: int, height: int, layer: Marks, edge: int) -> None:
    """Set each pixel of the mark for all points: the soft edges first, the cores over them."""
    places = np.rint(np.clip(layer.places, -1e6, 1e6)).astype(np.int64)
    half = edge // 2
    seen = (places >= -half).all(axis=1) & (places[:, 0] < wide - 2 * edge + half) & (places[:, 1] < height + half)
    at = (places[seen, 1] + edge) * wide + places[seen, 0] + edge
    colours, stamp = layer.colours[seen], layer.stamp
    for right, down, cover in zip(stamp.right.tolist(), stamp.down.tolist(), stamp.cover, strict=True):
        to = at + (down * wide + right)
        flat[to] = colours if cover == _FULL else _over(flat[to], colours, cover)


def _over(below: Colours, above: Colours, cover: NDArray[np.uint32] | np.uint32) -> Colours:
    """Two colours mixed, red and blue in one multiplication."""
    rest = np.uint32(_FULL) - cover
    red_blue = ((below & _RED_BLUE) * rest + (above & _RED_BLUE) * cover) >> _SHIFT
    green = ((below & _GREEN) * rest + (above & _GREEN) * cover) >> _SHIFT
    mixed: Colours = (red_blue & _RED_BLUE) | (green & _GREEN) | _OPAQUE
    return mixed
