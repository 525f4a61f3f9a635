"""Which pictures are looked at: one immutable value that every view can make and follow."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from fmstudio.insight.history import History
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
    mask_of,
)
from fmstudio.training.events import Ints, Predictions

__all__ = [
    "AllOf",
    "AnyOf",
    "Condition",
    "ConfidenceIn",
    "IsRight",
    "Not",
    "Order",
    "Picked",
    "PredictedIs",
    "Selection",
    "Split",
    "TrueIs",
]

Split = Literal["train", "test"]
Order = Literal["index", "confidence", "unsure", "margin", "loss", "learned", "forgotten"]
"""By position; most, least confident first; smallest lead over the second class first; greatest loss first; learned
last first (never learned before all others); forgotten most often first."""


@dataclass(frozen=True)
class Selection:
    """The pictures of one split that meet all conditions, in an order; the watched ones while nothing is asked.

    Attributes:
        split: Test or training pictures.
        conditions: What is looked at: all of them must be met.
        order: How they are sorted.
        watched: Only the sixty watched pictures.
        only: What is counted alone: everything else is left out of every figure.
        grouped: Sorted by true class first.
    """

    split: Split = "test"
    conditions: tuple[Condition, ...] = ()
    order: Order = "index"
    watched: bool = False
    only: tuple[Condition, ...] = ()
    grouped: bool = False

    def but(self, *conditions: Condition) -> "Selection":
        """The same, with these conditions in the place of others of their kinds."""
        kinds = tuple(type(condition) for condition in conditions)
        kept = tuple(condition for condition in self.conditions if not isinstance(condition, kinds))
        return replace(self, conditions=kept + conditions, watched=False)

    def at(self, *conditions: Condition) -> "Selection":
        """The same split, order and counted part, but looking at exactly what meets these conditions."""
        return replace(self, conditions=conditions, watched=False)

    def added(self, *conditions: Condition) -> "Selection":
        """What meets these conditions besides what is looked at already (or); where nothing is, these alone."""
        if not self.conditions:
            return self.at(*conditions)
        before = self.conditions[0] if len(self.conditions) == 1 else AllOf(self.conditions)
        new = conditions[0] if len(conditions) == 1 else AllOf(conditions)
        parts = before.conditions if isinstance(before, AnyOf) else (before,)
        return self.at(AnyOf(parts if new in parts else (*parts, new)))

    def inverted(self) -> "Selection":
        """All that is not looked at now."""
        if len(self.conditions) == 1 and isinstance(self.conditions[0], Not):
            return self.at(self.conditions[0].condition)
        return self.at(Not(self.conditions[0] if len(self.conditions) == 1 else AllOf(self.conditions)))

    def without(self, condition: Condition) -> "Selection":
        """The same with one condition less."""
        kept = tuple(other for other in self.conditions if other != condition)
        return replace(self, conditions=kept)

    def counted_alone(self) -> "Selection":
        """What is looked at now is what everything is counted over (only these)."""
        return replace(self, conditions=(), only=self.only + self.conditions, watched=False)

    def counting(self, condition: Condition) -> "Selection":
        """The same, counting alone what meets one more condition, in the place of another of its kind.

        What is looked at is looked at among these.
        """
        kept = tuple(one for one in self.only if type(one) is not type(condition))
        return self if condition in self.only else replace(self, only=(*kept, condition), watched=False)

    def counting_without(self, condition: Condition, *, watched: bool = False) -> "Selection":
        """The same, counting also what does not meet a condition.

        Args:
            condition: What was asked for.
            watched: Whether the watched ones are looked at where nothing is asked any more.
        """
        only = tuple(one for one in self.only if one != condition)
        return replace(self, only=only, watched=watched and not (only or self.conditions) and self.split == "test")

    def all_counted(self) -> "Selection":
        """Everything is counted again; what was counted alone is still looked at."""
        return replace(self, conditions=self.only + self.conditions, only=(), watched=False)

    def stepped_back(self) -> "Selection":
        """What Esc does: first nothing is looked at in particular, then everything is counted again."""
        return replace(self, conditions=()) if self.conditions else replace(self, only=())

    def find(self, kind: type[TrueIs] | type[PredictedIs]) -> int | None:
        """The class that a condition of this kind asks for, None where there is none."""
        return next((c.label for c in self.conditions if isinstance(c, kind)), None)

    def mask(self, predictions: Predictions) -> NDArray[np.bool_]:
        """Which of the predictions are looked at, shape (n,)."""
        return mask_of(self.conditions, predictions)

    def rows(self, predictions: Predictions, history: History | None = None) -> Ints:
        """Which rows of the predictions are meant, in order, shape (m,).

        Args:
            predictions: Of the split that is looked at, already without what is not counted.
            history: How the same pictures were answered in each epoch, for the orders that need it.
        """
        rows = np.flatnonzero(self.mask(predictions))
        key = _KEYS.get(self.order, _no_key)(predictions, rows, history)
        if key is not None:
            rows = rows[np.argsort(key, kind="stable")]
        return rows[np.argsort(predictions.labels[rows], kind="stable")] if self.grouped else rows


_Key = NDArray[np.float32] | Ints | None


def _no_key(predictions: Predictions, rows: Ints, history: History | None) -> _Key:
    return None


def _last_learned(predictions: Predictions, rows: Ints, history: History | None) -> _Key:
    if history is None:
        return None
    learned = history.of(predictions.samples[rows]).learned
    return -np.where(learned < 0, np.iinfo(np.int64).max, learned)


def _most_forgotten(predictions: Predictions, rows: Ints, history: History | None) -> _Key:
    return None if history is None else -history.of(predictions.samples[rows]).times_forgotten


_KEYS: dict[Order, Callable[[Predictions, Ints, History | None], _Key]] = {
    "loss": lambda predictions, rows, _: -predictions.loss[rows],
    "confidence": lambda predictions, rows, _: -predictions.confidence[rows],
    "unsure": lambda predictions, rows, _: predictions.confidence[rows],
    "margin": lambda predictions, rows, _: predictions.margin[rows],
    "learned": _last_learned,
    "forgotten": _most_forgotten,
}
