"""What is looked at: one run, one selection of its pictures, and the answers that both are counted over."""

from dataclasses import replace

import numpy as np
from PySide6.QtCore import QObject, Signal

from fmstudio.data.library import ImageData, PictureSet, load_images, watched_samples
from fmstudio.errors import UserError
from fmstudio.experiment.draft import get
from fmstudio.insight.regression import NumberPoints, dataset_of, number_answers, number_points
from fmstudio.insight.score import counted_answers
from fmstudio.runs.run import Run
from fmstudio.schema.problem import InvalidSpecError
from fmstudio.session.selection import Selection
from fmstudio.training.events import Ints, NumberPredictions, Predictions
from fmstudio.words import tr

WATCHED = Selection(watched=True)


class Inspection(QObject):
    """The shared state of all views of a run; each view makes a new selection and follows the newest one.

    Attributes:
        data: The pictures; while a run of numbers is looked at, those that were looked at before.
        points: The points of a run that learns numbers, None of another one.
        run: What is looked at.
        selection: Which of its pictures.

    Signals:
        changed(): Something that is looked at is another.
        training_answers_wanted(): The selection is about training pictures whose answers are not known yet.
    """

    changed = Signal()
    training_answers_wanted = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.data: ImageData | None = None
        self.points: NumberPoints | None = None
        self.run = Run()
        self.selection = WATCHED
        self._watched: Ints = np.empty(0, np.int64)
        self._wall: PictureSet | None = None
        self._training: Predictions | None = None
        self._answered: int | None = None
        self._asked: int | None = None
        self._in_part = False
        self._numbers: tuple[int, NumberPredictions | None] = (-1, None)

    def show_data(self, data: ImageData) -> None:
        """Look at another data set; from now on runs are looked at on the pictures that they were trained with."""
        self._take(data)
        if self.points is None:
            self._take_pictures_of(self.run)
        self.changed.emit()

    def show_run(self, run: Run) -> None:
        """Look at another run, or at what is new in this one."""
        if run is not self.run:
            points = self._points_of(run)
            if points is None:
                self._take_pictures_of(run)
            self.points = points
            self.selection = WATCHED
            self._training = self._answered = self._asked = None
            self._numbers = (-1, None)
        self.run = run
        self._want_training_answers()
        self.changed.emit()

    def _want_training_answers(self) -> None:
        """Ask for the answers of the weights that were saved last, once; older ones do not count."""
        if self._answered != self.run.saved_step:
            self._training = None
        if self.points is not None:
            return
        if self.selection.split == "train" and self._training is None and self._asked != self.run.saved_step:
            self._asked = self.run.saved_step
            self.training_answers_wanted.emit()

    def _points_of(self, run: Run) -> NumberPoints | None:
        """The points that a run learns from; None where it learns from pictures."""
        try:
            dataset = dataset_of(run.spec)
        except InvalidSpecError as error:
            message = tr("The points of this run cannot be drawn: {problem}", problem=str(error))
            raise UserError(message, tr("It may have been made by another version.")) from error
        if dataset is None or (self.points is not None and self.points.dataset == dataset):
            return self.points if dataset else None
        return number_points(dataset)

    def _take_pictures_of(self, run: Run) -> None:
        """The pictures of a run's own data set, of which it may have taken only some."""
        sizes = {name: int(get(run.spec, f"dataset.{name}") or 0) for name in ("train_size", "test_size")}
        kind = get(run.spec, "dataset.kind")
        if self.data is None or kind is None:
            return
        if kind != self.data.kind or any(sizes.values()) or self._in_part:
            self._take(load_images(str(kind), seed=int(get(run.spec, "seed") or 0), **sizes))
            self._in_part = any(sizes.values())

    def _take(self, data: ImageData) -> None:
        self.data = data
        self._watched = watched_samples(data.test.labels, classes=len(data.classes))
        self._wall = _part(data.test, self._watched)

    def select(self, selection: Selection) -> None:
        """Look at other pictures."""
        if self.selection.split != "train":
            self._asked = None
        self.selection = selection
        self._want_training_answers()
        self.changed.emit()

    def show_split(self, split: str) -> None:
        """Look at the training or at the test pictures, under the same conditions."""
        self.select(replace(self.selection, split="train" if split == "train" else "test", watched=False))

    def show_training_answers(self, predictions: Predictions) -> None:
        """The network was asked about the training pictures."""
        self._training = predictions
        self._answered = self.run.saved_step if self._asked is None else self._asked
        self.changed.emit()

    @property
    def classes(self) -> tuple[str, ...]:
        """Names of the classes, English; none where numbers are learned."""
        return self.data.classes if self.data and self.points is None else ()

    @property
    def counted(self) -> Predictions | None:
        """The answers that matrix and table count over; None where numbers are learned."""
        if self.points is not None:
            return None
        return self._training if self.selection.split == "train" else counted_answers(self.run)

    @property
    def numbers(self) -> NumberPredictions | None:
        """The newest numbers that the network gives for the test points; None where pictures are learned."""
        if self._numbers[0] != self.run.version:
            self._numbers = (self.run.version, number_answers(self.run, self.points) if self.points else None)
        return self._numbers[1]

    @property
    def pictures(self) -> PictureSet | None:
        """The pictures that a selection chooses among: the same object as long as they are the same."""
        if self.data is None or self.points is not None:
            return None
        if self.selection.split == "train":
            return self.data.train
        watched = self.selection.watched or self.counted is None
        return self._wall if watched else self.data.test

    @property
    def predictions(self) -> Predictions | None:
        """The answers that stand under the pictures."""
        if not self.selection.watched or self.data is None or self.points is not None:
            return self.counted
        samples = self.data.test.samples[self._watched]
        if self.run.ended is not None:
            counted = counted_answers(self.run)
            return restricted(counted, samples) if counted else None
        answers = [(epoch.step, epoch.predictions) for epoch in self.run.epochs[-1:]]
        answers += [(check.step, check.predictions) for check in self.run.checks[-1:]]
        known = [(step, restricted(p, samples)) for step, p in answers if isinstance(p, Predictions)]
        if self.run.watched is not None and isinstance(self.run.watched.predictions, Predictions):
            known.append((self.run.watched.step, self.run.watched.predictions))
        found = [(step, predictions) for step, predictions in known if predictions is not None]
        return max(found, key=lambda pair: pair[0])[1] if found else None


def _part(pictures: PictureSet, rows: Ints) -> PictureSet:
    return PictureSet(pictures.images[rows], pictures.labels[rows], pictures.samples[rows])


def restricted(predictions: Predictions, samples: Ints) -> Predictions | None:
    """The answers for some samples, in their order; None where one of them was not asked about."""
    order = np.argsort(predictions.samples, kind="stable")
    places = np.searchsorted(predictions.samples[order], samples)
    if not len(predictions) or places.max(initial=0) >= len(order):
        return None
    rows = order[places]
    if not np.array_equal(predictions.samples[rows], samples):
        return None
    return Predictions(
        samples=predictions.samples[rows],
        labels=predictions.labels[rows],
        predicted=predictions.predicted[rows],
        loss=predictions.loss[rows],
        probabilities=predictions.probabilities[rows],
    )
