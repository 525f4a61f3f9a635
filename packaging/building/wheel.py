"""The wheel and the sdist: made of what git knows, compared with one another, and tried in a fresh environment."""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from bootstrapping.running import clean_environment

from building.folders import build_folder, dist_folder
from building.version import ROOT, STAMP, source_date, stamp, version
from building.words import BuildError, say

IN_THE_SOURCE = ("fmstudio", "resources", "tests", "packaging", "README.md", "LICENSE", "pyproject.toml", ".gitignore")
"""What belongs to the source, as pyproject.toml says of the sdist."""
IN_THE_WHEEL = (
    "fmstudio/__main__.py",
    "fmstudio/resources/build.json",
    "fmstudio/resources/lessons/first-look.json",
    "fmstudio/resources/datasets/fashion-mnist/manifest.json",
    "fmstudio/resources/datasets/fashion-mnist/train-images-idx3-ubyte.gz",
    "fmstudio/resources/fonts/Inter-Regular.ttf",
    "fmstudio/resources/translations/zh_CN/LC_MESSAGES/fmstudio.mo",
    "fmstudio/resources/icons/fmstudio.svg",
)
"""Files without which an installed wheel would not work."""
BACKEND = "hatchling>=1.25"
SEE = "Its message stands above."


def make_wheel(root: Path, work: Path, dist: Path) -> tuple[Path, Path]:
    """Make the wheel and the sdist, and look whether both are what they should be.

    Args:
        root: The checkout.
        work: A folder for the steps in between; what is in it goes.
        dist: Where the two go.

    Raises:
        BuildError: Where anything is wrong; then nothing new lies in ``dist``.
    """
    shutil.rmtree(work, ignore_errors=True)
    source = stage(root, work / "source")
    python = builder(work / "builder")
    sdist = build(python, source, "sdist", work / "sdist", source_date(root))
    wheel = build(python, source, "wheel", work / "wheel", source_date(root))
    again = build(python, unpack(sdist, work / "unpacked"), "wheel", work / "again", source_date(root))
    check_same(wheel, again)
    check_contents(wheel)
    say("the sdist makes the same wheel")
    try_wheel(wheel, work / "trial", packages_beside(python, root))
    dist.mkdir(parents=True, exist_ok=True)
    return Path(shutil.copy2(wheel, dist)), Path(shutil.copy2(sdist, dist))


