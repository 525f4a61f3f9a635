"""The smoothed line neither lags, nor overshoots, nor falls for a NaN."""

import time

import numpy as np
import pytest

from fmstudio.runs.smoothing import Smoothing


def _smoothed(values: np.ndarray, reach: int, pieces: int = 1) -> Smoothing:
    smoothing = Smoothing(reach)
    for piece in np.array_split(values.astype(np.float32), pieces):
        smoothing.extend(piece)
    return smoothing


def _slowly(values: np.ndarray, reach: int) -> np.ndarray:
    means = []
    for i in range(len(values)):
        h = min(reach, i // 4, max(len(values) - 1 - i, reach // 8))
        window = values[max(0, i - h) : i + h + 1].astype(np.float64)
        window = window[np.isfinite(window)]
        means.append(window.mean() if len(window) else np.nan)
    return np.array(means)


@pytest.mark.parametrize("count", [0, 1, 5, 8, 9, 64, 100, 700, 4_099])
@pytest.mark.parametrize("reach", [0, 3, 60])
def test_it_is_the_mean_over_the_centred_window(count: int, reach: int) -> None:
    values = np.random.default_rng(count).normal(size=count).astype(np.float32)
    values[5::7] = np.nan
    smoothing = _smoothed(values, reach, pieces=5)
    np.testing.assert_allclose(smoothing.at(np.arange(count)), _slowly(values, reach), rtol=1e-5, atol=1e-6)


def test_it_begins_on_the_first_value_and_does_not_lag_behind_a_steep_start() -> None:
    values = 0.3 + 2.0 * np.exp(-np.arange(2_000) / 50)
    line = _smoothed(values, 15).at(np.arange(2_000))
    assert line[0] == pytest.approx(values[0])
    np.testing.assert_allclose(line, values, rtol=0.03)


def test_it_does_not_lag_behind_at_the_end_of_a_long_descent() -> None:
    values = np.exp(-np.arange(4_000) / 500)
    line = _smoothed(values, 100).at(np.arange(4_000))
    assert line[-1] == pytest.approx(values[-1], rel=0.02)


def test_it_never_leaves_the_range_of_what_it_smooths() -> None:
    values = np.random.default_rng(2).choice([0.25, 3.0], 5_000).astype(np.float32)
    line = _smoothed(values, 40).at(np.arange(5_000))
    assert line.min() >= 0.25
    assert line.max() <= 3.0
    constant = _smoothed(np.full(5_000, 0.1, np.float32), 40).at(np.arange(5_000))
    assert (constant == np.float32(0.1)).all()


def test_a_huge_value_spoils_only_the_windows_that_hold_it() -> None:
    values = np.ones(10_000, np.float32)
    values[4_000] = 1e30
    line = _smoothed(values, 50, pieces=11).at(np.arange(10_000))
    assert (line[4_051:] == 1.0).all()
    assert (line[:3_950] == 1.0).all()


def test_what_lies_behind_stands_still() -> None:
    values = np.random.default_rng(4).normal(size=1_000).astype(np.float32)
    smoothing = _smoothed(values[:600], 30)
    before = smoothing.at(np.arange(569))
    smoothing.extend(values[600:])
    np.testing.assert_array_equal(smoothing.at(np.arange(569)), before)


def test_only_nan_gives_nan_and_no_warning() -> None:
    assert np.isnan(_smoothed(np.full(100, np.nan), 5).at(np.arange(100))).all()


def test_a_million_values_cost_little() -> None:
    values = np.random.default_rng(1).normal(size=1_000_000).astype(np.float32)
    smoothing = _smoothed(values, 25_000, pieces=100)
    start = time.perf_counter()
    smoothing.at(np.linspace(0, 999_999, 500).astype(np.int64))
    asked = time.perf_counter() - start
    assert asked < 0.1, "a point must not walk over its window"
