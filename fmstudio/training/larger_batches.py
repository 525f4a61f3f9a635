"""How fast batches of other sizes are, and how large one may be: each twice the last, as far as that is safe."""

import time
from collections.abc import Iterator

import torch

from fmstudio.experiment.memory import needed_bytes
from fmstudio.experiment.spec import ExperimentSpec
from fmstudio.training.batches import Samples
from fmstudio.training.meters import Meter
from fmstudio.training.outlook import BatchSpeed, Bound
from fmstudio.training.trial import Trial

FIRST = 32
"""The smallest batch that is tried."""
MOST_ON_CPU = 2048
"""The largest one that really runs on a CPU: beyond it nothing gets faster there."""
MARGIN = 0.8
"""Of the memory that is free, how much a batch may take to be called safe."""
_HALF = 0.5
"""Of the memory that is free, how much a try on a CPU may take."""
_STEPS = 5
_SECONDS = 0.4
"""How many steps of a size are timed, and how long they may take."""
_SLOW_SECONDS = 5.0
"""A step that takes longer is the last one that is tried."""


class LargerBatches:
    """Tries sizes of batches on one device.

    Args:
        spec: How it learns.
        network: On the device, in training mode.
        train: What is learned from.
        meter: Of the device's memory.
        watching: Its one item says whether the network's layers call the meter.
        device: Its torch name.

    Attributes:
        speeds: Of each size that ran.
        largest: The largest that is safe; ``bound``: what ends there.
    """

    def __init__(
        self,
        spec: ExperimentSpec,
        network: torch.nn.Module,
        train: Samples,
        meter: Meter,
        watching: list[bool],
        device: str,
    ) -> None:
        self.speeds: tuple[BatchSpeed, ...] = ()
        self.largest = 0
        self.bound: Bound = "memory"
        self._spec, self._network, self._train = spec, network, train
        self._meter, self._watching, self._device = meter, watching, device
        self._free = meter.free
        self._slow = False

    def tries(self) -> Iterator[tuple[float, int]]:
        """Try one size after the other; gives how far it has come, 0…1, and the size."""
        sizes = sizes_up_to(len(self._train), min(self._spec.batch, len(self._train)))
        for place, size in enumerate(sizes):
            yield place / len(sizes), size
            if self._slow:
                self.bound = "time"
                return
            if not self._fits(size):
                return
            self.largest = size
        self.bound = "samples"

    def _fits(self, size: int) -> bool:
        """Whether a batch of this size is safe: by a try, or on a CPU by what it would need."""
        if not self._meter.exact:
            needed = self._needed(size)
            if self._free and needed > MARGIN * self._free:
                return False
            if size <= max(MOST_ON_CPU, self._spec.batch) and (not self._free or needed <= _HALF * self._free):
                self._run(size)
                self._slow = False  # beyond, nothing runs
            return True
        if self.speeds and self._free and 2 * self.speeds[-1].bytes > 2 * self._free:
            return False
        try:
            self._run(size)
        except torch.OutOfMemoryError:
            self._meter.release()
            return False
        return not self._free or self.speeds[-1].bytes <= MARGIN * self._free

    def _run(self, size: int) -> None:
        """Take some steps of a size and keep how fast they were."""
        spec = self._spec.model_copy(update={"batch_size": size})
        trial = Trial(spec, self._device, self._network)
        inputs, targets = self._train.inputs[:size], self._train.targets[:size]
        self._meter.begin()
        self._watching[0] = True
        began = time.perf_counter()
        trial.take(inputs, targets)
        first = time.perf_counter() - began
        self._watching[0] = False
        seconds: list[float] = []
        before = time.perf_counter()
        while len(seconds) < _STEPS and sum(seconds) < _SECONDS and (not seconds or first < _SLOW_SECONDS):
            trial.take(inputs, targets)
            now = time.perf_counter()
            seconds.append(now - before)
            before = now
        usual = min(seconds)  # sizes are compared: what else the computer does would hide the difference
        self._slow = usual > _SLOW_SECONDS
        self.speeds = (*self.speeds, BatchSpeed(size, size / max(usual, 1e-9), self._meter.peak))

    def _needed(self, size: int) -> int:
        """Bytes that a batch needs on a CPU: by arithmetic, or by how much the process grew if that is more."""
        one, two = (needed_bytes(self._spec.model_copy(update={"batch_size": n})) for n in (1, 2))
        grown = max((speed.bytes / speed.batch for speed in self.speeds[-1:]), default=0.0)
        return int(one + (size - 1) * max(two - one, grown))


def sizes_up_to(most: int, own: int) -> list[int]:
    """The sizes that are tried: twice as large each time, the recipe's own among them, and at last all samples."""
    sizes = {own, most}
    size = FIRST
    while size < most:
        sizes.add(size)
        size *= 2
    return sorted(size for size in sizes if size >= 1)
