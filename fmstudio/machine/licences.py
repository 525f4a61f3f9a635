"""The licences of all that the program consists of: as they were collected when it was packed, else as installed."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from fmstudio import __version__, paths
from fmstudio.words import tr

FILE = "licences/licences.json"
"""The resource that a packed program has: a list of name, version, licence and text."""
_DEPENDENCIES = ("PySide6-Essentials", "pyqtgraph", "torch", "torchvision", "numpy", "pillow", "pydantic",
                 "platformdirs", "safetensors", "typer", "rich")  # fmt: skip
_TEXTS = re.compile(r"(licen[cs]e|copying|notice|ofl)", re.IGNORECASE)
_OURS = (
    ("Inter", "OFL-1.1", "fonts/Inter-OFL.txt"),
    ("Noto Sans SC", "OFL-1.1", "fonts/NotoSansSC-OFL.txt"),
    ("Fashion-MNIST", "MIT", "datasets/fashion-mnist/LICENSE"),
)


@dataclass(frozen=True)
class Licence:
    """Under which licence a part of the program is.

    Attributes:
        name: The part.
        version: Its version; may be empty.
        licence: The licence's name.
        text: The whole text.
    """

    name: str
    version: str
    licence: str
    text: str


def licences() -> list[Licence]:
    """The program itself first, then its parts by name; reads some hundred files where it is not packed."""
    packed = _packed(paths.resource(FILE))
    if packed:
        return packed
    found = {part.name.lower(): part for part in _installed()}
    return [_own(), *sorted(found.values(), key=lambda part: part.name.lower())]


def _packed(path: Path) -> list[Licence]:
    try:
        values = json.loads(path.read_bytes())
        names = ("name", "version", "licence", "text")
        return [Licence(*(str(one[name]) for name in names)) for one in values]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return []


def _own() -> Licence:
    beside = paths.resource("").parent / "LICENSE"
    text = _read(beside) or next(iter(_texts("fmstudio")), "")
    return Licence("fmstudio", __version__, "MIT", text)


def _installed() -> Iterator[Licence]:
    """What is shipped with the program, and the Python packages that it uses, with those that they use."""
    for name, licence, file in _OURS:
        yield Licence(name, "", licence, _read(paths.resource(file)) or licence)
    seen: set[str] = set()
    waiting = list(_DEPENDENCIES)
    while waiting:
        name = waiting.pop()
        if _plain(name) in seen:
            continue
        seen.add(_plain(name))
        try:
            about = metadata.metadata(name)
            waiting += [_name_of(one) for one in metadata.requires(name) or () if "extra ==" not in one]
        except metadata.PackageNotFoundError:  # for another system
            continue
        licence = _licence_of(about)
        yield Licence(about["Name"] or name, about["Version"] or "", licence, "\n\n".join(_texts(name)) or licence)


def _licence_of(about: metadata.PackageMetadata) -> str:
    values = {key: about[key] for key in ("License-Expression", "License") if key in about}
    first = next((line for value in values.values() for line in value.splitlines()[:1] if len(line) < 80), "")
    classes = [one.rpartition(" :: ")[2] for one in about.get_all("Classifier") or () if one.startswith("License")]
    return first or ", ".join(classes) or tr("see its text")


def _texts(package: str) -> list[str]:
    """The texts of a package's licences, as they lie beside its metadata."""
    try:
        files = metadata.files(package) or []
    except metadata.PackageNotFoundError:
        return []
    wanted = [file for file in files if ".dist-info" in file.parts[0] and _TEXTS.search(file.name)]
    return [text for file in sorted(wanted) if (text := _read(Path(str(file.locate()))))]


def _name_of(requirement: str) -> str:
    return re.split(r"[^\w.-]", requirement.strip(), maxsplit=1)[0]


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""
