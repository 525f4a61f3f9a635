"""A bar for each class: how sure one network is of it, or two side by side."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from fmstudio.ui import theme
from fmstudio.words import tr

Shares = NDArray[np.float32]

_MOST_ROWS = 12
_PERCENT, _GAP = 62, 12
_MIDDLE_LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
_MIDDLE_RIGHT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight


class ShareBars(QWidget):
    """Bars of probabilities; of very many classes only those that matter.

    Args:
        row: Height of a row, in pixels.
    """

    def __init__(self, row: int = 20, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("shareBars")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._row = row
        self._classes: tuple[str, ...] = ()
        self._columns: tuple[Shares, ...] = ()
        self._heads: tuple[str, ...] = ()
        self._shown: tuple[int, ...] = ()
        self._true: int | None = None

    def show_shares(
        self,
        classes: tuple[str, ...],
        columns: Sequence[NDArray[np.floating]],
        heads: Sequence[str] = (),
        true: int | None = None,
    ) -> None:
        """Show probabilities.

        Args:
            classes: Names of the classes.
            columns: Of each network: the probability of each class, 0…1, shape (classes,).
            heads: What stands above each column; nothing: no such line.
            true: The class that it really is, where that is known.
        """
        self._classes, self._true, self._heads = classes, true, tuple(heads)
        self._columns = tuple(np.asarray(column, np.float32) for column in columns)
        self._shown = self._rows()
        self.setAccessibleDescription("; ".join(self._said(label) for label in self._shown))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """A row for each class that is shown."""
        return QSize(240 + 100 * len(self._columns), self._row * (len(self._shown) + bool(self._heads)))

    def minimumSizeHint(self) -> QSize:
        """The same, narrower."""
        return QSize(80 + 80 * len(self._columns), self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint a row for each class."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        names, top = self._name_width(), self._row * bool(self._heads)
        wide = (self.width() - names) // max(1, len(self._columns))
        painter.setFont(theme.font(theme.SMALL))
        painter.setPen(theme.colour("secondary"))
        for number, head in enumerate(self._heads):
            room = QRect(names + number * wide + _GAP, 0, wide - _GAP, self._row)
            text = painter.fontMetrics().elidedText(head, Qt.TextElideMode.ElideRight, room.width())
            painter.drawText(room, _MIDDLE_LEFT, text)
        for place, label in enumerate(self._shown):
            line = QRect(0, top + place * self._row, names, self._row)
            self._paint_name(painter, line, label)
            for number in range(len(self._columns)):
                room = QRect(names + number * wide + _GAP, line.top(), wide - _GAP, self._row)
                self._paint_bar(painter, room, number, label)
        painter.end()

    def _paint_name(self, painter: QPainter, line: QRect, label: int) -> None:
        painter.setFont(theme.font(weight=600 if self._stands_out(label) else 400))
        painter.setPen(theme.colour("text"))
        text = painter.fontMetrics().elidedText(tr(self._classes[label]), Qt.TextElideMode.ElideRight, line.width())
        painter.drawText(line, _MIDDLE_LEFT, text)

    def _paint_bar(self, painter: QPainter, room: QRect, column: int, label: int) -> None:
        share, best = float(self._columns[column][label]), self._best(column) == label
        wide, middle = room.width() - _PERCENT, room.center().y() + 0.5
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("empty_cell"))
        painter.drawRoundedRect(QRectF(room.left(), middle - 5, wide, 10), 3, 3)
        painter.setBrush(theme.colour(self._colour(column, label)))
        if wide * share >= 1:
            painter.drawRoundedRect(QRectF(room.left(), middle - 5, wide * share, 10), 3, 3)
        painter.setFont(theme.font(weight=600 if best else 400, tabular=True))
        painter.setPen(theme.colour(self._colour(column, label) if best else "secondary"))
        painter.drawText(room, _MIDDLE_RIGHT, self._mark(column, label) + _percent(share))

    def _rows(self) -> tuple[int, ...]:
        count = len(self._classes)
        if count <= _MOST_ROWS or not self._columns:
            return tuple(range(count))
        best = np.argsort(-np.max(np.stack(self._columns), axis=0), kind="stable")[:_MOST_ROWS].tolist()
        if self._true is not None and self._true not in best:
            best[-1] = self._true
        return tuple(best)

    def _best(self, column: int) -> int:
        return int(self._columns[column].argmax())

    def _stands_out(self, label: int) -> bool:
        return label == self._true if self._true is not None else self._best(0) == label

    def _colour(self, column: int, label: int) -> str:
        if self._best(column) != label:
            return "faint"
        return "accent" if self._true is None else "right" if label == self._true else "wrong"

    def _mark(self, column: int, label: int) -> str:
        if self._true is None or self._best(column) != label:
            return ""
        return "✓ " if label == self._true else "✗ "

    def _said(self, label: int) -> str:
        shares = ", ".join(
            f"{self._mark(number, label)}{_percent(float(column[label]))}"
            for number, column in enumerate(self._columns)
        )
        return f"{tr(self._classes[label])} {shares}"

    def _name_width(self) -> int:
        metrics = QFontMetrics(theme.font(weight=600))
        wanted = max((metrics.horizontalAdvance(tr(self._classes[label])) for label in self._shown), default=0) + 2
        return min(wanted, max(60, self.width() // 3))


def _percent(share: float) -> str:
    return tr("{share} %", share=f"{100 * share:.1f}")
