"""Points with a known rule, what was learned of it, and the loss round it."""

import itertools

import numpy as np
import pytest

from fmstudio.catalog.datasets import Linear
from fmstudio.insight.regression import (
    LinearFit,
    current_fit,
    dataset_of,
    kept_fit,
    learns_numbers,
    link_of,
    number_answers,
    number_points,
    thinned,
)
from fmstudio.insight.surface import levels, loss_surface, lowest_place, span_of
from fmstudio.runs.run import Run
from fmstudio.schema.problem import InvalidSpecError
from fmstudio.training.events import ParametersMoved, StepsTaken

LINE = Linear(w=(3.0,), b=0.8, noise=0.0, n=50, test_n=40, distribution="uniform")
PLANE = Linear(n=300, test_n=50)


def test_the_points_of_a_spec_are_found_again() -> None:
    assert dataset_of({"dataset": {"kind": "linear", "w": [1.5], "n": 7}}) == Linear(w=(1.5,), n=7)
    assert dataset_of({"dataset": {"kind": "fashion-mnist"}}) is None
    assert dataset_of({}) is None
    with pytest.raises(InvalidSpecError, match=r"dataset\.n"):
        dataset_of({"dataset": {"kind": "linear", "n": 0}})


def test_a_run_says_before_its_first_answers_that_it_learns_numbers() -> None:
    assert learns_numbers(Run({"dataset": {"kind": "linear"}}))
    assert not learns_numbers(Run({"dataset": {"kind": "fashion-mnist"}}))
    assert not learns_numbers(Run())


def test_all_points_are_taken_but_of_a_huge_set_only_some_of_the_same_rule() -> None:
    points = number_points(LINE)
    assert points.whole
    assert np.array_equal(points.train_x, LINE.points("train")[0])
    huge = number_points(Linear(w=(1.0,) * 100, n=1_000_000, test_n=1_000_000, noise=0.0, b=1.0))
    assert not huge.whole
    assert huge.train_x.size <= 4_000_000
    assert huge.train_y == pytest.approx(huge.train_x.sum(axis=1) + 1, abs=1e-3)


def test_points_are_thinned_evenly() -> None:
    assert thinned(5, 10).tolist() == [0, 1, 2, 3, 4]
    rows = thinned(10_000, 2000)
    assert len(set(rows.tolist())) == 2000
    assert (rows[0], rows[-1]) == (0, 9999)
    assert set(np.diff(rows).tolist()) <= {4, 5, 6}


def test_what_was_learned_is_read_from_the_path(number_run) -> None:
    run = number_run(PLANE, epochs=200, lr=0.1)
    fit = current_fit(run)
    assert fit is not None
    assert fit.parameters == pytest.approx([2.0, -3.4, 4.2], abs=0.05)
    assert fit(np.array([[1.0, 1.0]]))[0] == pytest.approx(2.8, abs=0.1)
    assert current_fit(number_run(PLANE, path=False)) is None


def test_a_run_that_ended_shows_the_network_that_was_kept(number_run) -> None:
    run = number_run(LINE, epochs=4, end="")
    first = run.path[1].values[-1]
    object.__setattr__(run.epochs[1], "validation_loss", 0.1)
    for epoch in run.epochs[2:]:
        object.__setattr__(epoch, "validation_loss", 5.0)
    assert kept_fit(run).parameters == pytest.approx(run.path[-1].values[-1])
    run.ended = object.__new__(type(number_run(LINE).ended))
    object.__setattr__(run.ended, "status", "finished")
    assert kept_fit(run).parameters == pytest.approx(first)


def test_a_rate_is_the_exponential_of_the_output() -> None:
    assert link_of({"loss": {"kind": "poisson-nll"}}) == "exp"
    assert link_of({"loss": {"kind": "poisson-nll", "log_input": False}}) == "softplus"
    assert link_of({"loss": {"kind": "huber"}}) == link_of({}) == link_of({"loss": {"kind": "?"}}) == ""
    assert LinearFit(np.array([0.0]), 1.0, "exp")(np.zeros((1, 1)))[0] == pytest.approx(np.e)
    assert LinearFit(np.array([0.0]), 0.0, "softplus")(np.zeros((1, 1)))[0] == pytest.approx(np.log(2))


