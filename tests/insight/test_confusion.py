"""Confusion matrices against numbers counted by hand."""

import time

import numpy as np
import pytest

from fmstudio.insight.confusion import (
    Pair,
    class_figures,
    confusion_matrix,
    probability_sums,
    shares_of_predicted,
    shares_of_true,
    worst_pair,
)
from fmstudio.training.events import Predictions

LABELS = np.array([0, 0, 0, 0, 1, 1, 2, 2, 2, 2], np.int64)
PREDICTED = np.array([0, 0, 1, 2, 1, 1, 0, 0, 0, 2], np.int64)
MATRIX = np.array([[2, 1, 1, 0], [0, 2, 0, 0], [3, 0, 1, 0], [0, 0, 0, 0]], np.int64)


def test_rows_are_true_and_columns_are_predicted() -> None:
    matrix = confusion_matrix(LABELS, PREDICTED, 4)
    np.testing.assert_array_equal(matrix, MATRIX)
    assert matrix.dtype == np.int64


def test_narrow_integers_do_not_overflow() -> None:
    labels = np.full(3, 199, np.uint8)
    assert confusion_matrix(labels, labels, 200)[199, 199] == 3


def test_nothing_counted_is_a_matrix_of_zeros() -> None:
    empty = np.empty(0, np.int64)
    np.testing.assert_array_equal(confusion_matrix(empty, empty, 2), [[0, 0], [0, 0]])


@pytest.mark.parametrize(
    ("labels", "predicted"), [([0, 3], [0, 0]), ([0, 0], [0, 3]), ([0, -1], [0, 0]), ([0], [0, 0])]
)
def test_classes_that_are_not_there_are_a_bug_and_not_a_wrong_cell(labels: list[int], predicted: list[int]) -> None:
    with pytest.raises(ValueError, match=r"expected 0…2|predictions"):
        confusion_matrix(np.array(labels), np.array(predicted), 3)


def test_sixty_thousand_are_counted_at_once() -> None:
    generator = np.random.default_rng(0)
    labels, predicted = generator.integers(0, 10, (2, 60_000))
    begin = time.perf_counter()
    matrix = confusion_matrix(labels, predicted, 10)
    assert time.perf_counter() - begin < 0.5  # about 1 ms: catches only what counts one by one
    assert matrix.sum() == 60_000
    assert matrix[3, 4] == np.count_nonzero((labels == 3) & (predicted == 4))


def test_shares_of_true_and_of_predicted() -> None:
    nan = np.nan
    np.testing.assert_allclose(
        shares_of_true(MATRIX), [[0.5, 0.25, 0.25, 0], [0, 1, 0, 0], [0.75, 0, 0.25, 0], [nan, nan, nan, nan]]
    )
    np.testing.assert_allclose(
        shares_of_predicted(MATRIX), [[0.4, 1 / 3, 0.5, nan], [0, 2 / 3, 0, nan], [0.6, 0, 0.5, nan], [0, 0, 0, nan]]
    )


def test_figures_of_each_class() -> None:
    figures = class_figures(MATRIX)
    assert [figure.label for figure in figures] == [0, 1, 2, 3]
    assert [figure.support for figure in figures] == [4, 2, 4, 0]
    assert [figure.predicted for figure in figures] == [5, 3, 2, 0]
    assert [figure.right for figure in figures] == [2, 2, 1, 0]
    assert figures[0].precision == pytest.approx(2 / 5)
    assert figures[0].recall == pytest.approx(2 / 4)
    assert figures[0].f1 == pytest.approx(4 / 9)
    assert figures[1].recall == 1.0
    assert figures[1].f1 == pytest.approx(2 * (2 / 3) / (2 / 3 + 1))


def test_figures_of_what_was_not_counted_are_unknown_and_not_zero() -> None:
    never_there, never_answered = class_figures(np.array([[0, 0], [3, 0]], np.int64))
    assert (never_there.precision, never_there.recall, never_there.f1) == (0.0, None, 0.0)
    assert (never_answered.precision, never_answered.recall, never_answered.f1) == (None, 0.0, 0.0)
    nothing = class_figures(np.zeros((1, 1), np.int64))[0]
    assert (nothing.precision, nothing.recall, nothing.f1) == (None, None, None)


def test_the_worst_pair_is_the_largest_cell_off_the_diagonal() -> None:
    assert worst_pair(MATRIX) == Pair(true=2, predicted=0, count=3)
    assert worst_pair(np.array([[9, 1], [1, 9]], np.int64)) == Pair(0, 1, 1)


def test_without_a_mistake_there_is_no_worst_pair() -> None:
    assert worst_pair(np.diag(np.array([5, 6]))) is None
    assert worst_pair(np.zeros((3, 3), np.int64)) is None


@pytest.mark.parametrize("count", [0, 5, 9000])
def test_probabilities_are_added_up_by_true_class(count: int) -> None:
    chance = np.random.default_rng(count)
    labels = chance.integers(0, 4, count)
    probabilities = chance.dirichlet(np.ones(5), count).astype(np.float16).reshape(count, 5)
    losses = np.zeros(count, np.float32)
    given = Predictions(np.arange(count), labels, probabilities.argmax(1), losses, probabilities)
    expected = np.zeros((5, 5))
    np.add.at(expected, labels, probabilities.astype(np.float64))
    np.testing.assert_allclose(probability_sums(given, 5), expected, rtol=1e-5, atol=1e-6)
