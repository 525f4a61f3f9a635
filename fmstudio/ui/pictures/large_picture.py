"""A picture whose pixels can be counted."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from fmstudio.ui import theme
from fmstudio.ui.pictures.picture_delegate import scaled


class LargePicture(QWidget):
    """A picture whose pixels can be counted.

    Args:
        edge: The most that it may be wide and high, in pixels; a pixel of the picture is a whole number of them.
    """

    def __init__(self, edge: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._edge = edge
        self._image: NDArray[np.uint8] | None = None
        self._colour = "line"
        self.setFixedSize(edge, edge)

    def show_image(self, image: NDArray[np.uint8], colour: str = "line") -> None:
        """Show a picture, framed in a colour of the theme."""
        self._image, self._colour = image, colour
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the picture, sharp, in its frame."""
        if self._image is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pixel = max(1, (self._edge - 4) // max(self._image.shape[:2]))
        pixmap = scaled(self._image, pixel * max(self._image.shape[:2]), self.devicePixelRatioF())
        size = pixmap.deviceIndependentSize().toSize()
        place = QRect(2, 2, size.width(), size.height())
        painter.drawPixmap(place.topLeft(), pixmap)
        painter.setPen(QPen(theme.colour(self._colour), 2))
        painter.drawRoundedRect(QRectF(place).adjusted(-1, -1, 1, 1), 4, 4)
        painter.end()
