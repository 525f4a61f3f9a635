"""A picture while the window is being made, where that can take long: in the installed program, and on Windows."""

import sys

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPen, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QLabel

from fmstudio import paths
from fmstudio.machine.findings import frozen
from fmstudio.ui import theme
from fmstudio.version import about_build
from fmstudio.words import tr

SIZE = QSize(420, 200)
_ICON = 72


def is_wanted() -> bool:
    """Whether starting may take so long that there must be a sign of it."""
    return frozen() or sys.platform == "win32"


def splash() -> QLabel:
    """The picture, in the middle of the screen; whoever shows it closes it. The fonts must be loaded.

    A QSplashScreen would wait until the desktop has put it up, up to a second in which nothing goes on.
    """
    made = QLabel()
    made.setObjectName("splash")
    made.setWindowFlags(Qt.WindowType.SplashScreen | Qt.WindowType.FramelessWindowHint)
    made.setPixmap(_picture(2))
    made.adjustSize()
    made.move(made.screen().availableGeometry().center() - made.rect().center())
    return made


def _picture(scale: int) -> QPixmap:
    pixmap = QPixmap(SIZE * scale)
    pixmap.setDevicePixelRatio(scale)
    pixmap.fill(theme.colour("card"))
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(theme.colour("line"), 1))
    painter.drawRect(QRectF(0.5, 0.5, SIZE.width() - 1, SIZE.height() - 1))
    top = (SIZE.height() - _ICON) / 2
    QSvgRenderer(str(paths.resource("icons/fmstudio.svg"))).render(painter, QRectF(44, top, _ICON, _ICON))
    painter.setPen(theme.colour("text"))
    painter.setFont(theme.font(28, weight=600))
    painter.drawText(QRectF(140, top - 2, 260, 42), Qt.AlignmentFlag.AlignVCenter, "fmstudio")
    painter.setPen(theme.colour("secondary"))
    painter.setFont(theme.font(theme.TEXT))
    said = tr("{version} · getting ready …", version=about_build().version)
    painter.drawText(QRectF(141, top + 42, 260, 24), Qt.AlignmentFlag.AlignVCenter, said)
    painter.end()
    return pixmap
