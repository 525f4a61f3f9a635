"""Some small pictures in a row, each with a word below it."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from fmstudio.ui import theme
from fmstudio.ui.pictures.picture_delegate import scaled

_GAP = 8
_WORD = 18


class PictureStrip(QWidget):
    """Shows as many of some pictures as have room.

    Args:
        edge: Of one picture, in pixels.
        words: Whether each has a word below it.
    """

    def __init__(self, edge: int, *, words: bool = False) -> None:
        super().__init__()
        self._edge, self._words = edge, words
        self._images: list[NDArray[np.uint8]] = []
        self._said: list[str] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_images(self, images: Sequence[NDArray[np.uint8]], words: Sequence[str] = ()) -> None:
        """Show other pictures, with what stands below each."""
        self._images, self._said = list(images), list(words)
        self.setAccessibleDescription(", ".join(words))
        self.update()

    def sizeHint(self) -> QSize:
        """Room for a few of them."""
        return QSize(4 * (self._edge + _GAP), self._edge + (_WORD if self._words else 0))

    def minimumSizeHint(self) -> QSize:
        """Room for one."""
        return QSize(self._edge, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint those that have room."""
        painter = QPainter(self)
        painter.setFont(theme.font(theme.SMALL))
        painter.setPen(theme.colour("secondary"))
        for place, image in enumerate(self._images):
            left = place * (self._edge + _GAP)
            if left + self._edge > self.width():
                break
            painter.drawPixmap(left, 0, scaled(image, self._edge, self.devicePixelRatioF()))
            if self._words and place < len(self._said):
                room = QRect(left, self._edge, self._edge, _WORD)
                word = painter.fontMetrics().elidedText(self._said[place], Qt.TextElideMode.ElideRight, self._edge)
                painter.drawText(room, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom, word)
        painter.end()
