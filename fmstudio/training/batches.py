"""The data as whole tensors on the device, and the batches as indices into them."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
import torch
from torch import Tensor

from fmstudio.catalog.datasets import Dataset, Linear, Pictures
from fmstudio.data.corrections import pictures_of
from fmstudio.data.library import ImageData, PictureSet
from fmstudio.data.splits import folds, hold_back
from fmstudio.experiment.fold import FoldSpec
from fmstudio.experiment.spec import ExperimentSpec, kind_of
from fmstudio.training.events import Ints


@dataclass(frozen=True, eq=False)
class Samples:
    """Pictures with their classes, or rows of numbers with theirs, on a device.

    Attributes:
        inputs: As the network gets them, float32, shape (n, channels, height, width) or (n, inputs).
        targets: True classes, int64, shape (n,), or true numbers, float32, shape (n, 1).
        samples: Index of each in the data set's split, shape (n,).
    """

    inputs: Tensor
    targets: Tensor
    samples: Ints

    def __len__(self) -> int:
        return len(self.samples)

    def part(self, rows: Ints) -> "Samples":
        """Some of them, by row."""
        index = torch.from_numpy(np.array(rows)).to(self.targets.device)
        return Samples(self.inputs[index], self.targets[index], self.samples[rows])


@dataclass(frozen=True, eq=False)
class Material:
    """All that a training works on."""

    train: Samples
    validation: Samples
    test: Samples


def to_tensor(images: np.ndarray, dataset: Pictures, device: str) -> Tensor:
    """Pictures as the network gets them: 0…1, normalised where the data set says so.

    Args:
        images: uint8, shape (n, height, width) or (n, height, width, channels).
        dataset: Whose mean and deviation are used.
        device: Where the result lies.

    Returns:
        float32, shape (n, channels, height, width).
    """
    pixels = torch.from_numpy(images.copy() if not images.flags.writeable else images).to(device)
    pixels = pixels.unsqueeze(1) if pixels.ndim == 3 else pixels.permute(0, 3, 1, 2)
    inputs = pixels.to(torch.float32).div_(255)
    return inputs.sub_(dataset.mean).div_(dataset.deviation) if dataset.normalise else inputs


_lock = threading.Lock()
_newest: tuple[tuple[object, ...], tuple[Samples, Samples]] | None = None


def prepare(spec: ExperimentSpec, device: str) -> Material:
    """Read the data, hold the validation part back, and lay all of it on the device.

    The whole tensors of the last data set are kept, for the next run.
    """
    global _newest
    key = (repr(spec.dataset), spec.seed if _draws(spec.dataset) else 0, device)
    with _lock:
        if _newest is None or _newest[0] != key:
            _newest = None
            _newest = (key, _load(spec, device))
        train, test = _newest[1]
    if isinstance(spec, FoldSpec):
        train, test = _parted(train, spec)
    if not spec.validation_samples:
        return Material(train, train.part(np.empty(0, np.int64)), test)
    kept, held = hold_back(len(train), spec.validation_samples, spec.seed)
    return Material(train.part(kept), train.part(held), test)


def images_of(dataset: Pictures, seed: int) -> ImageData:
    """The pictures that are trained and tested on: as they lie in the files, but with the corrections of the spec."""
    return pictures_of(dataset, seed)


def _parted(train: Samples, spec: FoldSpec) -> tuple[Samples, Samples]:
    """What a network of a cross-validation learns from, and what it is asked about."""
    parts = folds(len(train), spec.folds, spec.seed)
    rest = [part for place, part in enumerate(parts) if place != spec.fold]
    return train.part(np.sort(np.concatenate(rest))), train.part(parts[spec.fold])


def _draws(dataset: Dataset) -> bool:
    """Whether the seed decides what is learned from."""
    return isinstance(dataset, Pictures) and bool(dataset.train_size)


def _load(spec: ExperimentSpec, device: str) -> tuple[Samples, Samples]:
    dataset = spec.dataset
    if isinstance(dataset, Linear):
        return _points(dataset, "train", device), _points(dataset, "test", device)
    if not isinstance(dataset, Pictures):
        raise NotImplementedError(kind_of(dataset))
    images = images_of(dataset, spec.seed)
    return _samples(images.train, dataset, device), _samples(images.test, dataset, device)


def _samples(pictures: PictureSet, dataset: Pictures, device: str) -> Samples:
    targets = torch.from_numpy(np.array(pictures.labels, np.int64)).to(device)
    return Samples(to_tensor(pictures.images, dataset, device), targets, pictures.samples)


def _points(dataset: Linear, split: Literal["train", "test"], device: str) -> Samples:
    x, y = (torch.from_numpy(values.copy()).to(device) for values in dataset.points(split))
    return Samples(x, y, np.arange(len(y)))


class Batches:
    """The batches of each epoch, in an order that comes from a generator of the run's own.

    Args:
        samples: What is learned from.
        size: Samples in a full batch.
        shuffle: A new order in each epoch.
        drop_last: Leave out a last batch that is not full.
        seed: Where the generator starts.
    """

    def __init__(self, samples: Samples, *, size: int, shuffle: bool, drop_last: bool, seed: int) -> None:
        self._samples = samples
        self._size = size
        self._shuffle = shuffle
        self._drop_last = drop_last
        self._generator = torch.Generator().manual_seed(seed)
        self._before = self._generator.get_state()
        self._order: Tensor | None = None
        self._start = self._end = 0

    def state(self) -> Tensor:
        """Where the generator stood before the order of the newest epoch was drawn."""
        return self._before

    def restore(self, state: Tensor) -> None:
        """Draw the order of the next epoch as it was drawn from there."""
        self._generator.set_state(state)
        self._before = state

    def epoch(self, skip: int = 0) -> Iterator[tuple[Tensor, Tensor]]:
        """Inputs and targets of one batch after the other, each sample once.

        Args:
            skip: So many batches at the beginning are left out: they were learned from before.
        """
        count = len(self._samples)
        inputs, targets = self._samples.inputs, self._samples.targets
        self._before = self._generator.get_state()
        order = torch.randperm(count, generator=self._generator).to(targets.device) if self._shuffle else None
        self._order = order
        for start in range(skip * self._size, count, self._size):
            end = min(start + self._size, count)
            if self._drop_last and end - start < self._size:
                return
            self._start, self._end = start, end
            if order is None:
                yield inputs[start:end], targets[start:end]
            else:
                chosen = order[start:end]
                yield inputs[chosen], targets[chosen]

    @property
    def samples(self) -> Ints:
        """Index in the data set's split of each sample of the newest batch, shape (n,)."""
        if self._order is None:
            return self._samples.samples[self._start : self._end]
        rows = self._order[self._start : self._end].cpu().numpy()
        return np.asarray(self._samples.samples[rows], np.int64)
