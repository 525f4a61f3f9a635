"""Ctrl-C and a polite kill: they stop a training, which then keeps what it has."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from fmstudio.training.control import Control


@contextmanager
def interruptible(control: Control) -> Iterator[None]:
    """Let Ctrl-C and a polite kill stop the training, which then keeps what it has; the second time they end it."""

    def ask(number: int, frame: FrameType | None) -> None:
        control.stop()
        for one in before:
            signal.signal(one, signal.default_int_handler)

    before = {one: signal.signal(one, ask) for one in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)
