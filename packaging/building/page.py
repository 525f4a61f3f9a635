"""The project's page, from ``pyproject.toml``: what the package names, and where software centres find pictures."""

import tomllib
from pathlib import Path

from building.folders import ROOT

NO_PAGE = "https://fmstudio.example"
"""Stands for the page until pyproject.toml names one; the ending is reserved, so that it leads nowhere."""


def homepage(root: Path = ROOT) -> str:
    """The address in ``[project.urls]``, without a slash at its end.

    Args:
        root: The checkout.
    """
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return str(project.get("urls", {}).get("Homepage", NO_PAGE)).rstrip("/")
