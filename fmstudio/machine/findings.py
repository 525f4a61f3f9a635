"""What is missing on this computer, as sentences, each with its remedy."""

import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

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
OTHER_LIBRARIES: Mapping[str, str] = {
    "libX11.so.6": "libx11-6",
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
    "libwayland-egl.so.1": "libwayland-egl1",
    "libxcb.so.1": "libxcb1",
    "libgomp.so.1": "libgomp1",
    "libstdc++.so.6": "libstdc++6",
    "libz.so.1": "zlib1g",
}
"""What those need in turn: found missing only when something that needs it is loaded."""

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


def frozen() -> bool:
    """Whether this is the installed program with a Python of its own, and not a package in somebody's Python."""
    return bool(getattr(sys, "frozen", False))


def not_loaded(error: Exception) -> Finding:
    """What an import that failed means."""
    library = _LIBRARY.search(str(error))
    if library:
        return libraries_missing([library[1]])
    if isinstance(error, ModuleNotFoundError) and error.name:
        return not_installed(error.name.partition(".")[0])
    reason = next(iter(str(error).splitlines()), type(error).__name__).rstrip(".")
    remedy = tr("Install fmstudio again.") if frozen() else tr("Install fmstudio again into a new environment.")
    return Finding(tr("A library cannot be loaded: {reason}.", reason=reason), remedy)


def not_installed(package: str) -> Finding:
    """The finding for a Python package that is not there."""
    if frozen():
        message = tr("This copy of fmstudio is not complete: {package} is missing.", package=package)
        return Finding(message, tr("Install fmstudio again."))
    message = tr("The Python package {package} is not installed.", package=package)
    return Finding(message, tr("Install it: {command}", command=f"pip install {package}"))


def libraries_missing(libraries: Sequence[str]) -> Finding:
    """The finding for system libraries that are not there, with the line that installs them on Debian."""
    known = {**QT_LIBRARIES, **X11_LIBRARIES, **OTHER_LIBRARIES}
    packages = [known[library] for library in libraries if library in known]
    message = tr("The system lacks {libraries}.", libraries=", ".join(libraries))
    if not packages:
        return Finding(message, tr("Install the system package that holds it."))
    line = f"sudo apt-get install {' '.join(packages)}"
    return Finding(message, tr("On Debian and Ubuntu type: {line}", line=line))
