"""Language and theme of the whole application; what is on the screen already must be built anew."""

from PySide6.QtWidgets import QApplication

from fmstudio import words
from fmstudio.ui import theme
from fmstudio.ui.preferences import Preferences
from fmstudio.ui.qt_words import install_qt_translations


def speak(language: str, preferences: Preferences) -> None:
    """Speak a language from now on, Qt's own dialogs too, and remember it."""
    words.set_language(language)
    app = QApplication.instance()
    if isinstance(app, QApplication):
        install_qt_translations(app, language)
    if preferences.language != language:
        preferences.language = language


def dress(name: str, preferences: Preferences) -> None:
    """Wear a theme from now on, and remember it."""
    app = QApplication.instance()
    if isinstance(app, QApplication):
        theme.apply(app, name)
    if preferences.theme != name:
        preferences.theme = name
