"""Bars of one network's probabilities, or of two."""

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from fmstudio.ui import theme
from fmstudio.ui.pictures.share_bars import ShareBars

NAMES = tuple(f"class {label}" for label in range(10))


@pytest.fixture
def bars(qapp: QApplication, qtbot: QtBot) -> ShareBars:
    theme.apply(qapp, "light")
    made = ShareBars()
    qtbot.addWidget(made)
    made.resize(500, 300)
    made.show()
    return made


def painted(bars: ShareBars, colour: str) -> int:
    """How many pixels have a colour of the theme."""
    image = bars.grab().toImage()
    wanted = theme.colour(colour).rgb()
    return sum(image.pixel(x, y) == wanted for x in range(image.width()) for y in range(image.height()))


def test_the_likeliest_class_stands_out(bars: ShareBars) -> None:
    shares = np.full(10, 0.01)
    shares[3] = 0.91
    bars.show_shares(NAMES, [shares])
    assert bars.accessibleDescription().split("; ")[3] == "class 3 91.0 %"
    assert painted(bars, "accent") > 1000
    assert not painted(bars, "right")


def test_two_networks_stand_side_by_side_marked_right_and_wrong(bars: ShareBars) -> None:
    first, second = np.full(10, 0.01), np.full(10, 0.01)
    first[3] = second[5] = 0.91
    bars.show_shares(NAMES, [first, second], ["A", "B"], true=5)
    said = bars.accessibleDescription().split("; ")
    assert said[3] == "class 3 ✗ 91.0 %, 1.0 %"
    assert said[5] == "class 5 1.0 %, ✓ 91.0 %"
    assert painted(bars, "right") > 500
    assert painted(bars, "wrong") > 500


def test_of_a_thousand_classes_those_that_matter_are_shown(bars: ShareBars) -> None:
    shares = np.zeros(1000)
    shares[[7, 400]] = 0.6, 0.3
    bars.show_shares(tuple(map(str, range(1000))), [shares], true=999)
    said = [text.split()[0] for text in bars.accessibleDescription().split("; ")]
    assert said[:2] == ["7", "400"]
    assert said[-1] == "999"
    assert len(said) == 12
