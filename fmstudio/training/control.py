"""What the user asks of a training that runs in another thread. No torch, no Qt."""

import threading


class Control:
    """Pause, continue and stop: set from any thread, obeyed between two steps."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._paused = False
        self._stopped = False

    @property
    def paused(self) -> bool:
        """Whether the training is asked to wait."""
        return self._paused and not self._stopped

    @property
    def stopped(self) -> bool:
        """Whether the training is asked to end and to keep what it has."""
        return self._stopped

    def pause(self) -> None:
        """Wait before the next step."""
        self._set(paused=True)

    def proceed(self) -> None:
        """Go on."""
        self._set(paused=False)

    def stop(self) -> None:
        """End before the next step, also when paused."""
        with self._changed:
            self._stopped = True
            self._changed.notify_all()

    def wait_while_paused(self) -> None:
        """Return when the training may go on, or must stop."""
        with self._changed:
            self._changed.wait_for(lambda: not self.paused)

    def _set(self, *, paused: bool) -> None:
        with self._changed:
            self._paused = paused
            self._changed.notify_all()
