"""System libraries that Qt needs: found by loading them, installed where we may."""

import ctypes
import os
import shutil
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence

from bootstrapping.running import Runner, clean_environment, listen
from bootstrapping.words import SetupError, say

WINDOW = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libxkbcommon.so.0": "libxkbcommon0",
}
"""What every Qt window needs, also one that nobody sees: library and Debian package."""

X11 = {
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


def missing_libraries(libraries: Iterable[str], load: Callable[[str], object] = ctypes.CDLL) -> list[str]:
    """Those of the shared libraries that cannot be loaded."""
    missing = []
    for library in libraries:
        try:
            load(library)
        except OSError:
            missing.append(library)
    return missing


def ensure_libraries(*, x11: bool, xvfb: bool) -> None:
    """See to it that Qt finds its system libraries; only Linux needs that.

    Args:
        x11: Whether windows are shown in an X server.
        xvfb: Whether a virtual screen is needed.
    """
    if not sys.platform.startswith("linux"):
        return
    libraries = WINDOW | (X11 if x11 else {})
    missing = missing_libraries(libraries)
    packages = [libraries[library] for library in missing]
    if xvfb and shutil.which("Xvfb") is None:
        missing.append("Xvfb")
        packages.append("xvfb")
    if missing:
        install(packages, missing)
        left = [name for name in missing_libraries(libraries) if name in missing]
        if left:
            raise SetupError(
                f"The system still lacks {', '.join(left)}.", "Install the packages that hold them, and try again."
            )


def install(packages: Sequence[str], missing: Sequence[str], run: Runner = listen) -> None:
    """Install Debian packages as root, or say what to type.

    Args:
        packages: Their names.
        missing: What is missing, for the sentence.
        run: Runs a command.
    """
    what = f"The system lacks {', '.join(missing)}."
    if shutil.which("apt-get") is None:
        raise SetupError(what, "Install them with the system's package manager, then run the same command again.")
    if not is_root():
        raise SetupError(what, f"Type this line, then run the same command again:\n  {line_to_type(packages)}")
    say(f"installing system packages: {' '.join(packages)}")
    environment: Mapping[str, str] = clean_environment() | {"DEBIAN_FRONTEND": "noninteractive"}
    run(["apt-get", "update", "-qq"], environment)
    status, _ = run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages], environment)
    if status != 0:
        raise SetupError(
            f"apt-get could not install {' '.join(packages)}.",
            "Look at its message above (often the network is gone or the disk full), then run the same command again.",
        )


def line_to_type(packages: Sequence[str]) -> str:
    """The one line that installs Debian packages."""
    return f"sudo apt-get update && sudo apt-get install -y --no-install-recommends {' '.join(packages)}"


def is_root() -> bool:
    """Whether we may install system packages."""
    return sys.platform != "win32" and os.geteuid() == 0
