"""The Tab key goes through the whole window."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QComboBox
from pytestqt.qtbot import QtBot

from fmstudio.ui.application import make_window
from fmstudio.ui.main_window import MainWindow


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
