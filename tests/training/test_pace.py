"""When to look in between, by a clock of the test's own."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
import torch

from fmstudio.experiment.spec import ExperimentSpec
from fmstudio.training import learner, looking, loop
from fmstudio.training.control import Control
from fmstudio.training.evaluation import Question
from fmstudio.training.events import EpochEnded, PicturesWatched, QuickChecked
from fmstudio.training.pace import AHEAD, SHARE, Pace, Stopwatch, affordable

Small = Callable[..., ExperimentSpec]


class Clock:
    """Stands still until it is told to go on."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_stopwatch_counts_only_while_it_runs() -> None:
    clock = Clock()
    watch = Stopwatch(clock)
    clock.now += 5
    assert watch.seconds == 0
    watch.start()
    clock.now += 2
    assert watch.seconds == 2
    watch.start()
    clock.now += 1
    watch.stop()
    clock.now += 10
    watch.stop()
    assert watch.seconds == 3
    watch.start()
    clock.now += 4
    assert watch.seconds == 7


def test_a_pace_is_due_at_its_intervals() -> None:
    pace = Pace(0.5)
    assert not pace.due(0.49)
    assert pace.due(0.5)
    pace.done(0.6, cost=0.01)
    assert pace.cost == 0.01
    assert not pace.due(1.09)
    assert pace.due(1.1)


def test_a_growing_pace_slows_down() -> None:
    pace, now, times = Pace(1.0, growth=2.0), 0.0, []
    while now < 40:
        if pace.due(now):
            times.append(now)
            pace.done(now, cost=0)
        now += 0.5
    assert times == [1, 3, 7, 15, 31]


@pytest.mark.parametrize(
    ("spent", "cost", "now", "expected", "may"),
    [
        (0.0, 0.0, 0.0, 100.0, True),
        (0.0, SHARE * AHEAD, 0.0, 100.0, True),
        (0.0, SHARE * AHEAD * 1.01, 0.0, 100.0, False),
        (0.0, SHARE * 1.01, 0.0, 1.0, False),
        (SHARE * 10, 0.0, 10.0, 10.0, True),
        (SHARE * 10, 0.01, 10.0, 10.0, False),
        (SHARE * 10, 0.01, 10.0, 60.0, True),
        (0.25, 0.04, 10.0, 5.0, True),
    ],
)
def test_three_per_cent_may_be_spent_a_little_ahead(
    spent: float, cost: float, now: float, expected: float, may: bool
) -> None:
    assert affordable(spent, cost, now, expected) == may


class Simulated:
    """A run in which a step and a look take so long by the test's clock."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, step: float, look: Callable[[int], float]) -> None:
        self.clock = Clock()
        self.looking = 0.0
        self._step, self._look = step, look
        for module in (loop, looking):
            monkeypatch.setattr(module, "Stopwatch", lambda: Stopwatch(self.clock))
        monkeypatch.setattr(learner, "step_of", lambda spec: (self._train, ()))
        ask = Question.ask
        monkeypatch.setattr(Question, "ask", lambda *given: self._ask(ask, *given))

    def _train(self, *_: object) -> tuple[torch.Tensor, torch.Tensor]:
        self.clock.now += self._step
        return torch.tensor(1.0), torch.zeros(1, 10)

    def _ask(self, ask: Any, question: Question, network: Any, samples: Any) -> Any:
        cost = self._look(len(samples))
        self.clock.now += cost
        if len(samples) < 200:
            self.looking += cost
        return ask(question, network, samples)

    def run(self, spec: ExperimentSpec) -> list[Any]:
        """All events; ``looking`` then holds what the looks in between took."""
        return list(loop.Training(spec, Control()).events())


@pytest.fixture
def quick_is_150(monkeypatch: pytest.MonkeyPatch) -> None:
    """So few test pictures that all of them are still more than a quick check's."""
    monkeypatch.setattr(looking, "QUICK", 150)


@pytest.mark.usefixtures("quick_is_150")
@pytest.mark.parametrize("steps_per_second", [20, 300])
@pytest.mark.parametrize("seconds", [1, 3, 10, 60])
@pytest.mark.parametrize("picture", [1e-5, 2e-4, 1e-2], ids=["cheap", "usual", "dear"])
def test_all_looks_take_three_per_cent_at_most(
    small: Small, monkeypatch: pytest.MonkeyPatch, steps_per_second: int, seconds: int, picture: float
) -> None:
    simulated = Simulated(monkeypatch, 1 / steps_per_second, lambda count: count * picture)
    total = seconds * steps_per_second
    spec = small(
        ("batch_size", 1 if total >= 300 else 3), ("epochs", max(1, total // (300 if total >= 300 else 100))),
        ("architecture.kind", "softmax-regression"),
    )  # fmt: skip
    began = simulated.clock.now
    events = simulated.run(spec)
    trained = sum(event.seconds for event in events if isinstance(event, EpochEnded))
    assert 0 < trained <= simulated.clock.now - began
    assert simulated.looking <= SHARE * trained * (1 + 1e-9)


@pytest.mark.usefixtures("quick_is_150")
def test_a_run_of_ten_seconds_is_looked_at_often(small: Small, monkeypatch: pytest.MonkeyPatch) -> None:
    simulated = Simulated(monkeypatch, 0.01, lambda count: 0.03 if count == 150 else 0.004)
    events = simulated.run(small(("batch_size", 3), ("epochs", 10), ("architecture.kind", "softmax-regression")))
    watched = [event.step for event in events if isinstance(event, PicturesWatched)]
    checked = [event.step for event in events if isinstance(event, QuickChecked)]
    assert 25 <= len(watched) <= 31
    assert 3 <= len(checked) <= 8
    assert watched[0] < 50
    assert checked[0] < 70
    gaps = [after - before for before, after in pairwise(checked)]
    assert gaps == sorted(gaps)


@pytest.mark.usefixtures("quick_is_150")
def test_looks_and_evaluations_are_not_counted_as_training(small: Small, monkeypatch: pytest.MonkeyPatch) -> None:
    simulated = Simulated(monkeypatch, 0.05, lambda _: 0.01)
    events = simulated.run(small(("batch_size", 3), ("epochs", 2), ("architecture.kind", "softmax-regression")))
    for event in events:
        if isinstance(event, EpochEnded):
            assert event.seconds == pytest.approx(5.0 if event.epoch else 0.0)
            assert event.evaluation_seconds == pytest.approx(0.01)
