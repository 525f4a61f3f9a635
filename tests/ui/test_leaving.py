"""A window that is told to end by the system saves its run, asks nobody, and ends."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, cast

import pytest

from fmstudio.runs.library import Library
from fmstudio.session.session import State
from fmstudio.ui import leaving

ROOT = Path(__file__).parents[2]


@pytest.mark.skipif(sys.platform == "win32", reason="a process is not told to end by a signal there")
@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGINT])
def test_a_window_that_is_told_to_end_keeps_its_run(tmp_path: Path, told: signal.Signals) -> None:
    library = tmp_path / "runs"
    surroundings = {
        **os.environ,
        "QT_QPA_PLATFORM": "offscreen",
        "FMSTUDIO_HOME": str(tmp_path),
        "PYTHONPATH": str(ROOT),
    }
    command = [sys.executable, str(Path(__file__).with_name("leaving_window.py")), str(library)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=surroundings, cwd=tmp_path) as process:
        assert process.stdout is not None
        try:
            assert process.stdout.readline() == "training\n"
            process.send_signal(told)
            assert process.wait(30) == 0
        finally:
            process.kill()
    (row,) = Library(library).summaries()
    assert row.state in ("stopped", "interrupted")
    assert row.resumable


class Ending:
    """A session whose threads take some time to end, and a queue that notes how long it may wait."""

    state, ending, entries = State.RUNNING, True, ()

    def __init__(self, milliseconds: int) -> None:
        self.takes = milliseconds
        self.told: list[str] = []
        self.session_had = self.queue_had = 0

    def end(self) -> None:
        self.told.append("processes end")

    def finish(self, milliseconds: int) -> bool:
        self.told.append("threads end")
        self.session_had = milliseconds
        time.sleep(min(milliseconds, self.takes) / 1000)
        return True

    def wait(self, milliseconds: int) -> None:
        self.queue_had = milliseconds


class Written:
    """Names and notes that wait to be written."""

    def finish(self) -> bool:
        return True


def test_processes_have_the_time_that_threads_do_not_need() -> None:
    both: Any = Ending(0)
    leaving.stop_everything(both, both, cast(Any, Written()))
    assert both.told == ["processes end", "threads end"]
    assert 2000 < both.session_had <= leaving.WAIT_MS - 500
    assert 2500 < both.queue_had <= leaving.WAIT_MS


def test_threads_that_need_their_time_leave_some_to_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leaving, "WAIT_MS", 700)
    both: Any = Ending(1000)
    leaving.stop_everything(both, both, cast(Any, Written()))
    assert both.session_had <= 200
    assert both.queue_had == 500


def test_what_ends_already_is_not_asked_about() -> None:
    assert leaving.may_leave(cast(Any, None), cast(Any, Ending(0)), cast(Any, Ending(0)))


def test_also_who_leaves_without_a_thread_does_the_last_things(monkeypatch: pytest.MonkeyPatch) -> None:
    class Hanging(Ending):
        def finish(self, milliseconds: int) -> bool:
            return False

    done: list[object] = []

    def fail() -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(leaving, "_last", [])
    monkeypatch.setattr(leaving.logging, "shutdown", lambda: None)
    monkeypatch.setattr(leaving.os, "_exit", done.append)
    leaving.before_leaving(fail, lambda: done.append("door closed"), lambda: done.append("preferences kept"))
    both: Any = Hanging(0)
    leaving.stop_everything(both, both, cast(Any, Written()))
    assert done == ["door closed", "preferences kept", 0]
