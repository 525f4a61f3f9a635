"""All that a view needs to show what is looked at: one immutable value, made anew with every change."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from fmstudio.data.library import ImageData, PictureSet
from fmstudio.insight.history import History
from fmstudio.runs.run import Run
from fmstudio.session.selection import Selection
from fmstudio.training.events import Predictions
from fmstudio.words import tr


@dataclass(frozen=True, eq=False)
class Sight:
    """What is looked at. Arrays that did not change are the same objects as in the sight before.

    Attributes:
        run: Whose answers these are.
        epoch: The epoch that the time machine looks back at; None: the newest, or the one that was kept.
        number: Of the run in this window, 0 where it has none.
        data: The data set, None before it is read and where numbers are learned.
        selection: Which pictures are looked at, and which are counted.
        pictures: All pictures of the split; while the watched ones are selected, those sixty.
        answers: What the network said of the whole split; None: nothing is known.
        counted: Those that are counted: the same object as ``answers`` unless something is left out.
        wall: The answers that stand under the pictures: of the watched ones while those are selected, else ``counted``.
        strong: Which of ``counted`` are looked at, shape (n,); None where no condition is set: all alike.
        recall: Finds ``history``.
    """

    run: Run
    epoch: int | None
    number: int
    data: ImageData | None
    selection: Selection
    pictures: PictureSet | None
    answers: Predictions | None
    counted: Predictions | None
    wall: Predictions | None
    strong: NDArray[np.bool_] | None
    recall: Callable[[], History | None] = lambda: None

    @cached_property
    def history(self) -> History | None:
        """How the test pictures were answered epoch by epoch; None for the training split."""
        return self.recall()

    @property
    def classes(self) -> tuple[str, ...]:
        """Names of the classes, English."""
        return self.data.classes if self.data is not None else ()

    @property
    def short_classes(self) -> tuple[str, ...]:
        """Short names of the classes, English."""
        return self.data.short_classes if self.data is not None else ()

    @property
    def note(self) -> str:
        """Which run and epoch this is, where it is not simply the newest: "run 3 · epoch 2"; may be empty."""
        parts = []
        if self.number > 1:
            parts.append(tr("run {number}", number=self.number))
        if self.epoch is not None:
            parts.append(tr("epoch {epoch}", epoch=f"{self.epoch:,}"))
        return " · ".join(parts)
