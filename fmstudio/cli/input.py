"""What is typed on the command line: specs by file or lesson, runs, and values of options."""

import json
import re
import sys
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any, NoReturn

import typer

from fmstudio.cli.output import WrongUsageError
from fmstudio.errors import UserError
from fmstudio.experiment.draft import changed, parse_assignment
from fmstudio.experiment.lessons import lesson, lesson_problem, lessons
from fmstudio.experiment.reading import read_spec
from fmstudio.experiment.spec import ExperimentSpec, to_mapping
from fmstudio.runs.legible import of_today
from fmstudio.runs.store import RunFolder, find_run
from fmstudio.schema.problem import InvalidSpecError, Problem, near_miss
from fmstudio.words import tr

MOST_BYTES = 10_000_000
"""The largest file that may be a spec."""


def spec_named(name: str, assignments: Iterable[str] = ()) -> ExperimentSpec:
    """The spec of a file (``-``: of stdin) or of a lesson, with some settings changed.

    Args:
        name: A path, or a lesson's id.
        assignments: Each ``PATH=VALUE``, applied in order.

    Raises:
        WrongUsageError: Where there is no such file or lesson, or the file holds no JSON object.
        InvalidSpecError: With every problem.
    """
    changes: list[tuple[str, Any]] = []
    problems: list[Problem] = []
    for text in assignments:
        try:
            changes.append(parse_assignment(text))
        except InvalidSpecError as error:
            problems += error.problems
    if problems:
        raise InvalidSpecError(problems)
    return read_spec(changed(_draft_named(name), changes))


def _draft_named(name: str) -> dict[str, Any]:
    """All values of a spec; what a file leaves out takes its default."""
    known = [one.id for one in lessons()]
    if name in known:
        return lesson(name).draft
    if name == "-":
        return {**to_mapping(ExperimentSpec()), **_parsed(_read(name), tr("The standard input"))}
    path = Path(name)
    if path.suffix.lower() != ".json" and not path.exists():
        broken = lesson_problem(name)
        if broken is not None:
            raise WrongUsageError(broken.message, broken.hint)
        message = tr("There is neither a file nor a lesson “{name}”.", name=name) + near_miss(name, known)
        raise WrongUsageError(message, tr("The lessons are: {names}.", names=", ".join(known)))
    found = _parsed(_read(name), name)
    if path.with_name("events.jsonl").is_file():  # what a run recorded, perhaps an older one, and no recipe of a person
        found = dict(of_today(found))
    return {**to_mapping(ExperimentSpec()), **found}


def _read(name: str) -> bytes:
    try:
        if name == "-":
            content = sys.stdin.buffer.read(MOST_BYTES + 1)
        else:
            with Path(name).open("rb") as file:
                content = file.read(MOST_BYTES + 1)
    except FileNotFoundError:
        _refuse(tr("There is no file {file}.", file=name))
    except IsADirectoryError:
        _refuse(
            tr("{file} is a folder; a spec is a file.", file=name), tr("A run's spec is the spec.json in its folder.")
        )
    except OSError as error:
        _refuse(tr("{file} cannot be read: {reason}.", file=name, reason=error.strerror or error))
    if len(content) > MOST_BYTES:
        _refuse(tr("{file} is too large to be a spec.", file=name))
    return content


def _parsed(content: bytes, name: str) -> dict[str, Any]:
    try:
        values = json.loads(content.decode("utf-8-sig"), parse_constant=_refuse_constant)
    except UnicodeDecodeError:
        _refuse(tr("{file} is not a text in UTF-8, so it is not JSON.", file=name))
    except (json.JSONDecodeError, RecursionError) as error:
        reason = tr("it is nested too deep")
        if isinstance(error, json.JSONDecodeError):
            reason = tr("{what} in line {line}, column {column}", what=error.msg, line=error.lineno, column=error.colno)
        _refuse(tr("{file} is not JSON: {reason}.", file=name, reason=reason))
    except ValueError as error:
        _refuse(tr("{file} is not JSON: {reason}.", file=name, reason=error))
    if not isinstance(values, dict):
        _refuse(
            tr("{file} is not a spec: it holds no JSON object.", file=name),
            tr("“fmstudio spec” prints one to start from."),
        )
    return values


def _refuse_constant(constant: str) -> NoReturn:
    raise ValueError(tr("{constant} is not a number there", constant=constant))


def _refuse(message: str, hint: str = "") -> NoReturn:
    raise WrongUsageError(message, hint) from None


def run_named(name: str, library: Path | None = None) -> RunFolder:
    """A run by its id or the path of its folder.

    Raises:
        WrongUsageError: Where there is none.
    """
    try:
        return find_run(name, library)
    except UserError as error:
        raise WrongUsageError(error.message, error.hint) from error


def one_of(value: str, known: Collection[str], option: str) -> None:
    """Refuse a value of an option that is not known."""
    if value not in known:
        message = tr("must be one of: {options}", options=", ".join(known)) + "." + near_miss(value, known)
        raise typer.BadParameter(message, param_hint=option)


def size_of(text: str | None) -> tuple[int, int] | None:
    """Width and height of ``1280x720``."""
    if text is None:
        return None
    found = re.fullmatch(r"(\d{3,5})[x×](\d{3,5})", text)
    if found is None:
        raise typer.BadParameter(tr("must be a width and a height: 1280x720"), param_hint="--size")
    return int(found[1]), int(found[2])
