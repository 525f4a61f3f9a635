"""Which build of the program this is: its version, and the commit that it was made from.

The version stands in ``fmstudio/__init__.py`` and nowhere else. What is packed holds ``resources/build.json`` with the
commit besides; a checkout is asked by reading the files of git, for starting another program would take too long.
"""

import functools
import json
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from fmstudio import __version__, paths

STAMP = "build.json"
"""The resource that says what a packed program was made from: ``{"version", "commit", "built"}``."""
_COMMIT = re.compile(r"[0-9a-f]{40}([0-9a-f]{24})?(-dirty)?")
_SHORT = 12


@dataclass(frozen=True)
class Build:
    """What this program is.

    Attributes:
        version: As releases are called.
        commit: The source that it was made from, in full; ``-dirty`` behind it says that files had been changed, and
            "" that nobody knows.
        built: The day of that source, ``2026-11-21``; "" in a checkout.
        frozen: Whether it is a bundle with a Python of its own.
    """

    version: str
    commit: str = ""
    built: str = ""
    frozen: bool = False

    @property
    def text(self) -> str:
        """Version and short commit, as people are shown it: ``0.1.0 (3f2a91c0d4e5)``."""
        commit, dash, changed = self.commit.partition("-")
        return f"{self.version} ({commit[:_SHORT]}{dash}{changed})" if commit else self.version


@functools.cache
def about_build() -> Build:
    """What is running. Reads a small file or two, the first time only."""
    stamp = read_stamp(paths.resource(STAMP))
    frozen = bool(getattr(sys, "frozen", False))
    if stamp.get("version") == __version__:
        return Build(__version__, stamp.get("commit", ""), stamp.get("built", ""), frozen)
    return Build(__version__, "" if frozen else checkout_commit(Path(__file__).resolve().parents[1]), frozen=frozen)


def read_stamp(path: Path) -> Mapping[str, str]:
    """What a stamp says; what is missing, broken or of another form is left out."""
    try:
        values = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    if not isinstance(values, dict):
        return {}
    texts = {name: value for name, value in values.items() if isinstance(value, str)}
    if not _COMMIT.fullmatch(texts.get("commit", "")):
        texts.pop("commit", None)
    return texts


def checkout_commit(root: Path) -> str:
    """The commit that a checkout of ours stands on; "" where that cannot be known.

    Args:
        root: The folder above the package. Where it is no checkout, a repository there is somebody else's.
    """
    if not (root / "pyproject.toml").is_file():
        return ""
    folder = _git_folder(root / ".git")
    head = _line(folder / "HEAD")
    name = head.removeprefix("ref: ")
    commit = _reference(folder, name) if name != head else head
    return commit if _COMMIT.fullmatch(commit) else ""


def _git_folder(path: Path) -> Path:
    """Where git keeps what it knows: in a second work tree, ``.git`` is a file that names the folder."""
    named = _line(path).removeprefix("gitdir: ") if path.is_file() else ""
    return path.parent / named if named else path


def _reference(folder: Path, name: str) -> str:
    """The commit of a branch: in a file of its own, or in the list of packed ones."""
    shared = _line(folder / "commondir")
    places = [folder, folder / shared] if shared else [folder]
    for place in places:
        commit = _line(place / name) or _packed(place / "packed-refs").get(name, "")
        if commit:
            return commit
    return ""


def _packed(path: Path) -> Mapping[str, str]:
    pairs = (line.split(" ", 1) for line in _text(path).splitlines() if line[:1] not in ("#", "^", ""))
    return {pair[1]: pair[0] for pair in pairs if len(pair) == 2}


def _line(path: Path) -> str:
    return _text(path).strip()


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except (OSError, ValueError):
        return ""
