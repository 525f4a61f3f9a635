"""ROC or precision–recall curves of all classes, one of them strong."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QPolygonF,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from fmstudio.insight.curves import Curve
from fmstudio.ui import theme
from fmstudio.ui.chart_axes import Axes, paint_axes, room_of
from fmstudio.ui.looking import CHOOSING, Verb, verb_of
from fmstudio.ui.plots.ticks import Tick
from fmstudio.words import tr

MOST = 30
"""So many curves are drawn at once: the worst ones, and the chosen one."""

_COLUMNS = (0, 20, 40, 60, 80, 100)
_NEAR = 10.0
_ABOVE = 16
_STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}


@dataclass(frozen=True)
class Axis:
    """What differs between the two kinds of curves.

    Attributes:
        names: What the horizontal and the vertical axis show.
        stepped: Whether the curve goes in steps, not straight from point to point.
    """

    names: tuple[str, str]
    stepped: bool


class CurvesChart(QWidget):
    """Draws a curve for each class; one can be chosen with a click, with ↑ and ↓, and looked at.

    Attributes:
        chosen: The class whose curve is strong; -1: none.
        picked: The user chose another class: its index.
        asked: A curve was clicked, or Enter or Space was pressed: the class and a ``Verb``.
        cleared: Esc was pressed while something could be stepped back from.
        clearable: Whether Esc means this chart.
    """

    picked = Signal(int)
    asked = Signal(int, object)
    cleared = Signal()

    def __init__(self, name: str, title: str, axis: Axis) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(title)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.chosen = -1
        self.clearable = False
        self._axis = axis
        self._names: tuple[str, ...] = ()
        self._curves: tuple[Curve | None, ...] = ()
        self._lines: dict[int, NDArray[np.float64]] = {}
        self._key: tuple[object, ...] = ()
        self._still = QPixmap()
        self._pressed = False

    def show_curves(self, curves: tuple[Curve | None, ...], names: tuple[str, ...], chosen: int) -> None:
        """Draw other curves, or another one strongly.

        Args:
            curves: Of each class; none at all before anything is known.
            names: Of the classes, translated.
            chosen: The class whose curve is strong; -1: none.
        """
        if curves is not self._curves:
            self._curves, self._key = curves, ()
        self._names, self.chosen = names, chosen
        self.update()

    @property
    def drawn(self) -> tuple[int, ...]:
        """The classes whose curves can be seen: all, or the worst of very many; the chosen one is always there."""
        known = [(curve.area, label) for label, curve in enumerate(self._curves) if curve is not None]
        worst = {label for _, label in sorted(known)[:MOST]}
        return tuple(label for _, label in known if label in worst or label == self.chosen)

    def words(self, label: int, row: int) -> str:
        """What one point of a curve says."""
        curve = self._curves[label]
        if curve is None:
            return ""
        names = {"name": self._names[label], "sure": _shown(min(1.0, float(curve.thresholds[row])))}
        found, other = _shown(float(curve.y[row])), _shown(float(curve.x[row]))
        if self._axis.stepped:
            return tr(
                "{name}, from {sure} % on: {recall} % of them found; {precision} % of those taken for it are right",
                recall=other, precision=found, **names,
            )  # fmt: skip
        return tr(
            "{name}, from {sure} % on: {found} % of them found; {false} % of the others taken for it",
            found=found, false=other, **names,
        )  # fmt: skip

    def sizeHint(self) -> QSize:
        """As in a window of 1440 × 900; it takes all the room there is."""
        return QSize(400, 240)

    def minimumSizeHint(self) -> QSize:
        """The marks can still be read."""
        return QSize(200, 90)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw axes and faint curves from their picture, then the chosen one."""
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._background())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setClipRect(self._axes().room.adjusted(0, -1, 1, 0))
        line = self._lines.get(self.chosen)
        if line is not None:
            self._paint_guess(painter)
            painter.setPen(QPen(theme.colour("accent"), 3 if self.hasFocus() else 2))
            painter.drawPolyline(_polygon(line))

    def _axes(self) -> Axes:
        """Where numbers lie; the name of the vertical axis stands above it, for curves fill its upper corner."""
        room = room_of(self.width(), self.height()).adjusted(0, _ABOVE, 0, 0)
        return Axes(room, (0.0, 100.0), (0.0, 100.0), (self._axis.names[0], ""))

    def _background(self) -> QPixmap:
        """Axes and faint curves as a picture; kept until something in it changes."""
        key = (self.width(), self.height(), self.devicePixelRatioF(), theme.current().name, self.drawn)
        if key != self._key:
            axes = self._axes()
            self._lines = {label: self._line(label, axes) for label in self.drawn}
            self._still, self._key = self._painted(axes), key
        return self._still

    def _painted(self, axes: Axes) -> QPixmap:
        ratio = self.devicePixelRatioF()
        picture = QPixmap(self.size() * ratio)
        picture.setDevicePixelRatio(ratio)
        picture.fill(theme.colour("card"))
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        columns: list[Tick] = [(mark, tr("{number} %", number=mark)) for mark in _COLUMNS]
        paint_axes(painter, axes, columns, grid=bool(self._curves))
        painter.drawText(QPointF(axes.room.left() - 6, axes.room.top() - 8), self._axis.names[1])
        painter.setClipRect(axes.room.adjusted(0, -1, 1, 0))
        if not self._axis.stepped:
            painter.setPen(QPen(theme.colour("faint"), 1, Qt.PenStyle.DashLine))
            painter.drawLine(axes.room.bottomLeft(), axes.room.topRight())
        painter.setPen(QPen(theme.colour("faint", 0.55), 1.2))
        for line in self._lines.values():
            painter.drawPolyline(_polygon(line))
        painter.end()
        return picture

    def _paint_guess(self, painter: QPainter) -> None:
        """What guessing would reach: as precise as the class is frequent."""
        curve, room = self._curves[self.chosen], self._axes().room
        if curve is not None and self._axis.stepped:
            y = room.bottom() - room.height() * curve.positives / curve.counted
            painter.setPen(QPen(theme.colour("faint"), 1, Qt.PenStyle.DashLine))
            painter.drawLine(QPointF(room.left(), y), QPointF(room.right(), y))

    def _line(self, label: int, axes: Axes) -> NDArray[np.float64]:
        """Points of a curve on the screen, at most one for each pixel it passes, and its row: shape (m, 3)."""
        curve = self._curves[label]
        if curve is None:
            return np.empty((0, 3))
        rows = np.arange(len(curve.x))
        x, y = axes.xs(100 * curve.x), axes.ys(100 * curve.y)
        if self._axis.stepped:
            x, y, rows = np.insert(np.repeat(x, 2), 0, axes.room.left())[:-1], np.repeat(y, 2), np.repeat(rows, 2)
        cells = np.rint(x * 2) * 65_536 + np.rint(y * 2)
        kept = np.append(True, np.diff(cells) != 0)
        kept[-1] = True
        return np.stack([x[kept], y[kept], rows[kept]], axis=1)

    def nearest(self, place: QPointF) -> tuple[int, int]:
        """The class and the row of the point of a curve near a place, the chosen curve first; (-1, -1): none."""
        best, found = _NEAR, (-1, -1)
        for label, line in sorted(self._lines.items(), key=lambda pair: pair[0] != self.chosen):
            away = np.hypot(line[:, 0] - place.x(), line[:, 1] - place.y())
            at = int(away.argmin()) if len(away) else 0
            if len(away) and away[at] < best:
                best, found = float(away[at]) - (3 if label == self.chosen else 0), (label, int(line[at, 2]))
        return found

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Choose the curve that was clicked, and look at the pictures of its class."""
        pressed, self._pressed = self._pressed, False
        label, _ = self.nearest(event.position())
        if label >= 0 and pressed:
            self._pick(label)
            self.asked.emit(label, verb_of(event.modifiers()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click counts when the button is released."""
        self._pressed = event.button() == Qt.MouseButton.LeftButton

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Say what the point near the pointer is, and that its curve can be clicked."""
        label, row = self.nearest(event.position())
        self.setToolTip(self.words(label, row) if label >= 0 else "")
        self.setCursor(Qt.CursorShape.PointingHandCursor if label >= 0 else Qt.CursorShape.ArrowCursor)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go through the classes with the arrows, look with Enter or Space, leave with Esc."""
        known = [label for label, curve in enumerate(self._curves) if curve is not None]
        if event.key() in _STEPS and known:
            at = known.index(self.chosen) if self.chosen in known else 0
            self._pick(known[(at + _STEPS[Qt.Key(event.key())]) % len(known)])
        elif event.key() in CHOOSING and self.chosen >= 0:
            self.asked.emit(self.chosen, verb_of(event.modifiers()))
        elif event.key() == Qt.Key.Key_Escape and self.clearable:
            self.cleared.emit()
        else:
            super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Count the class alone."""
        label, _ = self.nearest(event.position())
        self._pressed = False
        if label >= 0 and event.button() == Qt.MouseButton.LeftButton:
            self.asked.emit(label, Verb.ALONE)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show that the keyboard is here."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show it no more."""
        super().focusOutEvent(event)
        self.update()

    def _pick(self, label: int) -> None:
        if label != self.chosen:
            self.chosen = label
            self.update()
            self.picked.emit(label)


def _polygon(line: NDArray[np.float64]) -> QPolygonF:
    return QPolygonF([QPointF(x, y) for x, y in line[:, :2].tolist()])


def _shown(share: float) -> str:
    """In per cent, as short as it says something: "4", "0.3"."""
    number = 100 * share
    return f"{number:.1f}" if 0 < number < 10 or 99 < number < 100 else f"{number:.0f}"
