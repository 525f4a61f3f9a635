"""The window of the bundle: without a screen, on a virtual one, and how soon it is there."""

import json
import mmap
import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

from bootstrapping.screen import SIZE, on_virtual_screen, virtual_screen

from building.program import Program, require
from building.trial_commands import unfrozen

PATIENCE = 60.0
"""Seconds after which a window does not come any more."""
COLOURS = 8
"""A window that shows something has at least so many; the empty screen is black."""
SIGN, WINDOW = 0.01, 0.25
"""How much of the screen is covered by anything that is a sign of the program, and by its window."""
STRIDE = 4 * 997
"""Bytes from one pixel that is looked at to the next."""


def offscreen(program: Program) -> dict[str, Any]:
    """The demo without any screen, in Chinese and dark: fonts, words and icons are found."""
    return _demo(program, "offscreen", ["--language", "zh_CN", "--theme", "dark"], {"QT_QPA_PLATFORM": "offscreen"})


def demo(program: Program) -> dict[str, Any]:
    """The demo in a real X server."""
    with virtual_screen() as display:
        shown = on_virtual_screen({}, display)
        return _demo(program, "demo", ["--language", "en", "--theme", "light"], shown)


def _demo(program: Program, name: str, look: Sequence[str], shown: Mapping[str, str]) -> dict[str, Any]:
    out = program.folder / name
    library = program.folder / f"{name}-runs"
    program.run(*look, "--demo", "--out", str(out), "--library", str(library), more=shown)
    summary = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    pictures = [picture for picture in summary["pictures"] if (out / picture).stat().st_size > 10_000]
    require(len(pictures) >= 6, f"The demo saved only {len(pictures)} pictures.")
    require(summary["test_accuracy"] > 0.8, f"The demo learned too little: {summary['test_accuracy']}")
    return {"test_accuracy": summary["test_accuracy"], "pictures": len(pictures)}


def start(program: Program, repeats: int = 5) -> dict[str, Any]:
    """Seconds from the start of the process to the painted window: warm, and with nothing of it in memory.

    The unfrozen program is started in between: on a machine that does other things too, it tells what those cost.
    """
    seconds_to_window(program)
    warm, plain, cold = [], [], []
    for _ in range(repeats):
        warm.append(seconds_to_window(program))
        plain.append(seconds_to_window(unfrozen(program)))
    for _ in range(3):
        forget(program.file.parent)
        cold.append(seconds_to_window(program))
    return {
        "warm": _middle(window for _, window in warm),
        "cold": _middle(window for _, window in cold),
        "a sign of it, warm": _middle(sign for sign, _ in warm),
        "a sign of it, cold": _middle(sign for sign, _ in cold),
        "unfrozen, warm": _middle(window for _, window in plain),
        "load of the machine": round(os.getloadavg()[0], 1),
    }


def _middle(seconds: Iterable[float]) -> float:
    return round(median(seconds), 2)


def seconds_to_window(program: Program) -> tuple[float, float]:
    """Seconds from the start of the process until anything is painted, and until the window is.

    The virtual screen's own memory says so: nothing in the program is touched or asked.
    """
    with screen_memory() as (display, memory):
        environment = program.environment(on_virtual_screen({}, display))
        began = time.perf_counter()
        process = subprocess.Popen(
            program.command("--library", str(program.library)),
            env=environment,
            cwd=program.folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            sign = _seconds_until(SIGN, memory, process, began)
            return sign, _seconds_until(WINDOW, memory, process, began)
        finally:
            process.send_signal(signal.SIGTERM)
            _ended(process)


def _seconds_until(part: float, memory: mmap.mmap, process: "subprocess.Popen[bytes]", began: float) -> float:
    while not painted(memory, part):
        require(process.poll() is None, f"The window closed itself with status {process.returncode}.")
        require(time.perf_counter() - began < PATIENCE, "No window came.")
        time.sleep(0.01)
    return time.perf_counter() - began


def _ended(process: "subprocess.Popen[bytes]") -> None:
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@contextmanager
def screen_memory() -> Iterator[tuple[str, mmap.mmap]]:
    """A virtual screen, with the memory in which it keeps its pixels."""
    with tempfile.TemporaryDirectory() as folder:
        command = ["Xvfb", "-displayfd", "1", "-screen", "0", SIZE, "-nolisten", "tcp", "-noreset", "-fbdir", folder]
        server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        try:
            number = server.stdout.readline().strip() if server.stdout else ""
            require(number.isdecimal(), "The virtual screen did not start.")
            with (
                (Path(folder) / "Xvfb_screen0").open("rb") as file,
                mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as memory,
            ):
                yield f":{number}", memory
        finally:
            server.terminate()
            server.communicate()


def painted(memory: mmap.mmap | bytes, part: float) -> bool:
    """Whether there is a picture on so much of the screen: pixels of many colours, looked at here and there."""
    seen = [memory[place : place + 3] for place in range(len(memory) % 4, len(memory) - 3, STRIDE)]
    return len(seen) - seen.count(bytes(3)) > part * len(seen) and len(set(seen)) >= COLOURS


def forget(folder: Path) -> None:
    """Let the system drop what it keeps of the files in memory, as after a restart."""
    for where, _, files in os.walk(folder):
        for name in files:
            with (Path(where) / name).open("rb") as file:
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
