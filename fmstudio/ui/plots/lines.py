"""The curves: one pyqtgraph item each, told apart by line style and marker, not by colour alone."""

from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPen

from fmstudio.ui.plots.history import EMPTY, Doubles, Line

MARKERS = 60
"""With more points than this in view, markers would only hide the line."""

_APART = 0.75
"""Of its size, from one marker to the next at least: nearer ones run into one fat band."""

_FEW = 600


@dataclass(frozen=True)
class Look:
    """How a curve looks, on the plot and in the legend.

    Attributes:
        colour: Of line and marker, ``"#rrggbb"``.
        width: Of the line; 0 for markers alone. Wider than 1 only for lines of few points.
        dash: The line's style.
        symbol: Of the marker, as pyqtgraph names it ("o", "d", "s"); empty for a line alone.
        fill: Of the marker, ``"#rrggbb"``.
        size: Of the marker, in pixels.
        instead: Width of the line that is drawn where the markers have no room; 0 where another curve shows the same.
    """

    colour: str
    width: int = 2
    dash: Qt.PenStyle = Qt.PenStyle.SolidLine
    symbol: str = ""
    fill: str = ""
    size: int = 8
    instead: int = 0

    def line_pen(self, density: float = 1.0) -> QPen:
        """The pen of the line."""
        return fixed_pen(self.colour, max(1, self.width) * density, self.dash)

    def marker_pen(self, density: float = 1.0) -> QPen:
        """The pen of the marker's outline."""
        return fixed_pen(self.colour, 1.5 * density)


def fixed_pen(colour: str, width: float = 1.0, dash: Qt.PenStyle = Qt.PenStyle.SolidLine) -> QPen:
    """A pen whose width is in pixels of the screen, however the plot is stretched.

    Args:
        colour: ``"#rrggbb"``.
        width: In pixels of the device: Qt does not multiply it on a screen of 200 %, so we do.
        dash: The line's style.
    """
    pen = QPen(QColor(colour), width, dash)
    pen.setCosmetic(True)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    return pen


class Curve:
    """One curve on a plot.

    Args:
        plot: The pyqtgraph plot that it is added to.
        look: How it looks.
        name: What it shows; to find the item by.
        depth: Greater lies above.
    """

    def __init__(self, plot: pg.PlotWidget, look: Look, name: str, depth: int = 0) -> None:
        self.look = look
        self._density = 1.0
        self._logarithmic = False
        symbol = {"symbol": look.symbol, "symbolSize": look.size} if look.symbol else {}
        self.item = pg.PlotDataItem(
            pen=look.line_pen() if look.width else None,
            symbolPen=look.marker_pen(),
            symbolBrush=QColor(look.fill or look.colour),
            name=name,
            antialias=True,
            useCache=False,
            **symbol,
        )
        self.item.setZValue(depth)
        plot.addItem(self.item)

    def show(self, line: Line) -> None:
        """Draw these points and no others."""
        steps, values = line
        if self._logarithmic:
            positive = np.asarray(values) > 0
            steps, values = (steps, np.where(positive, values, np.nan)) if positive.any() else EMPTY
        few = len(steps) <= _FEW
        marked = self._has_room(steps)
        options: dict[str, object] = {"antialias": few, "symbol": (self.look.symbol or None) if marked else None}
        if self.look.width:
            options["pen"] = self._pen(len(steps))
        elif self.look.instead:
            width = self.look.instead * self._density
            options["pen"] = None if marked else fixed_pen(self.look.colour, width, self.look.dash)
        self.item.setData(steps, np.asarray(values, np.float64), **options)

    def _has_room(self, steps: Doubles) -> bool:
        """Whether markers at these steps stand apart in what is visible."""
        if len(steps) > MARKERS:
            return False
        box = self.item.getViewBox()
        left, right = box.viewRange()[0]
        if len(steps) < 2 or box.width() <= 1:
            return True
        apart = float(np.median(np.diff(steps))) * float(box.width()) / float(right - left)
        return apart >= _APART * self.look.size

    def _pen(self, count: int) -> QPen | None:
        """Wide for few points, thin for many, none for a single one."""
        if count < 2:
            return None
        return self.look.line_pen(self._density) if count <= _FEW else fixed_pen(self.look.colour, 1, self.look.dash)

    def set_density(self, density: float) -> None:
        """Draw for a device with so many pixels to the pixel; takes effect on what is drawn next."""
        if density != self._density:
            self._density = density
            self.item.opts["symbolPen"] = self.look.marker_pen(density)

    def set_logarithmic(self, on: bool) -> None:
        """Draw the values by their logarithm, those that have none as gaps; takes effect on what is drawn next."""
        self._logarithmic = on
        self.item.setData([], [])
        self.item.setLogMode(False, on)

    @property
    def points(self) -> Line:
        """What is drawn now, as it was given."""
        steps, values = self.item.getOriginalDataset()
        return EMPTY if steps is None else (steps, values)
