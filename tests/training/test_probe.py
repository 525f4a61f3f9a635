"""The silent probe: a plausible time, and no trace."""

import itertools
from collections.abc import Callable
from typing import Any

import pytest
import torch

from fmstudio.experiment.spec import ExperimentSpec
from fmstudio.training import probe
from fmstudio.training.probe import STEPS, expected_seconds

Small = Callable[..., ExperimentSpec]


@pytest.mark.parametrize(
    "changes",
    [
        [],
        [("architecture.kind", "softmax-regression"), ("optimizer.kind", "sgd")],
        [("architecture.kind", "mlp"), ("architecture.batch_norm", True), ("schedule.kind", "one-cycle")],
        [("batch_size", "all"), ("validation", 0.5)],
        [("batch_size", 300), ("drop_last", True)],
    ],
)
def test_it_draws_no_random_number(small: Small, changes: list[tuple[str, Any]]) -> None:
    before = torch.get_rng_state()
    assert expected_seconds(small(*changes)) > 0
    assert torch.equal(torch.get_rng_state(), before)


def test_it_tries_a_few_steps_only(small: Small, monkeypatch: pytest.MonkeyPatch) -> None:
    taken = []
    train_step = probe.train_step
    counted = lambda *given: taken.append(1) or train_step(*given)  # noqa: E731
    monkeypatch.setattr(probe, "step_of", lambda spec: (counted, ()))
    monkeypatch.setattr(probe, "SECONDS", 1e9)
    expected_seconds(small(("batch_size", 1)))
    assert len(taken) == STEPS + 1, "the first one is not timed"
    taken.clear()
    monkeypatch.setattr(probe, "SECONDS", 0.0)
    expected_seconds(small(("batch_size", 1)))
    assert len(taken) == 2


def test_whole_set_steps_are_tried_over_many_epochs(small: Small, monkeypatch: pytest.MonkeyPatch) -> None:
    taken = []
    train_step = probe.train_step
    counted = lambda *given: taken.append(1) or train_step(*given)  # noqa: E731
    monkeypatch.setattr(probe, "step_of", lambda spec: (counted, ()))
    monkeypatch.setattr(probe, "SECONDS", 1e9)
    expected_seconds(small(("batch_size", "all")))
    assert len(taken) == STEPS + 1


def test_one_slow_step_and_a_slow_first_evaluation_do_not_count(small: Small, monkeypatch: pytest.MonkeyPatch) -> None:
    class Clock:
        now = 0.0

        def __call__(self) -> float:
            return self.now

    clock = Clock()
    step_costs, asking_costs = itertools.chain([5.0, 0.01, 3.0], itertools.repeat(0.01)), iter([5.0, 0.02, 0.03])
    train_step, ask = probe.train_step, probe.Question.ask

    def slow_step(*given: Any) -> Any:
        clock.now += next(step_costs)
        return train_step(*given)

    def slow_ask(*given: Any) -> Any:
        clock.now += next(asking_costs)
        return ask(*given)

    monkeypatch.setattr(probe.time, "perf_counter", clock)
    monkeypatch.setattr(probe, "SECONDS", 1e9)
    monkeypatch.setattr(probe, "step_of", lambda spec: (slow_step, ()))
    monkeypatch.setattr(probe.Question, "ask", slow_ask)
    assert expected_seconds(small(("epochs", 1))) == pytest.approx(probe.OVERHEAD * (5 * 0.01 + 2 * 0.02))


def test_ten_times_the_epochs_take_about_ten_times_as_long(small: Small, monkeypatch: pytest.MonkeyPatch) -> None:
    class Clock:
        """Each look at it is a hundredth of a second later."""

        now = 0.0

        def __call__(self) -> float:
            self.now += 0.01
            return self.now

    def seconds(epochs: int) -> float:
        monkeypatch.setattr(probe.time, "perf_counter", Clock())
        return expected_seconds(small(("epochs", epochs)))

    steps, asking = 5 * 0.01, 0.01  # five batches an epoch, and 200 test pictures at once
    assert seconds(1) == pytest.approx(probe.OVERHEAD * (steps + 2 * asking))
    assert seconds(10) == pytest.approx(probe.OVERHEAD * (10 * steps + 11 * asking))
