from dataclasses import replace

import numpy as np
import pytest

from fmstudio.data.library import PictureSet
from fmstudio.insight.doubles import Doubles, search


@pytest.fixture
def pictures() -> PictureSet:
    images = np.random.default_rng(1).integers(0, 256, (300, 8, 8)).astype(np.uint8)
    return PictureSet(images, np.arange(300) % 10, np.arange(300) * 2)


def found(image: np.ndarray, own: tuple[str, int], *, piece: int = 64, **sets: PictureSet) -> Doubles:
    return list(search(image, own, sets, piece))[-1]


def test_a_picture_is_no_double_of_itself(pictures: PictureSet) -> None:
    image = pictures.images[7]
    result = found(image, ("train", 14), train=pictures)
    differences = np.abs(pictures.images.astype(float) - image).mean(axis=(1, 2))
    differences[7] = np.inf
    assert result.near == []
    assert result.done
    assert result.nearest is not None
    assert result.nearest.row == differences.argmin()
    assert result.nearest.difference == pytest.approx(differences.min())


def test_the_same_and_the_almost_same_in_both_splits(pictures: PictureSet) -> None:
    image = pictures.images[7]
    images = pictures.images.copy()
    images[200] = image
    almost = image.astype(int)
    almost[0] += np.where(almost[0] < 128, 4, -4)
    images[130] = almost
    result = found(image, ("train", 14), test=replace(pictures, images=images), train=pictures)
    assert [(double.split, double.row) for double in result.near] == [("test", 7), ("test", 200), ("test", 130)]
    assert [double.difference for double in result.near] == [0, 0, pytest.approx(0.5)]


def test_pictures_of_another_size_are_passed_over(pictures: PictureSet) -> None:
    result = found(np.zeros((9, 9), np.uint8), ("test", 0), train=pictures)
    assert result.done
    assert result.nearest is None


def test_of_many_the_most_alike_are_kept_and_the_others_counted(pictures: PictureSet) -> None:
    same = replace(pictures, images=np.repeat(pictures.images[:1], 300, axis=0))
    result = found(pictures.images[0], ("test", 0), train=same)
    assert len(result.near) == 12
    assert result.more == 288


def test_black_pictures_are_alike_only_where_they_are_the_same(pictures: PictureSet) -> None:
    images = np.zeros((3, 8, 8), np.uint8)
    images[1] += 2
    few = PictureSet(images, np.zeros(3, np.int64), np.arange(3))
    result = found(images[0], ("train", 0), train=few)
    assert [double.row for double in result.near] == [2]


def test_nothing_to_compare_is_no_error() -> None:
    empty = PictureSet(np.zeros((0, 8, 8), np.uint8), np.zeros(0, np.int64), np.zeros(0, np.int64))
    assert found(np.zeros((8, 8), np.uint8), ("test", 0), train=empty).done
