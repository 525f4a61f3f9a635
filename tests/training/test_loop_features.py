"""What the loop does on request: single steps, rare evaluation, early stopping, averaging, clipping, plateau."""

import math
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pytest
import torch

from fmstudio.data.splits import hold_back
from fmstudio.experiment.draft import changed
from fmstudio.experiment.reading import read_spec
from fmstudio.experiment.spec import ExperimentSpec, to_mapping
from fmstudio.runs.recorder import Recorder
from fmstudio.runs.run import Run
from fmstudio.runs.store import find_run, load_run
from fmstudio.training import loop
from fmstudio.training.checkpoints import load_weights
from fmstudio.training.control import Control
from fmstudio.training.evaluation import Question, build_network, mean_loss
from fmstudio.training.events import (
    EpochEnded,
    Event,
    NumberPredictions,
    ParametersMoved,
    RunEnded,
    StepShown,
    StepsTaken,
)
from fmstudio.training.learner import Learner
from fmstudio.training.loop import Training

Small = Callable[..., ExperimentSpec]
E = TypeVar("E")
LINE: list[tuple[str, Any]] = [
    ("dataset.kind", "linear"), ("dataset.w", [3.0]), ("dataset.b", 0.8), ("dataset.noise", 0.1), ("dataset.n", 50),
    ("dataset.test_n", 30), ("architecture.kind", "linear-regression"), ("loss.kind", "mse"),
    ("optimizer.kind", "sgd"), ("optimizer.lr", 0.05), ("batch_size", 20), ("epochs", 3), ("threads", 1),
]  # fmt: skip


def line(*changes: tuple[str, Any]) -> ExperimentSpec:
    return read_spec(changed(to_mapping(ExperimentSpec()), [*LINE, *changes]))


def run(spec: ExperimentSpec, control: Control | None = None) -> tuple[Training, list[Event]]:
    training = Training(spec, control or Control())
    return training, list(training.events())


def of(events: list[Event], kind: type[E]) -> list[E]:
    return [event for event in events if isinstance(event, kind)]


def same(one: Training, other: Training) -> bool:
    mine, theirs = one.weights(), other.weights()
    return mine.keys() == theirs.keys() and all(torch.equal(mine[name], theirs[name]) for name in mine)


def figures(events: list[Event]) -> list[tuple[float, ...]]:
    told = [(e.epoch, e.step, e.train_loss, e.test_loss) for e in of(events, EpochEnded)]
    return [tuple(-1.0 if isinstance(one, float) and math.isnan(one) else one for one in row) for row in told]


class Stepping(Control):
    """Is paused from the start, and takes one single step after the other."""

    def __init__(self) -> None:
        super().__init__()
        self.pause()

    def wait_for_turn(self) -> None:
        self.one_step()
        super().wait_for_turn()


class StopsAt(Control):
    """Is stopped when the training asks for its turn after so many turns, while it is paused."""

    def __init__(self, turns: int) -> None:
        super().__init__()
        self.pause()
        self._turns = turns

    def wait_for_turn(self) -> None:
        if self._turns:
            self._turns -= 1
            self.one_step()
        else:
            self.stop()
        super().wait_for_turn()


@pytest.mark.parametrize(
    "changes",
    [
        [("architecture.kind", "mlp"), ("architecture.dropout", 0.3), ("architecture.batch_norm", True)],
        [("architecture.kind", "cnn"), ("optimizer.kind", "lbfgs"), ("optimizer.max_iter", 2), ("optimizer.lr", 0.1)],
        [("architecture.kind", "softmax-regression-sparse"), ("optimizer.kind", "sparse-adam")],
        [("averaging", 0.9), ("gradient_clipping", 0.1), ("schedule.kind", "cosine")],
    ],
)
def test_single_steps_change_no_bit(small: Small, changes: list[tuple[str, Any]]) -> None:
    spec = small(("dataset.train_size", 150), ("epochs", 2), *changes)
    stepped, slowly = run(spec, Stepping())
    straight, plain = run(spec)
    assert same(stepped, straight)
    assert figures(slowly) == figures(plain)
    assert [shown.step for shown in of(slowly, StepShown)] == [1, 2, 3, 4, 5, 6]
    assert not of(plain, StepShown)


