"""The range test: it starts where a run starts, ends where the loss leaps, and leaves no trace."""

import math
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
import torch

from fmstudio.catalog.optimizers import OPTIMIZERS
from fmstudio.errors import UserError
from fmstudio.experiment.spec import ExperimentSpec
from fmstudio.training import rate_finder
from fmstudio.training.control import Control
from fmstudio.training.events import StepsTaken
from fmstudio.training.loop import Training
from fmstudio.training.rate_finder import find_rates
from fmstudio.training.rate_points import EXPLODED, LOWEST, STEPS, RatePoint, Smoothing, limits, refusal

Small = Callable[..., ExperimentSpec]
NEVER = lambda: False  # noqa: E731
SOFTMAX = (("architecture.kind", "softmax-regression"), ("optimizer.kind", "sgd"))
DROPPING = (("architecture.kind", "mlp"), ("architecture.dropout", 0.5))


def steps_of(spec: ExperimentSpec) -> list[float]:
    told = (event.losses for event in Training(spec, Control()).events() if isinstance(event, StepsTaken))
    return [float(loss) for losses in told for loss in losses]


def test_the_rates_grow_by_the_same_factor_from_the_lowest_to_the_limit_of_the_setting(small: Small) -> None:
    spec = small(*SOFTMAX)
    told: list[RatePoint] = []
    found = find_rates(spec, NEVER, told.append)
    assert tuple(told) == found.points
    assert [point.step for point in found.points] == list(range(1, len(found.points) + 1))
    assert (found.low, found.high) == (LOWEST, 10)
    assert found.points[0].rate == pytest.approx(LOWEST)
    factors = {round(b.rate / a.rate, 9) for a, b in zip(found.points, found.points[1:], strict=False)}
    assert factors == {round((10 / LOWEST) ** (1 / (STEPS - 1)), 9)}


def test_it_ends_where_the_loss_has_leapt(small: Small) -> None:
    found = find_rates(small(*SOFTMAX), NEVER)
    assert found.end == "exploded"
    assert 20 < len(found.points) < STEPS
    best = min(point.smoothed for point in found.points)
    assert found.points[-1].smoothed > EXPLODED * best
    assert all(point.smoothed <= EXPLODED * best for point in found.points[:-1])


def test_the_first_loss_is_that_of_the_run(small: Small) -> None:
    spec = small(*DROPPING, ("epochs", 1), ("seed", 7))
    assert find_rates(spec, NEVER).points[0].loss == steps_of(spec)[0]


def test_it_begins_with_the_weights_that_the_run_begins_with(small: Small) -> None:
    spec = small(*SOFTMAX)
    network = spec.architecture.call(spec.facts).make()
    start = {name: torch.zeros_like(value) for name, value in network.state_dict().items()}
    assert find_rates(spec, NEVER, start=start).points[0].loss == pytest.approx(math.log(10))
    with pytest.raises(UserError, match="another network"):
        find_rates(spec, NEVER, start={"other": torch.zeros(1)})


def test_few_samples_are_seen_again_and_again(small: Small) -> None:
    spec = small(("batch_size", "all"), *SOFTMAX)
    assert spec.steps_per_epoch == 1
    assert len(find_rates(spec, NEVER).points) > 20


@pytest.mark.parametrize("question", ["whole", "given up", "refused"])
def test_no_random_number_of_a_run_is_used_up(small: Small, question: str) -> None:
    spec = small(*DROPPING, ("epochs", 1))
    before = steps_of(spec)
    torch.manual_seed(3)
    state = torch.get_rng_state()
    asked = iter([False] * 30)
    if question == "refused":
        with pytest.raises(UserError):
            find_rates(small(("optimizer.kind", "rprop")), NEVER)
    else:
        find_rates(spec, NEVER if question == "whole" else lambda: next(asked, True))
    assert torch.equal(torch.get_rng_state(), state)
    assert steps_of(spec) == before


