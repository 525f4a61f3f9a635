"""Reading a spec: an invalid one cannot exist, so this gives one, or *all* problems, each at its path."""

from collections.abc import Mapping
from typing import Any

from fmstudio.experiment.misfits import misfits
from fmstudio.experiment.spec import TABLES, USUAL_VALIDATION, VERSION, ExperimentSpec, kind_of
from fmstudio.schema.choice import Choice, read
from fmstudio.schema.problem import InvalidSpecError, Problem, near_miss
from fmstudio.words import tr


def read_spec(values: Mapping[str, Any]) -> ExperimentSpec:
    """Make a spec of JSON values; keys that are left out take their defaults.

    Where something chooses between networks (early stopping, plateau), a twelfth is held back unless ``validation`` is
    said.

    Raises:
        InvalidSpecError: With every problem, each at its path.
    """
    if not isinstance(values, Mapping):
        message = tr("must be an object with settings: {example}", example='{"epochs": 2}')
        raise InvalidSpecError([Problem("spec", message)])
    problems: list[Problem] = []
    made: dict[str, Choice] = {}
    for key in [key for key in TABLES if key in values]:
        try:
            made[key] = _read_choice(key, values[key])
        except InvalidSpecError as error:
            problems.extend(error.problems)
    rest = {key: value for key, value in values.items() if key not in TABLES}
    if "version" in rest and (isinstance(rest["version"], bool) or rest["version"] != VERSION):
        message = tr("this program reads version {version}; a newer fmstudio may read this file", version=VERSION)
        problems.append(Problem("version", message))
        del rest["version"]
    try:
        plain = read(ExperimentSpec, rest)
    except InvalidSpecError as error:
        problems.extend(error.problems)
        wrong = {problem.path for problem in error.problems}
        plain = read(ExperimentSpec, {key: value for key, value in rest.items() if key not in wrong})
    spec = plain.model_copy(update=made)
    if "validation" not in values and spec.chooses:
        spec = spec.model_copy(update={"validation": USUAL_VALIDATION})
    problems += misfits(spec, {problem.path.partition(".")[0] for problem in problems})
    if problems:
        raise InvalidSpecError(problems)
    return spec


def _read_choice(key: str, values: object) -> Choice:
    table = TABLES[key]
    if not isinstance(values, Mapping):
        message = tr("must be an object with a kind: {example}", example='{"kind": "' + next(iter(table)) + '"}')
        raise InvalidSpecError([Problem(key, message)])
    usual: Choice = ExperimentSpec.model_fields[key].default
    kind = values.get("kind", kind_of(usual))
    if not isinstance(kind, str) or kind not in table:
        known = ", ".join(table)
        message = tr("must be one of: {options}", options=known) + "." + near_miss(str(kind), table)
        raise InvalidSpecError([Problem(f"{key}.kind", message)])
    return read(table[kind], {name: value for name, value in values.items() if name != "kind"}, key)
