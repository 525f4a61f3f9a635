"""How weights and their gradients are spread: two small histograms for each tensor."""

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from fmstudio.insight.inside import ParameterSpread, Spread
from fmstudio.ui import theme
from fmstudio.words import tr

_HEAD = 22
_ROW = 84
_NAMES = 104
_GAP = 14
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class SpreadRows(QWidget):
    """A row for each tensor: its name and shape, its weights, and their gradients."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("spreadRows")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._rows: tuple[ParameterSpread, ...] = ()

    def show_spreads(self, rows: tuple[ParameterSpread, ...]) -> None:
        """Show the tensors of a network."""
        self._rows = rows
        self.setFixedHeight(_HEAD + _ROW * len(rows))
        self.setAccessibleDescription("; ".join(_told(row) for row in rows))
        self.update()

    def sizeHint(self) -> QSize:
        """All rows, in a drawer."""
        return QSize(398, _HEAD + _ROW * len(self._rows))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the rows that can be seen."""
        painter = QPainter(self)
        painter.setFont(theme.font(theme.SMALL, weight=500))
        painter.setPen(theme.colour("secondary"))
        weights, gradients = self._places(0)
        painter.drawText(QRect(weights.left(), 0, weights.width(), _HEAD), _LEFT, tr("Weights"))
        painter.drawText(QRect(gradients.left(), 0, gradients.width(), _HEAD), _LEFT, tr("Gradients"))
        for number, row in enumerate(self._rows):
            top = _HEAD + number * _ROW
            if QRect(0, top, self.width(), _ROW).intersects(event.rect()):
                self._paint_row(painter, number, row)
        painter.end()

    def _places(self, number: int) -> tuple[QRect, QRect]:
        """Where the two histograms of a row are drawn."""
        width = min(320, (self.width() - _NAMES - 2 * _GAP) // 2)
        top = _HEAD + number * _ROW + 4
        left = _NAMES + _GAP
        return QRect(left, top, width, _ROW - 14), QRect(left + width + _GAP, top, width, _ROW - 14)

    def _paint_row(self, painter: QPainter, number: int, row: ParameterSpread) -> None:
        top = _HEAD + number * _ROW
        painter.setFont(theme.font(weight=500))
        painter.setPen(theme.colour("text"))
        name = painter.fontMetrics().elidedText(row.name, Qt.TextElideMode.ElideMiddle, _NAMES)
        painter.drawText(QRect(0, top + 4, _NAMES, 18), _LEFT, name)
        painter.setFont(theme.font(theme.SMALL, tabular=True))
        painter.setPen(theme.colour("secondary"))
        painter.drawText(QRect(0, top + 24, _NAMES, 16), _LEFT, " × ".join(map(str, row.shape)))
        for spread, place, colour in zip(
            (row.weights, row.gradients), self._places(number), ("accent", "amber"), strict=True
        ):
            _paint_spread(painter, spread, place, colour)


def _paint_spread(painter: QPainter, spread: Spread, place: QRect, colour: str) -> None:
    """Bars over a line with its ends, and the deviation."""
    bars = place.adjusted(0, 0, 0, -18)
    step, most = bars.width() / len(spread.counts), max(1, int(spread.counts.max()))
    for number, count in enumerate(spread.counts):
        if count:
            height = max(1.0, bars.height() * int(count) / most)
            painter.fillRect(
                QRectF(bars.left() + number * step, bars.bottom() - height, max(1.0, step - 1), height),
                theme.colour(colour),
            )
    painter.setPen(QPen(theme.colour("line"), 1))
    painter.drawLine(bars.bottomLeft(), bars.bottomRight())
    painter.setPen(theme.colour("secondary"))
    painter.setFont(theme.font(11, tabular=True))
    line = QRect(place.left(), bars.bottom() + 2, place.width(), 16)
    painter.drawText(line, _LEFT, f"{spread.low:.2g}")
    painter.drawText(line, _RIGHT, f"{spread.high:.2g}")
    painter.drawText(line, Qt.AlignmentFlag.AlignCenter, f"σ {spread.deviation:.1g}")


def _told(row: ParameterSpread) -> str:
    weights, gradients = (f"{spread.deviation:.2g}" for spread in (row.weights, row.gradients))
    return tr("{name}: weights within ±{reach}, deviation {weights}; gradients {gradients}", name=row.name,
              reach=f"{row.weights.high:.2g}", weights=weights, gradients=gradients)  # fmt: skip
