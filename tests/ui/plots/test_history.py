"""What the curves keep of a run."""

import math

import numpy as np
import pytest

from fmstudio.runs.run import Run
from fmstudio.training.events import EpochEnded, Predictions, QuickChecked, RunResumed, RunStarted, StepsTaken
from fmstudio.ui.plots.history import Figures, History, thinned

_ZEROS = np.zeros(1, np.int64)
_NOTHING = Predictions(_ZEROS, _ZEROS, _ZEROS, np.zeros(1, np.float32), np.full((1, 10), 0.1, np.float16))


def _check(step: int, accuracy: float) -> QuickChecked:
    return QuickChecked(step=step, accuracy=accuracy, loss=1.0, predictions=_NOTHING)


def _end(epoch: int, step: int, accuracy: float) -> EpochEnded:
    return EpochEnded(
        epoch=epoch,
        step=step,
        train_loss=math.nan,
        train_accuracy=math.nan,
        test_loss=1.0,
        test_accuracy=accuracy,
        seconds=1.0,
        evaluation_seconds=1.0,
        predictions=_NOTHING,
    )


def _steps(run: Run, count: int, loss: float) -> None:
    values = np.full(count, loss, np.float32)
    run.apply(StepsTaken(step=run.step + count, epoch=1, losses=values, rates=values, seconds=1.0))


def _run(steps_per_epoch: int = 100) -> Run:
    run = Run()
    run.apply(RunStarted(epochs=2, steps_per_epoch=steps_per_epoch, train_size=1, test_size=1))
    return run


def test_figures_take_in_only_what_is_new_and_say_whether_there_was_any() -> None:
    figures = Figures(("accuracy",))
    events = [_check(1, 0.1)]
    assert figures.update(events)
    assert not figures.update(events)
    events.append(_check(5, 0.5))
    assert figures.update(events)
    assert figures.steps.tolist() == [1, 5]
    assert figures["accuracy"].tolist() == pytest.approx([0.1, 0.5])


def test_figures_begin_anew_where_events_were_dropped() -> None:
    figures = Figures(("accuracy",))
    figures.update([_check(1, 0.1), _check(5, 0.5), _check(9, 0.9)])
    figures.update([_check(1, 0.1), _check(6, 0.6), _check(7, 0.7), _check(8, 0.8)])
    assert figures.steps.tolist() == [1, 6, 7, 8]


def test_what_was_not_measured_is_left_out_of_a_line() -> None:
    figures = Figures(("train_accuracy", "validation_accuracy", "test_accuracy"))
    figures.update([_end(0, 0, 0.1), _end(1, 100, 0.7)])
    assert len(figures.line("train_accuracy")[0]) == 0
    assert len(figures.line("validation_accuracy")[0]) == 0
    assert figures.line("test_accuracy")[0].tolist() == [0, 100]


def test_a_run_that_is_cut_back_and_goes_on_past_where_it_was_is_noticed() -> None:
    run = _run()
    _steps(run, 50, 2.0)
    history = History(run)
    history.update()
    run.apply(RunResumed(step=30))
    _steps(run, 40, 1.0)
    history.update()
    assert history.losses.values.tolist() == [2.0] * 30 + [1.0] * 40
    assert len(history.rates) == len(history.smooth) == 70


def test_a_run_that_grows_longer_is_smoothed_more() -> None:
    run = _run()
    history = History(run)
    history.update()
    short = history.smooth.reach
    run.apply(RunStarted(epochs=40, steps_per_epoch=100, train_size=1, test_size=1))
    _steps(run, 50, 2.0)
    history.update()
    assert history.smooth.reach > short
    assert len(history.smooth) == 50


def test_the_smoothed_line_reaches_the_newest_step() -> None:
    run = _run(1_000)
    _steps(run, 777, 2.0)
    history = History(run)
    history.update()
    steps, values = history.smoothed(-10, 2_010, 100)
    assert steps[0] == 1
    assert steps[-1] == 777
    assert len(steps) <= 101
    assert (values == 2.0).all()


def test_nothing_is_smoothed_before_the_first_step() -> None:
    history = History(_run())
    history.update()
    assert len(history.smoothed(0, 100, 50)[0]) == 0


def test_a_line_is_cut_to_what_is_visible_and_one_point_more() -> None:
    line = np.arange(0.0, 100.0, 10.0), np.arange(10, dtype=np.float32)
    assert thinned(line, 25, 55)[0].tolist() == [20, 30, 40, 50, 60]


def test_a_long_line_keeps_its_spikes() -> None:
    steps = np.arange(0.0, 300_000.0, 10.0)
    values = np.zeros(30_000, np.float32)
    values[12_345] = 1.0
    thin = thinned((steps, values), 0, 300_000, 200)
    assert len(thin[0]) <= 200
    assert thin[0][thin[1] == 1.0].tolist() == [123_450]
