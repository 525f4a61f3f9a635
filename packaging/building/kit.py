"""The class kit: one folder for a USB stick with the installers, their checksums, a start page, and the lessons."""

import argparse
import re
import shutil
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from building.checksums import FILE as CHECKSUMS
from building.checksums import write_checksums
from building.drawings import svg
from building.folders import ROOT, dist_folder
from building.lesson_pages import write_lessons
from building.pages import KIT, page
from building.parts import sha256
from building.version import version
from building.words import BuildError, say

START = "START.html"


@dataclass(frozen=True)
class Installer:
    """What people install on one system.

    Attributes:
        key: As the start page calls it.
        endings: How the artefact's name ends.
        named: What it is called on the stick; ``{name}`` is its own name, which a wheel must keep.
        system: For whom it is, in plain words, English and Chinese.
    """

    key: str
    endings: tuple[str, ...]
    named: str
    system: tuple[str, str]


INSTALLERS = (
    Installer("windows", (".exe",), "fmstudio-{version}-for-Windows.exe", ("Windows", "Windows")),
    Installer(
        "mac",
        (".dmg",),
        "fmstudio-{version}-for-Mac-Apple-silicon.dmg",
        ("Macs (Apple silicon)", "Apple 芯片的 Mac"),
    ),
    Installer(
        "debian", (".deb",), "fmstudio-{version}-for-Debian-and-Ubuntu.deb", ("Debian and Ubuntu", "Debian 和 Ubuntu")
    ),
    Installer(
        "portable", (".tar.xz", ".tar.zst"), "fmstudio-{version}-for-any-Linux{ending}", ("any Linux", "任意 Linux")
    ),
    Installer("wheel", (".whl",), "for-Python/{name}", ("people who have Python", "Python 用户")),
)


@dataclass(frozen=True)
class Packed:
    """An installer as it lies on the stick, or would: ``size`` and ``digest`` are 0 and "" where it is not there."""

    installer: Installer
    place: str
    size: int = 0
    digest: str = ""


def make_kit(dist: Path, to: Path, lessons: Path) -> Sequence[Packed]:
    """Make the folder anew.

    Args:
        dist: Where the installers are.
        to: The folder of the kit; an older one goes.
        lessons: The folder of the lessons.

    Returns:
        What is in it, and what is not.

    Raises:
        BuildError: Where there is no installer at all.
    """
    found = {one: find(dist, one) for one in INSTALLERS}
    if not any(found.values()):
        raise BuildError(
            f"There is no installer of fmstudio {version()} in {dist}.",
            "Make one first (packaging/build.py deb, portable, wheel), or put there what was made elsewhere.",
        )
    if to.exists() and not (to / START).is_file() and any(to.iterdir()):
        raise BuildError(f"{to} is there and is no kit.", "Move it away, or name another folder with --to.")
    shutil.rmtree(to, ignore_errors=True)
    to.mkdir(parents=True)
    packed = [_pack(one, path, to) for one, path in found.items()]
    count = write_lessons(lessons, to / "lessons")
    (to / START).write_text(start_page(packed, count), encoding="utf-8", newline="\n")
    write_checksums(to, [path for path in to.rglob("*") if path.is_file()])
    return packed


def find(dist: Path, installer: Installer) -> Path | None:
    """The artefact of this version for a system, the newest where there are several."""
    pattern = re.compile(rf"fmstudio[-_]{re.escape(version())}(?![.\d]*\d)")
    names = (path for path in dist.glob("fmstudio*") if path.name.endswith(installer.endings) and path.is_file())
    found = sorted((path for path in names if pattern.match(path.name)), key=lambda path: path.stat().st_mtime)
    return found[-1] if found else None


def _pack(installer: Installer, path: Path | None, to: Path) -> Packed:
    if path is None:
        name = f"fmstudio-{version()}-py3-none-any.whl"
        ending = installer.endings[0]
        return Packed(installer, installer.named.format(version=version(), ending=ending, name=name))
    ending = next(ending for ending in installer.endings if path.name.endswith(ending))
    place = installer.named.format(version=version(), ending=ending, name=path.name)
    (to / place).parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(path, to / place)
    return Packed(installer, place, path.stat().st_size, sha256(to / place))


def start_page(packed: Sequence[Packed], lessons: int) -> str:
    """The page that one opens first.

    Args:
        packed: What is on the stick, and what is not.
        lessons: How many there are.
    """
    body = (KIT / "start.html").read_text(encoding="utf-8")
    places: Mapping[str, str] = {
        "count:lessons": str(lessons),
        **{f"get:{one.installer.key}": _offer(one) for one in packed},
        **{f"name:{one.installer.key}": escape(one.place) for one in packed},
    }
    for one in packed:
        body = body if one.size else _without_instructions(body, one.installer.key)
    body = re.sub(r"@drawing:([a-z0-9-]+):(en|zh)@", lambda found: svg(found[1], found[2]).strip(), body)
    body = re.sub(r"@([a-z]+:[a-z]+)@", lambda found: places[found[1]], body)
    under = {"en": f"Version {version()} · what to install", "zh-Hans": f"版本 {version()} · 安装什么"}
    return page("fmstudio", under, body)


def _without_instructions(body: str, key: str) -> str:
    """The page with no more than the headline and the sentence for a system whose installer is not there."""
    pattern = rf"(<section [^>]*>(?:\n<h2.*)*\n@get:{key}@\n).*?(?=</section>)"
    return re.sub(pattern, r"\1", body, flags=re.DOTALL)


def _offer(packed: Packed) -> str:
    """The button that gets a file, or the sentence that it is not there."""
    english, chinese = packed.installer.system
    if not packed.size:
        return (
            f'<p class="absent" lang="en">The file for {english} is not in this kit.</p>\n'
            f'<p class="absent" lang="zh-Hans">本套件中没有适用于 {chinese} 的文件。</p>'
        )
    name, size = escape(packed.place.rpartition("/")[2]), f"{packed.size / 1e6:,.0f} MB"
    return (
        f'<p><a class="get" href="{escape(packed.place, quote=True)}">{name}</a> <span class="quiet">{size}</span><br>'
        f'<span class="quiet">SHA-256 <code>{packed.digest}</code></span></p>'
    )


def main(arguments: Sequence[str]) -> int:
    """Make the kit, and say what is in it and what is not."""
    parser = argparse.ArgumentParser(prog="build.py kit", description=(__doc__ or "").strip())
    parser.add_argument("--dist", type=Path, default=dist_folder(), help="where the installers are")
    parser.add_argument("--to", type=Path, help="the folder to make (default: dist/fmstudio-VERSION-class-kit)")
    given = parser.parse_args(arguments)
    to = given.to or given.dist / f"fmstudio-{version()}-class-kit"
    for one in make_kit(given.dist, to, ROOT / "resources" / "lessons"):
        if one.size:
            say(f"{one.place}: {one.size / 1e6:.0f} MB, for {one.installer.system[0]}")
        else:
            say(f"left out, for there is none in {given.dist}: the file for {one.installer.system[0]}")
    total = sum(path.stat().st_size for path in to.rglob("*") if path.is_file())
    say(f"{to} is made: {total / 1e6:.0f} MB; copy it to the stick as it is, and open {START}; see also {CHECKSUMS}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
