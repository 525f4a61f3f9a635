"""A small network with random weights, asked at once, and pictures as the drawer gets them."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication

from fmstudio.data.library import ImageData, load_images
from fmstudio.errors import UserError
from fmstudio.experiment.draft import changed
from fmstudio.experiment.reading import read_spec
from fmstudio.experiment.spec import ExperimentSpec, to_mapping
from fmstudio.insight.network.subject import Subject
from fmstudio.runs.run import Run
from fmstudio.session.door import load
from fmstudio.session.one_picture import OnePicture
from fmstudio.session.picture_list import Picture
from fmstudio.session.selection import Selection
from fmstudio.session.sight import Sight
from fmstudio.training.events import EpochEnded, Predictions
from fmstudio.ui import theme

Then = Callable[[Any], object]


def random_subject(kind: str = "cnn", seed: int = 2) -> Subject:
    """A network of 200 training and 50 test pictures that has learned nothing."""
    sizes = [("dataset.train_size", 200), ("dataset.test_size", 50), ("architecture.kind", kind)]
    spec = read_spec(changed(to_mapping(ExperimentSpec()), sizes))
    generator = torch.Generator().manual_seed(seed)
    network = spec.architecture.call(spec.facts).make().eval().requires_grad_(False)
    for value in network.parameters():
        value.normal_(0, 0.2, generator=generator)
    return Subject(spec, network)


class SyncExaminer(QObject):
    """Answers at once; or, while ``slow``, when ``answer`` is called."""

    changed = Signal()

    def __init__(self, subject: Subject) -> None:
        super().__init__()
        self.subject = subject
        self.available, self.why_not = True, ""
        self.slow = False
        self.asked: list[str] = []
        self.waiting: list[Callable[[], None]] = []

    def ask(self, key: str, question: str, then: Then, *arguments: object, otherwise: Then | None = None) -> None:
        self.asked.append(key)

        def answer() -> None:
            try:
                found = load(question)(self.subject, *arguments)
            except UserError as error:
                assert otherwise is not None
                otherwise(error)
            else:
                then(found)

        if self.slow:
            self.waiting.append(answer)
        else:
            answer()

    def answer(self) -> None:
        waiting, self.waiting = self.waiting, []
        for one in waiting:
            one()

    def close(self, why: str) -> None:
        """There are no weights any more."""
        self.available, self.why_not = False, why
        self.changed.emit()


@pytest.fixture(scope="session")
def some_images() -> ImageData:
    return load_images("fashion-mnist", train_size=200, test_size=50)


@pytest.fixture
def asker(qapp: QApplication) -> SyncExaminer:
    theme.apply(qapp, "light")
    return SyncExaminer(random_subject())


@pytest.fixture
def subject_like() -> Callable[..., Subject]:
    """Makes another network: see ``random_subject``."""
    return random_subject


def answers_of(subject: Subject, data: ImageData) -> Predictions:
    shares = subject.probabilities(data.test.images)
    own = shares[np.arange(len(shares)), data.test.labels]
    return Predictions(data.test.samples, data.test.labels, shares.argmax(1), -np.log(own + 1e-9),
                       shares.astype(np.float16))  # fmt: skip


def epoch_of(epoch: int, answers: Predictions) -> EpochEnded:
    return EpochEnded(epoch=epoch, step=epoch, train_loss=1.0, train_accuracy=0.5, test_loss=1.0, test_accuracy=0.5,
                      seconds=1.0, evaluation_seconds=0.1, predictions=answers)  # fmt: skip


@pytest.fixture
def one_of(some_images: ImageData, asker: SyncExaminer) -> Callable[..., OnePicture]:
    """Makes what the drawer shows: a picture by its row, with or without answers."""

    def make(
        row: int = 0,
        split: str = "test",
        *,
        answered: bool = True,
        epochs: Sequence[EpochEnded] = (),
        epoch: int | None = None,
        image: np.ndarray | None = None,
        sight: Sight | None = None,
    ) -> OnePicture:
        pictures = some_images.train if split == "train" else some_images.test
        run = Run(spec=to_mapping(ExperimentSpec()))
        run.epochs = list(epochs)
        if sight is None:
            sight = Sight(run, epoch, 1, some_images, Selection(), some_images.test, None, None, None, None)
        picture = Picture(pictures.images[row], int(pictures.samples[row]), int(pictures.labels[row]))
        if answered:
            shares = asker.subject.probabilities(pictures.images[row : row + 1])[0]
            best = int(shares.argmax())
            picture = replace(picture, predicted=best, confidence=float(shares[best]), loss=1.8326,
                              probabilities=shares.astype(np.float16))  # fmt: skip
        if image is not None:
            picture = replace(picture, image=image)
        return OnePicture(picture, "train" if split == "train" else "test", sight)

    return make