def test_it_can_be_given_up_between_and_within_steps(small: Small) -> None:
    told: list[RatePoint] = []
    found = find_rates(small(*SOFTMAX), lambda: len(told) == 5, told.append)
    assert (found.end, len(found.points)) == ("stopped", 5)


def test_giving_up_is_prompt(small: Small) -> None:
    spec = small(("dataset.train_size", 20_000), ("batch_size", "all"), ("threads", 2))
    stop, begun, ended = threading.Event(), threading.Event(), []

    def work() -> None:
        find_rates(spec, stop.is_set, lambda point: begun.set())
        ended.append(time.monotonic())

    thread = threading.Thread(target=work)
    thread.start()
    assert begun.wait(60)
    asked = time.monotonic()
    stop.set()
    thread.join(60)
    assert ended[0] - asked < 3, "a step of 20,000 pictures takes longer"


def test_a_loss_that_is_not_finite_ends_it(small: Small, monkeypatch: pytest.MonkeyPatch) -> None:
    class Infinite(rate_finder.Trial):
        taken = 0

        def take(self, *given: Any) -> float:
            self.taken += 1
            return math.inf if self.taken == 8 else super().take(*given)

    monkeypatch.setattr(rate_finder, "Trial", Infinite)
    found = find_rates(small(*SOFTMAX), NEVER)
    assert (found.end, len(found.points)) == ("infinite", 8)


def test_too_little_memory_is_a_sentence(small: Small, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*given: Any) -> float:
        raise torch.OutOfMemoryError

    monkeypatch.setattr(rate_finder.Trial, "take", full)
    with pytest.raises(UserError, match="not enough memory"):
        find_rates(small(*SOFTMAX), NEVER)


def test_the_schedule_is_left_out(small: Small) -> None:
    plain, cycled = (find_rates(small(("schedule.kind", kind)), NEVER) for kind in ("constant", "one-cycle"))
    assert plain == cycled


@pytest.mark.parametrize("kind", OPTIMIZERS)
def test_every_optimizer_finds_a_range_or_says_why_not(small: Small, kind: str) -> None:
    sparse = "softmax-regression-sparse" if kind == "sparse-adam" else "softmax-regression"
    changes = [("architecture.kind", sparse), ("optimizer.kind", kind)]
    if kind == "lbfgs":
        changes.append(("batch_size", "all"))
    spec = small(*changes)
    if kind in ("rprop", "lbfgs"):
        assert refusal(spec)
        with pytest.raises(UserError, match="by itself"):
            find_rates(spec, NEVER)
        return
    assert refusal(spec) == ""
    found = find_rates(spec, NEVER)
    first, best = found.points[0].smoothed, min(point.smoothed for point in found.points)
    assert best < 0.9 * first, "the rate that is set is the one that is used"
    assert found.points[-1].rate <= limits(spec)[1] * (1 + 1e-9)


def test_climbing_is_refused(small: Small) -> None:
    assert "larger" in refusal(small(("optimizer.maximize", True)))


def test_the_running_mean_is_corrected_for_its_start() -> None:
    smoothing = Smoothing()
    assert [smoothing.add(5.0) for _ in range(4)] == pytest.approx([5.0] * 4)
    assert smoothing.add(4.0) == pytest.approx(5 - 0.1 / (1 - 0.9**5))


@pytest.mark.parametrize(
    ("losses", "exploded"),
    [
        ([2.0, 1.0, 1.0, 1.0], False),
        ([2.0, 1.0, 1.0, 60.0], True),
        ([-1.0, -2.0, -2.0, -2.0], False),
        ([-1.0, -2.0, -2.0, 300.0], True),
        ([100.0, *[1e-6] * 150, 8.0], False),
    ],
    ids=["falls", "leaps", "negative", "negative and leaps", "near zero it may swing"],
)
def test_when_it_has_exploded(losses: list[float], exploded: bool) -> None:
    smoothing = Smoothing()
    for loss in losses:
        smoothing.add(loss)
    assert smoothing.exploded == exploded
