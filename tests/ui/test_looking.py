"""What a click on a figure means."""

import numpy as np
import pytest
from PySide6.QtCore import Qt

from fmstudio.runs.run import Run
from fmstudio.session.selection import AnyOf, ConfidenceIn, IsRight, PredictedIs, Selection, TrueIs
from fmstudio.session.sight import Sight
from fmstudio.training.events import Predictions
from fmstudio.ui.looking import (
    Verb,
    can_step_back,
    faint_classes,
    looked,
    predicted_classes,
    true_classes,
    verb_of,
)

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def test_keys_that_are_held_say_what_to_do() -> None:
    assert verb_of(Qt.KeyboardModifier.NoModifier) is Verb.LOOK
    assert verb_of(CONTROL) is Verb.ADD
    assert verb_of(SHIFT) is Verb.ALONE


def test_a_click_leads_to_exactly_these_pictures() -> None:
    before = Selection(order="loss", watched=True, conditions=(IsRight(False),))
    assert looked(before, TrueIs(3), Verb.LOOK) == Selection(order="loss", conditions=(TrueIs(3),))
    added = looked(before, TrueIs(3), Verb.ADD)
    assert added.conditions == (AnyOf((IsRight(False), TrueIs(3))),)
    alone = looked(before, TrueIs(3), Verb.ALONE)
    assert (alone.conditions, alone.only) == ((), (TrueIs(3),))


@pytest.mark.parametrize(
    ("selection", "true", "predicted"),
    [
        (Selection(conditions=(TrueIs(3),)), {3}, set()),
        (Selection(conditions=(AnyOf((TrueIs(3), PredictedIs(1), TrueIs(5))),)), {3, 5}, {1}),
        (Selection(conditions=(TrueIs(3), PredictedIs(1))), set(), set()),
        (Selection(conditions=(ConfidenceIn(0, 0.5),)), set(), set()),
        (Selection(), set(), set()),
    ],
)
def test_classes_that_are_looked_at(selection: Selection, true: set[int], predicted: set[int]) -> None:
    assert true_classes(selection) == true
    assert predicted_classes(selection) == predicted


def test_only_what_is_there_can_be_stepped_back() -> None:
    assert not can_step_back(Selection(watched=True))
    assert can_step_back(Selection(conditions=(TrueIs(1),)))
    assert can_step_back(Selection(only=(TrueIs(1),)))


def test_where_nothing_is_known_no_class_is_faint() -> None:
    nothing = Sight(Run(), None, 0, None, Selection(), None, None, None, None, None)
    assert faint_classes(nothing) == frozenset()
    empty = np.empty(0, np.int64)
    made = Predictions(empty, empty, empty, empty.astype(np.float32), np.empty((0, 2), np.float16))
    assert faint_classes(Sight(Run(), None, 0, None, Selection(), None, made, made, made, None)) == frozenset()
