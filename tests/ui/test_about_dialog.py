"""About fmstudio."""

import pytest
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QListWidget, QPlainTextEdit, QPushButton
from pytestqt.qtbot import QtBot
from shiboken6 import Shiboken

from fmstudio.machine.licences import Licence
from fmstudio.ui import splash, theme
from fmstudio.ui.about_dialog import AboutDialog
from fmstudio.version import about_build

PARTS = (
    Licence("fmstudio", "0.1.0", "MIT", "Permission is hereby granted"),
    Licence("PySide6 (Qt)", "6.11.3", "LGPL-3.0-only", "Replacing them"),
    Licence("torch", "2.9.0", "BSD-3-Clause", "Redistribution and use"),
)


@pytest.fixture
def dialog(qtbot: QtBot, qapp: QApplication) -> AboutDialog:
    theme.apply(qapp, "light")
    made = AboutDialog()
    qtbot.addWidget(made)
    return made


def find(dialog: AboutDialog, kind: type, name: str):
    found = dialog.findChild(kind, name)
    assert found is not None, name
    return found


def shown(dialog: AboutDialog) -> list[str]:
    parts = find(dialog, QListWidget, "licenceList")
    return [parts.item(row).text() for row in range(parts.count()) if not parts.item(row).isHidden()]


def test_it_names_version_and_commit_and_the_terms_of_qt(dialog: AboutDialog) -> None:
    assert find(dialog, QLabel, "aboutVersion").text() == f"Version {about_build().text}"
    words = " ".join(label.text() for label in dialog.findChildren(QLabel))
    assert "GNU Lesser General Public License, version 3" in words
    assert "you may replace" in words


def test_licences_are_listed_with_the_text_of_the_first(dialog: AboutDialog) -> None:
    assert find(dialog, QPlainTextEdit, "licenceText").toPlainText() == "Collecting the licences …"
    dialog.show_licences(PARTS)
    assert shown(dialog) == ["fmstudio 0.1.0", "PySide6 (Qt) 6.11.3", "torch 2.9.0"]
    assert find(dialog, QPlainTextEdit, "licenceText").toPlainText() == "MIT\n\nPermission is hereby granted"


def test_they_are_searched_by_part_licence_and_text(dialog: AboutDialog) -> None:
    dialog.show_licences(PARTS)
    search, text = find(dialog, QLineEdit, "licenceSearch"), find(dialog, QPlainTextEdit, "licenceText")
    for words, expected in (("LGPL replacing", ["PySide6 (Qt) 6.11.3"]), ("torch", ["torch 2.9.0"]), ("xyzzy", [])):
        search.setText(words)
        assert shown(dialog) == expected
    assert text.toPlainText() == "Nothing here contains that."
    search.clear()
    assert len(shown(dialog)) == 3
    assert text.toPlainText().startswith("MIT")


def test_the_version_is_copied(dialog: AboutDialog) -> None:
    find(dialog, QPushButton, "aboutCopy").click()
    copied = QApplication.clipboard().text()
    assert copied.startswith(f"fmstudio {about_build().version}\n")
    assert "Qt 6" in copied


def test_licences_for_a_dialog_that_is_gone_are_dropped(qapp: QApplication) -> None:
    dialog = AboutDialog()
    Shiboken.delete(dialog)
    dialog.show_licences(PARTS)


class TestSplash:
    def test_it_is_for_windows_and_for_the_installed_program(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(splash.sys, "platform", "linux")
        assert not splash.is_wanted()
        monkeypatch.setattr(splash.sys, "frozen", True, raising=False)
        assert splash.is_wanted()
        monkeypatch.delattr(splash.sys, "frozen")
        monkeypatch.setattr(splash.sys, "platform", "win32")
        assert splash.is_wanted()

    def test_it_is_a_small_picture(self, qtbot: QtBot, qapp: QApplication) -> None:
        theme.apply(qapp, "dark")
        made = splash.splash()
        qtbot.addWidget(made)
        assert made.pixmap().deviceIndependentSize().toSize() == QSize(420, 200)
        image = made.pixmap().toImage()
        colours = {image.pixelColor(x, image.height() // 2).name() for x in range(0, image.width(), 2)}
        assert theme.DARK.card in colours
        assert len(colours) > 2
