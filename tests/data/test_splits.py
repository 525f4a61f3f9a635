"""Which pictures are taken and held back."""

import numpy as np
import pytest

from fmstudio.data.splits import hold_back, take
from fmstudio.errors import UserError


def test_zero_and_the_whole_size_take_everything_in_its_order() -> None:
    assert take(7, 0, 3).tolist() == list(range(7))
    assert take(7, 7, 3).tolist() == list(range(7))


def test_the_choice_is_seeded_ascending_and_without_repeats() -> None:
    rows = take(10_000, 600, 1)
    assert len(rows) == 600
    assert (np.diff(rows) > 0).all()
    assert np.array_equal(rows, take(10_000, 600, 1))
    assert not np.array_equal(rows, take(10_000, 600, 2))
    assert 4_000 < rows.mean() < 6_000  # from everywhere, not the first of the file


def test_a_larger_size_takes_the_same_and_more() -> None:
    assert set(take(1000, 10, 0)) < set(take(1000, 20, 0))


def test_the_choice_of_a_seed_stays_what_it_was() -> None:
    assert take(20, 5, 0).tolist() == [2, 4, 6, 13, 19]


@pytest.mark.parametrize("size", [-1, 11])
def test_a_size_that_is_not_there_is_refused(size: int) -> None:
    with pytest.raises(UserError, match=rf"{size} of 10 pictures.*1 to 10"):
        take(10, size, 0)


def test_nothing_is_held_back_by_default() -> None:
    train, held = hold_back(5, 0, 0)
    assert train.tolist() == [0, 1, 2, 3, 4]
    assert len(held) == 0
    assert held.dtype == np.int64


@pytest.mark.parametrize(
    ("validation", "count"), [(0.25, 25), (0.001, 1), (1, 1), (1.0, 1), (30, 30), (30.0, 30), (99, 99), (0.99, 99)]
)
def test_a_share_or_a_number_is_held_back(validation: float, count: int) -> None:
    train, held = hold_back(100, validation, 4)
    assert len(held) == count
    assert sorted([*train.tolist(), *held.tolist()]) == list(range(100))
    assert (np.diff(train) > 0).all()
    assert (np.diff(held) > 0).all()


def test_what_is_held_back_depends_on_the_seed_alone() -> None:
    assert np.array_equal(hold_back(1000, 0.1, 5)[1], hold_back(1000, 100, 5)[1])
    assert not np.array_equal(hold_back(1000, 0.1, 5)[1], hold_back(1000, 0.1, 6)[1])


@pytest.mark.parametrize("validation", [-0.1, -1, 100, 1e9, 0.999, 2.5, float("nan"), float("inf")])
def test_a_share_that_leaves_nothing_or_means_nothing_is_refused(validation: float) -> None:
    with pytest.raises(UserError, match=r"of 100 training pictures"):
        hold_back(100, validation, 0)


def test_a_single_picture_cannot_be_parted() -> None:
    with pytest.raises(UserError):
        hold_back(1, 0.5, 0)
