"""How the points of "Setting and result" look: a colour and a shape for each value of a setting, and their key."""

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QLinearGradient, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from fmstudio.insight.settings_results import Column
from fmstudio.session.draft_words import text_of
from fmstudio.ui import theme
from fmstudio.ui.map.colours import class_colour
from fmstudio.ui.style import mix

SHAPES = 5
"""Disc, square, triangle, diamond, cross: then they begin again."""
_FEW = 6
"""So many numbers each have an entry of the key; more are a ramp."""
_HEIGHT, _SWATCH, _GAP, _BETWEEN, _RAMP = 18, 12, 5, 14, 90


@dataclass(frozen=True)
class KeyEntry:
    """One word of the key.

    Attributes:
        words: What it is.
        colour: ``"#rrggbb"``; ``until``: the other end of a ramp, else empty.
        shape: Of its points.
        until: See ``colour``.
    """

    words: str
    colour: str
    shape: int = 0
    until: str = ""


@dataclass(frozen=True)
class Dress:
    """How points look.

    Attributes:
        colours: Of each, ``"#rrggbb"``.
        shapes: Of each.
        entries: The key; empty where all look alike.
    """

    colours: tuple[str, ...]
    shapes: tuple[int, ...]
    entries: tuple[KeyEntry, ...] = ()


def dress(count: int, column: Column | None, words: tuple[str, ...] = ()) -> Dress:
    """How points look.

    Args:
        count: How many there are.
        column: The setting that their colours show; None: all look alike.
        words: Its categories as people read them.
    """
    if column is None:
        return Dress((theme.current().accent,) * count, (0,) * count)
    known = np.unique(column.numbers[np.isfinite(column.numbers)])
    if column.categories:
        return _by_category(column, words)
    return _by_few(column, known.tolist()) if len(known) <= _FEW else _by_ramp(column, known)


def _by_category(column: Column, words: tuple[str, ...]) -> Dress:
    faint = theme.current().faint
    places = [-1 if not np.isfinite(number) else int(number) for number in column.numbers]
    entries = tuple(KeyEntry(word, class_colour(place), place % SHAPES) for place, word in enumerate(words))
    return Dress(
        tuple(faint if place < 0 else class_colour(place) for place in places),
        tuple(max(0, place) % SHAPES for place in places),
        entries,
    )


def _by_few(column: Column, known: list[float]) -> Dress:
    ramp = [_shade(place / max(1, len(known) - 1)) for place in range(len(known))]
    where = {number: place for place, number in enumerate(known)}
    places = [where.get(float(number), -1) for number in column.numbers]
    faint = theme.current().faint
    entries = tuple(
        KeyEntry(text_of(number), colour, place % SHAPES)
        for place, (number, colour) in enumerate(zip(known, ramp, strict=True))
    )
    return Dress(
        tuple(ramp[place] if place >= 0 else faint for place in places),
        tuple(max(0, place) % SHAPES for place in places),
        entries,
    )


def _by_ramp(column: Column, known: np.ndarray) -> Dress:
    values = np.log10(column.numbers) if column.by_factors else column.numbers
    low, high = float(np.nanmin(values)), float(np.nanmax(values))
    shares = (values - low) / (high - low)
    colours = tuple(_shade(float(one)) if np.isfinite(one) else theme.current().faint for one in shares)
    words = f"{text_of(float(known[0]))} … {text_of(float(known[-1]))}"
    return Dress(colours, (0,) * len(colours), (KeyEntry(words, _shade(0), until=_shade(1)),))


def _shade(share: float) -> str:
    """From a pale accent over the accent to the text's colour."""
    now = theme.current()
    pale = mix(now.card, now.accent, 0.4)
    return mix(pale, now.accent, 2 * share) if share < 0.5 else mix(now.accent, now.text, 1.6 * (share - 0.5))


def paint_point(painter: QPainter, at: QPointF, shape: int, radius: float) -> None:
    """Draw a point with the painter's pen and brush."""
    if shape == 0:
        painter.drawEllipse(at, radius, radius)
    elif shape == 1:
        painter.drawRect(QRectF(at.x() - radius * 0.9, at.y() - radius * 0.9, 1.8 * radius, 1.8 * radius))
    else:
        painter.drawPolygon(QPolygonF([at + QPointF(x, y) * radius for x, y in _CORNERS[shape % SHAPES]]))


_CORNERS: dict[int, list[tuple[float, float]]] = {
    2: [(0, -1.25), (1.15, 0.85), (-1.15, 0.85)],
    3: [(0, -1.35), (1.35, 0), (0, 1.35), (-1.35, 0)],
    4: [
        (-0.4, -1.2), (0.4, -1.2), (0.4, -0.4), (1.2, -0.4), (1.2, 0.4), (0.4, 0.4),
        (0.4, 1.2), (-0.4, 1.2), (-0.4, 0.4), (-1.2, 0.4), (-1.2, -0.4), (-0.4, -0.4),
    ],
}  # fmt: skip


class ScatterKey(QWidget):
    """One row of fixed height: what the colours and shapes mean."""

    def __init__(self) -> None:
        super().__init__()
        self._title = ""
        self._entries: tuple[KeyEntry, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_entries(self, title: str, entries: tuple[KeyEntry, ...]) -> None:
        """Name these.

        Args:
            title: The setting that the colours show.
            entries: Its values.
        """
        self._title, self._entries = title if entries else "", entries
        self.setAccessibleName(" · ".join([self._title, *(entry.words for entry in entries)]).strip(" ·"))
        self.setToolTip(self.accessibleName())
        self.update()

    def sizeHint(self) -> QSize:
        """As wide as there is room, one line high."""
        return QSize(160, _HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw as many as have room."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.font(theme.SMALL))
        metrics = painter.fontMetrics()
        left = float(metrics.horizontalAdvance(self._title) + _BETWEEN) if self._title else 0.0
        painter.setPen(theme.colour("secondary"))
        painter.drawText(QRectF(0, 0, left, self.height()), Qt.AlignmentFlag.AlignVCenter, self._title)
        for entry in self._entries:
            swatch = _RAMP if entry.until else _SWATCH
            wide = metrics.horizontalAdvance(entry.words) + 2
            if left + swatch + _GAP + wide > self.width():
                painter.drawText(QRectF(left, 0, 20, self.height()), Qt.AlignmentFlag.AlignVCenter, "…")
                break
            _paint_swatch(painter, QPointF(left, self.height() / 2), entry)
            painter.setPen(theme.colour("secondary"))
            place = QRectF(left + swatch + _GAP, 0, wide, self.height())
            painter.drawText(place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, entry.words)
            left += swatch + _GAP + wide + _BETWEEN


def _paint_swatch(painter: QPainter, left: QPointF, entry: KeyEntry) -> None:
    painter.setPen(QPen(Qt.PenStyle.NoPen))
    if entry.until:
        gradient = QLinearGradient(left, left + QPointF(_RAMP, 0))
        gradient.setColorAt(0, entry.colour)
        gradient.setColorAt(1, entry.until)
        painter.setBrush(gradient)
        painter.drawRoundedRect(QRectF(left.x(), left.y() - 4, _RAMP, 8), 3, 3)
        return
    painter.setBrush(QColor(entry.colour))
    paint_point(painter, left + QPointF(_SWATCH / 2, 0), entry.shape, 4.5)
