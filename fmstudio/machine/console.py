"""What the program prints where it was started without a console, as from the start menu of Windows."""

import ctypes
import io
import os
import sys
from pathlib import Path
from typing import TextIO

_PARENT = -1
_ERROR_ICON = 0x10


class Unheard(io.StringIO):
    """Keeps what is printed for a dialog: nobody would read it otherwise."""


def stream_without_console(name: str) -> TextIO:
    """What to print to where there is no stream: the console that the program was started from, if there is one.

    Args:
        name: ``"stdout"`` or ``"stderr"``.
    """
    if _attached():
        return Path("CONOUT$").open("w", encoding="utf-8", errors="replace")
    return Unheard() if name == "stderr" else Path(os.devnull).open("w", encoding="utf-8")


def say_aloud(status: int) -> None:
    """Show in a dialog why the program ended, where it could only be printed and nobody saw it.

    Args:
        status: The exit status; nothing is shown where all went well.
    """
    text = sys.stderr.getvalue().strip() if isinstance(sys.stderr, Unheard) else ""
    if status and text and sys.platform == "win32":
        ctypes.windll.user32.MessageBoxW(None, text, "fmstudio", _ERROR_ICON)


def _attached() -> bool:
    """Whether what is printed can go to the console of the one who started us."""
    if sys.platform != "win32":
        return False
    return bool(ctypes.windll.kernel32.AttachConsole(_PARENT)) or bool(ctypes.windll.kernel32.GetConsoleWindow())
