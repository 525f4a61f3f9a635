"""Pause, continue and stop, from another thread."""

import threading
from collections.abc import Callable

import pytest

from fmstudio.training.control import Control

PATIENCE = 5.0
"""Seconds after which a thread that should have gone on counts as stuck."""


def waiting(control: Control) -> threading.Thread:
    thread = threading.Thread(target=control.wait_for_turn)
    thread.start()
    return thread


def test_nothing_asked_for_nothing_waits() -> None:
    control = Control()
    assert (control.paused, control.stopped) == (False, False)
    control.wait_for_turn()


@pytest.mark.parametrize("act", [Control.proceed, Control.stop])
def test_a_waiting_thread_is_woken(act: Callable[[Control], None]) -> None:
    control = Control()
    control.pause()
    thread = waiting(control)
    thread.join(0.05)
    assert thread.is_alive()
    act(control)
    thread.join(PATIENCE)
    assert not thread.is_alive()


def test_a_stop_ends_the_pause_and_outlasts_a_continue() -> None:
    control = Control()
    control.pause()
    control.stop()
    assert (control.paused, control.stopped) == (False, True)
    control.proceed()
    control.pause()
    assert (control.paused, control.stopped) == (False, True)
    control.wait_for_turn()
