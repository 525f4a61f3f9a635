"""How well the probability of a class tells it from all others: ROC and precision–recall curves. No torch.

Predictions keep probabilities in half precision, of which there are 15,361 between 0 and 1. Pictures whose
probabilities round to the same number are ties: they are taken together, as scikit-learn does, so that the ROC curve
crosses them in one straight line and the order of the pictures never matters. In 10,000 pictures this moves the AUC
by less than 0.001; an average precision, which looks closely at the surest pictures (many are exactly 1), by less than
0.005. For half precision nothing is sorted: pictures are counted by their bits, which are in the order of the numbers.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fmstudio.training.events import Ints, Predictions

Floats = NDArray[np.float64]

_MAGNITUDE, _INFINITE = np.uint16(0x7FFF), 0x7C00
"""Of half precision: all bits but the sign (−0 is 0), and where infinity and, above it, what is no number begin."""


@dataclass(frozen=True, eq=False)
class Curve:
    """What happens as the probability from which on a picture is taken for a class falls from 1 to 0.

    Attributes:
        x: False positive rate, or recall, rising, shape (m,).
        y: True positive rate, or precision, shape (m,).
        thresholds: The least probability that is taken for the class, falling, shape (m,).
        area: Area under the ROC curve (AUC), or average precision (AP), 0…1.
        positives: Pictures that really are of the class.
        counted: Pictures in all.
    """

    x: Floats
    y: Floats
    thresholds: Floats
    area: float
    positives: int
    counted: int


def roc_curve(scores: NDArray[np.floating], positive: NDArray[np.bool_]) -> Curve | None:
    """False against true positive rate, from (0, 0) to (1, 1); None where there are no pictures of it, or no others.

    Args:
        scores: Probability of the class of each picture, shape (n,); NaN is left out.
        positive: Which really are of the class, shape (n,).
    """
    thresholds, found, false = _levels(scores, positive)
    if not len(found) or not found[-1] or not false[-1]:
        return None
    x, y = np.append(0, false) / false[-1], np.append(0, found) / found[-1]
    area = float((np.diff(x) * (y[1:] + y[:-1])).sum()) / 2
    return Curve(x, y, np.append(np.inf, thresholds), area, int(found[-1]), int(found[-1] + false[-1]))


def precision_recall_curve(scores: NDArray[np.floating], positive: NDArray[np.bool_]) -> Curve | None:
    """Recall against precision; None where there are no pictures of the class.

    ``area`` is the average precision Σ (recall − recall before) · precision, without lines between the points, which
    would promise too much. Arguments as for ``roc_curve``.
    """
    thresholds, found, false = _levels(scores, positive)
    if not len(found) or not found[-1]:
        return None
    recall, precision = found / found[-1], found / (found + false)
    area = float((np.diff(recall, prepend=0.0) * precision).sum())
    return Curve(recall, precision, thresholds, area, int(found[-1]), int(found[-1] + false[-1]))


Kind = Callable[[NDArray[np.floating], NDArray[np.bool_]], Curve | None]


def class_curves(predictions: Predictions, kind: Kind) -> tuple[Curve | None, ...]:
    """The curve of each class, ``kind`` is ``roc_curve`` or ``precision_recall_curve``; None where it is undefined."""
    columns = np.ascontiguousarray(predictions.probabilities.T)
    return tuple(kind(scores, predictions.labels == label) for label, scores in enumerate(columns))


def mean_area(curves: tuple[Curve | None, ...]) -> tuple[float | None, int]:
    """The mean area over the classes that have one (None where none has), and how many those are."""
    areas = [curve.area for curve in curves if curve is not None]
    return (sum(areas) / len(areas) if areas else None), len(areas)


def _levels(scores: NDArray[np.floating], positive: NDArray[np.bool_]) -> tuple[Floats, Ints, Ints]:
    """The different scores, falling, and how many of the class, and how many others, have at least each."""
    if scores.dtype == np.float16:
        bits = np.ascontiguousarray(scores).view(np.uint16) & _MAGNITUDE
        if bits.max(initial=0) > _INFINITE:
            bits, positive = bits[bits <= _INFINITE], positive[bits <= _INFINITE]
        all_of = np.bincount(bits)
        of_it = np.bincount(bits[positive], minlength=len(all_of))
        places = np.flatnonzero(all_of)[::-1]
        values = places.astype(np.uint16).view(np.float16).astype(np.float64)
        found = of_it[places].cumsum()
        return values, found, all_of[places].cumsum() - found
    known = ~np.isnan(scores)
    values, where = np.unique(scores[known], return_inverse=True)
    found = np.bincount(where, weights=positive[known], minlength=len(values)).astype(np.int64)[::-1].cumsum()
    total = np.bincount(where, minlength=len(values))[::-1].cumsum()
    return values[::-1].astype(np.float64), found, total - found
