"""The map of principal components: scikit-learn's, always the same way round, and steady from epoch to epoch."""

import numpy as np
import pytest

from fmstudio.insight.projection import aligned, principal_plane, principal_scores
from fmstudio.training.events import Floats


def cloud(n: int, d: int, seed: int = 0) -> Floats:
    rng = np.random.default_rng(seed)
    made: Floats = (rng.normal(size=(n, d)) * np.linspace(3, 0.3, d) + 5).astype(np.float32)
    return made


@pytest.mark.parametrize(("n", "d"), [(500, 20), (40, 100), (64, 64), (3, 2)])
def test_it_is_the_map_of_scikit_learn(n: int, d: int) -> None:
    decomposition = pytest.importorskip("sklearn.decomposition")
    numbers = cloud(n, d)
    plane = principal_plane(numbers)
    reference = decomposition.PCA(2, svd_solver="full").fit(numbers.astype(np.float64))
    expected = reference.transform(numbers.astype(np.float64))
    signs = np.sign((plane.points * expected).sum(axis=0))
    assert np.allclose(plane.points * signs, expected, atol=1e-3)
    assert np.allclose(plane.spread, reference.explained_variance_ratio_, atol=1e-6)


def test_more_scores_are_those_of_scikit_learn() -> None:
    decomposition = pytest.importorskip("sklearn.decomposition")
    numbers = cloud(200, 30)
    expected = decomposition.PCA(10).fit_transform(numbers.astype(np.float64))
    assert np.allclose(np.abs(principal_scores(numbers, 10)), np.abs(expected), atol=1e-3)
    assert principal_scores(cloud(4, 3), 50).shape == (4, 3)


def test_the_axes_point_the_same_way_whatever_the_order_of_the_pictures() -> None:
    numbers = cloud(300, 12)
    order = np.random.default_rng(5).permutation(300)
    assert np.allclose(principal_plane(numbers).points[order], principal_plane(numbers[order]).points, atol=1e-3)


def test_no_spread_and_one_dimension_are_no_accident() -> None:
    still = principal_plane(np.ones((10, 4), np.float32))
    assert still.spread == (0.0, 0.0)
    assert not still.points.any()
    line = principal_plane(np.arange(10, dtype=np.float32)[:, np.newaxis])
    assert line.spread == (1.0, 0.0)
    assert np.allclose(line.points[:, 0], np.arange(10) - 4.5)
    assert principal_plane(np.ones((1, 3), np.float32)).points.shape == (1, 2)


@pytest.mark.parametrize("mirror", [1.0, -1.0])
def test_a_turned_map_lies_where_it_lay_before(mirror: float) -> None:
    before = cloud(100, 2)
    before -= before.mean(axis=0)
    angle = 2.3
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]) * [1.0, mirror]
    turned = (before @ turn).astype(np.float32)
    samples = np.arange(100)
    assert np.allclose(aligned(turned, samples, before, samples), before, atol=1e-3)


def test_only_what_is_in_both_maps_decides_and_nothing_is_stretched() -> None:
    before = cloud(60, 2) - 5
    later = 3 * before[20:] @ np.array([[0.0, -1.0], [1.0, 0.0]], np.float32)
    found = aligned(later.astype(np.float32), np.arange(20, 60), before, np.arange(60))
    assert np.allclose(found, 3 * before[20:], atol=0.05)
    alone = cloud(5, 2)
    assert aligned(alone, np.arange(5), before, np.arange(100, 160)) is alone
