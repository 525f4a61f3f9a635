"""What the score card says of a part of the pictures."""

from types import SimpleNamespace

import numpy as np
import pytest

from fmstudio.runs.run import Run
from fmstudio.session.selection import IsRight, Selection, TrueIs
from fmstudio.session.sight import Sight
from fmstudio.training.events import Predictions
from fmstudio.ui.part_captions import part_card, part_verdict


def sight(selection: Selection) -> Sight:
    """Four pictures of class 0 and one of class 1, of which three are right."""
    labels = np.array([0, 0, 0, 0, 1])
    predicted = np.array([0, 0, 1, 1, 1])
    chances = np.full((5, 2), 0.5, np.float16)
    answers = Predictions(np.arange(5), labels, predicted, np.zeros(5, np.float32), chances)
    counted = answers.part(np.logical_and.reduce([one.mask(answers) for one in selection.only]))
    data = SimpleNamespace(classes=("A", "B"), short_classes=("A", "B"))
    return Sight(Run(), None, None, data, selection, None, answers, counted, counted, None)


@pytest.mark.parametrize(("only", "big", "below"), [
    ((TrueIs(0),), "50 % right", "of 4 test pictures"),
    ((IsRight(False),), "2 wrong", "of 5 test pictures"),
    ((IsRight(True),), "3 right", "of 5 test pictures"),
])  # fmt: skip
def test_of_the_wrong_ones_alone_it_says_how_many_they_are(only: tuple, big: str, below: str) -> None:
    said = sight(Selection(only=only))
    card = part_card(said, part_verdict(said))
    assert (card.big, card.below) == (big, below)
