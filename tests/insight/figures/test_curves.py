"""ROC and precision–recall against scikit-learn and torchmetrics, on the same half-precision probabilities."""

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from sklearn import metrics as theirs
from torchmetrics.functional.classification import binary_auroc, binary_average_precision

from fmstudio.insight.curves import class_curves, mean_area, precision_recall_curve, roc_curve
from fmstudio.training.events import Predictions


def one_against_the_rest(case: Predictions) -> list[tuple[NDArray[np.float16], NDArray[np.bool_]]]:
    pairs = [(case.probabilities[:, k], case.labels == k) for k in range(case.probabilities.shape[1])]
    return [(scores, positive) for scores, positive in pairs if 0 < positive.sum() < len(positive)]


def test_the_roc_curve_is_scikit_learns(case: Predictions) -> None:
    for scores, positive in one_against_the_rest(case):
        ours = roc_curve(scores, positive)
        assert ours is not None
        x, y, thresholds = theirs.roc_curve(positive, scores.astype(np.float64), drop_intermediate=False)
        np.testing.assert_allclose(ours.x, x)
        np.testing.assert_allclose(ours.y, y)
        np.testing.assert_array_equal(ours.thresholds, thresholds)
        assert ours.area == pytest.approx(theirs.roc_auc_score(positive, scores.astype(np.float64)), abs=1e-12)
        assert (ours.positives, ours.counted) == (positive.sum(), len(positive))


def test_the_precision_recall_curve_is_scikit_learns(case: Predictions) -> None:
    for scores, positive in one_against_the_rest(case):
        ours = precision_recall_curve(scores, positive)
        assert ours is not None
        precision, recall, thresholds = theirs.precision_recall_curve(positive, scores.astype(np.float64))
        np.testing.assert_allclose(ours.x, recall[-2::-1])
        np.testing.assert_allclose(ours.y, precision[-2::-1])
        np.testing.assert_array_equal(ours.thresholds, thresholds[::-1])
        area = theirs.average_precision_score(positive, scores.astype(np.float64))
        assert ours.area == pytest.approx(area, abs=1e-12)


def test_the_areas_are_torchmetrics(case: Predictions) -> None:
    for scores, positive in one_against_the_rest(case):
        given = torch.from_numpy(scores.astype(np.float64)), torch.from_numpy(positive.astype(np.int64))
        roc, precision_recall = roc_curve(scores, positive), precision_recall_curve(scores, positive)
        assert roc is not None
        assert precision_recall is not None
        assert roc.area == pytest.approx(float(binary_auroc(*given)), abs=1e-5)
        assert precision_recall.area == pytest.approx(float(binary_average_precision(*given)), abs=1e-5)


def test_half_precision_is_counted_by_its_bits_as_if_it_were_sorted(case: Predictions) -> None:
    for scores, positive in one_against_the_rest(case):
        for kind in (roc_curve, precision_recall_curve):
            quick, slow = kind(scores, positive), kind(scores.astype(np.float64), positive)
            assert quick is not None
            assert slow is not None
            np.testing.assert_array_equal(quick.x, slow.x)
            np.testing.assert_array_equal(quick.y, slow.y)
            np.testing.assert_array_equal(quick.thresholds, slow.thresholds)
            assert quick.area == slow.area


def test_rounding_to_half_precision_hardly_moves_the_area() -> None:
    generator = np.random.default_rng(1)
    positive = generator.random(10_000) < 0.1
    scores = 1 / (1 + np.exp(-(generator.normal(size=10_000) * 4 + np.where(positive, 3.0, -6.0))))
    for kind, far in ((roc_curve, 1e-3), (precision_recall_curve, 5e-3)):
        exact, rounded = kind(scores, positive), kind(scores.astype(np.float16), positive)
        assert exact is not None
        assert rounded is not None
        assert len(rounded.x) < len(exact.x)
        assert rounded.area == pytest.approx(exact.area, abs=far)


@pytest.mark.parametrize("dtype", [np.float16, np.float64])
def test_undefined_is_none_and_not_zero(dtype: type[np.floating]) -> None:
    scores = np.array([0.2, 0.7, 0.7], dtype)
    nothing, everything = np.zeros(3, np.bool_), np.ones(3, np.bool_)
    assert roc_curve(scores, nothing) is None
    assert roc_curve(scores, everything) is None
    assert precision_recall_curve(scores, nothing) is None
    whole = precision_recall_curve(scores, everything)
    assert whole is not None
    assert whole.area == 1.0
    for kind in (roc_curve, precision_recall_curve):
        assert kind(scores[:0], nothing[:0]) is None


@pytest.mark.parametrize("dtype", [np.float16, np.float64])
def test_what_is_no_number_is_left_out(dtype: type[np.floating]) -> None:
    scores = np.array([0.9, np.nan, 0.1, np.nan, -0.0], dtype)
    positive = np.array([True, True, False, False, False])
    found = roc_curve(scores, positive)
    assert found is not None
    assert (found.area, found.positives, found.counted) == (1.0, 1, 3)
    assert roc_curve(np.full(4, np.nan, dtype), positive[:4]) is None


def test_the_mean_is_over_the_classes_that_have_a_curve() -> None:
    labels = np.array([0, 0, 1, 1])
    shares = np.array([[0.9, 0.1, 0], [0.8, 0.2, 0], [0.3, 0.7, 0], [0.85, 0.15, 0]], np.float16)
    made = Predictions(np.arange(4), labels, shares.argmax(1), np.zeros(4, np.float32), shares)
    curves = class_curves(made, roc_curve)
    assert [None if curve is None else curve.area for curve in curves] == [0.75, 0.75, None]
    assert mean_area(curves) == (0.75, 2)
    assert mean_area((None,)) == (None, 0)
