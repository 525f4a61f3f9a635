"""Counts what a sight holds for the confusion matrix, each thing once as long as it stays the same."""

import numpy as np

from fmstudio.insight.confusion import Shares, confusion_matrix, probability_sums
from fmstudio.session.confusion_cell import Other
from fmstudio.session.inspection import restricted
from fmstudio.session.sight import Sight
from fmstudio.training.events import Ints, Predictions


class MatrixCounts:
    """Remembers the newest counts of each kind, by the identity of what they were counted over."""

    def __init__(self) -> None:
        self._matrix: tuple[object, int, Ints | None] = (None, 0, None)
        self._strong: tuple[object, object, Ints | None] = (None, None, None)
        self._sums: tuple[object, Shares | None] = (None, None)
        self._other: tuple[object, object, Ints | None] = (None, None, None)

    def matrix(self, sight: Sight) -> Ints | None:
        """How often each class was taken for each; None where nothing is known, or the answers are of other classes."""
        counted, classes = sight.counted, len(sight.classes)
        if counted is None or not fits(counted, classes):
            return None
        if self._matrix[0] is not counted or self._matrix[1] != classes:
            self._matrix = (counted, classes, confusion_matrix(counted.labels, counted.predicted, classes))
        return self._matrix[2]

    def strong(self, sight: Sight) -> Ints | None:
        """How many pictures of each cell are looked at; None where nothing is looked at in particular."""
        counted, strong = sight.counted, sight.strong
        if counted is None or strong is None:
            return None
        if self._strong[0] is not counted or self._strong[1] is not strong:
            size = len(sight.classes)
            rows = np.flatnonzero(strong)
            found = confusion_matrix(counted.labels[rows], counted.predicted[rows], size)
            self._strong = (counted, strong, found)
        return self._strong[2]

    def sums(self, sight: Sight) -> Shares | None:
        """How much probability the pictures of each class gave to each; None where nothing is known."""
        if sight.counted is None or not fits(sight.counted, len(sight.classes)):
            return None
        if self._sums[0] is not sight.counted:
            self._sums = (sight.counted, probability_sums(sight.counted, len(sight.classes)))
        return self._sums[1]

    def other(self, sight: Sight, name: str, predictions: Predictions | None) -> Other | None:
        """The same pictures as another network answered them; None where it was not asked about each of them."""
        counted = sight.counted
        if counted is None or predictions is None:
            return None
        if self._other[0] is not counted or self._other[1] is not predictions:
            self._other = (counted, predictions, _counted_like(counted, predictions, len(sight.classes)))
        found = self._other[2]
        return None if found is None else Other(name, found)


def fits(predictions: Predictions, classes: int) -> bool:
    """Whether answers are about that many classes."""
    most = max(predictions.labels.max(initial=-1), predictions.predicted.max(initial=-1))
    return bool(predictions.probabilities.shape[1] == classes and most < classes)


def _counted_like(counted: Predictions, predictions: Predictions, classes: int) -> Ints | None:
    same = np.array_equal(predictions.samples, counted.samples)
    asked = predictions if same else restricted(predictions, counted.samples)
    if asked is None or not np.array_equal(asked.labels, counted.labels):
        return None
    if not fits(asked, classes):
        return None
    return confusion_matrix(asked.labels, asked.predicted, classes)
