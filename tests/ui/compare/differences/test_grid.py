"""The matrix of differences with few and with very many classes."""

import time

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from fmstudio.insight.two_runs import Cell, TwoRuns, compare
from fmstudio.training.events import Predictions
from fmstudio.ui import theme
from fmstudio.ui.compare.differences.grid import DifferenceGrid, shortened


def two(classes: int, count: int = 2000) -> TwoRuns:
    generator = np.random.default_rng(0)
    labels, first, second = generator.integers(0, classes, (3, count))
    shares, losses = np.zeros((count, classes), np.float16), np.ones(count, np.float32)
    return compare(*(Predictions(np.arange(count), labels, one, losses, shares) for one in (first, second)))


@pytest.fixture
def grid(qapp: QApplication, qtbot: QtBot) -> DifferenceGrid:
    theme.apply(qapp, "light")
    made = DifferenceGrid()
    qtbot.addWidget(made)
    made.resize(400, 400)
    made.show()
    return made


@pytest.mark.parametrize("classes", [2, 10, 30, 31, 100, 1000])
def test_every_cell_can_be_clicked(grid: DifferenceGrid, qtbot: QtBot, classes: int) -> None:
    names = tuple(f"class {label}" for label in range(classes))
    grid.show_two(two(classes), names, names)
    grid.grab()
    last = Cell(classes - 1, classes - 2)
    grid.choose(last)
    grid.setFocus()
    with qtbot.waitSignal(grid.chosen) as chosen:
        QTest.keyClick(grid, Qt.Key.Key_Space)
    assert chosen.args == [last]
    if classes <= 100:
        with qtbot.waitSignal(grid.chosen) as chosen:
            QTest.mouseClick(grid, Qt.MouseButton.LeftButton, pos=grid.cell_rect(Cell(1, 0)).center())
        assert chosen.args == [Cell(1, 0)]


def test_a_thousand_classes_are_painted_at_once(grid: DifferenceGrid) -> None:
    names = tuple(map(str, range(1000)))
    made = two(1000)
    start = time.perf_counter()
    grid.show_two(made, names, names)
    grid.grab()
    assert time.perf_counter() - start < 3  # about 0.1 s; painted cell by cell it is many times as long


def test_a_cell_without_a_change_says_so(grid: DifferenceGrid) -> None:
    names = ("Shirt", "Coat")
    grid.show_two(two(2, 1), names, names)
    said = {grid.sentence(Cell(true, predicted)) for true in (0, 1) for predicted in (0, 1)}
    assert "Coat was taken for Coat as often by B as by A" in said


def test_a_narrow_column_is_named_by_letters_not_by_dots(qapp: QApplication) -> None:
    theme.apply(qapp, "light")
    metrics = QFontMetrics(theme.font(11))
    assert shortened("Trouser", metrics, 200) == "Trouser"
    narrow = shortened("Trouser", metrics, 16)
    assert narrow
    assert "Trouser".startswith(narrow)
    assert metrics.horizontalAdvance(narrow) <= 16
    assert shortened("Trouser", metrics, 2) == ""
