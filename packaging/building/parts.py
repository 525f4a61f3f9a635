"""What a bundle or an environment is made of: Python packages, shared libraries, data, each with its licence."""

import hashlib
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from email.message import Message
from email.parser import HeaderParser
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LIBRARY = re.compile(r"\.(so(\.\d+)*|pyd|dll|dylib)$")
"""How the name of a shared library ends."""
IMPORTED_AS = {"pillow": "pil", "pyside6-essentials": "pyside6", "markdown-it-py": "markdown_it"}
"""The modules of packages that are called otherwise."""
_COPYRIGHT = re.compile(r"^\W*(copyright\b.*\d{4}.*|\(c\).*\d{4}.*|©.*)$", re.IGNORECASE | re.MULTILINE)
_OF_THE_LICENCE = "<https://fsf.org/>"
"""Whose text the licences of GNU are; no holder of what is under them."""
_MOST_HOLDERS = 40
_CLASSIFIERS = {
    "MIT License": "MIT",
    "MIT No Attribution License (MIT-0)": "MIT-0",
    "BSD License": "BSD-3-Clause",
    "Apache Software License": "Apache-2.0",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
    "ISC License (ISCL)": "ISC",
}
_NAMES = {
    "MIT": "MIT",
    "MIT License": "MIT",
    "The MIT License": "MIT",
    "BSD": "BSD-3-Clause",
    "BSD License": "BSD-3-Clause",
    "BSD-3-Clause": "BSD-3-Clause",
    "3-Clause BSD License": "BSD-3-Clause",
    "BSD 3-Clause": "BSD-3-Clause",
    "Apache 2.0": "Apache-2.0",
    "Apache-2.0": "Apache-2.0",
    "Apache License 2.0": "Apache-2.0",
    "HPND": "HPND",
}
"""What packages write into the field License, and the same as an SPDX expression."""
_SPDX = re.compile(r"[A-Za-z0-9.+-]+(-[0-9.]+)?(-only|-or-later)?( (AND|OR|WITH) [A-Za-z0-9.+-]+)*")


@dataclass(frozen=True)
class Part:
    """Something that is shipped.

    Attributes:
        name: As its makers call it.
        version: "" where there is none.
        licence: An SPDX expression where ``is_spdx``, else what its makers say.
        text: The licences in full, and the notices that they ask for.
        purl: Its package URL; "" where it is no package.
        kind: As CycloneDX calls it: "library", "framework", "data", "file", "application".
        files: What of it is shipped.
    """

    name: str
    version: str
    licence: str
    text: str
    purl: str = ""
    kind: str = "library"
    files: tuple[Path, ...] = field(default=(), repr=False)

    @property
    def is_spdx(self) -> bool:
        """Whether the licence can be read by a program."""
        return bool(_SPDX.fullmatch(self.licence)) and self.licence not in ("", "unknown")

    @property
    def holders(self) -> tuple[str, ...]:
        """The lines about copyright in its licences, each once."""
        found = (match.group(1).strip(" *#/-") for match in _COPYRIGHT.finditer(self.text))
        lines = (" ".join(line.split()) for line in found if _OF_THE_LICENCE not in line)
        return tuple(dict.fromkeys(lines))[:_MOST_HOLDERS]


def inside(bundle: Path) -> Path:
    """The folder in a bundle that holds everything but the program's own file."""
    for name in ("_internal", "Contents/Frameworks"):
        if (bundle / name).is_dir():
            return bundle / name
    return bundle


def resources_in(bundle: Path) -> Path:
    """The program's resources in a bundle."""
    on_mac = bundle / "Contents" / "Resources" / "resources"
    return on_mac if on_mac.is_dir() else inside(bundle) / "resources"


