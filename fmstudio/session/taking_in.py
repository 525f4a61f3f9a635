"""Takes what lies elsewhere into what is the user's: runs into the library, a lesson among the lessons."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fmstudio import paths
from fmstudio.data.safetensors_header import shown_name
from fmstudio.errors import UserError
from fmstudio.experiment.draft import Draft
from fmstudio.experiment.lesson_file import MOST_BYTES
from fmstudio.experiment.lessons import lessons
from fmstudio.export.figures import FigureFacts
from fmstudio.runs.legible import of_today
from fmstudio.runs.library import Library
from fmstudio.runs.store import RunFolder
from fmstudio.runs.writing import cannot_write, write_atomically
from fmstudio.schema.problem import InvalidSpecError
from fmstudio.session.draft_words import completed
from fmstudio.session.opening import MOST_JSON, can_be_opened, too_deep
from fmstudio.words import tr

_LARGEST, _LONGEST = 2**63 - 1, 10_000


@dataclass(frozen=True)
class Adopted:
    """What became of some runs.

    Attributes:
        ids: Of those that are in the library now.
        problems: Why the others are not.
    """

    ids: tuple[str, ...]
    problems: tuple[UserError, ...]


def adopt_all(folders: Sequence[RunFolder], library: Path | None) -> Adopted:
    """Copy runs into the library; one that cannot be copied keeps none of the others away."""
    shelf, ids, problems = Library(library), [], []
    for folder in folders:
        try:
            ids.append(shelf.adopt(folder.path))
        except UserError as error:
            problems.append(error)
    return Adopted(tuple(ids), tuple(problems))


def in_library(folder: Path, library: Path | None) -> bool:
    """Whether a run's folder lies in the library."""
    return folder.absolute().parent.resolve() == (library or paths.library()).resolve()


def run_of(facts: FigureFacts, library: Path | None) -> str:
    """The id of the run that a figure shows, where it is in the library and has the settings that the figure says."""
    root, name = library or paths.library(), facts.run
    if not name or name.startswith(".") or Path(name).name != name or "\\" in name:
        return ""
    file = root / name / "spec.json"
    try:
        known = json.loads(file.read_bytes()) if file.is_file() and file.stat().st_size < MOST_JSON else None
    except (OSError, ValueError, RecursionError):
        return ""
    if not isinstance(known, Mapping) or too_deep(known):
        return ""
    try:
        return name if same_settings(of_today(known), facts.spec) else ""
    except InvalidSpecError:
        return ""


def same_settings(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two specs are the same, once what they leave out has its default."""
    return json.dumps(completed(one), sort_keys=True) == json.dumps(completed(other), sort_keys=True)


def whole_draft(values: Mapping[str, Any]) -> Draft:
    """The settings of a stranger as a draft, in which nothing is left out; they may be invalid.

    Raises:
        UserError: Where they are not built as a recipe is.
    """
    message = tr("These settings cannot be read: they are not built as a recipe is.")
    if too_deep(values) or any(_is_monstrous(value) for value in _all_in(values)):
        raise UserError(message, can_be_opened())
    try:
        return completed(values)
    except InvalidSpecError as error:
        raise UserError(message, can_be_opened()) from error


def _all_in(values: object) -> Iterator[object]:
    """Every value, and every name, in JSON values that are not too deep."""
    if isinstance(values, Mapping):
        yield from values
    for inner in values.values() if isinstance(values, Mapping) else values if isinstance(values, list) else ():
        yield from _all_in(inner)
    if not isinstance(values, Mapping | list):
        yield values


def _is_monstrous(value: object) -> bool:
    """Numbers and texts beyond what any setting, and any field that shows one, can hold."""
    if isinstance(value, int):
        return abs(value) > _LARGEST
    return isinstance(value, str) and len(value) > _LONGEST


def without_start(spec: Mapping[str, Any]) -> dict[str, Any]:
    """The settings of a stranger without the place of the weights to begin with, which lie on another computer."""
    return {name: value for name, value in spec.items() if name != "start_from"}


def is_kept(path: Path) -> bool:
    """Whether a lesson's file is one of those that there are."""
    return any(one.id == path.stem for one in lessons()) and path.absolute().parent in (
        paths.lessons_folder().absolute(),
        paths.resource("lessons").absolute(),
    )


def keep_lesson(path: Path) -> str:
    """Copy a lesson's file among the user's lessons.

    Returns:
        Its id.

    Raises:
        UserError: Where there is one of that name, or it cannot be written.
    """
    target = paths.lessons_folder() / f"{path.stem}.json"
    if target.exists() or any(one.id == path.stem for one in lessons()):
        message = tr("There is a lesson “{name}” already.", name=shown_name(Path(path.stem)))
        raise UserError(message, tr("Give the file another name, then open it again."))
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
        target.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise cannot_write(target, error) from error
    if len(content) > MOST_BYTES:
        raise UserError(tr("{file} is too large to be a lesson.", file=shown_name(path)))
    write_atomically(target, content)
    return path.stem
