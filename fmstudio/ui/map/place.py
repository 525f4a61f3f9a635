"""Where the points of a map lie on the screen: zoom, what is inside a line, and what comes next in a direction."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Doubles = NDArray[np.float64]

MARGIN = 14.0
"""Between the outermost points and the edge of the map, in pixels."""
_MOST_ZOOM = 400.0
_LEAST_SPAN = 1e-9


@dataclass(frozen=True)
class Window:
    """The part of the plane that is seen.

    Attributes:
        x: What lies in the middle; ``y``: likewise, upwards.
        scale: Pixels a unit.
        whole: The scale at which all points are seen.
    """

    x: float = 0.0
    y: float = 0.0
    scale: float = 1.0
    whole: float = 1.0

    def screen(self, points: NDArray[np.floating], width: float, height: float) -> Doubles:
        """Where points (n, 2) of the plane lie on a widget of this size, (n, 2)."""
        return np.asarray(
            (points.astype(np.float64) - [self.x, self.y]) * [self.scale, -self.scale] + [width / 2, height / 2]
        )

    def zoomed(self, factor: float, at_x: float, at_y: float, width: float, height: float) -> "Window":
        """Nearer or farther, so that what is under a place on the widget stays there."""
        scale = float(np.clip(self.scale * factor, self.whole / 2, self.whole * _MOST_ZOOM))
        right, up = at_x - width / 2, height / 2 - at_y
        x = self.x + right / self.scale - right / scale
        return replace(self, x=x, y=self.y + up / self.scale - up / scale, scale=scale)

    def moved(self, right: float, down: float) -> "Window":
        """The points shifted by so many pixels."""
        return replace(self, x=self.x - right / self.scale, y=self.y + down / self.scale)


def around(points: NDArray[np.floating], width: float, height: float) -> Window:
    """The window in which all points are seen, both axes at the same scale."""
    if not len(points):
        return Window()
    low, high = points.min(axis=0).astype(float), points.max(axis=0).astype(float)
    span = np.maximum(high - low, _LEAST_SPAN)
    scale = float(min((max(width, 60.0) - 2 * MARGIN) / span[0], (max(height, 60.0) - 2 * MARGIN) / span[1]))
    if not high.any() and not low.any():
        scale = 1.0
    x, y = (low + high) / 2
    return Window(float(x), float(y), scale, scale)


def inside(places: Doubles, line: Doubles) -> NDArray[np.bool_]:
    """Which places (n, 2) lie within a closed line (m, 2), by the even-odd rule."""
    found = np.zeros(len(places), np.bool_)
    if len(line) < 3:
        return found
    within = ((places >= line.min(axis=0)) & (places <= line.max(axis=0))).all(axis=1)
    x, y = places[within].T
    crossed = np.zeros(len(x), np.bool_)
    for (x1, y1), (x2, y2) in zip(line, np.roll(line, -1, axis=0), strict=True):
        if y1 != y2:
            between = (y1 > y) != (y2 > y)
            crossed ^= between & (x < (x2 - x1) * (y - y1) / (y2 - y1) + x1)
    found[within] = crossed
    return found


def nearest(places: Doubles, x: float, y: float, reach: float) -> int:
    """The place next to a point, -1 where none is within reach."""
    if not len(places):
        return -1
    far = (places[:, 0] - x) ** 2 + (places[:, 1] - y) ** 2
    best = int(far.argmin())
    return best if far[best] <= reach**2 else -1


def next_towards(places: Doubles, row: int, right: int, down: int) -> int:
    """The next place in a direction: near, and rather straight ahead than aside; the same where there is none."""
    step = places - places[row]
    ahead = step[:, 0] * right + step[:, 1] * down
    aside = np.abs(step[:, 0] * down) + np.abs(step[:, 1] * right)
    fits = (ahead > 0.5) & (aside <= ahead)
    if not fits.any():
        return row
    cost = np.where(fits, ahead + 2 * aside, np.inf)
    return int(cost.argmin())
