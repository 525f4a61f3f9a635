"""The bundle: the program with a Python of its own in one folder, made by PyInstaller."""

import argparse
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from bootstrapping.running import clean_environment

from building import environment, licences
from building.cpu_torch import source_from
from building.folders import ROOT, build_folder, bundle_folder
from building.listing import differences, listing, total_bytes
from building.version import STAMP, source_date, stamp
from building.words import BuildError, say

STRIPPED = ("libpython3*.so*", "libtorch_cpu.so", "libtorch_python.so")
"""Libraries that come with the names of all their inner functions, which is a fifth of them."""
SYSTEMS = {"linux": "linux", "windows": "win32", "macos": "darwin"}
"""What can be asked for, and what Python calls it; a bundle is made on the system that it is for."""


def main(arguments: Sequence[str]) -> int:
    """Make the bundle for the system that is named first."""
    parser = argparse.ArgumentParser(prog="build.py", description="Make the bundle: build/bundle/fmstudio.")
    parser.add_argument("system", choices=SYSTEMS)
    parser.add_argument("--torch-wheel", type=Path, metavar="FILE", help="a CPU wheel of torch for this Python")
    parser.add_argument("--torch-index", metavar="ADDRESS", help="a package index that offers CPU wheels of torch")
    given = parser.parse_args(arguments)
    if not sys.platform.startswith(SYSTEMS[given.system]):
        raise BuildError(f"A bundle for {given.system} is made on that system.", "Run the same command there.")
    began = time.monotonic()
    python = environment.prepare(source_from(given.torch_wheel, given.torch_index))
    bundle = freeze(python)
    megabytes, seconds = total_bytes(bundle) / 1e6, time.monotonic() - began
    say(f"{bundle} is made: {megabytes:.0f} MB, in {seconds:.0f} s; try it with: packaging/build.py check")
    return 0


def freeze(python: Path) -> Path:
    """Make the bundle anew, in the place of the one before.

    Args:
        python: Of the environment that holds everything.

    Returns:
        Its folder, with ``fmstudio.files`` beside it: what is in it.

    Raises:
        BuildError: Where PyInstaller fails.
    """
    work = build_folder() / "work"
    shutil.rmtree(work, ignore_errors=True)
    staged = work / "staged"
    staged.mkdir(parents=True)
    (staged / STAMP).write_text(stamp(), encoding="utf-8")
    say("freezing; this takes some minutes")
    _run_pyinstaller(python, work, staged)
    for made in (path for path in sorted((work / "bundle").iterdir()) if path.is_dir()):
        finish(made, bundle_folder().with_name(made.name))
    write_listing(bundle_folder())
    return bundle_folder()


def finish(made: Path, place: Path) -> None:
    """Bring what PyInstaller made into its last form, and put it into its place.

    Args:
        made: The folder; on a Mac there is the app besides.
        place: Where it belongs, and where the one before may lie.
    """
    strip(made)
    licences.write_licences(made)
    settle(made, source_date())
    shutil.rmtree(place, ignore_errors=True)
    place.parent.mkdir(parents=True, exist_ok=True)
    made.rename(place)


def write_listing(bundle: Path) -> list[str]:
    """Write down what is in the bundle, and say how it differs from the one before; of one source, it should not.

    Returns:
        The lines that differ.
    """
    file, lines = bundle.with_suffix(".files"), listing(bundle)
    before = file.read_text(encoding="utf-8").splitlines() if file.is_file() else []
    changed = differences(before, lines) if before else []
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    if changed:
        bundle.with_suffix(".differences").write_text("\n".join(changed) + "\n", encoding="utf-8")
        say(f"{len(changed)} lines differ from the build before: {bundle.with_suffix('.differences')}")
    elif before:
        say(f"the same {len(lines)} files as the build before, byte for byte")
    return changed


def _run_pyinstaller(python: Path, work: Path, staged: Path) -> None:
    log = build_folder() / "freezing.log"
    command = [str(python), "-m", "PyInstaller", "--noconfirm"]
    command += ["--distpath", str(work / "bundle"), "--workpath", str(work / "steps")]
    surroundings = clean_environment() | {
        "PYTHONHASHSEED": "0",
        "SOURCE_DATE_EPOCH": str(source_date()),
        "FMSTUDIO_STAGED": str(staged),
        "PYINSTALLER_CONFIG_DIR": str(work / "cache"),
    }
    with log.open("wb") as file:
        done = subprocess.run(
            [*command, ROOT / "packaging" / "fmstudio.spec"], env=surroundings, stdout=file, stderr=file, check=False
        )
    if done.returncode != 0:
        print(
            "".join(log.read_text(encoding="utf-8", errors="replace").splitlines(keepends=True)[-20:]), file=sys.stderr
        )
        raise BuildError("PyInstaller failed; its last words stand above.", f"All of them are in {log}.")


def strip(bundle: Path) -> None:
    """Take the names of inner functions out of the largest libraries, where the system has the tool for it."""
    tool = shutil.which("strip") if sys.platform.startswith("linux") else None
    for pattern in STRIPPED if tool else ():
        for library in sorted(path for path in bundle.rglob(pattern) if not path.is_symlink()):
            subprocess.run([str(tool), "--strip-unneeded", library], check=True)


def settle(bundle: Path, seconds: int) -> None:
    """Give every file the rights that it needs, and the one time that everything of this source bears."""
    for where, folders, files in os.walk(bundle, topdown=False):
        for path in (Path(where) / name for name in (*files, *folders)):
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() or _runs(path) else 0o644)
            os.utime(path, (seconds, seconds), follow_symlinks=False)
    os.utime(bundle, (seconds, seconds))


def _runs(path: Path) -> bool:
    return path.name in {"fmstudio", "torch_shm_manager"} or path.suffix in {".exe", ".dll"}
