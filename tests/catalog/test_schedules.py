"""The learning rate over the run: what torch's schedulers do, step by step, against the formulas."""

import ast
import inspect
import json
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
import torch

from fmstudio.catalog.rates import WarmCosine
from fmstudio.catalog.schedules import SCHEDULES, Constant, Cosine, OneCycle, Plateau, Schedule, Step, WarmSchedule
from fmstudio.schema.choice import Facts, read
from fmstudio.schema.problem import InvalidSpecError
from fmstudio.training.scratch import ScratchSgd

LR = 0.5

WARM = [
    Constant(),
    Constant(warm_up=1),
    Step(),
    Step(step_size=0.3, gamma=0.1, warm_up=0.5),
    Step(step_size=2.5, gamma=0.7, warm_up=2),
    Cosine(),
    Cosine(eta_min=0.01),
    Cosine(warm_up=1),
    Cosine(warm_up=0.25, eta_min=0.01),
    Cosine(eta_min=LR),
    OneCycle(),
    OneCycle(pct_start=0.9, anneal_strategy="linear", div_factor=2, final_div_factor=10),
]
TORCHS = {
    "one-cycle": (torch.optim.lr_scheduler.OneCycleLR, {"max_lr", "total_steps", "epochs", "steps_per_epoch"}),
    "cosine": (torch.optim.lr_scheduler.CosineAnnealingLR, {"T_max"}),
    "step": (torch.optim.lr_scheduler.StepLR, set()),
    "plateau": (torch.optim.lr_scheduler.ReduceLROnPlateau, {"mode"}),
}
"""Torch's scheduler of each kind, and which of its arguments follow from the rest of a spec."""
NOT_OFFERED = {"optimizer", "last_epoch", "cycle_momentum", "base_momentum", "max_momentum", "three_phase"}


def facts(steps: int, epochs: int = 1, classes: int = 10) -> Facts:
    return Facts(shape=(1, 28, 28), classes=classes, samples=10, steps_per_epoch=steps, epochs=epochs)


def optimizer(momentum: float = 0.0) -> torch.optim.SGD:
    return torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=LR, momentum=momentum)


def run(schedule: Schedule, made: Facts, stepped: torch.optim.Optimizer | None = None) -> list[float]:
    """The rate of every step, with warm-up and schedule made and stepped as the training loop does."""
    stepped = stepped or optimizer()
    calls = schedule.warm_up_call(made), schedule.scheduler(made, LR)
    schedulers = [call.make(stepped) for call in calls if call is not None]
    found = []
    for step in range(1, made.total_steps + 1):
        found.append(stepped.param_groups[0]["lr"])
        stepped.step()
        if step < made.total_steps:
            for scheduler in schedulers:
                scheduler.step()
    return found


def formula(schedule: Schedule, made: Facts) -> list[float]:
    found = schedule.rates(made, LR, np.arange(made.total_steps, dtype=np.float64))
    assert found is not None
    return [float(one) for one in found]


