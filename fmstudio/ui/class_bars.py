"""How many pictures of each class there are: bars that can be clicked."""

import numpy as np
from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from fmstudio.training.events import Ints
from fmstudio.ui import theme
from fmstudio.words import tr

_LEGEND = 26
_LEAST, _MOST = 20, 34
_BAR = 6
_MIDDLE_LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
_MIDDLE_RIGHT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
_STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}


class ClassBars(QWidget):
    """Two bars for each class: training pictures filled, test pictures in outline.

    Attributes:
        chosen: The user clicked on a class, or pressed Enter on it: its number; -1 takes the choice back.
    """

    chosen = Signal(int)
    INSET = 6
    """Between the edge of the widget and its words: room for the mark of the chosen class."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("classBars")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        self._classes: tuple[str, ...] = ()
        self._train: Ints = np.empty(0, np.int64)
        self._test: Ints = self._train
        self._choice, self._hovered, self._focused = -1, -1, 0

    def show_counts(self, classes: tuple[str, ...], train: Ints, test: Ints) -> None:
        """Show how many there are.

        Args:
            classes: Names of the classes.
            train: Training pictures of each class, shape (classes,).
            test: Test pictures of each class, likewise.
        """
        self._classes, self._train, self._test = classes, train, test
        self._focused = 0
        counts = zip(classes, train, test, strict=True)
        said = (
            tr("{name}: {train:,} to learn from, {test:,} to test", name=tr(n), train=a, test=b) for n, a, b in counts
        )
        self.setAccessibleDescription("; ".join(said))
        self.updateGeometry()
        self.update()

    def choose(self, label: int) -> None:
        """Mark a class as chosen, without the signal; -1: none."""
        self._choice = label
        self.update()

    def row_rect(self, label: int) -> QRect:
        """Where a class stands."""
        height = self._row_height()
        return QRect(0, _LEGEND + label * height, self.width(), height)

    def sizeHint(self) -> QSize:
        """Room for all classes."""
        return QSize(300, _LEGEND + 24 * max(1, len(self._classes)))

    def minimumSizeHint(self) -> QSize:
        """The same with the rows close together."""
        return QSize(220, _LEGEND + _LEAST * max(1, len(self._classes)))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Light up the class under the mouse."""
        self._hover(self._row_at(event.position().toPoint().y()))

    def leaveEvent(self, event: object) -> None:
        """Nothing is under the mouse."""
        self._hover(-1)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the class under the mouse."""
        label = self._row_at(event.position().toPoint().y())
        if label >= 0 and event.button() == Qt.MouseButton.LeftButton:
            self._focused = label
            self._choose(label)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk with the arrows, choose with Enter or Space, take the choice back with Esc."""
        key = Qt.Key(event.key())
        if key in _STEPS and self._classes:
            self._focused = max(0, min(len(self._classes) - 1, self._focused + _STEPS[key]))
            self.update()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self._classes:
            self._choose(self._focused)
        elif key == Qt.Key.Key_Escape and self._choice >= 0:
            self._choose(self._choice)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the legend and a row for each class."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_legend(painter)
        names = max((QFontMetrics(theme.font(weight=600)).horizontalAdvance(tr(n)) for n in self._classes), default=0)
        small = QFontMetrics(theme.font(theme.SMALL, tabular=True))
        figures = max((small.horizontalAdvance(self._figures(label)) for label in range(len(self._classes))), default=0)
        for label in range(len(self._classes)):
            row = self.row_rect(label)
            self._paint_ground(painter, row, label)
            self._paint_row(
                painter, row.adjusted(self.INSET, 0, -self.INSET, 0), label, min(names, row.width() // 3), figures
            )
        painter.end()

    def _paint_legend(self, painter: QPainter) -> None:
        painter.setFont(theme.font(theme.SMALL))
        left = self.INSET
        for text, filled in ((tr("to learn from"), True), (tr("to test"), False)):
            _bar(painter, QRectF(left, 5, 14, _BAR), filled)
            painter.setPen(theme.colour("secondary"))
            width = painter.fontMetrics().horizontalAdvance(text)
            painter.drawText(QRect(left + 20, 0, width + 2, 16), _MIDDLE_LEFT, text)
            left += width + 38

    def _paint_ground(self, painter: QPainter, row: QRect, label: int) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        if label in (self._choice, self._hovered):
            painter.setBrush(theme.colour("accent_soft" if label == self._choice else "empty_cell"))
            painter.drawRoundedRect(row, 4, 4)
        if self.hasFocus() and label == self._focused:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.colour("accent"), 2))
            painter.drawRoundedRect(QRectF(row).adjusted(1, 1, -1, -1), 4, 4)

    def _paint_row(self, painter: QPainter, row: QRect, label: int, names: int, figures: int) -> None:
        painter.setFont(theme.font(weight=600 if label == self._choice else 400))
        painter.setPen(theme.colour("text"))
        name = painter.fontMetrics().elidedText(tr(self._classes[label]), Qt.TextElideMode.ElideRight, names)
        painter.drawText(QRect(row.left(), row.top(), names + 2, row.height()), _MIDDLE_LEFT, name)
        train, test = int(self._train[label]), int(self._test[label])
        left, most = row.left() + names + 12, max(1, int(self._train.max()), int(self._test.max()))
        room, middle = row.right() - figures - 14 - left, row.center().y() + 0.5
        _bar(painter, QRectF(left, middle - _BAR - 0.5, room * train / most, _BAR), True)
        _bar(painter, QRectF(left, middle + 1.5, room * test / most, _BAR), False)
        painter.setFont(theme.font(theme.SMALL, tabular=True))
        painter.setPen(theme.colour("secondary"))
        painter.drawText(row, _MIDDLE_RIGHT, self._figures(label))

    def _figures(self, label: int) -> str:
        return f"{self._train[label]:,} + {self._test[label]:,}"

    def _row_height(self) -> int:
        return max(_LEAST, min(_MOST, (self.height() - _LEGEND) // max(1, len(self._classes))))

    def _row_at(self, y: int) -> int:
        row = (y - _LEGEND) // self._row_height()
        return row if 0 <= row < len(self._classes) else -1

    def _hover(self, label: int) -> None:
        if label != self._hovered:
            self._hovered = label
            self.update()

    def _choose(self, label: int) -> None:
        self.choose(-1 if label == self._choice else label)
        self.chosen.emit(self._choice)


def _bar(painter: QPainter, rect: QRectF, filled: bool) -> None:
    if filled:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("accent"))
        painter.drawRoundedRect(rect, 2, 2)
        return
    painter.setPen(QPen(theme.colour("accent"), 1))
    painter.setBrush(theme.colour("accent", 0.15))
    painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), 2, 2)
