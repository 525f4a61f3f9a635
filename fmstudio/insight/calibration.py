"""How sure a network is, and whether it is right as often as it says. No torch.

Confidence is the probability of the predicted class. Predictions keep it in half precision, which is off by at most
0.00025 near 1 (and less below): far less than the width of any bin, but every confidence from 0.99976 on is exactly 1.
Bins hold their lower end and not their upper one; the last one holds 1, too. So a bin holds exactly the pictures of
the condition "confidence in", and a confidence that rounds to an edge belongs to the bin above it.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from fmstudio.insight.intervals import Interval, wilson
from fmstudio.training.events import Ints

Floats = NDArray[np.float64]

FINE = 100
"""Bins that all others are made of: of one per cent each."""

CALIBRATION_BINS = 10
"""Bins of the reliability diagram, over which ECE and MCE are taken."""


@dataclass(frozen=True)
class Coverage:
    """What is right if only what is sure enough is answered.

    Attributes:
        threshold: The least confidence that is answered, 0…1.
        counted: Pictures in all.
        answered: Those that are answered.
        right: Those that are answered rightly.
    """

    threshold: float
    counted: int
    answered: int
    right: int

    @property
    def right_share(self) -> float | None:
        """Share of the answers that are right, 0…1; None where nothing is answered."""
        return self.right / self.answered if self.answered else None

    @property
    def withheld(self) -> int:
        """Pictures that are not answered."""
        return self.counted - self.answered

    @property
    def withheld_share(self) -> float | None:
        """Share of the pictures that are not answered, 0…1; None where there are no pictures."""
        return self.withheld / self.counted if self.counted else None

    @property
    def interval(self) -> Interval | None:
        """Wilson's interval for the share of right answers."""
        return wilson(self.right, self.answered)


@dataclass(frozen=True, eq=False)
class Sureness:
    """Pictures counted in equal bins of confidence, from 0 to 1.

    Attributes:
        count: Pictures in each bin, shape (b,).
        right: Those of them that were answered rightly, shape (b,).
        confidence: Sum of their confidences, shape (b,).
    """

    count: Ints
    right: Ints
    confidence: Floats

    @property
    def bins(self) -> int:
        """How many."""
        return len(self.count)

    @cached_property
    def edges(self) -> Floats:
        """Where they begin, and where the last one ends, shape (b + 1,)."""
        return np.arange(self.bins + 1) / self.bins

    @cached_property
    def counted(self) -> int:
        """Pictures in all; those whose probabilities are no numbers are in none of the bins."""
        return int(self.count.sum())

    @property
    def wrong(self) -> Ints:
        """Pictures in each bin that were answered wrongly, shape (b,)."""
        return self.count - self.right

    @cached_property
    def accuracy(self) -> Floats:
        """Share of right answers in each bin, shape (b,); NaN where it is empty."""
        return _divided(self.right, self.count)

    @cached_property
    def mean_confidence(self) -> Floats:
        """Mean confidence in each bin, shape (b,); NaN where it is empty."""
        return _divided(self.confidence, self.count)

    @property
    def right_share(self) -> float | None:
        """Share of right answers in all, 0…1; None where nothing was counted."""
        return float(self.right.sum()) / self.counted if self.counted else None

    @property
    def said_share(self) -> float | None:
        """Mean confidence of all answers, 0…1: how many it says are right; None where nothing was counted."""
        return float(self.confidence.sum()) / self.counted if self.counted else None

    @cached_property
    def ece(self) -> float | None:
        """Expected calibration error: the mean over all pictures of how far their bin is off, 0…1; None for none."""
        return float(np.abs(self.right - self.confidence).sum()) / self.counted if self.counted else None

    @cached_property
    def mce(self) -> float | None:
        """Maximum calibration error: how far that bin is off that is furthest off, 0…1; None where all are empty."""
        return float(np.nanmax(np.abs(self.accuracy - self.mean_confidence))) if self.counted else None

    def merged(self, bins: int) -> "Sureness":
        """The same in fewer bins, each made of equally many of these.

        Raises:
            ValueError: Where they cannot be made of these.
        """
        if self.bins % bins:
            raise ValueError(f"{self.bins} bins cannot be merged into {bins}.")
        count, right = (part.reshape(bins, -1).sum(axis=1) for part in (self.count, self.right))
        return Sureness(count, right, self.confidence.reshape(bins, -1).sum(axis=1))

    def above(self, place: int) -> Coverage:
        """What is right if only pictures in this bin and those above are answered; ``place`` 0…b."""
        return Coverage(
            threshold=float(self.edges[place]),
            counted=self.counted,
            answered=int(self.count[place:].sum()),
            right=int(self.right[place:].sum()),
        )


def sureness(confidence: NDArray[np.floating], right: NDArray[np.bool_], bins: int = FINE) -> Sureness:
    """Count pictures by confidence.

    Args:
        confidence: Probability of the predicted class of each, 0…1, shape (n,); NaN is left out.
        right: Which were answered rightly, shape (n,).
        bins: How many, of equal width.
    """
    wide = confidence.astype(np.float32) if confidence.dtype == np.float16 else confidence
    known = np.isfinite(wide)
    if not known.all():
        wide, right = wide[known], right[known]
    edges = (np.arange(bins + 1) / bins).astype(wide.dtype)
    places = np.clip(np.searchsorted(edges, wide, side="right") - 1, 0, bins - 1)
    return Sureness(
        count=np.bincount(places, minlength=bins),
        right=np.bincount(places[right], minlength=bins),
        confidence=np.asarray(np.bincount(places, weights=wide.astype(np.float64), minlength=bins), np.float64),
    )


def _divided(part: NDArray[np.number], whole: Ints) -> Floats:
    shares = np.full(len(whole), np.nan)
    np.divide(part, whole, out=shares, where=whole > 0)
    return shares
