"""What pictures must be to be looked at, or counted: small values that combine with and, or, not."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fmstudio.training.events import Ints, Predictions
from fmstudio.words import tr

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class TrueIs:
    """Pictures that really are of one class."""

    label: int

    def mask(self, predictions: Predictions) -> Mask:
        """Which of the predictions fit, shape (n,)."""
        return np.asarray(predictions.labels == self.label, np.bool_)

    def words(self, classes: tuple[str, ...]) -> str:
        """The condition as it stands in the sentence above the pictures."""
        return tr("true {name}", name=tr(classes[self.label]))


@dataclass(frozen=True)
class PredictedIs:
    """Pictures that were taken for one class."""

    label: int

    def mask(self, predictions: Predictions) -> Mask:
        """Which of the predictions fit, shape (n,)."""
        return np.asarray(predictions.predicted == self.label, np.bool_)

    def words(self, classes: tuple[str, ...]) -> str:
        """The condition as it stands in the sentence above the pictures."""
        return tr("predicted {name}", name=tr(classes[self.label]))


@dataclass(frozen=True)
class IsRight:
    """Pictures that were answered rightly, or wrongly."""

    right: bool

    def mask(self, predictions: Predictions) -> Mask:
        """Which of the predictions fit, shape (n,)."""
        return np.asarray(predictions.right == self.right, np.bool_)

    def words(self, classes: tuple[str, ...]) -> str:
        """The condition as it stands in the sentence above the pictures."""
        return tr("right") if self.right else tr("wrong")


@dataclass(frozen=True)
class ConfidenceIn:
    """Pictures of whose answer the network was so sure: ``low`` ≤ confidence < ``high``; at 1 the end belongs to it."""

    low: float
    high: float

    def mask(self, predictions: Predictions) -> Mask:
        """Which of the predictions fit, shape (n,)."""
        sure = predictions.confidence
        return np.asarray((sure >= self.low) & ((sure < self.high) | (self.high >= 1)), np.bool_)

    def words(self, classes: tuple[str, ...]) -> str:
        """The condition as it stands in the sentence above the pictures."""
        low, high = (f"{100 * value:.0f}" for value in (self.low, self.high))
        return tr("{low}–{high} % sure", low=low, high=high)


@dataclass(frozen=True, eq=False)
class Picked:
    """Pictures that were picked one by one, with a lasso, or by a figure that is not one of these answers.

    Attributes:
        name: What they are, translated: "5 picked", "lasso".
        samples: Index of each in the split, shape (m,).
    """

    name: str
    samples: Ints

    def mask(self, predictions: Predictions) -> Mask:
        """Which of the predictions fit, shape (n,)."""
        return np.isin(predictions.samples, self.samples)

    def words(self, classes: tuple[str, ...]) -> str:
        """The condition as it stands in the sentence above the pictures."""
        return self.name

    def __eq__(self, other: object) -> bool:
        """Whether it is the same name for the same pictures."""
        same = isinstance(other, Picked) and other.name == self.name
        return same and np.array_equal(other.samples, self.samples)  # type: ignore[attr-defined]

    def __hash__(self) -> int:
        """By name and number of pictures."""
        return hash((self.name, len(self.samples)))


@dataclass(frozen=True)
class Not:
    """Pictures that do not meet a condition."""

    condition: "Condition"

    def mask(self, predictions: Predictions) -> Mask:
        """Which of the predictions fit, shape (n,)."""
        return ~self.condition.mask(predictions)

    def words(self, classes: tuple[str, ...]) -> str:
        """The condition as it stands in the sentence above the pictures."""
        return tr("not {condition}", condition=_within(self.condition, classes))


@dataclass(frozen=True)
class AllOf:
    """Pictures that meet every one of some conditions."""

    conditions: tuple["Condition", ...]

    def mask(self, predictions: Predictions) -> Mask:
        """Which of the predictions fit, shape (n,)."""
        return mask_of(self.conditions, predictions)

    def words(self, classes: tuple[str, ...]) -> str:
        """The condition as it stands in the sentence above the pictures."""
        return tr(" and ").join(_within(condition, classes) for condition in self.conditions)


@dataclass(frozen=True)
class AnyOf:
    """Pictures that meet at least one of some conditions."""

    conditions: tuple["Condition", ...]

    def mask(self, predictions: Predictions) -> Mask:
        """Which of the predictions fit, shape (n,)."""
        mask = np.zeros(len(predictions), np.bool_)
        for condition in self.conditions:
            mask |= condition.mask(predictions)
        return mask

    def words(self, classes: tuple[str, ...]) -> str:
        """The condition as it stands in the sentence above the pictures."""
        return tr(" or ").join(_within(condition, classes) for condition in self.conditions)


Condition = TrueIs | PredictedIs | IsRight | ConfidenceIn | Picked | Not | AllOf | AnyOf


def mask_of(conditions: tuple[Condition, ...], predictions: Predictions) -> Mask:
    """Which of the predictions meet all conditions, shape (n,)."""
    mask = np.ones(len(predictions), np.bool_)
    for condition in conditions:
        mask &= condition.mask(predictions)
    return mask


def _within(condition: Condition, classes: tuple[str, ...]) -> str:
    """A condition as a part of another one."""
    words = condition.words(classes)
    return tr("({condition})", condition=words) if isinstance(condition, AllOf | AnyOf) else words
