"""The two themes: colours, fonts and the palette. What the style sheet makes of them stands in ``style``.

Right and wrong are bluish green and vermilion, which colour-blind eyes tell apart; they are never the only sign.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication

from fmstudio import paths
from fmstudio.ui import style

SMALL = 12
TEXT = 13
BIG = 44
"""Sizes of letters in pixels: what is secondary, text, and the one number that matters."""

FAMILIES = ("Inter", "Noto Sans SC")
_FONTS_LOADED = "fmstudioFontsLoaded"


@dataclass(frozen=True)
class Theme:
    """The colours of one theme, each as ``"#rrggbb"``.

    Attributes:
        name: ``"light"`` or ``"dark"``.
        ground: Behind the cards; ``card``: the cards themselves; ``field``: where one types.
        line: The thin lines around and between.
        text: Ordinary text; ``secondary``: grey, less important; ``faint``: disabled and asleep.
        accent: What moves and what to press; ``on_accent``: text on it; ``accent_soft``: a pale strip.
        right: Right answers; ``wrong``: wrong ones, and problems.
        amber: What should be noticed; ``amber_soft``: the bar that says so.
        empty_cell: A cell of the matrix that counts nothing; ``stripe``: every other epoch behind the curves.
    """

    name: str
    ground: str
    card: str
    line: str
    field: str
    text: str
    secondary: str
    faint: str
    accent: str
    on_accent: str
    accent_soft: str
    right: str
    wrong: str
    amber: str
    amber_soft: str
    empty_cell: str
    stripe: str


LIGHT = Theme(
    name="light",
    ground="#f4f5f7",
    card="#ffffff",
    line="#e2e5ea",
    field="#ffffff",
    text="#1a1d21",
    secondary="#646e7d",
    faint="#a3a9b4",
    accent="#2f5fd0",
    on_accent="#ffffff",
    accent_soft="#eef2fc",
    right="#0b8466",
    wrong="#c24c1b",
    amber="#8f5600",
    amber_soft="#fdf3dc",
    empty_cell="#f8f9fb",
    stripe="#f8f9fb",
)

DARK = Theme(
    name="dark",
    ground="#141619",
    card="#1c1f24",
    line="#2c3036",
    field="#1c1f24",
    text="#e8eaed",
    secondary="#9aa2ad",
    faint="#646b76",
    accent="#7ea2ff",
    on_accent="#14181f",
    accent_soft="#232b3d",
    right="#3cc79e",
    wrong="#f08a5d",
    amber="#e6b450",
    amber_soft="#372e1a",
    empty_cell="#21252b",
    stripe="#21252b",
)

THEMES: Mapping[str, Theme] = {theme.name: theme for theme in (LIGHT, DARK)}

_current = LIGHT


def current() -> Theme:
    """The theme that was applied last; the light one before."""
    return _current


def apply(app: QApplication, name: str) -> None:
    """Dress the whole application; the fonts are loaded the first time.

    Args:
        app: The one application.
        name: A key of ``THEMES``; anything else is light.
    """
    global _current
    _current = THEMES.get(name, LIGHT)
    if not app.property(_FONTS_LOADED):
        _load_fonts()
        app.setStyle("Fusion")
        app.setProperty(_FONTS_LOADED, True)
    dark = _current is DARK
    app.styleHints().setColorScheme(Qt.ColorScheme.Dark if dark else Qt.ColorScheme.Light)
    app.setPalette(_palette(_current))
    app.setFont(font())
    app.setStyleSheet(style.sheet(asdict(_current), paths.resource("icons").as_posix()))


def _load_fonts() -> None:
    for file in sorted(paths.resource("fonts").glob("*.ttf")):
        QFontDatabase.addApplicationFont(str(file))


def pixels(points: float) -> int:
    """Typographic points (72 to the inch) in pixels of a screen at 100 % (96 to the inch)."""
    return round(points * 96 / 72)


def font(size: int = TEXT, *, weight: int = 400, tabular: bool = False) -> QFont:
    """The typeface of the window.

    Args:
        size: In pixels.
        weight: 400, 500, 600 or 700.
        tabular: All figures equally wide, so that a changing number does not jump; hyphens grow wide too.
    """
    made = QFont(list(FAMILIES))
    made.setPixelSize(size)
    made.setWeight(QFont.Weight(weight))
    if tabular:
        made.setFeature(QFont.Tag("tnum"), 1)
    return made


def colour(name: str, alpha: float = 1.0) -> QColor:
    """A colour of the current theme.

    Args:
        name: A field of ``Theme``: ``"right"``.
        alpha: 0 (nothing is seen of it) … 1.
    """
    made = QColor(str(getattr(_current, name)))
    made.setAlphaF(alpha)
    return made


def _palette(theme: Theme) -> QPalette:
    roles = {
        QPalette.ColorRole.Window: theme.ground,
        QPalette.ColorRole.WindowText: theme.text,
        QPalette.ColorRole.Base: theme.field,
        QPalette.ColorRole.AlternateBase: theme.empty_cell,
        QPalette.ColorRole.Text: theme.text,
        QPalette.ColorRole.PlaceholderText: theme.faint,
        QPalette.ColorRole.Button: theme.card,
        QPalette.ColorRole.ButtonText: theme.text,
        QPalette.ColorRole.BrightText: theme.on_accent,
        QPalette.ColorRole.ToolTipBase: theme.card,
        QPalette.ColorRole.ToolTipText: theme.text,
        QPalette.ColorRole.Highlight: theme.accent,
        QPalette.ColorRole.HighlightedText: theme.on_accent,
        QPalette.ColorRole.Accent: theme.accent,
        QPalette.ColorRole.Link: theme.accent,
        QPalette.ColorRole.LinkVisited: theme.accent,
        QPalette.ColorRole.Light: theme.card,
        QPalette.ColorRole.Midlight: theme.ground,
        QPalette.ColorRole.Mid: theme.line,
        QPalette.ColorRole.Dark: theme.faint,
        QPalette.ColorRole.Shadow: theme.line,
    }
    palette = QPalette()
    for role, value in roles.items():
        palette.setColor(role, QColor(value))
    for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(theme.faint))
    return palette
