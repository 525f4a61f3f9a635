"""The learning rate over the run, against what it is said to do."""

from itertools import pairwise

import pytest
import torch

from fmstudio.catalog.schedules import Constant, OneCycle
from fmstudio.schema.choice import Facts


def facts(steps: int) -> Facts:
    return Facts(channels=1, height=28, width=28, classes=10, samples=10, steps_per_epoch=steps, epochs=1)


def optimizer(momentum: float = 0.0) -> torch.optim.SGD:
    return torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=0.5, momentum=momentum)


def rates(schedule: torch.optim.lr_scheduler.LRScheduler, steps: int) -> list[float]:
    """The rate of every step, as the training loop asks for it."""
    found = []
    for step in range(1, steps + 1):
        found.append(schedule.optimizer.param_groups[0]["lr"])
        schedule.optimizer.step()
        if step < steps:
            schedule.step()
    return found


def one_cycle(steps: int, made: OneCycle | None = None) -> list[float]:
    call = (made or OneCycle()).scheduler(facts(steps), 0.5)
    assert call is not None
    return rates(call.make(optimizer()), steps)


def test_constant_needs_no_scheduler() -> None:
    assert Constant().scheduler(facts(10), 0.5) is None


@pytest.mark.parametrize("steps", [1, 2, 3, 7, 100])
def test_the_defaults_are_torchs(steps: int) -> None:
    torchs = torch.optim.lr_scheduler.OneCycleLR(optimizer(), max_lr=0.5, total_steps=steps, cycle_momentum=False)
    assert one_cycle(steps) == rates(torchs, steps)


def test_it_rises_to_the_chosen_rate_and_falls_to_nearly_zero() -> None:
    found = one_cycle(1000, OneCycle(pct_start=0.25, div_factor=10, final_div_factor=100))
    assert found[0] == pytest.approx(0.05)
    assert max(found) == pytest.approx(0.5)
    assert found.index(max(found)) == 249
    assert found[-1] == pytest.approx(0.0005)
    assert all(after > before for before, after in pairwise(found[:250]))
    assert all(after < before for before, after in pairwise(found[249:]))


def test_its_shape_can_be_straight() -> None:
    found = one_cycle(101, OneCycle(pct_start=0.5, anneal_strategy="linear", div_factor=1))
    falling = found[60:]
    steps = [before - after for before, after in pairwise(falling)]
    assert steps == pytest.approx([steps[0]] * len(steps))


def test_it_leaves_momentum_alone() -> None:
    made = optimizer(momentum=0.3)
    call = OneCycle().scheduler(facts(10), 0.5)
    assert call is not None
    scheduler = call.make(made)
    rates(scheduler, 10)
    assert made.param_groups[0]["momentum"] == 0.3
