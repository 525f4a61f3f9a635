"""Which classes are taken for which: the confusion matrix and the figures that follow from it. No torch."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fmstudio.training.events import Ints, Predictions

Shares = NDArray[np.float64]

_BLOCK = 4096
"""So many pictures' probabilities are added up at once: few enough for float32, and for the memory."""


@dataclass(frozen=True)
class ClassFigures:
    """How well one class is told from the others; None where nothing was counted.

    Attributes:
        label: The class.
        support: Pictures that really are of it.
        predicted: Pictures that were taken for it.
        right: Pictures that are both.
        precision: Share of those taken for it that are of it, 0…1.
        recall: Share of those of it that were taken for it, 0…1.
        f1: Harmonic mean of the two, 0…1.
    """

    label: int
    support: int
    predicted: int
    right: int
    precision: float | None
    recall: float | None
    f1: float | None


@dataclass(frozen=True)
class Pair:
    """A class that is taken for another one, and how often."""

    true: int
    predicted: int
    count: int


def confusion_matrix(labels: Ints, predicted: Ints, classes: int) -> Ints:
    """How often each class was taken for each.

    Args:
        labels: True classes 0…classes - 1, shape (n,).
        predicted: Predicted classes, likewise.
        classes: How many classes there are.

    Returns:
        Counts, shape (classes, classes): row true, column predicted.
    """
    if len(labels) != len(predicted):
        raise ValueError(f"{len(labels)} labels but {len(predicted)} predictions")
    for given in (labels, predicted):
        if len(given) and (given.min() < 0 or given.max() >= classes):
            raise ValueError(f"classes {given.min()}…{given.max()}, expected 0…{classes - 1}")
    cells = labels.astype(np.int64, copy=False) * classes + predicted
    return np.bincount(cells, minlength=classes * classes).reshape(classes, classes).astype(np.int64, copy=False)


def shares_of_true(matrix: Ints) -> Shares:
    """Each row as shares of the pictures that really are of its class, 0…1; NaN where there are none."""
    return _divided(matrix, matrix.sum(axis=1, keepdims=True))


def shares_of_predicted(matrix: Ints) -> Shares:
    """Each column as shares of the pictures that were taken for its class, 0…1; NaN where there are none."""
    return _divided(matrix, matrix.sum(axis=0, keepdims=True))


def probability_sums(predictions: Predictions, classes: int) -> Shares:
    """How much probability each class was given by the pictures of each, added up; shape (classes, classes).

    Row true, column the class that the probability was given to: a matrix that also counts what was nearly answered.
    """
    sums = np.zeros((classes, classes))
    given = predictions.probabilities[:, :classes]
    order = np.argsort(predictions.labels.astype(np.uint16), kind="stable")
    labels = predictions.labels[order]
    for start in range(0, len(order), _BLOCK):
        part = labels[start : start + _BLOCK]
        firsts = np.flatnonzero(np.diff(part, prepend=-1))
        block = given[order[start : start + _BLOCK]].astype(np.float32)
        sums[part[firsts], : given.shape[1]] += np.add.reduceat(block, firsts, axis=0)
    return sums


def class_figures(matrix: Ints) -> tuple[ClassFigures, ...]:
    """The figures of every class, in the order of the classes."""
    right, support, predicted = matrix.diagonal(), matrix.sum(axis=1), matrix.sum(axis=0)
    return tuple(
        ClassFigures(
            label, of_it, taken, hits, _share(hits, taken), _share(hits, of_it), _share(2 * hits, of_it + taken)
        )
        for label, (hits, of_it, taken) in enumerate(
            zip(right.tolist(), support.tolist(), predicted.tolist(), strict=True)
        )
    )


def worst_pair(matrix: Ints) -> Pair | None:
    """The mistake that is made most often, the first of equals; None where there is no mistake."""
    mistakes = matrix - np.diag(matrix.diagonal())
    if not mistakes.any():
        return None
    true, predicted = divmod(int(mistakes.argmax()), len(matrix))
    return Pair(true, predicted, int(mistakes[true, predicted]))


def _divided(matrix: Ints, totals: Ints) -> Shares:
    shares = np.full(matrix.shape, np.nan)
    np.divide(matrix, totals, out=shares, where=totals > 0)
    return shares


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
