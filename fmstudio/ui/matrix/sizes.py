"""How large squares, names and pictures of the confusion matrix are, so that it fills its place."""

from dataclasses import dataclass

from PySide6.QtCore import QSize

WHOLE = 12
"""Up to so many classes the whole matrix is in sight at first; with more, squares keep a least size and it scrolls."""

TITLE = 17
"""Height of the line above the columns that says what they are."""

DENSE = 12
"""Squares lower than this are drawn as one image, without numbers and names."""

MOST_ZOOM = 160

_LEAST = QSize(26, 20)
_LEAST_BESIDE_NAMES = 31
_WIDEST = 1.8
_LARGEST_PICTURE = 24
_MOST_SPARE = 40
_LEAST_PICTURE = 8
_LONGEST_UPRIGHT = 72
_BESIDE_NAMES = 10


@dataclass(frozen=True)
class Sizes:
    """All in pixels.

    Attributes:
        wide: Of a square; ``tall`` likewise.
        edge: Of a class's picture; 0 where there are none.
        above: Height of the headers of the columns.
        beside: Width of those of the rows.
        upright: Whether the names above the columns are written upwards.
        rows_named: Whether names stand beside the rows; ``columns_named``: above the columns.
        scrolls: Whether it may be larger than its place.
    """

    wide: int
    tall: int
    edge: int
    above: int
    beside: int
    upright: bool
    rows_named: bool
    columns_named: bool
    scrolls: bool


def sizes(place: QSize, count: int, names_width: int, *, pictured: bool, zoom: int | None) -> Sizes:
    """The sizes of a matrix.

    Args:
        place: Where it stands.
        count: Number of classes, at least 1.
        names_width: The room that the longest name needs.
        pictured: Whether there are pictures of the classes.
        zoom: Height of a square as the user chose it; 0: so that the whole matrix is in sight; None: what reads well.
    """
    read = _readable(place, count, names_width, pictured=pictured)
    if zoom is None or (zoom == 0 and count <= WHOLE):
        return read
    tall = zoom or _whole(place, count)
    if tall < DENSE:
        return Sizes(tall, tall, 0, TITLE + 3, 10, False, False, False, scrolls=True)
    wide = max(tall, round(tall * read.wide / read.tall))
    edge = min(_LARGEST_PICTURE, max(_LEAST_PICTURE, tall - 3)) if pictured else 0
    beside = names_width + _BESIDE_NAMES + (edge + 3 if edge else 0)
    above, upright = _above(edge, wide, names_width)
    return Sizes(wide, tall, edge, above, beside, upright, True, not edge, scrolls=True)


def zoomed(now: int, *, closer: bool) -> int:
    """The next size of squares: at least a pixel more or less, about a quarter."""
    step = max(1, round(now * 0.25))
    return min(MOST_ZOOM, now + step) if closer else max(1, now - step)


def _whole(place: QSize, count: int) -> int:
    """The largest square of which all fit; a pixel where none does."""
    return max(1, min((place.width() - 12) // count, (place.height() - TITLE - 5) // count))


def _readable(place: QSize, count: int, names_width: int, *, pictured: bool) -> Sizes:
    width, height = place.width(), place.height()
    each = max((height - TITLE) // (count + 1), _LEAST.height() if count > WHOLE else 0)
    edge = max(_LEAST_PICTURE, min(_LARGEST_PICTURE, each - 3)) if pictured else 0
    above = TITLE + max(edge, 14) + 5
    tall = (height - above) // count
    beside = names_width + _BESIDE_NAMES + (edge + 3 if edge else 0)
    wide = (width - beside) // count
    named = not edge or count > WHOLE or wide >= _LEAST_BESIDE_NAMES
    if not named:
        beside = edge + 6
        wide = (width - beside) // count
    if count > WHOLE:
        wide, tall = max(_LEAST.width(), wide), max(_LEAST.height(), tall)
    wide = max(1, min(wide, round(_WIDEST * tall)))
    tall = max(1, min(tall, wide))
    spare = max(0, width - beside - wide * count) if count <= WHOLE else 0
    beside += min(spare, _MOST_SPARE)
    above, upright = _above(edge, wide, names_width) if count > WHOLE else (above, False)
    return Sizes(wide, tall, edge, above, beside, upright, named, not edge, scrolls=count > WHOLE)


def _above(edge: int, wide: int, names_width: int) -> tuple[int, bool]:
    """Height of the headers of the columns, and whether their names are written upwards."""
    upright = not edge and names_width > wide
    return TITLE + (min(_LONGEST_UPRIGHT, names_width) if upright else max(edge, 14)) + 5, upright
