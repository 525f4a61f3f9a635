"""How much of the value axis some runs need, so that differences are seen and one runaway does not flatten the rest."""

from collections.abc import Sequence

from fmstudio.ui.compare.overlay.tracks import FIGURES, Track
from fmstudio.ui.plots import ticks

_ROOM = 0.05
_LEAST = 0.01
_RUNAWAY = 3
"""A curve that goes so many times further than half of the others is not followed to its end."""
_SHORT = 3
"""Curves of up to so many epochs are shown whole."""

_SLEEPING = {"share": (0.0, 1.0), "number": (0.0, 2.5), "rate": (0.0, 0.01)}


def rows_for(tracks: Sequence[Track], name: str, *, logarithmic: bool) -> tuple[float, float, int]:
    """The lowest and the highest place of the axis, and how many runs go beyond it.

    The untrained network does not count where curves are long: they may come in from below. Of short ones it is the
    first of few points, and without it hardly a line would be left.

    Args:
        tracks: The runs.
        name: The figure, a key of ``FIGURES``.
        logarithmic: Whether the places are powers of ten.
    """
    unit = FIGURES[name].unit
    short = all(track.epochs <= _SHORT for track in tracks)
    ends = [found for track in tracks if (found := track.values(name, from_start=short))]
    if not ends:
        low, high = _SLEEPING[unit]
        return (-2.0, 0.5, 0) if logarithmic else (low, high, 0)
    if logarithmic:
        positive = [least for track in tracks if (least := track.least_positive(name))]
        highest = max(high for _, high in ends)
        if positive and highest > 0:
            low, high = ticks.round_log_range(min(positive), highest)
            return *_with_room(low, high), 0
        return -2.0, 0.5, 0
    low, high = min(low for low, _ in ends), max(high for _, high in ends)
    if unit == "number":
        floor, top = _reasonable(ends)
        low, high = max(low, floor), min(high, top)
    beyond = sum(one < low or other > high for one, other in ends)
    if unit != "share" and 0 <= low < 0.4 * high:
        low = 0.0
    room = max(_ROOM * (high - low), _LEAST * (1.0 if unit == "share" else abs(high)) / 2, 1e-12)
    if unit == "share":
        return max(-_ROOM, low - room), min(1 + _ROOM, high + room), beyond
    return low - room, high + room, beyond


def _reasonable(ends: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """Beyond which places a curve runs away from the others."""
    lows, highs = sorted(low for low, _ in ends), sorted(high for _, high in ends)
    low, high = lows[len(lows) // 2], highs[(len(highs) - 1) // 2]
    room = _RUNAWAY * max(high - low, abs(high))
    return low - room, high + room


def _with_room(low: float, high: float) -> tuple[float, float]:
    room = _ROOM * (high - low)
    return low - room, high + room
