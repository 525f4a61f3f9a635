"""The program that is tried: started with a home of its own, and without anything of the Python that tries it."""

import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from building.words import BuildError

ASTRAY = (
    "PYTHON",
    "VIRTUAL_ENV",
    "CONDA",
    "FMSTUDIO",
    "LD_LIBRARY_PATH",
    "DISPLAY",
    "WAYLAND_DISPLAY",
    "QT_",
    "LC_",
    "LANG",
)
"""How variables begin that could help or hinder the bundle on this machine alone."""
PATIENCE = 600
"""Seconds after which a command has failed."""


@dataclass(frozen=True)
class Program:
    """A bundle under trial.

    Attributes:
        file: What starts it.
        folder: Where it may write.
        before: What stands before its arguments: an unfrozen program is a Python with ``-m fmstudio``.
        more: Variables of its environment besides the system's.
    """

    file: Path
    folder: Path
    before: Sequence[str] = ()
    more: Mapping[str, str] = field(default_factory=dict)

    @property
    def library(self) -> Path:
        """Its runs."""
        return self.folder / "runs"

    def environment(self, more: Mapping[str, str] | None = None) -> dict[str, str]:
        """The system's environment with a home of its own, and English as its language."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(ASTRAY)}
        own = {"FMSTUDIO_HOME": str(self.folder / "home"), "LANG": "C.UTF-8"}
        return kept | own | dict(self.more) | dict(more or {})

    def command(self, *arguments: str) -> list[str]:
        """What is started."""
        return [str(self.file), *self.before, *arguments]

    def run(self, *arguments: str, given: str = "", more: Mapping[str, str] | None = None) -> str:
        """Run it, and return what it prints.

        Args:
            arguments: The command line.
            given: Its standard input.
            more: More variables of its environment.

        Raises:
            BuildError: Where it fails; with what it says.
        """
        done = subprocess.run(
            self.command(*arguments),
            env=self.environment(more),
            cwd=self.folder,
            input=given,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=PATIENCE,
            check=False,
        )
        if done.returncode != 0:
            line = f"fmstudio {' '.join(arguments)}"
            raise BuildError(f"“{line}” ended with status {done.returncode}.", f"It said: {done.stderr or done.stdout}")
        warned = next((text for text in done.stderr.splitlines() if "Warning" in text), "")
        require(not warned, f"“fmstudio {' '.join(arguments)}” warns: {warned}")
        return done.stdout

    def json(self, *arguments: str) -> Any:
        """Run it, and read the JSON that it prints."""
        return json.loads(self.run(*arguments, "--json"))


def require(holds: bool, sentence: str) -> None:
    """Fail with a sentence where something does not hold."""
    if not holds:
        raise BuildError(sentence, "The bundle is not fit to be given to anybody.")
