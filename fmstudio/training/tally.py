"""What is counted over the steps; losses stay on the device until they are read in a block."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from torch import Tensor

from fmstudio.training.events import StepsTaken
from fmstudio.training.pace import Stopwatch

_SUMS = ("epoch", "steps", "complete", "count", "loss_sum", "right_sum")


class Tally:
    """Sums of an epoch, and the steps that were not told yet; a block may reach over several epochs.

    The sums are made in Python floats in step order, so that blocks change no bit of them.

    Args:
        summed: Whether a batch's loss is the sum over its samples, not their mean.
    """

    def __init__(self, *, summed: bool = False) -> None:
        self._summed = summed
        self._losses: list[Tensor] = []
        self._right: list[Tensor] = []
        self._sizes: list[int] = []
        self._rates: list[float] = []
        self.read_at = 0.0
        """Seconds of training at the last reading."""
        self.begin()

    def begin(self, epoch: int = 0) -> None:
        """A new epoch: forget the sums of the one before."""
        self.epoch = epoch
        """The epoch that is counted, from 1; 0 before the first."""
        self._older = len(self._losses)
        self.steps = 0
        """Steps of this epoch so far."""
        self.complete = False
        """Whether all batches of the epoch were seen."""
        self.count = 0
        """Samples of this epoch that were trained on, as far as they were read."""
        self._loss_sum = 0.0
        self._right_sum = 0

    def add(self, loss: Tensor, right: Tensor | None, size: int, rate: float) -> None:
        """Count one step: its loss and number of right answers (on the device), its size and its rate."""
        self._losses.append(loss)
        if right is not None:
            self._right.append(right)
        self._sizes.append(size)
        self._rates.append(rate)
        self.steps += 1

    def state(self) -> dict[str, Any]:
        """Its sums; to be called when all is read."""
        sums = (self.epoch, self.steps, self.complete, self.count, self._loss_sum, self._right_sum)
        return dict(zip(_SUMS, sums, strict=True))

    def restore(self, state: Mapping[str, Any]) -> None:
        """Count on from there."""
        sums = (state[name] for name in _SUMS)
        self.epoch, self.steps, self.complete, self.count, self._loss_sum, self._right_sum = sums

    def read(self, step: int, watch: Stopwatch) -> StepsTaken | None:
        """Read the block since the last time, and stop the watch; None where there is none."""
        if not self._losses:
            watch.stop()
            return None
        losses = torch.stack(self._losses).float().cpu().numpy()
        if self._right:
            self._right_sum += int(torch.stack(self._right[self._older :]).sum()) if self.steps else 0
        watch.stop()
        for loss, size in list(zip(losses.tolist(), self._sizes, strict=True))[self._older :]:
            self._loss_sum += loss if self._summed else loss * size
            self.count += size
        if self._summed:
            losses = losses / np.array(self._sizes, np.float32)
        rates = np.array(self._rates, np.float32)
        self._losses, self._right, self._sizes, self._rates = [], [], [], []
        self._older = 0
        self.read_at = watch.seconds
        return StepsTaken(step=step, epoch=self.epoch, losses=losses, rates=rates, seconds=watch.seconds)

    @property
    def mean_loss(self) -> float:
        """Over the samples of the epoch as they were trained on; NaN where there are none."""
        return self._loss_sum / self.count if self.count else float("nan")

    @property
    def right_share(self) -> float:
        """Over the samples of the epoch as they were trained on, 0…1; NaN where there are none."""
        return self._right_sum / self.count if self.count else float("nan")
