"""When each picture was learned, and when it was forgotten again."""

import numpy as np
import pytest

from fmstudio.insight.history import history
from fmstudio.training.events import EpochEnded, Predictions

SAMPLES = np.array([5, 2, 9])
LABELS = np.array([1, 0, 2])


def epoch(number: int, predicted: list[int], samples: list[int] | None = None) -> EpochEnded:
    count = len(predicted)
    answers = Predictions(
        SAMPLES if samples is None else np.array(samples), LABELS[:count], np.array(predicted),
        np.zeros(count, np.float32), np.zeros((count, 3), np.float16),
    )  # fmt: skip
    return EpochEnded(
        epoch=number, step=number, train_loss=0, train_accuracy=0, test_loss=0, test_accuracy=0, seconds=0,
        evaluation_seconds=0, predictions=answers,
    )  # fmt: skip


def test_first_learned_and_first_forgotten() -> None:
    # sample 5 (class 1): wrong, right, wrong, right, wrong; sample 2 (class 0): always right; sample 9 (class 2): never
    answered = [[0, 0, 0], [1, 0, 1], [0, 0, 0], [1, 0, 0], [2, 0, 1]]
    told = history([epoch(number, predicted) for number, predicted in enumerate(answered)])
    assert told is not None
    assert told.samples.tolist() == [2, 5, 9]
    assert told.learned.tolist() == [0, 1, -1]
    assert told.forgotten.tolist() == [-1, 2, -1]
    assert told.times_forgotten.tolist() == [0, 2, 0]


def test_epochs_count_as_they_are_numbered() -> None:
    told = history([epoch(10, [0, 1, 0]), epoch(20, [1, 1, 0]), epoch(40, [0, 1, 2])])
    assert told is not None
    assert told.of(np.array([5])).learned.tolist() == [20]
    assert told.of(np.array([5])).forgotten.tolist() == [40]
    assert told.of(np.array([9, 5])).learned.tolist() == [40, 20]


def test_a_picture_that_was_not_asked_about_has_no_history() -> None:
    told = history([epoch(0, [0, 0, 0])])
    assert told is not None
    for sample in (1, 100):
        with pytest.raises(KeyError):
            told.of(np.array([sample]))


def test_an_epoch_about_other_pictures_is_left_out() -> None:
    told = history([epoch(0, [0, 0, 0]), epoch(1, [0, 0], samples=[5, 2])])
    assert told is not None
    assert told.epochs.tolist() == [0]


def test_without_answers_there_is_none() -> None:
    assert history([]) is None
