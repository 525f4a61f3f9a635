"""What a path is that was dropped on the window or is to be opened: told by what is in it, not by its name.

Files may come from strangers. No more than a few megabytes of each are read, nothing is executed, unpickled or
unpacked; what cannot be opened is ``Unknown``, with a sentence that says why.
"""

import json
import os
import stat
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from fmstudio.data.picture_files import SUFFIXES
from fmstudio.data.safetensors_header import WeightsHeader, read_header, shown_name
from fmstudio.errors import UserError
from fmstudio.experiment.lesson_reader import read_lesson
from fmstudio.experiment.spec import ExperimentSpec
from fmstudio.export.figures import FigureFacts, read_all_facts, read_facts, shows_no_run
from fmstudio.runs.legible import of_today
from fmstudio.runs.store import RunFolder
from fmstudio.schema.problem import InvalidSpecError
from fmstudio.session.opened import (
    Figure,
    Figures,
    LessonFile,
    Opened,
    Pictures,
    RunFolders,
    Several,
    SpecFile,
    Unknown,
    WeightsFile,
)
from fmstudio.words import tr, tr_n

MOST_JSON = 10_000_000
"""The largest file that may be a recipe."""

MOST_ENTRIES = 5_000
"""So many names are looked at in a folder and the folders in it."""

DEEPEST = 40
"""Brackets within brackets: no recipe comes near it."""

