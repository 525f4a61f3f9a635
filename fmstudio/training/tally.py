"""What is counted over the steps of an epoch; losses stay on the device until they are read in a block."""

import numpy as np
import torch
from torch import Tensor

from fmstudio.training.events import StepsTaken
from fmstudio.training.pace import Stopwatch


class Tally:
    """Sums of one epoch. The sums are made in Python floats in step order, so that blocks change no bit of them.

    Args:
        started_at: Seconds of training when the epoch began.
    """

    def __init__(self, started_at: float) -> None:
        self.started_at = started_at
        self.read_at = started_at
        """Seconds of training at the last reading."""
        self.complete = False
        """Whether all batches of the epoch were seen."""
        self._losses: list[Tensor] = []
        self._right: list[Tensor] = []
        self._sizes: list[int] = []
        self._rates: list[float] = []
        self.count = 0
        """Samples that were trained on, as far as they were read."""
        self._loss_sum = 0.0
        self._right_sum = 0

    def add(self, loss: Tensor, right: Tensor, size: int, rate: float) -> None:
        """Count one step: its mean loss and number of right answers (on the device), its size and its rate."""
        self._losses.append(loss)
        self._right.append(right)
        self._sizes.append(size)
        self._rates.append(rate)

    def read(self, epoch: int, step: int, watch: Stopwatch) -> StepsTaken | None:
        """Read the block since the last time, and stop the watch; None where there is none."""
        if not self._losses:
            watch.stop()
            return None
        losses = torch.stack(self._losses).float().cpu().numpy()
        self._right_sum += int(torch.stack(self._right).sum())
        watch.stop()
        for loss, size in zip(losses.tolist(), self._sizes, strict=True):
            self._loss_sum += loss * size
            self.count += size
        rates = np.array(self._rates, np.float32)
        self._losses, self._right, self._sizes, self._rates = [], [], [], []
        self.read_at = watch.seconds
        return StepsTaken(step=step, epoch=epoch, losses=losses, rates=rates, seconds=watch.seconds)

    @property
    def mean_loss(self) -> float:
        """Over the samples as they were trained on; NaN where there are none."""
        return self._loss_sum / self.count if self.count else float("nan")

    @property
    def accuracy(self) -> float:
        """Over the samples as they were trained on, 0…1; NaN where there are none."""
        return self._right_sum / self.count if self.count else float("nan")
