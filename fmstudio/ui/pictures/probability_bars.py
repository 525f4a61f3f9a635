"""A bar for each class: how sure the network is, and how sure it was before somebody painted on the picture."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from fmstudio.training.events import Ints
from fmstudio.ui import theme
from fmstudio.words import tr, tr_n

_ROW = 18
_MOST, _SHOWN = 12, 10
"""Of more classes than the first number only the second number of them is shown, the likeliest."""
_SEEN = 0.005
"""Smaller probabilities are not marked."""
_NAMES, _PERCENT, _WORDS = 88, 62, 70
_MIDDLE_LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
_MIDDLE_RIGHT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight


class ProbabilityBars(QWidget):
    """A bar for each class; the true class and the predicted one say so in words."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("probabilityBars")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._classes: tuple[str, ...] = ()
        self._shares: NDArray[np.float32] = np.empty(0, np.float32)
        self._before: NDArray[np.float32] | None = None
        self._label, self._predicted = -1, -1
        self._rows: Ints = np.empty(0, np.int64)

    def show_probabilities(
        self,
        classes: tuple[str, ...],
        probabilities: NDArray[np.floating],
        true: int,
        predicted: int,
        before: NDArray[np.float32] | None = None,
    ) -> None:
        """Show one picture's probabilities.

        Args:
            classes: Names of the classes.
            probabilities: Of each class, 0…1, shape (classes,).
            true: What it really is.
            predicted: What it is taken for.
            before: What the probabilities were, marked on each bar; None: there is no before.
        """
        fewer = len(classes) != len(self._classes)
        self._classes, self._shares, self._before = classes, probabilities.astype(np.float32), before
        self._label, self._predicted = true, predicted
        self._rows = shown_classes(self._shares if before is None else np.maximum(before, self._shares), true)
        self.setAccessibleDescription("; ".join([*(self._sentence(int(row)) for row in self._rows), *self._left()]))
        if fewer:
            self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """A row for each class that is shown."""
        return QSize(320, _ROW * (len(self._rows) + len(self._left())))

    def minimumSizeHint(self) -> QSize:
        """The same, narrower."""
        return QSize(240, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint a row for each class."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for place, row in enumerate(self._rows):
            self._paint_row(painter, place * _ROW, int(row))
        painter.setFont(theme.font(theme.SMALL))
        painter.setPen(theme.colour("secondary"))
        for text in self._left():
            painter.drawText(QRect(0, len(self._rows) * _ROW, self.width(), _ROW), _MIDDLE_LEFT, text)
        painter.end()

    def _paint_row(self, painter: QPainter, top: int, row: int) -> None:
        said = self._said(row)
        painter.setFont(theme.font(weight=600 if said else 400))
        painter.setPen(theme.colour("text"))
        name = painter.fontMetrics().elidedText(tr(self._classes[row]), Qt.TextElideMode.ElideRight, _NAMES)
        painter.drawText(QRect(0, top, _NAMES + 2, _ROW), _MIDDLE_LEFT, name)
        bar = QRectF(_NAMES + 6, top + 5, self.width() - _NAMES - _PERCENT - _WORDS - 12, 8)
        self._paint_bar(painter, bar, row)
        painter.setFont(theme.font(weight=600 if said else 400, tabular=True))
        painter.setPen(theme.colour("text" if said else "secondary"))
        painter.drawText(QRect(int(bar.right()), top, _PERCENT, _ROW), _MIDDLE_RIGHT, self._percent(row))
        painter.setFont(theme.font(theme.SMALL))
        painter.setPen(self._bar_colour(row))
        painter.drawText(QRect(self.width() - _WORDS, top, _WORDS, _ROW), _MIDDLE_LEFT, said)

    def _paint_bar(self, painter: QPainter, room: QRectF, row: int) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("empty_cell"))
        painter.drawRoundedRect(room, 3, 3)
        painter.setBrush(self._bar_colour(row))
        length = room.width() * float(self._shares[row])
        if length >= 1:
            painter.drawRoundedRect(QRectF(room.left(), room.top(), length, room.height()), 3, 3)
        if self._before is not None and max(self._before[row], self._shares[row]) >= _SEEN:
            left = room.left() + min(room.width() - 2, room.width() * float(self._before[row]))
            painter.fillRect(QRectF(round(left), room.top() - 3, 2, room.height() + 6), theme.colour("text"))

    def _bar_colour(self, row: int) -> QColor:
        if row == self._predicted:
            return theme.colour("right" if row == self._label else "wrong")
        return theme.colour("right" if row == self._label else "faint")

    def _percent(self, row: int) -> str:
        return tr("{share} %", share=f"{100 * float(self._shares[row]):.1f}")

    def _said(self, row: int) -> str:
        """What there is to say of a class."""
        if row == self._label:
            return tr("✓ really") if row == self._predicted else tr("really")
        return tr("✗ taken for") if row == self._predicted else ""

    def _sentence(self, row: int) -> str:
        parts = [tr(self._classes[row]), self._percent(row), self._said(row)]
        if self._before is not None:
            parts.append(tr("(was {share} %)", share=f"{100 * float(self._before[row]):.1f}"))
        return " ".join(part for part in parts if part)

    def _left(self) -> list[str]:
        """How many classes are not shown, in words; nothing where all are."""
        left = len(self._classes) - len(self._rows)
        return [tr_n("… {count} more", "… {count} more", left)] if left else []


def shown_classes(shares: NDArray[np.float32], true: int) -> Ints:
    """Which classes have a row: all, or of many the likeliest and the true one, likeliest first.

    Args:
        shares: Probability of each class, shape (classes,).
        true: The true class.
    """
    if len(shares) <= _MOST:
        return np.arange(len(shares))
    order = np.argsort(-shares, kind="stable")
    likeliest = order[:_SHOWN]
    return likeliest if true in likeliest else np.append(likeliest[:-1], true)
