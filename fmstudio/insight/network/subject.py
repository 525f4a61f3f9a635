"""The network that is looked at: built from its weights on the disk, asked in evaluation mode, never changed."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from fmstudio.catalog.datasets import Pictures
from fmstudio.data.library import ImageData, PictureSet
from fmstudio.errors import UserError
from fmstudio.experiment.spec import ExperimentSpec
from fmstudio.runs.store import RunFolder
from fmstudio.training.batches import images_of, to_tensor
from fmstudio.training.checkpoints import load_weights
from fmstudio.training.evaluation import BATCH, build_network
from fmstudio.words import tr

DEVICE = "cpu"
"""Where it is asked: single pictures are answered there at once, and training keeps its device for itself."""
_KEPT = 4
"""So many networks stay in memory: the time machine goes back and forth."""


@dataclass(frozen=True, eq=False)
class Subject:
    """A trained network with what belongs to it.

    Attributes:
        spec: Of its run.
        network: In evaluation mode, its parameters without gradients.
        device: Where it lies.
    """

    spec: ExperimentSpec
    network: torch.nn.Module
    device: str = DEVICE

    @property
    def dataset(self) -> Pictures:
        """The pictures that it learned from.

        Raises:
            UserError: Where it learned numbers.
        """
        if not isinstance(self.spec.dataset, Pictures):
            raise UserError(tr("This run was trained on numbers, not on pictures."), tr("Choose a run on pictures."))
        return self.spec.dataset

    def inputs(self, images: NDArray[np.uint8]) -> Tensor:
        """What the network sees of pictures.

        Args:
            images: uint8, shape (n, height, width) or (n, height, width, channels).

        Returns:
            float32, shape (n, channels, height, width).
        """
        return to_tensor(images, self.dataset, self.device)

    @torch.no_grad()
    def logits(self, inputs: Tensor) -> Tensor:
        """What the network gives, shape (n, classes); asked in parts, so that memory stays small."""
        return torch.cat([self.network(part) for part in inputs.split(BATCH)])

    def probabilities(self, images: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Softmax probabilities 0…1 of pictures as in ``inputs``, shape (n, classes)."""
        found: NDArray[np.float32] = self.logits(self.inputs(images)).softmax(1).cpu().numpy()
        return found

    def training_images(self) -> PictureSet:
        """The pictures of the training split, as the run took them."""
        return self._images.train

    def test_images(self) -> PictureSet:
        """The pictures of the test split, as the run took them."""
        return self._images.test

    @property
    def _images(self) -> ImageData:
        return images_of(self.dataset, self.spec.seed)


def subject_of(folder: Path, weights: Path) -> Subject:
    """The network of a run with some of its weights; the newest few stay in memory.

    Args:
        folder: Of the run.
        weights: One of its safetensors files.

    Raises:
        UserError: Where the run or the weights cannot be used.
    """
    torch.set_num_threads(1)
    try:
        changed = weights.stat().st_mtime_ns
    except OSError:
        changed = 0
    return _built(folder, weights, changed)


@lru_cache(maxsize=_KEPT)
def _built(folder: Path, weights: Path, changed: int) -> Subject:
    spec = RunFolder(folder).read_spec()
    try:
        network = build_network(spec, load_weights(weights), DEVICE).eval()
    except RuntimeError as error:
        message = tr("The weights of run {run} do not fit its spec.", run=folder.name)
        raise UserError(message, tr("One of its files was changed or exchanged. Train again.")) from error
    return Subject(spec, network.requires_grad_(False))


def probabilities(subject: Subject, images: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Softmax probabilities 0…1 of pictures as in ``Subject.inputs``, shape (n, classes)."""
    torch.set_num_threads(1)
    return subject.probabilities(images)
