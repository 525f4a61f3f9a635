"""When to look in between: often enough for the eye, and at most 3 % of the time in all."""

import time
from collections.abc import Callable

SHARE = 0.03
"""Of the run's time that quick checks and the watched pictures may take together."""
AHEAD = 3.0
"""Seconds of the run whose share may be spent before they have passed: the first looks come early."""


class Stopwatch:
    """Seconds while it runs; starts stopped."""

    def __init__(self, clock: Callable[[], float] = time.perf_counter) -> None:
        self._clock = clock
        self._before = 0.0
        self._since: float | None = None

    def start(self) -> None:
        """Run from now on."""
        if self._since is None:
            self._since = self._clock()

    def stop(self) -> None:
        """Stand still."""
        if self._since is not None:
            self._before += self._clock() - self._since
            self._since = None

    def set(self, seconds: float) -> None:
        """Stand at so many seconds."""
        self._before, self._since = seconds, None

    @property
    def seconds(self) -> float:
        """All the time that it ran."""
        running = self._clock() - self._since if self._since is not None else 0.0
        return self._before + running


class Pace:
    """Decides when the next look is due.

    Args:
        interval: Seconds of training between the first two looks.
        growth: Each interval is so many times the one before.
    """

    def __init__(self, interval: float, growth: float = 1.0) -> None:
        self._interval = interval
        self._growth = growth
        self._next = interval
        self.cost = 0.0
        """Seconds that the last look took, or that the first one is expected to take."""

    def due(self, now: float) -> bool:
        """Whether it is time, after so many seconds of training."""
        return now >= self._next

    def done(self, now: float, cost: float) -> None:
        """A look was taken, and took so long."""
        self.cost = cost
        self._interval *= self._growth
        self._next = now + self._interval


def affordable(spent: float, cost: float, now: float, expected: float) -> bool:
    """Whether a look may be taken.

    Args:
        spent: Seconds that all looks took so far.
        cost: Seconds that this one will take, by experience.
        now: Seconds of training so far.
        expected: Seconds of training of the whole run.
    """
    return spent + cost <= SHARE * min(max(expected, now), now + AHEAD)
