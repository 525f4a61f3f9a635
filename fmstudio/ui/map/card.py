"""The little card beside a point of a map: its picture, and what it was taken for."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPen

from fmstudio.ui import theme
from fmstudio.ui.pictures.picture_delegate import scaled

EDGE = 84
"""Edge of the picture, 3 · 28."""

_PAD, _LINE, _AWAY = 8, 16, 14
_WIDEST = 190


@dataclass(frozen=True, eq=False)
class Glance:
    """What is said of a point.

    Attributes:
        image: The picture, None where it is not there.
        words: What it is: "Shirt → Dress".
        further: How sure, and the loss; may be empty.
        right: Whether it was answered rightly, None where it is not known.
    """

    image: NDArray[np.uint8] | None
    words: str
    further: str = ""
    right: bool | None = None

    @property
    def marked(self) -> str:
        """The words with ✓ or ✗ before them."""
        return self.words if self.right is None else f"{'✓' if self.right else '✗'} {self.words}"


def paint_card(painter: QPainter, beside: QPointF, room: QRect, glance: Glance) -> QRect:
    """Paint a card beside a point so that it lies within a room and not over the point.

    Returns:
        Where it was painted.
    """
    small = theme.font(theme.SMALL)
    bold = theme.font(theme.SMALL, weight=600)
    texts = [(glance.marked, bold), (glance.further, small)] if glance.further else [(glance.marked, bold)]
    widest = max(QFontMetrics(font).horizontalAdvance(text) for text, font in texts)
    edge = EDGE if glance.image is not None else 0
    width = max(edge, min(widest + 2, _WIDEST, room.width() - 2 * _PAD)) + 2 * _PAD
    height = edge + (4 if edge else 0) + _LINE * len(texts) + 2 * _PAD
    card = _placed(beside, width, height, room)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(theme.colour("line"), 1))
    painter.setBrush(theme.colour("card"))
    painter.drawRoundedRect(QRectF(card).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
    top = card.top() + _PAD
    if glance.image is not None:
        picture = scaled(glance.image, EDGE, painter.device().devicePixelRatio())
        size = picture.deviceIndependentSize()
        painter.drawPixmap(
            QPointF(card.center().x() + 0.5 - size.width() / 2, top + (EDGE - size.height()) / 2), picture
        )
        top += EDGE + 4
    tone = "text" if glance.right is None else "right" if glance.right else "wrong"
    for (text, font), colour in zip(texts, (tone, "secondary"), strict=False):
        painter.setFont(font)
        painter.setPen(theme.colour(colour))
        place = QRect(card.left() + _PAD, top, card.width() - 2 * _PAD, _LINE)
        shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, place.width() + 1)
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, shown)
        top += _LINE
    return card


def _placed(beside: QPointF, width: int, height: int, room: QRect) -> QRect:
    """To the right of the point where there is room, else to its left, and never outside."""
    right = beside.x() + _AWAY + width <= room.right()
    left = beside.x() + _AWAY if right else beside.x() - _AWAY - width
    x = min(max(left, room.left() + 2), max(room.left() + 2, room.right() - width - 1))
    y = min(max(beside.y() - height / 2, room.top() + 2), max(room.top() + 2, room.bottom() - height - 1))
    return QRect(round(x), round(y), width, height)