def stage(root: Path, to: Path) -> Path:
    """Lay out the source by itself, with the file that says which commit it is.

    Returns:
        The folder.
    """
    for name in source_files(root):
        (to / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(root / name, to / name)
    (to / "resources").mkdir(parents=True, exist_ok=True)
    (to / "resources" / STAMP).write_text(stamp(root), encoding="utf-8")
    return to


def source_files(root: Path) -> list[str]:
    """The files of the source that git knows or would take in; without git, all but what Python has left behind."""
    command = ["git", "-C", str(root), "ls-files", "-z", "--cached", "--others", "--exclude-standard", *IN_THE_SOURCE]
    try:
        asked = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
        names = asked.stdout.split("\0") if asked.returncode == 0 else []
    except OSError:
        names = []
    if not any(names):
        tops = (root / name for name in IN_THE_SOURCE)
        found = [path for top in tops for path in ([top] if top.is_file() else top.rglob("*"))]
        names = [path.relative_to(root).as_posix() for path in found if "__pycache__" not in path.parts]
    return sorted({name for name in names if name and (root / name).is_file()})


def builder(folder: Path) -> Path:
    """A Python that has the build backend: this one, else one made for it.

    Args:
        folder: Where an environment is made where this Python has none.
    """
    if _works([sys.executable, "-c", "import hatchling"]):
        return Path(sys.executable)
    say("making an environment for the build backend")
    _run([sys.executable, "-m", "venv", str(folder)], "The environment for the build backend could not be made.")
    python = _python(folder)
    _run([str(python), "-m", "pip", "install", "--quiet", BACKEND], "The build backend could not be installed.")
    return python


def build(python: Path, source: Path, kind: str, to: Path, date: int) -> Path:
    """Make a wheel or an sdist, the same bytes for the same source.

    Args:
        python: It has the build backend.
        source: The folder of the source.
        kind: "wheel" or "sdist".
        to: The folder that gets it.
        date: In seconds since 1970: what all files bear.
    """
    more = {"SOURCE_DATE_EPOCH": str(date), "PYTHONSAFEPATH": "1"}
    command = [str(python), "-m", "hatchling", "build", "-t", kind, "-d", str(to)]
    _run(command, f"The {kind} could not be made.", cwd=source, more=more)
    return next(path for path in to.iterdir() if path.name.endswith((".whl", ".tar.gz")))


def unpack(sdist: Path, to: Path) -> Path:
    """The source in an sdist, as pip would unpack it."""
    with tarfile.open(sdist) as archive:
        archive.extraction_filter = getattr(tarfile, "data_filter", None)  # Python 3.11.2, Debian's, has none
        archive.extractall(to)
    return next(path for path in to.iterdir() if path.is_dir())


def check_same(wheel: Path, again: Path) -> None:
    """Refuse an sdist that makes another wheel."""
    first, second = hashes(wheel), hashes(again)
    names = sorted(name for name in first.keys() | second.keys() if first.get(name) != second.get(name))
    if names or wheel.read_bytes() != again.read_bytes():
        what = ", ".join(names[:10]) or "only in how it is packed"
        raise BuildError(
            f"The sdist makes another wheel: {what}.", "Compare [tool.hatch.build.targets] in pyproject.toml."
        )


def hashes(wheel: Path) -> Mapping[str, int]:
    """The checksum of each file in a wheel."""
    with zipfile.ZipFile(wheel) as archive:
        return {one.filename: one.CRC for one in archive.infolist()}


def check_contents(wheel: Path) -> None:
    """Refuse a wheel that lacks what the program needs, or holds what is not the program's."""
    names = set(hashes(wheel))
    missing = [name for name in IN_THE_WHEEL if name not in names]
    strange = sorted(name for name in names if not name.startswith(("fmstudio/", "fmstudio-")))
    if missing or strange:
        what = [f"lacks {name}" for name in missing] + [f"holds {name}" for name in strange[:5]]
        raise BuildError(f"The wheel {', '.join(what)}.", "Look at [tool.hatch.build.targets.wheel] in pyproject.toml.")


def try_wheel(wheel: Path, folder: Path, packages: Path) -> None:
    """Install a wheel into a fresh environment, and let the program speak.

    Args:
        wheel: The wheel.
        folder: Of the environment.
        packages: A ``site-packages`` that has what the program stands on: it is lent, not copied.
    """
    _run([sys.executable, "-m", "venv", str(folder)], "An environment to try the wheel in could not be made.")
    python = _python(folder)
    install = [str(python), "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", str(wheel)]
    _run(install, "The wheel cannot be installed.")
    lent = [*folder.glob("lib/python3*/site-packages"), *folder.glob("Lib/site-packages")][0]
    (lent / "lent.pth").write_text(f"{packages}\n", encoding="utf-8")
    outside = folder / "outside"
    outside.mkdir()
    program = str(python.with_name("fmstudio.exe" if sys.platform == "win32" else "fmstudio"))
    for command in ([program], [str(python), "-m", "fmstudio"]):
        check_answers(command, outside, folder)


def check_answers(command: Sequence[str], outside: Path, home: Path) -> None:
    """Refuse a program that does not know its version or the lessons.

    Args:
        command: How it is started.
        outside: A folder that holds nothing, to be in meanwhile.
        home: Where it may write.
    """
    more = {"FMSTUDIO_HOME": str(home / "home"), "LC_ALL": "C.UTF-8"}
    said = _run([*command, "--version"], "The installed program does not start.", cwd=outside, more=more)
    expected = json.loads(stamp())
    if not said.startswith(f"fmstudio {expected['version']}") or expected["commit"][:12] not in said:
        raise BuildError(f"The installed program says that it is {said.strip()!r}.", f"It was made as {expected}.")
    spec = _run([*command, "spec"], "The installed program finds no lesson.", cwd=outside, more=more)
    if "architecture" not in json.loads(spec):
        raise BuildError("The installed program prints no spec.", SEE)
    say(
        f"installed, {' '.join(Path(command[0]).name if one == command[0] else one for one in command)}: {said.strip()}"
    )


def packages_beside(python: Path, root: Path) -> Path:
    """A ``site-packages`` with torch in it: of this Python, of the bundle's environment, or of the checkout's."""
    here = subprocess.run(
        [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    environments = (root / "build" / "environment", root / ".venv")
    below = (
        path for one in environments for path in [*one.glob("lib/python3*/site-packages"), one / "Lib/site-packages"]
    )
    for folder in (Path(here.stdout.strip()), *below):
        if (folder / "torch").is_dir():
            return folder.resolve()
    raise BuildError(
        "There is no environment here with what the program needs, to try the wheel in.",
        "Make one first: python3 packaging/bootstrap.py test, or packaging/build.py linux.",
    )


def _python(environment: Path) -> Path:
    return environment / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")


def _works(command: Sequence[str]) -> bool:
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def _run(command: Sequence[str], failure: str, cwd: Path | None = None, more: Mapping[str, str] | None = None) -> str:
    """What a command prints; where it fails, what it said is shown, and the sentence raised."""
    environment = clean_environment() | dict(more or {})
    done = subprocess.run(
        command, cwd=cwd, env=environment, capture_output=True, text=True, encoding="utf-8", check=False
    )
    if done.returncode != 0:
        print(done.stdout + done.stderr, file=sys.stderr)
        raise BuildError(failure, SEE)
    return done.stdout


def main(arguments: Sequence[str]) -> int:
    """Make both, and say how large they are."""
    parser = argparse.ArgumentParser(prog="build.py wheel", description=(__doc__ or "").strip())
    parser.parse_args(arguments)
    say(f"the wheel and the sdist of fmstudio {version()}")
    for path in make_wheel(ROOT, build_folder() / "wheel", dist_folder()):
        say(f"{os.path.relpath(path)}: {path.stat().st_size / 1e6:.1f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
