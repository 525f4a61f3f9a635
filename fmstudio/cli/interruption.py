"""Ctrl-C and a polite kill: they stop a training, which then keeps what it has."""

import os
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from fmstudio.cli.output import INTERRUPTED
from fmstudio.training.control import Control

PATIENCE = 2.5
"""Seconds in which a training must end that is killed politely; after them the last checkpoint stands."""


@contextmanager
def interruptible(control: Control) -> Iterator[None]:
    """Let Ctrl-C stop the training, which then keeps what it has; the second time it ends it at once.

    A polite kill leaves little time: what takes long at the end is left out, and a step that takes longer is given up.
    """

    def ask(number: int, frame: FrameType | None) -> None:
        control.stop()
        for one in before:
            signal.signal(one, signal.default_int_handler)

    before = {one: signal.signal(one, ask) for one in (signal.SIGINT, signal.SIGTERM)}
    try:
        with _hurried(control):
            yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


@contextmanager
def _hurried(control: Control) -> Iterator[None]:
    """See a polite kill at once, in a thread: Python's own handlers wait until a long call into torch is over."""
    reader, writer = socket.socketpair()
    writer.setblocking(False)
    given_up = threading.Timer(PATIENCE, os._exit, (INTERRUPTED,))
    given_up.daemon = True

    def watch() -> None:
        while number := reader.recv(1):
            if number[0] == signal.SIGTERM and not control.hurried:
                control.hurry()
                given_up.start()

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    known = signal.set_wakeup_fd(writer.fileno())
    try:
        yield
    finally:
        signal.set_wakeup_fd(known)
        writer.close()
        watcher.join()
        reader.close()
        given_up.cancel()
