"""The training loop: which events come in which order, and that their figures are true."""

from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

import numpy as np
import pytest
import torch

from fmstudio.experiment.spec import ExperimentSpec
from fmstudio.schema.problem import InvalidSpecError
from fmstudio.training import learner, loop
from fmstudio.training.checkpoints import is_finite
from fmstudio.training.control import Control
from fmstudio.training.evaluation import Question, build_network
from fmstudio.training.events import EpochEnded, Event, PicturesWatched, QuickChecked, RunEnded, RunStarted, StepsTaken
from fmstudio.training.loop import Training
from fmstudio.training.step import train_step

Small = Callable[..., ExperimentSpec]


def names(events: list[Event]) -> list[str]:
    """The events' names; looks in between come by the clock and are left out."""
    return [type(event).__name__ for event in events if not isinstance(event, PicturesWatched | QuickChecked)]


def run(spec: ExperimentSpec) -> list[Event]:
    return list(Training(spec, Control()).events())


def epochs(events: list[Event]) -> list[EpochEnded]:
    return [event for event in events if isinstance(event, EpochEnded)]


def ended(events: list[Event]) -> RunEnded:
    event = events[-1]
    assert isinstance(event, RunEnded)
    return event


class Obliging(Control):
    """Continues, or stops, as soon as the training waits: no second thread is needed."""

    def __init__(self, *, stops: bool = False) -> None:
        super().__init__()
        self.waits = 0
        self._stops = stops

    def wait_for_turn(self) -> None:
        if self.paused:
            self.waits += 1
            (self.stop if self._stops else self.proceed)()
        super().wait_for_turn()


def until_steps(training: Training, steps: int) -> Iterator[Event]:
    """The events up to that of so many steps."""
    for event in training.events():
        yield event
        if isinstance(event, StepsTaken) and event.step >= steps:
            return


