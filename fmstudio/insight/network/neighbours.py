"""The training pictures that a network finds most like a picture: nearest in its penultimate layer."""

import numpy as np
import torch
from numpy.typing import NDArray

from fmstudio.errors import UserError
from fmstudio.insight.nearest import Neighbours
from fmstudio.insight.network.features import features, part_of_features
from fmstudio.insight.network.subject import Subject
from fmstudio.words import tr


def neighbours(subject: Subject, split: str, sample: int, count: int) -> Neighbours:
    """Find the training pictures nearest to a picture, without the picture itself.

    Args:
        subject: The network that is asked.
        split: ``"train"`` or ``"test"``: where the picture is.
        sample: Its index there.
        count: How many; fewer where there are fewer.
    """
    torch.set_num_threads(1)
    training = subject.training_images()
    own = training if split == "train" else subject.test_images()
    found = np.flatnonzero(own.samples == sample)
    if not len(found):
        raise UserError(tr("This picture is not in the data of the run."), tr("Choose a picture of this run."))
    known = features(subject, "train")
    one = known[found[0]] if split == "train" else part_of_features(subject, split, found[:1])[0]
    distances = cosine_distances(known, one)
    if split == "train":
        distances[found[0]] = np.inf
    rows = np.argsort(distances, kind="stable")[: min(count, len(training) - (split == "train"))]
    return Neighbours(
        split, sample, training.images[rows], training.samples[rows], training.labels[rows], distances[rows]
    )


def cosine_distances(many: NDArray[np.float32], one: NDArray[np.float32]) -> NDArray[np.float32]:
    """One minus the cosine between a vector, shape (d,), and each of many, shape (n, d); 1 where one is zero."""
    lengths = np.sqrt(np.einsum("nd,nd->n", many, many)) * np.sqrt(np.float32(one @ one))
    cosines = np.divide(many @ one, lengths, out=np.zeros(len(many), np.float32), where=lengths > 0)
    distances: NDArray[np.float32] = np.clip(1 - cosines, 0, 2).astype(np.float32, copy=False)
    return distances
