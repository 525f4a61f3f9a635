"""The matrix's counts against counting picture by picture, and that nothing is counted twice."""

import numpy as np

from fmstudio.data.library import ImageData, PictureSet
from fmstudio.runs.run import Run
from fmstudio.session.confusion_counts import MatrixCounts
from fmstudio.session.selection import Selection
from fmstudio.session.sight import Sight
from fmstudio.training.events import Predictions

NAMES = ("a", "b", "c")


def answers(seed: int, samples: np.ndarray, labels: np.ndarray, classes: int = 3) -> Predictions:
    chance = np.random.default_rng(seed)
    probabilities = chance.dirichlet(np.ones(classes), len(samples)).astype(np.float16)
    return Predictions(samples, labels, probabilities.argmax(1), np.zeros(len(samples), np.float32), probabilities)


LABELS = np.random.default_rng(9).integers(0, 3, 200)
ONE = answers(1, np.arange(200), LABELS)
PICTURES = PictureSet(np.zeros((200, 2, 2), np.uint8), LABELS, np.arange(200))
DATA = ImageData("some", "Some", NAMES, NAMES, PICTURES, PICTURES)


def sight(counted: Predictions | None, strong: np.ndarray | None = None) -> Sight:
    return Sight(Run(), None, 1, DATA, Selection(), PICTURES, counted, counted, counted, strong)


def test_each_thing_is_counted_once() -> None:
    counts, strong = MatrixCounts(), ONE.right
    first, second = sight(ONE, strong), sight(ONE, strong)
    assert counts.matrix(first) is counts.matrix(second)
    assert counts.strong(first) is counts.strong(second)
    assert counts.sums(first) is counts.sums(second)
    matrix, looked_at = counts.matrix(first), counts.strong(first)
    assert matrix is not None
    assert looked_at is not None
    for true, predicted in np.ndindex(3, 3):
        cell = (ONE.labels == true) & (ONE.predicted == predicted)
        assert matrix[true, predicted] == cell.sum()
        assert looked_at[true, predicted] == (cell & strong).sum()
    assert counts.strong(sight(ONE)) is None
    assert counts.matrix(sight(None)) is counts.sums(sight(None)) is counts.strong(sight(None)) is None


def test_another_network_is_counted_over_the_same_pictures() -> None:
    counts, part = MatrixCounts(), ONE.part(np.arange(20, 60))
    shuffled = np.random.default_rng(3).permutation(200)
    other = answers(2, shuffled, LABELS[shuffled])
    found = counts.other(sight(part), "run 2", other)
    assert found is not None
    assert found.name == "run 2"
    assert found.counts.sum() == 40
    for true, predicted in np.ndindex(3, 3):
        asked = (other.samples >= 20) & (other.samples < 60) & (other.labels == true) & (other.predicted == predicted)
        assert found.counts[true, predicted] == asked.sum()
    again = counts.other(sight(part), "run 2", other)
    assert again is not None
    assert again.counts is found.counts


def test_what_cannot_be_compared_is_none() -> None:
    counts, seen = MatrixCounts(), sight(ONE)
    assert counts.other(seen, "", None) is None
    assert counts.other(seen, "", ONE.part(np.arange(50))) is None
    assert counts.other(seen, "", answers(1, np.arange(200), (LABELS + 1) % 3)) is None
    assert counts.other(seen, "", answers(1, np.arange(200), LABELS, classes=4)) is None
    assert counts.other(sight(None), "", ONE) is None
