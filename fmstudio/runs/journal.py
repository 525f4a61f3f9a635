"""Events as JSON lines: what ``events.jsonl`` holds and ``--json`` prints. Predictions lie in files of their own."""

import json
import math
from collections.abc import Mapping
from dataclasses import fields
from typing import Any, get_args

import numpy as np

from fmstudio.training.events import Answers, Event, Predictions

_TYPES: Mapping[str, type[Any]] = {kind.__name__: kind for kind in get_args(Event)}
NO_PREDICTIONS = Predictions(
    samples=np.empty(0, np.int64),
    labels=np.empty(0, np.int64),
    predicted=np.empty(0, np.int64),
    loss=np.empty(0, np.float32),
    probabilities=np.empty((0, 0), np.float16),
)
"""Stands in an event that was read from its line alone."""


def to_line(event: Event) -> str:
    """One line of JSON, without its end; numbers that are not finite become ``null``."""
    values: dict[str, Any] = {"event": type(event).__name__}
    for field in fields(event):
        value = getattr(event, field.name)
        if not isinstance(value, Answers):
            values[field.name] = _plain(value)
    return json.dumps(values, ensure_ascii=False, allow_nan=False)


def from_line(line: str) -> Event:
    """The event of a line; its predictions are empty.

    Raises:
        ValueError: Where the line is torn or is no event.
    """
    values = json.loads(line)
    if not isinstance(values, dict) or str(values.get("event")) not in _TYPES:
        raise ValueError(line[:80])
    kind = _TYPES[values.pop("event")]
    known = {field.name: field.type for field in fields(kind)}
    try:
        taken = {name: _typed(known[name], value) for name, value in values.items() if name in known}
        if "predictions" in known:
            taken["predictions"] = NO_PREDICTIONS
        event: Event = kind(**taken)
    except TypeError as error:
        raise ValueError(line[:80]) from error
    return event


def _plain(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return [_plain(one) for one in value]
    if isinstance(value, np.floating):
        return float(str(value)) if np.isfinite(value) else None
    if isinstance(value, np.integer):
        return int(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, tuple | list):
        return [_plain(one) for one in value]
    return value


def _typed(annotation: Any, value: Any) -> Any:
    name = annotation if isinstance(annotation, str) else getattr(annotation, "__name__", str(annotation))
    if name == "ndarray" and not isinstance(value, list):
        raise ValueError(value)
    if isinstance(value, list):
        if "tuple" in name:
            return tuple(tuple(one) if isinstance(one, list) else one for one in value)
        dtype = np.int64 if "numpy.int64" in str(annotation) else np.float32
        return np.array([math.nan if one is None else one for one in value], dtype)
    return math.nan if value is None and name == "float" else value
