"""Which pictures a selection means, and how selections are made of one another."""

import numpy as np
import pytest

from fmstudio.session.selection import (
    AllOf,
    AnyOf,
    Condition,
    ConfidenceIn,
    IsRight,
    Not,
    Order,
    Picked,
    PredictedIs,
    Selection,
    TrueIs,
)
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
        ((ConfidenceIn(0.5, 0.7),), [1, 2, 4]),
        ((ConfidenceIn(0.94, 1.0),), [6]),
        ((Picked("lasso", np.array([101, 106, 3])),), [1, 6]),
        ((Not(TrueIs(0)),), [3, 4, 5, 6]),
        ((AnyOf((AllOf((TrueIs(0), PredictedIs(1))), PredictedIs(2))),), [1, 2, 5]),
        ((Not(AnyOf((TrueIs(0), TrueIs(1)))), IsRight(True)), [5]),
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
        ("margin", [2, 1, 4, 5, 3, 0, 6]),
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


def test_nothing_answered_is_nothing_selected() -> None:
    empty = np.empty(0, np.int64)
    none = Predictions(empty, empty, empty, np.empty(0, np.float32), np.empty((0, 3), np.float16))
    for order in ("index", "loss"):
        assert Selection(conditions=(TrueIs(0),), order=order).rows(none).tolist() == []


CLASSES = ("Shirt", "Coat", "Bag")


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        (TrueIs(0), "true Shirt"),
        (ConfidenceIn(0.5, 0.6), "50–60 % sure"),
        (Not(PredictedIs(1)), "not predicted Coat"),
        (AnyOf((AllOf((TrueIs(0), PredictedIs(1))), IsRight(False))), "(true Shirt and predicted Coat) or wrong"),
        (Not(AnyOf((TrueIs(0), TrueIs(1)))), "not (true Shirt or true Coat)"),
        (Picked("lasso", np.array([1])), "lasso"),
    ],
)
def test_conditions_in_words(condition: Condition, words: str) -> None:
    assert condition.words(CLASSES) == words


def test_adding_means_or() -> None:
    one = Selection().at(TrueIs(0), PredictedIs(1))
    two = one.added(TrueIs(1), PredictedIs(0))
    assert two.rows(answers()).tolist() == [1, 4]
    assert two.added(PredictedIs(2)).rows(answers()).tolist() == [1, 2, 4, 5]
    assert two.added(TrueIs(1), PredictedIs(0)) == two
    assert Selection().added(TrueIs(2)) == Selection().at(TrueIs(2))


def test_the_opposite_of_the_opposite_is_the_same() -> None:
    one = Selection().at(TrueIs(0), PredictedIs(1))
    assert one.inverted().rows(answers()).tolist() == [0, 2, 3, 4, 5, 6]
    assert one.inverted().inverted().rows(answers()).tolist() == [1]


def test_only_these_and_all_again() -> None:
    looked = Selection().at(TrueIs(0))
    only = looked.counted_alone()
    assert (only.conditions, only.only) == ((), (TrueIs(0),))
    narrower = only.at(PredictedIs(1)).counted_alone()
    assert narrower.only == (TrueIs(0), PredictedIs(1))
    assert narrower.all_counted() == Selection().at(TrueIs(0), PredictedIs(1))


def test_esc_first_looks_at_all_then_counts_all() -> None:
    deep = Selection().at(TrueIs(0)).counted_alone().at(PredictedIs(1))
    once = deep.stepped_back()
    assert (once.conditions, once.only) == ((), (TrueIs(0),))
    assert once.stepped_back() == Selection()


def test_grouping_sorts_by_class_and_keeps_the_order_within() -> None:
    assert Selection(order="loss", grouped=True).rows(answers()).tolist() == [1, 2, 0, 4, 3, 6, 5]


def test_the_wrong_ones_are_counted_alone_and_all_again() -> None:
    wrong, shirts = IsRight(False), TrueIs(6)
    alone = Selection(watched=True).counting(wrong)
    assert alone == Selection(only=(wrong,))
    assert alone.counting(wrong) == alone
    assert alone.counting_without(wrong, watched=True) == Selection(watched=True), "as it was"
    assert Selection().counting(wrong).counting_without(wrong) == Selection()
    right = Selection(only=(IsRight(True), shirts))
    assert right.counting(wrong).only == (shirts, wrong), "none is right and wrong at once"
    looked = Selection(conditions=(shirts,), only=(wrong,), order="loss")
    assert looked.counting_without(wrong) == Selection(conditions=(shirts,), order="loss")
    train = Selection(split="train", only=(wrong,))
    assert train.counting_without(wrong, watched=True) == Selection(split="train"), "no training picture is watched"
