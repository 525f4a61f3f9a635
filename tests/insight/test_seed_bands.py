"""Runs that differ in their seed alone, and whether two recipes differ by more than that."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from fmstudio.experiment.draft import changed
from fmstudio.experiment.spec import ExperimentSpec, to_mapping
from fmstudio.insight.seed_bands import (
    beside_seeds,
    compare_seeds,
    repetitions,
    seed_sentence,
    setting_effects,
    single_difference,
    student_quantile,
    welch,
)
from fmstudio.runs.summary import RunSummary


def summary(seed: int, accuracy: float | None = 0.8, *changes: tuple[str, object], **more: object) -> RunSummary:
    spec = changed(to_mapping(ExperimentSpec()), [*changes, ("seed", seed)])
    best = {} if accuracy is None else {"test_accuracy": accuracy}
    return RunSummary(id=f"{seed}{changes}", folder="", spec=spec, best=best, state="finished", **more)  # type: ignore[arg-type]


def group(values: Sequence[float], *changes: tuple[str, object]) -> list[RunSummary]:
    return [summary(seed, value, *changes) for seed, value in enumerate(values)]


SLOW = ("optimizer.lr", 0.0003)


def test_runs_that_differ_in_seed_and_name_alone_belong_together() -> None:
    runs = [summary(0), summary(1, 0.8, ("name", "Again")), summary(2, 0.8, SLOW), summary(3)]
    assert [[run.spec["seed"] for run in one] for one in repetitions(runs)] == [[0, 1, 3], [2]]


def test_runs_of_which_the_seed_drew_the_test_pictures_too_are_still_repetitions() -> None:
    earlier = [summary(seed, 0.8 + seed / 100, ("dataset.test_seed", seed)) for seed in range(3)]
    others = [summary(seed, 0.5 + seed / 100, ("dataset.test_seed", seed), SLOW) for seed in range(3)]
    assert [len(one) for one in repetitions(earlier + others)] == [3, 3]
    compared = beside_seeds(earlier[1], others[2], earlier + others)
    assert compared is not None
    assert compared.counts == (3, 3)


def test_the_same_seed_twice_does_not_count_twice() -> None:
    runs = [summary(0, 0.80), summary(1, 0.82), summary(0, 0.80), summary(1, 0.82), summary(2, 0.84)]
    assert [[run.spec["seed"] for run in one] for one in repetitions(runs)] == [[0, 1, 2], [0, 1]]
    compared = compare_seeds(runs, group([0.5, 0.6], SLOW))
    assert compared is not None
    assert compared.counts == (3, 2)
    assert compare_seeds(runs[:1] * 5, group([0.5, 0.6], SLOW)) is None


def test_a_setting_that_is_left_out_is_at_its_default() -> None:
    whole = summary(0)
    spec = {**whole.spec, "optimizer": {"kind": "adam"}}
    for left_out in ("averaging", "initial_weights", "dataset"):
        spec.pop(left_out)
    short = RunSummary(id="old", folder="", spec={**spec, "seed": 1}, state="finished")
    assert len(repetitions([whole, short])) == 1
    other = RunSummary(id="other", folder="", spec={**spec, "seed": 2, "optimizer": {"kind": "sgd"}}, state="finished")
    assert len(repetitions([whole, other])) == 2


@pytest.mark.parametrize("freedom", [1.0, 1.7, 2.0, 4.3, 8.0, 30.0, 1000.0])
@pytest.mark.parametrize("share", [0.9, 0.975, 0.9995])
def test_the_quantile_is_that_of_scipy(share: float, freedom: float) -> None:
    assert student_quantile(share, freedom) == pytest.approx(stats.t.ppf(share, freedom), rel=1e-9)


@pytest.mark.parametrize("sizes", [(2, 2), (3, 5), (5, 5), (30, 4)])
def test_the_interval_is_that_of_scipy(sizes: tuple[int, int]) -> None:
    random = np.random.default_rng(sum(sizes))
    first, second = random.normal(0.80, 0.01, sizes[0]), random.normal(0.82, 0.003, sizes[1])
    theirs = stats.ttest_ind(second, first, equal_var=False).confidence_interval(0.95)
    difference, low, high = welch(first.tolist(), second.tolist())
    assert difference == pytest.approx(second.mean() - first.mean())
    assert (low, high) == pytest.approx((theirs.low, theirs.high), rel=1e-9)


def test_values_that_are_all_alike_differ_by_exactly_their_difference() -> None:
    assert welch([0.5, 0.5], [0.75, 0.75]) == (0.25, 0.25, 0.25)


def test_a_small_difference_is_within_the_spread_of_seeds() -> None:
    compared = compare_seeds(group([0.850, 0.855, 0.845]), group([0.853, 0.858, 0.848]))
    assert compared is not None
    assert not compared.beyond
    assert seed_sentence(compared) == "0.3 % better: within the spread of seeds (± 1.1 %)"


def test_a_large_difference_is_more_than_the_spread() -> None:
    compared = compare_seeds(group([0.850, 0.851, 0.849, 0.850, 0.850]), group([0.869, 0.870, 0.868, 0.869, 0.869]))
    assert compared is not None
    assert seed_sentence(compared) == "1.9 % better: more than the spread of 5 seeds"


def test_the_other_way_round_it_is_worse_and_different_numbers_of_seeds_are_said() -> None:
    compared = compare_seeds(group([0.869, 0.870, 0.868]), group([0.850, 0.851, 0.849, 0.850]))
    assert compared is not None
    assert seed_sentence(compared) == "1.9 % worse: more than the spread of 3 and 4 seeds"


def test_of_numbers_a_smaller_error_is_better() -> None:
    def errors(*values: float) -> list[RunSummary]:
        return [replace(run, best={"test_mae": value}) for run, value in zip(group(values), values, strict=True)]

    compared = compare_seeds(errors(0.5, 0.51, 0.49), errors(0.2, 0.21, 0.19))
    assert compared is not None
    assert seed_sentence(compared) == "0.3 better: more than the spread of 3 seeds"


def test_one_seed_or_runs_that_failed_say_nothing() -> None:
    assert compare_seeds(group([0.8]), group([0.9, 0.9])) is None
    failed = [RunSummary(id=run.id, folder="", best=run.best, state="failed") for run in group([0.8, 0.81])]
    assert compare_seeds(failed, group([0.9, 0.9])) is None
    assert compare_seeds([summary(0, None), summary(1, None)], group([0.9, 0.9])) is None


def test_recipes_that_differ_by_one_setting_are_found() -> None:
    two_more = [SLOW, ("epochs", 9)]
    runs = [*group([0.80, 0.81]), *group([0.90, 0.91], SLOW), *group([0.95, 0.96], *two_more)]
    effects = setting_effects(runs)
    assert [effect.path for effect in effects] == ["optimizer.lr", "epochs"]
    assert effects[0].compared.counts == (2, 2)
    assert effects[0].compared.better


def test_another_choice_is_one_difference_unless_something_they_share_differs_too() -> None:
    adam = to_mapping(ExperimentSpec())
    sgd = changed(adam, [("optimizer.kind", "sgd"), ("optimizer.lr", adam["optimizer"]["lr"])])
    assert single_difference(adam, sgd) == "optimizer.kind"
    assert single_difference(adam, changed(sgd, [("optimizer.lr", 0.7)])) == ""
    assert single_difference(adam, changed(sgd, [("epochs", 7)])) == ""
    assert single_difference(adam, changed(adam, [("seed", 7)])) == ""


def test_two_runs_are_judged_by_their_repetitions() -> None:
    fast, slow = group([0.80, 0.81, 0.82]), group([0.80, 0.82, 0.83], SLOW)
    compared = beside_seeds(fast[0], slow[1], [*fast, *slow, *group([0.1, 0.1], ("epochs", 9))])
    assert compared is not None
    assert compared.counts == (3, 3)
    assert beside_seeds(fast[0], fast[1], [*fast, *slow]) is None
    short = [
        replace(run, spec={name: value for name, value in run.spec.items() if name != "averaging"}) for run in slow
    ]
    assert beside_seeds(fast[0], short[1], [*fast, short[0], *slow[1:]]) == compared
    assert beside_seeds(fast[0], slow[0], [fast[0], *slow]) is None