def test_answers_are_those_of_the_weights_where_these_are_newer(number_run) -> None:
    run, points = number_run(LINE, epochs=2, end=""), number_points(LINE)
    assert number_answers(run, points) is run.epochs[-1].predictions
    run.apply(StepsTaken(step=3, epoch=3, losses=np.ones(1, np.float32), rates=np.ones(1, np.float32), seconds=1.0))
    run.apply(ParametersMoved(steps=np.array([3]), values=np.array([[3.0, 0.8]], np.float32)))
    newest = number_answers(run, points)
    assert newest.mae == pytest.approx(0, abs=1e-6)
    assert np.array_equal(newest.targets, points.test_y)
    assert number_answers(Run(run.spec), points) is None


@pytest.mark.parametrize(("kind", "cost"), [("mse", 9.0), ("l1", 3.0), ("huber", 2.5), ("smooth-l1", 2.5)])
def test_the_valley_is_that_of_the_chosen_loss(kind: str, cost: float) -> None:
    points = number_points(LINE)
    surface = loss_surface(points, {"loss": {"kind": kind}}, (3.0, 4.0), (0.8, 3.8))
    assert surface.losses[0, 0] == surface.losses.min() == pytest.approx(0, abs=1e-6)
    assert surface.losses[-1, 0] == pytest.approx(cost), "three too high everywhere, at the true slope"


def test_half_of_the_squared_error_is_half_as_high() -> None:
    points = number_points(LINE)
    whole, half = (loss_surface(points, {"loss": {"kind": "mse", "half": on}}, (0, 4), (0, 2)) for on in (False, True))
    assert half.losses == pytest.approx(whole.losses / 2)


def test_over_two_weights_the_bias_is_held_at_its_true_value() -> None:
    surface = loss_surface(number_points(PLANE), {"loss": {"kind": "l1"}}, (1.0, 3.0), (-4.4, -2.4))
    row, column = np.unravel_index(surface.losses.argmin(), surface.losses.shape)
    assert np.linspace(1, 3, surface.losses.shape[1])[column] == pytest.approx(2, abs=0.1)
    assert np.linspace(-4.4, -2.4, surface.losses.shape[0])[row] == pytest.approx(-3.4, abs=0.1)


def test_rates_have_a_valley_too() -> None:
    counts = Linear(w=(1.0,), b=8.0, noise=0.0, n=200, distribution="uniform")
    points, spec = number_points(counts), {"loss": {"kind": "poisson-nll"}}
    low = lowest_place(points, link_of(spec))
    surface = loss_surface(points, spec, (low[0] - 0.5, low[0] + 0.5), (low[1] - 0.5, low[1] + 0.5))
    row, column = np.unravel_index(surface.losses.argmin(), surface.losses.shape)
    assert abs(row - surface.losses.shape[0] / 2) < 4
    assert abs(column - surface.losses.shape[1] / 2) < 6


def test_a_range_holds_start_truth_and_lowest_place_but_not_what_ran_away() -> None:
    low, high = span_of(np.array([0.0, 1.0, 1e20, np.nan]), 3.0, 3.5)
    assert low < 0
    assert 3.5 < high < 50


def test_the_same_path_has_the_same_range_however_much_of_it_was_seen_before() -> None:
    path = 0.5 + np.cumsum(np.random.default_rng(0).normal(0, 0.2, 400))
    path[0] = 0.5
    spans = [span_of(path[:count], 0.8, 0.8) for count in range(1, len(path) + 1)]
    assert all(after[0] <= before[0] and after[1] >= before[1] for before, after in itertools.pairwise(spans))
    assert len(set(spans)) < 20, "it seldom changes"
    assert spans[-1][0] <= path.min()
    assert path.max() <= spans[-1][1]


def test_a_start_near_zero_leaves_the_range_as_it_was_before_training() -> None:
    assert span_of(np.empty(0), 3.0, 3.0) == span_of(np.array([0.4, 1.0, 2.9]), 3.0, 3.0)


def test_heights_show_the_bottom_and_survive_infinity() -> None:
    heights = levels(np.array([[0.0, 0.1], [10.0, np.inf]]), 10)
    assert heights.min() == 0
    assert heights.max() == 10
    assert heights[0, 1] > 1, "a hundredth of the height is not flat"
    assert np.isfinite(levels(np.full((2, 2), np.nan), 10)).all()
