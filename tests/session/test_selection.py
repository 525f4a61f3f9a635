"""Which pictures a selection means, and how selections are made of one another."""

import numpy as np
import pytest

from fmstudio.session.selection import Condition, IsRight, Order, PredictedIs, Selection, TrueIs
from fmstudio.training.events import Predictions

LABELS = np.array([0, 0, 0, 1, 1, 2, 2])
PREDICTED = np.array([0, 1, 2, 1, 0, 2, 0])
LOSS = np.array([0.1, 3.0, 1.0, 0.2, 3.0, 0.3, 9.0], np.float32)
CONFIDENCE = np.array([0.9, 0.6, 0.5, 0.8, 0.6, 0.7, 0.95])


def answers() -> Predictions:
    probabilities = np.zeros((7, 3), np.float16)
    probabilities[np.arange(7), PREDICTED] = CONFIDENCE
    return Predictions(np.arange(7) + 100, LABELS, PREDICTED, LOSS, probabilities)


@pytest.mark.parametrize(
    ("conditions", "rows"),
    [
        ((), [0, 1, 2, 3, 4, 5, 6]),
        ((TrueIs(0),), [0, 1, 2]),
        ((PredictedIs(0),), [0, 4, 6]),
        ((TrueIs(0), PredictedIs(1)), [1]),
        ((IsRight(True),), [0, 3, 5]),
        ((IsRight(False), TrueIs(2)), [6]),
        ((TrueIs(0), PredictedIs(0), IsRight(False)), []),
        ((TrueIs(9),), []),
    ],
)
def test_conditions(conditions: tuple[Condition, ...], rows: list[int]) -> None:
    assert Selection(conditions=conditions).rows(answers()).tolist() == rows


@pytest.mark.parametrize(
    ("order", "rows"),
    [
        ("index", [0, 1, 2, 3, 4, 5, 6]),
        ("loss", [6, 1, 4, 2, 5, 3, 0]),
        ("confidence", [6, 0, 3, 5, 1, 4, 2]),
        ("unsure", [2, 1, 4, 5, 3, 0, 6]),
    ],
)
def test_orders_keep_equal_ones_in_place(order: Order, rows: list[int]) -> None:
    assert Selection(order=order).rows(answers()).tolist() == rows


def test_an_order_holds_among_the_chosen() -> None:
    assert Selection(conditions=(TrueIs(0),), order="loss").rows(answers()).tolist() == [1, 2, 0]


def test_a_new_condition_takes_the_place_of_its_kind() -> None:
    first = Selection(watched=True).but(TrueIs(0), PredictedIs(1))
    second = first.but(TrueIs(2))
    assert first.conditions == (TrueIs(0), PredictedIs(1))
    assert set(second.conditions) == {TrueIs(2), PredictedIs(1)}
    assert not first.watched
    assert (second.find(TrueIs), second.find(PredictedIs)) == (2, 1)
    assert Selection().find(TrueIs) is None


def test_a_condition_can_be_taken_away() -> None:
    both = Selection(order="loss").but(TrueIs(0), IsRight(False))
    assert both.without(TrueIs(0)) == Selection(order="loss").but(IsRight(False))
    assert both.without(TrueIs(5)) == both


def test_selections_are_values() -> None:
    assert Selection().but(TrueIs(1)) == Selection().but(TrueIs(1))
    assert len({Selection(), Selection(), Selection(split="train")}) == 2


def test_conditions_in_words() -> None:
    classes = ("Shirt", "Bag")
    words = [condition.words(classes) for condition in (TrueIs(0), PredictedIs(1), IsRight(True), IsRight(False))]
    assert words == ["true Shirt", "predicted Bag", "right", "wrong"]


def test_nothing_answered_is_nothing_selected() -> None:
    empty = np.empty(0, np.int64)
    none = Predictions(empty, empty, empty, np.empty(0, np.float32), np.empty((0, 3), np.float16))
    for order in ("index", "loss"):
        assert Selection(conditions=(TrueIs(0),), order=order).rows(none).tolist() == []
