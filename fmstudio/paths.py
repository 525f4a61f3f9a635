"""Where the program reads what ships with it, and where it writes what is the user's.

Nobody else builds such a path.
"""

import os
import sys
from pathlib import Path

import platformdirs


def resource(name: str) -> Path:
    """The path of a file or folder under ``resources/``, in a checkout, a wheel, or a frozen bundle.

    Args:
        name: Relative, with forward slashes: ``"datasets/fashion-mnist"``.
    """
    package = Path(__file__).resolve().parent
    frozen = getattr(sys, "_MEIPASS", None)
    roots = [package / "resources", package.parent / "resources"]
    if frozen is not None:
        roots.insert(0, Path(frozen) / "resources")
    root = next((root for root in roots if root.is_dir()), roots[0])
    return root / name


def home() -> Path:
    """The folder under which everything is that the program writes; ``FMSTUDIO_HOME`` moves it."""
    moved = os.environ.get("FMSTUDIO_HOME")
    try:
        return Path(moved).expanduser() if moved else Path(platformdirs.user_data_dir("fmstudio", False))
    except RuntimeError:  # nobody knows where this person is at home; whoever writes there says that it cannot be
        return Path("/nonexistent/.local/share/fmstudio")


def library() -> Path:
    """The folder that holds the runs, one folder each, unless the caller names another."""
    return home() / "runs"


def lessons_folder() -> Path:
    """The folder of the user's own lessons, one JSON file each."""
    return home() / "lessons"


def logs() -> Path:
    """The folder of the log files."""
    return home() / "logs"


def settings_file() -> Path:
    """The INI file with language, theme and the window's size."""
    return home() / "settings.ini"
