"""Licences of all that is shipped: for About in the program, for Debian's copyright file, and in full beside them."""

import argparse
import ast
import json
import re
import sys
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from building.natives import native_parts, own_parts, papers_in
from building.parts import ROOT, Part, inside, python_parts, resources_in
from building.version import version

LEGAL = ROOT / "packaging" / "legal"
FOLDER = "licences"
"""Below the resources of the bundle."""
FILE = "licences.json"
QT = ("pyside6-essentials", "shiboken6")
PAGE = "https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/"
COMMON = (
    ("GNU LESSER GENERAL PUBLIC LICENSE", "LGPL-3"),
    ("GNU GENERAL PUBLIC LICENSE", "GPL-3"),
    ("Apache License\n", "Apache-2.0"),
    ("Mozilla Public License Version 2.0", "MPL-2.0"),
    ("GNU Free Documentation License", "GFDL"),
)
"""Licences that every Debian system has, and how they begin: Debian wants them named, not repeated."""


def shipped_parts(bundle: Path, root: Path = ROOT) -> list[Part]:
    """Everything in a bundle that others made, by name.

    Args:
        bundle: Its folder.
        root: The checkout.
    """
    folder = inside(bundle)
    packages = python_parts(papers_in(folder), dependencies(root), modules_in(bundle, root))
    parts = [*(with_qt_notice(part) for part in packages), *native_parts(bundle), *own_parts(root)]
    return sorted(parts, key=lambda part: part.name.lower())


def dependencies(root: Path = ROOT) -> list[str]:
    """What the program asks for."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return list(project["dependencies"])


def modules_in(bundle: Path, root: Path) -> frozenset[str] | None:
    """The outermost modules in a bundle, in small letters; None where the packer's own list of them is not there."""
    listed = sorted((root / "build").glob("**/PYZ-*.toc"), key=lambda path: path.stat().st_mtime)
    if not listed:
        return None
    packed = _places(ast.literal_eval(listed[-1].read_text(encoding="utf-8")))
    beside = (path.name for path in inside(bundle).iterdir() if path.is_dir())
    return frozenset(re.split(r"[./\\]", place, maxsplit=1)[0].lower() for place in (*packed, *beside))


def _places(value: object) -> Iterator[str]:
    """The first of each triple in the packer's nested lists: a module's name, or a file's place."""
    if isinstance(value, tuple) and len(value) == 3 and all(isinstance(one, str) for one in value):
        yield value[0]
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _places(one)


def with_qt_notice(part: Part) -> Part:
    """Qt's packages bring no licence texts, and must be shipped with them, a notice and an offer."""
    if part.purl.partition("@")[0].rpartition("/")[2] not in QT:
        return part
    texts = [qt_notice(part.version), *((LEGAL / name).read_text("utf-8") for name in ("LGPL-3.0.txt", "GPL-3.0.txt"))]
    name = f"{part.name} (Qt)" if part.name.lower().startswith("pyside6") else part.name
    return replace(part, name=name, text="\n\n".join(filter(None, (*texts, part.text))))


def qt_notice(version: str) -> str:
    """What users of Qt are told: the licence, how to replace the libraries, and where their source is."""
    major, minor, *_ = [*version.split("."), "0"]
    text = (LEGAL / "qt-notice.txt").read_text(encoding="utf-8")
    return text.format(version=version, major=major, series=f"{major}.{minor}")


def licence_values(parts: Sequence[Part], root: Path = ROOT) -> list[dict[str, str]]:
    """What About shows: of each part name, version, licence and text; the program itself is the first."""
    own = Part("fmstudio", version(root), "MIT", (root / "LICENSE").read_text(encoding="utf-8"))
    return [
        {"name": part.name, "version": part.version, "licence": part.licence, "text": part.text or part.licence}
        for part in (own, *parts)
    ]


