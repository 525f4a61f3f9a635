"""Writing that may fail: what could not be written lies here and is tried again, until it is done."""

import time
from collections.abc import Callable, Hashable

from fmstudio.errors import UserError
from fmstudio.words import tr

PATIENCE = 2.0
"""Seconds between two tries."""


class Desk:
    """Keeps what is still to be written.

    Args:
        clock: Seconds.

    Attributes:
        trouble: Why something lies here; None where nothing does.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._left: dict[Hashable, Callable[[], None]] = {}
        self._tried = 0.0
        self.trouble: UserError | None = None

    def write(self, what: Hashable, work: Callable[[], None]) -> None:
        """Write something, now or later.

        Args:
            what: Its name: the newer of two of the same name takes the place of the older one.
            work: Writes it; raises ``UserError`` or ``OSError`` where that fails, and can be done again.
        """
        self._left.pop(what, None)
        self._left[what] = work
        if self.trouble is None:
            self._try()

    def try_again(self, *, now: bool = False) -> None:
        """Write what lies here, if it is time, in the order in which it came, up to what still fails."""
        if self._left and (now or self._clock() - self._tried >= PATIENCE):
            self._try()

    def _try(self) -> None:
        self._tried = self._clock()
        self.trouble = None
        for what, work in list(self._left.items()):
            try:
                work()
            except UserError as error:
                self.trouble = error
                return
            except OSError as error:
                self.trouble = UserError(tr("The run cannot be saved: {reason}.", reason=error.strerror or error))
                return
            del self._left[what]
