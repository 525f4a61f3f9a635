"""Marks of the axes that curves of several runs lie on."""

import pytest

from fmstudio.insight.overlay import Axis
from fmstudio.ui.compare.overlay.axes import AXES, axis_ticks, place_words


@pytest.mark.parametrize(("axis", "last", "expected"), [
    ("epoch", 4, ["epoch 1", "epoch 2", "epoch 3", "epoch 4"]),
    ("epoch", 0.4, ["epoch 0.1", "epoch 0.2", "epoch 0.3", "epoch 0.4"]),
    ("step", 2, ["step 0", "step 1", "step 2"]),
    ("step", 4000, ["step 0", "step 1,000", "step 2,000", "step 3,000", "step 4,000"]),
    ("time", 60, ["0 s", "20 s", "40 s", "60 s"]),
    ("time", 600, ["0 min", "2 min", "4 min", "6 min", "8 min", "10 min"]),
    ("time", 5 * 3600, ["0 h", "1 h", "2 h", "3 h", "4 h", "5 h"]),
    ("samples", 120_000, ["0", "50,000", "100,000"]),
])  # fmt: skip
def test_marks_are_round_and_few(axis: Axis, last: float, expected: list[str]) -> None:
    marks = axis_ticks(axis, 0, last * AXES[axis].units, 5)
    assert [text for _, text in marks] == expected
    assert all(0 <= place <= last * AXES[axis].units + 1e-6 for place, _ in marks)


@pytest.mark.parametrize(("axis", "place", "words"), [
    ("epoch", 1250, "epoch 1.25"), ("step", 1234, "step 1,234"), ("time", 12_340, "12.34 s"),
    ("time", 600_000, "10.00 min"), ("samples", 12_345, "12,345 samples seen"),
])  # fmt: skip
def test_a_place_is_said(axis: Axis, place: float, words: str) -> None:
    assert place_words(axis, place) == words
