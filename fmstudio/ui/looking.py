"""What a click on a figure means: look at its pictures, look at them too, or count them alone."""

from enum import Enum

import numpy as np
from PySide6.QtCore import Qt

from fmstudio.session.selection import AnyOf, Condition, PredictedIs, Selection, TrueIs
from fmstudio.session.sight import Sight

CHOOSING = {Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter}
"""The keys that do what a click does."""


class Verb(Enum):
    """What to do with some pictures."""

    LOOK = "look"
    ADD = "add"
    ALONE = "alone"


def verb_of(modifiers: Qt.KeyboardModifier) -> Verb:
    """What a click, or a key that stands for one, means with these keys held: Ctrl adds, Shift counts alone."""
    if modifiers & Qt.KeyboardModifier.ControlModifier:
        return Verb.ADD
    return Verb.ALONE if modifiers & Qt.KeyboardModifier.ShiftModifier else Verb.LOOK


def looked(selection: Selection, condition: Condition, verb: Verb) -> Selection:
    """The selection after something was clicked.

    Args:
        selection: The one before.
        condition: What the clicked pictures are.
        verb: What to do with them.
    """
    if verb is Verb.ADD:
        return selection.added(condition)
    at = selection.at(condition)
    return at.counted_alone() if verb is Verb.ALONE else at


def true_classes(selection: Selection) -> frozenset[int]:
    """The classes that are looked at by what pictures really are, and by nothing else."""
    return frozenset(one.label for one in _either(selection) if isinstance(one, TrueIs))


def predicted_classes(selection: Selection) -> frozenset[int]:
    """The classes that are looked at by what pictures were taken for, and by nothing else."""
    return frozenset(one.label for one in _either(selection) if isinstance(one, PredictedIs))


def faint_classes(sight: Sight) -> frozenset[int]:
    """The classes of which no picture is looked at; none where nothing particular is."""
    if sight.strong is None or sight.counted is None:
        return frozenset()
    there = np.unique(sight.counted.labels[sight.strong])
    return frozenset(range(len(sight.classes))) - frozenset(there.tolist())


def _either(selection: Selection) -> tuple[Condition, ...]:
    """What is looked at as one condition, or as the parts of one "or"; nothing where several must be met."""
    if len(selection.conditions) != 1:
        return ()
    only = selection.conditions[0]
    return only.conditions if isinstance(only, AnyOf) else (only,)


def can_step_back(selection: Selection) -> bool:
    """Whether Esc changes anything."""
    return bool(selection.conditions or selection.only)