@pytest.mark.usefixtures("each_step_told")
class TestOrder:
    def test_finished(self, small: Small) -> None:
        events = run(small(("dataset.train_size", 150)))
        assert names(events) == [
            "RunStarted", "EpochEnded", *["StepsTaken"] * 3, "EpochEnded", *["StepsTaken"] * 3, "EpochEnded",
            "RunEnded",
        ]  # fmt: skip
        assert [event.step for event in events if isinstance(event, StepsTaken)] == [1, 2, 3, 4, 5, 6]
        assert [event.epoch for event in events if isinstance(event, StepsTaken)] == [1, 1, 1, 2, 2, 2]
        assert [(event.epoch, event.step, event.complete) for event in epochs(events)] == [
            (0, 0, True), (1, 3, True), (2, 6, True),
        ]  # fmt: skip
        end = ended(events)
        assert (end.status, end.epoch, end.step, end.message, end.mending) == ("finished", 2, 6, "", ())

    def test_stopped_in_the_middle(self, small: Small) -> None:
        control = Control()
        training = Training(small(("dataset.train_size", 150)), control)
        events = []
        for event in training.events():
            events.append(event)
            if isinstance(event, StepsTaken) and event.step == 5:
                control.stop()
        assert names(events)[-5:] == ["StepsTaken", "StepsTaken", "Halted", "EpochEnded", "RunEnded"]
        last = epochs(events)[-1]
        assert (last.epoch, last.step, last.complete) == (2, 5, False)
        assert last.train_loss == pytest.approx(sum(_losses(events)[3:]) / 2)
        assert (ended(events).status, ended(events).epoch, ended(events).step) == ("stopped", 2, 5)
        assert is_finite(training.weights())

    def test_the_part_of_a_stopped_epoch_counts_and_its_weights_are_kept(self, small: Small) -> None:
        control = Control()
        spec = small()
        training = Training(spec, control)
        for event in training.events():
            if isinstance(event, StepsTaken) and event.step == 2:
                control.stop()
            if isinstance(event, EpochEnded):
                last = event
        network = build_network(spec, training.weights(), "cpu")
        answered = Question(spec, "cpu").ask(network, training._material.test)
        assert last.epoch == 1
        np.testing.assert_array_equal(answered.predicted, last.predictions.predicted)

    @pytest.mark.parametrize("when", [RunStarted, EpochEnded])
    def test_stopped_before_the_first_step(self, small: Small, when: type[Event]) -> None:
        control = Control()
        training = Training(small(), control)
        events = []
        for event in training.events():
            events.append(event)
            if isinstance(event, when):
                control.stop()
        assert names(events) == ["RunStarted", "EpochEnded", "Halted", "RunEnded"]
        assert (ended(events).status, ended(events).epoch, ended(events).step) == ("stopped", 0, 0)
        assert is_finite(training.weights())

    def test_stopped_between_two_epochs(self, small: Small) -> None:
        control = Control()
        events = []
        for event in Training(small(("dataset.train_size", 60)), control).events():
            events.append(event)
            if isinstance(event, EpochEnded) and event.epoch == 1:
                control.stop()
        assert names(events) == ["RunStarted", "EpochEnded", "StepsTaken", "EpochEnded", "Halted", "RunEnded"]
        assert (ended(events).status, ended(events).epoch, ended(events).step) == ("stopped", 1, 1)

    def test_a_stop_as_the_next_epoch_begins_does_not_end_that_epoch(self, small: Small) -> None:
        class Late(Control):
            """Is stopped as the second epoch asks for its first batch."""

            asked = 0

            @property
            def slow(self) -> bool:
                self.asked += 1
                if self.asked == 2:
                    self.stop()
                return False

        events = list(Training(small(("dataset.train_size", 60)), Late()).events())
        assert [event.epoch for event in epochs(events)] == [0, 1]
        assert (ended(events).status, ended(events).epoch, ended(events).step) == ("stopped", 1, 1)

    def test_a_stop_after_the_last_step_changes_nothing(self, small: Small) -> None:
        control = Control()
        events = []
        for event in Training(small(("dataset.train_size", 60)), control).events():
            events.append(event)
            if isinstance(event, StepsTaken) and event.step == 2:
                control.stop()
        assert ended(events).status == "finished"
        assert [event.complete for event in epochs(events)] == [True, True, True]

    def test_paused_and_continued_is_as_if_nothing_had_been(self, small: Small) -> None:
        spec = small(("architecture.kind", "mlp"), ("architecture.dropout", 0.3))
        control = Obliging()
        paused = Training(spec, control)
        events = []
        for event in paused.events():
            events.append(event)
            if isinstance(event, StepsTaken):
                control.pause()
        assert control.waits == 9  # after each of ten steps but the last
        straight = Training(spec, Control())
        plain = list(straight.events())
        assert [name for name in names(events) if name != "Halted"] == names(plain)
        assert _figures(events) == _figures(plain)
        assert _equal(paused.weights(), straight.weights())

    def test_stopped_while_paused(self, small: Small) -> None:
        control = Obliging(stops=True)
        events = []
        for event in Training(small(), control).events():
            events.append(event)
            if isinstance(event, StepsTaken) and event.step == 2:
                control.pause()
        assert control.waits == 1
        told = ["RunStarted", "EpochEnded", "StepsTaken", "StepsTaken", "Halted", "Halted", "EpochEnded", "RunEnded"]
        assert names(events) == told
        assert ended(events).status == "stopped"

    def test_failed(self, small: Small, monkeypatch: pytest.MonkeyPatch) -> None:
        _spoil_loss(monkeypatch, at_step=7)
        training = Training(small(("epochs", 5)), Control())
        events = list(training.events())
        assert names(events)[-4:] == ["EpochEnded", "StepsTaken", "StepsTaken", "RunEnded"]
        end = ended(events)
        assert (end.status, end.epoch, end.step) == ("failed", 2, 7)
        assert end.message == "Failed at step 7: the loss became infinite."
        assert "0.001" in end.hint
        assert end.mending == (("optimizer.lr", 0.0001),)
        assert _losses(events)[-1] == np.inf


def test_a_failure_is_told_at_its_step_even_when_it_is_read_later(
    small: Small, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loop, "READ_BACK_SECONDS", 1e9)
    _spoil_loss(monkeypatch, at_step=7)
    events = run(small(("batch_size", 20), ("epochs", 5)))
    assert names(events) == ["RunStarted", "EpochEnded", "StepsTaken", "RunEnded"]
    steps = events[-2]
    assert isinstance(steps, StepsTaken)
    assert (steps.step, len(steps.losses), len(steps.rates)) == (7, 7, 7)
    assert np.isfinite(steps.losses[:-1]).all()
    assert ended(events).step == 7


def test_a_rate_that_is_far_too_large_fails_and_the_mending_mends(small: Small) -> None:
    wild = (("optimizer.kind", "sgd"), ("optimizer.lr", 10.0), ("architecture.activation", "leaky-relu"))
    training = Training(small(*wild, ("batch_size", 10), ("epochs", 4)), Control())
    events = list(training.events())
    end = ended(events)
    assert (end.status, end.mending) == ("failed", (("optimizer.lr", 0.1),))
    assert end.step == len(_losses(events))
    assert is_finite(training.weights())
    assert not np.isfinite(_losses(events)[-1])
    assert np.isfinite(_losses(events)[:-1]).all()
    gentler = run(small(*wild, ("batch_size", 10), ("epochs", 4), *end.mending))
    assert ended(gentler).status == "finished"


