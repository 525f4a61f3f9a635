"""A chart of points and lines, drawn by hand; what stands still is drawn once."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPixmap

from fmstudio.ui import theme
from fmstudio.ui.chart_axes import Axes, Span, StillChart, paint_axes, room_of
from fmstudio.ui.plots.ticks import Tick

_BARS = 0.22
"""How far the longest bar reaches into the plot."""


@dataclass(frozen=True, eq=False)
class Cloud:
    """Points.

    Attributes:
        x: Shape (n,); ``y`` likewise.
        colour: A colour of the theme.
        alpha: How much hides what is below, 0…1.
        size: Of a point, in pixels.
        hollow: Rings, not discs.
    """

    x: NDArray[Any]
    y: NDArray[Any]
    colour: str = "secondary"
    alpha: float = 0.5
    size: float = 4.5
    hollow: bool = False


@dataclass(frozen=True, eq=False)
class Stroke:
    """A line through points.

    Attributes:
        x: Shape (n,); ``y`` likewise.
        colour: A colour of the theme.
        width: In pixels.
        dash: Its style.
        pairs: Whether each two points are a line of their own.
    """

    x: NDArray[Any]
    y: NDArray[Any]
    colour: str = "accent"
    width: float = 2.0
    dash: Qt.PenStyle = Qt.PenStyle.SolidLine
    pairs: bool = False

    @property
    def pen(self) -> QPen:
        """The pen that draws it."""
        made = QPen(theme.colour(self.colour), self.width, self.dash)
        made.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        made.setCapStyle(Qt.PenCapStyle.RoundCap)
        return made


@dataclass(frozen=True, eq=False)
class Scene:
    """What a chart shows.

    Attributes:
        across: The range of the horizontal axis; ``up`` of the vertical one.
        names: What the axes show.
        clouds: Below the lines.
        strokes: Above the points.
        columns: Marks of the horizontal axis; None for round numbers.
        heights: Lengths of bars that lie at the right side, 0…1, from the foot to the top in equal steps.
    """

    across: Span
    up: Span
    names: tuple[str, str] = ("", "")
    clouds: tuple[Cloud, ...] = ()
    strokes: tuple[Stroke, ...] = ()
    columns: Sequence[Tick] | None = None
    heights: tuple[float, ...] = ()


class Chart(StillChart):
    """Draws a scene; points that are the same arrays as before are not drawn again.

    Attributes:
        scene: What is shown; None: nothing.
    """

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.scene: Scene | None = None
        self._kept: tuple[Cloud, ...] = ()

    def show_scene(self, scene: Scene | None) -> None:
        """Show something else."""
        self.scene = scene
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw what stands still from its picture, then the lines."""
        scene = self.scene
        if scene is None:
            return
        axes = Axes(room_of(self.width(), self.height()), scene.across, scene.up, scene.names)
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._background(scene, axes))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setClipRect(axes.room.adjusted(1, 0, 0, -1))
        for stroke in scene.strokes:
            painter.setPen(stroke.pen)
            if stroke.pairs:
                places = axes.places(stroke.x, stroke.y)
                painter.drawLines([QLineF(a, b) for a, b in zip(places[::2], places[1::2], strict=True)])
            else:
                painter.drawPolyline(axes.polygon(stroke.x, stroke.y))

    def _background(self, scene: Scene, axes: Axes) -> QPixmap:
        """Axes, bars and points as a picture."""
        arrays = tuple((id(cloud.x), id(cloud.y), cloud.colour) for cloud in scene.clouds)
        columns = None if scene.columns is None else tuple(scene.columns)

        def paint(painter: QPainter) -> None:
            self._kept = scene.clouds
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            paint_axes(painter, axes, scene.columns)
            painter.setClipRect(axes.room)
            _paint_bars(painter, axes.room, scene.heights)
            for cloud in scene.clouds:
                _paint_cloud(painter, axes, cloud)

        return self.still((scene.across, scene.up, scene.names, columns, scene.heights, arrays), paint)


def _paint_cloud(painter: QPainter, axes: Axes, cloud: Cloud) -> None:
    if cloud.hollow:
        painter.setPen(QPen(theme.colour(cloud.colour), 1.5))
        painter.setBrush(theme.colour("card"))
        for point in axes.places(cloud.x, cloud.y):
            painter.drawEllipse(point, cloud.size / 2, cloud.size / 2)
        return
    pen = QPen(theme.colour(cloud.colour, cloud.alpha), cloud.size)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setPen(pen)
    painter.drawPoints(axes.polygon(cloud.x, cloud.y))


def _paint_bars(painter: QPainter, room: QRectF, heights: tuple[float, ...]) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.colour("accent", 0.22))
    step = room.height() / max(1, len(heights))
    for place, height in enumerate(heights):
        length = _BARS * room.width() * height
        painter.drawRect(QRectF(room.right() - length, room.bottom() - (place + 1) * step, length, step - 1))


def rows_of_bars(values: NDArray[Any], up: Span, bars: int) -> tuple[float, ...]:
    """How many of some numbers lie in each of so many equal parts of a range, the fullest 1."""
    counts, _ = np.histogram(values[np.isfinite(values)], bins=bars, range=up)
    most = max(1, int(counts.max(initial=0)))
    return tuple(float(count) / most for count in counts)
