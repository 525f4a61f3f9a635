"""Carries events from the training's thread to the window's: a list, a lock and one signal."""

import threading

from PySide6.QtCore import QObject, Signal

from fmstudio.training.events import Event


class Mailbox(QObject):
    """Loses nothing, and rings once for however many events wait.

    ``post`` is called in any thread; ``arrived`` is delivered in the thread that owns the mailbox.
    """

    arrived = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lock = threading.Lock()
        self._events: list[Event] = []

    def post(self, event: Event) -> None:
        """Put one event in; rings if the mailbox was empty."""
        with self._lock:
            first = not self._events
            self._events.append(event)
        if first:
            self.arrived.emit()

    def take(self) -> list[Event]:
        """All events that wait, in order; empties the mailbox."""
        with self._lock:
            events, self._events = self._events, []
        return events
