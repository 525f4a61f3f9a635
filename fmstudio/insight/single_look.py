"""What one look at a picture gives while somebody paints on it, as plain arrays."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Look:
    """One look at a picture, as it was and as it is now.

    Attributes:
        was: The pixels as they were: the very array that was asked about.
        seen: What the network sees of it now, float32, shape (channels, height, width).
        before: Probability of each class for the picture as it was, 0…1, shape (classes,).
        now: The same for the picture as it is now.
        heat: How much each pixel matters to the score of the class that it is taken for now, 0…1, the most 1, shape
            (height, width); None where it was not asked for, or where there is none.
        why_cold: Why there is no heat; empty where there is, or where nobody asked.
    """

    was: NDArray[np.uint8]
    seen: NDArray[np.float32]
    before: NDArray[np.float32]
    now: NDArray[np.float32]
    heat: NDArray[np.float32] | None = None
    why_cold: str = ""
