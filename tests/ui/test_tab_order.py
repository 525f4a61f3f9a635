"""The Tab key goes through the whole window."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QComboBox, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from fmstudio.ui.application import make_window
from fmstudio.ui.main_window import MainWindow
from fmstudio.ui.tab_order import put_after


@pytest.fixture
def window(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Iterator[MainWindow]:
    made = make_window(tmp_path)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitUntil(lambda: made.inspection.data is not None and made.session.ready, timeout=60_000)
    yield made
    made.session.finish(10_000)


def test_tab_leaves_the_recipe_and_comes_back(window: MainWindow, qtbot: QtBot) -> None:
    start = window.findChild(QComboBox, "dataset")
    start.setFocus()
    seen = []
    for _ in range(80):
        focused = QApplication.focusWidget()
        qtbot.keyClick(focused, Qt.Key.Key_Tab)
        seen.append(QApplication.focusWidget().objectName())
        if QApplication.focusWidget() is start:
            break
    assert {"optimizer.lr", "trainButton", "predictionsView", "confusionView", "tab.accuracy", "page.data"} <= set(seen)
    assert seen[-1] == "dataset"


def test_what_is_built_late_is_reached_where_it_stands(qtbot: QtBot) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    column = QVBoxLayout(page)
    first, last, late = QPushButton("first"), QPushButton("last"), QWidget()
    for widget in (first, last):
        column.addWidget(widget)
    inner = QVBoxLayout(late)
    parts = [QPushButton("one"), QPushButton("two")]
    for part in parts:
        part.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        inner.addWidget(part)
    column.insertWidget(1, late)
    put_after(first, late)
    for made in (first, last):
        made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    page.show()
    page.activateWindow()
    first.setFocus()
    qtbot.waitUntil(first.hasFocus)
    seen = []
    for _ in range(3):
        focused = QApplication.focusWidget()
        assert isinstance(focused, QPushButton)
        qtbot.keyClick(focused, Qt.Key.Key_Tab)
        seen.append(focused.text())
    assert seen[0] == "first"
    seen = [*seen[1:], getattr(QApplication.focusWidget(), "text", str)()]
    assert seen == ["one", "two", "last"]


def test_ordering_makes_no_widget_the_child_of_another(qtbot: QtBot) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    column = QVBoxLayout(page)
    before, late, other = QPushButton("before"), QPushButton("late"), QPushButton("other")
    for widget in (before, late, other):
        column.addWidget(widget)
    put_after(before, late)
    shiboken6.delete(before)
    assert shiboken6.isValid(late)
    assert shiboken6.isValid(other)
