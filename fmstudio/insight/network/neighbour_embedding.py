"""t-SNE: pictures in the plane so that neighbours stay neighbours. Needs the extra package openTSNE. No torch."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from fmstudio.errors import UserError
from fmstudio.training.events import Floats
from fmstudio.words import tr

try:
    from openTSNE import TSNEEmbedding, affinity, nearest_neighbors
except ImportError:  # an extra: the map of principal components does without it
    TSNEEmbedding = None

INSTALL = 'pip install "fmstudio[map]"'
"""How to get what is missing."""
SEED = 0
PERPLEXITY = 30.0
"""About so many neighbours count for each picture."""
EARLY, LATE = 250, 500
"""Steps with neighbours pulled together more strongly, and steps after that."""

_EXAGGERATION = 12.0
_NEAR_PERPLEXITY = 3
_BLOCK = 500
_EVERY = 5
_FINDING = 0.05

Doubles = NDArray[np.float64]
Progress = Callable[[float, Floats], None]
Stopped = Callable[[], bool]


def embed(numbers: Floats, start: Floats, progress: Progress, stopped: Stopped) -> Floats | None:
    """Lay points out by their neighbours; always the same way for the same numbers.

    Args:
        numbers: Shape (n, d), n ≥ 2.
        start: Where the points lie at first, shape (n, 2); only their arrangement counts.
        progress: Told the share that is done, 0…1, and where the points are now.
        stopped: Asked often, at least three times a second, whether to give up.

    Returns:
        Shape (n, 2); None where it was stopped.

    Raises:
        UserError: Where openTSNE is not installed, or there are too few points.
    """
    if TSNEEmbedding is None:
        raise not_installed()
    if len(numbers) < 4:
        raise UserError(tr("t-SNE needs at least four pictures."))
    perplexity = min(PERPLEXITY, (len(numbers) - 1) / _NEAR_PERPLEXITY)
    found = nearest(numbers, min(len(numbers) - 1, int(_NEAR_PERPLEXITY * perplexity)), stopped)
    if found is None:
        return None
    progress(_FINDING, start)
    index = nearest_neighbors.PrecomputedNeighbors(*found)
    joined = affinity.PerplexityBasedNN(knn_index=index, perplexity=perplexity, n_jobs=1, random_state=SEED)
    return _optimised(joined, small(start), progress, stopped)


def not_installed() -> UserError:
    """The sentence for a computer without openTSNE."""
    message = tr("t-SNE comes as an extra and is not installed here; the map by PCA needs nothing more.")
    return UserError(message, tr("Install it with: {command}", command=INSTALL))


def nearest(numbers: Floats, count: int, stopped: Stopped) -> tuple[NDArray[np.int64], Doubles] | None:
    """The nearest neighbours of every point and their distances, each of shape (n, count), nearest first.

    Exactly, a block at a time; None where it was stopped.
    """
    points = numbers.astype(np.float64)
    squares = (points**2).sum(axis=1)
    indices, distances = [], []
    for first in range(0, len(points), _BLOCK):
        if stopped():
            return None
        block = points[first : first + _BLOCK]
        far = squares[first : first + _BLOCK, np.newaxis] + squares - 2 * block @ points.T
        far[np.arange(len(block)), np.arange(first, first + len(block))] = np.inf
        chosen = np.argpartition(far, count - 1, axis=1)[:, :count] if count < len(points) - 1 else far.argsort(axis=1)
        chosen = chosen[:, :count]
        order = np.take_along_axis(far, chosen, axis=1).argsort(axis=1, kind="stable")
        chosen = np.take_along_axis(chosen, order, axis=1)
        indices.append(chosen)
        distances.append(np.sqrt(np.maximum(np.take_along_axis(far, chosen, axis=1), 0.0)))
    return np.concatenate(indices), np.concatenate(distances)


def small(start: Floats) -> Doubles:
    """The same arrangement around the origin, as small as t-SNE wants it at first; points in one place are parted."""
    placed: Doubles = start.astype(np.float64) - start.mean(axis=0, dtype=np.float64)
    placed /= max(float(placed.std(axis=0).max()), 1e-12)
    placed += np.random.default_rng(SEED).normal(scale=0.01, size=placed.shape)
    placed *= 1e-4
    return placed


def _optimised(
    joined: "affinity.Affinities",
    start: Doubles,
    progress: Progress,
    stopped: Stopped,
) -> Floats | None:
    done = [0]

    def look(_: int, __: float, points: NDArray[np.float64]) -> bool:
        done[0] += _EVERY
        share = _FINDING + (1 - _FINDING) * min(1.0, done[0] / (EARLY + LATE))
        progress(share, np.array(points, np.float32))
        return stopped()

    options = {"callbacks": look, "callbacks_every_iters": _EVERY, "n_jobs": 1, "random_state": SEED}
    method = "bh" if len(start) <= 4_000 else "fft"
    placed = TSNEEmbedding(start, joined, negative_gradient_method=method, **options)
    for steps, exaggeration, momentum in ((EARLY, _EXAGGERATION, 0.5), (LATE, None, 0.8)):
        if stopped():
            return None
        placed = placed.optimize(steps, exaggeration=exaggeration, momentum=momentum)
    points: Floats = np.array(placed, np.float32)
    return None if stopped() else points
