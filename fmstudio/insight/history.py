"""How each picture was answered epoch by epoch: when it was learned, and when forgotten again. No torch."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from fmstudio.training.events import EpochEnded, Ints, Predictions


@dataclass(frozen=True, eq=False)
class History:
    """The answers of all epochs for the same pictures.

    Attributes:
        epochs: Number of each epoch, ascending, shape (e,).
        samples: Index of each picture in its split, ascending, shape (n,).
        labels: True class of each, shape (n,).
        predicted: Predicted class of each in each epoch, shape (e, n).
    """

    epochs: Ints
    samples: Ints
    labels: Ints
    predicted: NDArray[np.uint16]

    @cached_property
    def right(self) -> NDArray[np.bool_]:
        """Which were right in which epoch, shape (e, n)."""
        return np.asarray(self.predicted == self.labels.astype(np.uint16), np.bool_)

    @cached_property
    def learned(self) -> Ints:
        """The epoch in which each was right for the first time, -1 where it never was, shape (n,)."""
        if not len(self.epochs):
            return np.full(len(self.samples), -1, np.int64)
        return np.where(self.right.any(axis=0), self.epochs[self.right.argmax(axis=0)], -1)

    @cached_property
    def forgotten(self) -> Ints:
        """The first epoch in which each was wrong after it had been right, -1 where there is none, shape (n,)."""
        if len(self.epochs) < 2:
            return np.full(len(self.samples), -1, np.int64)
        lost = self._lost
        return np.where(lost.any(axis=0), self.epochs[1:][lost.argmax(axis=0)], -1)

    @cached_property
    def times_forgotten(self) -> Ints:
        """How often each went from right to wrong, shape (n,)."""
        return np.asarray(self._lost.sum(axis=0), np.int64)

    @property
    def _lost(self) -> NDArray[np.bool_]:
        return np.asarray(self.right[:-1] & ~self.right[1:], np.bool_)

    def of(self, samples: Ints) -> "History":
        """The history of some pictures, in their order; they must all be known.

        Raises:
            KeyError: Where one is not.
        """
        rows = np.searchsorted(self.samples, samples)
        known = rows < len(self.samples)
        if not known.all() or not np.array_equal(self.samples[rows], samples):
            raise KeyError("a picture without a history")
        return History(self.epochs, samples, self.labels[rows], self.predicted[:, rows])


def history(epochs: Sequence[EpochEnded]) -> History | None:
    """The history of a run's test pictures; None where it predicts numbers or no answers were kept.

    An epoch that answered other pictures than the first one is left out.
    """
    kept = [(epoch.epoch, epoch.predictions) for epoch in epochs]
    answered = [(number, one) for number, one in kept if isinstance(one, Predictions) and len(one)]
    if not answered:
        return None
    first = answered[0][1]
    order = np.argsort(first.samples, kind="stable")
    same = [(number, one) for number, one in answered if np.array_equal(one.samples, first.samples)]
    return History(
        epochs=np.array([number for number, _ in same], np.int64),
        samples=first.samples[order],
        labels=first.labels[order],
        predicted=np.stack([one.predicted[order].astype(np.uint16) for _, one in same]),
    )
