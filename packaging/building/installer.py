"""What people install on Windows and on the Mac, made of the bundle: by Inno Setup, and as a disk image."""

import argparse
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from building.apple import numbers
from building.folders import ROOT, bundle_folder, dist_folder
from building.version import version
from building.words import BuildError, say

SCRIPT = ROOT / "packaging" / "windows" / "fmstudio.iss"
IMAGE = ROOT / "packaging" / "macos" / "image.sh"
LONGEST_ON_WINDOWS = 259
WINDOWS_FOLDER = r"C:\Users\12345678901234567890\AppData\Local\Programs\fmstudio" + "\\"
"""Where the program is put, for a user with the longest name that Windows takes."""
SHOWN = 5


def main(arguments: Sequence[str]) -> int:
    """Make the installer of this system; the bundle must be there."""
    parser = argparse.ArgumentParser(prog="build.py installer", description=(__doc__ or "").strip())
    parser.parse_args(arguments)
    if sys.platform not in ("win32", "darwin"):
        raise BuildError(
            "An installer for Windows or the Mac is made on that system.",
            "Here there are: packaging/build.py deb, portable; packaging/workflows/release.yml makes the others.",
        )
    made = windows_installer(os.environ) if sys.platform == "win32" else mac_image()
    say(f"{made} is made: {made.stat().st_size / 1e6:.0f} MB")
    return 0


def windows_installer(surroundings: Mapping[str, str]) -> Path:
    """Make the installer for Windows.

    Args:
        surroundings: The environment's variables: where programs are installed, and ``FMSTUDIO_SIGN``, a command that
            signs the file ``$f``.
    """
    bundle = bundle_folder()
    if not (bundle / "fmstudio.exe").is_file():
        raise BuildError(f"There is no bundle in {bundle}.", "Make it first: packaging/build.py windows.")
    check_lengths(bundle)
    _run(inno_command(inno_compiler(surroundings), bundle, dist_folder(), surroundings), "Inno Setup failed.")
    return dist_folder() / f"fmstudio-{version()}-windows-x64.exe"


def inno_command(compiler: Path, bundle: Path, output: Path, surroundings: Mapping[str, str]) -> list[str]:
    """How Inno Setup is called."""
    icon = bundle.parents[1] / "icons" / "fmstudio.ico"
    values = {"Version": version(), "Numbers": numbers(version(), 4), "Bundle": str(bundle), "Output": str(output)}
    values |= {"Icon": str(icon)} if icon.is_file() else {}
    sign = surroundings.get("FMSTUDIO_SIGN", "")
    signing = [f"/Sfmstudio={sign}", "/DSignTool=fmstudio"] if sign else []
    return [str(compiler), "/Qp", *(f"/D{name}={value}" for name, value in values.items()), *signing, str(SCRIPT)]


def inno_compiler(surroundings: Mapping[str, str]) -> Path:
    """Where Inno Setup's compiler is: on the PATH, or where its installer puts it."""
    named = shutil.which("ISCC")
    folders = [surroundings.get(name, "") for name in ("ProgramFiles(x86)", "ProgramFiles", "LOCALAPPDATA")]
    places = [
        Path(folder, *more, "Inno Setup 6", "ISCC.exe") for folder in folders if folder for more in ((), ("Programs",))
    ]
    found = [path for path in ([Path(named)] if named else places) if path.is_file()]
    if not found:
        raise BuildError(
            "Inno Setup is not installed.", "Install Inno Setup 6.3 or newer, and run the same command again."
        )
    return found[0]


def check_lengths(bundle: Path) -> None:
    """Refuse a bundle with files whose paths would be too long for Windows, which then cannot find them."""
    room = LONGEST_ON_WINDOWS - len(WINDOWS_FOLDER)
    names = (path.relative_to(bundle).as_posix() for path in bundle.rglob("*") if path.is_file())
    longest = sorted((name for name in names if len(name) > room), key=len, reverse=True)
    if longest:
        raise BuildError(
            f"{len(longest)} files have paths of more than {room} letters: {', '.join(longest[:SHOWN])}.",
            "Leave them out in packaging/building/contents.py, or shorten them.",
        )


def mac_image() -> Path:
    """Make the disk image for the Mac."""
    app = bundle_folder().with_name("fmstudio.app")
    image = dist_folder() / f"fmstudio-{version()}-macos-arm64.dmg"
    _run(["bash", str(IMAGE), str(app), str(image)], "The disk image could not be made.")
    return image


def _run(command: Sequence[str], failure: str) -> None:
    done = subprocess.run(command, check=False)
    if done.returncode != 0:
        raise BuildError(failure, "What it said stands above.")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
