import numpy as np
import pytest

from fmstudio.insight.picture_story import picture_story, story_words
from fmstudio.training.events import EpochEnded, Predictions

TRUE, OTHER = 1, 2


def epochs(right: str, first: int = 0) -> list[EpochEnded]:
    """One epoch for each sign: ``+`` right, ``-`` wrong; samples in another order than their numbers."""
    made = []
    for number, sign in enumerate(right, first):
        predicted = TRUE if sign == "+" else OTHER
        shares = np.full((4, 3), 0.1, np.float16)
        shares[2, predicted] = 0.8
        answers = Predictions(np.array([8, 2, 5, 1]), np.full(4, TRUE), np.array([0, 0, predicted, 0]),
                              np.arange(4, dtype=np.float32) + number, shares)  # fmt: skip
        made.append(
            EpochEnded(epoch=number, step=number, train_loss=1, train_accuracy=0.5, test_loss=1, test_accuracy=0.5,
                       seconds=1, evaluation_seconds=0, predictions=answers)
        )  # fmt: skip
    return made


def test_the_numbers_are_those_of_the_sample() -> None:
    story = picture_story(epochs("-+"), 5)
    assert story is not None
    assert story.epochs.tolist() == [0, 1]
    assert story.predicted.tolist() == [OTHER, TRUE]
    assert story.true_share == pytest.approx([0.1, 0.8], abs=1e-3)
    assert story.predicted_share == pytest.approx([0.8, 0.8], abs=1e-3)
    assert story.loss.tolist() == [2, 3]
    assert story.right.tolist() == [False, True]


def test_a_sample_that_was_never_asked_about_has_no_story() -> None:
    assert picture_story(epochs("-+"), 7) is None
    assert picture_story([], 5) is None


@pytest.mark.parametrize(
    ("right", "first", "words"),
    [
        ("-+++", 0, "First learned at epoch 1."),
        ("---++-+", 0, "First learned at epoch 3, forgotten at 5, learned again at 6."),
        ("+-+", 0, "Right before any training (by chance), forgotten at 1, learned again at 2."),
        ("+-", 3, "Right at epoch 3, the first that is known, forgotten at 4."),
        ("----", 0, "Never right so far."),
        ("++++", 0, "Right in every epoch."),
        ("+", 0, "Right before any training: by chance."),
        ("-", 0, "Wrong before any training."),
        ("-", 4, "Only one epoch is known so far."),
        ("-+-+-+", 0, "First learned at epoch 1, forgotten at 2, learned again at 3, forgotten at 4, "
                      "then 1 more change."),
    ],
)  # fmt: skip
def test_it_is_told_in_a_sentence(right: str, first: int, words: str) -> None:
    story = picture_story(epochs(right, first), 5)
    assert story is not None
    assert story_words(story) == words
