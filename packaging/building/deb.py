"""The package for Debian and Ubuntu: the bundle in ``/usr/lib/fmstudio``, and all that a desktop wants to know of it.

Nothing runs as root when it is installed or removed: menu, icons, file types and manual are taken in by the triggers of
the packages that they are for. Runs and settings lie with the user and are never touched.
"""

import argparse
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path

from bootstrapping import system
from bootstrapping.running import clean_environment

from building import package_tree
from building.dependencies import depends
from building.environment import WORKSHOP
from building.folders import ROOT, build_folder, bundle_folder, dist_folder
from building.licences import copyright_text
from building.package_tree import copy_tree, settle
from building.page import homepage
from building.search_paths import forget_foreign
from building.version import source_date, version
from building.words import BuildError, say

LINUX = ROOT / "packaging" / "linux"
ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}
"""What Debian calls the processors."""
MAINTAINER = ("fmstudio contributors", "fmstudio@fmstudio.example")
"""Who answers for the package unless DEBFULLNAME and DEBEMAIL say who does."""


def build(bundle: Path, dist: Path, python: Path, *, squeeze: bool = True) -> Path:
    """Make the package.

    Args:
        bundle: The folder with the program.
        dist: Where the package goes.
        python: The Python of an environment in which the program and Qt can be imported.
        squeeze: Whether it is compressed, which takes most of the time.

    Returns:
        The package.

    Raises:
        BuildError: Where something is missing for it.
    """
    require_bundle(bundle)
    if shutil.which("dpkg-deb") is None:
        raise BuildError("The program dpkg-deb is not installed.", "Make the package on Debian or Ubuntu.")
    architecture = ARCHITECTURES.get(platform.machine())
    if architecture is None:
        raise BuildError(f"Debian packages are not made on {platform.machine()}.", "Use a computer with x86-64.")
    build_folder().mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=build_folder(), prefix="deb-") as folder:
        tree = Path(folder) / "tree"
        fill(tree, bundle, python)
        write_control(tree, architecture)
        settle(tree, source_date())
        made = Path(folder) / f"fmstudio_{debian_version()}_{architecture}.deb"
        _pack(tree, made, ["-Zxz", "-z6"] if squeeze else ["-Znone"])
        dist.mkdir(parents=True, exist_ok=True)
        return Path(shutil.move(made, dist / made.name))


def require_bundle(bundle: Path) -> None:
    """Make sure that the bundle is there.

    Raises:
        BuildError: Where it is not.
    """
    if not os.access(bundle / "fmstudio", os.X_OK):
        raise BuildError("There is no bundle yet.", "Make it first: python3 packaging/build.py linux")


def fill(tree: Path, bundle: Path, python: Path) -> None:
    """Lay out what is installed.

    Args:
        tree: The folder that becomes ``/``.
        bundle: The folder with the program.
        python: As for ``build``.
    """
    installed = tree / "usr" / "lib" / "fmstudio"
    installed.parent.mkdir(parents=True)
    copy_tree(bundle, installed)
    forget_foreign(installed)
    command = tree / "usr" / "bin" / "fmstudio"
    command.parent.mkdir()
    command.symlink_to("../lib/fmstudio/fmstudio")
    _write_share(tree / "usr" / "share", python)
    papers = tree / "usr" / "share" / "doc" / "fmstudio"
    papers.mkdir(parents=True)
    (papers / "copyright").write_text(copyright_text(installed), encoding="utf-8")
    package_tree.write_compressed(papers / "changelog.gz", changelog())
    overrides = tree / "usr" / "share" / "lintian" / "overrides"
    overrides.mkdir(parents=True)
    shutil.copyfile(LINUX / "lintian-overrides", overrides / "fmstudio")


def _write_share(share: Path, python: Path) -> None:
    """What is made from the command line and the icons, by a Python that has the program and Qt."""
    system.ensure_libraries(x11=False, xvfb=False)
    day = datetime.fromtimestamp(source_date(), UTC).date().isoformat()
    surroundings = clean_environment() | {
        "PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "packaging"))),
        "PYTHONDONTWRITEBYTECODE": "1",
        "QT_QPA_PLATFORM": "offscreen",
    }
    command = [str(python), "-m", "building.desktop", str(share), version(), day]
    asked = subprocess.run(command, env=surroundings, capture_output=True, text=True, check=False)
    if asked.returncode != 0:
        reason = (asked.stderr.strip().splitlines() or ["it says nothing"])[-1]
        raise BuildError(f"Manual, completion and icons could not be made: {reason}.", "Mend that, and try again.")


def write_control(tree: Path, architecture: str) -> None:
    """Write what the package system reads.

    Args:
        tree: The folder that becomes ``/``, filled.
        architecture: ``"amd64"``.
    """
    said = (
        (LINUX / "control")
        .read_text(encoding="utf-8")
        .format(
            version=debian_version(),
            architecture=architecture,
            maintainer=maintainer(),
            kibibytes=package_tree.kibibytes(tree),
            depends=", ".join(depends(tree / "usr" / "lib" / "fmstudio")) or "libc6",
            homepage=homepage(),
        )
    )
    sums = package_tree.md5sums(tree)
    folder = tree / "DEBIAN"
    folder.mkdir()
    (folder / "control").write_text(said, encoding="utf-8")
    (folder / "md5sums").write_text(sums, encoding="utf-8")


def debian_version() -> str:
    """The version as Debian sorts it: what comes before a release comes before it there too."""
    return re.sub(r"\.?(a|b|rc|dev)(?=\d)", r"~\1", version())


def maintainer() -> str:
    """Who answers for the package, as Debian writes it."""
    name, address = os.environ.get("DEBFULLNAME", MAINTAINER[0]), os.environ.get("DEBEMAIL", MAINTAINER[1])
    return f"{name} <{address}>"


def changelog() -> str:
    """Debian's list of changes: what this version is."""
    day = format_datetime(datetime.fromtimestamp(source_date(), UTC))
    title = f"fmstudio ({debian_version()}) stable; urgency=medium"
    return f"{title}\n\n  * Version {version()}.\n\n -- {maintainer()}  {day}\n"


def _pack(tree: Path, target: Path, compression: Sequence[str]) -> None:
    """Pack; dpkg-deb sorts by name, and takes no later time than SOURCE_DATE_EPOCH. Every dpkg can read xz."""
    command = ["dpkg-deb", "--root-owner-group", *compression, "--build", str(tree), str(target)]
    surroundings = os.environ | {"SOURCE_DATE_EPOCH": str(source_date())}
    asked = subprocess.run(command, env=surroundings, capture_output=True, text=True, check=False)
    if asked.returncode != 0:
        raise BuildError(f"dpkg-deb failed: {asked.stderr.strip()}.", "Often the disk is full.")


def main(arguments: Sequence[str]) -> int:
    """Make the package of the bundle."""
    parser = argparse.ArgumentParser(prog="build.py deb", description="Make the package for Debian and Ubuntu.")
    parser.add_argument("--bundle", type=Path, default=bundle_folder(), metavar="DIR", help="another bundle")
    parser.add_argument("--fast", action="store_true", help="leave it uncompressed, to try it")
    given = parser.parse_args(arguments)
    python = WORKSHOP.python if WORKSHOP.python.exists() else Path(sys.executable)
    made = build(given.bundle, dist_folder(), python, squeeze=not given.fast)
    say(f"{made} is made: {made.stat().st_size / 1e6:.0f} MB")
    return 0
