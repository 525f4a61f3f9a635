"""Specs as flat tables: every setting under its path, and the paths at which several specs differ."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel

from fmstudio.experiment.spec import TABLES, ExperimentSpec, kind_of
from fmstudio.schema.choice import Choice

DEEPEST = 6
"""Mappings within mappings are opened so far; what lies deeper stays one value."""
_NEVER = ("name", "version")
"""Say nothing of what was done."""
_LACKING = object()


def flat(spec: Mapping[str, Any]) -> dict[str, Any]:
    """Every setting under its path: ``"optimizer.lr": 0.01``; lists stay whole.

    Args:
        spec: An experiment as JSON values; may be one that this program cannot run.
    """
    found: dict[str, Any] = {}
    _open(spec, "", 1, found)
    return found


def differing(specs: Sequence[Mapping[str, Any]], *, shared: bool = False) -> tuple[str, ...]:
    """The paths whose values are not the same in all specs, without name and version.

    A setting that a spec leaves out has its default; one that the choice of a spec does not have differs from any
    value.

    Args:
        specs: Experiments as JSON values.
        shared: Only paths that all of them have: of two optimizers their kind and learning rate, not the momentum
            that one of them lacks.
    """
    tables = [flat(spec) for spec in specs]
    paths = dict.fromkeys(path for table in tables for path in table if path not in _NEVER)
    return tuple(path for path in paths if _differs([_value(table, path) for table in tables], shared))


def at(spec: Mapping[str, Any], path: str) -> Any:
    """The value of a spec at a path; its default where it is left out, None where its choice has no such setting."""
    value = _value(flat(spec), path)
    return None if value is _LACKING else value


def _open(values: Mapping[str, Any], stem: str, depth: int, found: dict[str, Any]) -> None:
    for name, value in values.items():
        path = f"{stem}{name}"
        if isinstance(value, Mapping) and value and depth < DEEPEST:
            _open(value, f"{path}.", depth + 1, found)
        else:
            found[path] = value


def _differs(values: Sequence[Any], shared: bool) -> bool:
    if shared and any(value is _LACKING for value in values):
        return False
    first = values[0]
    return any(value != first or isinstance(value, bool) != isinstance(first, bool) for value in values[1:])


def _value(table: Mapping[str, Any], path: str) -> Any:
    """What stands at a path, or its default in the choices that a spec makes."""
    if path in table:
        return table[path]
    key, _, name = path.rpartition(".")
    if key in TABLES and name == "kind":
        return kind_of(getattr(ExperimentSpec(), key))
    return _defaults(table, key).get(name, _LACKING)


def _defaults(table: Mapping[str, Any], key: str) -> dict[str, Any]:
    """The defaults of the settings under a key: of a choice, or of the spec itself."""
    model: type[ExperimentSpec] | type[Choice] | None = ExperimentSpec
    if key:
        usual = kind_of(getattr(ExperimentSpec(), key)) if key in TABLES else ""
        kind = table.get(f"{key}.kind", usual)
        model = TABLES[key].get(kind) if key in TABLES and isinstance(kind, str) else None
    return {name: _plain(one.default) for name, one in model.model_fields.items()} if model else {}


def _plain(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    return [_plain(one) for one in value] if isinstance(value, tuple) else value
