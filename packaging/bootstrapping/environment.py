"""The checkout's own virtual environment, and the stamp that says what is in it."""

import csv
import hashlib
import importlib.util
import json
import shutil
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

from bootstrapping import installer, system
from bootstrapping.running import Runner, clean_environment, listen
from bootstrapping.words import SetupError, say

GIGABYTE = 10**9


@dataclass(frozen=True)
class Checkout:
    """A folder that holds the program's source."""

    root: Path

    @property
    def venv(self) -> Path:
        """Its virtual environment."""
        return self.root / ".venv"

    @property
    def python(self) -> Path:
        """The interpreter of the virtual environment."""
        return self.venv / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")

    @property
    def stamp(self) -> Path:
        """The file that says what was installed: written last, so that what was interrupted has none."""
        return self.venv / "fmstudio-installed.json"

    @property
    def constraints(self) -> Path:
        """The versions that are known to work together."""
        return self.root / "packaging" / "constraints.txt"

    def project(self) -> dict[str, object]:
        """What pyproject.toml says of the package; the tools' settings left out."""
        whole = tomllib.loads((self.root / "pyproject.toml").read_text(encoding="utf-8"))
        return {name: whole.get(name) for name in ("build-system", "project", "dependency-groups")}

    def requirements(self, *, dev: bool) -> list[str]:
        """What is to be installed, as pip takes it."""
        groups = self.project()["dependency-groups"]
        extra = list(groups["dev"]) if dev and isinstance(groups, dict) else []
        return ["--editable", str(self.root), *extra]


@dataclass(frozen=True)
class Stamp:
    """What an environment holds.

    Attributes:
        contents: A hash of the requirements.
        python: The interpreter's version.
        root: Where the checkout was.
        dev: Whether the tools for the tests are in it.
    """

    contents: str
    python: str
    root: str
    dev: bool

    def serves(self, wanted: "Stamp") -> bool:
        """Whether nothing needs to be installed."""
        same = (self.contents, self.python, self.root) == (wanted.contents, wanted.python, wanted.root)
        return same and (self.dev or not wanted.dev)


def wanted_stamp(checkout: Checkout, python: str, *, dev: bool) -> Stamp:
    """The stamp that the environment has once all is installed."""
    words = json.dumps(checkout.project(), sort_keys=True) + checkout.constraints.read_text(encoding="utf-8")
    return Stamp(hashlib.sha256(words.encode()).hexdigest(), python, str(checkout.root), dev)


def read_stamp(checkout: Checkout) -> Stamp | None:
    """The environment's stamp, None where there is none that can be read."""
    try:
        return Stamp(**json.loads(checkout.stamp.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def prepare(checkout: Checkout, *, dev: bool, run: Runner = listen) -> None:
    """Make the environment ready; a second call finds it so, and changes nothing.

    Args:
        checkout: The source.
        dev: Whether the tools for the tests are needed, too.
        run: Runs a command.
    """
    python = python_version(checkout.python)
    old = read_stamp(checkout)
    if python and old and old.serves(wanted_stamp(checkout, python, dev=dev)):
        return
    dev = dev or (old is not None and old.dev)
    check_space(checkout)
    if not python or not installer.can_install(checkout.python):
        create(checkout, run)
        python = python_version(checkout.python)
    say("installing the Python packages; the first time some gigabytes are downloaded")
    if old is None:
        forget_broken(checkout)
    checkout.stamp.unlink(missing_ok=True)
    try:
        installer.install(checkout.python, checkout.requirements(dev=dev), checkout.constraints, run=run)
    finally:
        shutil.rmtree(installer.temporary_folder(checkout.python), ignore_errors=True)
    checkout.stamp.write_text(json.dumps(vars(wanted_stamp(checkout, python, dev=dev)), indent=2), encoding="utf-8")


def forget_broken(checkout: Checkout) -> list[str]:
    """Strike what an interrupted installation left half there from the environment's list, so that it comes anew."""
    broken = [folder for folder in packages_folder(checkout).glob("*.dist-info") if not is_whole(folder)]
    for folder in broken:
        shutil.rmtree(folder)
    return [folder.name for folder in broken]


def is_whole(folder: Path) -> bool:
    """Whether all files of an installed package are there, and as long as its RECORD says."""
    try:
        with (folder / "RECORD").open(encoding="utf-8", newline="") as record:
            rows = [(row[0], row[2]) for row in csv.reader(record) if len(row) == 3 and row[2]]
        return all((folder.parent / name).stat().st_size == int(size) for name, size in rows)
    except (OSError, ValueError):
        return False


def packages_folder(checkout: Checkout) -> Path:
    """Where the environment's packages are."""
    found = sorted(checkout.venv.glob("lib/python3*/site-packages"))
    return found[-1] if found else checkout.venv / "Lib" / "site-packages"


def python_version(python: Path) -> str:
    """The version of an interpreter, such as ``3.12.4``; empty where it does not run or is too old."""
    code = "import sys; print('.'.join(map(str, sys.version_info[:3])) if sys.version_info >= (3, 11) else '')"
    try:
        asked = subprocess.run(
            [python, "-c", code], env=clean_environment(), capture_output=True, text=True, check=False
        )
    except OSError:
        return ""
    return asked.stdout.strip() if asked.returncode == 0 else ""


def check_space(checkout: Checkout) -> None:
    """Refuse to begin what cannot end: torch for NVIDIA GPUs is what comes for Linux, and it is large."""
    has_torch = (packages_folder(checkout) / "torch" / "__init__.py").exists()
    needed = 1 if has_torch else 8 if sys.platform.startswith("linux") else 4
    free = shutil.disk_usage(checkout.root).free / GIGABYTE
    if free < needed:
        raise SetupError(
            f"The disk that holds {checkout.root} has {free:.1f} GB free, and the set-up needs {needed} GB.",
            "Make room, then run the same command again.",
        )


def create(checkout: Checkout, run: Runner = listen) -> None:
    """Make an empty virtual environment in the place of one that does not work."""
    if checkout.venv.exists():
        if not (checkout.venv / "pyvenv.cfg").exists() and any(checkout.venv.iterdir()):
            raise SetupError(f"{checkout.venv} is there and is no virtual environment.", "Move it away, and try again.")
        shutil.rmtree(checkout.venv)
    say(f"making a virtual environment in {checkout.venv}")
    status, output = run(venv_command(checkout.venv), clean_environment())
    if status != 0 or not python_version(checkout.python):
        if installer.says(output, installer.NO_SPACE):
            raise installer.explanation(output)
        raise SetupError("The virtual environment could not be made.", f"Try: {sys.executable} -m venv {checkout.venv}")


def venv_command(venv: Path) -> list[str]:
    """The command that makes a virtual environment; Debian keeps what it needs in a package of its own."""
    uv = shutil.which("uv")
    if not can_make_venv() and uv:
        return [uv, "venv", "--python", sys.executable, str(venv)]
    if not can_make_venv():
        package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
        system.install([package], ["Python's venv module"])
    return [sys.executable, "-m", "venv", str(venv)]


def can_make_venv() -> bool:
    """Whether this Python can make a virtual environment with pip in it."""
    specs = [importlib.util.find_spec(name) for name in ("venv", "ensurepip")]
    return all(spec is not None and spec.origin is not None for spec in specs)