@pytest.mark.parametrize("size", [(1, 1), (2, 1), (7, 1), (10, 4), (469, 2), (1, 30)])
@pytest.mark.parametrize("schedule", WARM, ids=repr)
def test_the_formula_is_what_torch_does_at_every_step(schedule: Schedule, size: tuple[int, int]) -> None:
    made = facts(*size)
    if schedule.unfit(made, LR) is None:
        np.testing.assert_allclose(run(schedule, made), formula(schedule, made), rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("schedule", [one for one in WARM if isinstance(one, WarmSchedule) and one.warm_up], ids=repr)
@pytest.mark.parametrize("steps", [1, 2, 3])
def test_a_run_can_be_shorter_than_its_warm_up(schedule: WarmSchedule, steps: int) -> None:
    longer = schedule.model_copy(update={"warm_up": 5.0})
    found = run(longer, facts(steps))
    np.testing.assert_allclose(found, formula(longer, facts(steps)), rtol=1e-9)
    assert 0 < max(found) < LR


def test_a_warm_up_rises_in_equal_stairs_to_the_whole_rate() -> None:
    assert run(Constant(warm_up=1), facts(4, 2)) == pytest.approx([0.1, 0.2, 0.3, 0.4, 0.5, 0.5, 0.5, 0.5])


@pytest.mark.parametrize("warm_up", [1e-9, 0.25])
def test_a_warm_up_has_at_least_one_step(warm_up: float) -> None:
    assert run(Constant(warm_up=warm_up), facts(4))[:3] == pytest.approx([0.25, 0.5, 0.5])


def test_constant_needs_no_scheduler() -> None:
    assert Constant().scheduler(facts(10), LR) is None
    assert Constant().warm_up_call(facts(10)) is None


def test_steps_down_are_counted_in_epochs() -> None:
    assert run(Step(step_size=1.5, gamma=0.1), facts(2, 4)) == pytest.approx([LR] * 3 + [LR / 10] * 3 + [LR / 100] * 2)


def test_cosine_begins_at_the_rate_and_ends_at_the_lowest() -> None:
    found = run(Cosine(eta_min=0.1), facts(1000))
    assert found[0] == LR
    assert found[500] == pytest.approx(0.3)
    assert found[-1] == pytest.approx(0.1, rel=1e-4)
    assert all(after < before for before, after in pairwise(found))


def test_cosine_is_torchs_own_unless_it_could_not_be_chained() -> None:
    call = Cosine(warm_up=1).scheduler(facts(10), LR)
    assert call is not None
    assert call.source("optimizer") == "torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=10, eta_min=0.0)"
    chained = Cosine(warm_up=0.2, eta_min=0.05)
    call = chained.scheduler(facts(10), LR)
    assert call is not None
    assert chained.warm_up_call(facts(10)) is None
    assert list(call.targets()) == ["fmstudio.catalog.rates.WarmCosine", "torch.optim.lr_scheduler.LambdaLR"]
    assert call.source("optimizer") == (
        "torch.optim.lr_scheduler.LambdaLR(optimizer, lr_lambda=WarmCosine(steps=10, warm_up=2, lowest=0.1))"
    )


def test_the_class_that_travels_into_scripts_needs_numpy_alone() -> None:
    names: dict[str, Any] = {"np": np}
    exec(compile(ast.parse(inspect.getsource(WarmCosine)), "script", "exec"), names)
    assert names["WarmCosine"](steps=10, warm_up=2, lowest=0.1)(5) == WarmCosine(steps=10, warm_up=2, lowest=0.1)(5)


@pytest.mark.parametrize("steps", [1, 2, 3, 7, 100])
def test_the_defaults_of_one_cycle_are_torchs(steps: int) -> None:
    stepped = optimizer()
    torchs = torch.optim.lr_scheduler.OneCycleLR(stepped, max_lr=LR, total_steps=steps, cycle_momentum=False)
    expected = []
    for step in range(1, steps + 1):
        expected.append(stepped.param_groups[0]["lr"])
        stepped.step()
        if step < steps:
            torchs.step()
    assert run(OneCycle(), facts(steps)) == expected


def test_one_cycle_rises_to_the_chosen_rate_and_falls_to_nearly_zero() -> None:
    found = run(OneCycle(pct_start=0.25, div_factor=10, final_div_factor=100), facts(1000))
    assert found[0] == pytest.approx(0.05)
    assert max(found) == pytest.approx(LR)
    assert found.index(max(found)) == 249
    assert found[-1] == pytest.approx(0.0005)
    assert all(after > before for before, after in pairwise(found[:250]))
    assert all(after < before for before, after in pairwise(found[249:]))


def test_the_shape_of_one_cycle_can_be_straight() -> None:
    falling = run(OneCycle(pct_start=0.5, anneal_strategy="linear", div_factor=1), facts(101))[60:]
    steps = [before - after for before, after in pairwise(falling)]
    assert steps == pytest.approx([steps[0]] * len(steps))


def test_one_cycle_leaves_momentum_alone() -> None:
    made = optimizer(momentum=0.3)
    run(OneCycle(), facts(10), made)
    assert made.param_groups[0]["momentum"] == 0.3


@pytest.mark.parametrize("schedule", WARM, ids=repr)
def test_schedules_drive_the_optimizer_from_scratch_too(schedule: Schedule) -> None:
    made = facts(10, 2)
    scratch = ScratchSgd([torch.nn.Parameter(torch.zeros(1))], lr=LR)
    assert run(schedule, made, scratch) == run(schedule, made)


class TestPlateau:
    @staticmethod
    def after(schedule: Plateau, figures: list[float], classes: int = 10) -> list[float]:
        """The rate after each epoch's figure."""
        stepped = optimizer()
        call = schedule.scheduler(facts(1, classes=classes), LR)
        assert call is not None
        scheduler = call.make(stepped)
        found = []
        for figure in figures:
            stepped.step()
            scheduler.step(figure)
            found.append(stepped.param_groups[0]["lr"])
        return found

    def test_it_falls_once_patience_is_over(self) -> None:
        found = self.after(Plateau(patience=1, factor=0.1), [0.5, 0.6, 0.6, 0.6, 0.7])
        assert found == pytest.approx([LR, LR, LR, LR / 10, LR / 10])

    def test_of_numbers_it_watches_the_loss(self) -> None:
        falling = [0.5, 0.4, 0.3]
        assert self.after(Plateau(patience=0), falling, classes=0) == [LR, LR, LR]
        assert self.after(Plateau(patience=0), falling) == pytest.approx([LR, LR / 10, LR / 100])

    def test_it_goes_no_lower_than_the_lowest(self) -> None:
        assert self.after(Plateau(patience=0, min_lr=0.2), [0.5] * 4) == pytest.approx([LR, 0.2, 0.2, 0.2])

    def test_it_cools_down(self) -> None:
        found = self.after(Plateau(patience=0, factor=0.5, cooldown=2), [0.5] * 5)
        assert found == pytest.approx([LR, LR / 2, LR / 2, LR / 2, LR / 4])

    def test_nobody_knows_its_rates_beforehand(self) -> None:
        assert Plateau().rates(facts(10), LR, np.arange(10.0)) is None

    def test_it_alone_watches(self) -> None:
        assert [kind for kind, made in SCHEDULES.items() if made.watches] == ["plateau"]

    def test_it_takes_a_warm_up(self) -> None:
        made, stepped = facts(4, 3), optimizer()
        schedule = Plateau(patience=0, warm_up=1)
        calls = schedule.warm_up_call(made), schedule.scheduler(made, LR)
        warm_up, main = (call.make(stepped) for call in calls if call is not None)
        found = []
        for _ in range(3):
            for _ in range(4):
                found.append(stepped.param_groups[0]["lr"])
                stepped.step()
                warm_up.step()
            main.step(0.5)
        assert found == pytest.approx([0.1, 0.2, 0.3, 0.4, *[0.5] * 4, *[0.05] * 4])


@pytest.mark.parametrize("kind", TORCHS)
def test_all_that_torch_lets_one_set_can_be_set(kind: str) -> None:
    torchs, following = TORCHS[kind]
    assert set(inspect.signature(torchs).parameters) - NOT_OFFERED - following <= set(SCHEDULES[kind].model_fields)


@pytest.mark.parametrize("kind", [kind for kind in SCHEDULES if kind != "one-cycle"])
def test_all_but_one_cycle_take_a_warm_up(kind: str) -> None:
    assert issubclass(SCHEDULES[kind], WarmSchedule)


@pytest.mark.parametrize(
    ("kind", "name", "values"),
    [
        ("constant", "warm_up", [-0.1]),
        ("step", "step_size", [0, -1]),
        ("step", "gamma", [0, 1.01]),
        ("cosine", "eta_min", [-1e-9]),
        ("plateau", "factor", [0, 1]),
        ("plateau", "patience", [-1, 1.5]),
        ("plateau", "cooldown", [-1]),
        ("plateau", "threshold_mode", ["share"]),
        ("one-cycle", "pct_start", [0, 1]),
    ],
)
def test_settings_have_limits(kind: str, name: str, values: list[object]) -> None:
    for value in [*values, float("inf"), float("nan")]:
        with pytest.raises(InvalidSpecError) as raised:
            read(SCHEDULES[kind], {name: value})
        assert [problem.path for problem in raised.value.problems] == [name]


@pytest.mark.parametrize("schedule", [Cosine(eta_min=0.6), Plateau(min_lr=0.6), OneCycle(pct_start=0.25)], ids=repr)
def test_what_does_not_fit_the_run_is_a_problem_that_can_be_mended(schedule: Schedule) -> None:
    made = facts(4)
    problem = schedule.unfit(made, LR)
    assert problem is not None
    assert problem.path in type(schedule).model_fields
    assert problem.mending is not None
    mended = read(type(schedule), {**json.loads(schedule.model_dump_json()), **dict(problem.mending.changes)})
    assert mended.unfit(made, LR) is None


@pytest.mark.parametrize("kind", SCHEDULES)
def test_the_defaults_fit(kind: str) -> None:
    assert SCHEDULES[kind]().unfit(facts(100, 2), 1e-6) is None
