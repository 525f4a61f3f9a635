"""How the curves of many runs look: six colours that colour-blind eyes tell apart, four line styles, and markers.

The colours are those of M. Okabe and K. Ito, "Color universal design" (2008), without those that the ground swallows;
the dark theme has them lighter. The first six runs differ in colour, the next six in the line's style too.
"""

from collections.abc import Iterable, Mapping

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPolygonF

from fmstudio.ui import theme
from fmstudio.ui.plots.lines import Look

COLOURS: Mapping[str, tuple[str, ...]] = {
    "light": ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#1a1d21"),
    "dark": ("#4d9de0", "#e69f00", "#12a57b", "#d98cb9", "#f0e442", "#e0662a"),
}
DASHES = (Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine, Qt.PenStyle.DotLine, Qt.PenStyle.DashDotLine)
SYMBOLS = ("o", "s", "t", "d")
DIFFERENT = len(COLOURS["light"]) * len(DASHES)
"""So many looks differ in colour or style; those after them in the marker."""

SWATCH = 34
"""How long the piece of a curve in the legend is: two periods of the longest style."""


def look_of(slot: int) -> Look:
    """The look of a place in the order of the runs."""
    colours = COLOURS[theme.current().name]
    colour = colours[slot % len(colours)]
    style = slot // len(colours)
    symbol = SYMBOLS[(style + style // len(DASHES)) % len(SYMBOLS)]
    return Look(colour, 2, DASHES[style % len(DASHES)], symbol, colour, 7)


def slots_for(keys: Iterable[str], before: Mapping[str, int]) -> dict[str, int]:
    """A place for each key: those that were shown before keep theirs, new ones take the first that are free."""
    wanted = list(keys)
    kept = {key: before[key] for key in wanted if key in before}
    free = (slot for slot in range(len(wanted) + len(kept)) if slot not in set(kept.values()))
    return {key: kept[key] if key in kept else next(free) for key in wanted}


def draw_swatch(painter: QPainter, left: QPointF, look: Look, density: float) -> None:
    """A short piece of a curve with its marker, ``SWATCH`` wide."""
    painter.setPen(look.line_pen(density))
    painter.drawLine(left, left + QPointF(SWATCH, 0))
    painter.setPen(look.marker_pen(density))
    painter.setBrush(QColor(look.fill or look.colour))
    painter.drawPath(_marker(look.symbol, look.size).translated(left + QPointF(SWATCH / 2, 0)))


def _marker(symbol: str, size: float) -> QPainterPath:
    """The marker about the origin."""
    half, path = size / 2, QPainterPath()
    box = QRectF(-half, -half, size, size)
    if symbol == "o":
        path.addEllipse(box)
    elif symbol == "s":
        path.addRect(box)
    else:
        tip = (QPointF(0, -half), QPointF(half, 0), QPointF(0, half), QPointF(-half, 0))
        down = (QPointF(-half, -half), QPointF(half, -half), QPointF(0, half))
        path.addPolygon(QPolygonF(list(tip if symbol == "d" else down)))
        path.closeSubpath()
    return path
