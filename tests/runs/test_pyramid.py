"""The pyramid loses no spike, at no zoom, and takes new values in cheaply."""

import time

import numpy as np
import pytest

from fmstudio.runs.pyramid import Pyramid, nearest


def _pyramid(values: np.ndarray, pieces: int = 1) -> Pyramid:
    pyramid = Pyramid()
    for piece in np.array_split(values.astype(np.float32), pieces):
        pyramid.extend(piece)
    return pyramid


@pytest.mark.parametrize("count", [1_000, 5_003, 65_536, 300_001])
@pytest.mark.parametrize("points", [8, 100, 2000])
def test_no_window_loses_its_extremes_or_has_too_many_points(count: int, points: int) -> None:
    random = np.random.default_rng(count + points)
    values = random.normal(size=count).astype(np.float32)
    pyramid = _pyramid(values, pieces=7)
    for _ in range(60):
        first, last = sorted(random.integers(0, count, 2).tolist())
        x, y = pyramid.window(first, last, points)
        assert len(x) <= points
        assert first <= x[0] <= x[-1] <= last
        assert (np.diff(x) > 0).all()
        np.testing.assert_array_equal(y, values[x])
        assert y.min() == values[first : last + 1].min()
        assert y.max() == values[first : last + 1].max()


def test_every_single_spike_stays_visible_at_every_zoom() -> None:
    random = np.random.default_rng(3)
    values = np.ones(100_000, np.float32)
    spikes = np.sort(random.choice(100_000, 40, replace=False))
    values[spikes] = np.where(np.arange(40) % 2, 9.0, -9.0)
    pyramid = _pyramid(values, pieces=50)
    for width in (100, 3_000, 20_000, 100_000):
        for first in range(0, 100_000 - width + 1, max(1, width // 2)):
            shown, _ = pyramid.window(first, first + width - 1, 400)
            inside = spikes[(spikes >= first) & (spikes < first + width)]
            assert set(inside) <= set(shown.tolist())


def test_few_values_are_given_raw() -> None:
    values = np.arange(10_000, dtype=np.float32) ** 2
    pyramid = _pyramid(values)
    x, y = pyramid.window(2_500, 4_499, 2000)
    np.testing.assert_array_equal(x, np.arange(2_500, 4_500))
    np.testing.assert_array_equal(y, values[2_500:4_500])


def test_values_taken_in_one_by_one_give_the_same_picture() -> None:
    values = np.random.default_rng(0).normal(size=4_000).astype(np.float32)
    at_once, bit_by_bit = _pyramid(values), _pyramid(values, pieces=4_000)
    for window in ((0, 3_999), (17, 3_001), (100, 164)):
        np.testing.assert_array_equal(at_once.window(*window, 64), bit_by_bit.window(*window, 64))


def test_nan_and_infinity_hide_no_spike() -> None:
    values = np.zeros(50_000, np.float32)
    values[::3] = np.nan
    values[1::3] = np.inf
    values[20_000], values[20_001] = 5.0, -5.0
    pyramid = _pyramid(values, pieces=9)
    _, y = pyramid.window(0, 49_999, 200)
    assert np.nanmax(y[np.isfinite(y)]) == 5.0
    assert np.nanmin(y) == -5.0
    assert pyramid.bounds == (-5.0, 5.0)


def test_a_wide_gap_stays_a_gap() -> None:
    values = np.ones(50_000, np.float32)
    values[10_000:40_000] = np.nan
    x, y = _pyramid(values).window(0, 49_999, 400)
    assert np.isnan(y[(x > 11_000) & (x < 39_000)]).all()
    assert np.isfinite(y[(x < 10_000) | (x >= 40_000)]).all()


def test_a_window_outside_the_series_is_cut_to_it() -> None:
    pyramid = _pyramid(np.arange(10))
    assert pyramid.window(-5, 100)[0].tolist() == list(range(10))
    assert pyramid.window(50, 100)[0].tolist() == []
    assert Pyramid().window(0, 10)[1].tolist() == []
    assert Pyramid().bounds is None


def test_ten_million_values_are_drawn_at_once() -> None:
    values = np.random.default_rng(1).normal(size=10_000_000).astype(np.float32)
    pyramid = _pyramid(values, pieces=100)
    built = time.perf_counter()
    for first in range(0, 5_000_000, 500_000):
        x, _ = pyramid.window(first, first + 4_999_999)
    drawn = (time.perf_counter() - built) / 10
    assert len(x) > 1_500
    assert drawn < 0.1, "a window must not walk over the raw values"


def test_the_nearest_position() -> None:
    places = np.array([2, 5, 9])
    assert [nearest(places, place) for place in (-1, 3, 4, 8, 20)] == [0, 0, 1, 2, 2]
    assert nearest(np.array([], np.int64), 3) == -1
