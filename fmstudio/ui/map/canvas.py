"""The points of a map as they lie on the screen, and their image: made once, and kept until something changes."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from fmstudio.training.events import Floats
from fmstudio.ui import theme
from fmstudio.ui.map.colours import Dress
from fmstudio.ui.map.place import Window, around
from fmstudio.ui.map.raster import Marks, blended, cross, disc, image, packed

_FAINT = 0.16
_SIZES = ((400, 3.4), (1_500, 2.8), (4_000, 2.3))
_SMALLEST, _GROWN, _USUAL = 1.9, 1.7, 320


class MapCanvas:
    """Points, what they look like, and which part of the plane is seen.

    Attributes:
        points: Where they are now, shape (n, 2), upwards.
        places: Where they lie on the widget, in pixels, shape (n, 2).
        window: What is seen.
        fitted: Whether that is always all of them.
    """

    def __init__(self) -> None:
        self.points: Floats = np.empty((0, 2), np.float32)
        self.places: NDArray[np.float64] = np.empty((0, 2))
        self.window, self.fitted = Window(), True
        self._dress: Dress | None = None
        self._strong: NDArray[np.bool_] | None = None
        self._group = -1
        self._size, self._ratio = (1, 1), 1.0
        self._image: QImage | None = None

    def resize(self, width: int, height: int, ratio: float) -> None:
        """It is so many pixels large, each of them so many of the device."""
        self._size, self._ratio = (width, height), ratio
        self.put(self.points)

    def put(self, points: Floats) -> None:
        """The points lie elsewhere."""
        self.points = points
        if self.fitted:
            self.window = around(points, *self._size)
        self._renew()

    def wear(self, dress: Dress, strong: NDArray[np.bool_] | None) -> None:
        """They look otherwise; see ``MapView.show_dress``."""
        self._dress, self._strong = dress, strong
        self._image = None

    def point_out(self, group: int) -> bool:
        """Let one entry of the key stand out, -1: none; returns whether that changes anything."""
        changed = group != self._group
        self._group = group
        if changed:
            self._image = None
        return changed

    def fit(self) -> None:
        """See all points, and go on doing so."""
        self.fitted = True
        self.put(self.points)

    def zoom(self, factor: float, x: float, y: float) -> None:
        """Nearer or farther about a place on the widget."""
        self.window, self.fitted = self.window.zoomed(factor, x, y, *self._size), False
        self._renew()

    def shift(self, right: float, down: float) -> None:
        """Move all points by so many pixels."""
        self.window, self.fitted = self.window.moved(right, down), False
        self._renew()

    def _renew(self) -> None:
        self.places = self.window.screen(self.points, *self._size)
        self._image = None

    @property
    def radius(self) -> float:
        """Of a point, in pixels: smaller where there are many, larger on a large map and where one looks closely."""
        plain = next((size for count, size in _SIZES if len(self.points) <= count), _SMALLEST)
        plain *= float(np.clip((min(self._size) / _USUAL) ** 0.5, 1.0, _GROWN))
        return plain * float(np.clip((self.window.scale / self.window.whole) ** 0.25, 1.0, _GROWN))

    @property
    def image(self) -> QImage:
        """The points, painted."""
        if self._image is None:
            ground = packed(theme.colour("card"))
            width, height = (max(1, round(length * self._ratio)) for length in self._size)
            self._image = image(width, height, ground, self._layers(ground))
            self._image.setDevicePixelRatio(self._ratio)
        return self._image

    def _layers(self, ground: np.uint32) -> list[Marks]:
        """Faint points below strong ones, crosses over discs."""
        dress = self._dress
        if dress is None or len(dress.colours) != len(self.points):
            return []
        strong = self._strong if self._group < 0 else dress.groups == self._group
        places, radius = self.places * self._ratio, round(self.radius * self._ratio, 1)
        layers = []
        for faint in (True, False):
            chosen = np.full(len(places), not faint) if strong is None else strong != faint
            for crosses in (False, True):
                rows = dress.order[(chosen & (dress.crosses == crosses))[dress.order]]
                if len(rows):
                    colours = dress.colours[rows]
                    stamp = cross(radius * 1.3, radius * 0.65) if crosses else disc(radius)
                    layers.append(Marks(places[rows], blended(colours, ground, _FAINT) if faint else colours, stamp))
        return layers