_HEAD = 2048
_LEVELS = 2
_RUN_FILES = ("spec.json", "events.jsonl", "about.json", "environment.json")
_PNG = b"\x89PNG\r\n\x1a\n"
_PICTURES = (_PNG, b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\0", b"MM\0*", b"P5", b"P6", b"\0\0\1\0")
_PICKLES = tuple(b"\x80" + bytes([protocol]) for protocol in range(2, 6))
_PICKLED = (".pt", ".pth", ".pkl", ".pickle", ".ckpt", ".joblib")


def what_are(paths: Sequence[Path]) -> Opened:
    """What some paths are together: sixty figures are one thing.

    Args:
        paths: At least one.
    """
    if len(paths) == 1:
        return what_is(paths[0])
    pictures = [path for path in paths if _is_picture(path)]
    rest = [what_is(path) for path in paths if path not in set(pictures)]
    runs = [part for part in rest if isinstance(part, RunFolder)]
    runs += [folder for part in rest if isinstance(part, RunFolders) for folder in part.folders]
    parts: list[Opened] = [part for part in rest if not isinstance(part, RunFolder | RunFolders)]
    if pictures:
        parts.append(_pictures(pictures))
    if runs:
        parts.append(runs[0] if len(runs) == 1 else RunFolders(tuple(runs)))
    return parts[0] if len(parts) == 1 else Several(tuple(parts))


def what_is(path: Path) -> Opened:
    """What a file or a folder is."""
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            return _folder(path)
        if not stat.S_ISREG(mode):
            return _unknown(tr("{file} is no ordinary file.", file=shown_name(path)))
        return _file(path, _head(path))
    except FileNotFoundError:
        return _unknown(tr("There is no file {file}.", file=shown_name(path)))
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        return _unknown(tr("{file} cannot be read: {reason}.", file=shown_name(path), reason=reason))


def can_be_opened() -> str:
    """What can be opened, a sentence."""
    return tr(
        "Runs (their folders), recipes and lessons (.fmspec, .fmlesson, .json), weights (.safetensors), figures of "
        "runs, and pictures can be opened."
    )


def too_deep(value: object) -> bool:
    """Whether JSON values are nested deeper than anything that makes sense."""
    level: list[object] = [value]
    for _ in range(DEEPEST):
        level = [inner for one in level if isinstance(one, Mapping | list) for inner in _inner(one)]
        if not level:
            return False
    return True


def _inner(value: "Mapping[Any, object] | list[object]") -> Iterator[object]:
    return iter(value.values() if isinstance(value, Mapping) else value)


def _file(path: Path, head: bytes) -> Opened:
    if path.name in _RUN_FILES and (path.parent / "events.jsonl").is_file():
        return RunFolder(path.parent)
    refused = _refused(path, head)
    if refused is not None:
        return refused
    if _pictured(path, head):
        facts = read_all_facts(path)
        return _figure(path, facts) if facts else _pictures([path])
    if path.suffix.lower() == ".safetensors" or head[8:9] == b"{":
        return _weights(path)
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text.startswith(b"{") or path.suffix.lower() == ".json":
        return _json_file(path)
    return _unknown(tr("{file} is nothing that can be opened here.", file=shown_name(path)))


def _refused(path: Path, head: bytes) -> Unknown | None:
    """Files that could do harm, or that hold others."""
    name, suffix = shown_name(path), path.suffix.lower()
    if not head:
        return _unknown(tr("{file} is empty: it has not a single byte.", file=name))
    if head.startswith(_PICKLES) or suffix in _PICKLED or (head.startswith(b"PK\3\4") and b"data.pkl" in head[:300]):
        message = tr(
            "{file} is a pickle: reading it could run commands on this computer, so it is not read.", file=name
        )
        return Unknown(message, tr("Ask for the weights in the format safetensors."))
    if head.startswith(b"PK\3\4"):
        message = tr("{file} is an archive, and is not unpacked here.", file=name)
        return Unknown(message, tr("Unpack it first, then open what was in it."))
    return None


def _pictured(path: Path, head: bytes) -> bool:
    """Whether a file is a picture, or claims to be one."""
    webp = head.startswith(b"RIFF") and head[8:12] == b"WEBP"
    svg = head.lstrip().startswith(b"<") and b"<svg" in head
    return head.startswith(_PICTURES) or webp or svg or path.suffix.lower() in SUFFIXES


def _is_picture(path: Path) -> bool:
    try:
        return path.is_file() and _pictured(path, head := _head(path)) and _refused(path, head) is None
    except (OSError, ValueError):
        return False


def _pictures(paths: Sequence[Path]) -> Opened:
    """Figures where at least two of several say where they come from, else pictures to be tried."""
    empty = [path for path in paths if shows_no_run(path)]
    if len(empty) == len(paths):
        return _without_run(empty)
    if len(paths) == 1 and _head(paths[0]).lstrip().startswith(b"<"):
        message = tr("{file} is a drawing that does not say which run it comes from.", file=shown_name(paths[0]))
        return Unknown(message, tr("Save it as PNG to try it as a picture."))
    figures = 0
    for path in paths if len(paths) > 1 else ():
        figures += read_facts(path) is not None
        if figures > 1:
            return Figures(tuple(paths))
    photos = Pictures(tuple(path for path in paths if path not in empty))
    return Several((photos, _without_run(empty))) if empty else photos


def _without_run(figures: Sequence[Path]) -> Unknown:
    """Charts are no photos to be tried: one that shows no run says so."""
    message = tr_n(
        "{file} is a figure that fmstudio drew, and it shows no run: nothing in it can be opened.",
        "{file} and others are figures that fmstudio drew, and they show no run: nothing in them can be opened.",
        len(figures),
        file=shown_name(figures[0]),
    )
    return _unknown(message)


def _figure(path: Path, facts: Sequence[FigureFacts]) -> Opened:
    if any(too_deep(one.spec) for one in facts):
        return _unknown(tr("{file} holds brackets that are nested too deeply.", file=shown_name(path)))
    return Figure(path, facts[0], tuple(facts[1:]))


def _weights(path: Path) -> Opened:
    try:
        header = read_header(path)
    except UserError as error:
        return Unknown(error.message, error.hint)
    said = _json(header.metadata.get("fmstudio", ""))
    if "tree" in said:
        message = tr("{file} is what a run needs to go on, not weights alone.", file=shown_name(path))
        return Unknown(message, tr("Open the run's folder."))
    return WeightsFile(path, header, _recorded(path, header, said))


def _recorded(path: Path, header: WeightsHeader, said: Mapping[str, Any]) -> Mapping[str, Any]:
    """The experiment that weights come from: as they say, or as the run says in whose folder they lie."""
    spec = said.get("spec")
    for found in (spec if isinstance(spec, Mapping) else {}, _json(header.metadata.get("spec", ""))):
        if found:
            return of_today(found)
    try:
        beside = path.parent / "spec.json"
        if beside.is_file() and beside.stat().st_size <= MOST_JSON:
            return of_today(_json(beside.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        pass
    return {}


def _json(text: str) -> Mapping[str, Any]:
    """A JSON object; nothing where the text is something else."""
    if not text or len(text) > MOST_JSON:
        return {}
    try:
        values: object = json.loads(text, parse_constant=_no_number)
    except (ValueError, RecursionError):
        return {}
    return values if isinstance(values, dict) and not too_deep(values) else {}


def _json_file(path: Path) -> Opened:
    name = shown_name(path)
    with path.open("rb") as file:
        content = file.read(MOST_JSON + 1)
    if len(content) > MOST_JSON:
        return _unknown(tr("{file} is too large to be a recipe.", file=name))
    try:
        values: object = json.loads(content.decode("utf-8-sig"), parse_constant=_no_number)
    except json.JSONDecodeError as error:
        where = tr("{what} in line {line}, column {column}", what=error.msg, line=error.lineno, column=error.colno)
        return _unknown(tr("{file} is not JSON: {reason}.", file=name, reason=where))
    except UnicodeDecodeError:
        return _unknown(tr("{file} is not a text in UTF-8, so it is not JSON.", file=name))
    except (ValueError, RecursionError):
        message = tr("{file} has a number that is too long, or brackets that are nested too deeply.", file=name)
        return _unknown(message)
    if too_deep(values):
        return _unknown(tr("{file} holds brackets that are nested too deeply.", file=name))
    if isinstance(values, dict) and "texts" in values and "spec" in values:
        return _lesson(path, values)
    draft = values
    if isinstance(values, dict) and isinstance(values.get("spec"), dict):
        draft = of_today(values["spec"])  # what describes weights has a run's in it
    if not isinstance(draft, dict) or not (set(ExperimentSpec.model_fields) - {"name", "version"}) & set(draft):
        return _unknown(tr("{file} is neither a recipe nor a lesson.", file=name))
    return SpecFile(path, draft)


def _lesson(path: Path, values: Mapping[str, Any]) -> Opened:
    try:
        return LessonFile(path, read_lesson(path.stem, values))
    except InvalidSpecError as error:
        first = error.problems[0]
        said = f"{first.path}: {first.message}" if first.path else first.message
        message = tr("The lesson {file} cannot be used: {problem}", file=shown_name(path), problem=said[:500])
        return Unknown(message, tr("Correct the file."))


def _no_number(name: str) -> float:
    raise ValueError(name)


def _folder(path: Path) -> Opened:
    """A run, or what is in a folder and the folders in it."""
    if (path / "spec.json").is_file():
        return RunFolder(path)
    found = list(_within(path, _LEVELS, [MOST_ENTRIES]))
    runs = tuple(RunFolder(one) for one in found if one.is_dir())
    pictures = [one for one in found if not one.is_dir()]
    parts: list[Opened] = [RunFolders(runs)] if len(runs) > 1 else list(runs)
    if pictures and not runs:
        parts.append(_pictures(pictures))
    if parts:
        return parts[0]
    message = tr("In the folder {file} there is nothing that can be opened.", file=shown_name(path))
    return _unknown(message)


def _within(folder: Path, levels: int, left: list[int]) -> Iterator[Path]:
    """Folders of runs and files of pictures, by name; links are not followed, hidden folders not looked into."""
    with os.scandir(folder) as entries:
        names = sorted((entry for entry, _ in zip(entries, range(left[0]), strict=False)), key=lambda one: one.name)
    left[0] -= len(names)
    for entry in names:
        if entry.name.startswith("."):
            continue
        path = Path(entry.path)
        if entry.is_dir(follow_symlinks=False):
            if (path / "spec.json").is_file():
                yield path
            elif levels > 1 and left[0] > 0:
                yield from _within(path, levels - 1, left)
        elif _is_picture(path):
            yield path


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_HEAD)


def _unknown(message: str) -> Unknown:
    return Unknown(message, can_be_opened())
