"""Orders of classes against orders found by hand, and what must hold for every matrix."""

from itertools import pairwise

import numpy as np
import pytest

from fmstudio.insight.confusion import confusion_matrix
from fmstudio.insight.confusion_order import Arrangement, arranged, likeness, mistakes


def blocks(groups: list[list[int]], size: int, seed: int = 0) -> np.ndarray:
    """Classes that are confused within their groups only."""
    chance = np.random.default_rng(seed)
    matrix = np.diag(chance.integers(50, 100, size))
    for group in groups:
        for true in group:
            for predicted in group:
                if true != predicted:
                    matrix[true, predicted] = chance.integers(5, 30)
    return matrix


def test_classes_with_most_mistakes_stand_first() -> None:
    matrix = np.array([[9, 0, 1, 0], [0, 9, 0, 0], [5, 0, 9, 2], [0, 0, 0, 9]])
    assert mistakes(matrix).tolist() == [6, 0, 8, 2]
    assert arranged(matrix, "mistakes").tolist() == [2, 0, 3, 1]
    assert arranged(matrix, "classes").tolist() == [0, 1, 2, 3]


@pytest.mark.parametrize("seed", range(10))
def test_classes_that_are_mixed_up_stand_together(seed: int) -> None:
    shuffled = np.random.default_rng(seed).permutation(30)
    groups = [sorted(shuffled[start : start + 5].tolist()) for start in range(0, 30, 5)]
    order = arranged(blocks(groups, 30, seed), "clusters").tolist()
    found = [sorted(order[start : start + 5]) for start in range(0, 30, 5)]
    assert found == sorted(groups)


def test_a_chain_of_confusion_is_laid_out_as_a_chain() -> None:
    places = [4, 1, 3, 0, 2]
    matrix = 90 * np.eye(5, dtype=np.int64)
    for first, second in pairwise(places):
        matrix[first, second] = matrix[second, first] = 5
    order = arranged(matrix, "clusters").tolist()
    assert order in (places, places[::-1])


@pytest.mark.parametrize("how", ["classes", "mistakes", "clusters"])
@pytest.mark.parametrize("size", [0, 1, 2, 7, 60])
def test_every_class_stands_somewhere_and_always_at_the_same_place(how: Arrangement, size: int) -> None:
    chance = np.random.default_rng(size)
    labels, predicted = chance.integers(0, max(1, size), (2, 40 * size))
    matrix = confusion_matrix(labels, predicted, size)
    order = arranged(matrix, how)
    assert sorted(order.tolist()) == list(range(size))
    assert arranged(matrix.copy(), how).tolist() == order.tolist()


def test_without_mistakes_and_without_pictures_the_order_stays() -> None:
    for matrix in (np.diag([5, 0, 7]), np.zeros((3, 3), np.int64)):
        for how in ("mistakes", "clusters"):
            assert arranged(matrix, how).tolist() == [0, 1, 2]  # type: ignore[arg-type]
    assert not likeness(np.zeros((3, 3), np.int64)).any()
