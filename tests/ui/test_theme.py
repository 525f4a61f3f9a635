import os
import subprocess
import sys
from dataclasses import fields

import pytest
from PySide6.QtGui import QFontInfo, QFontMetrics
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from fmstudio.ui import theme

READ = [
    ("text", "card"),
    ("text", "ground"),
    ("text", "accent_soft"),
    ("text", "amber_soft"),
    ("secondary", "card"),
    ("secondary", "ground"),
    ("secondary", "accent_soft"),
    ("secondary", "amber_soft"),
    ("accent", "card"),
    ("accent", "accent_soft"),
    ("on_accent", "accent"),
    ("right", "card"),
    ("wrong", "card"),
    ("amber", "amber_soft"),
]


def luminance(colour: str) -> float:
    channels = [value / 255 for value in bytes.fromhex(colour[1:])]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first: str, second: str) -> float:
    darker, lighter = sorted((luminance(first), luminance(second)))
    return (lighter + 0.05) / (darker + 0.05)


def as_deuteranope_sees(colour: str) -> tuple[float, float, float]:
    """Machado, Oliveira and Fernandes 2009, severity 1."""
    red, green, blue = bytes.fromhex(colour[1:])
    return (
        0.367322 * red + 0.860646 * green - 0.227968 * blue,
        0.280085 * red + 0.672501 * green + 0.047413 * blue,
        -0.011820 * red + 0.042940 * green + 0.968881 * blue,
    )


@pytest.mark.parametrize("shown", theme.THEMES.values(), ids=lambda shown: shown.name)
@pytest.mark.parametrize(("ink", "paper"), READ)
def test_every_text_can_be_read(shown: theme.Theme, ink: str, paper: str) -> None:
    assert contrast(getattr(shown, ink), getattr(shown, paper)) >= 4.5


@pytest.mark.parametrize("shown", theme.THEMES.values(), ids=lambda shown: shown.name)
def test_right_and_wrong_differ_for_colour_blind_eyes(shown: theme.Theme) -> None:
    right, wrong = as_deuteranope_sees(shown.right), as_deuteranope_sees(shown.wrong)
    assert sum((a - b) ** 2 for a, b in zip(right, wrong, strict=True)) ** 0.5 > 60


@pytest.mark.parametrize("shown", theme.THEMES.values(), ids=lambda shown: shown.name)
def test_every_colour_has_one_form(shown: theme.Theme) -> None:
    for place in fields(shown):
        value = getattr(shown, place.name)
        assert place.name == "name" or (len(value) == 7 and value == value.lower() and value.startswith("#"))


def test_applying_changes_what_is_current_and_what_is_drawn(qapp: QApplication, qtbot: QtBot) -> None:
    text = QLabel("words")
    qtbot.addWidget(text)
    text.show()
    theme.apply(qapp, "dark")
    assert theme.current() is theme.DARK
    assert text.palette().windowText().color().name() == theme.DARK.text
    assert theme.DARK.accent in qapp.styleSheet()
    theme.apply(qapp, "light")
    assert theme.current() is theme.LIGHT
    assert text.palette().windowText().color().name() == theme.LIGHT.text
    assert theme.DARK.accent not in qapp.styleSheet()


def test_an_unknown_theme_is_light(qapp: QApplication) -> None:
    theme.apply(qapp, "sepia")
    assert theme.current() is theme.LIGHT


def test_the_shipped_fonts_are_used(qapp: QApplication) -> None:
    theme.apply(qapp, "light")
    for weight in (400, 500, 600, 700):
        info = QFontInfo(theme.font(weight=weight))
        assert info.family() == "Inter"
        assert info.weight() == weight
        assert info.pixelSize() == theme.TEXT


def test_chinese_is_drawn_with_the_shipped_font(qapp: QApplication) -> None:
    theme.apply(qapp, "light")
    width = QFontMetrics(theme.font(100)).horizontalAdvance("训练网络")
    assert width == 400, "each sign of Noto Sans SC is as wide as it is high"


def test_tabular_figures_are_equally_wide(qapp: QApplication) -> None:
    theme.apply(qapp, "light")
    metrics = QFontMetrics(theme.font(tabular=True))
    assert metrics.horizontalAdvance("1111") == metrics.horizontalAdvance("8888")


def test_colour_with_transparency(qapp: QApplication) -> None:
    theme.apply(qapp, "dark")
    half = theme.colour("right", 0.5)
    assert half.name() == theme.DARK.right
    assert half.alphaF() == pytest.approx(0.5, abs=0.01)


def test_points_are_larger_than_pixels() -> None:
    assert theme.pixels(9) == 12


def test_it_can_be_applied_in_a_process_of_its_own_without_torch() -> None:
    code = (
        "import sys; from PySide6.QtWidgets import QApplication; from fmstudio.ui import theme;"
        "app = QApplication([]); theme.apply(app, 'dark');"
        "print('torch' in sys.modules, app.font().families())"
    )
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
    assert done.stdout.strip() == "False ['Inter', 'Noto Sans SC']"
