"""Pictures of a split with what a network said of them, as they are to be written: lines of a table, and file names."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fmstudio.data.library import PictureSet
from fmstudio.export.spreadsheet import safe_cell
from fmstudio.training.events import Ints, Predictions

COLUMNS = (
    "split",
    "index",
    "file",
    "true",
    "true_name",
    "predicted",
    "predicted_name",
    "confidence",
    "loss",
    "correct",
)
"""The head of the table; ``true`` and ``predicted`` are class numbers from 0."""


@dataclass(frozen=True, eq=False)
class PictureRows:
    """Some pictures in an order.

    Attributes:
        split: ``"train"`` or ``"test"``.
        classes: Names of the classes, English.
        pictures: All pictures of the split.
        places: Which of them, in order, shape (m,).
        predictions: What a network said of some of the split; None: nothing is known.
        rows: The row of ``predictions`` for each place, shape (m,).
    """

    split: str
    classes: tuple[str, ...]
    pictures: PictureSet
    places: Ints
    predictions: Predictions | None
    rows: Ints

    def __len__(self) -> int:
        return len(self.places)

    def image(self, number: int) -> NDArray[np.uint8]:
        """The pixels of one of them."""
        pixels: NDArray[np.uint8] = self.pictures.images[self.places[number]]
        return pixels

    def file(self, number: int) -> str:
        """The name of its PNG: split and index."""
        return f"{self.split}-{int(self.pictures.samples[self.places[number]]):05d}.png"

    def table(self) -> Iterator[tuple[str, ...]]:
        """The lines of the table, without the head; what is not known is empty."""
        for number, place in enumerate(self.places.tolist()):
            label = int(self.pictures.labels[place])
            index = str(int(self.pictures.samples[place]))
            name = safe_cell(self.classes[label])
            yield self.split, index, self.file(number), str(label), name, *self._answer(number, label)

    def _answer(self, number: int, label: int) -> tuple[str, str, str, str, str]:
        """Predicted class, its name, confidence, loss, and whether it is right."""
        answers = self.predictions
        if answers is None:
            return "", "", "", "", ""
        row = int(self.rows[number])
        predicted = int(answers.predicted[row])
        confidence, loss = float(answers.probabilities[row, predicted]), float(answers.loss[row])
        correct = "true" if predicted == label else "false"
        return str(predicted), safe_cell(self.classes[predicted]), f"{confidence:.6g}", f"{loss:.9g}", correct
