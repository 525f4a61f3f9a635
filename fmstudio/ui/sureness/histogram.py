"""How many pictures the network was how sure of, right above wrong, and the line from which on it shall answer."""

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPen, QPolygonF

from fmstudio.insight.calibration import Sureness
from fmstudio.insight.calibration_words import histogram_words
from fmstudio.ui import theme
from fmstudio.ui.chart_axes import Axes
from fmstudio.ui.sureness.chart import SurenessChart
from fmstudio.words import tr

BINS = 20
HIGHEST = 99
"""The highest threshold, in per cent: at 100 there would be nothing to answer."""

_GRIP = 7
_HEADROOM = 1.15
_LEAST_TOP = 5.0
_TALL = 2.0
_TEAR = 5.0
_KEYS = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1, Qt.Key.Key_PageUp: 10, Qt.Key.Key_PageDown: -10}


class HistogramChart(SurenessChart):
    """Bars of wrong and, above them, right answers over confidence; a bar that towers over all others is cut.

    Attributes:
        threshold: The line, in per cent; it is dragged, or moved with ← and → (1) and Page up and down (10).
        moved: The line stands elsewhere.
    """

    moved = Signal()

    def __init__(self) -> None:
        super().__init__("confidenceHistogram", tr("How many pictures it was how sure of, right and wrong"))
        self.threshold = 80
        self._dragged = False

    def words(self, place: int) -> str:
        """What one bar says."""
        return "" if self.whole is None else histogram_words(self.whole, place)

    def axis_names(self) -> tuple[str, str]:
        """What the axes show."""
        return "", tr("pictures")

    def top(self) -> float:
        """A little above the tallest bar; where it towers over all others, above the next one."""
        whole = self.whole
        if whole is None or not whole.counted:
            return _LEAST_TOP
        heights: list[int] = sorted(whole.count.tolist())
        others = max(heights[-2], int(whole.wrong.max()), 1)
        return max(_LEAST_TOP, _HEADROOM * (others if heights[-1] > _TALL * others else heights[-1]))

    def put_line(self, threshold: int) -> None:
        """Let the line stand elsewhere."""
        kept = min(max(threshold, 0), HIGHEST)
        if kept != self.threshold:
            self.threshold = kept
            self.update()
            self.moved.emit()

    def paint_ground(self, painter: QPainter, axes: Axes) -> None:
        """Paint the ground of what is withheld."""
        if self.whole is not None:
            left = axes.room.adjusted(0, 0, self._line() - axes.room.right(), 0)
            painter.fillRect(left, theme.colour("line", 0.35))

    def paint_bins(self, painter: QPainter, axes: Axes) -> None:
        """Paint the bars, and the line."""
        if self.whole is None:
            return
        line, room = self._line(), axes.room
        painter.save()
        painter.setClipRect(room.adjusted(1, 0, 1, 0))
        for place in range(self.whole.bins):
            self._paint_bar(painter, axes, place)
        painter.restore()
        self._paint_line(painter, line, room)

    def _paint_bar(self, painter: QPainter, axes: Axes, place: int) -> None:
        whole, part, bar = self.whole, self.part, self.bar(place).adjusted(0.5, 0, -0.5, 0)
        if whole is None or not whole.count[place]:
            return
        wrong, right = int(whole.wrong[place]), int(whole.right[place])
        strong = (wrong, right) if part is None else (int(part.wrong[place]), int(part.right[place]))
        painter.setPen(Qt.PenStyle.NoPen)
        for base, count, shown, colour in ((0, wrong, strong[0], "wrong"), (wrong, right, strong[1], "right")):
            if part is not None:
                self._paint_block(painter, axes, bar, (base, base + count), colour, 0.22)
            self._paint_block(painter, axes, bar, (base, base + shown), colour, 1.0)
        if whole.count[place] > axes.up[1]:
            self._paint_tear(painter, bar, int(whole.count[place]))

    def _paint_block(
        self, painter: QPainter, axes: Axes, bar: QRectF, span: tuple[int, int], colour: str, alpha: float
    ) -> None:
        low, high = (axes.room.bottom() - min(end / axes.up[1], 1.0) * axes.room.height() for end in span)
        if low > high:
            painter.fillRect(QRectF(bar.left(), high, bar.width(), low - high), theme.colour(colour, alpha))

    def _paint_tear(self, painter: QPainter, bar: QRectF, count: int) -> None:
        """The bar goes on above: a strip is torn out of it, and its number stands beside it."""
        y, width, edge = bar.top() + 16, bar.width(), _TEAR
        upper = [QPointF(bar.left() + width * k / 4, y + (edge if k % 2 else 0)) for k in range(5)]
        lower = [point + QPointF(0, 4) for point in reversed(upper)]
        painter.setBrush(theme.colour("card"))
        painter.drawPolygon(QPolygonF([*upper, *lower]))
        painter.setFont(theme.font(theme.SMALL))
        painter.setPen(theme.colour("secondary"))
        beside = QRectF(bar.left() - 84, bar.top(), 80, 16)
        side = Qt.AlignmentFlag.AlignRight
        if beside.left() < self.axes().room.left() + 60:
            beside, side = QRectF(bar.right() + 4, bar.top(), 80, 16), Qt.AlignmentFlag.AlignLeft
        painter.drawText(beside, side | Qt.AlignmentFlag.AlignVCenter, f"{count:,}")
        painter.setPen(Qt.PenStyle.NoPen)

    def _paint_line(self, painter: QPainter, x: float, room: QRectF) -> None:
        focused = self.hasFocus() and self.current < 0
        painter.setPen(QPen(theme.colour("accent"), 2.5 if focused or self._dragged else 1.5))
        painter.drawLine(QLineF(x, room.top() + 4, x, room.bottom()))
        painter.setBrush(theme.colour("accent"))
        painter.setPen(QPen(theme.colour("card"), 1.5))
        painter.drawEllipse(QPointF(x, room.top() + room.height() * 0.45), _GRIP - 1, _GRIP - 1)

    def _line(self) -> float:
        room = self.axes().room
        return room.left() + room.width() * self.threshold / 100

    def _near_line(self, place: QPointF) -> bool:
        return self.whole is not None and abs(place.x() - self._line()) <= _GRIP - 2

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take the line, or a bar."""
        self._dragged = event.button() == Qt.MouseButton.LeftButton and self._near_line(event.position())
        if not self._dragged:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag the line, or show what can be clicked."""
        if self._dragged:
            room = self.axes().room
            self.put_line(round((event.position().x() - room.left()) / room.width() * 100))
        elif self._near_line(event.position()):
            self.setToolTip(tr("Drag, or move with ← and →"))
            self.setCursor(Qt.CursorShape.SplitHCursor)
        else:
            super().mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Leave the line, or look at the bar."""
        if self._dragged:
            self._dragged = False
            self.update()
        else:
            super().mouseReleaseEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Count a bar alone; on the line nothing happens."""
        if not self._near_line(event.position()):
            super().mouseDoubleClickEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the line with ← → and Page up and down; ↑ and ↓ walk through the bars."""
        if self.whole is not None and event.key() in _KEYS:
            self.current = -1
            self.put_line(self.threshold + _KEYS[Qt.Key(event.key())])
            self.update()
        else:
            super().keyPressEvent(event)


def histogram_bins(fine: Sureness | None) -> Sureness | None:
    """The bins of the histogram."""
    return None if fine is None else fine.merged(BINS)
