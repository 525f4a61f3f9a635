"""Which version is made, and of which source: read from the checkout, which is the one place where it stands."""

import json
import re
import subprocess
from datetime import UTC, datetime
from pathlib import Path

from building.words import BuildError

ROOT = Path(__file__).resolve().parents[2]
STAMP = "build.json"
"""The file among the resources that says which build it is; ``fmstudio.version`` reads it."""
_VERSION = re.compile(r'^__version__ = "([^"]+)"$', re.MULTILINE)
_NO_HISTORY = 315532800
"""The first second of 1980, the oldest that an archive can hold: for a source without git."""


def version(root: Path = ROOT) -> str:
    """The version, as ``fmstudio/__init__.py`` says it."""
    found = _VERSION.search((root / "fmstudio" / "__init__.py").read_text(encoding="utf-8"))
    if found is None:
        raise BuildError("fmstudio/__init__.py says no version.", 'It needs a line such as __version__ = "0.1.0".')
    return found[1]


def commit(root: Path = ROOT) -> str:
    """The commit of the source, with ``-dirty`` behind it where files were changed since; empty without git."""
    name = _git(root, "rev-parse", "HEAD")
    changed = name and _git(root, "status", "--porcelain", "--untracked-files=no")
    return f"{name}-dirty" if changed else name


def source_date(root: Path = ROOT) -> int:
    """When the source was written, in seconds since 1970: the time that everything made from it bears."""
    return int(_git(root, "log", "-1", "--format=%ct") or _NO_HISTORY)


def stamp(root: Path = ROOT) -> str:
    """The text of ``build.json``: the same for the same source."""
    day = datetime.fromtimestamp(source_date(root), UTC).date().isoformat()
    return json.dumps({"version": version(root), "commit": commit(root), "built": day}, indent=2) + "\n"


def _git(root: Path, *arguments: str) -> str:
    try:
        asked = subprocess.run(["git", "-C", root, *arguments], capture_output=True, text=True, check=False)
    except OSError:
        return ""
    return asked.stdout.strip() if asked.returncode == 0 else ""
