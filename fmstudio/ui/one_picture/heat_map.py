"""A picture with a heat map laid over it, and the key to its colours."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QImage, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from fmstudio.ui import theme
from fmstudio.ui.one_picture.heat_colours import coloured, over_picture
from fmstudio.ui.pictures.picture_delegate import scaled
from fmstudio.words import tr

_MIDDLE = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
_BAR = 72


class HeatMap(QWidget):
    """A picture in a square; over it a heat map, or words where there is none.

    Args:
        edge: Of the square, in pixels.
        name: Its objectName.
    """

    def __init__(self, edge: int, name: str = "") -> None:
        super().__init__()
        self.setObjectName(name)
        self.setFixedSize(edge, edge)
        self._image: NDArray[np.uint8] | None = None
        self._heat: NDArray[np.float32] | None = None
        self._signed = False
        self._strength = 1.0
        self._words = ""
        self._kept: QPixmap | None = None

    @property
    def words(self) -> str:
        """What stands in the place of a map."""
        return self._words

    @property
    def heat(self) -> NDArray[np.float32] | None:
        """The values that are shown."""
        return self._heat

    def show_picture(self, image: NDArray[np.uint8] | None, words: str = "") -> None:
        """Show a picture alone, with words over it."""
        self._image, self._heat = image, None
        self._say(words)

    def show_words(self, words: str) -> None:
        """Say something in the place of a map."""
        self._heat = None
        self._say(words)

    def show_heat(self, heat: NDArray[np.float32], strength: float, *, signed: bool) -> None:
        """Lay a map over the picture.

        Args:
            heat: How much each pixel mattered, shape (height, width).
            strength: 0 the picture alone … 1 the map alone.
            signed: Whether it tells for and against apart.
        """
        self._heat, self._strength, self._signed = heat, strength, signed
        self._say("")

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the picture with the map or the words."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("empty_cell"))
        painter.drawRoundedRect(self.rect(), 4, 4)
        if self._image is not None:
            self._paint_picture(painter, self._image)
        if self._words:
            painter.setPen(theme.colour("text"))
            painter.setFont(theme.font(theme.SMALL))
            painter.drawText(self.rect().adjusted(12, 8, -12, -8), _MIDDLE, self._words)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.colour("line"), 1))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        painter.end()

    def _say(self, words: str) -> None:
        self._words, self._kept = words, None
        self.setAccessibleDescription(words)
        self.update()

    def _paint_picture(self, painter: QPainter, image: NDArray[np.uint8]) -> None:
        if self._kept is None:
            pixels = image if self._heat is None else over_picture(image, self._heat, self._strength,
                                                                   signed=self._signed)  # fmt: skip
            self._kept = scaled(pixels, self.width(), self.devicePixelRatioF())
        size = self._kept.deviceIndependentSize().toSize()
        place = QRect((self.width() - size.width()) // 2, (self.height() - size.height()) // 2, 0, 0).topLeft()
        painter.setOpacity(0.12 if self._words else 1)
        painter.drawPixmap(place, self._kept)
        painter.setOpacity(1)


class HeatKey(QWidget):
    """The key to the colours: dark did not matter, bright mattered more; or orange against, blue for."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("heatKey")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._signed = False
        self.show_signed(False)

    @property
    def ends(self) -> tuple[str, str]:
        """The words at both ends of the bar."""
        if self._signed:
            return tr("against"), tr("for")
        return tr("did not matter"), tr("mattered most")

    def show_signed(self, signed: bool) -> None:
        """Show the key of maps with or without a sign."""
        self._signed = signed
        told = tr("Orange: against this class. Blue: for it. Dark: it did not matter.")
        self.setAccessibleName(told if signed else tr("The brighter, the more it mattered."))
        self.setToolTip(self.accessibleName())
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """The bar between its words."""
        metrics = QFontMetrics(theme.font(theme.SMALL))
        return QSize(_BAR + 14 + sum(metrics.horizontalAdvance(end) for end in self.ends), 20)

    def minimumSizeHint(self) -> QSize:
        """The same."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the bar between its words."""
        painter = QPainter(self)
        painter.setFont(theme.font(theme.SMALL))
        painter.setPen(theme.colour("secondary"))
        left, right = self.ends
        start = painter.fontMetrics().horizontalAdvance(left) + 6
        place = QRect(start, (self.height() - 10) // 2, _BAR, 10)
        upright = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(QRect(0, 0, start, self.height()), upright, left)
        painter.drawText(QRect(place.right() + 7, 0, self.width(), self.height()), upright, right)
        painter.drawImage(place, _ramp(self._signed))
        painter.end()


def _ramp(signed: bool) -> QImage:
    values = np.linspace(-1 if signed else 0, 1, _BAR, dtype=np.float32)[np.newaxis]
    pixels = np.ascontiguousarray(coloured(values, signed=signed))
    return QImage(pixels.data, _BAR, 1, 3 * _BAR, QImage.Format.Format_RGB888).copy()
