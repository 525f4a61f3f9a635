"""Conditions as JSON values, and back: strictly, for people may write such files too."""

from collections.abc import Iterator, Mapping

import numpy as np

from fmstudio.session.conditions import (
    AllOf,
    AnyOf,
    Condition,
    ConfidenceIn,
    IsRight,
    Not,
    Picked,
    PredictedIs,
    TrueIs,
)


def written(condition: Condition) -> dict[str, object]:
    """A condition as JSON value."""
    match condition:
        case TrueIs(label):
            return {"kind": "true", "label": label}
        case PredictedIs(label):
            return {"kind": "predicted", "label": label}
        case IsRight(right):
            return {"kind": "right", "right": right}
        case ConfidenceIn(low, high):
            return {"kind": "confidence", "low": low, "high": high}
        case Picked(name, samples):
            return {"kind": "picked", "name": name, "samples": samples.tolist()}
        case Not(inner):
            return {"kind": "not", "condition": written(inner)}
        case AllOf(several):
            return {"kind": "all", "conditions": [written(one) for one in several]}
        case AnyOf(several):
            return {"kind": "any", "conditions": [written(one) for one in several]}


def read(value: object) -> Condition:
    """The condition that a JSON value stands for.

    Raises:
        ValueError: Where it is none.
    """
    if not isinstance(value, Mapping):
        raise ValueError("a condition is an object")
    match value:
        case {"kind": "true", "label": label}:
            return TrueIs(whole(label))
        case {"kind": "predicted", "label": label}:
            return PredictedIs(whole(label))
        case {"kind": "right", "right": bool(right)}:
            return IsRight(right)
        case {"kind": "confidence", "low": low, "high": high}:
            return ConfidenceIn(_share(low), _share(high))
        case {"kind": "picked", "name": str(name), "samples": list(samples)}:
            return Picked(name, np.array([whole(sample) for sample in samples], np.int64))
        case {"kind": "not", "condition": inner}:
            return Not(read(inner))
        case {"kind": "all", "conditions": list(several)}:
            return AllOf(conditions(several))
        case {"kind": "any", "conditions": list(several)}:
            return AnyOf(conditions(several))
    raise ValueError("an unknown condition")


def conditions(values: object) -> tuple[Condition, ...]:
    """The conditions of a JSON list.

    Raises:
        ValueError: Where it is none.
    """
    if not isinstance(values, list):
        raise ValueError("conditions are a list")
    return tuple(read(value) for value in values)


def classes_in(condition: Condition) -> Iterator[int]:
    """The classes that a condition speaks of."""
    match condition:
        case TrueIs(label) | PredictedIs(label):
            yield label
        case Not(inner):
            yield from classes_in(inner)
        case AllOf(several) | AnyOf(several):
            for one in several:
                yield from classes_in(one)


def whole(value: object) -> int:
    """A number 0, 1, 2 …, not too large for an array.

    Raises:
        ValueError: Where it is none.
    """
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**62:
        raise ValueError("a whole number is expected")
    return value


def _share(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise ValueError("a number 0…1 is expected")
    return float(value)
