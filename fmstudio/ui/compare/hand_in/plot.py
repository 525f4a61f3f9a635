"""One dot for each figure that was handed in: sorted, or side by side for each value of a setting."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QEvent, QLineF, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from fmstudio.insight.hand_in import HandedIn, HandIn
from fmstudio.session.hand_in_table import UNKNOWN, column_title, result_text, setting_text, values_of
from fmstudio.ui import theme
from fmstudio.ui.chart_axes import Axes, padded, paint_axes, room_of
from fmstudio.words import tr

_NEAR = 14.0
_DOT = 8.0
_SPREAD = 0.36
_LEAST_LABEL = 28
_CHIP = 6


@dataclass(frozen=True)
class Dot:
    """Where a figure stands."""

    item: HandIn
    x: float
    y: float


class HandInPlot(QWidget):
    """Draws the dots; the label of one is seen while the mouse is near it, or while its row is chosen.

    Attributes:
        dots: What is drawn.
        groups: The values beside one another; empty where all stand in one row.

    Signals:
        chosen(HandIn): A dot was clicked.
    """

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("handInPlot")
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.dots: tuple[Dot, ...] = ()
        self.groups: tuple[str, ...] = ()
        self._handed = HandedIn()
        self._near: Dot | None = None
        self._current: HandIn | None = None

    def show_table(self, handed: HandedIn, path: str = "") -> None:
        """Show other figures.

        Args:
            handed: What they say.
            path: Of a setting: one column for each of its values; empty: all in one row.
        """
        self._handed, self._near = handed, None
        known = [item for item in handed.read if handed.result_of(item) is not None]
        known.sort(key=lambda item: (handed.result_of(item) or 0.0, item.file))
        self.groups = values_of(known, path) if path else ()
        parts = [[one for one in known if setting_text(one, path) == group] for group in self.groups] or [known]
        self.dots = tuple(dot for place, part in enumerate(parts) for dot in self._placed(place, part))
        self.setAccessibleName(self._summary())
        self.update()

    def show_current(self, item: HandIn | None) -> None:
        """Let the dot of one figure stand out."""
        self._current = item
        self.update()

    @property
    def said(self) -> str:
        """The label that is seen now; empty where there is none."""
        dot = self._named
        return "" if dot is None else self._label(dot)

    @property
    def _named(self) -> Dot | None:
        return self._near or next((one for one in self.dots if one.item is self._current), None)

    def place_of(self, item: HandIn) -> QPointF:
        """Where a figure's dot is drawn."""
        dot = next(one for one in self.dots if one.item is item)
        return self._axes().places(np.array([dot.x]), np.array([dot.y]))[0]

    def sizeHint(self) -> QSize:
        """As high as it needs at least."""
        return QSize(600, 200)

    def minimumSizeHint(self) -> QSize:
        """The marks can still be read."""
        return QSize(240, 130)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw axes, means and dots, and the label."""
        if not self.dots:
            return
        axes, painter = self._axes(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_axes(painter, axes, self._columns(axes))
        self._paint_means(painter, axes)
        for dot in self.dots:
            self._paint_dot(painter, axes, dot)
        if self._named is not None:
            self._paint_label(painter, axes, self._named)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Name the nearest dot."""
        near = self._nearest(event.position())
        if near is not self._near:
            self._near = near
            self.setCursor(Qt.CursorShape.PointingHandCursor if near else Qt.CursorShape.ArrowCursor)
            self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the nearest dot."""
        near = self._nearest(event.position())
        if near is not None and event.button() == Qt.MouseButton.LeftButton:
            self.chosen.emit(near.item)

    def leaveEvent(self, event: QEvent) -> None:
        """Name none."""
        self._near = None
        self.update()

    def _placed(self, group: int, items: Sequence[HandIn]) -> list[Dot]:
        """The dots of one column in their order from left to right, as far apart as there is room."""
        places: list[float] = [index + 1.0 for index in range(len(items))]
        if self.groups:
            middle, step = (len(items) - 1) / 2, min(0.08, 2 * _SPREAD / max(1, len(items) - 1))
            places = [group + (index - middle) * step for index in range(len(items))]
        return [Dot(item, x, self._height(item)) for item, x in zip(items, places, strict=True)]

    def _height(self, item: HandIn) -> float:
        value = self._handed.result_of(item) or 0.0
        return 100 * value if self._handed.result == "test_accuracy" else value

    def _axes(self) -> Axes:
        heights = [dot.y for dot in self.dots] or [0.0]
        low, high = padded(min(heights), max(heights), 0.12)
        across = (-0.5, len(self.groups) - 0.5) if self.groups else (0.0, len(self.dots) + 1.0)
        name = column_title(self._handed, "result")
        unit = tr("{name}, %", name=name) if self._handed.result == "test_accuracy" else name
        return Axes(room_of(self.width(), self.height()), across, (low, high), ("", unit))

    def _columns(self, axes: Axes) -> list[tuple[float, str]]:
        """The values of the setting below their columns, as far as there is room."""
        if not self.groups:
            return []
        slot = axes.room.width() / len(self.groups)
        stride = max(1, int(np.ceil(_LEAST_LABEL / max(1.0, slot))))
        metrics, room = self.fontMetrics(), int(slot * stride) - 6
        cut = Qt.TextElideMode.ElideRight
        shown = enumerate(self.groups)
        return [(place, metrics.elidedText(text, cut, room)) for place, text in shown if place % stride == 0]

    def _paint_means(self, painter: QPainter, axes: Axes) -> None:
        """A short line at the mean of each column."""
        painter.setPen(QPen(theme.colour("secondary"), 1.5))
        for place in range(len(self.groups)):
            heights = [dot.y for dot in self.dots if round(dot.x) == place]
            if len(heights) > 1:
                mean = np.array([float(np.mean(heights))] * 2)
                left, right = axes.places(np.array([place - 0.42, place + 0.42]), mean)
                painter.drawLine(QLineF(left, right))

    def _paint_dot(self, painter: QPainter, axes: Axes, dot: Dot) -> None:
        place = axes.places(np.array([dot.x]), np.array([dot.y]))[0]
        odd = bool(self._handed.marks_of(dot.item))
        painter.setPen(QPen(theme.colour("amber" if odd else "accent"), 1.8))
        painter.setBrush(theme.colour("card") if odd else theme.colour("accent", 0.75))
        painter.drawEllipse(place, _DOT / 2, _DOT / 2)
        if dot is self._near or dot.item is self._current:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.colour("text"), 1.5))
            painter.drawEllipse(place, _DOT / 2 + 3, _DOT / 2 + 3)

    def _paint_label(self, painter: QPainter, axes: Axes, dot: Dot) -> None:
        place = axes.places(np.array([dot.x]), np.array([dot.y]))[0]
        painter.setFont(theme.font(theme.SMALL))
        metrics = painter.fontMetrics()
        text = metrics.elidedText(self._label(dot), Qt.TextElideMode.ElideMiddle, int(axes.room.width() * 0.7))
        size = QSize(metrics.horizontalAdvance(text) + 2 * _CHIP, metrics.height() + 6)
        left = min(max(place.x() - size.width() / 2, axes.room.left()), axes.room.right() - size.width())
        chip = self._chip_place(axes, place, QRectF(left, 0, size.width(), size.height()))
        painter.setPen(QPen(theme.colour("line"), 1))
        painter.setBrush(theme.colour("card"))
        painter.drawRoundedRect(chip, 4, 4)
        painter.setPen(theme.colour("text"))
        painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, text)

    def _chip_place(self, axes: Axes, place: QPointF, chip: QRectF) -> QRectF:
        """Above or below its dot: where it is whole, and covers fewer of the others."""
        above = chip.translated(0, place.y() - _DOT - 4 - chip.height())
        below = chip.translated(0, place.y() + _DOT + 4)
        whole = [one for one in (above, below) if one.top() >= 0 and one.bottom() <= self.height()] or [below]
        spots = axes.places(np.array([dot.x for dot in self.dots]), np.array([dot.y for dot in self.dots]))
        wide = _DOT / 2
        return min(whole, key=lambda one: sum(one.adjusted(-wide, -wide, wide, wide).contains(spot) for spot in spots))

    def _label(self, dot: Dot) -> str:
        value = result_text(self._handed, self._handed.result_of(dot.item))
        return f"{dot.item.file} · {value}"

    def _nearest(self, place: QPointF) -> Dot | None:
        if not self.dots:
            return None
        axes = self._axes()
        xs = axes.xs(np.array([dot.x for dot in self.dots])) - place.x()
        ys = axes.ys(np.array([dot.y for dot in self.dots])) - place.y()
        far = np.hypot(xs, ys)
        best = int(far.argmin())
        return self.dots[best] if far[best] <= _NEAR else None

    def _summary(self) -> str:
        """What a screen reader says."""
        values = [self._handed.result_of(dot.item) for dot in self.dots]
        ends = [result_text(self._handed, value) for value in values if value is not None]
        if not ends:
            return tr("No figure says a result")
        name = column_title(self._handed, "result")
        known = [value for value in values if value is not None]
        low, high = result_text(self._handed, min(known)), result_text(self._handed, max(known))
        said = tr("{name} of {count} figures: {low} to {high}", name=name, count=len(ends), low=low, high=high)
        return said if UNKNOWN not in said else name
