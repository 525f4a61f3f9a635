"""Settings of a run as JSON values, however damaged, strange or new they are; and what hinders using them."""

import json
import os
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO, Literal

from fmstudio.experiment.spec import TABLES, VERSION, ExperimentSpec
from fmstudio.schema.choice import read
from fmstudio.schema.problem import InvalidSpecError, Problem
from fmstudio.words import tr

MOST_BYTES = 10_000_000
"""The largest file that may be a spec, or what is said of a run."""
_MOST_ENVIRONMENT = 1_000_000
_LETTERS = 300
_DEEPEST = 40
_SHOWN = 3


class IllegibleError(Exception):
    """What hinders reading, one translated sentence."""


def read_bytes(path: Path, most: int = MOST_BYTES) -> bytes:
    """The content of a plain file; nothing else is opened, so that a pipe cannot hold the reader up.

    Raises:
        IllegibleError: Where it is no plain file, too large, or cannot be read.
    """
    try:
        with open_plain(path) as handle:
            content = handle.read(most + 1)
    except OSError as error:
        text = tr("{file} cannot be read: {reason}.", file=path.name, reason=error.strerror or str(error))
        raise IllegibleError(text) from error
    if len(content) > most:
        raise IllegibleError(tr("{file} is too large.", file=path.name))
    return content


def open_plain(path: Path) -> BinaryIO:
    """Open a file for reading bytes.

    Raises:
        OSError: Where it cannot be opened, or is a pipe, a device or a folder.
    """
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise OSError(0, tr("it is no plain file"))
    return os.fdopen(handle, "rb")


def spec_values(path: Path) -> dict[str, Any]:
    """The JSON values of a run's ``spec.json``, as this version says them.

    Raises:
        IllegibleError: Where there are none.
    """
    content = read_bytes(path)
    try:
        values = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise IllegibleError(tr("{file} is torn, or is no JSON.", file=path.name)) from error
    if not isinstance(values, dict):
        raise IllegibleError(tr("{file} holds no settings.", file=path.name))
    if _too_deep(values, _DEEPEST):
        raise IllegibleError(tr("{file} is nested too deep.", file=path.name))
    values, name = dict(of_today(values)), values.get("name")
    return {**values, "name": plain_line(name)} if isinstance(name, str) and not name.isprintable() else values


def of_today(spec: Mapping[str, Any]) -> Mapping[str, Any]:
    """The spec of a run, whichever version recorded it.

    A recipe of a person may leave anything out, and it then has its default. A run records every setting: what is
    missing there did not exist yet. Before ``dataset.test_seed`` did, the seed of the run drew the test pictures too.

    Args:
        spec: As JSON values, however strange.
    """
    dataset, seed = spec.get("dataset"), spec.get("seed")
    if not isinstance(dataset, Mapping) or "test_seed" in dataset or not _is_positive(dataset.get("test_size")):
        return spec
    return {**spec, "dataset": {**dataset, "test_seed": seed}} if _is_positive(seed) else spec


def _is_positive(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def environment_of(path: Path) -> Mapping[str, Any]:
    """The JSON values of an ``environment.json``; nothing where it is missing, broken, too large or no plain file."""
    try:
        values = json.loads(read_bytes(path, _MOST_ENVIRONMENT).decode(errors="replace"))
    except (IllegibleError, ValueError, RecursionError):
        return {}
    return values if isinstance(values, Mapping) else {}


def judged(values: Mapping[str, Any]) -> tuple[Literal["newer", "damaged"] | None, str]:
    """What hinders using settings in this version: "newer" or "damaged", with a sentence; None and "": nothing.

    Whether choices fit one another is not asked: that hangs on the machine, too.
    """
    version = values.get("version", VERSION)
    if isinstance(version, int) and not isinstance(version, bool) and version > VERSION:
        return "newer", tr("A newer version of fmstudio has written it.")
    strange = _strange(values)
    problems = _problems({name: value for name, value in values.items() if name != "version"})
    if version != VERSION or isinstance(version, bool):
        problems.append(Problem("version", tr("there is no such version")))
    wrong = [one for one in problems if not _unknown(one, strange)]
    if wrong:
        said = "; ".join(plain_line(str(one) if one.path else one.message) for one in wrong[:_SHOWN])
        return "damaged", tr("Its settings are not valid: {problems}.", problems=said.rstrip("."))
    names = plain_line(", ".join([*strange, *(one.path for one in problems if one.path not in strange)][:_SHOWN]))
    if names:
        said = tr("Its settings are not all known here: {names}. Another version may have written it.", names=names)
        return "newer", said
    return None, ""


def plain_line(text: str, most: int = _LETTERS) -> str:
    """One line without control characters, of a text from anywhere."""
    return "".join(one if one.isprintable() else " " for one in text[:most]).strip()


def _strange(values: Mapping[str, Any]) -> list[str]:
    """The paths of names and kinds that this version does not know."""
    found = [name for name in values if name not in ExperimentSpec.model_fields]
    for key, table in TABLES.items():
        choice = values.get(key)
        if not isinstance(choice, Mapping):
            continue
        kind = choice.get("kind")
        if isinstance(kind, str) and kind not in table:
            found.append(f"{key}.kind")
        elif isinstance(kind, str):
            found += [f"{key}.{name}" for name in choice if name != "kind" and name not in table[kind].model_fields]
    return found


def _unknown(problem: Problem, strange: list[str]) -> bool:
    """Whether a problem is only that this version does not know something, such as the kind of a layer."""
    return problem.path in strange or problem.path.endswith(".kind")


def _problems(values: Mapping[str, Any]) -> list[Problem]:
    """What is wrong with each value by itself."""
    problems: list[Problem] = []
    for key, table in TABLES.items():
        choice = values.get(key, {})
        if not isinstance(choice, Mapping):
            problems.append(Problem(key, tr("must be an object with a kind: {example}", example='{"kind": …}')))
            continue
        kind = choice.get("kind", "")
        if kind and not isinstance(kind, str):
            problems.append(Problem(key, tr("its kind is no word")))
        elif kind in table:
            problems += _wrong(table[kind], {name: one for name, one in choice.items() if name != "kind"}, key)
    return problems + _wrong(ExperimentSpec, {name: one for name, one in values.items() if name not in TABLES}, "")


def _wrong(model: Any, values: Mapping[str, Any], path: str) -> list[Problem]:
    try:
        read(model, values, path)
    except InvalidSpecError as error:
        return list(error.problems)
    return []


def _too_deep(value: Any, left: int) -> bool:
    if left == 0:
        return True
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return any(_too_deep(one, left - 1) for one in inner)
