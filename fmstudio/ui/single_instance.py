"""The first window: hears what second starts of the program ask."""

import contextlib
import json
import secrets
import socket

from PySide6.QtCore import QObject, QSocketNotifier, Signal

from fmstudio.machine.entrance import ANSWER, Door
from fmstudio.machine.meeting import Request

MOST_BYTES = 1_000_000
"""A request is never longer."""


class FirstWindow(QObject):
    """Hears what second starts ask, as long as this process lives.

    Args:
        door: Where they knock; closed at the end.

    Signals:
        asked(Request): A second start has handed over.
    """

    asked = Signal(object)

    def __init__(self, door: Door, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._door = door
        self._guests: dict[QSocketNotifier, tuple[socket.socket, bytearray]] = {}
        self._notifier = QSocketNotifier(door.socket.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._let_in)

    def close(self) -> None:
        """Listen no more; the next start is the first then."""
        if not self._notifier.isEnabled():
            return
        self._notifier.setEnabled(False)
        for guest in tuple(self._guests):
            self._see_off(guest)
        self._door.close()

    def _let_in(self) -> None:
        try:
            connection, _ = self._door.socket.accept()
        except OSError:  # gone again
            return
        connection.setblocking(False)
        guest = QSocketNotifier(connection.fileno(), QSocketNotifier.Type.Read, self)
        self._guests[guest] = connection, bytearray()
        guest.activated.connect(lambda: self._hear(guest))

    def _hear(self, guest: QSocketNotifier) -> None:
        connection, heard = self._guests[guest]
        try:
            part = connection.recv(65_536)
        except BlockingIOError:
            return
        except OSError:
            part = b""
        heard += part
        if part and b"\n" not in part and len(heard) < MOST_BYTES:
            return
        request = self._understood(bytes(heard))
        if request is not None:
            with contextlib.suppress(OSError):
                connection.sendall(ANSWER)
        self._see_off(guest)
        if request is not None:
            self.asked.emit(request)

    def _understood(self, heard: bytes) -> Request | None:
        try:
            values = json.loads(heard.partition(b"\n")[0])
        except (ValueError, RecursionError):
            return None
        if not isinstance(values, dict) or not secrets.compare_digest(str(values.get("secret", "")), self._door.secret):
            return None
        return Request.read(values)

    def _see_off(self, guest: QSocketNotifier) -> None:
        connection, _ = self._guests.pop(guest)
        guest.setEnabled(False)
        connection.close()
        guest.deleteLater()