def normal(name: str) -> str:
    """A package's name in the one way in which all spell it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def module_of(package: str) -> str:
    """The module that a package brings, in small letters."""
    return IMPORTED_AS.get(normal(package), normal(package).replace("-", "_"))


def required(dependencies: Iterable[str], papers: Mapping[str, Message]) -> list[str]:
    """The packages that these stand on, themselves included, as far as they are there; sorted.

    Args:
        dependencies: As pyproject.toml writes them.
        papers: What each package that is there says of itself, by its normal name.
    """
    open_, found = [_required_name(one) for one in dependencies], set[str]()
    while open_:
        name = open_.pop()
        if name in papers and name not in found:
            found.add(name)
            lines = papers[name].get_all("Requires-Dist") or []
            open_ += [_required_name(line) for line in lines if _always(line)]
    return sorted(found)


def _required_name(requirement: str) -> str:
    match = re.match(r"[A-Za-z0-9._-]+", requirement.strip())
    return normal(match.group()) if match else ""


def _always(requirement: str) -> bool:
    """Whether it is needed without an extra; a condition on the system counts as met where the package is there."""
    return "extra ==" not in requirement.replace("extra==", "extra ==")


def python_parts(
    packages: Iterable[Path], dependencies: Iterable[str], modules: Collection[str] | None = None
) -> list[Part]:
    """The Python packages that are shipped.

    Args:
        packages: The folders ``*.dist-info`` of what is there.
        dependencies: What the program asks for.
        modules: The modules that are in the bundle, in small letters, where that is known: a package that none of
            them belongs to is not shipped.
    """
    folders = {normal(folder.name.partition("-")[0]): folder for folder in packages}
    papers = {name: read_papers(folder) for name, folder in folders.items()}
    names = [name for name in required(dependencies, papers) if modules is None or module_of(name) in modules]
    return [_python_part(papers[name], folders[name]) for name in names]


def read_papers(folder: Path) -> Message:
    """What a package says of itself."""
    return HeaderParser().parsestr((folder / "METADATA").read_text(encoding="utf-8", errors="replace"))


def _python_part(papers: Message, folder: Path) -> Part:
    name, version = str(papers["Name"]), str(papers["Version"])
    site = folder.parent
    return Part(
        name=name,
        version=version,
        licence=licence_name(papers),
        text=licence_texts(folder),
        purl=f"pkg:pypi/{normal(name)}@{version.replace('+', '%2B')}",
        files=tuple(_files_of(folder, site, name)),
    )


def _files_of(folder: Path, site: Path, name: str) -> Iterator[Path]:
    """The files of a package: as its own list says, or those below its folders in a bundle."""
    listed = metadata.PathDistribution(folder).files
    if listed:
        yield from (path for file in listed if (path := site / file).is_file() and "__pycache__" not in path.parts)
        return
    wanted = {module_of(name), module_of(name) + ".libs", normal(name).replace("-", "_") + ".libs"}
    for top in sorted(site.iterdir()):
        if top == folder or top.name.lower() in wanted:
            yield from sorted(path for path in top.rglob("*") if path.is_file() and not path.is_symlink())


def licence_name(papers: Message) -> str:
    """The licence of a package as an SPDX expression where that can be known, else in its makers' words."""
    expression = papers["License-Expression"]
    if expression:
        return str(expression)
    stated = str(papers["License"] or "").strip()
    if _SPDX.fullmatch(stated) and (" OR " in stated or " AND " in stated or stated not in _NAMES):
        return _NAMES.get(stated, stated)
    if stated in _NAMES:
        return _NAMES[stated]
    classifiers = [str(line).rpartition(" :: ")[2] for line in papers.get_all("Classifier") or [] if "License" in line]
    known = [_CLASSIFIERS[name] for name in classifiers if name in _CLASSIFIERS]
    return known[0] if known else stated.partition("\n")[0][:100] or "unknown"


def licence_texts(folder: Path) -> str:
    """All licences in a ``*.dist-info``, each under its name where there are several; each text once."""
    texts: dict[str, str] = {}
    for path in sorted(filter(_is_licence, folder.rglob("*"))):
        text = path.read_text(encoding="utf-8", errors="replace").strip()
        texts.setdefault(text, path.relative_to(folder).as_posix().removeprefix("licenses/"))
    if len(texts) == 1:
        return next(iter(texts)) + "\n"
    return "\n\n".join(f"──── {name}\n\n{text}" for text, name in texts.items()) + ("\n" if texts else "")


def _is_licence(path: Path) -> bool:
    starts = path.name.lower().startswith(("licen", "copying", "notice", "authors"))
    return path.is_file() and (starts or "licenses" in path.parts)


def total_hash(files: Iterable[Path], root: Path, digest: Callable[[Path], str] | None = None) -> str:
    """One SHA-256 over all files: of the lines ``sha256  path``, sorted, as ``sha256sum`` writes them."""
    hashed = digest or sha256
    lines = sorted(f"{hashed(path)}  {path.relative_to(root).as_posix()}\n" for path in files)
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def sha256(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
