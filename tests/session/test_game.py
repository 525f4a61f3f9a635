"""You against it: the rules, without a widget."""

import numpy as np
import pytest

from fmstudio.data.library import ImageData, PictureSet, load_images, watched_samples
from fmstudio.runs.run import Run
from fmstudio.session.game import LENGTH, Game, opponent
from fmstudio.training.events import EpochEnded, Ints, PicturesWatched, Predictions, RunEnded, RunStarted, StepsTaken


@pytest.fixture(scope="module")
def data() -> ImageData:
    return load_images("fashion-mnist")


def answers(samples: Ints, labels: Ints, shift: int) -> Predictions:
    predicted = (labels + shift) % 10
    shares = np.eye(10, dtype=np.float16)[predicted]
    return Predictions(samples, labels, predicted, np.zeros(len(labels), np.float32), shares)


def test_twenty_different_watched_pictures_are_asked(data: ImageData) -> None:
    game = Game(data)
    assert len(game) == LENGTH == 20
    assert len(set(game.pictures.samples.tolist())) == 20
    assert set(game.pictures.samples.tolist()) <= set(watched_samples(data.test.labels).tolist())
    assert np.array_equal(game.pictures.images[3], data.test.images[game.pictures.samples[3]])


def test_another_game_asks_others_and_the_same_one_the_same(data: ImageData) -> None:
    first, again, second = (Game(data, number).pictures.samples.tolist() for number in (0, 0, 1))
    assert first == again
    assert first != second


def test_right_answers_are_counted_and_the_last_one_can_be_taken_back(data: ImageData) -> None:
    game = Game(data)
    true = game.pictures.labels.tolist()
    game.answer(true[0])
    game.answer((true[1] + 1) % 10)
    assert (game.right, game.place) == (1, 2)
    game.go_back()
    game.answer(true[1])
    assert (game.right, game.place) == (2, 2)
    for label in true[2:]:
        game.answer(label)
    assert (game.over, game.right) == (True, 20)
    game.go_back()
    assert game.over


def test_of_very_many_classes_ten_stand_to_choose_from_the_true_one_among_them() -> None:
    labels = np.arange(300) % 100
    pictures = PictureSet(np.zeros((300, 8, 8), np.uint8), labels, np.arange(300))
    names = tuple(map(str, range(100)))
    game = Game(ImageData("many", "Many", names, names, pictures, pictures))
    for label in game.pictures.labels.tolist():
        assert len(game.options) == 10
        assert label in game.options
        game.answer(label)


def going_on(data: ImageData) -> Run:
    watched = watched_samples(data.test.labels)
    run = Run(id="r")
    run.apply(RunStarted(run="r", epochs=2, steps_per_epoch=10, train_size=10, test_size=10))
    _end_epoch(run, data, 0, 5)
    losses = np.ones(15, np.float32)
    run.apply(StepsTaken(step=15, epoch=2, losses=losses, rates=losses, seconds=1.0))
    run.apply(PicturesWatched(step=15, predictions=answers(watched, data.test.labels[watched], 1)))
    return run


def _end_epoch(run: Run, data: ImageData, epoch: int, shift: int) -> None:
    given = answers(data.test.samples, data.test.labels, shift)
    run.apply(
        EpochEnded(epoch=epoch, step=10 * epoch, train_loss=1.0, train_accuracy=0.5, test_loss=1.0, seconds=1.0,
                   test_accuracy=given.accuracy, evaluation_seconds=0.1, predictions=given)
    )  # fmt: skip


def test_while_it_trains_its_newest_answers_count(data: ImageData) -> None:
    game = Game(data)
    it = opponent(going_on(data), game.pictures.samples)
    assert it is not None
    assert it.epoch == 2
    assert it.predicted.tolist() == ((game.pictures.labels + 1) % 10).tolist()


def test_once_it_has_ended_the_kept_network_counts(data: ImageData) -> None:
    run, game = going_on(data), Game(data)
    _end_epoch(run, data, 2, 0)
    run.apply(RunEnded(status="finished", epoch=2, step=20))
    it = opponent(run, game.pictures.samples)
    assert it is not None
    assert (it.epoch, it.predicted.tolist()) == (2, game.pictures.labels.tolist())


def test_an_epoch_that_is_looked_back_at_counts(data: ImageData) -> None:
    game = Game(data)
    it = opponent(going_on(data), game.pictures.samples, epoch=0)
    assert it is not None
    assert (it.epoch, it.predicted.tolist()) == (0, ((game.pictures.labels + 5) % 10).tolist())


def test_a_network_that_was_not_asked_has_no_score(data: ImageData) -> None:
    assert opponent(Run(), Game(data).pictures.samples) is None
