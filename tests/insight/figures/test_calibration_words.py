"""What is said about how sure a network is."""

import numpy as np
import pytest

from fmstudio.insight.calibration import Coverage, Sureness, sureness
from fmstudio.insight.calibration_words import (
    answer_words,
    answered_words,
    area_words,
    calibration_words,
    error_words,
    histogram_words,
    reliability_words,
)


def bins(*parts: tuple[float, int, int]) -> Sureness:
    """So many pictures with a confidence, of which so many are right."""
    confidence = np.concatenate([np.full(count, sure) for sure, count, _ in parts])
    right = np.concatenate([np.arange(count) < hits for _, count, hits in parts])
    return sureness(confidence.astype(np.float32), right, 10)


@pytest.mark.parametrize(
    ("coverage", "words", "numbers"),
    [
        (
            Coverage(0.8, 10_000, 8800, 8272),
            "Answer only when at least 80 % sure:\n94.0 % right, 12.0 % withheld",
            "8,800 of 10,000 answered, 8,272 right",
        ),
        (
            Coverage(0.8, 200, 150, 149),
            "Answer only when at least 80 % sure:\n99 % right, 25 % withheld",
            "150 of 200 answered, 149 right (96.3–99.9 %)",
        ),
        (
            Coverage(0.0, 200, 200, 100),
            "Answer only when at least 0 % sure:\n50 % right, nothing withheld",
            "200 of 200 answered, 100 right (43–57 %)",
        ),
        (
            Coverage(0.99, 200, 0, 0),
            "Answer only when at least 99 % sure:\nnothing is answered",
            "0 of 200 answered, 0 right",
        ),
        (
            Coverage(0.99, 200, 3, 3),
            "Answer only when at least 99 % sure:\n100 % right, 98 % withheld",
            "3 of 200 answered: too few to judge",
        ),
    ],
)
def test_what_a_threshold_brings(coverage: Coverage, words: str, numbers: str) -> None:
    assert answer_words(coverage) == words
    assert answered_words(coverage) == numbers


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (bins((0.9, 1000, 830)), "On average it says 90 % and is right 83 %: too sure."),
        (bins((0.7, 1000, 830)), "On average it says 70 % and is right 83 %: not sure enough."),
        (bins((0.836, 1000, 830)), "On average it says 84 % and is right 83 %: as sure as it should be."),
        (bins((0.9, 12, 6)), "12 pictures: too few to judge"),
        (bins((np.nan, 30, 6)), ""),
    ],
)
def test_what_it_says_beside_what_is_right(found: Sureness, words: str) -> None:
    assert calibration_words(found) == words


def test_the_errors_say_over_how_many_pictures_and_the_worst_bin_must_have_enough() -> None:
    found = bins((0.95, 1000, 880), (0.25, 10, 10))
    assert error_words(found) == "Off by 7.7 points on average (ECE), 7.0 at most · 1,010 pictures"
    spread = bins(*[(0.05 + place / 10, 10, 5) for place in range(10)])
    assert error_words(spread) == "Too few pictures in every bin to judge"
    assert error_words(bins((0.9, 12, 6))) == ""


def test_each_bin_says_its_numbers() -> None:
    found = bins((0.9, 1000, 830), (0.55, 40, 30), (0.25, 1, 0))
    assert histogram_words(found, 9) == "90–100 % sure: 1,000 pictures, 830 right (83 %)"
    assert histogram_words(found, 2) == "20–30 % sure: 1 picture, 0 right (0 %)"
    assert histogram_words(found, 0) == "0–10 % sure: no picture"
    assert reliability_words(found, 9) == "Says 90 %, is right 83 % · 1,000 pictures"
    assert reliability_words(found, 5) == "Says 55 %, is right 75 % · 40 pictures\n95 % interval: 60–86 %"
    assert reliability_words(found, 2) == "20–30 % sure: 1 picture, too few to judge"
    assert reliability_words(found, 0) == "0–10 % sure: no picture"


@pytest.mark.parametrize(
    ("area", "words"), [(0.9812, "AUC 0.981"), (1.0, "AUC 1.000"), (0.99999, "AUC 0.999"), (None, "AUC –")]
)
def test_an_area_is_one_only_where_nothing_is_missed(area: float | None, words: str) -> None:
    assert area_words("AUC", area) == words
