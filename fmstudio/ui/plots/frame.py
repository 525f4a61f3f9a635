"""The frame that every plot of a run shares: axes, stripes, crosshair, zoom, and what the keys do."""

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFontMetrics, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from fmstudio.ui import theme
from fmstudio.ui.plots import ticks
from fmstudio.ui.plots.backdrop import Backdrop
from fmstudio.ui.plots.lines import fixed_pen

AXIS_WIDTH = 46
_AXIS_HEIGHT = 22
_ROW = 21
_COLUMN = 84
_SIDE = 10
_ZOOM = 0.8
_PAN = 0.1
_STILL = 4
"""Pixels that the pointer may move while the button is down, and it is a click."""


class Frame(QWidget):
    """Axes over the steps of a run, empty. The page that owns it adds curves to ``plot``.

    The wheel zooms about the pointer, over an axis along it alone; the left button drags. With the keyboard: arrows
    move the crosshair, with Shift the view; Enter chooses what is under it; + and − zoom; Home, like a double click,
    shows everything; Esc hides the crosshair.

    Args:
        rule: Makes the marks of the value axis.
        limits: Beyond these values nobody can zoom or drag; None where the values have no natural limits.

    Attributes:
        zoomed: Whether the user sees a part only, which then stands still.
        marks: Place and label of the marks on the axes "left" and "bottom".
    """

    pointed = Signal(object)
    """The crosshair is over this step (a float), or nowhere (None)."""

    walked = Signal(int)
    """A key asks for the next point: −1 to the left, +1 to the right."""

    hovered = Signal(object)
    """The pointer is over this place of the plot's viewport (a QPointF)."""

    tapped = Signal(object)
    """The user clicked at this place of the plot's viewport (a QPointF), and did not drag."""

    entered = Signal()
    """Enter was pressed, for what is under the crosshair."""

    viewed = Signal()
    """The user sees another part now."""

    def __init__(self, rule: ticks.TickRule, limits: tuple[float, float] | None = None) -> None:
        super().__init__()
        self.plot = pg.PlotWidget(background=theme.current().card, enableMenu=False)
        self.zoomed = False
        self.marks: dict[str, list[ticks.Tick]] = {}
        self._rule = rule
        self._limits = limits
        self._epochs = (1, 1)
        self._rows = (0.0, 1.0)
        self._fitting = False
        self._pressed: QPointF | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.plot)
        self.setFocusProxy(self.plot)
        self._dress()
        self._box = self.plot.getPlotItem().getViewBox()
        self._box.sigRangeChangedManually.connect(self._on_hand)
        self._box.sigRangeChanged.connect(self._on_range)
        self._box.sigResized.connect(self._on_resized)
        self.plot.installEventFilter(self)
        self.plot.viewport().installEventFilter(self)

    def _dress(self) -> None:
        """Axes, backdrop and crosshair in the colours of the theme."""
        item = self.plot.getPlotItem()
        item.hideButtons()
        item.layout.setContentsMargins(0, 2, 0, 0)
        item.getViewBox().setBorder(None)
        for name in ("left", "bottom"):
            axis = item.getAxis(name)
            axis.setPen(theme.colour("line"))
            axis.setTextPen(theme.colour("secondary"))
            axis.setStyle(tickFont=theme.font(theme.SMALL), tickLength=0, tickAlpha=0, hideOverlappingLabels=_SIDE)
        item.getAxis("left").setWidth(AXIS_WIDTH)
        item.getAxis("bottom").setHeight(_AXIS_HEIGHT)
        self._backdrop = Backdrop()
        self._backdrop.setZValue(-100)
        item.getViewBox().addItem(self._backdrop, ignoreBounds=True)
        self._cross = pg.InfiniteLine(angle=90, movable=False, pen=fixed_pen(theme.current().faint))
        self._cross.setZValue(50)
        self._cross.hide()
        self._looked = pg.InfiniteLine(angle=90, movable=False, pen=fixed_pen(theme.current().amber))
        self._looked.setZValue(-50)
        self._looked.hide()
        for line in (self._looked, self._cross):
            self.plot.addItem(line, ignoreBounds=True)

    def set_rule(self, rule: ticks.TickRule) -> None:
        """Mark the value axis by another rule from now on, and show everything."""
        self._rule = rule
        self.zoomed = False

    def fit(self, steps_per_epoch: int, epochs: int, rows: tuple[float, float]) -> None:
        """Say what "everything" is, and show it unless the user has zoomed.

        Args:
            steps_per_epoch: Steps in an epoch.
            epochs: Epochs of the whole run.
            rows: The lowest and the highest place on the value axis.
        """
        new = (max(1, steps_per_epoch), max(1, epochs)), rows
        if new != (self._epochs, self._rows):
            self._epochs, self._rows = new
            self._refit()

    def show_everything(self) -> None:
        """The whole run, from its first to its last step, and all values."""
        changed, self.zoomed = self.zoomed, False
        self._refit()
        if changed:
            self.viewed.emit()

    @property
    def total(self) -> int:
        """Steps of the whole run."""
        return self._epochs[0] * self._epochs[1]

    @property
    def visible(self) -> QRectF:
        """What is visible: steps across, values up (``top()`` is the lowest)."""
        (left, right), (low, high) = self._box.viewRange()
        return QRectF(left, low, right - left, high - low)

    def point_at(self, step: float | None) -> None:
        """Put the crosshair over a step; None hides it."""
        self._cross.setVisible(step is not None)
        if step is not None:
            self._cross.setPos(step)

    def show_looked(self, step: float | None) -> None:
        """Mark the step whose network is looked at; None where it is the present one."""
        self._looked.setVisible(step is not None)
        if step is not None:
            self._looked.setPos(step)

    @property
    def looked(self) -> float | None:
        """The step that is marked, see ``show_looked``."""
        return float(self._looked.value()) if self._looked.isVisible() else None

    def place_of(self, step: float, row: float) -> QPointF:
        """Where something lies in the plot's viewport, by its step and its place on the value axis."""
        return QPointF(self.plot.mapFromScene(self._box.mapViewToScene(QPointF(step, row))))

    def step_at(self, place: QPointF) -> float | None:
        """The step under a place of the plot's viewport; None beside the axes."""
        scene = self.plot.mapToScene(place.toPoint())
        if not self._box.sceneBoundingRect().contains(scene):
            return None
        return float(self._box.mapSceneToView(scene).x())

    def zoom(self, factor: float) -> None:
        """Show this part of what is visible now, about the crosshair or the middle."""
        rect = self.visible
        middle = self._cross.value() if self._cross.isVisible() else rect.center().x()
        self._box.scaleBy((factor, factor), center=(middle, rect.center().y()))
        self._on_hand()

    def pan(self, right: int, up: int) -> None:
        """Move the view by a tenth of itself."""
        rect = self.visible
        self._box.translateBy(x=right * _PAN * rect.width(), y=up * _PAN * rect.height())
        self._on_hand()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the mouse and the keys on the plot."""
        kind = event.type()
        if isinstance(event, QKeyEvent) and kind == QEvent.Type.KeyPress and watched is self.plot:
            return self._key(event)
        if isinstance(event, QMouseEvent) and kind == QEvent.Type.MouseMove:
            self.pointed.emit(self.step_at(event.position()))
            self.hovered.emit(event.position())
        elif isinstance(event, QMouseEvent) and kind == QEvent.Type.MouseButtonDblClick:
            self.show_everything()
        elif isinstance(event, QMouseEvent) and event.button() == Qt.MouseButton.LeftButton:
            self._on_button(event)
        elif kind == QEvent.Type.Leave:
            self.pointed.emit(None)
        elif isinstance(event, QFocusEvent) and watched is self.plot:
            self._on_focus(event)
        return super().eventFilter(watched, event)

    def _key(self, event: QKeyEvent) -> bool:
        keys = Qt.Key
        arrows = {keys.Key_Left: (-1, 0), keys.Key_Right: (1, 0), keys.Key_Up: (0, 1), keys.Key_Down: (0, -1)}
        key = Qt.Key(event.key())
        if key in arrows and event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.pan(*arrows[key])
        elif key in (keys.Key_Left, keys.Key_Right):
            self.walked.emit(arrows[key][0])
        elif key in (keys.Key_Plus, keys.Key_Equal):
            self.zoom(_ZOOM)
        elif key == keys.Key_Minus:
            self.zoom(1 / _ZOOM)
        elif key == keys.Key_Home:
            self.show_everything()
        elif key in (keys.Key_Return, keys.Key_Enter):
            self.entered.emit()
        elif key == keys.Key_Escape and self._cross.isVisible():
            self.pointed.emit(None)
        else:
            return False
        return True

    def _on_button(self, event: QMouseEvent) -> None:
        """Tell a click from a drag."""
        if event.type() == QEvent.Type.MouseButtonPress:
            self._pressed = event.position()
        elif event.type() == QEvent.Type.MouseButtonRelease and self._pressed is not None:
            far, self._pressed = (event.position() - self._pressed).manhattanLength(), None
            if far <= _STILL:
                self.tapped.emit(event.position())

    def _on_focus(self, event: QFocusEvent) -> None:
        """Who comes with the keyboard sees it at the axes."""
        here = event.gotFocus() and event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        for name in ("left", "bottom"):
            self.plot.getPlotItem().getAxis(name).setPen(theme.colour("accent" if here else "line"))
        if event.lostFocus():
            self.pointed.emit(None)

    def _everything(self) -> QRectF:
        """All steps and a few pixels to each side, so that no marker is cut."""
        width = max(50.0, self._box.width())
        side = self.total * _SIDE / (width - 2 * _SIDE)
        low, high = self._rows
        return QRectF(-side, low, self.total + 2 * side, high - low)

    def _refit(self) -> None:
        """The run, its values or the size of the axes have changed."""
        rect = self._everything()
        low, high = self._limits or (None, None)
        self._fitting = True
        self._box.setLimits(xMin=rect.left(), xMax=rect.right(), yMin=low, yMax=high, minXRange=min(2.0, self.total))
        if not self.zoomed:
            self._box.setRange(rect, padding=0, disableAutoRange=True)
        self._fitting = False
        self._mark()

    def _on_resized(self) -> None:
        self._refit()
        self.viewed.emit()

    def _on_range(self) -> None:
        if not self._fitting:
            self._mark()

    def _on_hand(self) -> None:
        """The user has zoomed or dragged; whoever has zoomed out again sees everything."""
        rect, whole = self.visible, self._everything()
        far = max(abs(rect.left() - whole.left()), abs(rect.right() - whole.right())) / whole.width()
        high = max(abs(rect.top() - whole.top()), abs(rect.bottom() - whole.bottom())) / whole.height()
        self.zoomed = max(far, high) > 1e-6
        self.viewed.emit()

    def _mark(self) -> None:
        """Marks and stripes for what is visible."""
        rect = self.visible
        item = self.plot.getPlotItem()
        rows = self._rule(rect.top(), rect.bottom(), max(2, int(self._box.height() / _ROW)))
        most = max(2, int(self._box.width() / _COLUMN))
        columns = ticks.epoch_ticks(rect.left(), min(rect.right(), self.total), self._epochs[0], most)
        self.marks = {"left": rows, "bottom": columns}
        item.getAxis("left").setTicks([rows])
        item.getAxis("bottom").setTicks([self._pushed_in(columns, rect)])
        stride = ticks.epoch_stride(rect.left(), rect.right(), self._epochs[0], most)
        self._backdrop.lay(rect, [row for row, _ in rows], stride * self._epochs[0], self.total)

    def _pushed_in(self, marks: list[ticks.Tick], rect: QRectF) -> list[ticks.Tick]:
        """The same labels, those at the sides moved inwards so far that they are whole."""
        metrics = QFontMetrics(theme.font(theme.SMALL))
        unit = rect.width() / max(1.0, self._box.width())
        halves = [(metrics.horizontalAdvance(text) / 2 + 1) * unit for _, text in marks]
        return [
            (min(max(place, rect.left() + half), rect.right() - half), text)
            for (place, text), half in zip(marks, halves, strict=True)
        ]
