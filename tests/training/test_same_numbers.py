"""The same spec gives the same numbers, bit for bit, whatever is looked at on the way."""

import threading
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

from fmstudio.experiment.spec import ExperimentSpec
from fmstudio.training import looking as looks
from fmstudio.training import loop
from fmstudio.training.control import Control
from fmstudio.training.events import EpochEnded, Event, PicturesWatched, QuickChecked, StepsTaken
from fmstudio.training.loop import Training
from fmstudio.training.pace import Pace
from fmstudio.training.probe import expected_seconds

Small = Callable[..., ExperimentSpec]
MLP = (
    ("architecture.kind", "mlp"),
    ("architecture.hidden", [64, 32]),
    ("architecture.dropout", 0.3),
    ("architecture.batch_norm", True),
    ("validation", 0.1),
)
"""Two layers that a look in the wrong mode, or a number drawn by it, would change."""
CNN = (("schedule.kind", "one-cycle"), ("optimizer.lr", 0.01), ("dataset.normalise", True))


def outcome(spec: ExperimentSpec) -> tuple[list[Any], dict[str, bytes]]:
    """All figures of a run, and all bits of its weights."""
    training = Training(spec, Control())
    events = list(training.events())
    weights = {name: value.contiguous().numpy().tobytes() for name, value in training.weights().items()}
    return figures(events), weights


def figures(events: list[Event]) -> list[Any]:
    steps = [event for event in events if isinstance(event, StepsTaken)]
    found: list[Any] = [
        np.concatenate([event.losses for event in steps]).tobytes(),
        np.concatenate([event.rates for event in steps]).tobytes(),
    ]
    for event in events:
        if isinstance(event, EpochEnded):
            found += [repr(event.train_loss), repr(event.train_accuracy), repr(event.test_loss), event.test_accuracy]
            found += [repr(event.validation_loss), event.validation_accuracy]
            found += [event.predictions.loss.tobytes(), event.predictions.probabilities.tobytes()]
    return found


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("changes", [MLP, CNN], ids=["mlp", "cnn"])
def test_twice_the_same_spec_twice_the_same_bits(
    small: Small, changes: tuple[tuple[str, Any], ...], threads: int
) -> None:
    spec = small(*changes, ("threads", threads))
    first = outcome(spec)
    torch.rand(7)  # whatever was drawn in between
    torch.set_num_threads(3 - threads)
    assert outcome(spec) == first


@pytest.mark.parametrize("change", [("seed", 1), ("shuffle", False), ("architecture.dropout", 0.2)])
def test_another_seed_order_or_dropout_gives_other_numbers(small: Small, change: tuple[str, Any]) -> None:
    assert outcome(small(*MLP))[1] != outcome(small(*MLP, change))[1]


class Always(Pace):
    """It is time after every step."""

    def due(self, now: float) -> bool:
        return True


class Never(Pace):
    """It is never time."""

    def due(self, now: float) -> bool:
        return False


def looking(monkeypatch: pytest.MonkeyPatch, pace: type[Pace], read_back: float) -> None:
    monkeypatch.setattr(looks, "Pace", pace)
    monkeypatch.setattr(looks, "affordable", lambda *_: True)
    monkeypatch.setattr(loop, "READ_BACK_SECONDS", read_back)


@pytest.mark.parametrize("changes", [MLP, CNN], ids=["mlp", "cnn"])
def test_looks_in_between_change_no_bit(
    small: Small, monkeypatch: pytest.MonkeyPatch, changes: tuple[tuple[str, Any], ...]
) -> None:
    spec = small(*changes)
    looking(monkeypatch, Never, 1e9)
    plain = outcome(spec)
    random = torch.get_rng_state()
    looking(monkeypatch, Always, -1.0)
    watched = outcome(spec)
    assert torch.equal(torch.get_rng_state(), random)
    assert watched == plain


def test_those_looks_were_taken(small: Small, monkeypatch: pytest.MonkeyPatch) -> None:
    looking(monkeypatch, Always, -1.0)
    events = list(Training(small(*MLP), Control()).events())
    steps = sum(isinstance(event, StepsTaken) for event in events)
    watched = [event for event in events if isinstance(event, PicturesWatched)]
    checks = [event for event in events if isinstance(event, QuickChecked)]
    assert steps == len(watched) == len(checks) == 10
    assert [event.step for event in watched] == list(range(1, 11))
    assert len({event.predictions.loss.tobytes() for event in watched}) == 10


def test_a_look_comes_after_its_steps_and_says_what_the_network_answers_then(
    small: Small, monkeypatch: pytest.MonkeyPatch
) -> None:
    looking(monkeypatch, Always, -1.0)
    events = list(Training(small(("dataset.train_size", 64), ("epochs", 1)), Control()).events())
    names = [type(event).__name__ for event in events]
    assert names == [
        "RunStarted",
        "EpochEnded",
        "StepsTaken",
        "QuickChecked",
        "PicturesWatched",
        "EpochEnded",
        "RunEnded",
    ]
    check, watched, ended = events[3], events[4], events[5]
    assert isinstance(check, QuickChecked)
    assert isinstance(watched, PicturesWatched)
    assert isinstance(ended, EpochEnded)
    assert (check.accuracy, check.loss) == (ended.test_accuracy, pytest.approx(ended.test_loss))
    assert set(watched.predictions.samples) <= set(ended.predictions.samples)


def test_a_run_in_another_thread_gives_the_same_bits(small: Small) -> None:
    spec = small(*MLP, ("threads", 2))
    here = outcome(spec)
    there: list[Any] = []
    thread = threading.Thread(target=lambda: there.append(outcome(spec)))
    thread.start()
    thread.join()
    assert there == [here]


@pytest.mark.parametrize("changes", [MLP, CNN], ids=["mlp", "cnn"])
def test_the_probe_before_it_changes_nothing(small: Small, changes: tuple[tuple[str, Any], ...]) -> None:
    spec = small(*changes)
    plain = outcome(spec)
    assert expected_seconds(spec) > 0
    assert outcome(spec) == plain


def test_blocks_change_no_bit_of_the_means(small: Small, monkeypatch: pytest.MonkeyPatch) -> None:
    spec = small(("batch_size", 7))
    looking(monkeypatch, Never, 1e9)
    whole = outcome(spec)
    monkeypatch.setattr(loop, "READ_BACK_SECONDS", -1.0)
    assert outcome(spec) == whole
