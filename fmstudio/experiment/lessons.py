"""Lessons: a spec with a story, read from files that a teacher can write with a text editor."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fmstudio import paths
from fmstudio.errors import UserError
from fmstudio.experiment.spec import ExperimentSpec, read_spec, to_mapping
from fmstudio.schema.problem import InvalidSpecError, near_miss
from fmstudio.words import language, tr

FIRST = "first-look"
"""The lesson that the window starts with."""


@dataclass(frozen=True)
class Lesson:
    """A spec with a story.

    Attributes:
        id: The name of its file.
        title: In the user's language, like ``summary``, ``story`` and ``steps``.
        summary: What one does in it, a few words.
        story: Markdown, a page or less.
        steps: One sentence for each step; the strip shows one at a time.
        minutes: How long it takes.
        order: Its place in the course.
        spec: What it starts with.
    """

    id: str
    title: str
    summary: str
    story: str
    steps: tuple[str, ...]
    minutes: int
    order: int
    spec: ExperimentSpec

    @property
    def draft(self) -> dict[str, Any]:
        """The spec as JSON values, for the form."""
        return to_mapping(self.spec)


def lessons() -> tuple[Lesson, ...]:
    """All lessons that ship, in the order of the course."""
    found = [_read(path) for path in sorted(paths.resource("lessons").glob("*.json"))]
    return tuple(sorted(found, key=lambda lesson: (lesson.order, lesson.id)))


def lesson(name: str) -> Lesson:
    """One lesson by its id.

    Raises:
        UserError: Where there is none of that name.
    """
    known = {found.id: found for found in lessons()}
    if name not in known:
        message = tr("There is no lesson “{name}”.", name=name) + near_miss(name, known)
        raise UserError(message, tr("The lessons are: {names}.", names=", ".join(known)))
    return known[name]


def _read(path: Path) -> Lesson:
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        texts = _texts(values["texts"])
        return Lesson(
            id=path.stem,
            title=texts["title"],
            summary=texts["summary"],
            story=texts["story"],
            steps=tuple(texts["steps"]),
            minutes=int(values["minutes"]),
            order=int(values["order"]),
            spec=read_spec(values["spec"]),
        )
    except InvalidSpecError as error:
        message = tr("The lesson {file} cannot be run: {problem}", file=path.name, problem=str(error.problems[0]))
        raise UserError(message, tr("Correct the file, or remove it.")) from error
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        message = tr("The lesson {file} cannot be read: {reason}", file=path.name, reason=str(error))
        raise UserError(message, tr("Correct the file, or remove it.")) from error


def _texts(texts: Mapping[str, Any]) -> Mapping[str, Any]:
    chosen: Mapping[str, Any] = texts.get(language()) or texts["en"]
    return chosen
