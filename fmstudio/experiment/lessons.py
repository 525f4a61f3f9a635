"""Lessons: a spec with a story, read from files that a teacher can write with a text editor.

A file that is wrong hides nothing else: ``lessons`` gives the good ones, ``lesson_problems`` says what is wrong with
the others. Beside those that ship, the user's own folder is read.
"""

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from fmstudio import paths
from fmstudio.errors import UserError
from fmstudio.experiment.lesson import FIGURES, Condition, Lesson, Question, Try
from fmstudio.experiment.lesson_file import read_values
from fmstudio.experiment.lesson_reader import read_lesson
from fmstudio.schema.problem import InvalidSpecError, Problem, near_miss
from fmstudio.words import language, tr

__all__ = [
    "FIGURES",
    "FIRST",
    "Condition",
    "Lesson",
    "Question",
    "Try",
    "lesson",
    "lesson_problem",
    "lesson_problems",
    "lessons",
    "next_lesson",
]

FIRST = "first-look"
"""The lesson that the window starts with."""
_MOST_PROBLEMS = 20


def lessons() -> tuple[Lesson, ...]:
    """All lessons that can be read, those that ship and the user's own, in the order of the course."""
    found = (one for _, one in _all() if isinstance(one, Lesson))
    return tuple(sorted(found, key=lambda lesson: (lesson.order, lesson.id)))


def lesson_problems() -> tuple[UserError, ...]:
    """What is wrong with the lesson files that cannot be used, one error for each file."""
    return tuple(one for _, one in _all() if isinstance(one, UserError))


def lesson_problem(name: str) -> UserError | None:
    """What is wrong with the file of a lesson; None where there is no such file, or nothing is wrong with it."""
    found = (one for path, one in _all() if path.stem == name)
    return next((one for one in found if isinstance(one, UserError)), None)


def lesson(name: str) -> Lesson:
    """One lesson by its id.

    Raises:
        UserError: Where there is none of that name, or its file is wrong.
    """
    known = {found.id: found for found in lessons()}
    if name in known:
        return known[name]
    broken = lesson_problem(name)
    if broken is not None:
        raise UserError(broken.message, broken.hint)
    message = tr("There is no lesson “{name}”.", name=name) + near_miss(name, known)
    raise UserError(message, tr("The lessons are: {names}.", names=", ".join(known)))


def next_lesson(after: str) -> Lesson | None:
    """The lesson that follows one in the course; None after the last one.

    Args:
        after: The id of a lesson.
    """
    course = lessons()
    ids = [one.id for one in course]
    index = ids.index(after) + 1 if after in ids else len(ids)
    return course[index] if index < len(course) else None


def _all() -> Iterator[tuple[Path, Lesson | UserError]]:
    """Every lesson file with what is in it, or what is wrong with it; of two with one name the shipped one counts."""
    taken: set[str] = set()
    for folder in (paths.resource("lessons"), paths.lessons_folder()):
        for path in _files(folder):
            if path.name.startswith("."):
                continue
            if path.stem in taken:
                same = Problem("", tr("a lesson of this name ships with the program: give the file another name"))
                yield path, _error(path, (same,))
                continue
            taken.add(path.stem)
            yield path, _known(path)


def _files(folder: Path) -> list[Path]:
    """The lesson files in a folder; none where it may not be looked into."""
    try:
        return sorted(folder.glob("*.json"))
    except OSError:
        return []


def _known(path: Path) -> Lesson | UserError:
    """Read a file, or remember what it held the last time, in the language that is spoken now."""
    try:
        status = path.stat()
    except OSError as error:
        return _error(path, (Problem("", error.strerror or str(error)),))
    return _read(path, status.st_mtime_ns, status.st_size, language())


@lru_cache(maxsize=1000)
def _read(path: Path, changed_ns: int, size: int, code: str) -> Lesson | UserError:
    """Read a file; all but the path only say when it has to be read again."""
    try:
        return read_lesson(path.stem, read_values(path))
    except InvalidSpecError as error:
        return _error(path, error.problems)
    except RecursionError:
        return _error(path, (Problem("", tr("has brackets that are nested too deeply")),))
    except OSError as error:
        return _error(path, (Problem("", error.strerror or str(error)),))


def _error(path: Path, problems: tuple[Problem, ...]) -> UserError:
    lines = [f"{problem.path}: {problem.message}" if problem.path else problem.message for problem in problems]
    more = len(lines) - _MOST_PROBLEMS
    if more > 0:
        lines = [*lines[:_MOST_PROBLEMS], tr("… and {count} more", count=more)]
    head = tr("The lesson {file} cannot be used:", file=path.name)
    separator = " " if len(lines) == 1 else "\n"
    return UserError(separator.join([head, *lines]), tr("Correct the file, or remove it: {path}", path=path))
