"""What a Mac wants to know of the program: its Info.plist, filled in from the template in ``packaging/macos``."""

import json
import plistlib
import re
from pathlib import Path
from typing import Any

from building.folders import ROOT
from building.version import stamp

TEMPLATE = ROOT / "packaging" / "macos" / "Info.plist"


def info_plist(root: Path = ROOT) -> dict[str, Any]:
    """The values for ``fmstudio.app``, with version and commit in them.

    Args:
        root: The checkout.
    """
    build = json.loads(stamp(root))
    places = {"VERSION": build["version"], "NUMBERS": numbers(build["version"]), "COMMIT": build["commit"]}
    text = TEMPLATE.read_text(encoding="utf-8")
    for name, value in places.items():
        text = text.replace(f"@{name}@", value)
    values: dict[str, Any] = plistlib.loads(text.encode())
    return values


def numbers(version: str, count: int = 3) -> str:
    """A version as systems compare them, digits and dots alone: ``0.2.0rc1`` is ``0.2.0``.

    Args:
        version: As Python writes it.
        count: How many numbers there must be.
    """
    match = re.match(r"\d+(\.\d+)*", version)
    found = match.group().split(".") if match else []
    return ".".join((*found, *["0"] * count)[:count])
