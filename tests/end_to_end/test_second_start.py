"""The real program, started twice."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

from fmstudio import paths

pytestmark = pytest.mark.x11
PROGRAM = (sys.executable, "-m", "fmstudio")
PATIENCE_S = 120
"""A start takes two seconds, and many times that on a machine that has much else to do."""


def test_a_second_start_hands_over_and_ends(x11_environment: dict[str, str], tmp_path: Path) -> None:
    environment = x11_environment | {"XDG_RUNTIME_DIR": str(tmp_path)}
    tmp_path.chmod(0o700)
    lesson = str(paths.resource("lessons/cnn.json"))
    with started(environment) as first:
        wait_until(lambda: obeys(first), first)  # one that is still starting has no time to answer
        second = subprocess.run([*PROGRAM, "open", lesson], env=environment, timeout=PATIENCE_S, check=False)
        first.terminate()
        _, said = first.communicate(timeout=PATIENCE_S)
    assert (second.returncode, first.returncode, "Traceback" in said) == (0, 0, False)
    assert list(tmp_path.glob("*.socket")) == []


def test_another_home_is_another_window_and_a_crash_is_no_obstacle(
    x11_environment: dict[str, str], tmp_path: Path
) -> None:
    environment = x11_environment | {"XDG_RUNTIME_DIR": str(tmp_path)}
    tmp_path.chmod(0o700)
    for number, home in enumerate(("one", "two", "two"), 1):
        moved = environment | {"FMSTUDIO_HOME": str(tmp_path / home)}
        before = places(tmp_path)
        with started(moved) as window:
            wait_until(partial(moved_in, tmp_path, before, min(number, 2)), window)
            window.kill()


@contextmanager
def started(environment: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    """The program, running; it ends with the test, however that ends."""
    with subprocess.Popen(PROGRAM, env=environment, stderr=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def obeys(process: subprocess.Popen[str]) -> bool:
    """Whether a process has something of its own for SIGTERM: a window has as soon as it waits for its user."""
    status = Path(f"/proc/{process.pid}/status").read_text(encoding="ascii")
    caught = next(line.split()[1] for line in status.splitlines() if line.startswith("SigCgt:"))
    return bool(int(caught, 16) >> (signal.SIGTERM - 1) & 1)


def places(folder: Path) -> dict[str, int]:
    """Where second starts are heard, and when each was made."""
    return {path.name: path.stat().st_ctime_ns for path in folder.glob("*.socket")}


def moved_in(folder: Path, before: dict[str, int], count: int) -> bool:
    """Whether there is a new place, also where it took that of one that crashed, and there are so many now."""
    now = places(folder)
    return now != before and len(now) == count


def wait_until(done: Callable[[], bool], process: subprocess.Popen[str]) -> None:
    """Wait until something is so, while a process lives."""
    end = time.monotonic() + PATIENCE_S
    while not done():
        assert process.poll() is None
        assert time.monotonic() < end
        time.sleep(0.05)
