"""What is dropped on the window."""

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from fmstudio.ui.drops import Drops


class Said:
    def __init__(self, drops: Drops) -> None:
        self.paths: list[list[Path]] = []
        drops.dropped.connect(self.paths.append)


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    return made


@pytest.fixture
def said(window: QWidget) -> Said:
    return Said(Drops(window))


def drop(window: QWidget, content: QMimeData) -> bool:
    """Drag something over the window and let go; whether it was taken."""
    none, left = Qt.KeyboardModifier.NoModifier, Qt.MouseButton.LeftButton
    enter = QDragEnterEvent(window.rect().center(), Qt.DropAction.CopyAction, content, left, none)
    enter.ignore()
    QApplication.sendEvent(window, enter)
    if not enter.isAccepted():
        return False
    QApplication.sendEvent(window, QDropEvent(QPointF(1, 1), Qt.DropAction.CopyAction, content, left, none))
    return True


def files(*paths: Path) -> QMimeData:
    content = QMimeData()
    content.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return content


def test_whatever_is_dropped_is_told_in_the_order_of_its_names(window: QWidget, said: Said, tmp_path: Path) -> None:
    assert drop(window, files(tmp_path / "b.jpg", tmp_path / "a.png"))
    assert drop(window, files(tmp_path))
    assert said.paths == [[tmp_path / "a.png", tmp_path / "b.jpg"], [tmp_path]]


def test_a_text_is_not_taken(window: QWidget, said: Said) -> None:
    content = QMimeData()
    content.setText("a shirt")
    assert not drop(window, content)
    assert said.paths == []


def test_what_lies_in_the_net_is_not_fetched(window: QWidget, said: Said) -> None:
    content = QMimeData()
    content.setUrls([QUrl("https://example.org/weights.safetensors")])
    assert not drop(window, content)
    assert said.paths == []
