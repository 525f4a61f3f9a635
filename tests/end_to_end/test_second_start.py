"""The real program, started twice."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from fmstudio import paths

pytestmark = pytest.mark.x11
PROGRAM = (sys.executable, "-m", "fmstudio")


def test_a_second_start_hands_over_and_ends(x11_environment: dict[str, str], tmp_path: Path) -> None:
    environment = x11_environment | {"XDG_RUNTIME_DIR": str(tmp_path)}
    tmp_path.chmod(0o700)
    lesson = str(paths.resource("lessons/cnn.json"))
    with subprocess.Popen(PROGRAM, env=environment, stderr=subprocess.PIPE, text=True) as first:
        wait_for(tmp_path, first)
        second = subprocess.run([*PROGRAM, "open", lesson], env=environment, timeout=120, check=False)
        first.terminate()
        _, said = first.communicate(timeout=60)
    assert (second.returncode, first.returncode, "Traceback" in said) == (0, 0, False)
    assert list(tmp_path.glob("*.socket")) == []


def test_another_home_is_another_window_and_a_crash_is_no_obstacle(
    x11_environment: dict[str, str], tmp_path: Path
) -> None:
    environment = x11_environment | {"XDG_RUNTIME_DIR": str(tmp_path)}
    tmp_path.chmod(0o700)
    for number, home in enumerate(("one", "two", "two"), 1):
        moved = environment | {"FMSTUDIO_HOME": str(tmp_path / home)}
        with subprocess.Popen(PROGRAM, env=moved, stderr=subprocess.PIPE, text=True) as window:
            wait_for(tmp_path, window, min(number, 2))
            window.kill()


def wait_for(folder: Path, process: subprocess.Popen[str], count: int = 1) -> None:
    """Wait until second starts are heard, at so many places."""
    end = time.monotonic() + 60
    while len(list(folder.glob("*.socket"))) < count:
        assert process.poll() is None
        assert time.monotonic() < end
        time.sleep(0.05)
