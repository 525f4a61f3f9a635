"""What is inside a network, as plain arrays: what layers give, what they look for, how their numbers are spread."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float32]

WeightKind = Literal["filters", "templates", "units"]
"""Windows of a convolution; what each class looks for in the whole picture; what each number of a layer looks for."""


@dataclass(frozen=True, eq=False)
class LayerOutput:
    """What one layer gives for one picture.

    Attributes:
        name: Of the layer, as torch names it: "layer1.0.conv1"; empty for a network of one layer.
        kind: Its class: "Conv2d".
        shape: Of what it gives, without the batch: (channels, height, width) or (numbers,).
        values: The first of them: maps of shape (some, height, width), large ones made smaller, or numbers of shape
            (some,).
    """

    name: str
    kind: str
    shape: tuple[int, ...]
    values: Values

    @property
    def has_maps(self) -> bool:
        """Whether it gives maps."""
        return self.values.ndim == 3

    @property
    def count(self) -> int:
        """How many maps or numbers it gives in all."""
        return self.shape[0]


@dataclass(frozen=True, eq=False)
class WeightSet:
    """The weights of one layer as pictures: a row for each number or channel it makes, a column for each it takes.

    Attributes:
        name: Of the layer, as torch names it; empty for the network itself.
        kind: What they are.
        pictures: Shape (some made, some taken, height, width); above 0 light speaks for it, below 0 against it.
        made: How many rows there are in all.
        taken: How many columns there are in all.
    """

    name: str
    kind: WeightKind
    pictures: Values
    made: int
    taken: int


@dataclass(frozen=True, eq=False)
class Spread:
    """How some numbers are spread.

    Attributes:
        counts: How many lie in each of equal parts, shape (bins,).
        low: Where the first part begins; ``high`` where the last one ends.
        mean: Of all.
        deviation: Their standard deviation.
        zeros: Share that is exactly 0, 0…1.
    """

    counts: NDArray[np.int64]
    low: float
    high: float
    mean: float
    deviation: float
    zeros: float


@dataclass(frozen=True, eq=False)
class ParameterSpread:
    """How the weights of one tensor are spread, and the gradients of the loss at them.

    Attributes:
        name: Of the tensor, as torch names it.
        shape: Its shape.
        weights: Of its numbers.
        gradients: Of the loss over some training pictures.
    """

    name: str
    shape: tuple[int, ...]
    weights: Spread
    gradients: Spread
