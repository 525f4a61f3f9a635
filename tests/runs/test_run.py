"""The fold: what a view knows of a run after each event."""

import math

import numpy as np
import pytest

from fmstudio.runs.run import Run, Series
from fmstudio.training.events import (
    CheckpointSaved,
    EpochEnded,
    PicturesWatched,
    Predictions,
    QuickChecked,
    RunEnded,
    RunResumed,
    RunStarted,
    StepsTaken,
)


def predictions(count: int = 3) -> Predictions:
    numbers = np.arange(count)
    return Predictions(numbers, numbers, numbers, np.zeros(count, np.float32), np.ones((count, 4), np.float16))


def started(epochs: int = 3, steps: int = 4) -> RunStarted:
    return RunStarted(run="r1", epochs=epochs, steps_per_epoch=steps, train_size=40, test_size=3)


STARTED = RunStarted(run="a", epochs=2, steps_per_epoch=2, train_size=20, test_size=10)


def steps(step: int, *losses: float, epoch: int = 1) -> StepsTaken:
    values = np.array(losses, np.float32)
    return StepsTaken(step=step, epoch=epoch, losses=values, rates=values / 10, seconds=step / 2)


def epoch(number: int, step: int, *, validation: float | None = None, complete: bool = True) -> EpochEnded:
    return EpochEnded(
        epoch=number,
        step=step,
        train_loss=1.0,
        train_accuracy=0.5,
        test_loss=1.0,
        test_accuracy=0.5,
        validation_loss=None if validation is None else 1.0,
        validation_accuracy=validation,
        seconds=1.0,
        evaluation_seconds=0.1,
        complete=complete,
        predictions=predictions(),
    )


def check(step: int) -> QuickChecked:
    return QuickChecked(step=step, accuracy=0.5, loss=1.0, predictions=predictions())


def folded(*events: object) -> Run:
    run = Run(spec={"name": "Me"})
    for event in events:
        run.apply(event)  # type: ignore[arg-type]
    return run


def test_a_series_keeps_every_number() -> None:
    series, wanted = Series(), np.arange(100_000, dtype=np.float32)
    for part in np.split(wanted, [0, 1, 3, 1023, 1024, 1025, 5000, 99_999]):
        series.extend(part)
    np.testing.assert_array_equal(series.values, wanted)
    assert len(series) == 100_000
    with pytest.raises(ValueError, match="read-only"):
        series.values[0] = 1


@pytest.mark.parametrize(("length", "left"), [(2, 2), (0, 0), (9, 3), (-1, 0)])
def test_a_series_forgets_its_end(length: int, left: int) -> None:
    series = Series()
    series.extend(np.array([1, 2, 3], np.float32))
    series.truncate(length)
    assert series.values.tolist() == [1, 2, 3][:left]
    series.extend(np.array([7], np.float32))
    assert series.values.tolist() == [*[1, 2, 3][:left], 7]


def test_values_that_were_handed_out_stay_true() -> None:
    series = Series()
    series.extend(np.array([1, 2, 3], np.float32))
    before = series.values
    series.extend(np.arange(5000, dtype=np.float32))
    assert before.tolist() == [1, 2, 3]


def test_nothing_is_known_at_first() -> None:
    run = Run()
    assert (run.name, run.id, run.step, run.current_epoch, run.progress) == ("", "", 0, 0, 0)
    assert (run.answers, run.best_epoch, run.ended, run.saved_step) == (None, None, None, -1)


def test_it_follows_the_steps() -> None:
    run = folded(started(), epoch(0, 0), steps(3, 9, 8, 7), steps(5, 6, 5, epoch=2))
    assert (run.id, run.name, run.step, run.total_steps, run.seconds) == ("r1", "Me", 5, 12, 2.5)
    assert run.losses.values.tolist() == [9, 8, 7, 6, 5]
    np.testing.assert_allclose(run.rates.values, [0.9, 0.8, 0.7, 0.6, 0.5])
    assert run.progress == 5 / 12


