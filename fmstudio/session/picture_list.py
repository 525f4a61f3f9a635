"""The pictures of a wall as a Qt list model over index arrays: nothing is copied, nothing is kept per picture."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from fmstudio.data.library import PictureSet
from fmstudio.export.picture_rows import PictureRows
from fmstudio.training.events import Ints, Predictions
from fmstudio.words import tr

Index = QModelIndex | QPersistentModelIndex


class Roles(IntEnum):
    """What an item answers besides its text.

    Attributes:
        SAMPLE: Index of the picture in its split.
        TRUE: True class, an index.
        PREDICTED: Predicted class, an index; None before there is a prediction, and so are the next four.
        CONFIDENCE: Probability of the predicted class, 0…1.
        LOSS: Loss of the picture.
        PROBABILITIES: Probability of each class, an array of shape (classes,).
        RIGHT: Whether the prediction is right.
        IMAGE: The picture, a uint8 array of shape (h, w) or (h, w, channels).
    """

    SAMPLE = Qt.ItemDataRole.UserRole.value
    TRUE = SAMPLE + 1
    PREDICTED = SAMPLE + 2
    CONFIDENCE = SAMPLE + 3
    LOSS = SAMPLE + 4
    PROBABILITIES = SAMPLE + 5
    IMAGE = SAMPLE + 6
    RIGHT = SAMPLE + 7


@dataclass(frozen=True, eq=False)
class Picture:
    """All that is known of one picture; what a network said is None before there is a prediction."""

    image: NDArray[np.uint8]
    sample: int
    label: int
    predicted: int | None = None
    confidence: float | None = None
    loss: float | None = None
    probabilities: NDArray[np.float16] | None = None

    @property
    def right(self) -> bool | None:
        """Whether the prediction is right, None where there is none."""
        return None if self.predicted is None else self.predicted == self.label


class PictureListModel(QAbstractListModel):
    """A list of pictures with what a network took them for.

    Showing the same pictures again with other predictions only says ``dataChanged``: a view keeps its place.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._sets: tuple[PictureSet, ...] = ()
        self._classes: tuple[str, ...] = ()
        self._places: Ints = np.empty(0, np.int64)
        self._samples: Ints = self._places
        self._labels: Ints = self._places
        self._predictions: Predictions | None = None
        self._rows: Ints = self._places

    def show(self, pictures: PictureSet, classes: tuple[str, ...], predictions: Predictions | None, rows: Ints) -> None:
        """Show some pictures of one split.

        Args:
            pictures: The pictures of the split.
            classes: Names of the classes.
            predictions: What a network said of all or some of them; None: nothing yet.
            rows: Which ones, in order: rows of the predictions, or of the pictures where there are none.

        Raises:
            ValueError: If a prediction speaks of a picture that is not in the split.
        """
        places = rows if predictions is None else _places(pictures.samples, predictions.samples[rows])
        self._take((pictures,), classes, places, predictions, rows)

    def show_in_sequence(self, sets: Sequence[PictureSet], classes: tuple[str, ...], rows: Ints) -> None:
        """Show pictures of several splits as one list, without predictions.

        Args:
            sets: The splits, one after the other.
            classes: Names of the classes.
            rows: Which ones, in order, counted through all splits.
        """
        self._take(tuple(sets), classes, rows, None, rows)

    def picture(self, row: int) -> Picture:
        """All that is known of the picture in a row."""
        image, sample, label = self._image(row), int(self._samples[row]), int(self._labels[row])
        answers = self._predictions
        if answers is None:
            return Picture(image, sample, label)
        at = self._rows[row]
        predicted = int(answers.predicted[at])
        probabilities = answers.probabilities[at]
        return Picture(
            image, sample, label, predicted, float(probabilities[predicted]), float(answers.loss[at]), probabilities
        )

    def find(self, sample: int) -> int:
        """The first row that shows a picture of its split, -1 where it is not shown."""
        found = np.flatnonzero(self._samples == sample)
        return int(found[0]) if len(found) else -1

    def samples_of(self, rows: Ints) -> Ints:
        """Index in its split of the picture in each of these rows."""
        samples: Ints = self._samples[rows]
        return samples

    def rows_of(self, samples: Ints) -> Ints:
        """The rows that show one of these pictures, ascending."""
        return np.flatnonzero(np.isin(self._samples, samples))

    def groups(self) -> tuple[tuple[int, int, int], ...]:
        """Where the true class changes from one row to the next: first row, class and number of pictures of each."""
        if not len(self._labels):
            return ()
        starts = np.append(0, np.flatnonzero(np.diff(self._labels)) + 1)
        counts = np.diff(np.append(starts, len(self._labels)))
        return tuple(zip(starts.tolist(), self._labels[starts].tolist(), counts.tolist(), strict=True))

    def to_write(self, split: str) -> PictureRows | None:
        """What is shown, for a folder of files; None where it is of several splits, or nothing."""
        if len(self._sets) != 1:
            return None
        return PictureRows(split, self._classes, self._sets[0], self._places, self._predictions, self._rows)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """How many pictures are shown."""
        return 0 if parent.isValid() else len(self._places)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The answer of one picture to a role."""
        row = index.row()
        if not index.isValid() or row >= len(self._places):
            return None
        if role == Roles.SAMPLE:
            return int(self._samples[row])
        if role == Roles.TRUE:
            return int(self._labels[row])
        if role == Roles.IMAGE:
            return self._image(row)
        if role in _ANSWERS:
            return self._answer(row, role)
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(row)
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return self._sentence(row)
        return None

    def _take(
        self,
        sets: tuple[PictureSet, ...],
        classes: tuple[str, ...],
        places: Ints,
        predictions: Predictions | None,
        rows: Ints,
    ) -> None:
        same = len(sets) == len(self._sets) and all(new is old for new, old in zip(sets, self._sets, strict=True))
        same = same and np.array_equal(places, self._places)
        if not same:
            self.beginResetModel()
            self._sets, self._places = sets, places
            self._samples = _gathered([pictures.samples for pictures in sets], places)
            self._labels = _gathered([pictures.labels for pictures in sets], places)
        self._classes, self._predictions, self._rows = classes, predictions, rows
        if not same:
            self.endResetModel()
        elif len(places):
            self.dataChanged.emit(self.index(0), self.index(len(places) - 1))

    def _image(self, row: int) -> NDArray[np.uint8]:
        place, number = int(self._places[row]), 0
        while place >= len(self._sets[number]):
            place -= len(self._sets[number])
            number += 1
        image: NDArray[np.uint8] = self._sets[number].images[place]
        return image

    def _answer(self, row: int, role: int) -> object:
        answers = self._predictions
        if answers is None:
            return None
        at = self._rows[row]
        predicted = int(answers.predicted[at])
        if role == Roles.PREDICTED:
            return predicted
        if role == Roles.RIGHT:
            return predicted == int(self._labels[row])
        if role == Roles.CONFIDENCE:
            return float(answers.probabilities[at, predicted])
        return float(answers.loss[at]) if role == Roles.LOSS else answers.probabilities[at]

    def _text(self, row: int) -> str:
        label = tr(self._classes[self._labels[row]])
        if self._predictions is None:
            return label
        return f"{label} → {tr(self._classes[self._predictions.predicted[self._rows[row]]])}"

    def _sentence(self, row: int) -> str:
        picture = self.picture(row)
        label = tr(self._classes[picture.label])
        if picture.predicted is None or picture.confidence is None:
            return tr("Picture {number}: {label}", number=picture.sample, label=label)
        values = {
            "number": picture.sample,
            "label": label,
            "predicted": tr(self._classes[picture.predicted]),
            "sure": f"{100 * picture.confidence:.0f}",
        }
        if picture.right:
            return tr("Picture {number}: {label}, taken for {predicted}, {sure} % sure, right", **values)
        return tr("Picture {number}: really {label}, taken for {predicted}, {sure} % sure, wrong", **values)


_ANSWERS = {Roles.PREDICTED, Roles.CONFIDENCE, Roles.LOSS, Roles.PROBABILITIES, Roles.RIGHT}


def _places(samples: Ints, wanted: Ints) -> Ints:
    """Where the wanted samples stand among those of a split."""
    within = not len(wanted) or (wanted.min() >= 0 and wanted.max() < len(samples))
    if within and np.array_equal(samples[wanted], wanted):
        return wanted
    order = np.argsort(samples, kind="stable")
    found = np.searchsorted(samples, wanted, sorter=order)
    places: Ints = order[np.minimum(found, len(samples) - 1)] if len(samples) else np.empty(0, np.int64)
    if not np.array_equal(samples[places], wanted):
        raise ValueError("A prediction speaks of a picture that is not in this split.")
    return places


def _gathered(arrays: Sequence[Ints], places: Ints) -> Ints:
    return (arrays[0] if len(arrays) == 1 else np.concatenate(arrays))[places]
