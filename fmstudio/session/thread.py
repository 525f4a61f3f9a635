"""The thread that trains."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QThread

from fmstudio.session.door import STACK_BYTES
from fmstudio.session.mailbox import Mailbox


class TrainingThread(QThread):
    """Pulls the events of one run and posts them; ``error`` is what ended it early, None otherwise.

    Args:
        begin: Makes what records the run, in the thread: it has ``events()``.
        mailbox: Gets the events.
    """

    def __init__(self, begin: Callable[[], Any], mailbox: Mailbox) -> None:
        super().__init__()
        self._begin, self._mailbox = begin, mailbox
        self.error: Exception | None = None
        self.setStackSize(STACK_BYTES)

    def run(self) -> None:
        """Train, in the thread."""
        try:
            for event in self._begin().events():
                self._mailbox.post(event)
        except Exception as error:  # noqa: BLE001 — shown by the session: a sentence, or the crash dialog
            self.error = error
