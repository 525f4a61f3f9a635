"""How many numbers the network of a run learns, by arithmetic; networks that are the same are counted once."""

from collections.abc import Mapping
from typing import Any

from fmstudio.errors import UserError
from fmstudio.experiment.reading import read_spec
from fmstudio.runs.summary import RunSummary
from fmstudio.schema.problem import InvalidSpecError

_KEYS = ("dataset", "architecture", "loss")
_MOST = 4096
_known: dict[str, int | None] = {}


def learned_numbers(row: RunSummary) -> int | None:
    """How many numbers a run's network learns; None where its data or network cannot be read here."""
    parts = {key: row.spec[key] for key in _KEYS if key in row.spec}
    key = repr(parts)
    if key not in _known:
        if len(_known) >= _MOST:
            _known.clear()
        _known[key] = _count(parts) if "architecture" in parts else None
    return _known[key]


def _count(parts: Mapping[str, Any]) -> int | None:
    try:
        spec = read_spec({"version": 1, **parts})
        return spec.architecture.weights(spec.facts)
    except (InvalidSpecError, UserError):
        return None
