"""The line under a chart: what each of its lines is, and at its right how many points are drawn."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from fmstudio.ui import theme

_HEIGHT = 18
_SWATCH, _GAP, _BETWEEN = 18, 5, 14


@dataclass(frozen=True)
class Entry:
    """One word of the key.

    Attributes:
        words: What it is.
        colour: A colour of the theme.
        dash: The line's style; ``NoPen`` for a point.
        hollow: A ring, where it is a point.
    """

    words: str
    colour: str
    dash: Qt.PenStyle = Qt.PenStyle.SolidLine
    hollow: bool = False


class ChartKey(QWidget):
    """One row of fixed height.

    Attributes:
        entries: What the lines are.
        note: Stands at the right.
    """

    def __init__(self, indent: int) -> None:
        super().__init__()
        self._indent = indent
        self.entries: tuple[Entry, ...] = ()
        self.note = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_entries(self, entries: tuple[Entry, ...], note: str = "") -> None:
        """Name these lines."""
        if (entries, note) != (self.entries, self.note):
            self.entries, self.note = entries, note
            self.setAccessibleName(" · ".join([*(entry.words for entry in entries), note]).strip(" ·"))
            self.setToolTip(note)
            self.update()

    def sizeHint(self) -> QSize:
        """As wide as there is room, one line high."""
        return QSize(160, _HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the names, then as much of the note as has room."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.font(theme.SMALL))
        metrics, left, middle = painter.fontMetrics(), float(self._indent), self.height() / 2
        for entry in self.entries:
            width = metrics.horizontalAdvance(entry.words)
            if left + _SWATCH + _GAP + width > self.width():
                break
            _paint_swatch(painter, QPointF(left, middle), entry)
            painter.setPen(theme.colour("secondary"))
            place = QRectF(left + _SWATCH + _GAP, 0, width + 2, self.height())
            painter.drawText(place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, entry.words)
            left += _SWATCH + _GAP + width + _BETWEEN
        room = QRectF(left, 0, self.width() - left, self.height())
        note = metrics.elidedText(self.note, Qt.TextElideMode.ElideRight, int(room.width()))
        if len(note) > 1:
            painter.setPen(theme.colour("secondary"))
            painter.drawText(room, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, note)


def _paint_swatch(painter: QPainter, left: QPointF, entry: Entry) -> None:
    if entry.dash != Qt.PenStyle.NoPen:
        painter.setPen(QPen(theme.colour(entry.colour), 2, entry.dash))
        painter.drawLine(left, left + QPointF(_SWATCH, 0))
        return
    painter.setPen(QPen(theme.colour(entry.colour), 1.5))
    painter.setBrush(theme.colour("card") if entry.hollow else theme.colour(entry.colour))
    painter.drawEllipse(left + QPointF(_SWATCH / 2, 0), 3.5, 3.5)


def lay_out_tabbed(
    panel: QWidget, title: QWidget, tabs: QWidget, views: Sequence[QWidget], key: QWidget
) -> QStackedWidget:
    """Place a title with tabs at its right, below them one of some charts, and at the foot their key.

    Returns:
        What turns from one chart to another.
    """
    head = QHBoxLayout()
    head.setSpacing(6)
    head.addWidget(title)
    head.addStretch(1)
    head.addWidget(tabs)
    stack = QStackedWidget()
    for view in views:
        stack.addWidget(view)
    column = QVBoxLayout(panel)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(4)
    column.addLayout(head)
    column.addWidget(stack, 1)
    column.addWidget(key)
    return stack
