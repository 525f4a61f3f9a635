"""The archive that runs from any folder: unpack it, start ``fmstudio`` in it."""

import argparse
import os
import platform
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Sequence
from pathlib import Path

from building.deb import LINUX, require_bundle
from building.folders import build_folder, bundle_folder, dist_folder
from building.licences import licence_values, shipped_parts
from building.package_tree import copy_tree, entries, settle
from building.search_paths import forget_foreign
from building.version import source_date, version
from building.words import BuildError, say

SQUEEZE = ("xz", "-6", "--threads=2", "--stdout")
"""Every Linux unpacks xz. With one thread it would make other bytes than with several; two are as good as eight."""


def build(bundle: Path, dist: Path) -> Path:
    """Make the archive.

    Args:
        bundle: The folder with the program.
        dist: Where the archive goes.

    Returns:
        The archive.

    Raises:
        BuildError: Where something is missing for it.
    """
    require_bundle(bundle)
    if shutil.which("xz") is None:
        raise BuildError("The program xz is not installed.", "Type: sudo apt-get install xz-utils")
    build_folder().mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=build_folder(), prefix="portable-") as folder:
        top = Path(folder) / f"fmstudio-{version()}"
        fill(top, bundle)
        settle(top, source_date())
        made = Path(folder) / f"{top.name}-linux-{platform.machine()}.tar.xz"
        pack(top, made)
        dist.mkdir(parents=True, exist_ok=True)
        return Path(shutil.move(made, dist / made.name))


def fill(top: Path, bundle: Path) -> None:
    """Lay out what is unpacked.

    Args:
        top: The one folder in the archive.
        bundle: The folder with the program.
    """
    copy_tree(bundle, top)
    forget_foreign(top)
    readme = (LINUX / "README.txt").read_text(encoding="utf-8").format(version=version())
    (top / "README.txt").write_text(readme, encoding="utf-8")
    (top / "LICENSES.txt").write_text(licences_text(top), encoding="utf-8")


def licences_text(bundle: Path) -> str:
    """The unabridged licences of all that is in a bundle, as one text.

    Args:
        bundle: Its folder.
    """
    parts = licence_values(shipped_parts(bundle))
    titles = [" ".join(filter(None, (part["name"], part["version"], f"({part['licence']})"))) for part in parts]
    texts = (
        f"\n\n{'=' * 100}\n{title}\n{'=' * 100}\n\n{part['text']}" for title, part in zip(titles, parts, strict=True)
    )
    return "What is in this folder, and under which licences:\n\n" + "\n".join(titles) + "".join(texts) + "\n"


def pack(top: Path, target: Path) -> None:
    """Pack a folder: sorted, owned by root, the same bytes every time.

    Args:
        top: The folder, with the modes and times that its files are to have.
        target: The archive.
    """
    surroundings = {name: value for name, value in os.environ.items() if not name.startswith("XZ_")}
    with target.open("wb") as file:
        squeezer = subprocess.Popen(SQUEEZE, stdin=subprocess.PIPE, stdout=file, env=surroundings)
        with squeezer, tarfile.open(fileobj=squeezer.stdin, mode="w|", format=tarfile.PAX_FORMAT) as archive:
            for path in (top, *entries(top)):
                archive.add(path, arcname=path.relative_to(top.parent).as_posix(), recursive=False, filter=_as_root)
    if squeezer.returncode != 0:
        raise BuildError(f"{target.name} could not be packed.", "Often the disk is full.")


def _as_root(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = "root"
    entry.mtime = int(entry.mtime)
    return entry


def main(arguments: Sequence[str]) -> int:
    """Make the archive of the bundle."""
    parser = argparse.ArgumentParser(prog="build.py portable", description="Make the archive that runs anywhere.")
    parser.add_argument("--bundle", type=Path, default=bundle_folder(), metavar="DIR", help="another bundle")
    given = parser.parse_args(arguments)
    made = build(given.bundle, dist_folder())
    say(f"{made} is made: {made.stat().st_size / 1e6:.0f} MB")
    return 0