@pytest.mark.parametrize(("taken", "current"), [(0, 0), (1, 1), (4, 1), (5, 2), (8, 2), (12, 3)])
def test_the_current_epoch_is_that_of_the_last_step(taken: int, current: int) -> None:
    run = folded(started(), steps(taken, *range(taken)))
    assert run.current_epoch == current


def test_every_event_makes_it_another_version() -> None:
    run = Run()
    seen = {run.version}
    for event in (started(), epoch(0, 0), steps(1, 1), check(1), CheckpointSaved(epoch=0, step=0)):
        run.apply(event)
        seen.add(run.version)
    assert len(seen) == 6


def test_the_newest_answers_are_those_of_a_check_or_of_an_epoch() -> None:
    first, second, ended = epoch(0, 0), check(2), epoch(1, 4)
    run = folded(started(), first)
    assert run.answers is first.predictions
    run.apply(second)
    assert run.answers is second.predictions
    run.apply(ended)
    assert run.answers is ended.predictions


def test_the_watched_answers_are_the_newest() -> None:
    first, second = (PicturesWatched(step=step, predictions=predictions()) for step in (1, 2))
    assert folded(first, second).watched is second


def test_the_best_epoch_is_the_last_without_validation() -> None:
    assert folded(started(), epoch(0, 0)).best_epoch is None
    best = folded(started(), epoch(0, 0), epoch(1, 4), epoch(2, 8)).best_epoch
    assert best is not None
    assert best.epoch == 2


@pytest.mark.parametrize(
    ("accuracies", "best"), [([0.9, 0.5, 0.7, 0.6], 2), ([0.9, 0.5, 0.5, 0.4], 1), ([0.1, 0.0, 0.0, 0.0], 1)]
)
def test_the_best_epoch_is_the_first_best_trained_one_on_validation(accuracies: list[float], best: int) -> None:
    found = folded(started(), *(epoch(n, 4 * n, validation=a) for n, a in enumerate(accuracies))).best_epoch
    assert found is not None
    assert found.epoch == best


@pytest.mark.parametrize("step", [4, 5, 6])
def test_resuming_forgets_what_came_later(step: int) -> None:
    run = folded(
        started(),
        epoch(0, 0),
        steps(4, 1, 2, 3, 4),
        check(3),
        epoch(1, 4),
        steps(6, 5, 6, epoch=2),
        check(6),
        epoch(2, 6, complete=False),
        RunEnded(status="stopped", epoch=2, step=6),
        RunResumed(step=step),
    )
    assert run.ended is None
    assert run.losses.values.tolist() == [1, 2, 3, 4, 5, 6][:step]
    assert len(run.rates) == step
    assert [one.epoch for one in run.epochs] == [0, 1]
    assert [one.step for one in run.checks] == [3, 6][: 2 if step == 6 else 1]


def test_beginning_anew_forgets_everything() -> None:
    """A run that was cut off before its first checkpoint begins again in the same folder, and the same file."""
    told = (STARTED, check(0), epoch(0, 0), steps(2, 1.0, 2.0))
    run, once = folded(*told, *told), folded(*told)
    assert run.losses.values.tolist() == once.losses.values.tolist() == [1.0, 2.0]
    assert [one.epoch for one in run.epochs] == [0]
    assert (len(run.checks), run.seconds) == (1, 1.0)


def test_saving_and_ending_are_kept() -> None:
    end = RunEnded(status="failed", epoch=1, step=4, message="m")
    run = folded(started(), CheckpointSaved(epoch=1, step=4), end)
    assert (run.saved_step, run.ended) == (4, end)


def test_progress_never_exceeds_one_and_needs_no_start() -> None:
    assert folded(steps(2, 1, 2)).progress == 1
    assert not math.isnan(folded(started(1, 1), steps(3, 1, 2, 3)).progress)
    assert folded(started(1, 1), steps(3, 1, 2, 3)).progress == 1
