"""How one picture of a wall is painted: framed in right or wrong, its true label over what it was taken for."""

from collections import OrderedDict
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QImage, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from fmstudio.session.picture_list import Index, Roles
from fmstudio.ui import theme
from fmstudio.words import tr

SMALL = 50
"""Edge of a picture in a wall, in pixels, where nobody chose another one."""

SIZES = (28, 34, 42, SMALL, 58, 70, 84, 112, 140)
"""The edges to choose from; of the large ones each is a multiple of 28, so that pixels stay square."""

_FRAME = 2
_MARGIN = 4
_GAP = 3
_LINE = 13
_LABEL_WEIGHT, _ANSWER_WEIGHT = 400, 600
_MARK_BELOW = 42
"""Of smaller pictures the caption is a mark only: a name has no room."""
_BESIDE_FROM = 84
"""Of larger pictures how sure it was stands beside what it was taken for, else below."""
_KEPT_BYTES = 24_000_000
_KEPT_CAPTIONS = 4000
_CENTRED = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextDontClip | Qt.TextFlag.TextSingleLine
_SELECTED, _FOCUSED = QStyle.StateFlag.State_Selected, QStyle.StateFlag.State_HasFocus
_HOVERED, _PICKED = QStyle.StateFlag.State_MouseOver, QStyle.StateFlag.State_On


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
        self._pictures: OrderedDict[tuple[int, float], QPixmap] = OrderedDict()
        self._captions: OrderedDict[tuple[int | str | None, ...], QPixmap] = OrderedDict()

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
        return 2 * _MARGIN + 2 * _FRAME + self._edge + _GAP + _LINE * self._lines_written + _GAP

    @property
    def _lines_written(self) -> int:
        if self._edge < _MARK_BELOW:
            return min(1, self._lines)
        return min(2, self._lines) if self._edge >= _BESIDE_FROM else self._lines

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
        state = option.state
        if state and _PICKED & state:
            _paint_picked(painter, cell)
        picture = self._picture(index, ratio)
        size = picture.deviceIndependentSize().toSize()
        painter.drawPixmap(frame.x() + (outer - size.width()) // 2, frame.y() + (outer - size.height()) // 2, picture)
        label, predicted = index.data(Roles.TRUE), index.data(Roles.PREDICTED)
        painter.drawPixmap(frame.topLeft(), self._frame(_colour_name(label, predicted), ratio))
        if state:
            self._paint_ring(painter, frame, state)
        sure = None
        if self._lines > 2 and predicted is not None and self._edge >= _MARK_BELOW:
            sure = round(100 * index.data(Roles.CONFIDENCE))
        top = frame.bottom() + 1 + _GAP
        painter.drawPixmap(cell.x(), top, self._caption(label, predicted, sure, cell.width(), ratio))

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
            if len(self._pictures) * (self._edge * ratio) ** 2 * 4 >= _KEPT_BYTES:
                self._pictures.popitem(last=False)
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

    def _caption(self, label: int, predicted: int | None, sure: int | None, width: int, ratio: float) -> QPixmap:
        key = (label, predicted, sure, width, str(ratio))
        found = self._captions.get(key)
        if found is None:
            if len(self._captions) >= _KEPT_CAPTIONS:
                self._captions.popitem(last=False)
            found = self._captions[key] = _written(self._lines_of(label, predicted, sure), width, ratio)
        return found

    def _lines_of(self, label: int, predicted: int | None, sure: int | None) -> list["_Line"]:
        """What stands below a picture, from above."""
        colour = _colour_name(label, predicted)
        mark = "✓" if predicted == label else "✗"
        if self._edge < _MARK_BELOW and self._lines > 1:
            return [_Line("?", colour="secondary") if predicted is None else _Line(mark, _ANSWER_WEIGHT, colour)]
        lines = [_Line(self._name(label))]
        if self._lines < 2:
            return lines
        if predicted is None:
            return [*lines, _Line("?")]
        beside = self._edge >= _BESIDE_FROM
        share = "" if sure is None else tr("{share} %", share=sure)
        taken = f"{mark} {self._name(predicted)}"
        lines.append(_Line(taken, _ANSWER_WEIGHT, colour, f" {share}" if share and beside else ""))
        return lines if beside or not share else [*lines, _Line(share)]

    def _name(self, label: int) -> str:
        return tr(self._names[label]) if label < len(self._names) else str(label)


@dataclass(frozen=True)
class _Line:
    """A line of a caption; of ``text`` is left out what has no room, of ``rest`` nothing."""

    text: str
    weight: int = _LABEL_WEIGHT
    colour: str = "secondary"
    rest: str = ""


def _paint_picked(painter: QPainter, cell: QRect) -> None:
    """The quiet ground of a picture that is picked."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(theme.colour("accent"), 1))
    painter.setBrush(theme.colour("accent_soft"))
    painter.drawRoundedRect(QRectF(cell).adjusted(1.5, 0.5, -1.5, -1.5), 6, 6)
    painter.setBrush(Qt.BrushStyle.NoBrush)


def _colour_name(label: int, predicted: int | None) -> str:
    if predicted is None:
        return "line"
    return "right" if predicted == label else "wrong"


def _ring(painter: QPainter, rect: QRect, colour: QColor, width: int) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(colour, width))
    inset = width / 2
    painter.drawRoundedRect(QRectF(rect).adjusted(inset, inset, -inset, -inset), 4, 4)


def _written(lines: list[_Line], width: int, ratio: float) -> QPixmap:
    """Some centred lines of text."""
    pixmap = _clear(width, _LINE * len(lines) + 2, ratio)
    painter = QPainter(pixmap)
    for number, line in enumerate(lines):
        font = theme.font(11, weight=line.weight)
        metrics = QFontMetrics(font)
        room = width - metrics.horizontalAdvance(line.rest)
        text = metrics.elidedText(line.text, Qt.TextElideMode.ElideRight, room) + line.rest
        painter.setFont(font)
        painter.setPen(theme.colour(line.colour))
        painter.drawText(QRect(0, number * _LINE, width, _LINE), _CENTRED, text)
    painter.end()
    return pixmap


def _clear(width: int, height: int, ratio: float) -> QPixmap:
    pixmap = QPixmap(round(width * ratio), round(height * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    return pixmap
