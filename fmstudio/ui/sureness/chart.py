"""A chart over how sure the network is, in bins that one can click, walk through with the keys, and read."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from fmstudio.insight.calibration import Sureness
from fmstudio.session.selection import ConfidenceIn
from fmstudio.ui import theme
from fmstudio.ui.chart_axes import Axes, Span, paint_axes, room_of
from fmstudio.ui.looking import CHOOSING, Verb, verb_of
from fmstudio.ui.plots.ticks import Tick
from fmstudio.words import tr

_COLUMNS = (0, 20, 40, 60, 80, 100)
_STEPS = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1}


class SurenessChart(QWidget):
    """What the charts over confidence have in common; a subclass paints the bins and says what each is.

    Attributes:
        whole: What was counted, in the bins of the chart; None: nothing is known yet.
        part: What is looked at; None: nothing in particular.
        current: The bin that the keyboard is at; -1: none.
        asked: A bin was clicked, or Enter or Space was pressed on it: a ``ConfidenceIn`` and a ``Verb``.
        cleared: Esc was pressed while something could be stepped back from.
        clearable: Whether Esc means this chart.
    """

    asked = Signal(object, object)
    cleared = Signal()

    def __init__(self, name: str, title: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(title)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.whole: Sureness | None = None
        self.part: Sureness | None = None
        self.current = -1
        self.clearable = False
        self._pressed = -1

    def show_bins(self, whole: Sureness | None, part: Sureness | None) -> None:
        """Show what was counted, and strong over it what is looked at."""
        if whole is not self.whole or part is not self.part:
            self.whole, self.part = whole, part
            self.current = min(self.current, -1 if whole is None else whole.bins - 1)
            self._tell()
            self.update()

    def words(self, place: int) -> str:
        """What one bin says."""
        raise NotImplementedError

    def top(self) -> float:
        """The number at the top of the vertical axis."""
        raise NotImplementedError

    def paint_bins(self, painter: QPainter, axes: Axes) -> None:
        """Paint what was counted into the axes."""
        raise NotImplementedError

    def paint_ground(self, painter: QPainter, axes: Axes) -> None:
        """Paint what lies below the axes; nothing, unless a chart has something to say there."""

    def axis_names(self) -> tuple[str, str]:
        """What the horizontal and the vertical axis show."""
        raise NotImplementedError

    def axes(self) -> Axes:
        """Where numbers lie on the widget."""
        up: Span = (0.0, self.top())
        return Axes(room_of(self.width(), self.height()), (0.0, 100.0), up, self.axis_names())

    def bar(self, place: int) -> QRectF:
        """Where a bin lies, from top to bottom."""
        room, bins = self.axes().room, 1 if self.whole is None else self.whole.bins
        width = room.width() / bins
        return QRectF(room.left() + place * width, room.top(), width, room.height())

    def bin_at(self, place: QPointF) -> int:
        """The bin below a point; -1: none."""
        room = self.axes().room
        if self.whole is None or not room.adjusted(0, -room.top(), 1, 1).contains(place):
            return -1
        return min(int((place.x() - room.left()) / room.width() * self.whole.bins), self.whole.bins - 1)

    def sizeHint(self) -> QSize:
        """As in a window of 1440 × 900; it takes all the room there is."""
        return QSize(400, 240)

    def minimumSizeHint(self) -> QSize:
        """The marks can still be read."""
        return QSize(200, 90)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint axes, bins, and a frame round the bin that the keyboard is at."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        axes = self.axes()
        self.paint_ground(painter, axes)
        columns: list[Tick] = [(mark, tr("{number} %", number=mark)) for mark in _COLUMNS]
        paint_axes(painter, axes, columns, grid=self.whole is not None)
        self.paint_bins(painter, axes)
        if self.hasFocus() and self.current >= 0:
            painter.setPen(QPen(theme.colour("accent"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(self.bar(self.current).adjusted(0, 1, 0, -1), 3, 3)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Remember the bin: it counts when the button is released over the same."""
        self._pressed = self.bin_at(event.position()) if event.button() == Qt.MouseButton.LeftButton else -1

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Look at the bin that was clicked."""
        place, self._pressed = self._pressed, -1
        if place >= 0 and place == self.bin_at(event.position()):
            self.ask(place, verb_of(event.modifiers()))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Count the bin alone."""
        place, self._pressed = self.bin_at(event.position()), -1
        if place >= 0 and event.button() == Qt.MouseButton.LeftButton:
            self.ask(place, Verb.ALONE)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Say what lies below the pointer, and that it can be clicked."""
        place = self.bin_at(event.position())
        self.setToolTip(self.words(place) if place >= 0 else "")
        self.setCursor(Qt.CursorShape.PointingHandCursor if place >= 0 else Qt.CursorShape.ArrowCursor)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk with the arrows, look with Enter or Space (Ctrl adds, Shift counts alone), leave with Esc."""
        if event.key() in CHOOSING and self.current >= 0:
            self.ask(self.current, verb_of(event.modifiers()))
        elif event.key() == Qt.Key.Key_Escape and self.clearable:
            self.cleared.emit()
        elif self.whole is not None and event.key() in _STEPS:
            self._walk(_STEPS[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show where the keyboard is."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show it no more."""
        super().focusOutEvent(event)
        self.update()

    def ask(self, place: int, verb: Verb) -> None:
        """Ask for the pictures of a bin."""
        if self.whole is not None:
            low, high = self.whole.edges[place : place + 2].tolist()
            self.asked.emit(ConfidenceIn(low, high), verb)

    def _walk(self, step: int) -> None:
        bins = 0 if self.whole is None else self.whole.bins
        first = bins - 1 if step < 0 or self.current < 0 else 0
        self.current = first if self.current < 0 else min(max(self.current + step, 0), bins - 1)
        self._tell()
        self.update()

    def _tell(self) -> None:
        """What a screen reader says of it."""
        self.setAccessibleDescription(self.words(self.current) if self.current >= 0 else "")
