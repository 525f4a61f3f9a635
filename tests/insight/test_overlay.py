"""Common axes, and mean and band of repeated runs."""

from collections.abc import Sequence

import numpy as np
import pytest

from fmstudio.insight.overlay import band, best_point, moved, steps_at, value_at
from fmstudio.runs.run import Run
from fmstudio.training.events import EpochEnded, Predictions, RunStarted, StepsTaken

NOTHING = Predictions(*(np.zeros(1, np.int64),) * 3, np.zeros(1, np.float32), np.full((1, 2), 0.5, np.float16))


def run(seconds: Sequence[float], *, per_epoch: int = 10, size: int = 95, spec: dict[str, object] | None = None) -> Run:
    made = Run(spec=spec or {"batch_size": 10})
    made.apply(RunStarted(epochs=len(seconds), steps_per_epoch=per_epoch, train_size=size, test_size=10))
    for number, taken in enumerate([0.0, *seconds]):
        if number:
            ones = np.ones(per_epoch, np.float32)
            made.apply(StepsTaken(step=number * per_epoch, epoch=number, losses=ones, rates=ones, seconds=sum(seconds)))
        made.apply(EpochEnded(epoch=number, step=number * per_epoch, train_loss=1.0, train_accuracy=0.5, test_loss=1.0,
                              test_accuracy=0.5, seconds=taken, evaluation_seconds=9.0,
                              predictions=NOTHING))  # fmt: skip
    return made


def line(places: Sequence[float], values: Sequence[float]) -> tuple[np.ndarray, np.ndarray]:
    return np.array(places, np.float64), np.array(values, np.float32)


def test_an_epoch_is_an_epoch_whatever_the_batch_size() -> None:
    few, many = run([1.0, 1.0], per_epoch=5), run([1.0, 1.0], per_epoch=20)
    assert moved(few, "epoch", np.array([5.0, 10.0])).tolist() == [1.0, 2.0]
    assert moved(many, "epoch", np.array([20.0, 40.0])).tolist() == [1.0, 2.0]


def test_time_is_that_of_training_and_runs_evenly_within_an_epoch() -> None:
    made = run([2.0, 4.0])
    assert moved(made, "time", np.array([0.0, 5.0, 10.0, 15.0, 20.0])) == pytest.approx([0, 1, 2, 4, 6])


def test_samples_seen_count_the_last_small_batch_unless_it_is_dropped() -> None:
    assert moved(run([1.0]), "samples", np.array([10.0])).tolist() == [95.0]
    dropped = run([1.0], per_epoch=9, spec={"batch_size": 10, "drop_last": True})
    assert moved(dropped, "samples", np.array([9.0])).tolist() == [90.0]


@pytest.mark.parametrize("axis", ["step", "epoch", "time", "samples"])
def test_places_lead_back_to_their_steps(axis: str) -> None:
    made, steps = run([2.0, 4.0]), np.array([0.0, 3.0, 10.0, 17.0, 20.0])
    assert steps_at(made, axis, moved(made, axis, steps)) == pytest.approx(steps, abs=1e-6)  # type: ignore[arg-type]


def test_mean_and_edges_are_those_of_the_runs() -> None:
    found = band([line([1, 2], [0.0, 1.0]), line([1, 2], [1.0, 2.0]), line([1, 2], [5.0, 6.0])])
    assert found.places.tolist() == [1, 2]
    assert found.middle == pytest.approx([2, 3])
    assert found.low == pytest.approx([0, 1])
    assert found.high == pytest.approx([5, 6])


def test_one_standard_deviation_is_that_of_a_sample() -> None:
    found = band([line([1], [0.0]), line([1], [2.0]), line([1], [4.0])], "deviation")
    assert found.high[0] - found.middle[0] == pytest.approx(np.std([0, 2, 4], ddof=1))
    assert found.middle[0] - found.low[0] == pytest.approx(np.std([0, 2, 4], ddof=1))


def test_the_band_ends_where_fewer_than_two_runs_remain() -> None:
    found = band([line([1, 2, 3, 4], [0, 0, 0, 0]), line([1, 2, 3], [1, 1, 1]), line([1, 2], [2, 2])])
    assert found.places.tolist() == [1, 2, 3]
    assert found.counts.tolist() == [3, 3, 2]
    assert found.middle == pytest.approx([1, 1, 0.5])


def test_points_at_other_places_are_interpolated_and_never_beyond_the_end() -> None:
    found = band([line([0, 10], [0.0, 10.0]), line([4, 6], [0.0, 0.0])])
    assert found.places.tolist() == [4, 6]
    assert found.high == pytest.approx([4, 6])


def test_a_run_that_diverged_ends_before_it_did() -> None:
    found = band([line([1, 2, 3], [1, 1, 1]), line([1, 2, 3], [3, 3, 3]), line([1, 2, 3], [2, np.nan, np.inf])])
    assert found.counts.tolist() == [3, 2, 2]
    assert np.isfinite(found.middle).all()


def test_one_run_has_no_band() -> None:
    assert not len(band([line([1, 2], [1, 2])]).places)
    assert not len(band([]).places)


def test_of_many_points_the_mean_is_taken_and_it_stays_within_their_range() -> None:
    random = np.random.default_rng(0)
    values = [random.normal(0, 1, 50_000).astype(np.float32) for _ in range(3)]
    steps = np.arange(50_000, dtype=np.float64)
    found = band([(steps, one) for one in values], points=500)
    assert len(found.places) == 500
    assert found.places[0] == 0
    assert found.places[-1] == 49_999
    assert np.abs(found.middle[1:-1]).max() < 0.5
    assert (found.low <= found.middle).all()
    assert (found.middle <= found.high).all()


def test_a_value_beyond_a_line_is_none() -> None:
    one = line([1, 3], [10.0, 20.0])
    assert value_at(one, 2) == 15
    assert value_at(one, 3.5) is None
    assert value_at(line([], []), 1) is None


def test_the_best_epoch_is_chosen_by_what_was_held_back() -> None:
    accuracies = line([0, 10, 20, 30], [0.99, 0.6, 0.8, 0.7])
    assert best_point(accuracies, {}, larger=True) == (20, pytest.approx(0.8))
    assert best_point(accuracies, {10: 0.5, 20: 0.4, 30: 0.9}, larger=True) == (30, pytest.approx(0.7))
    assert best_point(accuracies, {}, larger=False) == (10, pytest.approx(0.6))
    assert best_point(line([0, 10], [0.1, 0.6]), {}, larger=True) is None
