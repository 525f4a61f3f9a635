"""Bins of confidence, calibration errors and coverage against scikit-learn, torchmetrics and plain counting."""

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from sklearn.calibration import calibration_curve
from torchmetrics.functional.classification import binary_calibration_error

from fmstudio.insight.calibration import CALIBRATION_BINS, Sureness, sureness
from fmstudio.insight.intervals import wilson
from fmstudio.session.conditions import ConfidenceIn
from fmstudio.training.events import Predictions


def of(case: Predictions, bins: int = 100) -> Sureness:
    return sureness(case.confidence, case.right, bins)


def off_the_edges(case: Predictions, bins: int) -> NDArray[np.bool_]:
    """Where a confidence lies on no edge: on edges everybody counts differently."""
    edges = (np.arange(bins + 1) / bins).astype(np.float32)
    return ~np.isin(case.confidence, edges)


@pytest.mark.parametrize("bins", [10, 20, 15])
def test_accuracy_and_mean_confidence_of_each_bin_are_scikit_learns(case: Predictions, bins: int) -> None:
    part = case.part(off_the_edges(case, bins))
    ours = of(part, bins)
    right, said = calibration_curve(part.right, part.confidence.astype(np.float64), n_bins=bins)
    full = ours.count > 0
    np.testing.assert_allclose(ours.accuracy[full], right)
    np.testing.assert_allclose(ours.mean_confidence[full], said)
    assert np.isnan(ours.accuracy[~full]).all()


@pytest.mark.parametrize("bins", [10, 15])
@pytest.mark.parametrize(("norm", "name"), [("l1", "ece"), ("max", "mce")])
def test_the_calibration_errors_are_torchmetrics(case: Predictions, bins: int, norm: str, name: str) -> None:
    part = case.part(case.confidence < 1)  # torchmetrics gives 1 a bin of its own
    theirs = binary_calibration_error(
        torch.from_numpy(part.confidence.astype(np.float64)),
        torch.from_numpy(part.right.astype(np.int64)),
        n_bins=bins,
        norm=norm,
    )
    assert getattr(of(part, bins), name) == pytest.approx(float(theirs), abs=2e-6)


def test_a_bin_holds_what_the_condition_of_its_ends_holds(case: Predictions) -> None:
    for bins in (100, 20, 10):
        found = of(case).merged(bins)
        for place, (low, high) in enumerate(zip(found.edges[:-1], found.edges[1:], strict=True)):
            mask = ConfidenceIn(float(low), float(high)).mask(case)
            assert found.count[place] == mask.sum()
            assert found.right[place] == case.right[mask].sum()
        assert found.counted == len(case)


def test_merged_bins_are_those_that_are_counted_at_once(case: Predictions) -> None:
    merged, at_once = of(case).merged(CALIBRATION_BINS), of(case, CALIBRATION_BINS)
    np.testing.assert_array_equal(merged.count, at_once.count)
    np.testing.assert_array_equal(merged.right, at_once.right)
    assert merged.ece == pytest.approx(at_once.ece)
    with pytest.raises(ValueError, match="cannot be merged"):
        of(case).merged(30)


@pytest.mark.parametrize("place", [0, 37, 80, 100])
def test_coverage_is_what_plain_counting_gives(case: Predictions, place: int) -> None:
    found = of(case).above(place)
    answered = case.confidence >= np.float32(place / 100) if place < 100 else np.zeros(len(case), np.bool_)
    right = int(case.right[answered].sum())
    assert (found.answered, found.right, found.withheld) == (answered.sum(), right, (~answered).sum())
    assert found.right_share == (None if not answered.any() else pytest.approx(right / answered.sum()))
    assert found.withheld_share == pytest.approx((~answered).mean())
    assert found.interval == wilson(right, int(answered.sum()))


def test_the_errors_by_hand() -> None:
    confidence = np.array([0.95, 0.95, 0.55, 0.55], np.float32)
    found = sureness(confidence, np.array([True, False, True, True]), 10)
    assert found.ece == pytest.approx((2 * 0.45 + 2 * 0.45) / 4)
    assert found.mce == pytest.approx(0.45)
    assert found.said_share == pytest.approx(0.75)
    assert found.right_share == 0.75
    assert found.wrong.tolist() == [0] * 9 + [1]


def test_half_precision_lies_in_the_bin_of_the_number_that_is_kept() -> None:
    confidence = np.array([0.8, 1.0, 0.5, 0.99999], np.float16)
    found = sureness(confidence, np.ones(4, np.bool_), 10)
    assert found.count.tolist() == [0, 0, 0, 0, 0, 1, 0, 1, 0, 2]  # 0.8 is kept as 0.7998


def test_what_is_no_number_is_in_no_bin() -> None:
    found = sureness(np.array([np.nan, 0.5], np.float16), np.array([True, True]))
    assert found.counted == 1
    nothing = sureness(np.array([np.nan], np.float16), np.array([True]))
    assert (nothing.counted, nothing.ece, nothing.mce, nothing.right_share, nothing.said_share) == (0, *[None] * 4)
    assert nothing.above(50).right_share is None
    assert nothing.above(50).withheld_share is None
