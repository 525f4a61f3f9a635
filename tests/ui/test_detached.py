"""A view in a window of its own."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from fmstudio.ui.detached import DetachedDialog
from fmstudio.ui.widgets import Card


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    made = Card()
    made.body.addWidget(QLabel("the view"))
    made.body.addWidget(QLabel("below it"))
    qtbot.addWidget(made)
    made.show()
    return made


def order(card: Card) -> list[str]:
    found = (card.body.itemAt(place).widget() for place in range(card.body.count()))
    return [widget.text() if isinstance(widget, QLabel) else "place" for widget in found]


@pytest.mark.parametrize("way", ["window", "button"])
def test_a_view_leaves_and_comes_back_to_its_place(window: Card, qtbot: QtBot, way: str) -> None:
    view = window.body.itemAt(0).widget()
    dialog = DetachedDialog(window, view, "Curves", window)
    dialog.show()
    assert order(window) == ["place", "below it"]
    assert dialog.isAncestorOf(view)
    assert "Curves" in dialog.windowTitle()
    with qtbot.waitSignal(dialog.returned):
        if way == "window":
            dialog.close()
        else:
            qtbot.mouseClick(window.findChild(QPushButton, "bringBack"), Qt.MouseButton.LeftButton)
    QApplication.processEvents()
    assert order(window) == ["the view", "below it"]
    assert view.isVisible()


def test_esc_belongs_to_the_view(window: Card, qtbot: QtBot) -> None:
    dialog = DetachedDialog(window, window.body.itemAt(0).widget(), "Curves", window)
    dialog.show()
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert dialog.isVisible()
    dialog.close()
