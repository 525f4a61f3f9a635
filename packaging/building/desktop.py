"""What a Linux desktop wants to know of the program: everything of the package that lies below ``usr/share``.

Started with the Python of the environment that the bundle is made of, since the command line and Qt are asked.
"""

import argparse
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from building import icons
from building.command_tree import command_tree
from building.completion import completions
from building.folders import ROOT
from building.manual import manual_page
from building.package_tree import write_compressed
from building.page import NO_PAGE, homepage
from fmstudio.experiment.lessons import lessons

LINUX = ROOT / "packaging" / "linux"
COMPONENT = "org.fmstudio.fmstudio"
"""The name by which software centres know the program."""
SHELLS = {
    "bash": "bash-completion/completions/fmstudio",
    "zsh": "zsh/vendor-completions/_fmstudio",
    "fish": "fish/vendor_completions.d/fmstudio.fish",
}
"""Where the shells look for what they complete with."""


@dataclass(frozen=True)
class Release:
    """What the files say of the version.

    Attributes:
        version: The program's.
        date: Its day: ``2026-01-31``.
        homepage: The project's page.
    """

    version: str
    date: str
    homepage: str = NO_PAGE


def write_share(share: Path, release: Release) -> None:
    """Write everything.

    Args:
        share: The folder that becomes ``/usr/share``.
        release: The version.
    """
    _copy(LINUX / "fmstudio.desktop", share / "applications" / "fmstudio.desktop")
    _copy(LINUX / "fmstudio-mime.xml", share / "mime" / "packages" / "fmstudio.xml")
    _write(share / "metainfo" / f"{COMPONENT}.metainfo.xml", component(release))
    _write_icons(share / "icons" / "hicolor")
    program = command_tree()
    write_compressed(share / "man/man1/fmstudio.1.gz", manual_page(program, release.version, release.date))
    for shell, text in completions(program, [one.id for one in lessons()]).items():
        _write(share / SHELLS[shell], text)


def component(release: Release) -> str:
    """What software centres show, as AppStream metadata."""
    text = (LINUX / f"{COMPONENT}.metainfo.xml").read_text(encoding="utf-8")
    pictures = f"{release.homepage}/raw/HEAD/packaging/screenshots"
    return text.partition("<!--")[0] + text.partition("-->\n")[2].format(
        homepage=release.homepage, screenshots=pictures, version=release.version, date=release.date
    )


def _write_icons(theme: Path) -> None:
    for name, context in ((icons.PROGRAM, "apps"), (icons.DOCUMENT, "mimetypes")):
        for size in icons.SIZES:
            icons.save(name, size, theme / f"{size}x{size}" / context / f"{name}.png")
        _copy(icons.ICONS / f"{name}.svg", theme / "scalable" / context / f"{name}.svg")


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")


def main(arguments: Sequence[str]) -> int:
    """Write everything into a folder."""
    parser = argparse.ArgumentParser(prog="desktop", description="Write what lies below /usr/share.")
    parser.add_argument("share", type=Path)
    parser.add_argument("version")
    parser.add_argument("date", help="2026-01-31")
    given = parser.parse_args(arguments)
    write_share(given.share, Release(given.version, given.date, homepage()))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
