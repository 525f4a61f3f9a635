"""The numbers that a layer gives as bars: up above 0, down below it."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from fmstudio.ui import theme
from fmstudio.words import tr

_ROW = 64
_NAME = 16
_PER_ROW = 128
_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -_PER_ROW, Qt.Key.Key_Down: _PER_ROW}
_ABOVE, _BELOW = QColor(40, 130, 235), QColor(232, 126, 4)


class NumberBars(QWidget):
    """A bar for each number, in rows of at most 128, all on one scale.

    Args:
        name: Its objectName.
    """

    looked_at = Signal(str)
    """The mouse or the keyboard is on another number: what it is; empty for none."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(tr("Numbers of the layer"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._values: NDArray[np.float32] = np.empty(0, np.float32)
        self._names: tuple[str, ...] = ()
        self._marked = -1

    @property
    def values(self) -> NDArray[np.float32]:
        """What is shown."""
        return self._values

    def show_numbers(self, values: NDArray[np.float32], names: tuple[str, ...] = ()) -> None:
        """Show some numbers.

        Args:
            values: Shape (n,).
            names: What each of them is for, where there is a name, translated.
        """
        self._values, self._names, self._marked = values, names, -1
        rows = -(-len(values) // _PER_ROW)
        self.setFixedHeight(max(1, rows) * _ROW + 4 + (_NAME if names else 0))
        self.update()

    def words(self, number: int) -> str:
        """What one number is."""
        if not 0 <= number < len(self._values):
            return ""
        name = self._names[number] if number < len(self._names) else tr("Number {place}", place=number + 1)
        return tr("{name}: {value}", name=name, value=f"{self._values[number]:.3g}")

    def sizeHint(self) -> QSize:
        """All rows, in a drawer."""
        return QSize(398, self.height())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Say what is under the mouse."""
        place = event.position()
        column = int(place.x() // max(self._step, 1e-6))
        found = int(place.y() // _ROW) * _PER_ROW + column
        self._mark(found if 0 <= column < _PER_ROW and found < len(self._values) else -1)

    def leaveEvent(self, event: object) -> None:
        """Nothing is under the mouse."""
        self._mark(-1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk with the arrows."""
        key = Qt.Key(event.key())
        moved = max(self._marked, 0) + _STEPS.get(key, 0) if self._marked >= 0 else 0
        if key in _STEPS and len(self._values):
            self._mark(max(0, min(len(self._values) - 1, moved)))
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint all bars."""
        painter = QPainter(self)
        values = np.nan_to_num(self._values, nan=0, posinf=0, neginf=0)
        high, low = float(max(0, values.max(initial=0))), float(min(0, values.min(initial=0)))
        scale, step = (_ROW - 12) / ((high - low) or 1), self._step
        width = max(1.0, step - (2 if step > 4 else 0))
        for number, value in enumerate(values):
            row, column = divmod(number, _PER_ROW)
            zero = row * _ROW + 6 + high * scale
            length = max(1.0, abs(float(value)) * scale)
            bar = QRectF(column * step + 1, zero - length if value > 0 else zero, width, length)
            painter.fillRect(bar, _ABOVE if value > 0 else _BELOW if value < 0 else theme.colour("faint"))
            if number < len(self._names):
                self._paint_name(painter, number, step)
            if number == self._marked:
                painter.setPen(QPen(theme.colour("text"), 1))
                painter.drawRect(QRectF(column * step, row * _ROW + 2, width + 1, _ROW - 4))
        if self.hasFocus():
            painter.setPen(QPen(theme.colour("accent"), 2))
            painter.drawRect(self.rect().adjusted(1, 1, -1, -1))
        painter.end()

    def _paint_name(self, painter: QPainter, number: int, step: float) -> None:
        painter.setFont(theme.font(11))
        painter.setPen(theme.colour("secondary"))
        text = painter.fontMetrics().elidedText(self._names[number], Qt.TextElideMode.ElideRight, int(step) - 1)
        painter.drawText(QRectF(number * step, _ROW, step, _NAME), Qt.AlignmentFlag.AlignCenter, text)

    @property
    def _step(self) -> float:
        """Width of a bar with its gap."""
        return min(56.0, (self.width() - 2) / max(1, min(_PER_ROW, len(self._values))))

    def _mark(self, number: int) -> None:
        if number != self._marked:
            self._marked = number
            self.setAccessibleDescription(self.words(number))
            self.looked_at.emit(self.words(number))
            self.update()
