"""Why a network answered so: how much each pixel mattered to the score of one class, as plain arrays."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Method = Literal["gradient", "integrated", "grad-cam", "occlusion"]

METHODS: tuple[Method, ...] = ("gradient", "integrated", "grad-cam", "occlusion")
"""The ways to ask, quickest first where one can know."""

Heat = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Explanation:
    """What one method says of one picture and one class.

    Attributes:
        method: Which one.
        target: The class whose score is explained.
        score: What the network gives for that class, before softmax.
        probability: The same after softmax, 0…1.
        amount: How much each pixel mattered, 0 or more, shape (height, width).
        signed: For the class where positive, against it where negative, same shape; None where the method cannot tell.
        gap: By how much the parts do not add up to the whole, as a share of it; None where they need not.
        layer: The layer whose outputs were weighed, as torch names it; empty for the others.
        places: How many rows and columns its maps have; (0, 0) for the others.
        patch: Edge of the square that was covered, in pixels; 0 for the others.
        lowest: The least probability of the class with a square covered, 0…1; None for the others.
    """

    method: Method
    target: int
    score: float
    probability: float
    amount: Heat
    signed: Heat | None = None
    gap: float | None = None
    layer: str = ""
    places: tuple[int, int] = (0, 0)
    patch: int = 0
    lowest: float | None = None

    @property
    def is_empty(self) -> bool:
        """Whether no pixel mattered at all."""
        return not np.any(self.amount) and (self.signed is None or not np.any(self.signed))
