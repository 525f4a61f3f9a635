"""t-SNE: neighbours found exactly, groups kept apart, always the same, and stopped at any time."""

import numpy as np
import pytest

from fmstudio.errors import UserError
from fmstudio.insight.network.neighbour_embedding import embed, nearest, small
from fmstudio.training.events import Floats

pytest.importorskip("openTSNE")


def groups(n: int = 200) -> Floats:
    rng = np.random.default_rng(2)
    centres = 10 * rng.normal(size=(4, 6))
    made: Floats = (centres[np.arange(n) % 4] + rng.normal(size=(n, 6))).astype(np.float32)
    return made


def never() -> bool:
    return False


def ignored(share: float, points: Floats) -> None:
    """Nobody listens."""


def test_neighbours_are_those_of_scikit_learn() -> None:
    neighbours = pytest.importorskip("sklearn.neighbors")
    numbers = np.random.default_rng(3).normal(size=(700, 5)).astype(np.float32)
    found = nearest(numbers, 12, never)
    assert found is not None
    distances, indices = neighbours.NearestNeighbors(n_neighbors=12, algorithm="brute").fit(numbers).kneighbors()
    assert np.array_equal(found[0], indices)
    assert np.allclose(found[1], distances, atol=1e-5)


def test_groups_stay_groups() -> None:
    numbers = groups()
    points = embed(numbers, numbers[:, :2], ignored, never)
    assert points is not None
    assert points.shape == (200, 2)
    found = nearest(points, 5, never)
    assert found is not None
    assert (found[0] % 4 == np.arange(200)[:, np.newaxis] % 4).mean() > 0.99


def test_it_is_the_same_every_time() -> None:
    numbers = groups(80)
    first, second = (embed(numbers, numbers[:, :2], ignored, never) for _ in range(2))
    assert first is not None
    assert second is not None
    assert np.array_equal(first, second)


@pytest.mark.parametrize("calls", [0, 1, 2, 5, 40])
def test_it_stops_when_it_is_told_to(calls: int) -> None:
    asked = iter([False] * calls)
    assert embed(groups(), groups()[:, :2], ignored, lambda: next(asked, True)) is None


def test_points_in_one_place_and_few_points_do_no_harm() -> None:
    same = np.ones((40, 3), np.float32)
    points = embed(same, same[:, :2], ignored, never)
    assert points is not None
    assert np.isfinite(points).all()
    few = groups(5)
    found = embed(few, few[:, :2], ignored, never)
    assert found is not None
    assert np.isfinite(found).all()
    with pytest.raises(UserError, match="at least four"):
        embed(few[:3], few[:3, :2], ignored, never)


def test_it_starts_small_and_in_the_same_arrangement() -> None:
    start = groups(50)[:, :2]
    placed = small(start)
    assert placed.std() < 2e-4
    assert np.corrcoef(placed[:, 0], start[:, 0])[0, 1] > 0.99
