"""Where a second start of the program finds the window that is open already, and what it asks of it.

Who holds the lock is the first; the system lets go of it when that process ends, however it ends.
"""

import hashlib
import json
import os
import secrets
import socket
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fmstudio import paths
from fmstudio.runs.lock import take

_LOCAL = "127.0.0.1"
_SCREEN = ("QT_QPA_PLATFORM", "WAYLAND_DISPLAY", "DISPLAY")


@dataclass(frozen=True)
class Request:
    """What a second start asks of the first window.

    Attributes:
        paths: What to open, absolute.
        language: To be spoken from now on; empty for the one that is spoken.
        theme: Likewise.
        activation: With which the desktop lets a window come to the front; empty where it needs nothing.
    """

    paths: tuple[str, ...] = ()
    language: str = ""
    theme: str = ""
    activation: str = ""

    @classmethod
    def read(cls, values: Mapping[str, Any]) -> "Request":
        """A request of JSON values; what is of another kind is left out."""
        texts = {
            name: value for name in ("language", "theme", "activation") if isinstance(value := values.get(name), str)
        }
        found = values.get("paths")
        named = tuple(path for path in found if isinstance(path, str)) if isinstance(found, list) else ()
        return cls(named, **texts)


@dataclass(frozen=True)
class Meeting:
    """Where a first window can be found.

    Attributes:
        stem: The files begin with it: ``.lock``, ``.socket``, and where there are no such sockets ``.json``.
        unix: Whether it is a socket in the file system; else one of this computer's network, with a secret.
    """

    stem: Path
    unix: bool = hasattr(socket, "AF_UNIX") and sys.platform != "win32"

    def file(self, ending: str) -> Path:
        """One of its files."""
        return self.stem.with_name(self.stem.name + ending)

    def lock(self) -> int | None:
        """The open file, locked by us; None where another process has locked it.

        Raises:
            OSError: Where there can be no such file.
        """
        handle = os.open(self.file(".lock"), os.O_RDWR | os.O_CREAT, 0o600)
        if take(handle):
            return handle
        os.close(handle)
        return None

    def listen(self) -> tuple[socket.socket, str]:
        """A socket on which second starts are heard, and the secret that they must know.

        Raises:
            OSError: Where there can be none.
        """
        if self.unix:
            self.file(".socket").unlink(missing_ok=True)  # of one that crashed: we hold the lock
            made = socket.socket(socket.AF_UNIX)
            made.bind(str(self.file(".socket")))
            secret = ""
        else:
            made = socket.socket()
            made.bind((_LOCAL, 0))
            secret = secrets.token_hex(16)
            _write_privately(self.file(".json"), json.dumps({"port": made.getsockname()[1], "secret": secret}))
        made.listen(4)
        made.setblocking(False)
        return made, secret

    def connect(self, seconds: float) -> tuple[socket.socket, str]:
        """The way to the first window, and its secret.

        Raises:
            OSError: Where nobody listens.
            ValueError: Where it is not written yet how to find it.
        """
        values = {} if self.unix else json.loads(self.file(".json").read_text(encoding="utf-8"))
        made = socket.socket(socket.AF_UNIX) if self.unix else socket.socket()
        made.settimeout(seconds)
        try:
            made.connect(str(self.file(".socket")) if self.unix else (_LOCAL, int(values["port"])))
        except (OSError, KeyError, TypeError, ValueError) as error:
            made.close()
            raise OSError(str(error)) from error
        return made, str(values.get("secret", ""))


def meeting_for(library: Path | None, environment: Mapping[str, str] = os.environ) -> Meeting | None:
    """Where windows of this person with these folders on this screen meet; None where there is no place for it.

    Args:
        library: The folder that holds the runs; None for the user's.
        environment: The environment variables.
    """
    folder = private_folder(environment)
    if folder is None:
        return None
    screen = [environment.get(name, "") for name in _SCREEN]
    names = [str(paths.home().absolute()), str((library or paths.library()).absolute()), *screen]
    return Meeting(folder / f"fmstudio-{hashlib.sha256(json.dumps(names).encode()).hexdigest()[:16]}")


def private_folder(environment: Mapping[str, str]) -> Path | None:
    """A folder of this person's alone for what need not outlive the session; None where there is none."""
    named = environment.get("XDG_RUNTIME_DIR")
    if named and _is_ours(Path(named)):
        return Path(named)
    try:
        folder = Path(tempfile.gettempdir()) / f"fmstudio-{os.getuid() if sys.platform != 'win32' else 'window'}"
        folder.mkdir(mode=0o700, exist_ok=True)
    except OSError:
        return None
    return folder if _is_ours(folder) else None


def _is_ours(folder: Path) -> bool:
    """Whether nobody else can put anything there."""
    if sys.platform == "win32":
        return folder.is_dir()
    try:
        found = folder.stat()
    except OSError:
        return False
    return folder.is_dir() and found.st_uid == os.getuid() and not found.st_mode & 0o022


def _write_privately(file: Path, text: str) -> None:
    """Write a file that only its owner can read, at once and whole."""
    half = file.with_name(file.name + ".new")
    half.unlink(missing_ok=True)
    handle = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as opened:
        opened.write(text)
    half.replace(file)
