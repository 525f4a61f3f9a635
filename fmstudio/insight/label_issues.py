"""Labels worth a look: where networks that never saw a picture agree on another class than its label.

This is confident learning. A class counts as said where its probability is at least what the network gives on average
to pictures with that label, so that a class that it is never sure of is not drowned by one that it is always sure of;
and a label is worth a look where another class is said. They are ranked by the margin of the label's probability below
the largest other one.

Source: Northcutt, Jiang, Chuang: Confident Learning: Estimating Uncertainty in Dataset Labels, JAIR 70, 2021.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fmstudio.data.library import PictureSet
from fmstudio.training.events import Floats, Ints, Predictions

_NEVER = 2.0
"""The threshold of a class without pictures: no probability reaches it."""


@dataclass(frozen=True, eq=False)
class LabelIssues:
    """Pictures of one split whose labels are worth a look, the most doubtful first; all arrays have shape (n,).

    Attributes:
        samples: Index of each in the split.
        labels: What it is said to be.
        suggested: What the networks take it for.
        score: How little the label is believed, 0…1: 1 where the network is sure of another class, ½ where it takes the
            label and the other class for equally likely.
    """

    samples: Ints
    labels: Ints
    suggested: Ints
    score: Floats

    def __len__(self) -> int:
        return len(self.samples)

    def first(self, count: int) -> "LabelIssues":
        """The most doubtful ones."""
        return LabelIssues(self.samples[:count], self.labels[:count], self.suggested[:count], self.score[:count])


def label_issues(predictions: Predictions) -> LabelIssues:
    """Find the labels that are worth a look.

    Args:
        predictions: Of networks that did not learn from these pictures.
    """
    labels, probabilities = predictions.labels, predictions.probabilities.astype(np.float32)
    sound = np.isfinite(probabilities).all(axis=1)
    limits = thresholds(labels[sound], probabilities[sound])
    said = np.where(probabilities >= limits, probabilities, -1.0)
    suggested = said.argmax(axis=1)
    rows = np.flatnonzero(sound & (said.max(axis=1) >= 0) & (suggested != labels))
    margin = _margins(labels[rows], probabilities[rows])
    rows = rows[np.argsort(margin, kind="stable")]
    score = (1 - np.sort(margin, kind="stable")) / 2
    return LabelIssues(predictions.samples[rows], labels[rows], suggested[rows], np.asarray(score, np.float32))


def thresholds(labels: Ints, probabilities: Floats) -> NDArray[np.float64]:
    """How sure the networks are on average of each class where it is the label, but no less than by guessing.

    Returns:
        Shape (classes,).
    """
    classes = probabilities.shape[1]
    own = probabilities[np.arange(len(labels)), labels]
    counts = np.bincount(labels, minlength=classes)
    sums = np.bincount(labels, weights=own, minlength=classes)
    return np.where(counts > 0, np.maximum(sums / np.maximum(counts, 1), 1 / classes), _NEVER)


def _margins(labels: Ints, probabilities: Floats) -> Floats:
    """The label's probability minus the largest other one, −1…1, shape (n,)."""
    own = probabilities[np.arange(len(labels)), labels]
    others = probabilities.copy()
    others[np.arange(len(labels)), labels] = -1
    return np.asarray(own - others.max(axis=1, initial=0), np.float32)


def nearest_of_class(pictures: PictureSet, image: NDArray[np.uint8], label: int, count: int) -> list[NDArray[np.uint8]]:
    """The pictures of a class that are most like an image, itself left out; by the mean squared difference.

    Args:
        pictures: What is chosen among.
        image: Shape (height, width) or (height, width, channels).
        label: The class.
        count: At most so many.
    """
    images = pictures.images[pictures.labels == label]
    if not len(images):
        return []
    pixels = images.reshape(len(images), -1).astype(np.float32)
    pixels -= image.reshape(-1).astype(np.float32)
    distance = np.einsum("ij,ij->i", pixels, pixels)
    order = np.argsort(distance, kind="stable")[: count + 1]
    return [images[row] for row in order if distance[row] > 0][:count]
