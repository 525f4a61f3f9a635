"""Wilson's interval against scipy's, and the words for it."""

import pytest
from scipy.stats import binomtest

from fmstudio.insight.intervals import interval_words, shown_interval, wilson


@pytest.mark.parametrize(
    ("right", "counted"),
    [(0, 1), (1, 1), (0, 20), (20, 20), (7, 19), (83, 100), (621, 1000), (8790, 10_000), (1, 10**6)],
)
def test_it_is_scipys(right: int, counted: int) -> None:
    theirs = binomtest(right, counted).proportion_ci(0.95, "wilson")
    assert wilson(right, counted) == pytest.approx((theirs.low, theirs.high), abs=1e-12)


def test_of_nothing_there_is_none() -> None:
    assert wilson(0, 0) is None


@pytest.mark.parametrize("counted", [1, 3, 20, 999])
def test_it_ends_exactly_at_nothing_and_at_all(counted: int) -> None:
    nothing, everything = wilson(0, counted), wilson(counted, counted)
    assert nothing is not None
    assert everything is not None
    assert nothing[0] == 0.0
    assert everything[1] == 1.0


def test_it_is_shown_below_a_thousand_pictures() -> None:
    assert shown_interval(500, 999) == wilson(500, 999)
    assert shown_interval(500, 1000) is None
    assert shown_interval(0, 0) is None


@pytest.mark.parametrize(
    ("interval", "words"), [((0.408, 0.846), "41–85 %"), ((0.8725, 0.8851), "87.2–88.5 %"), ((0.0, 0.16), "0–16 %")]
)
def test_it_is_said_in_per_cent(interval: tuple[float, float], words: str) -> None:
    assert interval_words(interval) == words
