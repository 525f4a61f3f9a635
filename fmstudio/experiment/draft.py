"""Changing a spec by paths: what ``--set``, the form and the mendings do.

A draft is the JSON form of a spec that may be invalid for the moment: a plain nested mapping, never changed in place.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from fmstudio.experiment.spec import TABLES
from fmstudio.schema.choice import joined
from fmstudio.schema.problem import InvalidSpecError, Problem
from fmstudio.words import tr

Draft = Mapping[str, Any]


def get(draft: Draft, path: str) -> Any:
    """The value at a path: ``optimizer.lr``; None where there is none."""
    value: Any = draft
    for name in path.split("."):
        if isinstance(value, list | tuple):
            value = value[int(name)] if name.isdecimal() and int(name) < len(value) else None
        else:
            value = value.get(name) if isinstance(value, Mapping) else None
    return value


def changed(draft: Draft, changes: Iterable[tuple[str, Any]]) -> Draft:
    """A copy with some values changed, one after the other.

    A new kind puts that choice's other settings back to their defaults.
    """
    for path, value in changes:
        draft = _with(draft, path.split("."), value)
    return draft


def _with(draft: Draft, names: list[str], value: Any, before: str = "") -> Draft:
    first, *rest = names
    path = joined(before, first)
    if not rest:
        return {**draft, first: value}
    inner = draft.get(first)
    if isinstance(inner, list | tuple):
        return {**draft, first: _with_row(inner, rest, value, path)}
    inner = inner if isinstance(inner, Mapping) else {}
    if rest == ["kind"] and first in TABLES:
        return {**draft, first: _defaults(first, value)}
    return {**draft, first: _with(inner, rest, value, path)}


def _with_row(rows: Sequence[Any], names: list[str], value: Any, path: str) -> list[Any]:
    """A list with one row changed: ``3.channels``.

    Raises:
        InvalidSpecError: Where there is no such row.
    """
    first, *rest = names
    place = int(first) if first.isdecimal() else len(rows)
    if place >= len(rows):
        message = tr("there is no row {row}; the rows are 0 to {last}", row=first, last=len(rows) - 1)
        raise InvalidSpecError([Problem(".".join([path, *names]), message)])
    changed = [*rows]
    row = rows[place] if isinstance(rows[place], Mapping) else {}
    changed[place] = _with(row, rest, value, joined(path, first)) if rest else value
    return changed


def _defaults(key: str, kind: Any) -> dict[str, Any]:
    choice = TABLES[key].get(kind) if isinstance(kind, str) else None
    values = choice().model_dump(mode="json") if choice else {}
    return {"kind": kind, **values}


def parse_assignment(text: str) -> tuple[str, Any]:
    """Read one ``PATH=VALUE`` of the command line; the value is JSON, or else a plain text.

    Raises:
        InvalidSpecError: Where there is no ``=``, or no path before it.
    """
    path, equals, value = text.partition("=")
    if not equals or not path.strip():
        raise InvalidSpecError([Problem("--set", tr("“{text}” must have the form PATH=VALUE: epochs=3", text=text))])
    try:
        return path.strip(), json.loads(value)
    except (ValueError, RecursionError):
        return path.strip(), value
