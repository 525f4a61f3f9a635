"""The learning rate over a run, computed by plain arithmetic and drawn before anything is trained."""

import math

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from fmstudio.experiment.spec import ExperimentSpec
from fmstudio.session.draft_words import text_of
from fmstudio.ui import theme
from fmstudio.words import tr

Floats = NDArray[np.float64]
POINTS = 400
_STRIPES = 40
"""Up to so many epochs each second one is striped."""
_LEFT, _RIGHT, _TOP, _BOTTOM = 52, 8, 10, 26
_HEADROOM = 1.08


def rates(spec: ExperimentSpec, points: int = POINTS) -> tuple[Floats, Floats] | None:
    """The learning rate over the run; None for a schedule that depends on the results.

    Args:
        spec: What will be done.
        points: At most so many of the steps, evenly spread.

    Returns:
        Steps, from 0, and the rate of each, both of shape (points,).
    """
    total = max(1, spec.facts.total_steps)
    steps = np.unique(np.round(np.linspace(0, total - 1, min(points, total))))
    found = spec.schedule.rates(spec.facts, spec.optimizer.lr, steps)
    return None if found is None else (steps, found)


def rate_words(spec: ExperimentSpec) -> str:
    """Where the learning rate starts, how high it gets, and where it ends."""
    curve = rates(spec)
    if curve is None:
        return tr("The learning rate depends on how the run goes.")
    first, most, last = (_short(float(value)) for value in (curve[1][0], curve[1].max(), curve[1][-1]))
    if first == most == last:
        return tr("{rate} in every step", rate=most)
    if first == most:
        return tr("Starts at {first}, ends at {last}", first=first, last=last)
    if most == last:
        return tr("Starts at {first}, rises to {most} and stays there", first=first, most=most)
    return tr("Starts at {first}, rises to {most}, ends at {last}", first=first, most=most, last=last)


def _short(value: float) -> str:
    return text_of(float(f"{value:.3g}"))


class RateChart(QWidget):
    """Draws the learning rate over the epochs of a run."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("rateChart")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._spec: ExperimentSpec | None = None
        self._curve: tuple[Floats, Floats] | None = None

    @property
    def drawn(self) -> bool:
        """Whether there is a curve to see."""
        return self._curve is not None

    def show_spec(self, spec: ExperimentSpec | None) -> None:
        """Draw the rate of a spec."""
        self._spec, self._curve = spec, rates(spec) if spec else None
        self.update()

    def sizeHint(self) -> QSize:
        """The numbers can still be read; it takes all the room there is."""
        return QSize(260, 160)

    def minimumSizeHint(self) -> QSize:
        """The same."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw axes and curve."""
        if self._spec is None or self._curve is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.font(theme.SMALL))
        room = QRectF(_LEFT, _TOP, self.width() - _LEFT - _RIGHT, self.height() - _TOP - _BOTTOM)
        marks = ticks(float(self._curve[1].max()))
        self._paint_epochs(painter, room)
        self._paint_rates(painter, room, marks)
        self._paint_curve(painter, room, marks[-1])

    def _paint_epochs(self, painter: QPainter, room: QRectF) -> None:
        epochs = self._spec.epochs if self._spec else 1
        width = room.width() / epochs
        if epochs <= _STRIPES:
            for epoch in range(1, epochs, 2):
                stripe = QRectF(room.left() + epoch * width, room.top(), width, room.height())
                painter.fillRect(stripe, theme.colour("stripe"))
        painter.setPen(theme.colour("secondary"))
        metrics = QFontMetrics(painter.font())
        every = max(1, math.ceil((metrics.horizontalAdvance(tr("epoch {number}", number=epochs)) + 16) / width))
        for epoch in range(every, epochs + 1, every):
            text = tr("epoch {number}", number=epoch)
            wide = metrics.horizontalAdvance(text)
            centre = room.left() + (epoch - 0.5) * width
            x = min(max(centre, room.left() + wide / 2), room.right() - wide / 2)
            painter.drawText(QPointF(x - wide / 2, self.height() - 6.0), text)

    def _paint_rates(self, painter: QPainter, room: QRectF, marks: list[float]) -> None:
        for mark in marks:
            y = room.bottom() - room.height() * mark / marks[-1]
            painter.setPen(QPen(theme.colour("line"), 1))
            painter.drawLine(QPointF(room.left(), y), QPointF(room.right(), y))
            painter.setPen(theme.colour("secondary"))
            place = QRectF(0, y - 8, _LEFT - 8, 16)
            painter.drawText(place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text_of(mark))

    def _paint_curve(self, painter: QPainter, room: QRectF, top: float) -> None:
        if self._spec is None or self._curve is None:
            return
        steps, values = self._curve
        total = max(1, self._spec.facts.total_steps)
        shares = (steps + 0.5) / total if len(steps) > 1 else np.array([0.0, 1.0])
        heights = values if len(steps) > 1 else np.repeat(values, 2)
        points = [
            QPointF(room.left() + room.width() * x, room.bottom() - room.height() * y / top)
            for x, y in zip(shares, heights, strict=True)
        ]
        painter.setPen(QPen(theme.colour("accent"), 2))
        painter.drawPolyline(QPolygonF(points))


def ticks(value: float) -> list[float]:
    """Round numbers from zero to a little above a value, three to seven of them."""
    if value <= 0:
        return [0.0, 1.0]
    rough = value * _HEADROOM / 4
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(one * power for one in (1, 2, 5, 10) if one * power >= rough * (1 - 1e-9))
    count = math.ceil(value * _HEADROOM / step - 1e-9)
    return [float(f"{step * place:.6g}") for place in range(count + 1)]
