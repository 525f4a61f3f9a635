"""What the program needs around it: libraries that load, and a display; what is missing is named, with its remedy."""

import ctypes
import importlib
import importlib.util
import os
import re
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fmstudio.errors import UserError
from fmstudio.words import tr

QT_LIBRARIES: Mapping[str, str] = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libxkbcommon.so.0": "libxkbcommon0",
}
"""The system libraries that Qt needs on Linux for any window, with the Debian packages that hold them."""
X11_LIBRARIES: Mapping[str, str] = {
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}
"""What a window in an X server needs besides."""

_LIBRARY = re.compile(r"(lib[\w.+-]+?\.so(?:\.\d+)*): cannot open shared object")


class LackingError(UserError):
    """The environment lacks something; what, and how to mend it, is in the sentences."""


@dataclass(frozen=True)
class Finding:
    """Something that is missing.

    Attributes:
        message: What, a full sentence, translated.
        remedy: What to do about it, a full sentence.
        grave: Whether it is broken, and not only absent where it may be: a server has no display.
    """

    message: str
    remedy: str
    grave: bool = True


def load(name: str) -> Any:
    """What needs torch or Qt, by its full name: the one door through which the command line loads them.

    Raises:
        LackingError: Where a library that it needs is missing or cannot be loaded.
    """
    module, _, attribute = name.rpartition(".")
    try:
        return getattr(importlib.import_module(module), attribute)
    except (ImportError, OSError) as error:
        if (getattr(error, "name", None) or "").startswith("fmstudio"):
            raise
        finding = not_loaded(error)
        raise LackingError(finding.message, finding.remedy) from error


def not_loaded(error: Exception) -> Finding:
    """What an import that failed means."""
    library = _LIBRARY.search(str(error))
    if library:
        return libraries_missing([library[1]])
    if isinstance(error, ModuleNotFoundError) and error.name:
        return not_installed(error.name.partition(".")[0])
    reason = next(iter(str(error).splitlines()), type(error).__name__).rstrip(".")
    return Finding(
        tr("A library cannot be loaded: {reason}.", reason=reason),
        tr("Install fmstudio again into a new environment."),
    )


def not_installed(package: str) -> Finding:
    """The finding for a Python package that is not there."""
    message = tr("The Python package {package} is not installed.", package=package)
    return Finding(message, tr("Install it: {command}", command=f"pip install {package}"))


def libraries_missing(libraries: list[str]) -> Finding:
    """The finding for system libraries that are not there, with the line that installs them on Debian."""
    known = {**QT_LIBRARIES, **X11_LIBRARIES}
    packages = [known[library] for library in libraries if library in known]
    message = tr("The system lacks {libraries}.", libraries=", ".join(libraries))
    if not packages:
        return Finding(message, tr("Install the system package that holds it."))
    line = f"sudo apt-get install {' '.join(packages)}"
    return Finding(message, tr("On Debian and Ubuntu type: {line}", line=line))


def require_window(environment: Mapping[str, str] = os.environ) -> None:
    """Make sure that a window can be opened, before Qt aborts because it cannot.

    Raises:
        LackingError: With the first thing that is missing.
    """
    for finding in window_findings(environment):
        raise LackingError(finding.message, finding.remedy)


def window_findings(
    environment: Mapping[str, str] = os.environ, load_library: Callable[[str], object] = ctypes.CDLL
) -> tuple[Finding, ...]:
    """What a window would need here and does not find.

    Args:
        environment: The environment variables.
        load_library: Loads a shared library, or raises OSError.
    """
    absent = [name for name in ("PySide6", "pyqtgraph") if importlib.util.find_spec(name) is None]
    if absent or not sys.platform.startswith("linux"):
        return tuple(not_installed("PySide6-Essentials" if name == "PySide6" else name) for name in absent)
    shown = _display_finding(environment)
    in_x11 = shown is None and _needs_display(environment) and not _in_wayland(environment)
    missing = _missing({**QT_LIBRARIES, **X11_LIBRARIES} if in_x11 else QT_LIBRARIES, load_library)
    found = [libraries_missing(missing)] if missing else []
    return (*found, shown) if shown else tuple(found)


def _missing(libraries: Iterable[str], load_library: Callable[[str], object]) -> list[str]:
    missing = []
    for library in libraries:
        try:
            load_library(library)
        except OSError:
            missing.append(library)
    return missing


def _needs_display(environment: Mapping[str, str]) -> bool:
    """Whether Qt will ask for an X server or a Wayland compositor."""
    platforms = [name for name in environment.get("QT_QPA_PLATFORM", "").split(";") if name]
    return all(name.startswith(("xcb", "wayland")) for name in platforms)


def _in_wayland(environment: Mapping[str, str]) -> bool:
    """Whether Qt will show its windows in a Wayland compositor that is there."""
    if environment.get("QT_QPA_PLATFORM", "").startswith("xcb"):
        return False
    name = environment.get("WAYLAND_DISPLAY", "")
    return bool(name) and (Path(environment.get("XDG_RUNTIME_DIR", "/")) / name).is_socket()


def _display_finding(environment: Mapping[str, str]) -> Finding | None:
    """What is wrong with the display; None where a window can be shown, or none is needed."""
    if not _needs_display(environment) or _in_wayland(environment):
        return None
    display = environment.get("DISPLAY", "")
    if display and x11_answers(display):
        return None
    message = tr("There is no display here to open a window on.")
    if display:
        message = tr("The display “{display}” does not answer.", display=display)
    remedy = tr(
        "Start it in a desktop session, or on a virtual screen: {screen}. Training needs no window: {training}",
        screen="xvfb-run -a fmstudio --demo",
        training="fmstudio train first-look",
    )
    return Finding(message, remedy, grave=False)


def x11_answers(display: str) -> bool:
    """Whether an X server lets us in; True where that cannot be found out."""
    try:
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError:
        return True
    xcb.xcb_connect.restype = ctypes.c_void_p
    xcb.xcb_connect.argtypes = [ctypes.c_char_p, ctypes.c_void_p]
    xcb.xcb_connection_has_error.argtypes = xcb.xcb_disconnect.argtypes = [ctypes.c_void_p]
    connection = xcb.xcb_connect(os.fsencode(display), None)
    refused = bool(xcb.xcb_connection_has_error(connection))
    xcb.xcb_disconnect(connection)
    return not refused
