"""A dashed horizontal line that says what it is: "people 83.5 %"."""

import pyqtgraph as pg
from PySide6.QtCore import Qt

from fmstudio.ui import theme
from fmstudio.ui.plots.lines import fixed_pen

_SOFT = 0.82
_UNDER, _ABOVE = -10, 20
"""The line lies under the curves; the words lie above them, on a ground that lets little through."""


class Reference:
    """One such line on a plot, hidden until it has a value.

    Args:
        plot: The pyqtgraph plot that it is added to.
    """

    def __init__(self, plot: pg.PlotWidget) -> None:
        self.line = pg.InfiniteLine(angle=0, movable=False)
        self.set_density(1.0)
        self.text = pg.TextItem(color=theme.colour("secondary"), fill=theme.colour("card", _SOFT))
        self.text.setFont(theme.font(theme.SMALL))
        for item, depth in ((self.line, _UNDER), (self.text, _ABOVE)):
            item.setZValue(depth)
            item.hide()
            plot.addItem(item, ignoreBounds=True)

    def show(self, value: float | None, words: str) -> None:
        """Stand at a value and say these words; None hides it."""
        for item in (self.line, self.text):
            item.setVisible(value is not None)
        if value is not None:
            self.line.setPos(value)
            self.text.setText(words)

    def set_density(self, density: float) -> None:
        """Draw for a device with so many pixels to the pixel."""
        self.line.setPen(fixed_pen(theme.current().secondary, density, Qt.PenStyle.DashLine))

    def lean(self, end: float, *, right: bool, below: bool) -> None:
        """Write the words at this end of the line, the right or the left one, under it or above it."""
        self.text.setAnchor((1 if right else 0, 0 if below else 1))
        self.text.setPos(end, self.line.value())
