"""Whether an event that was read from a line is one that the program could have written: a line may hold anything."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any, get_args, get_origin

import numpy as np

from fmstudio.training.events import Event, ParametersMoved, StepsTaken

UNREADABLE = (ValueError, TypeError, OverflowError, RecursionError)
"""What making an event of a line of anything may raise."""
_GREATEST = 2**53


def is_sound(event: Event) -> bool:
    """Whether each of its values is of its type, and each array has its dimensions."""
    if isinstance(event, ParametersMoved):
        count = len(event.steps)
        if not count or event.values.ndim != 2 or len(event.values) != count:
            return False
    if isinstance(event, StepsTaken) and np.shape(event.losses) != np.shape(event.rates):
        return False
    return all(_fits(getattr(event, name), annotation, name) for name, annotation in _TYPES[type(event)])


def is_number(value: object) -> bool:
    """Whether it is a number that can be counted with; finite or not."""
    if isinstance(value, bool):
        return False
    return isinstance(value, float) or (isinstance(value, int) and abs(value) < _GREATEST)


def _checked(annotation: Any) -> bool:
    options = get_args(annotation)
    plain = annotation in (bool, int, float, str) or get_origin(annotation) is np.ndarray
    return plain or float in options or all(isinstance(one, str) for one in options or [0])


_TYPES: Mapping[type[Any], tuple[tuple[str, Any], ...]] = {
    kind: tuple((one.name, one.type) for one in fields(kind) if _checked(one.type)) for kind in get_args(Event)
}


def _fits(value: Any, annotation: Any, name: str) -> bool:
    if annotation is bool or annotation is str:
        return isinstance(value, annotation)
    if annotation is int:
        return isinstance(value, int) and is_number(value)
    if annotation is float:
        return is_number(value)
    if get_origin(annotation) is np.ndarray:
        return isinstance(value, np.ndarray) and (value.ndim == 1 or name == "values")
    options = get_args(annotation)
    return value is None or is_number(value) if float in options else value in options
