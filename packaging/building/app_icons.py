"""The program's icon as a file for Windows or for the Mac, drawn from the SVG files of ``resources/icons``."""

import sys
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtGui import QImageWriter

from building.icon_files import ICNS_TYPES, ICO_SIZES, icns, ico
from building.icons import PROGRAM, picture


def icon_file(folder: Path, system: str = sys.platform) -> str | None:
    """Draw the icon that PyInstaller puts into the program, where the system has such a thing.

    Args:
        folder: Where the file goes; it is made.
        system: As Python calls it.
    """
    if system not in ("win32", "darwin"):
        return None
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / ("fmstudio.ico" if system == "win32" else "fmstudio.icns")
    sizes = ICO_SIZES if system == "win32" else sorted(set(ICNS_TYPES.values()))
    pictures = {size: png(size) for size in sizes}
    path.write_bytes(ico(pictures) if system == "win32" else icns(pictures))
    return str(path)


def png(size: int) -> bytes:
    """The icon as PNG."""
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"png")).write(picture(PROGRAM, size))
    return bytes(content.data())
