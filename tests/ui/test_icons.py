import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QIcon
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from fmstudio.ui import icons, theme

NAMES = ("close", "code", "expand", "moon", "pause", "play", "stop", "sun")


@pytest.mark.parametrize("name", NAMES)
def test_a_picture_is_drawn_in_the_colour_asked_for(qapp: QApplication, name: str) -> None:
    theme.apply(qapp, "dark")
    image = icons.icon(name, "wrong", 32).pixmap(QSize(32, 32), 1.0).toImage()
    solid = [image.pixelColor(x, y) for x in range(32) for y in range(32) if image.pixelColor(x, y).alpha() > 250]
    assert solid
    assert all(_close(colour, QColor(theme.DARK.wrong)) for colour in solid)


def _close(first: QColor, second: QColor) -> bool:
    return all(abs(a - b) <= 3 for a, b in zip(first.getRgb()[:3], second.getRgb()[:3], strict=True))


def test_it_is_sharp_at_200_per_cent(qapp: QApplication) -> None:
    pixmap = icons.icon("stop", "text", 16).pixmap(QSize(16, 16), 2.0)
    assert pixmap.size() == QSize(32, 32)


def test_a_disabled_button_has_a_faint_picture(qapp: QApplication) -> None:
    theme.apply(qapp, "light")
    image = icons.icon("stop", "text", 16).pixmap(QSize(16, 16), 1.0, QIcon.Mode.Disabled).toImage()
    assert _close(image.pixelColor(8, 8), QColor(theme.LIGHT.faint))


def test_there_is_air_between_picture_and_word(qapp: QApplication, qtbot: QtBot) -> None:
    made = QPushButton("Pause")
    qtbot.addWidget(made)
    icons.put(made, "pause", "text", 14)
    image = made.icon().pixmap(made.iconSize(), 1.0).toImage()
    assert image.width() == made.iconSize().width() > 14
    assert all(image.pixelColor(image.width() - 1, y).alpha() == 0 for y in range(image.height()))


def test_the_application_has_a_picture(qapp: QApplication) -> None:
    assert not icons.application_icon().pixmap(64, 64).isNull()
