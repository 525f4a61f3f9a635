"""Small pictures where the typeface has no sign: drawn once as SVG, coloured by the theme."""

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QAbstractButton

from fmstudio import paths
from fmstudio.ui import theme

_SCALES = (1, 2, 3)
_GAP = 5
_APPLICATION = {"fmstudio-small": (16, 22, 24, 32), "fmstudio": (48, 64, 128, 256)}
"""The drawings of the program's own picture, and for which sizes each is made."""


def icon(name: str, colour: str = "secondary", size: int = 16, *, gap: int = 0) -> QIcon:
    """A picture of ``resources/icons``, sharp on screens of every scale.

    Args:
        name: The file without its ending: ``"pause"``.
        colour: A field of the theme; the file says ``currentColor``.
        size: In pixels at 100 %.
        gap: Empty pixels at its right.
    """
    source = paths.resource(f"icons/{name}.svg").read_text(encoding="utf-8")
    made = QIcon()
    for mode, shown in ((QIcon.Mode.Normal, colour), (QIcon.Mode.Disabled, "faint")):
        coloured = source.replace("currentColor", theme.colour(shown).name())
        renderer = QSvgRenderer(QByteArray(coloured.encode()))
        for scale in _SCALES:
            made.addPixmap(_drawn(renderer, size, gap, scale), mode)
    return made


def put(button: QAbstractButton, name: str, colour: str = "secondary", size: int = 16) -> None:
    """Set a picture before the word of a button, with air between the two.

    Args:
        button: The button.
        name: The picture's, as for ``icon``; ``colour`` and ``size`` likewise.
        colour: A field of the theme.
        size: In pixels at 100 %.
    """
    button.setIcon(icon(name, colour, size, gap=_GAP))
    button.setIconSize(QSize(size + _GAP, size))


def application_icon() -> QIcon:
    """The picture of the program in the task bar."""
    made = QIcon()
    for name, sizes in _APPLICATION.items():
        renderer = QSvgRenderer(str(paths.resource(f"icons/{name}.svg")))
        for size in sizes:
            made.addPixmap(_drawn(renderer, size, 0, 1))
    return made


def _drawn(renderer: QSvgRenderer, size: int, gap: int, scale: int) -> QPixmap:
    pixmap = QPixmap((size + gap) * scale, size * scale)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    renderer.render(painter, QRectF(0, 0, size * scale, size * scale))
    painter.end()
    pixmap.setDevicePixelRatio(scale)
    return pixmap
