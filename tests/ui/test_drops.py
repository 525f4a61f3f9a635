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
        self.pictures: list[list[Path]] = []
        self.documents: list[Path] = []
        drops.pictures_dropped.connect(self.pictures.append)
        drops.document_dropped.connect(self.documents.append)


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


def test_pictures_are_tried(window: QWidget, said: Said, tmp_path: Path) -> None:
    assert drop(window, files(tmp_path / "a.png", tmp_path / "b.jpg"))
    assert said.pictures == [[tmp_path / "a.png", tmp_path / "b.jpg"]]
    assert said.documents == []


def test_a_recipe_or_a_run_is_opened(window: QWidget, said: Said, tmp_path: Path) -> None:
    (tmp_path / "spec.json").write_text("{}")
    assert drop(window, files(tmp_path / "mine.json"))
    assert drop(window, files(tmp_path))
    assert said.documents == [tmp_path / "mine.json", tmp_path]


def test_a_text_is_not_taken(window: QWidget, said: Said) -> None:
    content = QMimeData()
    content.setText("a shirt")
    assert not drop(window, content)
    assert (said.pictures, said.documents) == ([], [])
