"""What must not go on beside a run, because it uses torch's generator: one task at a time, and a run ends it first."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from PySide6.QtCore import QObject, Signal

from fmstudio.errors import UserError
from fmstudio.words import tr


def _nothing() -> None:
    """There is no way to stop it: it takes no longer than a moment."""


class InBackground(Protocol):
    """Computes something apart from the window: see ``TrainingSession.in_background``."""

    def __call__(
        self,
        work: Callable[[], Any],
        then: Callable[[Any], object],
        otherwise: Callable[[UserError], object] | None = None,
        after: Callable[[], object] = ...,
    ) -> object:
        """Begin."""


class Alone(Protocol):
    """Computes something while nothing trains: see ``TrainingSession.alone``."""

    def __call__(
        self,
        work: Callable[[], Any],
        stop: Callable[[], object],
        then: Callable[[Any], object],
        otherwise: Callable[[UserError], object],
    ) -> bool:
        """Begin; False where something trains."""


@dataclass(frozen=True)
class _Wish:
    work: Callable[[], Any]
    then: Callable[[Any], object]
    otherwise: Callable[[UserError], object] | None
    stop: Callable[[], object]


class Solitary(QObject):
    """Runs one task at a time; the newest wish takes the place of what runs.

    Signals:
        freed(): Nothing runs any more.

    Args:
        in_background: How a task is run.
    """

    freed = Signal()

    def __init__(self, in_background: InBackground, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._in_background = in_background
        self._running: _Wish | None = None
        self._next: _Wish | None = None

    @property
    def busy(self) -> bool:
        """Whether something runs, or still has to end."""
        return self._running is not None

    def begin(
        self,
        work: Callable[[], Any],
        then: Callable[[Any], object],
        otherwise: Callable[[UserError], object] | None = None,
        stop: Callable[[], object] = _nothing,
    ) -> None:
        """Compute something, after what runs now was asked to end.

        Args:
            work: What is computed; must not touch widgets.
            then: Gets the result, in the window's thread.
            otherwise: Gets a ``UserError`` in its place.
            stop: Asks the work to end soon.
        """
        self.give_up()
        wish = _Wish(work, then, otherwise, stop)
        if self._running is None:
            self._start(wish)
        else:
            self._next = wish

    def give_up(self) -> None:
        """Ask what runs to end, and begin nothing more; ``freed`` tells when it has ended."""
        waiting, self._next = self._next, None
        if self._running is not None:
            self._running.stop()
        if waiting is not None and waiting.otherwise is not None:
            waiting.otherwise(UserError(tr("Something else began first.")))

    def _start(self, wish: _Wish) -> None:
        self._running = wish
        self._in_background(wish.work, wish.then, wish.otherwise, self._ended)

    def _ended(self) -> None:
        self._running = None
        waiting, self._next = self._next, None
        if waiting is not None:
            self._start(waiting)
        else:
            self.freed.emit()
