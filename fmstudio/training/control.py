"""What the user asks of a training that runs in another thread. No torch, no Qt."""

import threading
import time
from collections.abc import Callable

CLOSE_UP = 30.0
"""Steps a second up to which each one is shown with its numbers."""


class Control:
    """Pause, continue, one step, and stop: set from any thread, obeyed between two steps.

    Args:
        clock: Seconds, for the speed.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._changed = threading.Condition()
        self._clock = clock
        self._paused = False
        self._stopped = False
        self._hurried = False
        self._single = False
        self._speed = 0.0
        self._next = 0.0

    @property
    def paused(self) -> bool:
        """Whether the training is asked to wait."""
        return self._paused and not self._stopped

    @property
    def stopped(self) -> bool:
        """Whether the training is asked to end and to keep what it has."""
        return self._stopped

    @property
    def hurried(self) -> bool:
        """Whether the training is asked to end within seconds: what takes long at its end is left out."""
        return self._hurried

    @property
    def speed(self) -> float:
        """At most so many steps a second; 0: as fast as it can."""
        return self._speed

    @property
    def slow(self) -> bool:
        """Whether each step waits for its turn."""
        return not self._stopped and (self._paused or self._speed > 0)

    @property
    def close_up(self) -> bool:
        """Whether steps are taken so slowly that each can be looked at."""
        return self.slow and (self._paused or self._speed <= CLOSE_UP)

    def pause(self) -> None:
        """Wait before the next step."""
        with self._changed:
            self._paused, self._single = True, False
            self._changed.notify_all()

    def proceed(self) -> None:
        """Go on."""
        with self._changed:
            self._paused = False
            self._changed.notify_all()

    def one_step(self) -> None:
        """Take a single step, and wait again."""
        with self._changed:
            self._paused = self._single = True
            self._changed.notify_all()

    def set_speed(self, steps_per_second: float) -> None:
        """Take at most so many steps a second; 0: as fast as it can."""
        with self._changed:
            self._speed, self._next = max(0.0, steps_per_second), 0.0
            self._changed.notify_all()

    def stop(self) -> None:
        """End before the next step, also when paused."""
        with self._changed:
            self._stopped = True
            self._changed.notify_all()

    def hurry(self) -> None:
        """End before the next step, and without what takes long: the program is about to leave."""
        self._hurried = True
        self.stop()

    def wait_for_turn(self) -> None:
        """Return when the next step may be taken, or the training must stop."""
        with self._changed:
            while not self._stopped:
                if self._paused:
                    if self._single:
                        self._single = False
                        return
                    self._changed.wait()
                    continue
                wait = self._next - self._clock() if self._speed else 0.0
                if wait <= 0:
                    break
                self._changed.wait(wait)
            if self._speed:
                self._next = max(self._clock(), self._next) + 1 / self._speed
