"""How fast batches of different sizes are: a bar for each."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from fmstudio.training.outlook import BatchSpeed
from fmstudio.ui import theme
from fmstudio.words import tr

_ROW, _BAR, _GAP = 20, 8, 10
_RIGHT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight


class SpeedBars(QWidget):
    """Draws a row for each size: the size, a bar, and samples a second."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("speedBars")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._speeds: tuple[BatchSpeed, ...] = ()
        self._own = 0

    def show_speeds(self, speeds: Sequence[BatchSpeed], own: int) -> None:
        """Show some sizes.

        Args:
            speeds: The smallest first.
            own: The size in the recipe, which is marked.
        """
        self._speeds, self._own = tuple(speeds), own
        self.setAccessibleDescription("; ".join(f"{one.batch}: {_speed(one)}" for one in speeds))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """A row for each size."""
        return QSize(300, _ROW * len(self._speeds))

    def minimumSizeHint(self) -> QSize:
        """The same, narrower."""
        return QSize(200, _ROW * len(self._speeds))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the rows."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        metrics = QFontMetrics(theme.font(theme.SMALL, weight=600))
        left = max((metrics.horizontalAdvance(f"{one.batch:,}") for one in self._speeds), default=0) + 2
        right = max((metrics.horizontalAdvance(_speed(one)) for one in self._speeds), default=0) + 2
        most = max((one.per_second for one in self._speeds), default=1.0)
        for place, one in enumerate(self._speeds):
            own, top = one.batch == self._own, place * _ROW
            painter.setFont(theme.font(theme.SMALL, weight=600 if own else 400))
            painter.setPen(theme.colour("text" if own else "secondary"))
            painter.drawText(QRectF(0, top, left, _ROW), _RIGHT, f"{one.batch:,}")
            painter.drawText(QRectF(self.width() - right, top, right, _ROW), _RIGHT, _speed(one))
            room = self.width() - left - right - 2 * _GAP
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("accent", 1.0 if own else 0.45))
            bar = QRectF(left + _GAP, top + (_ROW - _BAR) / 2, max(2.0, room * one.per_second / most), _BAR)
            painter.drawRoundedRect(bar, 2, 2)


def _speed(one: BatchSpeed) -> str:
    return tr("{number}/s", number=f"{float(f'{one.per_second:.2g}'):,.0f}")
