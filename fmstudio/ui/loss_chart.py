"""A loss and its gradient, drawn by plain arithmetic; others of its kind stand faintly beside it."""

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from fmstudio.catalog.loss import Floats, Loss
from fmstudio.catalog.losses import LOSSES
from fmstudio.schema.choice import Facts
from fmstudio.ui import theme
from fmstudio.ui.chart_axes import LEFT, RIGHT, Axes, Span, paint_axes
from fmstudio.words import tr

POINTS = 601
"""Uneven, so that zero is one of them."""
_REACH_ON_NUMBERS, _REACH_ON_CLASSES = 3.0, 5.0
_TOP, _GAP, _BOTTOM = 48, 28, 40
"""Room above for the names, between the two parts for a title, and below for the axis."""
_SAMPLE, _NEXT, _BETWEEN, _NAME = 18, 5, 14, 15
"""Of the names: the length of the line before each, the room between them and behind the name, and its height."""
_HEADROOM = 0.06
_STYLES = (Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine, Qt.PenStyle.DotLine, Qt.PenStyle.DashDotLine)
"""By which the faint lines are told apart."""


@dataclass(frozen=True, eq=False)
class LossCurve:
    """A loss over its axis.

    Attributes:
        title: Its name, translated.
        at: Where it is computed.
        loss: At each point; ``gradient`` likewise.
    """

    title: str
    at: Floats
    loss: Floats
    gradient: Floats


def kindred(loss: Loss, facts: Facts) -> tuple[Loss, ...]:
    """The other losses, with their defaults, that are worth comparing with one; where it has no kin, all that fit."""
    others = [kind() for kind in LOSSES.values() if kind is not type(loss)]
    fitting = [other for other in others if (other.classes if facts.classes else other.numbers)]
    return tuple(other for other in fitting if other.family == loss.family) or tuple(fitting)


def curve_of(loss: Loss, facts: Facts) -> LossCurve:
    """A loss over errors of a number, or over scores of the true class."""
    reach = _REACH_ON_CLASSES if facts.classes else _REACH_ON_NUMBERS
    at = np.linspace(-reach, reach, POINTS)
    return LossCurve(tr(loss.title), at, *loss.curve(facts, at))


def axis_words(loss: Loss, facts: Facts) -> str:
    """What is drawn from left to right, translated."""
    if facts.classes:
        return tr("score of the true class, all others 0")
    if not loss.negative_targets:
        return tr("how far the output is from the best, for a count of 1")
    return tr("error: output − target")


class LossChart(QWidget):
    """Draws a loss above and its gradient below, over the same axis."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("lossChart")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._axis = ""
        self._chosen: LossCurve | None = None
        self._others: tuple[LossCurve, ...] = ()

    @property
    def others(self) -> tuple[str, ...]:
        """The names of the losses that stand faintly beside the chosen one."""
        return tuple(other.title for other in self._others)

    def show_loss(self, loss: Loss, facts: Facts) -> None:
        """Draw another loss."""
        self._axis = axis_words(loss, facts)
        self._chosen = curve_of(loss, facts)
        self._others = tuple(curve_of(other, facts) for other in kindred(loss, facts))
        self.setAccessibleName(tr("{loss} and its gradient", loss=self._chosen.title))
        self.update()

    def sizeHint(self) -> QSize:
        """Both curves can be read."""
        return QSize(300, 340)

    def minimumSizeHint(self) -> QSize:
        """A little less high."""
        return QSize(260, 290)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the names, the loss, the gradient, and the name of the axis."""
        if self._chosen is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.font(theme.SMALL))
        high = (self.height() - _TOP - _GAP - _BOTTOM) / 2
        upper = QRectF(LEFT, _TOP, self.width() - LEFT - RIGHT, high)
        across = (float(self._chosen.at[0]), float(self._chosen.at[-1]))
        losses = Axes(upper, across, span_of(self._chosen.loss))
        lower = upper.translated(0, high + _GAP)
        gradients = Axes(lower, across, span_of(self._chosen.gradient))
        self._paint_names(painter)
        paint_axes(painter, losses, ())
        paint_axes(painter, gradients)
        for axes, key, title in ((losses, "loss", tr("Loss")), (gradients, "gradient", tr("Gradient"))):
            painter.setPen(theme.colour("secondary"))
            painter.drawText(QPointF(LEFT, axes.room.top() - 6), title)
            self._paint_zeros(painter, axes)
            self._paint_curves(painter, axes, key)
        painter.setPen(theme.colour("secondary"))
        wide = QFontMetrics(painter.font()).horizontalAdvance(self._axis)
        painter.drawText(QPointF(lower.center().x() - wide / 2, self.height() - 5.0), self._axis)

    def _paint_curves(self, painter: QPainter, axes: Axes, key: str) -> None:
        painter.save()
        painter.setClipRect(axes.room.adjusted(0, -1, 0, 1))
        for curve, pen in reversed(self._lines()):
            painter.setPen(pen)
            painter.drawPolyline(axes.polygon(curve.at, getattr(curve, key)))
        painter.restore()

    def _paint_zeros(self, painter: QPainter, axes: Axes) -> None:
        """Where nothing is wrong, and where nothing pulls."""
        zero = np.zeros(1)
        x, y = float(axes.xs(zero)[0]), float(axes.ys(zero)[0])
        painter.setPen(QPen(theme.colour("line"), 1))
        painter.drawLine(QLineF(x, axes.room.top(), x, axes.room.bottom()))
        painter.drawLine(QLineF(axes.room.left(), y, axes.room.right(), y))

    def _paint_names(self, painter: QPainter) -> None:
        """A piece of each line, and whose it is."""
        for (curve, pen), place in zip(self._lines(), self.name_places(), strict=True):
            middle = place.center().y()
            painter.setPen(pen)
            painter.drawLine(QLineF(place.left(), middle, place.left() + _SAMPLE, middle))
            painter.setPen(theme.colour("text" if curve is self._chosen else "secondary"))
            words = place.adjusted(_SAMPLE + _NEXT, 0, 1, 0)
            painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextDontClip, curve.title)

    def name_places(self) -> list[QRectF]:
        """Where the names stand, each with its piece of line: in two rows where one has no room for all."""
        metrics, left, top = QFontMetrics(theme.font(theme.SMALL)), float(LEFT), 0.0
        places: list[QRectF] = []
        for curve, _ in self._lines():
            wide = _SAMPLE + _NEXT + metrics.horizontalAdvance(curve.title)
            if places and left + wide > self.width():
                left, top = float(LEFT), top + _NAME
            places.append(QRectF(left, top, wide, _NAME))
            left += wide + _BETWEEN
        return places

    def _lines(self) -> list[tuple[LossCurve, QPen]]:
        """The chosen loss, then the others, each with its pen."""
        chosen = [(self._chosen, QPen(theme.colour("accent"), 2))] if self._chosen else []
        faint = theme.colour("faint")
        return chosen + [(curve, QPen(faint, 1.3, style)) for curve, style in zip(self._others, _STYLES, strict=False)]


def span_of(values: Floats) -> Span:
    """From the least to the greatest value with a little room; zero is always there."""
    least, most = min(0.0, float(values.min())), max(0.0, float(values.max()))
    room = (most - least) * _HEADROOM or 1.0
    return least - room, most + room
