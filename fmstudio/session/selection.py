"""Which pictures are looked at: one immutable value that every view can make and follow."""

from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from fmstudio.training.events import Ints, Predictions
from fmstudio.words import tr

Split = Literal["train", "test"]
Order = Literal["index", "confidence", "unsure", "loss"]
"""By position, most confident first, least confident first, greatest loss first."""


@dataclass(frozen=True)
class TrueIs:
    """Pictures that really are of one class."""

    label: int

    def mask(self, predictions: Predictions) -> NDArray[np.bool_]:
        """Which of the predictions fit, shape (n,)."""
        return np.asarray(predictions.labels == self.label, np.bool_)

    def words(self, classes: tuple[str, ...]) -> str:
        """The condition as it stands in the sentence above the pictures."""
        return tr("true {name}", name=tr(classes[self.label]))


@dataclass(frozen=True)
class PredictedIs:
    """Pictures that were taken for one class."""

    label: int

    def mask(self, predictions: Predictions) -> NDArray[np.bool_]:
        """Which of the predictions fit, shape (n,)."""
        return np.asarray(predictions.predicted == self.label, np.bool_)

    def words(self, classes: tuple[str, ...]) -> str:
        """The condition as it stands in the sentence above the pictures."""
        return tr("predicted {name}", name=tr(classes[self.label]))


@dataclass(frozen=True)
class IsRight:
    """Pictures that were answered rightly, or wrongly."""

    right: bool

    def mask(self, predictions: Predictions) -> NDArray[np.bool_]:
        """Which of the predictions fit, shape (n,)."""
        return np.asarray(predictions.right == self.right, np.bool_)

    def words(self, classes: tuple[str, ...]) -> str:
        """The condition as it stands in the sentence above the pictures."""
        return tr("right") if self.right else tr("wrong")


Condition = TrueIs | PredictedIs | IsRight


@dataclass(frozen=True)
class Selection:
    """The pictures of one split that meet all conditions, in an order; the watched ones while nothing is asked.

    Attributes:
        split: Test or training pictures.
        conditions: At most one of each kind.
        order: How they are sorted.
        watched: Only the sixty watched pictures.
    """

    split: Split = "test"
    conditions: tuple[Condition, ...] = ()
    order: Order = "index"
    watched: bool = field(default=False)

    def but(self, *conditions: Condition) -> "Selection":
        """The same, with these conditions in the place of others of their kinds."""
        kinds = tuple(type(condition) for condition in conditions)
        kept = tuple(condition for condition in self.conditions if not isinstance(condition, kinds))
        return replace(self, conditions=kept + conditions, watched=False)

    def without(self, condition: Condition) -> "Selection":
        """The same with one condition less."""
        kept = tuple(other for other in self.conditions if other != condition)
        return replace(self, conditions=kept)

    def find(self, kind: type[TrueIs] | type[PredictedIs]) -> int | None:
        """The class that a condition of this kind asks for, None where there is none."""
        return next((c.label for c in self.conditions if isinstance(c, kind)), None)

    def rows(self, predictions: Predictions) -> Ints:
        """Which rows of the predictions are meant, in order, shape (m,)."""
        mask = np.ones(len(predictions), np.bool_)
        for condition in self.conditions:
            mask &= condition.mask(predictions)
        rows = np.flatnonzero(mask)
        if self.order == "loss":
            key = -predictions.loss[rows]
        elif self.order == "confidence":
            key = -predictions.confidence[rows]
        elif self.order == "unsure":
            key = predictions.confidence[rows]
        else:
            return rows
        return rows[np.argsort(key, kind="stable")]
