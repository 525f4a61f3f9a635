"""What is odd about a data set, in one list."""

import numpy as np
import pytest
from numpy.typing import NDArray

from fmstudio.data.library import ImageData, PictureSet, load_images
from fmstudio.insight.data_check import (
    DataCheck,
    Suspect,
    check_data,
    doubted,
    duplicates,
    quick_check,
    samples_of,
    worth_a_look,
)
from fmstudio.training.events import Predictions

REAL = load_images("fashion-mnist")


def part(images: NDArray[np.uint8], labels: list[int]) -> PictureSet:
    return PictureSet(images, np.array(labels), np.arange(len(labels)) + 100)


@pytest.fixture
def data() -> ImageData:
    """Training: 0 and 3 the same with two labels, 4 black, 5 grey; test: 1 is training picture 2 again."""
    images, grey = REAL.train.images, np.full((1, 28, 28), 77, np.uint8)
    train = np.concatenate([images[:3], images[:1], 0 * grey, grey, 0 * grey])
    test = np.concatenate([REAL.test.images[:1], images[2:3], REAL.test.images[2:3]])
    labels = [9, 0, 0, 6, 1, 2, 1]
    return ImageData(
        "fashion-mnist", "Tiny", REAL.classes, REAL.short_classes, part(train, labels), part(test, [9, 0, 1])
    )


def whole(data: ImageData) -> DataCheck:
    *shares, check = check_data(data)
    assert isinstance(check, DataCheck)
    assert all(isinstance(share, float) for share in shares)
    return check


def test_everything_odd_is_found(data: ImageData) -> None:
    check = whole(data)
    assert check.groups is not None
    assert [group.members for group in check.groups] == [
        ((("train", 100), 9), (("train", 103), 6)),
        ((("train", 102), 0), (("test", 101), 0)),
    ]
    assert [(group.exact, group.across, group.disagrees) for group in check.groups] == [
        (True, False, True), (True, True, False),
    ]  # fmt: skip
    assert [(one.key, one.reasons) for one in check.empty] == [
        (("train", 104), ("black",)), (("train", 105), ("constant",)), (("train", 106), ("black",)),
    ]  # fmt: skip
    assert check.counts == (2, 2, 1, 0, 0, 0, 1, 0, 0, 1)
    assert not check.balanced


def test_duplicates_are_listed_with_their_twins_two_labels_first(data: ImageData) -> None:
    found = duplicates(whole(data))
    assert [one.key for one in found] == [("train", 100), ("train", 103), ("train", 102), ("test", 101)]
    assert found[0] == Suspect("train", 100, 9, 6, 0.0, ("two-labels", "duplicate"), (("train", 103),))
    assert found[2].reasons == ("across", "duplicate")
    assert found[2].words == "also in the other split, duplicate"


def test_the_list_holds_each_picture_once_with_all_its_reasons(data: ImageData) -> None:
    probabilities = np.zeros((7, 10), np.float16)
    probabilities[np.arange(7), data.train.labels] = 1
    probabilities[2] = probabilities[3] = 0
    probabilities[2, 5] = probabilities[3, 9] = 1
    probabilities[0, 9] = 0.9
    # Class 5 has no picture, so it is never suggested; class 9 is what the network gives to picture 103.
    train = doubted("train", answers(data.train, probabilities))
    assert [one.key for one in train] == [("train", 103)]
    found = worth_a_look(whole(data), train)
    assert [one.key for one in found] == [
        ("train", 100), ("train", 103), ("train", 104), ("train", 105), ("train", 106),
    ]  # fmt: skip
    assert found[1] == Suspect("train", 103, 6, 9, 1.0, ("disagrees", "two-labels", "duplicate"), (("train", 100),))
    assert found[1].words == "network disagrees, duplicate with another label, duplicate"
    assert samples_of(found, "train").tolist() == [100, 103, 104, 105, 106]


def answers(pictures: PictureSet, probabilities: NDArray[np.float16]) -> Predictions:
    return Predictions(
        samples=pictures.samples, labels=pictures.labels, predicted=probabilities.argmax(axis=1),
        loss=np.zeros(len(pictures), np.float32), probabilities=probabilities,
    )  # fmt: skip


def test_fashion_mnist_is_in_balance_and_has_no_empty_picture() -> None:
    check = quick_check(REAL)
    assert check.groups is None
    assert check.empty == ()
    assert check.balanced
    assert check.counts == (6000,) * 10
    assert worth_a_look(check) == ()
