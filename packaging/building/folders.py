"""Where everything that is made lies: below ``build/`` and ``dist/`` of the checkout, both unknown to git."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
"""The checkout."""


def build_folder() -> Path:
    """What is only a step on the way."""
    return ROOT / "build"


def bundle_folder() -> Path:
    """The bundle: the program with a Python of its own, in one folder."""
    return build_folder() / "bundle" / "fmstudio"


def bundled_program() -> Path:
    """What starts the bundle."""
    return bundle_folder() / ("fmstudio.exe" if sys.platform == "win32" else "fmstudio")


def dist_folder() -> Path:
    """What people download."""
    return ROOT / "dist"
