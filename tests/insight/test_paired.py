"""McNemar's test and the interval of a paired difference, against scipy and a published figure."""

import numpy as np
import pytest
from scipy.stats import binomtest, chi2

from fmstudio.insight.paired import EXACT_BELOW, difference_interval, mcnemar, winner


@pytest.mark.parametrize(("fixed", "broken"), [(0, 1), (5, 0), (3, 9), (1, 7), (12, 11), (2, 22), (10, 14)])
def test_few_pictures_give_the_exact_binomial_p(fixed: int, broken: int) -> None:
    assert fixed + broken < EXACT_BELOW
    assert mcnemar(fixed, broken) == pytest.approx(binomtest(fixed, fixed + broken, 0.5).pvalue, rel=1e-12)


@pytest.mark.parametrize(("fixed", "broken"), [(15, 10), (212, 187), (300, 120), (5, 95), (4000, 3900)])
def test_many_pictures_give_the_corrected_chi_square_p(fixed: int, broken: int) -> None:
    statistic = (abs(fixed - broken) - 1) ** 2 / (fixed + broken)
    assert mcnemar(fixed, broken) == pytest.approx(chi2.sf(statistic, 1), rel=1e-9)


def test_equal_numbers_are_no_evidence() -> None:
    assert [mcnemar(0, 0), mcnemar(7, 7), mcnemar(200, 200)] == [1.0, 1.0, 1.0]


def test_it_does_not_matter_which_run_is_named_first() -> None:
    assert mcnemar(30, 11) == mcnemar(11, 30)
    assert (winner(30, 11), winner(11, 30), winner(212, 187)) == ("b", "a", "")


def test_the_interval_of_bonett_and_price() -> None:
    low, high = difference_interval(1, 7, 21)  # airway hyper-responsiveness, Fagerland, Lydersen and Laake (2014)
    assert (low, high) == (pytest.approx(-0.508, abs=0.001), pytest.approx(-0.0133, abs=0.001))


def test_the_interval_holds_the_truth_as_often_as_it_says() -> None:
    generator = np.random.default_rng(0)
    held, trials, count = 0, 4000, 400
    for fixed, broken, _ in generator.multinomial(count, [0.06, 0.03, 0.91], size=trials).tolist():
        low, high = difference_interval(fixed, broken, count)
        held += low <= 0.03 <= high
    assert 0.94 <= held / trials <= 0.965


def test_the_interval_stays_within_what_is_possible() -> None:
    assert difference_interval(3, 0, 3)[1] <= 1
    assert difference_interval(0, 3, 3)[0] >= -1