class TestStepShown:
    def test_its_numbers_are_those_of_a_step_made_by_hand(self) -> None:
        spec = line(("shuffle", False), ("dataset.w", [2.0, -3.4]))
        _, events = run(spec, Stepping())
        first = of(events, StepShown)[0]
        x, y = (array[:20].astype(np.float64) for array in spec.dataset.points("train"))  # type: ignore[attr-defined]
        torch.manual_seed(spec.seed)
        start = Learner(spec, "cpu").network.state_dict()
        w, b = start["weight"].double().numpy(), start["bias"].double().numpy()
        outputs = x @ w.T + b
        error = outputs - y
        of_w, of_b = 2 * (error * x).mean(0), 2 * error.mean()
        assert (first.step, first.epoch, first.size, first.right) == (1, 1, 20, None)
        assert first.rate == pytest.approx(0.05)
        assert first.samples.tolist() == list(range(20))
        np.testing.assert_allclose(first.targets, y[:, 0], rtol=1e-6)
        np.testing.assert_allclose(first.outputs, outputs, rtol=1e-4, atol=1e-6)
        assert first.loss == pytest.approx((error**2).mean(), rel=1e-5)
        weight, bias = first.tensors
        assert (weight.name, weight.shape, bias.name, bias.shape) == ("weight", (1, 2), "bias", (1,))
        assert weight.gradient == pytest.approx(np.sqrt((of_w**2).sum()), rel=1e-5)
        assert bias.gradient == pytest.approx(abs(of_b), rel=1e-5)
        assert weight.change == pytest.approx(0.05 * np.abs(of_w).max(), rel=1e-4)
        assert bias.change == pytest.approx(0.05 * abs(of_b), rel=1e-4)
        assert weight.weight == pytest.approx(np.abs(w).max(), rel=1e-6)

    def test_a_summed_loss_is_told_as_the_mean(self) -> None:
        _, events = run(line(("loss.reduction", "sum"), ("optimizer.lr", 0.001)), Stepping())
        losses = [float(loss) for told in of(events, StepsTaken) for loss in told.losses]
        assert [shown.loss for shown in of(events, StepShown)] == pytest.approx(losses, rel=1e-6)

    def test_it_shows_the_pictures_of_the_batch_and_how_many_are_right(self, small: Small) -> None:
        _, events = run(small(("epochs", 1), ("dataset.train_size", 100)), Stepping())
        full, rest = of(events, StepShown)
        assert (full.size, rest.size) == (64, 36)
        assert len(full.samples) == len(full.targets) == len(full.outputs) == 24
        assert full.outputs.shape == (24, 10)
        assert 0 <= (full.right or 0) <= 64
        assert len({*full.samples.tolist(), *rest.samples.tolist()}) == 48

    def test_it_comes_after_the_loss_of_the_same_step(self) -> None:
        _, events = run(line(("epochs", 1)), Stepping())
        told = [(type(e).__name__, e.step) for e in events if isinstance(e, StepsTaken | StepShown)]
        assert told == [(name, step) for step in (1, 2, 3) for name in ("StepsTaken", "StepShown")]

    def test_clipped_gradients_are_shown_as_they_are_used(self) -> None:
        _, events = run(line(("gradient_clipping", 0.5)), Stepping())
        length = math.hypot(*(tensor.gradient for tensor in of(events, StepShown)[0].tensors))
        assert length == pytest.approx(0.5, rel=1e-4)


