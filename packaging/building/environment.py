"""The environment that the bundle is made of: its own, below ``build/``, with a torch that needs no GPU."""

import hashlib
import json
import shutil
import sys
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from bootstrapping import environment, installer
from bootstrapping.running import Runner, listen

from building.cpu_torch import Source, refuse_gpu_build, refuse_gpu_offer
from building.folders import ROOT, build_folder
from building.words import say

TOOLS = ("pyinstaller==6.22.3", "pyinstaller-hooks-contrib==2026.9")
"""What freezes, in the versions that were tried."""
PAIR = ("torch", "torchvision")
"""Packages whose versions must fit each other."""


@dataclass(frozen=True)
class Workshop(environment.Checkout):
    """The checkout with the environment in which things are made."""

    @property
    def venv(self) -> Path:
        """Its virtual environment."""
        return build_folder() / "environment"

    @property
    def versions(self) -> Path:
        """The versions that are known to work together, as far as they bind here."""
        return build_folder() / "constraints.txt"


WORKSHOP = Workshop(ROOT)


def prepare(source: Source, run: Runner = listen) -> Path:
    """Make the environment ready, and make sure that its torch is one without a GPU; returns its Python.

    Args:
        source: Where torch comes from; nowhere in particular takes the environment that is there.
        run: Runs a command.

    Raises:
        BuildError: Where torch is a GPU build, or cannot be had.
    """
    python = WORKSHOP.python
    if not (environment.python_version(python) and serves(_stamped(), source)):
        _make(source, run)
    refuse_gpu_build(python)
    return python


def _make(source: Source, run: Runner) -> None:
    python = WORKSHOP.python
    build_folder().mkdir(exist_ok=True)
    environment.create(WORKSHOP, run)
    WORKSHOP.versions.write_text(known_versions(source), encoding="utf-8")
    refuse_gpu_offer(python, source, WORKSHOP.versions)
    say("installing what the bundle is made of")
    try:
        if source.options:
            _install(python, source.options, run)
            refuse_gpu_build(python)
        _install(python, [*dependencies(), *TOOLS], run)
    finally:
        shutil.rmtree(installer.temporary_folder(python), ignore_errors=True)
    WORKSHOP.stamp.write_text(json.dumps(stamp_of(source), indent=2), encoding="utf-8")


def dependencies() -> list[str]:
    """What the program needs to run, as pip takes it; torch and torchvision included, extras not."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return [str(one) for one in project["dependencies"]]


def _install(python: Path, arguments: Sequence[str], run: Runner) -> None:
    pip = [str(python), "-m", "pip", "install", "--no-input", "--quiet", "--constraint", str(WORKSHOP.versions)]
    status, output = run([*pip, *arguments], installer.installer_environment(python))
    if status != 0:
        raise installer.explanation(output)


def known_versions(source: Source) -> str:
    """The known versions; where a wheel of torch is given, that decides, and torchvision follows it."""
    lines = WORKSHOP.constraints.read_text(encoding="utf-8").splitlines()
    if source.wheel:
        lines = [line for line in lines if line.partition("==")[0] not in PAIR]
        lines.append(f"torch=={unquote(source.wheel.name).split('-')[1]}")
    return "\n".join(lines) + "\n"


def stamp_of(source: Source) -> dict[str, object]:
    """What an environment that was made of a source bears."""
    words = [*dependencies(), *TOOLS, WORKSHOP.constraints.read_text(encoding="utf-8"), sys.version]
    return {"contents": hashlib.sha256("\n".join(words).encode()).hexdigest(), "source": source.options}


def serves(stamp: Mapping[str, object], source: Source) -> bool:
    """Whether the environment that bears a stamp is what would be made now."""
    wanted = stamp_of(source)
    asked = not source.options or stamp.get("source") == wanted["source"]
    return asked and stamp.get("contents") == wanted["contents"]


def _stamped() -> Mapping[str, object]:
    try:
        found = json.loads(WORKSHOP.stamp.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
