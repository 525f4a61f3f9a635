"""The valley: the loss over two parameters of a linear network, as numbers on a grid. No torch."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from fmstudio.catalog.losses import Loss
from fmstudio.catalog.number_losses import ErrorLoss, Mse
from fmstudio.insight.regression import Link, NumberPoints, link_of, linked, loss_of, thinned

Doubles = NDArray[np.float64]
Span = tuple[float, float]
GRID = (72, 54)
"""How many values of the parameter across, and of the one upwards."""

_POINTS = 240
_ROOM = 0.22
_STEP = 0.5
_LEAST = 1e-3
_FARTHEST = 6.0
_TINY = 1e-8


@dataclass(frozen=True, eq=False)
class Surface:
    """The loss over two parameters.

    Attributes:
        across: The range of the first parameter; ``up`` of the second.
        losses: Mean loss at each place, shape (rows, columns), the lowest ``up`` first.
    """

    across: Span
    up: Span
    losses: Doubles


Axes = Literal["line", "plane"]
"""Over w and b of one input, or over the two weights of two inputs with b held at its true value."""


def axes_of(points: NumberPoints) -> Axes | None:
    """What can be drawn; None where there are too many parameters."""
    axes: dict[int, Axes] = {1: "line", 2: "plane"}
    return axes.get(points.inputs)


def places(parameters: NDArray[Any]) -> Doubles:
    """Where weights and bias lie on the surface: the first two of them, shape (n, 2)."""
    return np.asarray(parameters[:, :2], np.float64)


def lowest_place(points: NumberPoints, link: Link = "") -> Doubles:
    """Where the squared error is smallest, shape (2,); with a link, of the outputs that would answer rightly."""
    features, targets = _features(points)
    if link:
        held = points.dataset.b if points.inputs == 2 else 0.0
        rates = np.maximum(targets + held, 1e-3)
        targets = (np.log(rates) if link == "exp" else np.log(np.expm1(np.minimum(rates, 700.0)))) - held
    found, *_ = np.linalg.lstsq(features.T @ features, features.T @ targets, rcond=None)
    return np.asarray(found, np.float64)


def loss_surface(points: NumberPoints, spec: Mapping[str, Any], across: Span, up: Span) -> Surface:
    """The mean loss of the training points over two parameters.

    Args:
        points: With one or two inputs.
        spec: Which loss; one that is not known is taken for the squared error.
        across: The range of the first parameter.
        up: The range of the second.
    """
    first, second = np.linspace(*across, GRID[0]), np.linspace(*up, GRID[1])
    loss = loss_of(spec)
    if loss is None or isinstance(loss, Mse):
        half = isinstance(loss, Mse) and loss.half
        return Surface(across, up, _squares(points, first, second) * (0.5 if half else 1.0))
    rows = thinned(len(points.train_y), _POINTS)
    features, targets = _features(points)
    held = points.dataset.b if points.inputs == 2 else 0.0
    chosen, true = features[rows], targets[rows] + held
    outputs = first[np.newaxis, :, np.newaxis] * chosen[:, 0] + second[:, np.newaxis, np.newaxis] * chosen[:, 1]
    return Surface(across, up, _costs(loss, outputs + held, true, link_of(spec)).mean(axis=-1))


def span_of(values: Doubles, true: float, lowest: float) -> Span:
    """A range that holds zero, the start, the true value, the lowest place and what was reached, with room.

    It only depends on these, and grows by whole steps: the same path always has the same range, and while a path
    becomes longer its range seldom changes and never shrinks. The very far is left out.

    Args:
        values: The path, its start first.
        true: Of the rule.
        lowest: Where the loss is smallest.
    """
    finite = values[np.isfinite(values)]
    start = float(finite[0]) if len(finite) else 0.0
    low, high = min(0.0, start, true, lowest), max(0.0, start, true, lowest)
    reach = max(high - low, _LEAST * max(1.0, abs(true)), 0.1)
    low, high = low - _ROOM * reach, high + _ROOM * reach
    near = finite[np.abs(finite - true) <= _FARTHEST * reach]
    if not len(near):
        return low, high
    below, above = max(0.0, low - float(near.min())), max(0.0, float(near.max()) - high)
    step = _STEP * reach
    return low - step * math.ceil(below / step), high + step * math.ceil(above / step)


def levels(losses: Doubles, bands: int) -> Doubles:
    """How high each place lies, 0…``bands``: by the logarithm above the lowest, so that the bottom can be seen too."""
    finite = losses[np.isfinite(losses)]
    if not len(finite):
        return np.zeros_like(losses)
    lowest, highest = float(finite.min()), float(finite.max())
    floor = max((highest - lowest) * 2e-3, _TINY)
    heights = np.log1p(np.clip(np.where(np.isfinite(losses), losses, highest) - lowest, 0, None) / floor)
    return np.asarray(bands * heights / max(float(heights.max()), _TINY), np.float64)


def _features(points: NumberPoints) -> tuple[Doubles, Doubles]:
    """What the two parameters are multiplied with, shape (n, 2), and what the sum should be, shape (n,)."""
    x, y = points.train_x.astype(np.float64), points.train_y.astype(np.float64)
    if points.inputs == 1:
        return np.column_stack([x[:, 0], np.ones(len(y))]), y
    return x, y - points.dataset.b


def _squares(points: NumberPoints, first: Doubles, second: Doubles) -> Doubles:
    """The mean squared error over the grid, from the means of products: as fast for a million points as for ten."""
    features, targets = _features(points)
    count = len(targets)
    products, cross = features.T @ features / count, features.T @ targets / count
    u, v = first[np.newaxis, :], second[:, np.newaxis]
    squares = u**2 * products[0, 0] + 2 * u * v * products[0, 1] + v**2 * products[1, 1]
    losses = squares - 2 * u * cross[0] - 2 * v * cross[1] + float(targets @ targets) / count
    return np.asarray(np.maximum(losses, 0.0), np.float64)


def _costs(loss: Loss, outputs: Doubles, targets: Doubles, link: Link) -> Doubles:
    """The loss of each output; of a loss that is no function of the error, that of counts with these rates."""
    if isinstance(loss, ErrorLoss):
        return np.asarray(loss.cost(outputs - targets)[0], np.float64)
    rates = linked(outputs, link)
    return np.asarray(rates - targets * np.log(np.maximum(rates, _TINY)), np.float64)
