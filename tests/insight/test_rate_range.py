"""What is suggested: on curves whose answers are known."""

from collections.abc import Callable

import numpy as np
import pytest

from fmstudio.experiment.draft import changed
from fmstudio.experiment.lessons import lesson
from fmstudio.experiment.reading import read_spec
from fmstudio.insight.rate_range import (
    longest_fall,
    plain,
    remarks,
    rounded,
    sentence,
    steepest,
    suggestions,
    valley,
)
from fmstudio.training.control import Control
from fmstudio.training.events import EpochEnded
from fmstudio.training.loop import Training
from fmstudio.training.rate_finder import find_rates
from fmstudio.training.rate_points import LOWEST, STEPS, RatePoint, RateRange

SPEC = read_spec({"optimizer": {"kind": "sgd"}})
RATES = np.geomspace(LOWEST, 10, STEPS)
Curve = Callable[[np.ndarray], np.ndarray]


def fall(middle: float, width: float = 1.0) -> Curve:
    """Flat, a slope with its middle there, flat again."""
    return lambda rates: 0.5 + 2 / (1 + np.exp(2 * (np.log10(rates) - np.log10(middle)) / width))


def found(losses: np.ndarray, end: str = "exploded") -> RateRange:
    pairs = zip(RATES, losses, strict=False)
    points = tuple(RatePoint(step, float(rate), float(loss), float(loss)) for step, (rate, loss) in enumerate(pairs, 1))
    return RateRange(points, LOWEST, 10, end)  # type: ignore[arg-type]


def usual(middle: float = 0.01, lowest: float = 0.3) -> np.ndarray:
    """The loss falls, and leaps where it was lowest."""
    losses = fall(middle)(RATES)
    return np.where(lowest < RATES, losses + 5 * np.log10(RATES / lowest), losses)


def rate_of(key: str, losses: np.ndarray, end: str = "exploded") -> float:
    return next(one.rate for one in suggestions(found(losses, end), SPEC) if one.key == key)


def test_the_steepest_place_is_the_middle_of_the_slope() -> None:
    assert steepest(RATES, fall(0.01)(RATES)) == pytest.approx(0.01, rel=0.25)


def test_a_single_spike_is_not_the_steepest_place() -> None:
    losses = fall(0.01)(RATES)
    losses[12] += 0.05
    assert steepest(RATES, losses) == pytest.approx(0.01, rel=0.25)


def test_the_valley_lies_half_way_along_the_fall() -> None:
    losses = np.concatenate([np.full(30, 2.0), np.linspace(2, 1, 40)[1:], np.linspace(1, 9, 31)])
    start, end = longest_fall(losses)
    assert (start, end) == (28, 68)
    assert valley(RATES, losses) == RATES[28 + 13 + 6]


def test_a_fall_with_gaps_is_one_valley() -> None:
    assert longest_fall(np.array([5.0, 4, 9, 3, 9, 2, 9, 1, 9])) == (2, 7)


def test_a_tenth_of_the_minimum() -> None:
    assert rate_of("tenth", usual(lowest=0.3)) == pytest.approx(0.03)
    assert rate_of("tenth", usual(lowest=3.0)) == pytest.approx(0.3)


def test_ours_lies_half_way_between_two_of_them() -> None:
    losses = usual(0.001, 0.9)
    assert (rate_of("steepest", losses), rate_of("tenth", losses)) == (0.001, 0.09)
    assert rate_of("middle", losses) == 0.01


def test_one_of_them_is_ours_and_comes_first() -> None:
    made = suggestions(found(usual()), SPEC)
    assert [one.ours for one in made] == [True, False, False, False]
    assert all(LOWEST <= one.rate <= 10 for one in made)
    assert len({one.title for one in made}) == 4
    assert all(one.reason.endswith(".") for one in made)


@pytest.mark.parametrize(
    "losses",
    [np.full(100, 2.3), np.linspace(2.3, 9, 100), usual()[:8], np.full(100, np.nan), np.empty(0)],
    ids=["flat", "rising", "too short", "unknown", "nothing"],
)
def test_where_nothing_falls_nothing_is_suggested(losses: np.ndarray) -> None:
    made = suggestions(found(losses, "whole"), SPEC)
    assert made == ()
    assert "At no rate does the loss fall" in sentence(found(losses, "whole"), made)


def test_what_is_not_finite_at_the_end_is_left_out() -> None:
    losses = usual()
    assert rate_of("tenth", np.append(losses[:90], np.inf), "infinite") == pytest.approx(0.03)


def test_negative_losses_are_losses_too() -> None:
    assert rate_of("tenth", usual() - 5) == pytest.approx(0.03)


@pytest.mark.parametrize(
    ("rate", "shown"), [(0.0123, 0.01), (0.0141, 0.015), (0.0032, 0.003), (0.096, 0.1), (1.5e-6, 1.5e-6), (9.9, 10)]
)
def test_rates_are_rounded_to_what_one_would_type(rate: float, shown: float) -> None:
    assert rounded(rate) == pytest.approx(shown, rel=1e-12)


def test_rates_are_plain_numbers() -> None:
    assert [plain(value) for value in (0.003, 1.0, 3e-5, 0.15000000000000002)] == ["0.003", "1", "3e-5", "0.15"]


def test_the_sentence_says_what_and_where_it_ended() -> None:
    made = suggestions(found(usual()), SPEC)
    assert sentence(found(usual()), made) == "A learning rate of 0.015 looks good. At 10 the loss leapt up."
    assert "became infinite" in sentence(found(usual(), "infinite"), made)
    assert sentence(found(usual(), "whole"), made) == "A learning rate of 0.015 looks good."
    assert sentence(found(usual()[:20], "stopped"), ()) == "The search was given up."


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"schedule": {"kind": "one-cycle"}}, "the highest rate"),
        ({"schedule": {"kind": "cosine"}}, "starts from"),
        ({"schedule": {"kind": "constant", "warm_up": 1}}, "starts from"),
        ({"optimizer": {"kind": "adadelta"}}, "Adadelta finds its own step lengths"),
    ],
)
def test_what_the_test_leaves_out_is_said(values: dict[str, object], said: str) -> None:
    assert any(said in words for words in remarks(read_spec(values)))


def test_of_a_constant_rate_there_is_nothing_to_say() -> None:
    assert remarks(SPEC) == ()


def test_our_suggestion_trains_nearly_as_well_as_the_best_rate_of_a_scale() -> None:
    """On a piece of the lesson on softmax."""
    draft = lesson("softmax").draft
    small = [("dataset.train_size", 8000), ("dataset.test_size", 2000), ("epochs", 3), ("batch_size", 32)]

    def right(lr: float) -> float:
        spec = read_spec(changed(draft, [*small, ("optimizer.lr", lr)]))
        told = Training(spec, Control()).events()
        return [event.test_accuracy for event in told if isinstance(event, EpochEnded)][-1]

    spec = read_spec(changed(draft, small))
    ours = next(one.rate for one in suggestions(find_rates(spec, lambda: False), spec) if one.ours)
    assert right(ours) > max(right(lr) for lr in (0.001, 0.1, 1.0)) - 0.03
