import pytest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from fmstudio.session.selection import AnyOf, PredictedIs, Selection, TrueIs
from fmstudio.ui import theme
from fmstudio.ui.amber_bar import AmberBar

CLASSES = ("T-shirt/top", "Trouser", "Shirt")


@pytest.fixture
def bar(qtbot: QtBot, qapp: QApplication) -> AmberBar:
    theme.apply(qapp, "light")
    made = AmberBar()
    qtbot.addWidget(made)
    made.resize(640, 38)
    return made


def said(bar: AmberBar) -> str:
    found = bar.findChild(QLabel, "amberText")
    assert isinstance(found, QLabel)
    return found.text()


def test_says_what_is_counted_alone(bar: AmberBar) -> None:
    bar.show_only(Selection(only=(TrueIs(2), PredictedIs(0))), 83, 10_000, CLASSES)
    assert bar.isVisible()
    assert said(bar) == bar.accessibleName() == "Only 83 of 10,000 counted: true Shirt and predicted T-shirt/top"
    bar.show_only(Selection(only=(AnyOf((TrueIs(2), TrueIs(1))),)), 2_000, 10_000, CLASSES)
    assert said(bar) == "Only 2,000 of 10,000 counted: true Shirt or true Trouser"


def test_is_hidden_while_everything_is_counted(bar: AmberBar) -> None:
    assert not bar.isVisible()
    bar.show_only(Selection(only=(TrueIs(2),)), 1_000, 10_000, CLASSES)
    bar.show_only(Selection(conditions=(TrueIs(2),)), 10_000, 10_000, CLASSES)
    assert not bar.isVisible()


def test_counts_all_again(bar: AmberBar, qtbot: QtBot) -> None:
    bar.show_only(Selection(only=(TrueIs(2),)), 1_000, 10_000, CLASSES)
    again = bar.findChild(QPushButton, "countAll")
    assert isinstance(again, QPushButton)
    with qtbot.waitSignal(bar.all_asked, timeout=0):
        again.click()
