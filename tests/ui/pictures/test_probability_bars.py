import numpy as np
import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from fmstudio.ui import theme
from fmstudio.ui.pictures.probability_bars import ProbabilityBars

CLASSES = ("T-shirt/top", "Trouser", "Shirt")
ROW = 18


@pytest.fixture
def bars(qtbot: QtBot, qapp: QApplication) -> ProbabilityBars:
    theme.apply(qapp, "light")
    made = ProbabilityBars()
    qtbot.addWidget(made)
    made.resize(400, 300)
    return made


def test_what_is_said(bars: ProbabilityBars) -> None:
    bars.show_probabilities(CLASSES, np.array([0.83, 0.01, 0.16], np.float16), 2, 0)
    assert bars.accessibleDescription() == "T-shirt/top 83.0 % ✗ taken for; Trouser 1.0 %; Shirt 16.0 % really"
    bars.show_probabilities(CLASSES, np.array([0.83, 0.01, 0.16], np.float16), 0, 0)
    assert bars.accessibleDescription() == "T-shirt/top 83.0 % ✓ really; Trouser 1.0 %; Shirt 16.0 %"


def test_bars_are_as_long_as_their_shares(bars: ProbabilityBars) -> None:
    bars.show_probabilities(CLASSES, np.array([0.5, 0.25, 0.25], np.float16), 2, 0)
    image = bars.grab().toImage()

    def length(row: int, colour: str) -> int:
        return sum(image.pixelColor(x, ROW * row + 9).name() == colour for x in range(94, image.width() - 130))

    colours = theme.current()
    whole = length(0, colours.wrong) + length(0, colours.empty_cell)
    assert length(0, colours.wrong) == pytest.approx(whole / 2, abs=4)
    assert length(1, colours.faint) == pytest.approx(whole / 4, abs=4)
    assert length(2, colours.right) == pytest.approx(whole / 4, abs=4)


def test_what_was_before_is_marked(bars: ProbabilityBars) -> None:
    before, now = np.array([0.75, 0.25, 0], np.float32), np.array([0.25, 0.75, 0], np.float32)
    bars.show_probabilities(CLASSES, now, 0, 1, before)
    assert bars.accessibleDescription().startswith("T-shirt/top 25.0 % really (was 75.0 %); Trouser 75.0 % ✗ taken for")
    image, dark = bars.grab().toImage(), QColor(theme.current().text)
    marks = [x for x in range(94, 262) if image.pixelColor(x, 3) == dark]
    assert len(marks) == 2
    assert marks[0] == pytest.approx(94 + 0.75 * (400 - 88 - 52 - 76 - 12), abs=3)


def test_of_many_classes_the_likeliest_and_the_true_one_are_shown(bars: ProbabilityBars) -> None:
    shares = np.full(100, 0.001, np.float32)
    shares[40:52] = np.linspace(0.01, 0.1, 12)
    bars.show_probabilities(tuple(f"class {number}" for number in range(100)), shares, 7, 51)
    said = bars.accessibleDescription().split("; ")
    assert [row.split(" ")[1] for row in said[:-1]] == [str(n) for n in (51, 50, 49, 48, 47, 46, 45, 44, 43, 7)]
    assert said[-1] == "… 90 more"
    assert bars.sizeHint().height() == 11 * ROW


def test_a_hundred_per_cent_does_not_touch_the_bar(bars: ProbabilityBars) -> None:
    bars.show_probabilities(CLASSES, np.array([1.0, 0, 0], np.float16), 0, 0)
    image, now = bars.grab().toImage(), theme.current()
    text = QColor(now.text).lightness()
    row = [[image.pixelColor(x, y) for y in range(2, 16)] for x in range(100, image.width() - 70)]
    end = max(x for x, column in enumerate(row) if any(one.name() == now.right for one in column))
    first = next(
        x for x, column in enumerate(row) if x > end - 3 and any(abs(one.lightness() - text) < 40 for one in column)
    )
    assert first - end >= 4
