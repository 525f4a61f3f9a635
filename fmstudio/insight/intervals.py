"""How far a share of few pictures can be trusted: Wilson's interval, and from when on it is too few. No torch."""

import math

from fmstudio.words import tr

Interval = tuple[float, float]
"""From the lower to the upper end, both 0…1."""

FEW = 20
"""Below so many pictures a class is not judged."""

MANY = 1000
"""From so many pictures on, the interval is so narrow that it is not shown."""

LEVEL = 0.95
"""How often an interval made in this way holds the true share."""

_Z = 1.959963984540054
"""What a normal variable exceeds, upwards or downwards, once in twenty times."""

_NARROW = 0.05


def wilson(right: int, counted: int) -> Interval | None:
    """Wilson's 95 % interval for a share, which stays within 0…1 and is honest at both ends; None where n is 0.

    Args:
        right: How many of the pictures count.
        counted: Of how many.
    """
    if counted <= 0:
        return None
    share, square = right / counted, _Z * _Z / counted
    middle = (share + square / 2) / (1 + square)
    half = _Z * math.sqrt(share * (1 - share) / counted + square / (4 * counted)) / (1 + square)
    low = 0.0 if right <= 0 else max(0.0, middle - half)
    high = 1.0 if right >= counted else min(1.0, middle + half)
    return low, high


def shown_interval(right: int, counted: int) -> Interval | None:
    """The interval where it belongs beside the figure: where fewer than 1,000 pictures were counted."""
    return wilson(right, counted) if counted < MANY else None


def interval_words(interval: Interval) -> str:
    """An interval in per cent: "41–85 %", with a tenth where it is narrow."""
    digits = 1 if interval[1] - interval[0] < _NARROW else 0
    low, high = (f"{100 * end:.{digits}f}" for end in interval)
    return tr("{low}–{high} %", low=low, high=high)
