"""The valley: the loss over two parameters as a map with contours, and the path that training takes on it."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPen, QPixmap, QPolygonF

from fmstudio.insight.surface import Surface, levels
from fmstudio.ui import theme
from fmstudio.ui.chart_axes import Axes, StillChart, paint_axes, room_of
from fmstudio.ui.style import mix

Doubles = NDArray[np.float64]

_BANDS = 14
_PATH = 1200
_DOTS = 24
"""With at most so many steps each of them is a dot."""


class ValleyChart(StillChart):
    """Draws a surface, the true parameters as a ring with a cross, the path, and where it has come to.

    Attributes:
        path: Places that are drawn, shape (n, 2).
    """

    def __init__(self) -> None:
        super().__init__("valleyChart")
        self.path: Doubles = np.empty((0, 2))
        self._surface: Surface | None = None
        self._true: tuple[float, float] | None = None
        self._names = ("", "")

    def show_surface(self, surface: Surface | None, true: tuple[float, float] | None, names: tuple[str, str]) -> None:
        """Show another valley; ``true`` is its rule, ``names`` are those of the parameters."""
        self._surface, self._true, self._names = surface, true, names
        self.update()

    def show_path(self, path: Doubles) -> None:
        """Show the way that was taken, shape (n, 2); the newest place last."""
        rows = np.arange(len(path))
        if len(path) > _PATH:
            rows = np.unique(np.linspace(0, len(path) - 1, _PATH).round().astype(np.int64))
        self.path = path[rows]
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the map from its picture, then the path."""
        surface = self._surface
        if surface is None:
            return
        axes = Axes(room_of(self.width(), self.height()), surface.across, surface.up, self._names)
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._background(surface, axes))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setClipRect(axes.room)
        if self._true is not None:
            _paint_true(painter, axes, self._true)
        if len(self.path):
            self._paint_path(painter, axes)

    def _paint_path(self, painter: QPainter, axes: Axes) -> None:
        places = axes.places(self.path[:, 0], self.path[:, 1])
        if not places:
            return
        painter.setPen(QPen(theme.colour("card", 0.8), 4))
        painter.drawPolyline(QPolygonF(places))
        painter.setPen(QPen(theme.colour("accent"), 2))
        painter.drawPolyline(QPolygonF(places))
        painter.setBrush(theme.colour("card"))
        dots = places if len(places) <= _DOTS else [places[0]]
        for dot in dots:
            painter.drawEllipse(dot, 3, 3)
        painter.setPen(QPen(theme.colour("card"), 2))
        painter.setBrush(theme.colour("accent"))
        painter.drawEllipse(places[-1], 6, 6)

    def _background(self, surface: Surface, axes: Axes) -> QPixmap:
        """The map and its axes as a picture."""

        def paint(painter: QPainter) -> None:
            ratio = self.devicePixelRatioF()
            size = (max(1, round(axes.room.width() * ratio)), max(1, round(axes.room.height() * ratio)))
            image = contour_image(levels(surface.losses, _BANDS), *size)
            painter.drawImage(axes.room, image, QRectF(image.rect()))
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            paint_axes(painter, axes, grid=False)

        return self.still((id(surface), self._names), paint)


def contour_image(heights: Doubles, width: int, height: int) -> QImage:
    """A map: deep is tinted, high is the colour of the ground, with thin lines of equal height.

    Args:
        heights: At the places of a grid, 0…bands, the lowest row first.
        width: In pixels; ``height`` likewise.
        height: See ``width``.
    """
    fine = _stretched(heights, width, height)[::-1]
    now = theme.current()
    deep = mix(now.card, now.accent, 0.42 if now.name == "light" else 0.5)
    colours = np.array([_rgb(deep), _rgb(mix(now.card, now.accent, 0.02))])
    share = np.clip(fine / max(float(fine.max()), 1e-9), 0, 1)[..., np.newaxis]
    pixels = colours[0] + (colours[1] - colours[0]) * share
    across, up = np.gradient(fine, axis=1), np.gradient(fine, axis=0)
    steep = np.maximum(np.hypot(across, up), 1e-6)
    near = np.clip(1.0 - np.abs(fine - np.round(fine)) / steep, 0, 1) * np.clip(1.5 - 2 * steep, 0, 1) * 0.3
    ink = np.array(_rgb(now.accent if now.name == "light" else now.text))
    pixels += (ink - pixels) * near[..., np.newaxis]
    packed = np.full((height, width, 4), 255, np.uint8)
    packed[..., :3] = pixels[..., ::-1].round()
    return QImage(packed.tobytes(), width, height, 4 * width, QImage.Format.Format_RGB32).copy()


def _stretched(grid: Doubles, width: int, height: int) -> Doubles:
    """A grid as fine as pixels, by straight lines between its places."""
    rows, columns = grid.shape
    right, up = np.linspace(0, columns - 1, width), np.linspace(0, rows - 1, height)
    left, low = np.minimum(right.astype(int), columns - 2), np.minimum(up.astype(int), rows - 2)
    across = (right - left)[np.newaxis, :]
    wide = grid[:, left] * (1 - across) + grid[:, left + 1] * across
    upward = (up - low)[:, np.newaxis]
    return np.asarray(wide[low] * (1 - upward) + wide[low + 1] * upward, np.float64)


def _rgb(colour: str) -> tuple[int, int, int]:
    made = QColor(colour)
    return made.red(), made.green(), made.blue()


def _paint_true(painter: QPainter, axes: Axes, true: tuple[float, float]) -> None:
    """A ring with a cross through it."""
    place = QPointF(axes.xs(np.array([true[0]]))[0], axes.ys(np.array([true[1]]))[0])
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for colour, width in (("card", 4.0), ("right", 2.0)):
        painter.setPen(QPen(theme.colour(colour), width))
        painter.drawEllipse(place, 8, 8)
        for way in (QPointF(1, 0), QPointF(0, 1), QPointF(-1, 0), QPointF(0, -1)):
            painter.drawLine(place + way * 5, place + way * 12)
