"""Where windows appear: the user's display, or a virtual screen."""

import os
import re
import select
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from bootstrapping.words import SetupError

SIZE = "1920x1200x24"


def display_answers(environment: Mapping[str, str], platform: str = sys.platform) -> bool:
    """Whether a window can be shown here."""
    if platform in {"darwin", "win32"}:
        return True
    return wayland_answers(environment) or x11_answers(environment.get("DISPLAY", ""))


def wayland_answers(environment: Mapping[str, str]) -> bool:
    """Whether a Wayland compositor listens."""
    name = environment.get("WAYLAND_DISPLAY", "")
    return bool(name) and (Path(environment.get("XDG_RUNTIME_DIR", "/")) / name).is_socket()


def x11_answers(display: str) -> bool:
    """Whether an X server listens where ``DISPLAY`` points to."""
    parts = re.fullmatch(r"(?:unix|(?P<host>[^:]*)):(?P<number>\d+)(?:\.\d+)?", display)
    if parts is None:
        return False
    number = int(parts["number"])
    if parts["host"]:
        return _connects(socket.AF_INET, (parts["host"], 6000 + number))
    path = f"/tmp/.X11-unix/X{number}"  # where every X server puts it
    return _connects(socket.AF_UNIX, path) or _connects(socket.AF_UNIX, f"\0{path}")


def _connects(family: int, address: str | tuple[str, int]) -> bool:
    with socket.socket(family) as probe:
        probe.settimeout(2)
        try:
            probe.connect(address)
        except OSError:
            return False
    return True


@contextmanager
def virtual_screen(size: str = SIZE) -> Iterator[str]:
    """An X server without a monitor, on a display of its own: its name, such as ``:7``.

    Args:
        size: Width, height and depth, ``"1920x1200x24"``.
    """
    reader, writer = os.pipe()
    try:
        command = ["Xvfb", "-displayfd", str(writer), "-screen", "0", size, "-nolisten", "tcp", "-noreset"]
        server = subprocess.Popen(
            command, pass_fds=[writer], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        os.close(writer)
        try:
            yield f":{_display_number(reader)}"
        finally:
            server.terminate()
            server.wait()
    finally:
        os.close(reader)


def _display_number(reader: int) -> int:
    text = b""
    while not text.endswith(b"\n"):
        ready, _, _ = select.select([reader], [], [], 20)
        piece = os.read(reader, 64) if ready else b""
        if not piece:
            raise SetupError("The virtual screen did not start.", "Try `Xvfb :99` and see what it says.")
        text += piece
    return int(text)


def on_virtual_screen(environment: Mapping[str, str], display: str) -> dict[str, str]:
    """An environment whose windows appear on that display."""
    kept = {name: value for name, value in environment.items() if name not in {"WAYLAND_DISPLAY", "XAUTHORITY"}}
    return kept | {"DISPLAY": display, "QT_QPA_PLATFORM": "xcb", "XDG_SESSION_TYPE": "x11"}
