"""How a start of the program begins: as the first window, or by handing over to the one that is open already.

A first window that does not answer blocks nobody: the second start opens a window then all the same.
"""

import contextlib
import ctypes
import json
import logging
import os
import socket
import sys
import time
from dataclasses import asdict, dataclass

from fmstudio.machine.meeting import Meeting, Request

PATIENCE_S = 4.0
"""How long a second start waits for the first window to answer."""
ANSWER = b"ok\n"
"""What the first window says when it has understood."""
_AGAIN_S = 0.05
_log = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False)
class Door:
    """Where the first window is knocked at.

    Attributes:
        meeting: Where it is found.
        lock: The open file that is locked.
        socket: Listens, and waits for nothing.
        secret: What everybody must say who knocks; empty where only this person can.
    """

    meeting: Meeting
    lock: int
    socket: socket.socket
    secret: str

    def close(self) -> None:
        """Listen no more: the next start is the first then."""
        self.socket.close()
        for ending in (".socket", ".json"):
            with contextlib.suppress(OSError):
                self.meeting.file(ending).unlink(missing_ok=True)
        os.close(self.lock)


@dataclass(frozen=True)
class Entrance:
    """How a start of the program begins.

    Attributes:
        door: Where the starts that come after knock; None where they cannot.
        handed_over: Whether a window that is open already has taken over: no other is to be opened.
    """

    door: Door | None = None
    handed_over: bool = False


def enter(meeting: Meeting | None, request: Request, patience_s: float = PATIENCE_S) -> Entrance:
    """Become the first window, or hand over to it.

    Args:
        meeting: Where they meet; None: there is no such place, and everybody opens a window.
        request: What the first one is asked, if there is one.
        patience_s: How long it may take to answer.
    """
    deadline = time.monotonic() + patience_s
    while meeting is not None:
        try:
            lock = meeting.lock()
            if lock is not None:
                return Entrance(_open_door(meeting, lock))
        except OSError as error:
            _log.info("no second start can be heard: %s", error)
            break
        left = deadline - time.monotonic()
        if left > 0 and handed_over(meeting, request, left):
            return Entrance(handed_over=True)
        if time.monotonic() + _AGAIN_S > deadline:
            _log.warning("another window of this library does not answer")
            break
        time.sleep(_AGAIN_S)
    return Entrance()


def handed_over(meeting: Meeting, request: Request, seconds: float) -> bool:
    """Ask the first window to open something; whether it has said that it will."""
    _allow_to_come_forward()
    try:
        connection, secret = meeting.connect(seconds)
        with connection:
            connection.sendall(json.dumps({**asdict(request), "secret": secret}).encode() + b"\n")
            return connection.recv(len(ANSWER)) == ANSWER
    except (OSError, ValueError):
        return False


def _open_door(meeting: Meeting, lock: int) -> Door:
    try:
        return Door(meeting, lock, *meeting.listen())
    except OSError:
        os.close(lock)
        raise


def _allow_to_come_forward() -> None:
    """Windows lets a window come to the front only if the program that is there allows it: we, just started, are."""
    if sys.platform == "win32":
        ctypes.windll.user32.AllowSetForegroundWindow(-1)
