"""The key of a map: a word for each colour, to be pointed at (that class stands out) and clicked (look at it)."""

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QKeyEvent,
    QLinearGradient,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from fmstudio.ui import theme
from fmstudio.ui.looking import CHOOSING, Verb, verb_of
from fmstudio.ui.map.colours import MapEntry
from fmstudio.words import tr

_LINE = 20
_DOT, _RAMP, _GAP, _BETWEEN = 9, 56, 5, 12
_LINES = 3
_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1}


class MapKey(QWidget):
    """Words in one to three lines.

    Attributes:
        pointed: At an entry, its number; -1: at none.
        chosen: An entry was clicked, or Enter or Space was pressed on it: its number and a ``Verb``.
        cleared: Esc was pressed while something could be stepped back from.
        clearable: Whether Esc means this key.
    """

    pointed = Signal(int)
    chosen = Signal(int, object)
    cleared = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("mapKey")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(tr("What the colours mean"))
        self._entries: tuple[MapEntry, ...] = ()
        self._places: list[QRect] = []
        self.clearable = False
        self._at = -1
        self._lines = 1

    @property
    def entries(self) -> tuple[MapEntry, ...]:
        """What it names."""
        return self._entries

    def show_entries(self, entries: tuple[MapEntry, ...]) -> None:
        """Name these colours."""
        if entries != self._entries:
            self._entries = entries
            self._point(-1)
            self.setAccessibleDescription(", ".join(entry.words for entry in entries))
            self._arrange()

    def place(self, number: int) -> QRect:
        """Where an entry stands; an empty place where there was no room for it."""
        return self._places[number] if number < len(self._places) else QRect()

    def sizeHint(self) -> QSize:
        """As many lines as are needed; once they were more they stay, so that nothing jumps."""
        return QSize(200, self._lines * _LINE)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Arrange the words anew."""
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self._lines = 0
            self._arrange()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw a mark and a word for each entry."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.font(theme.SMALL))
        for number, place in enumerate(self._places):
            entry = self._entries[number]
            if number == self._at:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(theme.colour("accent_soft"))
                painter.drawRoundedRect(QRectF(place).adjusted(-4, 1, 4, -1), 4, 4)
            _paint_mark(painter, place, entry)
            painter.setPen(theme.colour("text" if number == self._at else "secondary"))
            left = place.left() + (_RAMP if entry.until else _DOT) + _GAP
            words = QRect(left, place.top(), place.right() - left + 2, place.height())
            painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, entry.words)
        hidden = len(self._entries) - len(self._places)
        if hidden > 0 and self._places:
            painter.setPen(theme.colour("secondary"))
            last = self._places[-1].translated(self._places[-1].width() + _BETWEEN, 0)
            last.setRight(self.width())
            more = tr("and {count} more", count=hidden)
            painter.drawText(last, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, more)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Say what the mouse points at."""
        self._point(self._entry_at(event.position().toPoint()))

    def leaveEvent(self, event: QEvent) -> None:
        """It points at nothing any more."""
        self._point(-1)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Look at a class."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._choose(self._entry_at(event.position().toPoint()), verb_of(event.modifiers()))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Count a class alone."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._choose(self._entry_at(event.position().toPoint()), Verb.ALONE)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows go from word to word, Enter or Space looks (Ctrl adds, Shift counts alone), Esc leaves."""
        key = Qt.Key(event.key())
        if key in _STEPS and self._places:
            start = self._at if self._at >= 0 else (-1 if _STEPS[key] > 0 else 0)
            self._point((start + _STEPS[key]) % len(self._places))
        elif key in CHOOSING:
            self._choose(self._at, verb_of(event.modifiers()))
        elif key == Qt.Key.Key_Escape and self.clearable:
            self.cleared.emit()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Point at the first word."""
        super().focusInEvent(event)
        if self._at < 0 and self._places:
            self._point(0)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Point at none."""
        super().focusOutEvent(event)
        self._point(-1)

    def _choose(self, number: int, verb: Verb) -> None:
        if number >= 0 and self._entries[number].condition is not None:
            self.chosen.emit(number, verb)

    def _entry_at(self, at: QPoint) -> int:
        found = (n for n, place in enumerate(self._places) if place.adjusted(-4, 0, 5, 0).contains(at))
        return next(found, -1)

    def _point(self, number: int) -> None:
        if number != self._at:
            self._at = number
            clickable = number >= 0 and number < len(self._entries) and self._entries[number].condition is not None
            self.setCursor(Qt.CursorShape.PointingHandCursor if clickable else Qt.CursorShape.ArrowCursor)
            self.update()
            self.pointed.emit(number)

    def _arrange(self) -> None:
        metrics, left, line = self.fontMetrics(), 4, 0
        self._places = []
        room = metrics.horizontalAdvance(tr("and {count} more", count=len(self._entries))) + _BETWEEN
        for entry in self._entries:
            width = (_RAMP if entry.until else _DOT) + _GAP + metrics.horizontalAdvance(entry.words)
            last = line == _LINES - 1 and entry is not self._entries[-1]
            if left + width > self.width() - (room if last else 0) and left > 4:
                if line == _LINES - 1:
                    break
                left, line = 4, line + 1
            self._places.append(QRect(left, line * _LINE, width, _LINE))
            left += width + _BETWEEN
        if line + 1 > self._lines:
            self._lines = line + 1
            self.updateGeometry()
        self.update()


def _paint_mark(painter: QPainter, place: QRect, entry: MapEntry) -> None:
    middle = QPointF(place.left() + _DOT / 2, place.center().y() + 1)
    if entry.cross:
        painter.setPen(QPen(QColor(entry.colour), 2))
        painter.drawLine(middle + QPointF(-3.5, -3.5), middle + QPointF(3.5, 3.5))
        painter.drawLine(middle + QPointF(-3.5, 3.5), middle + QPointF(3.5, -3.5))
        return
    painter.setPen(Qt.PenStyle.NoPen)
    if entry.until:
        bar = QRectF(place.left(), middle.y() - 4, _RAMP, 8)
        ramp = QLinearGradient(bar.topLeft(), bar.topRight())
        ramp.setColorAt(0, QColor(entry.colour))
        ramp.setColorAt(1, QColor(entry.until))
        painter.setBrush(ramp)
        painter.drawRoundedRect(bar, 2, 2)
        return
    painter.setBrush(QColor(entry.colour))
    painter.drawEllipse(middle, _DOT / 2, _DOT / 2)
