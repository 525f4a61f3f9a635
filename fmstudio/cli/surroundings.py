"""What the program needs around it: libraries that load, and a display; what is missing is named, with its remedy."""

import ctypes
import importlib
import importlib.util
import os
import re
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from fmstudio.machine.findings import (
    QT_LIBRARIES,
    X11_LIBRARIES,
    Finding,
    LackingError,
    libraries_missing,
    not_installed,
    not_loaded,
)
from fmstudio.words import tr

__all__ = ["QT_LIBRARIES", "X11_LIBRARIES", "Finding", "LackingError", "load", "require_window", "window_findings"]

_MISSING = re.compile(r"(lib[\w.+-]+?\.so(?:\.\d+)*): cannot open shared object")


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
    if not missing and in_x11:
        missing = _missing_of_plugin("libqxcb.so", load_library)
    elif not missing and _in_wayland(environment) and not environment.get("DISPLAY"):
        missing = _missing_of_plugin("libqwayland.so", load_library)
    found = [libraries_missing(missing)] if missing else []
    return (*found, shown) if shown else tuple(found)


def _missing(libraries: Iterable[str], load_library: Callable[[str], object]) -> list[str]:
    """Those that cannot be loaded; where one is there, but not what it needs, that is named."""
    missing: dict[str, None] = {}
    for library in libraries:
        try:
            load_library(library)
        except OSError as error:
            named = _MISSING.search(_loader_words(error))
            missing[named[1] if named else library] = None
    return list(missing)


def _missing_of_plugin(name: str, load_library: Callable[[str], object]) -> list[str]:
    """What else the part of Qt that talks to the screen lacks: Qt itself would only abort."""
    package = importlib.util.find_spec("PySide6")
    for folder in (package.submodule_search_locations or ()) if package else ():
        plugin = Path(folder) / "Qt" / "plugins" / "platforms" / name
        try:
            if plugin.is_file():
                load_library(str(plugin))
        except OSError as error:
            return [found[1]] if (found := _MISSING.search(_loader_words(error))) else []
    return []


def _loader_words(error: BaseException | None) -> str:
    """What the loader said; in the installed program another error stands in front of it."""
    said, found = [], error
    while found is not None:
        said.append(str(found))
        found = found.__cause__ or found.__context__
    return "\n".join(said)


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
