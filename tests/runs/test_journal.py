"""Events as lines of JSON, there and back."""

import json
import math
from dataclasses import fields
from typing import Any, get_args

import numpy as np
import pytest

from fmstudio.runs.journal import NO_PREDICTIONS, from_line, to_line
from fmstudio.training.events import (
    CheckpointSaved,
    EpochEnded,
    Event,
    Halted,
    ParametersMoved,
    PicturesWatched,
    Predictions,
    QuickChecked,
    RunEnded,
    RunResumed,
    RunStarted,
    SavingFailed,
    StepShown,
    StepsTaken,
)

INTS = np.array([3, 1, 60_000], np.int64)
PREDICTIONS = Predictions(INTS, INTS, INTS, np.ones(3, np.float32), np.ones((3, 2), np.float16))
AWKWARD = np.array([0.1, 1e-30, 3.4e38, 1 / 3, 2.3025851, np.nextafter(np.float32(1), np.float32(2))], np.float32)

EVENTS: list[Event] = [
    RunStarted(run="20260101-x", name="卷积\u2028\n\"网络\"", device="cuda:0", threads=2, epochs=3, steps_per_epoch=469,
               train_size=60_000, test_size=10_000, validation_size=5, watched=INTS,
               parameters=("w1", "b"), patience=3),
    StepsTaken(step=12, epoch=1, losses=AWKWARD, rates=AWKWARD[::-1], seconds=1 / 3),
    ParametersMoved(steps=INTS, values=np.array([AWKWARD, AWKWARD[::-1], AWKWARD])),
    PicturesWatched(step=3, predictions=PREDICTIONS),
    QuickChecked(step=3, accuracy=0.1, loss=2.3, predictions=PREDICTIONS),
    EpochEnded(epoch=0, step=0, train_loss=math.nan, train_accuracy=math.nan, test_loss=2.3, test_accuracy=0.1,
               seconds=0.0, evaluation_seconds=0.5, predictions=PREDICTIONS),
    EpochEnded(epoch=1, step=9, train_loss=1 / 3, train_accuracy=2 / 3, test_loss=1e-9, test_accuracy=0.1,
               validation_loss=1 / 7, validation_accuracy=3 / 7, seconds=0.1 + 0.2, evaluation_seconds=0.5,
               complete=False, predictions=PREDICTIONS, validation_predictions=PREDICTIONS),
    CheckpointSaved(epoch=1, step=9),
    RunResumed(step=9),
    RunEnded(status="failed", run="x", epoch=1, step=9, message="Zu Ende – 完", hint="h",
             mending=(("optimizer.lr", 0.001), ("batch_size", "all"))),
]  # fmt: skip


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: type(event).__name__)
def test_there_and_back(event: Event) -> None:
    line = to_line(event)
    assert "\n" not in line
    again = from_line(line)
    assert type(again) is type(event)
    for field in fields(event):
        before, after = getattr(event, field.name), getattr(again, field.name)
        if field.name == "predictions":
            assert after is NO_PREDICTIONS
        elif field.name == "validation_predictions":
            assert after is None
        elif isinstance(before, np.ndarray):
            assert after.dtype == before.dtype
            assert after.tobytes() == np.ascontiguousarray(before).tobytes()
        else:
            assert repr(after) == repr(before)


def test_every_kind_of_event_is_tried() -> None:
    passing = {StepShown, Halted, SavingFailed}  # for the eye of the moment: never written
    assert {type(event) for event in EVENTS} == set(get_args(Event)) - passing


def test_the_name_comes_first_and_predictions_are_left_out() -> None:
    values = json.loads(to_line(EVENTS[5]))
    assert next(iter(values)) == "event"
    assert values["event"] == "EpochEnded"
    assert {"epoch", "train_loss", "train_accuracy", "test_loss", "test_accuracy", "seconds", "evaluation_seconds",
            "validation_loss", "validation_accuracy"} <= set(values)  # fmt: skip
    assert "predictions" not in values


def test_what_is_not_finite_becomes_null_and_nan() -> None:
    losses = np.array([1, math.nan, math.inf, -math.inf], np.float32)
    line = to_line(StepsTaken(step=4, epoch=1, losses=losses, rates=losses, seconds=math.inf))

    def refuse(text: str) -> float:
        raise AssertionError(text)

    values = json.loads(line, parse_constant=refuse)
    assert values["losses"] == [1.0, None, None, None]
    assert values["seconds"] is None
    again = from_line(line)
    assert isinstance(again, StepsTaken)
    np.testing.assert_array_equal(again.losses, [1, math.nan, math.nan, math.nan])
    assert math.isnan(again.seconds)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "{",
        "[]",
        "3",
        "null",
        '{"event": "Wat"}',
        '{"event": ["StepsTaken"]}',
        '{"step": 3}',
        '{"event": "CheckpointSaved"}',
        '{"event": "StepsTaken", "step": 1, "epoch": 1, "losses": 3, "rates": [1], "seconds": 1}',
        '{"event": "StepsTaken", "step": 1, "epoch": 1, "losses": [{}], "rates": [1], "seconds": 1}',
        to_line(EVENTS[1])[:-5],
    ],
)
def test_what_is_no_event_is_refused(line: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011, whatever it says: the line is left out
        from_line(line)


def test_a_field_of_a_newer_version_is_left_out() -> None:
    values: dict[str, Any] = {**json.loads(to_line(CheckpointSaved(epoch=1, step=2))), "weather": "fine"}
    again = from_line(json.dumps(values))
    assert isinstance(again, CheckpointSaved)
    assert (again.epoch, again.step) == (1, 2)
