"""Qt's own words, such as Cancel in a file dialog, in the user's language, from the files that Qt ships."""

from PySide6.QtCore import QLibraryInfo, QLocale, QTranslator
from PySide6.QtWidgets import QApplication

_NAME = "qtWords"


def install_qt_translations(app: QApplication, language: str) -> bool:
    """Let Qt's own dialogs and menus made from now on speak a language, and no longer the one before.

    Args:
        app: The application.
        language: A key of ``words.LANGUAGES``.

    Returns:
        Whether Qt has words of that language; English needs none, and where the file is missing Qt stays English.
    """
    for before in app.findChildren(QTranslator, _NAME):
        app.removeTranslator(before)
        before.setParent(None)
    translator = QTranslator(app)
    translator.setObjectName(_NAME)
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if language == "en" or not translator.load(QLocale(language), "qtbase", "_", folder):
        translator.setParent(None)
        return False
    return app.installTranslator(translator)
