"""Qt's own words in the user's language."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QLibraryInfo
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QLineEdit
from pytestqt.qtbot import QtBot

from fmstudio.ui.qt_words import install_qt_translations


@pytest.fixture(autouse=True)
def english_again(qapp: QApplication) -> Iterator[None]:
    yield
    install_qt_translations(qapp, "en")
    QCoreApplication.sendPostedEvents(None, QEvent.Type.LanguageChange)


def cancel(qtbot: QtBot) -> str:
    """What stands on a button that Qt names."""
    box = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
    qtbot.addWidget(box)
    return box.buttons()[0].text().replace("&", "")


def test_qt_speaks_chinese_and_english_again(qapp: QApplication, qtbot: QtBot) -> None:
    assert cancel(qtbot) == "Cancel"
    assert install_qt_translations(qapp, "zh_CN")
    assert cancel(qtbot) == "取消"
    install_qt_translations(qapp, "en")
    assert cancel(qtbot) == "Cancel"


def test_the_menu_of_a_field_speaks_chinese(qapp: QApplication, qtbot: QtBot) -> None:
    install_qt_translations(qapp, "zh_CN")
    field = QLineEdit()
    qtbot.addWidget(field)
    menu = field.createStandardContextMenu()
    qtbot.addWidget(menu)
    assert "复制" in " ".join(action.text() for action in menu.actions())


def test_a_language_that_qt_lacks_is_no_error(qapp: QApplication, qtbot: QtBot) -> None:
    install_qt_translations(qapp, "zh_CN")
    assert not install_qt_translations(qapp, "tlh")
    assert cancel(qtbot) == "Cancel"


def test_missing_files_leave_qt_in_english(
    qapp: QApplication, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QLibraryInfo, "path", lambda _: str(tmp_path))
    assert not install_qt_translations(qapp, "zh_CN")
    assert cancel(qtbot) == "Cancel"


def test_only_one_language_is_installed(qapp: QApplication, qtbot: QtBot) -> None:
    for language in ("zh_CN", "en", "zh_CN", "zh_CN"):
        install_qt_translations(qapp, language)
    install_qt_translations(qapp, "en")
    assert cancel(qtbot) == "Cancel"