def test_the_weights_of_the_last_sound_epoch_are_kept(small: Small, monkeypatch: pytest.MonkeyPatch) -> None:
    """A weight becomes NaN in the last step of an epoch, when no loss has shown it yet."""
    steps = count(1)

    def spoil(network: torch.nn.Module, *rest: Any) -> Any:
        said = train_step(network, *rest)
        if next(steps) == 10:
            with torch.no_grad():
                next(network.parameters()).view(-1)[0] = torch.nan
        return said

    _step_by(monkeypatch, spoil)
    training = Training(small(("epochs", 3)), Control())
    kept: dict[str, torch.Tensor] = {}
    events = []
    for event in training.events():
        events.append(event)
        if isinstance(event, EpochEnded):
            kept = training.weights()
    assert [event.epoch for event in epochs(events)] == [0, 1]
    assert (ended(events).status, ended(events).step) == ("failed", 10)
    assert _equal(training.weights(), kept)
    assert is_finite(kept)


@pytest.mark.parametrize(
    "error",
    [
        torch.OutOfMemoryError(),
        MemoryError(),
        RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 9 bytes."),
    ],
)
def test_out_of_memory_offers_a_smaller_batch(small: Small, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def full(*_: object) -> None:
        raise error

    _step_by(monkeypatch, full)
    end = ended(run(small(("batch_size", 1000))))
    assert (end.status, end.mending) == ("failed", (("batch_size", 150),))
    assert "memory" in end.message
    assert "150" in end.hint


def test_a_bug_is_not_hidden(small: Small, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("a bug")

    _step_by(monkeypatch, broken)
    with pytest.raises(RuntimeError, match="a bug"):
        run(small())


def test_the_start_says_what_will_be_done(small: Small) -> None:
    start = next(iter(Training(small(("name", "Me"), ("validation", 60)), Control()).events()))
    assert isinstance(start, RunStarted)
    assert (start.name, start.device, start.threads, start.epochs, start.steps_per_epoch) == ("Me", "cpu", 1, 2, 4)
    assert (start.train_size, start.validation_size, start.test_size) == (240, 60, 200)
    assert 0 < len(start.watched) <= 60
    assert len(set(start.watched.tolist())) == len(start.watched)


def test_epoch_0_is_the_untrained_network(small: Small) -> None:
    spec = small(("epochs", 1), ("seed", 3))
    (first, _) = epochs(run(spec))
    torch.manual_seed(3)
    network = spec.architecture.call(spec.facts).make().to(memory_format=torch.channels_last)
    training = Training(spec, Control())
    next(iter(training.events()))
    with torch.no_grad():
        outputs = network.eval()(training._material.test.inputs)
    np.testing.assert_array_equal(first.predictions.predicted, outputs.argmax(1).numpy())
    assert first.test_accuracy < 0.3
    assert np.isnan(first.train_loss)
    assert np.isnan(first.train_accuracy)
    assert (first.step, first.seconds) == (0, 0.0)


def test_it_learns(small: Small) -> None:
    spec = small(("dataset.train_size", 1000), ("optimizer.lr", 0.01), ("epochs", 3))
    accuracies = [event.test_accuracy for event in epochs(run(spec))]
    assert accuracies[-1] > 0.55
    assert accuracies[-1] > accuracies[0] + 0.3


@pytest.mark.parametrize(
    ("changes", "sizes"),
    [
        ([], [64, 64, 64, 64, 44]),
        ([("drop_last", True)], [64] * 4),
        ([("batch_size", "all")], [300]),
        ([("batch_size", 1000)], [300]),
        ([("batch_size", 1), ("dataset.train_size", 30)], [1] * 30),
        ([("validation", 0.1), ("shuffle", False)], [64, 64, 64, 64, 14]),
    ],
)
def test_training_figures_are_the_means_over_the_samples(
    small: Small, monkeypatch: pytest.MonkeyPatch, changes: list[tuple[str, Any]], sizes: list[int]
) -> None:
    seen: list[tuple[int, int]] = []

    def counted(network: Any, loss: Any, optimizer: Any, inputs: torch.Tensor, targets: torch.Tensor) -> Any:
        said = train_step(network, loss, optimizer, inputs, targets)
        seen.append((len(targets), int((said[1].argmax(1) == targets).sum())))
        return said

    _step_by(monkeypatch, counted)
    events = run(small(*changes))
    losses = _losses(events)
    assert [size for size, _ in seen] == sizes * 2
    assert len(losses) == 2 * len(sizes)
    for event in epochs(events)[1:]:
        steps = range((event.epoch - 1) * len(sizes), event.epoch * len(sizes))
        total = 0.0
        for step, size in zip(steps, sizes, strict=True):
            total += losses[step] * size
        assert event.train_loss == total / sum(sizes)
        assert event.train_accuracy == sum(seen[step][1] for step in steps) / sum(sizes)


def test_test_figures_are_those_of_the_predictions(small: Small) -> None:
    for event in epochs(run(small(("validation", 50)))):
        predictions = event.predictions
        assert len(predictions) == 200
        assert event.test_accuracy == float(np.mean(predictions.predicted == predictions.labels))
        assert event.test_loss == float(predictions.loss.mean(dtype=np.float64))
        np.testing.assert_allclose(predictions.probabilities.sum(1, dtype=np.float64), 1, atol=3e-3)
        held = event.validation_predictions
        assert held is not None
        assert event.validation_accuracy == float(np.mean(held.predicted == held.labels))
        assert event.validation_loss == float(held.loss.mean(dtype=np.float64))
        assert len(held) == 50


def test_without_a_validation_part_there_are_no_validation_figures(small: Small) -> None:
    for event in epochs(run(small(("epochs", 1)))):
        assert (event.validation_loss, event.validation_accuracy, event.validation_predictions) == (None, None, None)


def test_the_rate_of_every_step_is_told(small: Small) -> None:
    spec = small(("schedule.kind", "one-cycle"), ("optimizer.lr", 0.01), ("epochs", 3))
    rates = np.concatenate([event.rates for event in run(spec) if isinstance(event, StepsTaken)])
    made = torch.optim.Adam([torch.nn.Parameter(torch.zeros(1))], lr=0.01)
    schedule = torch.optim.lr_scheduler.OneCycleLR(made, 0.01, total_steps=15, cycle_momentum=False)
    expected = []
    for step in range(15):
        expected.append(made.param_groups[0]["lr"])
        made.step()
        if step < 14:
            schedule.step()
    np.testing.assert_array_equal(rates, np.array(expected, np.float32))


def test_events_carry_no_live_tensor_and_their_arrays_are_read_only(small: Small) -> None:
    for event in run(small()):
        for value in vars(event).values():
            assert not isinstance(value, torch.Tensor)
        if isinstance(event, EpochEnded):
            for array in (event.predictions.predicted, event.predictions.loss, event.predictions.probabilities):
                with pytest.raises(ValueError, match="read-only"):
                    array[0] = 0


def test_weights_are_a_copy_that_training_leaves_alone(small: Small) -> None:
    training = Training(small(), Control())
    list(until_steps(training, 1))
    kept = training.weights()
    before = {name: value.clone() for name, value in kept.items()}
    list(training.events())
    assert _equal(kept, before)


def test_a_device_that_is_not_there_is_a_problem_before_anything_is_done(small: Small) -> None:
    with pytest.raises(InvalidSpecError) as raised:
        Training(small(("device", "cuda:7")), Control())
    assert raised.value.problems[0].path == "device"


def _losses(events: list[Event]) -> list[float]:
    return [loss for event in events if isinstance(event, StepsTaken) for loss in event.losses.tolist()]


def _figures(events: list[Event]) -> list[object]:
    """All that two equal runs have in common; times differ."""
    figures: list[object] = [_losses(events)]
    for event in epochs(events):
        figures += [repr(event.train_loss), repr(event.train_accuracy), event.test_loss, event.test_accuracy]
        figures.append(event.predictions.probabilities.tobytes() + event.predictions.loss.tobytes())
    return figures


def _equal(first: dict[str, torch.Tensor], second: dict[str, torch.Tensor]) -> bool:
    return first.keys() == second.keys() and all(torch.equal(first[name], second[name]) for name in first)


def _step_by(monkeypatch: pytest.MonkeyPatch, function: Callable[..., Any]) -> None:
    """Take every step by another function."""
    monkeypatch.setattr(learner, "step_of", lambda spec: (function, ()))


def _spoil_loss(monkeypatch: pytest.MonkeyPatch, at_step: int) -> None:
    """Make one loss infinite."""
    steps = count(1)

    def spoil(*arguments: Any) -> Any:
        loss, outputs = train_step(*arguments)
        return (loss + torch.inf if next(steps) == at_step else loss), outputs

    _step_by(monkeypatch, spoil)
