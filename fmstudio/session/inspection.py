"""What is looked at: one run, one epoch, one selection of pictures, and the answers that all is counted over."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from fmstudio.data.corrections import pictures_dataset, pictures_of
from fmstudio.data.library import ImageData, PictureSet, watched_samples
from fmstudio.errors import UserError
from fmstudio.experiment.draft import get
from fmstudio.experiment.spec import kind_of
from fmstudio.insight.history import History, history
from fmstudio.insight.regression import NumberPoints, dataset_of, number_answers, number_points
from fmstudio.insight.score import counted_answers
from fmstudio.runs.run import Run
from fmstudio.schema.problem import InvalidSpecError
from fmstudio.session.conditions import mask_of
from fmstudio.session.fitting_answers import require_fitting_answers
from fmstudio.session.other_split import of_split
from fmstudio.session.selection import Selection
from fmstudio.session.sight import Sight
from fmstudio.training.events import Ints, NumberPredictions, Predictions
from fmstudio.words import tr

WATCHED = Selection(watched=True)
_MOST_REMEMBERED = 100


class Inspection(QObject):
    """The shared state of all views of a run; each view makes a new selection and follows the newest ``sight``.

    Attributes:
        data: The pictures; while a run of numbers is looked at, those that were looked at before.
        points: The points of a run that learns numbers, None of another one.
        run: What is looked at.
        selection: Which of its pictures.
        epoch: After which epoch; None: the newest, and once the run has ended the one that was kept.

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
        self._number = 0
        self.selection = WATCHED
        self.epoch: int | None = None
        self._watched: Ints = np.empty(0, np.int64)
        self._wall: PictureSet | None = None
        self._training: Predictions | None = None
        self._answered: tuple[object, ...] | None = None
        self._asked: tuple[object, ...] | None = None
        self._in_part = False
        self._numbers: tuple[int, NumberPredictions | None] = (-1, None)
        self._sight: Sight | None = None
        self._counted: tuple[object, object, Predictions | None] = (None, (), None)
        self._strong: tuple[object, object, NDArray[np.bool_] | None] = (None, (), None)
        self._history: tuple[object, int, History | None] = (None, -1, None)
        self._before: list[Selection] = []
        self._after: list[Selection] = []

    # ── What is looked at

    @property
    def number(self) -> int:
        """Of the run in this window, 0 where it has none."""
        return self._number

    @number.setter
    def number(self, number: int) -> None:
        if number != self._number:
            self._number, self._sight = number, None

    def show_data(self, data: ImageData) -> None:
        """Look at another data set; from now on runs are looked at on the pictures that they were trained with."""
        self._take(data)
        if self.points is None:
            self._take_pictures_of(self.run)
        self._tell()

    def show_run(self, run: Run) -> None:
        """Look at another run, or at what is new in this one.

        Raises:
            UserError: Where its data set is not known, or its answers do not fit it; what was looked at stays.
        """
        if run is not self.run:
            points = self._points_of(run)
            if points is None:
                self._take_pictures_of(run)  # or raises, and everything stays as it was
            self.points = points
            self.selection, self.epoch = WATCHED, None
            self._before, self._after = [], []
            self._training = self._answered = self._asked = None
            self._numbers = (-1, None)
        self.run = run
        self._want_training_answers()
        self._tell()

    def show_epoch(self, epoch: int | None) -> None:
        """Look at the network as it was after an epoch; None: at the newest, or the one that was kept."""
        if epoch != self.epoch:
            self.epoch = epoch
            self._want_training_answers()
            self._tell()

    def select(self, selection: Selection) -> None:
        """Look at other pictures, and remember those before."""
        if _what(selection) != _what(self.selection):
            self._before = [*self._before, self.selection][-_MOST_REMEMBERED:]
            self._after = []
        self._select(selection)

    def show_split(self, split: str) -> None:
        """Look at the training or at the test pictures, under the same conditions."""
        self.select(of_split(self.selection, "train" if split == "train" else "test"))

    @property
    def can_go_back(self) -> bool:
        """Whether other pictures were looked at before."""
        return bool(self._before)

    @property
    def can_go_forward(self) -> bool:
        """Whether the user went back."""
        return bool(self._after)

    def go_back(self) -> None:
        """Look at the pictures before."""
        if self._before:
            self._after.append(self.selection)
            self._select(self._before.pop())

    def go_forward(self) -> None:
        """Look at the pictures that were left by going back."""
        if self._after:
            self._before.append(self.selection)
            self._select(self._after.pop())

    def _select(self, selection: Selection) -> None:
        if self.selection.split != "train":
            self._asked = None
        self.selection = selection
        self._want_training_answers()
        self._tell()

    def _tell(self) -> None:
        self._sight = None
        self.changed.emit()

    # ── Answers about training pictures, which must be asked for

    def show_training_answers(self, predictions: Predictions) -> None:
        """The network that is looked at was asked about the training pictures."""
        self._training = predictions
        self._answered = self.network
        self._want_training_answers()
        self._tell()

    @property
    def network(self) -> tuple[object, ...]:
        """Which weights of the run answer: after how many steps, at which epoch, and whether the kept are earlier."""
        if self.epoch is not None:
            return -1, self.epoch, False
        return self.run.saved_step, None, self.run.kept_earlier

    @property
    def lacks_training_answers(self) -> bool:
        """Whether training pictures are looked at, and the network must be asked about them."""
        return self.selection.split == "train" and self._training is None

    def _want_training_answers(self) -> None:
        """Ask for the answers of these weights, once; those of others do not count."""
        if self._answered != self.network:
            self._training = None
        if self.points is not None or self.run.saved_step < 0:
            return
        if self.lacks_training_answers and self._asked != self.network:
            self._asked = self.network
            self.training_answers_wanted.emit()

    # ── What is seen

    @property
    def sight(self) -> Sight:
        """All that a view needs; the same object until something changes."""
        if self._sight is None:
            counted = self.counted
            self._sight = Sight(
                run=self.run,
                epoch=self.epoch,
                number=self.number,
                data=self.data if self.points is None else None,
                selection=self.selection,
                pictures=self.pictures,
                answers=self.answers,
                counted=counted,
                wall=self.predictions,
                strong=self._looked_at(counted),
                recall=self.history,
            )
        return self._sight

    @property
    def classes(self) -> tuple[str, ...]:
        """Names of the classes, English; none where numbers are learned."""
        return self.data.classes if self.data and self.points is None else ()

    @property
    def answers(self) -> Predictions | None:
        """What the network said of the whole split; None where numbers are learned."""
        if self.points is not None:
            return None
        if self.selection.split == "train":
            return self._training
        return counted_answers(self.run) if self.epoch is None else answers_of(self.run, self.epoch)

    @property
    def counted(self) -> Predictions | None:
        """The answers that everything is counted over: all, or only those that were asked for."""
        answers, only = self.answers, self.selection.only
        if answers is None or not only:
            return answers
        if self._counted[0] is not answers or self._counted[1] != only:
            self._counted = (answers, only, answers.part(mask_of(only, answers)))
        return self._counted[2]

    def _looked_at(self, counted: Predictions | None) -> NDArray[np.bool_] | None:
        conditions = self.selection.conditions
        if counted is None or not conditions:
            return None
        if self._strong[0] is not counted or self._strong[1] != conditions:
            self._strong = (counted, conditions, mask_of(conditions, counted))
        return self._strong[2]

    def history(self) -> History | None:
        """How the test pictures were answered epoch by epoch; None for training pictures and numbers."""
        if self.selection.split == "train" or self.points is not None:
            return None
        if self._history[0] is not self.run or self._history[1] != len(self.run.epochs):
            self._history = (self.run, len(self.run.epochs), history(self.run.epochs))
        return self._history[2]

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
        watched = self.selection.watched or self.answers is None
        return self._wall if watched else self.data.test

    @property
    def predictions(self) -> Predictions | None:
        """The answers that stand under the pictures."""
        if not self.selection.watched or self.data is None or self.points is not None:
            return self.counted
        samples = self.data.test.samples[self._watched]
        if self.run.ended is not None or self.epoch is not None:
            answers = self.answers
            return restricted(answers, samples) if answers else None
        answered = [(epoch.step, epoch.predictions) for epoch in self.run.epochs[-1:]]
        answered += [(check.step, check.predictions) for check in self.run.checks[-1:]]
        known = [(step, restricted(p, samples)) for step, p in answered if isinstance(p, Predictions)]
        if self.run.watched is not None and isinstance(self.run.watched.predictions, Predictions):
            known.append((self.run.watched.step, self.run.watched.predictions))
        found = [(step, predictions) for step, predictions in known if predictions is not None]
        return max(found, key=lambda pair: pair[0])[1] if found else None

    # ── The data of a run

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
        """The pictures of a run's own data set, corrected, of which it may have taken only some."""
        dataset = pictures_dataset(run.spec)
        if self.data is None or dataset is None:
            return
        data = self.data
        in_part = bool(dataset.train_size or dataset.test_size or dataset.corrections or dataset.exclude)
        if kind_of(dataset) != self.data.kind or in_part or self._in_part:
            data = pictures_of(dataset, int(get(run.spec, "seed") or 0))
        require_fitting_answers(run, len(data.classes), data.test.samples)
        self._in_part = in_part
        if data is not self.data:
            self._take(data)

    def _take(self, data: ImageData) -> None:
        self.data = data
        self._watched = watched_samples(data.test.labels, classes=len(data.classes))
        self._wall = _part(data.test, self._watched)


def answers_of(run: Run, epoch: int) -> Predictions | None:
    """What a run's network said of the test pictures after an epoch; None where that was not kept."""
    found = (one.predictions for one in run.epochs if one.epoch == epoch)
    return next((answers for answers in found if isinstance(answers, Predictions) and len(answers)), None)


def _what(selection: Selection) -> tuple[object, ...]:
    """Which pictures, in whatever order."""
    return selection.split, selection.conditions, selection.only, selection.watched


def _part(pictures: PictureSet, rows: Ints) -> PictureSet:
    return PictureSet(pictures.images[rows], pictures.labels[rows], pictures.samples[rows])


def restricted(predictions: Predictions, samples: Ints) -> Predictions | None:
    """The answers for some samples, in their order; None where one of them was not asked about."""
    order = np.argsort(predictions.samples, kind="stable")
    places = np.searchsorted(predictions.samples[order], samples)
    if not len(predictions) or places.max(initial=0) >= len(order):
        return None
    rows = order[places]
    return predictions.part(rows) if np.array_equal(predictions.samples[rows], samples) else None