def write_licences(bundle: Path, root: Path = ROOT) -> Path:
    """Put the licences into a bundle, for the program's About.

    Returns:
        The file.
    """
    path = resources_in(bundle) / FOLDER / FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    values = licence_values(shipped_parts(bundle, root), root)
    path.write_text(json.dumps(values, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return path


def copyright_text(bundle: Path, root: Path = ROOT) -> str:
    """Debian's copyright file of a package that holds the bundle (DEP-5).

    Args:
        bundle: Its folder, as it lies in the package.
        root: The checkout.
    """
    licence = (root / "LICENSE").read_text(encoding="utf-8")
    holder = re.search(r"^Copyright .*$", licence, re.MULTILINE)
    paragraphs = [
        _paragraph(Format=PAGE, Upstream_Name="fmstudio", Comment=_about_full_texts(bundle)),
        _paragraph(Files="*", Copyright=_bare(holder.group() if holder else ""), License="Expat\n" + _mit(licence)),
        *(_part_paragraph(part, bundle) for part in shipped_parts(bundle, root)),
    ]
    return "\n".join(paragraphs)


def _about_full_texts(bundle: Path) -> str:
    place = (resources_in(bundle) / FOLDER / FILE).relative_to(bundle).as_posix()
    return (
        "This package holds the program with all that it needs, as its makers published it. The unabridged licences"
        f"\nof every part are in the program (Help, About) and in its file {place}."
    )


def _mit(text: str) -> str:
    return text.partition("\n\n")[2].partition("\n\n")[2].strip()


def _part_paragraph(part: Part, bundle: Path) -> str:
    holders = "\n".join(map(_bare, part.holders)) or "the authors of " + part.name
    text = shortened(part.text) or "See the unabridged licences, as the first paragraph says."
    title = f"{part.name} {part.version}".strip()
    label = f"{re.sub(r'[^A-Za-z0-9.+-]+', '-', title).strip('-')}-licence"
    return _paragraph(
        Files=" ".join(_patterns(part, bundle)) or f"{label}/*",
        Copyright=holders,
        License=f"{label}\n{title} is under: {part.licence}.\n\n{text}",
    )


def _patterns(part: Part, bundle: Path) -> list[str]:
    """The folders that hold a part, and its files that lie alone."""
    within = (path.relative_to(bundle).parts for path in part.files if path.is_relative_to(bundle))
    places = (parts[1:] if parts[0] == "_internal" else parts for parts in within)
    ours = (path.relative_to(ROOT).parts for path in part.files if path.is_relative_to(ROOT / "resources"))
    found = {parts[0] if len(parts) == 1 else f"{parts[0]}/*" for parts in places}
    found |= {"/".join(parts) for parts in ours}
    return sorted(f"*/{one.replace(' ', '?')}" for one in found)


def _bare(line: str) -> str:
    return re.sub(r"^(copyright( \(c\)| ©)?|\(c\)|©)[:,]? *", "", line, flags=re.IGNORECASE) or line


def shortened(text: str) -> str:
    """A text in which the licences that every Debian system has are named, and not repeated."""
    return "\n\n────".join(filter(None, map(_without_common, text.split("\n\n────")))).strip()


def _without_common(section: str) -> str:
    for start, name in COMMON:
        at = section.find(start)
        if at >= 0 and len(section) - at > 5_000:
            head = section[:at].rstrip()
            return f"{head}\n\nThe text is, on Debian systems, in /usr/share/common-licenses/{name}.".strip()
    return section


def _paragraph(**fields: str) -> str:
    """A paragraph of the file: lines behind the first are indented, an empty one is a dot."""
    lines = []
    for name, value in fields.items():
        first, *rest = value.split("\n")
        lines.append(f"{name.replace('_', '-')}: {first}".rstrip())
        lines += [f" {line.rstrip()}" if line.strip() else " ." for line in map(_plain, rest)]
    return "\n".join(lines) + "\n"


def _plain(line: str) -> str:
    return "".join(" " if not letter.isprintable() else letter for letter in line)


def main(arguments: Sequence[str]) -> int:
    """Write the licences into a bundle, or print Debian's copyright file."""
    parser = argparse.ArgumentParser(prog="licences", description=(__doc__ or "").strip())
    parser.add_argument("bundle", type=Path)
    parser.add_argument("--copyright", action="store_true", help="print Debian's copyright file instead")
    given = parser.parse_args(arguments)
    if given.copyright:
        print(copyright_text(given.bundle), end="")
    else:
        path = write_licences(given.bundle)
        print(f"fmstudio: {len(json.loads(path.read_bytes()))} licences are in {path}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
