"""What the pages of figures are shown: sights of a made-up network that takes Shirts for T-shirts."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import pytest

from fmstudio.data.library import ImageData, load_images
from fmstudio.runs.run import Run
from fmstudio.session.conditions import mask_of
from fmstudio.session.selection import Selection
from fmstudio.session.sight import Sight
from fmstudio.training.events import Predictions

SHIRT, TSHIRT = 6, 0


@pytest.fixture(scope="session")
def data() -> ImageData:
    """Fashion-MNIST."""
    return load_images("fashion-mnist")


@dataclass
class Show:
    """Makes sights; shows those that a panel asks for, as the window would."""

    data: ImageData
    answers: Predictions | None = None
    heard: list[Selection] = field(default_factory=list)

    def sight(self, selection: Selection = Selection()) -> Sight:  # noqa: B008 - frozen
        """What the window would show for a selection."""
        counted = self.answers
        if counted is not None and selection.only:
            counted = counted.part(mask_of(selection.only, counted))
        strong = selection.mask(counted) if counted is not None and selection.conditions else None
        return Sight(
            run=Run(), epoch=None, number=1, data=self.data, selection=selection, pictures=self.data.test,
            answers=self.answers, counted=counted, wall=counted, strong=strong,
        )  # fmt: skip


def made_up(count: int, seed: int = 0) -> Predictions:
    """Answers for the first test pictures: half of the Shirts are taken for T-shirts, else one in ten is wrong."""
    generator = np.random.default_rng(seed)
    labels = load_images("fashion-mnist").test.labels[:count].astype(np.int64)
    logits = generator.normal(size=(count, 10))
    logits[np.arange(count), labels] += 4
    logits[labels == SHIRT, TSHIRT] += 4
    shares = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    loss = -np.log(shares[np.arange(count), labels])
    return Predictions(np.arange(count), labels, shares.argmax(1), loss.astype(np.float32), shares.astype(np.float16))


@pytest.fixture
def show(data: ImageData) -> Callable[[int], Show]:
    """Makes what shows the answers for so many pictures; 0: none are known."""
    return lambda count: Show(data, made_up(count) if count else None)
