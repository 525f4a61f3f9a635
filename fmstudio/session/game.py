"""You against it: twenty of the watched pictures, to be named by the user, and what the network says of the same."""

from dataclasses import dataclass

import numpy as np

from fmstudio.data.library import ImageData, PictureSet, watched_samples
from fmstudio.insight.score import counted_answers
from fmstudio.runs.run import Run
from fmstudio.training.events import Ints, Predictions

LENGTH = 20
OPTIONS = 10
"""So many classes stand to choose from: there are so many number keys."""


class Game:
    """One game: which pictures, and what was answered so far.

    Args:
        data: The data set.
        number: Of the game: each takes other pictures, the same number always the same.

    Attributes:
        data: The data set.
        pictures: The pictures, in the order in which they are asked.
        answers: The class that the user gave for each of the first of them.
    """

    def __init__(self, data: ImageData, number: int = 0) -> None:
        self.data = data
        generator = np.random.default_rng(number)
        watched = watched_samples(data.test.labels, classes=len(data.classes))
        rows = generator.permutation(watched)[:LENGTH]
        self.pictures = PictureSet(data.test.images[rows], data.test.labels[rows], data.test.samples[rows])
        self.answers: list[int] = []
        self._options = [_options(int(label), len(data.classes), generator) for label in self.pictures.labels]

    def __len__(self) -> int:
        return len(self.pictures)

    @property
    def place(self) -> int:
        """Which picture is asked now, from 0."""
        return len(self.answers)

    @property
    def over(self) -> bool:
        """Whether all are answered."""
        return len(self.answers) >= len(self)

    @property
    def options(self) -> tuple[int, ...]:
        """The classes that one may choose from for the picture that is asked now."""
        return self._options[min(self.place, len(self) - 1)]

    @property
    def right(self) -> int:
        """How many the user has right."""
        return int((np.array(self.answers, np.int64) == self.pictures.labels[: len(self.answers)]).sum())

    def answer(self, label: int) -> None:
        """Name the picture that is asked now, and go on to the next."""
        if not self.over:
            self.answers.append(label)

    def go_back(self) -> None:
        """Take the last answer back."""
        if self.answers and not self.over:
            self.answers.pop()


def _options(true: int, classes: int, generator: np.random.Generator) -> tuple[int, ...]:
    """All classes, or where there are too many the true one among others."""
    if classes <= OPTIONS:
        return tuple(range(classes))
    others = generator.permutation(np.delete(np.arange(classes), true))[: OPTIONS - 1].tolist()
    return tuple(sorted([true, *others]))


@dataclass(frozen=True, eq=False)
class Opponent:
    """What a network says of the pictures of a game.

    Attributes:
        predicted: The class that it takes each for, shape (n,).
        epoch: After which epoch; 0: it has learned nothing yet.
    """

    predicted: Ints
    epoch: int


def opponent(run: Run, samples: Ints, epoch: int | None = None) -> Opponent | None:
    """What a run's network says of some watched pictures; None where it was not asked about them.

    Args:
        run: Going on or ended.
        samples: The pictures, by index in the test split.
        epoch: What it said after that epoch; None: the newest, of a run that has ended the network that was kept.
    """
    for number, answers in _known(run, epoch):
        predicted = _predicted(answers, samples)
        if predicted is not None:
            return Opponent(predicted, number)
    return None


def _known(run: Run, epoch: int | None) -> list[tuple[int, Predictions]]:
    """What the network said, the best to take first: each with its epoch."""
    ended = [(one.epoch, one.step, one.predictions) for one in reversed(run.epochs) if epoch in (None, one.epoch)]
    live = []
    if epoch is None and run.ended is None:
        newest = [run.watched, *run.checks[-1:]]
        live = [(run.current_epoch, one.step, one.predictions) for one in newest if one is not None]
    elif epoch is None:
        kept = counted_answers(run)
        ended.sort(key=lambda one: one[2] is not kept)
    found = [(number, step, answers) for number, step, answers in live + ended if isinstance(answers, Predictions)]
    if live:
        found.sort(key=lambda one: -one[1])
    return [(number, answers) for number, _, answers in found]


def _predicted(answers: Predictions, samples: Ints) -> Ints | None:
    places = {sample: place for place, sample in enumerate(answers.samples.tolist())}
    rows = [places.get(sample, -1) for sample in samples.tolist()]
    return None if -1 in rows else answers.predicted[rows]
