"""The training pictures nearest to a picture, as plain arrays."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fmstudio.training.events import Ints


@dataclass(frozen=True, eq=False)
class Neighbours:
    """Training pictures, nearest first.

    Attributes:
        split: Where the picture is that was asked about, and ``sample`` its index there.
        images: Their pixels, uint8, shape (k, height, width) or (k, height, width, channels).
        samples: Index of each in the training split, shape (k,).
        labels: Class of each, shape (k,).
        distances: Cosine distance of the features, 0 (the same direction) … 2, shape (k,).
    """

    split: str
    sample: int
    images: NDArray[np.uint8]
    samples: Ints
    labels: Ints
    distances: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.samples)
