"""The ring around what a lesson speaks of."""

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from fmstudio.ui import spotlight, theme
from fmstudio.ui.spotlight import Spotlight


@pytest.fixture
def over(qapp: QApplication, qtbot: QtBot) -> QWidget:
    theme.apply(qapp, "light")
    made = QWidget()
    qtbot.addWidget(made)
    made.resize(400, 300)
    return made


def placed(over: QWidget, where: QRect) -> QPushButton:
    box = QWidget(over)
    box.setGeometry(QRect(50, 40, 350, 260))
    button = QPushButton("Train", box)
    button.setGeometry(where)
    over.show()
    return button


def test_it_goes_around_its_target_wherever_that_lies(over: QWidget) -> None:
    ring = Spotlight(placed(over, QRect(10, 20, 100, 40)), over)
    assert ring.geometry() == QRect(56, 56, 108, 48)
    assert ring.isVisible()


def test_it_stays_within_the_window(over: QWidget) -> None:
    ring = Spotlight(placed(over, QRect(300, 200, 200, 100)), over)
    assert over.rect().contains(ring.geometry())


def test_it_draws_a_ring_and_leaves_the_target_to_be_seen(over: QWidget) -> None:
    ring = Spotlight(placed(over, QRect(10, 20, 100, 40)), over)
    plain = ring.grab().toImage()
    accent = theme.colour("accent")
    top = [plain.pixelColor(x, 1) for x in range(20, 80)]
    assert all(_near(colour, accent) for colour in top)
    assert not _near(plain.pixelColor(54, 24), accent)


def test_a_click_reaches_what_lies_below(over: QWidget, qtbot: QtBot) -> None:
    button = placed(over, QRect(10, 20, 100, 40))
    ring = Spotlight(button, over)
    assert over.childAt(ring.geometry().center()) is button
    with qtbot.waitSignal(button.clicked):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_it_goes_by_itself(over: QWidget, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spotlight, "SHOWN_MS", 1)
    ring = Spotlight(placed(over, QRect(10, 20, 100, 40)), over)
    with qtbot.waitSignal(ring.destroyed):
        pass
    assert over.findChild(QWidget, "spotlight") is None


def _near(one: QColor, other: QColor) -> bool:
    return max(abs(a - b) for a, b in zip(one.getRgb()[:3], other.getRgb()[:3], strict=True)) < 40