class TestSpeed:
    def test_the_steps_keep_their_distance_and_are_shown(self) -> None:
        now = [0.0]
        waited: list[float] = []

        class Clocked(Control):
            """Its clock only moves while it waits."""

            def __init__(self) -> None:
                super().__init__(clock=lambda: now[0])
                self._changed.wait = self._pass  # type: ignore[method-assign]

            def _pass(self, seconds: float | None = None) -> bool:
                assert seconds is not None
                waited.append(seconds)
                now[0] += seconds
                return True

        control = Clocked()
        control.set_speed(4)
        _, events = run(line(("epochs", 1)), control)
        assert len(of(events, StepShown)) == 3
        assert waited == pytest.approx([0.25, 0.25])

    def test_fast_steps_are_not_shown_one_by_one(self) -> None:
        control = Control()
        control.set_speed(1e6)
        _, events = run(line(), control)
        assert not of(events, StepShown)
        assert (control.slow, control.close_up) == (True, False)

    def test_full_speed_waits_for_nothing(self) -> None:
        control = Control()
        control.set_speed(5)
        control.set_speed(0)
        assert (control.slow, control.close_up, control.speed) == (False, False, 0.0)
        control.set_speed(-3)
        assert control.speed == 0


class TestPath:
    def test_it_begins_before_the_first_step_and_ends_with_the_final_weights(self) -> None:
        training, events = run(line())
        steps = np.concatenate([moved.steps for moved in of(events, ParametersMoved)])
        values = np.concatenate([moved.values for moved in of(events, ParametersMoved)])
        assert steps.tolist() == list(range(10))
        torch.manual_seed(0)
        start = Learner(training.spec, "cpu").network
        np.testing.assert_array_equal(values[0], _flat(start.state_dict()))
        np.testing.assert_array_equal(values[-1], _flat(training.weights()))

    @pytest.mark.parametrize("points", [4, 1])
    def test_of_a_long_run_only_some_steps_are_kept_and_always_the_last(
        self, monkeypatch: pytest.MonkeyPatch, points: int
    ) -> None:
        monkeypatch.setattr("fmstudio.training.slow_motion.Path.POINTS", points)
        training, events = run(line(("epochs", 100), ("evaluate_every", 50)))
        steps = np.concatenate([moved.steps for moved in of(events, ParametersMoved)]).tolist()
        assert steps == sorted({0, *range(0, 301, 300 // points), 150, 300})
        np.testing.assert_array_equal(of(events, ParametersMoved)[-1].values[-1], _flat(training.weights()))

    def test_a_stopped_run_ends_with_the_weights_that_it_keeps(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("fmstudio.training.slow_motion.Path.POINTS", 1)
        training, events = run(line(("epochs", 100), ("evaluate_every", 50)), StopsAt(7))
        np.testing.assert_array_equal(of(events, ParametersMoved)[-1].values[-1], _flat(training.weights()))
        assert of(events, ParametersMoved)[-1].steps[-1] == 7

    def test_with_averaging_it_follows_the_mean_which_is_what_is_judged(self) -> None:
        training, events = run(line(("averaging", 0.9)))
        np.testing.assert_array_equal(of(events, ParametersMoved)[-1].values[-1], _flat(training.weights()))

    def test_networks_that_are_no_line_tell_none(self, small: Small) -> None:
        _, events = run(small(("epochs", 1)))
        assert not of(events, ParametersMoved)


class TestRareEvaluation:
    def test_only_some_epochs_end_with_a_word_and_the_last_one_always(self) -> None:
        _, events = run(line(("epochs", 8), ("evaluate_every", 3)))
        assert [(event.epoch, event.step) for event in of(events, EpochEnded)] == [(0, 0), (3, 9), (6, 18), (8, 24)]

    def test_it_changes_no_bit(self) -> None:
        rare, few = run(line(("epochs", 8), ("evaluate_every", 3)))
        often, all_of_them = run(line(("epochs", 8)))
        assert same(rare, often)
        assert set(figures(few)) <= set(figures(all_of_them))

    def test_of_thousands_of_epochs_the_first_ten_and_about_a_thousand_more_are_evaluated(self) -> None:
        spec = line(("epochs", 30_000))
        evaluated = [epoch for epoch in range(1, 30_001) if spec.evaluates(epoch)]
        assert evaluated[:12] == [*range(1, 11), 30, 60]
        assert (len(evaluated), evaluated[-1]) == (1010, 30_000)

    @pytest.mark.parametrize(
        ("turns", "epoch", "complete"),
        [(13, 5, False), (12, 4, True), (1, 1, False)],
        ids=["in an epoch", "between two", "in the first"],
    )
    def test_stopped_between_two_evaluations_it_evaluates_and_keeps_the_newest_weights(
        self, turns: int, epoch: int, complete: bool
    ) -> None:
        spec = line(("epochs", 50), ("evaluate_every", 10))
        training, events = run(spec, StopsAt(turns))
        last, end = of(events, EpochEnded)[-1], of(events, RunEnded)[-1]
        assert (last.epoch, last.step, last.complete) == (epoch, turns, complete)
        assert (end.status, end.epoch, end.step) == ("stopped", epoch, turns)
        losses = np.concatenate([told.losses for told in of(events, StepsTaken)]).astype(np.float64)
        sizes = np.resize([20, 20, 10], turns)
        part = slice(3 * (epoch - 1), None)
        assert last.train_loss == pytest.approx(np.average(losses[part], weights=sizes[part]), rel=1e-6)
        assert [told.epoch for told in of(events, StepsTaken)] == [step // 3 + 1 for step in range(turns)]
        network = build_network(spec, training.weights(), "cpu")
        answered = Question(spec, "cpu").ask(network, training._material.test)
        assert isinstance(answered, NumberPredictions)
        np.testing.assert_array_equal(answered.predicted, last.predictions.predicted)
        assert mean_loss(answered) == last.test_loss

    def test_a_loss_that_becomes_infinite_between_evaluations_ends_the_run(self) -> None:
        spec = line(("epochs", 1000), ("evaluate_every", 500), ("optimizer.lr", 10.0), ("dataset.spread", 100.0))
        training, events = run(spec)
        end = of(events, RunEnded)[-1]
        losses = np.concatenate([told.losses for told in of(events, StepsTaken)])
        assert end.status == "failed"
        assert end.step == len(losses)
        assert not np.isfinite(losses[-1])
        assert np.isfinite(losses[:-1]).all()
        assert all(bool(value.isfinite().all()) for value in training.weights().values())


def judged(monkeypatch: pytest.MonkeyPatch, *accuracies: float) -> None:
    """The hundred samples held back are judged as given, evaluation after evaluation."""
    given, true = iter([0.1, *accuracies]), loop.accuracy_of  # of the untrained network first
    monkeypatch.setattr(loop, "accuracy_of", lambda one: next(given) if len(one) == 100 else true(one))


HELD: list[tuple[str, Any]] = [("dataset.train_size", 200), ("validation", 100), ("architecture.kind", "mlp")]


class TestEarlyStopping:
    def test_it_ends_after_so_many_epochs_that_are_no_better(
        self, small: Small, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        judged(monkeypatch, 0.5, 0.7, 0.6, 0.7, 0.9)
        spec = small(*HELD, ("epochs", 9), ("early_stopping", 2), ("architecture.hidden", [8]))
        training = Training(spec, Control())
        kept: dict[int, dict[str, torch.Tensor]] = {}
        fold = Run()
        for event in Recorder(training, tmp_path).events():
            fold.apply(event)
            if isinstance(event, EpochEnded):
                kept[event.epoch] = training.weights()
        assert [epoch.stale for epoch in fold.epochs] == [0, 0, 0, 1, 2]
        assert fold.ended is not None
        assert (fold.ended.status, fold.ended.epoch) == ("finished", 4)
        assert fold.ended.message == "Stopped early after epoch 4: no better for 2 epochs."
        assert fold.best_epoch is fold.epochs[2]
        folder = find_run(fold.id, tmp_path)
        for file, epoch in ((folder.weights, 2), (folder.last, 4)):
            found = load_weights(file)
            assert all(torch.equal(found[name], value) for name, value in kept[epoch].items())
        again = load_run(folder).best_epoch
        assert again is not None
        assert again.epoch == 2

    def test_with_rare_evaluation_the_patience_is_still_in_epochs(
        self, small: Small, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        judged(monkeypatch, 0.7, 0.6, 0.5)
        _, events = run(small(*HELD, ("epochs", 9), ("early_stopping", 4), ("evaluate_every", 2)))
        assert [(event.epoch, event.stale) for event in of(events, EpochEnded)] == [(0, 0), (2, 0), (4, 2), (6, 4)]
        assert "no better for 4 epochs" in of(events, RunEnded)[-1].message

    def test_after_the_last_epoch_nothing_is_stopped_early(self, small: Small, monkeypatch: pytest.MonkeyPatch) -> None:
        judged(monkeypatch, 0.7, 0.6)
        _, events = run(small(*HELD, ("epochs", 2), ("early_stopping", 1)))
        assert (of(events, RunEnded)[-1].status, of(events, RunEnded)[-1].message) == ("finished", "")

    def test_the_untrained_network_is_never_the_best(
        self, small: Small, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        judged(monkeypatch, 0.05)
        spec = small(*HELD, ("epochs", 4), ("evaluate_every", 4))
        training = Training(spec, Control())
        fold = Run()
        for event in Recorder(training, tmp_path).events():
            fold.apply(event)
        found = load_weights(find_run(fold.id, tmp_path).weights)
        assert all(torch.equal(found[name], value) for name, value in training.weights().items())
        assert fold.best_epoch is fold.epochs[1]

    def test_a_loss_on_the_samples_held_back_that_is_not_finite_is_no_better(self) -> None:
        _, events = run(line(("validation", 0.2), ("epochs", 1)))
        epoch = of(events, EpochEnded)[-1]
        assert epoch.figure == -(epoch.validation_loss or 0.0)
        without = EpochEnded(**{**vars(epoch), "validation_loss": math.nan})
        assert without.figure == -math.inf
        assert EpochEnded(**{**vars(epoch), "validation_loss": None, "validation_accuracy": None}).figure is None


def test_averaging_judges_and_keeps_the_running_mean() -> None:
    spec = line(("averaging", 0.8), ("epochs", 2), ("shuffle", False))
    training, events = run(spec)
    torch.manual_seed(spec.seed)
    raw = Learner(line(("epochs", 2), ("shuffle", False)), "cpu")
    x, y = (torch.from_numpy(array.copy()) for array in spec.dataset.points("train"))  # type: ignore[attr-defined]
    mean: dict[str, torch.Tensor] | None = None
    for _ in range(2):
        for start in range(0, 50, 20):
            raw.take_step(x[start : start + 20], y[start : start + 20])
            now = {name: value.clone() for name, value in raw.network.state_dict().items()}
            mean = now if mean is None else {name: 0.8 * mean[name] + 0.2 * now[name] for name in now}
    assert mean is not None
    for name, value in training.weights().items():
        torch.testing.assert_close(value, mean[name])
        assert not torch.equal(value, raw.network.state_dict()[name])
    predicted = of(events, EpochEnded)[-1].predictions.predicted
    x, _ = (torch.from_numpy(array.copy()) for array in spec.dataset.points("test"))  # type: ignore[attr-defined]
    np.testing.assert_allclose(predicted, (x @ mean["weight"].T + mean["bias"])[:, 0], rtol=1e-5)


def test_clipping_shortens_each_step() -> None:
    _, free = run(line(), Stepping())
    _, clipped = run(line(("gradient_clipping", 0.01)), Stepping())
    longest = 0.05 * 0.01 * 1.001
    assert max(t.change for t in of(clipped, StepShown)[0].tensors) <= longest
    assert max(t.change for t in of(free, StepShown)[0].tensors) > longest


def test_plateau_lowers_the_rate_where_the_samples_held_back_do_no_better(
    small: Small, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged(monkeypatch, 0.5, 0.6, 0.6, 0.5, 0.5, 0.5)
    schedule = [("schedule.kind", "plateau"), ("schedule.patience", 1), ("schedule.factor", 0.5)]
    spec = small(*HELD, *schedule, ("epochs", 6), ("batch_size", "all"), ("optimizer.lr", 0.08))
    _, events = run(spec)
    rates = np.concatenate([told.rates for told in of(events, StepsTaken)])
    np.testing.assert_allclose(rates, [0.08, 0.08, 0.08, 0.08, 0.04, 0.04], rtol=1e-6)


def test_plateau_on_numbers_looks_at_the_loss() -> None:
    schedule = [("schedule.kind", "plateau"), ("schedule.patience", 0), ("schedule.factor", 0.1)]
    _, events = run(line(*schedule, ("validation", 10), ("optimizer.lr", 2.0), ("epochs", 6), ("batch_size", "all")))
    losses = [epoch.validation_loss or 0.0 for epoch in of(events, EpochEnded)][1:]
    rates = np.concatenate([told.rates for told in of(events, StepsTaken)]).tolist()
    worse = [now >= min(losses[: number + 1]) for number, now in enumerate(losses[1:])]
    assert any(worse)
    lowered = [after < before * 0.5 for before, after in pairwise(rates[1:])]
    assert lowered == worse[: len(lowered)]


def test_lbfgs_fits_a_line_in_one_step_of_the_whole_set() -> None:
    spec = line(
        ("dataset.noise", 0.0), ("optimizer.kind", "lbfgs"), ("batch_size", "all"), ("epochs", 1), ("dataset.n", 200)
    )
    training, events = run(spec)
    np.testing.assert_allclose(_flat(training.weights()), [3.0, 0.8], atol=1e-4)
    assert of(events, RunEnded)[-1].step == 1


class TestNumbers:
    def test_its_figures_are_those_of_its_answers(self) -> None:
        spec = line(("epochs", 20), ("validation", 10))
        _, events = run(spec)
        last = of(events, EpochEnded)[-1]
        assert isinstance(last.predictions, NumberPredictions)
        truth, predicted = last.predictions.targets.astype(float), last.predictions.predicted.astype(float)
        error = truth - predicted
        assert last.test_mae == pytest.approx(np.abs(error).mean())
        assert last.test_rmse == pytest.approx(np.sqrt((error**2).mean()))
        assert last.test_r2 == pytest.approx(1 - (error**2).sum() / ((truth - truth.mean()) ** 2).sum())
        assert last.test_loss == pytest.approx((error**2).mean(), rel=1e-5)
        assert math.isnan(last.train_accuracy)
        assert math.isnan(last.test_accuracy)
        assert last.validation_loss is not None
        assert (last.test_r2 or 0) > 0.9

    def test_the_samples_held_back_are_never_learned_from(self) -> None:
        spec = line(("validation", 10), ("epochs", 2))
        training, events = run(spec, Stepping())
        kept, held = hold_back(50, 10, spec.seed)
        seen = {int(sample) for shown in of(events, StepShown) for sample in shown.samples}
        assert seen == set(kept.tolist())
        assert set(training._material.validation.samples.tolist()) == set(held.tolist())


def _flat(weights: dict[str, torch.Tensor]) -> np.ndarray:
    return torch.cat([value.flatten() for value in weights.values()]).numpy()


def test_a_stop_within_a_long_step_leaves_it_and_the_weights_are_those_before_it(small: Small) -> None:
    """LBFGS asks for loss and gradients up to 25 times in one step."""
    spec = small(("optimizer.kind", "lbfgs"), ("batch_size", "all"), ("architecture.kind", "softmax-regression"))
    asked = iter(range(100))

    control = Control()
    training = Training(spec, control)
    events = training.events()
    seen: list[Event] = [next(events), next(events)]
    untrained = training.weights()
    training._learner.network.register_forward_pre_hook(lambda *_: control.stop() if next(asked) == 3 else None)
    seen += list(events)
    ended = of(seen, RunEnded)[0]
    assert (ended.status, ended.step) == ("stopped", 0)
    assert next(asked) < 8
    assert all(torch.equal(value, untrained[name]) for name, value in training._learner.network.state_dict().items())
