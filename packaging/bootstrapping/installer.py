"""Python packages into the virtual environment: with uv where it can be had, else with pip."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from bootstrapping.running import Runner, clean_environment, listen
from bootstrapping.words import SetupError, say

AGAIN = "Run the same command again; what has been downloaded is kept."
NO_SPACE = ("no space left on device", "os error 28", "errno 28", "os error 112", "disk quota exceeded")
NO_NETWORK = (
    "error sending request",
    "dns error",
    "name resolution",
    "failed to establish a new connection",
    "connection reset",
    "connection refused",
    "connection aborted",
    "connection broken",
    "network is unreachable",
    "timed out",
    "connecttimeout",
    "readtimeout",
    "incompleteread",
    "error decoding response body",
    "request or response body error",
    "max retries exceeded",
    "failed to fetch",
)


def install(
    python: Path,
    arguments: Sequence[str],
    constraints: Path,
    *,
    run: Runner = listen,
    pause: Callable[[float], None] = time.sleep,
) -> None:
    """Install packages, patiently where the network falters.

    Args:
        python: The interpreter of the virtual environment.
        arguments: What to install, as pip takes it.
        constraints: The file of the versions that are known to work together.
        run: Runs a command.
        pause: Waits some seconds.
    """
    environment = installer_environment(python)
    output = ""
    for number, command in enumerate(commands(python, constraints, run)):
        if says(output, NO_NETWORK) and "--constraint" not in command:
            break  # it would fail likewise, or settle for other versions
        for attempt in range(3 if number == 0 else 1):
            if attempt:
                say("the network falters: trying again")
                pause(2 * attempt)
            status, output = run([*command, *arguments], environment)
            if status == 0:
                return
            if says(output, NO_SPACE):
                raise explanation(output)
            if not says(output, NO_NETWORK):
                break
    raise explanation(output)


def commands(python: Path, constraints: Path, run: Runner = listen) -> list[list[str]]:
    """The ways to install, best first: uv, then pip, at last pip without the known versions."""
    known = ["--constraint", str(constraints)]
    ways = []
    uv = find_uv(python, run)
    if uv:
        ways.append([uv, "pip", "install", "--python", str(python), *known])
    if has_pip(python):
        pip = [str(python), "-m", "pip", "install", "--no-input", "--progress-bar", "off"]
        ways += [[*pip, *known], pip]
    return ways


def find_uv(python: Path, run: Runner = listen) -> str:
    """The uv to install with: the user's, else one of the virtual environment's own; empty where there is none."""
    own = python.with_name("uv.exe" if sys.platform == "win32" else "uv")
    found = shutil.which("uv") or (str(own) if own.exists() else "")
    if not found and has_pip(python):
        command = [str(python), "-m", "pip", "install", "--quiet", "--no-input", "uv"]
        status, _ = run(command, installer_environment(python))
        found = str(own) if status == 0 and own.exists() else ""
    return found


def can_install(python: Path) -> bool:
    """Whether there is something to install with."""
    return shutil.which("uv") is not None or has_pip(python)


def has_pip(python: Path) -> bool:
    """Whether the interpreter has pip."""
    return subprocess.run([python, "-c", "import pip"], capture_output=True, check=False).returncode == 0


def installer_environment(python: Path) -> dict[str, str]:
    """The environment of uv and pip: room for temporary files, patience, and the user's own package index."""
    environment = clean_environment() | {"PIP_USER": "0", "PIP_RETRIES": "2", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    environment.setdefault("UV_HTTP_TIMEOUT", "120")
    environment["TMPDIR"] = str(temporary_folder(python))
    index = user_index(environment)
    if index and not any(name in environment for name in ("UV_DEFAULT_INDEX", "UV_INDEX_URL")):
        environment["UV_DEFAULT_INDEX"] = index
    return environment


def temporary_folder(python: Path) -> Path:
    """Beside the packages, because some gigabytes do not fit into every system's folder for temporary files."""
    folder = python.parents[1] / "tmp"
    folder.mkdir(exist_ok=True)
    return folder


def user_index(environment: dict[str, str]) -> str:
    """The package index that the user told pip of (a mirror, a company's), which uv would not ask; empty for none."""
    if os.environ.get("PIP_INDEX_URL"):
        return os.environ["PIP_INDEX_URL"]
    command = [sys.executable, "-m", "pip", "config", "get", "global.index-url"]
    asked = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    return asked.stdout.strip() if asked.returncode == 0 else ""


def says(output: str, marks: Sequence[str]) -> bool:
    """Whether an installer's words hold one of the marks."""
    lower = output.lower()
    return any(mark in lower for mark in marks)


def explanation(output: str) -> SetupError:
    """What an installer's words mean."""
    if says(output, NO_SPACE):
        return SetupError("There is no space left on the disk.", f"Make room (about 8 GB are needed). {AGAIN}")
    if says(output, NO_NETWORK):
        return SetupError("The network was lost while packages were downloaded.", f"Look after the connection. {AGAIN}")
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    return SetupError(
        "The Python packages could not be installed; the installer's words stand above.",
        f"Python 3.11 to 3.14 on 64-bit Linux, Windows or macOS is known to work, and this is Python {version}.",
    )
