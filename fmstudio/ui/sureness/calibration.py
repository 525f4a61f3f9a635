"""The reliability diagram: of the pictures that the network was so sure of, how many are right."""

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from fmstudio.insight.calibration import CALIBRATION_BINS, Sureness
from fmstudio.insight.calibration_words import reliability_words
from fmstudio.insight.intervals import FEW, shown_interval
from fmstudio.ui import theme
from fmstudio.ui.chart_axes import Axes
from fmstudio.ui.sureness.chart import SurenessChart
from fmstudio.words import tr

_DOT = 4.0
_WHISKER = 3.0


class CalibrationChart(SurenessChart):
    """A bar of right answers in each bin of confidence, and how far it ends from the line where it should."""

    def __init__(self) -> None:
        super().__init__("reliabilityDiagram", tr("How many are right of those it was so sure of"))

    def words(self, place: int) -> str:
        """What one bin says."""
        return "" if self.whole is None else reliability_words(self.whole, place)

    def axis_names(self) -> tuple[str, str]:
        """What the axes show."""
        return tr("says"), tr("is right, %")

    def top(self) -> float:
        """All."""
        return 100.0

    def paint_bins(self, painter: QPainter, axes: Axes) -> None:
        """Paint the line where all should end, the bars, and how far each is off."""
        room = axes.room
        painter.setPen(QPen(theme.colour("faint"), 1, Qt.PenStyle.DashLine))
        painter.drawLine(QLineF(room.bottomLeft(), room.topRight()))
        if self.whole is None:
            return
        self._paint(painter, self.whole, axes, faint=self.part is not None)
        if self.part is not None:
            self._paint(painter, self.part, axes, faint=False, bars=False)

    def _paint(self, painter: QPainter, bins: Sureness, axes: Axes, *, faint: bool, bars: bool = True) -> None:
        room, alpha = axes.room, 0.3 if faint else 1.0
        for place, count in enumerate(bins.count.tolist()):
            if not count:
                continue
            bar = self.bar(place).adjusted(1, 0, -1, 0)
            y = room.bottom() - room.height() * float(bins.accuracy[place])
            x = room.left() + room.width() * float(bins.mean_confidence[place])
            if bars:
                painter.fillRect(QRectF(bar.left(), y, bar.width(), room.bottom() - y),
                                 theme.colour("accent", 0.16 * alpha if count >= FEW else 0.06 * alpha))  # fmt: skip
            ideal = room.bottom() - room.height() * float(bins.mean_confidence[place])
            if count >= FEW:
                painter.setPen(QPen(theme.colour("amber", 0.75 * alpha), 4, c=Qt.PenCapStyle.FlatCap))
                painter.drawLine(QLineF(x, y, x, ideal))
            self._paint_dot(painter, bins, place, QPointF(x, y), alpha)

    def _paint_dot(self, painter: QPainter, bins: Sureness, place: int, at: QPointF, alpha: float) -> None:
        """Where the bin ends, with its interval; hollow where there are too few pictures to judge."""
        count, right, room = int(bins.count[place]), int(bins.right[place]), self.axes().room
        colour, interval = theme.colour("accent", alpha), shown_interval(right, count)
        painter.setPen(QPen(colour, 1.2))
        if interval is not None and count >= FEW:
            low, high = (room.bottom() - room.height() * end for end in interval)
            painter.drawLine(QLineF(at.x(), low, at.x(), high))
            for end in (low, high):
                painter.drawLine(QLineF(at.x() - _WHISKER, end, at.x() + _WHISKER, end))
        painter.setBrush(theme.colour("card") if count < FEW else colour)
        painter.drawEllipse(at, _DOT, _DOT)


def calibration_bins(fine: Sureness | None) -> Sureness | None:
    """The bins of the diagram."""
    return None if fine is None else fine.merged(CALIBRATION_BINS)
