"""What the network sees of a picture, and over it how much each pixel matters."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from fmstudio.ui import theme
from fmstudio.ui.one_picture.heat_colours import over_picture
from fmstudio.ui.pictures.picture_delegate import scaled
from fmstudio.words import tr

_STRENGTH = 0.5
"""Of the colours over the picture."""


class SeenPicture(QWidget):
    """Numbers as a picture: the least black, the largest white; the heat lies over it in colours.

    Args:
        edge: How wide and high it is, in pixels.
    """

    def __init__(self, edge: int) -> None:
        super().__init__()
        self.setObjectName("seenPicture")
        self.setFixedSize(edge, edge)
        self.pixels: NDArray[np.uint8] | None = None
        """What is painted, shape (height, width, 3)."""

    def show_seen(self, seen: NDArray[np.float32] | None, heat: NDArray[np.float32] | None = None) -> None:
        """Show what the network sees.

        Args:
            seen: Shape (channels, height, width); None: nothing is known.
            heat: 0…1, shape (height, width); None: only the picture.
        """
        self.pixels = None if seen is None else blended(seen, heat)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint it in a thin frame."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.pixels is not None:
            largest = max(self.pixels.shape[:2])
            whole = max(1, (self.width() - 4) // largest) * largest
            pixmap = scaled(self.pixels, min(whole, self.width() - 4), self.devicePixelRatioF())
            painter.drawPixmap(2, 2, pixmap)
        painter.setPen(QPen(theme.colour("line"), 2))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 4, 4)


def blended(seen: NDArray[np.float32], heat: NDArray[np.float32] | None) -> NDArray[np.uint8]:
    """A picture to look at, shape (height, width, 3); see ``SeenPicture.show_seen``."""
    least, most = float(seen.min()), float(seen.max())
    grey = (seen - least) * (255 / (most - least) if most > least else 0)
    grey = np.repeat(grey[:1], 3, axis=0) if len(grey) != 3 else grey
    picture = grey.transpose(1, 2, 0).round().astype(np.uint8)
    return picture if heat is None else over_picture(picture, heat, _STRENGTH, signed=False)


def seen_words(seen: NDArray[np.float32]) -> str:
    """Size and range of what the network sees: "28 × 28, −0.81 to 2.02"."""
    values = {"least": _number(float(seen.min())), "most": _number(float(seen.max()))}
    height, width = seen.shape[1:]
    return tr("{width} × {height}, {least} to {most}", width=width, height=height, **values)


def _number(value: float) -> str:
    return f"{value:.2f}".replace("-", "−")
