"""The figures of a classification in one value: accuracy, averages over the classes, top-k. No torch.

A figure that nothing was counted for is None, never 0: the precision of a class that was never predicted, the recall
of one without pictures. Averages leave such figures out (scikit-learn's ``zero_division=nan``) and say how many are
left out.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fmstudio.insight.confusion import ClassFigures, class_figures, confusion_matrix
from fmstudio.insight.intervals import Interval, wilson
from fmstudio.training.events import Ints, Predictions

MOST_K = 5
"""Of top-k accuracy."""


@dataclass(frozen=True)
class Averages:
    """Precision, recall and F1 over all classes, 0…1; None where no class has the figure."""

    precision: float | None
    recall: float | None
    f1: float | None


@dataclass(frozen=True, eq=False)
class Metrics:
    """The figures of some answers.

    Attributes:
        confusion: Counts, shape (classes, classes): row true, column predicted.
        counted: Over how many pictures.
        right: How many of them are right.
        classes: The figures of each class.
        macro: Each class counts the same; its recall is the balanced accuracy.
        weighted: Each class counts by its number of pictures.
        top_k: Share of the pictures whose true class is among the first one, two … classes, 0…1; at most five.
    """

    confusion: Ints
    counted: int
    right: int
    classes: tuple[ClassFigures, ...]
    macro: Averages
    weighted: Averages
    top_k: tuple[float, ...]

    @property
    def accuracy(self) -> float | None:
        """Share of right answers, 0…1; None where nothing was counted."""
        return self.right / self.counted if self.counted else None

    @property
    def interval(self) -> Interval | None:
        """Wilson's interval of the accuracy."""
        return wilson(self.right, self.counted)

    @property
    def balanced_accuracy(self) -> float | None:
        """Mean recall of the classes that have pictures, 0…1."""
        return self.macro.recall

    @property
    def judged(self) -> int:
        """Classes that have an F1: those with pictures, or taken for by mistake."""
        return sum(one.f1 is not None for one in self.classes)


def metrics(predictions: Predictions, classes: int) -> Metrics:
    """The figures of some answers.

    Args:
        predictions: What was answered.
        classes: How many classes there are.
    """
    matrix = confusion_matrix(predictions.labels, predictions.predicted, classes)
    figures = class_figures(matrix)
    return Metrics(
        confusion=matrix,
        counted=len(predictions),
        right=int(predictions.right.sum()),
        classes=figures,
        macro=averages(figures, lambda one: 1),
        weighted=averages(figures, lambda one: one.support),
        top_k=top_k(predictions),
    )


def averages(figures: Sequence[ClassFigures], weight: Callable[[ClassFigures], int]) -> Averages:
    """Precision, recall and F1 over some classes, those that are undefined left out.

    Args:
        figures: Of each class.
        weight: How much a class counts.
    """
    weights = [weight(one) for one in figures]
    return Averages(
        precision=_mean([one.precision for one in figures], weights),
        recall=_mean([one.recall for one in figures], weights),
        f1=_mean([one.f1 for one in figures], weights),
    )


def top_k(predictions: Predictions, most: int = MOST_K) -> tuple[float, ...]:
    """Share of the pictures whose true class is among the first k, for k = 1 … ``most`` or the number of classes.

    Nothing where nothing was counted.
    """
    if not len(predictions):
        return ()
    ranks = true_ranks(predictions)
    found = np.bincount(ranks, minlength=most)[: min(most, predictions.probabilities.shape[1])].cumsum()
    return tuple((found / len(ranks)).tolist())


def true_ranks(predictions: Predictions) -> Ints:
    """How many classes are held for more probable than the true one, shape (n,): 0 where the answer is right.

    Probabilities in half precision are often equal. The predicted class, found before rounding, is always first;
    among other equals the first class counts as more probable. Where probabilities are no numbers, a wrong answer
    has the last rank.
    """
    columns = _comparable(predictions.probabilities)
    labels, predicted = predictions.labels, predictions.predicted
    own = columns[labels, np.arange(len(labels))]
    ranks = np.zeros(len(labels), np.int64)
    for label, column in enumerate(columns):
        ranks += (column > own) | ((column == own) & (label < labels)) | (predicted == label)
    ranks[~np.isfinite(predictions.probabilities).all(axis=1)] = len(columns) - 1
    return np.where(predicted == labels, 0, ranks)


def _comparable(probabilities: NDArray[np.floating]) -> NDArray[np.floating] | NDArray[np.uint16]:
    """Shape (classes, n); the bits of half precision are in the order of its numbers, and quicker to compare."""
    columns = np.ascontiguousarray(probabilities.T)
    return columns.view(np.uint16) & np.uint16(0x7FFF) if columns.dtype == np.float16 else columns


def _mean(values: Sequence[float | None], weights: Sequence[int]) -> float | None:
    pairs = [(value, weight) for value, weight in zip(values, weights, strict=True) if value is not None]
    total = sum(weight for _, weight in pairs)
    return sum(value * weight for value, weight in pairs) / total if total else None
