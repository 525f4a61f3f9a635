"""Other programs: started, listened to, and ended with us."""

import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

Runner = Callable[[Sequence[str], Mapping[str, str]], tuple[int, str]]
"""Runs a command in an environment: its exit status, and what it wrote."""


def clean_environment() -> dict[str, str]:
    """Our environment without what would lead another Python astray."""
    astray = {"VIRTUAL_ENV", "PYTHONHOME", "PYTHONPATH", "CONDA_PREFIX"}
    return {name: value for name, value in os.environ.items() if name not in astray}


def listen(command: Sequence[str], environment: Mapping[str, str]) -> tuple[int, str]:
    """Run a command, show what it writes while it does, and return its status and all of it."""
    try:
        process = subprocess.Popen(
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )
    except OSError as error:
        return 127, str(error)
    lines: list[str] = []
    with process:
        try:
            for line in process.stdout or ():
                print(f"  {line}", end="", flush=True)
                lines.append(line)
        except KeyboardInterrupt:
            process.terminate()
            raise
    return process.returncode, "".join(lines)


def hand_over(command: Sequence[str], environment: Mapping[str, str], folder: Path | None = None) -> int:
    """Run a command on our own terminal and return its status; Ctrl-C is the command's to answer."""
    sys.stdout.flush()
    process = subprocess.Popen(command, env=environment, cwd=folder)
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            continue
