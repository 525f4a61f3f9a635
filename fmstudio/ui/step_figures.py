"""The small figures that stand in the seven steps: pictures, bars, pairs of numbers, and how far one is."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from fmstudio.ui import theme
from fmstudio.ui.pictures.picture_delegate import scaled

ROW = 17
_EDGE = 42
_CAPTION = 15
_GAP = 8
_COLUMNS = 6
_LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
_RIGHT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
_TOP = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop


class Figure(Protocol):
    """Something that can be painted into a rectangle."""

    @property
    def height(self) -> int:
        """How high it is, in pixels."""

    @property
    def text(self) -> str:
        """What it shows, in words."""

    def paint(self, painter: QPainter, area: QRect) -> None:
        """Paint it."""


@dataclass(frozen=True, eq=False)
class Thumbnails:
    """Pictures with a caption each, six in a row.

    Attributes:
        images: Their pixels; None where a picture is not known.
        captions: What stands under each.
    """

    images: Sequence[NDArray[np.uint8] | None]
    captions: Sequence[str]

    @property
    def height(self) -> int:
        """Of all rows."""
        return -(-len(self.captions) // _COLUMNS) * (_EDGE + _CAPTION + _GAP) - _GAP

    @property
    def text(self) -> str:
        """The captions."""
        return ", ".join(self.captions)

    def paint(self, painter: QPainter, area: QRect) -> None:
        """Paint them."""
        width = area.width() / _COLUMNS
        painter.setFont(theme.font(11))
        for place, (image, caption) in enumerate(zip(self.images, self.captions, strict=True)):
            row, column = divmod(place, _COLUMNS)
            left, top = area.left() + column * width, area.top() + row * (_EDGE + _CAPTION + _GAP)
            frame = QRectF(round(left + (width - _EDGE) / 2), top, _EDGE, _EDGE)
            _paint_picture(painter, frame, image)
            painter.setPen(theme.colour("secondary"))
            line = QRect(round(left) + 1, top + _EDGE + 1, round(width) - 2, _CAPTION)
            fitting = painter.fontMetrics().elidedText(caption, Qt.TextElideMode.ElideRight, line.width())
            painter.drawText(line, _TOP, fitting)


def _paint_picture(painter: QPainter, frame: QRectF, image: NDArray[np.uint8] | None) -> None:
    if image is not None:
        painter.drawPixmap(frame.toRect().topLeft(), scaled(image, _EDGE, painter.device().devicePixelRatio()))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(theme.colour("line"), 1))
    painter.drawRect(frame.adjusted(0.5, 0.5, -0.5, -0.5))


@dataclass(frozen=True)
class Bar:
    """One row of ``Bars``.

    Attributes:
        name: At the left; ``note`` behind it, grey.
        value: In figures, behind the bar.
        share: Length of the bar, 0…1; None: a row of words only.
        note: See ``name``.
        said: At the right, in the colour of the bar.
        colour: Of the bar: a field of the theme.
    """

    name: str
    value: str
    share: float | None
    note: str = ""
    said: str = ""
    colour: str = "accent"


@dataclass(frozen=True)
class Bars:
    """Rows with a bar each.

    Attributes:
        rows: The rows.
        names: Width of the names, in pixels; ``said`` that of the words at the right.
        said: See ``names``.
    """

    rows: Sequence[Bar]
    names: int = 110
    said: int = 0

    @property
    def height(self) -> int:
        """Of all rows."""
        return ROW * len(self.rows)

    @property
    def text(self) -> str:
        """All rows."""
        parts = ((row.name, row.note, row.value, row.said) for row in self.rows)
        return "; ".join(" ".join(part for part in row if part) for row in parts)

    def paint(self, painter: QPainter, area: QRect) -> None:
        """Paint them."""
        for place, row in enumerate(self.rows):
            self._paint_row(painter, QRect(area.left(), area.top() + place * ROW, area.width(), ROW), row)

    def _paint_row(self, painter: QPainter, line: QRect, row: Bar) -> None:
        painter.setFont(theme.font(theme.SMALL))
        painter.setPen(theme.colour("text"))
        names = self.names if row.share is not None else line.width()
        name = painter.fontMetrics().elidedText(row.name, Qt.TextElideMode.ElideRight, names)
        painter.drawText(QRect(line.left(), line.top(), names, ROW), _LEFT, name)
        taken = painter.fontMetrics().horizontalAdvance(name) + 6
        painter.setPen(theme.colour("secondary"))
        note = painter.fontMetrics().elidedText(row.note, Qt.TextElideMode.ElideRight, names - taken)
        painter.drawText(QRect(line.left() + taken, line.top(), names - taken, ROW), _LEFT, note)
        if row.share is not None:
            self._paint_value(painter, line, row, row.share)

    def _paint_value(self, painter: QPainter, line: QRect, row: Bar, share: float) -> None:
        left, value = line.left() + self.names + _GAP, 66
        room = line.width() - self.names - value - self.said - _GAP
        _paint_bar(painter, QRectF(left, line.top() + 5, room, 7), share, row.colour)
        painter.setFont(theme.font(theme.SMALL, tabular=True))
        painter.setPen(theme.colour("text"))
        painter.drawText(QRect(left + room, line.top(), value, ROW), _RIGHT, row.value)
        painter.setFont(theme.font(theme.SMALL, weight=600))
        painter.setPen(theme.colour(row.colour))
        said = painter.fontMetrics().elidedText(row.said, Qt.TextElideMode.ElideRight, self.said - _GAP)
        painter.drawText(QRect(line.right() + 1 - self.said + _GAP, line.top(), self.said - _GAP, ROW), _LEFT, said)


@dataclass(frozen=True)
class Pair:
    """One row of ``Pairs``: a true number and the one that the network gave."""

    true: float
    given: float


@dataclass(frozen=True)
class Pairs:
    """True and given numbers on one line each, all on the same scale; the line between is the error.

    Attributes:
        rows: The rows.
        heads: What stands over the true and over the given numbers.
    """

    rows: Sequence[Pair]
    heads: tuple[str, str]

    @property
    def height(self) -> int:
        """Of all rows and the heads."""
        return ROW * (len(self.rows) + 1)

    @property
    def text(self) -> str:
        """All rows."""
        true, given = self.heads
        return "; ".join(f"{true} {place_of(row.true)} {given} {place_of(row.given)}" for row in self.rows)

    def paint(self, painter: QPainter, area: QRect) -> None:
        """Paint them."""
        figures, said = 62, 62
        known = [value for row in self.rows for value in (row.true, row.given) if np.isfinite(value)]
        low, high = min(known, default=0.0), max(known, default=1.0)
        room = area.width() - figures - said - 2 * _GAP - 8
        painter.setFont(theme.font(11))
        for colour, text, flags in (("right", self.heads[0], _LEFT), ("accent", self.heads[1], _RIGHT)):
            painter.setPen(theme.colour(colour))
            painter.drawText(QRect(area.left(), area.top(), area.width(), ROW), flags, text)
        for place, row in enumerate(self.rows, 1):
            line = QRect(area.left(), area.top() + place * ROW, area.width(), ROW)
            painter.setFont(theme.font(theme.SMALL, tabular=True))
            painter.setPen(theme.colour("text"))
            painter.drawText(line, _LEFT, place_of(row.true))
            painter.drawText(line, _RIGHT, place_of(row.given))
            places = [
                area.left() + figures + _GAP + 4 + room * (value - low) / max(high - low, 1e-12)
                for value in (row.true, row.given)
                if np.isfinite(value)
            ]
            _paint_pair(painter, line, places)


def _paint_pair(painter: QPainter, line: QRect, places: list[float]) -> None:
    middle = line.center().y() + 0.5
    painter.setPen(QPen(theme.colour("wrong", 0.6), 2))
    painter.drawLine(QPointF(places[0], middle), QPointF(places[-1], middle)) if places else None
    for place, colour in zip(places, ("right", "accent"), strict=False):
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour(colour))
        painter.drawEllipse(QPointF(place, middle), 3.5, 3.5)


@dataclass(frozen=True)
class Distance:
    """How far one is: a line that fills.

    Attributes:
        share: 0…1.
    """

    share: float

    @property
    def height(self) -> int:
        """Of the line and the air around it."""
        return 10

    @property
    def text(self) -> str:
        """Nothing: the sentence says it."""
        return ""

    def paint(self, painter: QPainter, area: QRect) -> None:
        """Paint it."""
        _paint_bar(painter, QRectF(area.left(), area.top() + 2, area.width(), 6), self.share, "accent")


def number(value: float) -> str:
    """A number as exact as one wants to see it."""
    if not np.isfinite(value):
        return "?" if np.isnan(value) else "∞" if value > 0 else "−∞"
    return f"{value:.3g}".replace("-", "−")


def place_of(value: float) -> str:
    """A number that stands under others: two decimals, where they say enough."""
    return f"{value:.2f}".replace("-", "−") if 0.005 <= abs(value) < 10_000 or value == 0 else number(value)


def _paint_bar(painter: QPainter, area: QRectF, share: float, colour: str) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.colour("line"))
    painter.drawRoundedRect(area, 3, 3)
    width = area.width() * min(1.0, share) if np.isfinite(share) else 0.0
    if width >= 1:
        painter.setBrush(theme.colour(colour))
        painter.drawRoundedRect(QRectF(area.left(), area.top(), width, area.height()), 3, 3)
