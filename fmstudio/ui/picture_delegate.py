"""How one picture of a wall is painted: framed in right or wrong, its true label over what it was taken for."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QImage, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from fmstudio.session.picture_list import Index, Roles
from fmstudio.ui import theme
from fmstudio.words import tr

SMALL, LARGE = 50, 112
"""Edge of a picture in a wall, in pixels; 112 = 4 · 28."""

_FRAME = 2
_MARGIN = 4
_GAP = 3
_LINE = 13
_LABEL_WEIGHT, _ANSWER_WEIGHT = 400, 600
_KEPT = 1000
_CENTRED = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextDontClip | Qt.TextFlag.TextSingleLine
_SELECTED, _FOCUSED = QStyle.StateFlag.State_Selected, QStyle.StateFlag.State_HasFocus
_HOVERED = QStyle.StateFlag.State_MouseOver


def image_of(pixels: NDArray[np.uint8]) -> QImage:
    """A picture as an image of its own, grey for shape (h, w) and coloured for (h, w, 3)."""
    values = np.ascontiguousarray(pixels)
    height, width = values.shape[:2]
    form = QImage.Format.Format_RGB888 if values.ndim == 3 and values.shape[2] == 3 else QImage.Format.Format_Grayscale8
    return QImage(values.data, width, height, values.strides[0], form).copy()


def scaled(pixels: NDArray[np.uint8], edge: int, ratio: float = 1.0) -> QPixmap:
    """A picture fitted into a square: smooth when small, every pixel sharp when large.

    Args:
        pixels: The picture.
        edge: Of the square, in logical pixels.
        ratio: Device pixels in a logical one.
    """
    image, size = image_of(pixels), round(edge * ratio)
    sharp = size >= 3 * max(image.width(), image.height())
    way = Qt.TransformationMode.FastTransformation if sharp else Qt.TransformationMode.SmoothTransformation
    pixmap = QPixmap.fromImage(image.scaled(size, size, Qt.AspectRatioMode.KeepAspectRatio, way))
    pixmap.setDevicePixelRatio(ratio)
    return pixmap


class PictureDelegate(QStyledItemDelegate):
    """Paints the pictures of a ``PictureListModel``.

    There are few different captions and frames, and each picture is scaled once: painting is copying pixmaps.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._names: tuple[str, ...] = ()
        self._lines = 2
        self._edge = SMALL
        self._pictures: dict[tuple[int, float], QPixmap] = {}
        self._captions: dict[tuple[int | str | None, ...], QPixmap] = {}

    @property
    def edge(self) -> int:
        """Edge of a picture, in pixels."""
        return self._edge

    @property
    def least_width(self) -> int:
        """The narrowest that a cell may be."""
        return self._edge + 2 * (_FRAME + _MARGIN)

    @property
    def height(self) -> int:
        """The height of a cell."""
        return 2 * _MARGIN + 2 * _FRAME + self._edge + _GAP + _LINE * self._lines + _GAP

    def change(self, names: tuple[str, ...], lines: int, edge: int) -> bool:
        """Paint otherwise from now on.

        Args:
            names: Short names of the classes, as they stand in the captions.
            lines: Of caption: 1 the true label, 2 also the predicted one, 3 also how sure it was.
            edge: Of the picture, in pixels.

        Returns:
            Whether that changes anything.
        """
        if (self._names, self._lines, self._edge) == (names, lines, edge):
            return False
        self._names, self._lines, self._edge = names, lines, edge
        self._captions.clear()
        self.forget()
        return True

    def forget(self) -> None:
        """Forget the scaled pictures: the rows mean others now."""
        self._pictures.clear()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """The least size of a cell, the same for every picture."""
        return QSize(self.least_width, self.height)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one picture with its frame, its ring and its captions."""
        cell: QRect = option.rect
        ratio = painter.device().devicePixelRatio()
        outer = self._edge + 2 * _FRAME
        frame = QRect(cell.x() + (cell.width() - outer) // 2, cell.y() + _MARGIN, outer, outer)
        picture = self._picture(index, ratio)
        size = picture.deviceIndependentSize().toSize()
        painter.drawPixmap(frame.x() + (outer - size.width()) // 2, frame.y() + (outer - size.height()) // 2, picture)
        label, predicted = index.data(Roles.TRUE), index.data(Roles.PREDICTED)
        painter.drawPixmap(frame.topLeft(), self._frame(_colour_name(label, predicted), ratio))
        self._paint_ring(painter, frame, option.state)
        top = frame.bottom() + 1 + _GAP
        painter.drawPixmap(cell.x(), top, self._caption(label, predicted, cell.width(), ratio))
        if self._lines > 2 and predicted is not None:
            sure = tr("{share} %", share=f"{100 * index.data(Roles.CONFIDENCE):.0f}")
            painter.drawPixmap(cell.x(), top + 2 * _LINE, self._sure(sure, cell.width(), ratio))

    def _paint_ring(self, painter: QPainter, frame: QRect, state: QStyle.StateFlag) -> None:
        if _SELECTED & state:
            colour = theme.colour("accent" if _FOCUSED & state else "text")
            _ring(painter, frame.adjusted(-3, -3, 3, 3), colour, 2)
        elif _HOVERED & state:
            _ring(painter, frame.adjusted(-2, -2, 2, 2), theme.colour("secondary"), 1)

    def _picture(self, index: Index, ratio: float) -> QPixmap:
        key = (index.row(), ratio)
        found = self._pictures.get(key)
        if found is None:
            if len(self._pictures) >= _KEPT:
                self._pictures.pop(next(iter(self._pictures)))
            found = self._pictures[key] = scaled(index.data(Roles.IMAGE), self._edge, ratio)
        return found

    def _frame(self, colour: str, ratio: float) -> QPixmap:
        key = (colour, str(ratio))
        if key not in self._captions:
            outer = self._edge + 2 * _FRAME
            pixmap = _clear(outer, outer, ratio)
            painter = QPainter(pixmap)
            _ring(painter, QRect(0, 0, outer, outer), theme.colour(colour), _FRAME)
            painter.end()
            self._captions[key] = pixmap
        return self._captions[key]

    def _caption(self, label: int, predicted: int | None, width: int, ratio: float) -> QPixmap:
        key = (label, predicted, width, str(ratio))
        if key not in self._captions:
            lines = [(self._name(label), _LABEL_WEIGHT, "secondary")]
            if self._lines > 1 and predicted is None:
                lines.append(("?", _LABEL_WEIGHT, "secondary"))
            elif self._lines > 1 and predicted is not None:
                mark = "✓" if predicted == label else "✗"
                lines.append((f"{mark} {self._name(predicted)}", _ANSWER_WEIGHT, _colour_name(label, predicted)))
            self._captions[key] = _written(lines, width, ratio)
        return self._captions[key]

    def _sure(self, text: str, width: int, ratio: float) -> QPixmap:
        key = (text, width, str(ratio))
        if key not in self._captions:
            self._captions[key] = _written([(text, _LABEL_WEIGHT, "secondary")], width, ratio)
        return self._captions[key]

    def _name(self, label: int) -> str:
        return tr(self._names[label]) if label < len(self._names) else str(label)


def _colour_name(label: int, predicted: int | None) -> str:
    if predicted is None:
        return "line"
    return "right" if predicted == label else "wrong"


def _ring(painter: QPainter, rect: QRect, colour: QColor, width: int) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(colour, width))
    inset = width / 2
    painter.drawRoundedRect(QRectF(rect).adjusted(inset, inset, -inset, -inset), 4, 4)


def _written(lines: list[tuple[str, int, str]], width: int, ratio: float) -> QPixmap:
    """Some centred lines of text, each with its weight and its colour."""
    pixmap = _clear(width, _LINE * len(lines) + 2, ratio)
    painter = QPainter(pixmap)
    for number, (text, weight, colour) in enumerate(lines):
        font = theme.font(11, weight=weight)
        fitting = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, width)
        painter.setFont(font)
        painter.setPen(theme.colour(colour))
        painter.drawText(QRect(0, number * _LINE, width, _LINE), _CENTRED, fitting)
    painter.end()
    return pixmap


def _clear(width: int, height: int, ratio: float) -> QPixmap:
    pixmap = QPixmap(round(width * ratio), round(height * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    return pixmap
