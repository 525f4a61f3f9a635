"""High-dimensional numbers in the plane: principal components, and maps that keep their orientation. No torch."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fmstudio.training.events import Floats, Ints

Doubles = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class MapWish:
    """Of which pictures a map is wanted.

    Attributes:
        split: ``"train"`` or ``"test"``.
        samples: Index of each in the split; None: all of them.
    """

    split: str
    samples: Ints | None = None


@dataclass(frozen=True, eq=False)
class FeatureMap:
    """Pictures as points in the plane.

    Attributes:
        wish: What was asked for.
        samples: Index of each picture in its split, shape (n,).
        labels: True class of each, shape (n,).
        points: Where each lies, shape (n, 2).
        spread: Share of the whole variance that lies along each of the two axes, 0…1.
        dimensions: How many numbers each picture was before.
        pixels: Whether those are the pixels themselves.
        whole: How many pictures are meant; more than are drawn where there are too many.
    """

    wish: MapWish
    samples: Ints
    labels: Ints
    points: Floats
    spread: tuple[float, float]
    dimensions: int
    pixels: bool
    whole: int


@dataclass(frozen=True, eq=False)
class EmbeddingStart:
    """What t-SNE starts from.

    Attributes:
        wish: What was asked for.
        samples: Index of each picture in its split, shape (n,).
        labels: True class of each, shape (n,).
        numbers: The scores of the first principal components, shape (n, k).
        dimensions: How many numbers each picture was before.
        pixels: Whether those are the pixels themselves.
        whole: How many pictures are meant.
    """

    wish: MapWish
    samples: Ints
    labels: Ints
    numbers: Floats
    dimensions: int
    pixels: bool
    whole: int


@dataclass(frozen=True, eq=False)
class Plane:
    """The plane in which points spread most.

    Attributes:
        points: Shape (n, 2), around the origin.
        spread: Share of the variance along each axis, 0…1.
    """

    points: Floats
    spread: tuple[float, float]


def principal_plane(numbers: Floats) -> Plane:
    """The first two principal components.

    An axis points to where the largest weight in it is positive, so that the same numbers always give the same map. A
    direction that does not exist (one dimension, no spread) is 0.

    Args:
        numbers: Shape (n, d), n ≥ 1.
    """
    scores, variances, total = _components(numbers, 2)
    first, second = (float(variance / total) if total > 0 else 0.0 for variance in variances)
    return Plane(scores.astype(np.float32), (first, second))


def principal_scores(numbers: Floats, most: int) -> Floats:
    """The scores of the first few principal components, shape (n, at most most); at least two."""
    count = max(2, min(most, *numbers.shape))
    return _components(numbers, count)[0].astype(np.float32)


def aligned(points: Floats, samples: Ints, before: Floats, samples_before: Ints) -> Floats:
    """A map turned, and mirrored if need be, so that its points lie as near as can be to where they lay before.

    It is not stretched: orthogonal Procrustes over the pictures that are in both, which looks at directions only.

    Args:
        points: The new map, shape (n, 2).
        samples: Index of each picture, shape (n,).
        before: The map before, shape (m, 2).
        samples_before: Index of each of its pictures, shape (m,).

    Returns:
        Shape (n, 2); unchanged where fewer than two pictures are in both.
    """
    _, here, there = np.intersect1d(samples, samples_before, return_indices=True)
    if len(here) < 2:
        return points
    new, old = points[here].astype(np.float64), before[there].astype(np.float64)
    left, _, right = np.linalg.svd((new - new.mean(axis=0)).T @ (old - old.mean(axis=0)))
    turned: Floats = (points.astype(np.float64) @ (left @ right)).astype(np.float32)
    return turned


def _components(numbers: Floats, count: int) -> tuple[Doubles, Doubles, float]:
    """Scores (n, count) and variances (count,) of the first components, and the whole variance."""
    centred = numbers.astype(np.float64)
    centred -= centred.mean(axis=0)
    samples, dimensions = centred.shape
    total = float((centred**2).sum()) / max(1, samples - 1)
    if samples < dimensions:
        axes = np.linalg.svd(centred, full_matrices=False)[2]
    else:
        axes = np.linalg.eigh(centred.T @ centred)[1].T[::-1]
    axes = axes[:count]
    axes = axes * np.where(axes[np.arange(len(axes)), np.abs(axes).argmax(axis=1)] < 0, -1.0, 1.0)[:, np.newaxis]
    scores = np.zeros((samples, count))
    scores[:, : len(axes)] = centred @ axes.T
    return scores, (scores**2).sum(axis=0) / max(1, samples - 1), total
