"""The menu Help, in the whole window."""

from pathlib import Path

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QListWidget
from pytestqt.qtbot import QtBot

from fmstudio.ui.about_dialog import AboutDialog
from fmstudio.ui.application import make_window
from fmstudio.ui.check_page import CheckPage


def test_this_computer_is_checked_and_the_program_tells_about_itself(qtbot: QtBot, tmp_path: Path) -> None:
    window = make_window(tmp_path / "runs")
    qtbot.addWidget(window)
    window.show()
    actions = {action.objectName(): action for action in window.menuBar().findChildren(QAction)}
    actions["checkComputerAction"].trigger()
    page = window.shell.drawer.content
    assert isinstance(page, CheckPage)
    actions["aboutAction"].trigger()
    dialog = window.findChild(AboutDialog)
    assert dialog is not None
    parts = dialog.findChild(QListWidget, "licenceList")
    assert parts is not None
    qtbot.waitUntil(lambda: parts.count() > 10 and page.found is not None, timeout=60_000)
    assert page.found is not None
    assert page.found.folders["runs"] == str(tmp_path / "runs")
    dialog.close()
    window.shell.drawer.close()
    qtbot.waitUntil(lambda: window.session.ready, timeout=60_000)
    assert window.session.finish(10_000)
