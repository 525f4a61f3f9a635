"""The marks on the axes are round numbers, few enough, and say what they mean."""

import math

import pytest

from fmstudio.ui.plots import ticks


def _labels(marks: list[ticks.Tick]) -> list[str]:
    return [label for _, label in marks]


@pytest.mark.parametrize(
    ("low", "high", "most", "labels"),
    [
        (0, 2.5, 5, ["0", "0.5", "1.0", "1.5", "2.0", "2.5"]),
        (0, 0.01, 2, ["0", "0.005", "0.010"]),
        (0, 1e-5, 2, ["0", "5e-6", "1e-5"]),
        (-3, 3, 3, ["-2", "0", "2"]),
        (0, 3e8, 3, ["0", "1e8", "2e8", "3e8"]),
        (84.2, 85.1, 5, ["84.2", "84.4", "84.6", "84.8", "85.0"]),
    ],
)
def test_round_numbers(low: float, high: float, most: int, labels: list[str]) -> None:
    assert _labels(ticks.number_ticks(low, high, most)) == labels


def test_shares_are_said_in_per_cent_and_never_beyond_a_hundred() -> None:
    marks = ticks.percent_ticks(-0.035, 1.035, 6)
    assert _labels(marks) == ["0 %", "20 %", "40 %", "60 %", "80 %", "100 %"]
    assert [place for place, _ in marks] == pytest.approx([0, 0.2, 0.4, 0.6, 0.8, 1])
    assert _labels(ticks.percent_ticks(0.8421, 0.8463, 5)) == ["84.3 %", "84.4 %", "84.5 %", "84.6 %"]


@pytest.mark.parametrize(
    ("low", "high", "most", "labels"),
    [
        (0.2, 5.0, 6, ["0.2", "0.5", "1", "2", "5"]),
        (0.2, 5.0, 4, ["0.3", "1", "3"]),
        (1e-4, 10, 6, ["0.0001", "0.001", "0.01", "0.1", "1", "10"]),
        (1e-7, 1, 4, ["1e-6", "0.0001", "0.01", "1"]),
        (0.31, 0.38, 4, ["0.32", "0.34", "0.36", "0.38"]),
    ],
)
def test_a_logarithmic_axis_has_round_numbers_too(low: float, high: float, most: int, labels: list[str]) -> None:
    marks = ticks.log_ticks(math.log10(low) - 1e-9, math.log10(high) + 1e-9, most)
    assert _labels(marks) == labels
    for place, label in marks:
        assert 10**place == pytest.approx(float(label))


def test_ranges_end_on_round_numbers_and_hold_zero() -> None:
    assert ticks.round_range(0.3, 2.31) == (0.0, 2.5)
    assert ticks.round_range(-1.2, 0.7) == (-1.5, 0.8)
    assert ticks.round_range(0.0, 0.0) == (0.0, 1.0)
    assert ticks.round_log_range(0.031, 2.3) == pytest.approx((math.log10(0.02), math.log10(5)))
    assert ticks.round_log_range(0.1, 0.1) == pytest.approx((-2, 0))


def test_epochs_are_marked_at_their_ends() -> None:
    assert ticks.epoch_ticks(-10, 938, 469, 6) == [(469, "epoch 1"), (938, "epoch 2")]


def test_many_epochs_are_marked_now_and_then() -> None:
    assert _labels(ticks.epoch_ticks(0, 2_000, 100, 5)) == ["epoch 5", "epoch 10", "epoch 15", "epoch 20"]
    assert _labels(ticks.epoch_ticks(0, 30_000, 1, 3)) == ["epoch 10,000", "epoch 20,000", "epoch 30,000"]


def test_within_an_epoch_steps_are_marked() -> None:
    assert _labels(ticks.epoch_ticks(1_200, 1_300, 469, 2)) == ["step 1,200", "step 1,250", "step 1,300"]
