"""The program's icon in all sizes, drawn from the SVG files of ``resources/icons`` with Qt."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

from building.folders import ROOT
from building.words import BuildError

ICONS = ROOT / "resources" / "icons"
PROGRAM = "fmstudio"
DOCUMENT = "fmstudio-document"
SIZES = (16, 22, 24, 32, 48, 64, 96, 128, 256, 512)
SMALL = 48
"""Below this the icon is drawn from a file of its own, whose squares fall on whole pixels at 16 and 32."""


def drawing(name: str, size: int) -> Path:
    """The SVG file that an icon of that size is drawn from.

    Args:
        name: ``PROGRAM`` or ``DOCUMENT``.
        size: In pixels.
    """
    small = ICONS / f"{name}-small.svg"
    return small if size < SMALL and small.is_file() else ICONS / f"{name}.svg"


def picture(name: str, size: int) -> QImage:
    """An icon, on nothing.

    Args:
        name: ``PROGRAM`` or ``DOCUMENT``.
        size: In pixels.
    """
    file = drawing(name, size)
    renderer = QSvgRenderer(str(file))
    if not renderer.isValid():
        raise BuildError(f"{file.name} is no drawing that Qt can read.", "Mend it, then run the same command again.")
    image = QImage(size, size, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    renderer.render(painter)
    painter.end()
    return image


def save(name: str, size: int, path: Path) -> None:
    """Draw an icon and write it as PNG.

    Args:
        name: ``PROGRAM`` or ``DOCUMENT``.
        size: In pixels.
        path: The file; its folder is made.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    if not picture(name, size).save(str(path)):
        raise BuildError(f"{path} cannot be written.", "Is the disk full?")
