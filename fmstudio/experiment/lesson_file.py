"""A lesson file as JSON values: written by people, so that every mistake is told with its line."""

import json
from collections.abc import Mapping
from pathlib import Path

from fmstudio.schema.problem import InvalidSpecError, Problem
from fmstudio.words import marked, tr

MOST_BYTES = 200_000
"""A lesson is a page or two of text, in some languages; a larger file is something else."""

_MISTAKES: Mapping[str, str] = {
    "Expecting ',' delimiter": marked("a comma or a closing bracket is missing before this"),
    "Expecting ':' delimiter": marked("a colon is missing after the name"),
    "Expecting property name enclosed in double quotes": marked(
        "a name in double quotes is missing, or the comma before is one too many"
    ),
    "Expecting value": marked("a value is missing, or the comma before is one too many"),
    "Illegal trailing comma before end of object": marked("this comma is one too many"),
    "Illegal trailing comma before end of array": marked("this comma is one too many"),
    "Unterminated string starting at": marked("the text that begins here has no closing quote"),
    "Invalid control character at": marked("a text must stand on one line: write \\n for a new one"),
    "Invalid \\escape": marked("a backslash in a text must be written twice"),
    "Extra data": marked("there is more after the end of the lesson"),
}


def read_values(path: Path) -> object:
    """The JSON value of a file.

    Raises:
        InvalidSpecError: Where the file is too large, is no UTF-8 text, or no JSON; with the line.
        OSError: Where it cannot be read.
    """
    if not path.is_file():
        raise _wrong("", tr("this is no file that can be read"))
    with path.open("rb") as file:
        data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        size, most = f"{path.stat().st_size:,}", f"{MOST_BYTES:,}"
        raise _wrong("", tr("is too large: {size} bytes; a lesson has at most {most}", size=size, most=most))
    return _values(_text(data))


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise _wrong(tr("line {line}", line=line), tr("must be saved as UTF-8 text")) from None


def _values(text: str) -> object:
    repeated: list[str] = []

    def unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
        names = [name for name, _ in pairs]
        repeated.extend(name for name in dict.fromkeys(names) if names.count(name) > 1)
        return dict(pairs)

    try:
        values: object = json.loads(text, object_pairs_hook=unique)
    except json.JSONDecodeError as error:
        place = tr("line {line}, column {column}", line=error.lineno, column=error.colno)
        known = _MISTAKES.get(error.msg)
        raise _wrong(place, tr(known) if known else error.msg) from None
    except (ValueError, RecursionError):
        raise _wrong("", tr("has a number that is too long, or brackets that are nested too deeply")) from None
    if repeated:
        raise InvalidSpecError(Problem(name, tr("stands twice in the same object")) for name in repeated)
    return values


def _wrong(place: str, message: str) -> InvalidSpecError:
    return InvalidSpecError([Problem(place, message)])
