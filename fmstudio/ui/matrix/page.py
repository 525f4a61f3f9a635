"""The confusion matrix with what it can show: counts, shares, sums, differences, in several orders."""

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from fmstudio.data.library import ImageData
from fmstudio.errors import UserError
from fmstudio.insight.confusion_order import Arrangement, arranged
from fmstudio.session.confusion_cell import Mode, Other
from fmstudio.session.confusion_counts import MatrixCounts, fits
from fmstudio.session.confusion_table import ConfusionTableModel
from fmstudio.session.inspection import answers_of
from fmstudio.session.selection import AllOf, AnyOf, Condition, PredictedIs, Selection, TrueIs
from fmstudio.session.sight import Sight
from fmstudio.training.events import Ints, Predictions
from fmstudio.ui.looking import Verb, can_step_back
from fmstudio.ui.matrix.picture import MatrixFigure, export_matrix
from fmstudio.ui.matrix.view import Cell, ConfusionView
from fmstudio.words import marked, tr, tr_n

Against = int | Literal["run"] | None
"""What the mode "change" compares with: another epoch of the same run, or another run."""

MODES: dict[Mode, str] = {
    "count": marked("count"),
    "true": marked("% of true"),
    "predicted": marked("% of predicted"),
    "sum": marked("probability sums"),
}

_MOST_PICTURED = 100


class MatrixPage(QWidget):
    """Matrix tab of the confusion panel.

    Attributes:
        view: The matrix itself, ``confusionView``.
        library: The folder in which a run lies that goes on; None for the user's.

    Signals:
        selection_changed(Selection): A square, a row or a column was chosen, or left.
        told(): ``title`` or ``hint`` are others.
        saved(Path): The matrix was written to a file.
        failed(UserError): It could not be.
    """

    selection_changed = Signal(object)
    told = Signal()
    saved = Signal(object)
    failed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.library: Path | None = None
        self._sight: Sight | None = None
        self._counts = MatrixCounts()
        self._mode: Mode = "count"
        self._against: Against = None
        self._other: tuple[str, Predictions | None] = ("", None)
        self._arrangement: Arrangement = "classes"
        self._arranged_for: tuple[object, ...] = ()
        self._thumbnails: tuple[object, Sequence[NDArray[np.uint8]]] = (None, ())
        self._arrays: tuple[object, object, object] = (None, None, None)
        self._words: tuple[object, ...] = ()
        self.table = ConfusionTableModel(self)
        self.view = ConfusionView(self.table)
        self.view.chosen.connect(self._look_at)
        self.view.cleared.connect(self._step_back)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.view)
        self.setFocusProxy(self.view)

    @property
    def mode(self) -> Mode:
        """What the squares show; ``against`` says what they are compared with in the mode "change"."""
        return self._mode

    @property
    def against(self) -> Against:
        """See ``mode``."""
        return self._against

    @property
    def arrangement(self) -> Arrangement:
        """In which order the classes stand."""
        return self._arrangement

    @property
    def other(self) -> str:
        """Name of the other run, empty where there is none to compare with."""
        return self._other[0] if self._other[1] is not None else ""

    @property
    def epochs(self) -> tuple[int, ...]:
        """The epochs that can be compared with."""
        if self._sight is None:
            return ()
        epochs = ((epoch.epoch, epoch.predictions) for epoch in self._sight.run.epochs)
        return tuple(number for number, kept in epochs if isinstance(kept, Predictions) and len(kept))

    @property
    def title(self) -> str:
        """What the squares show, in a few words."""
        return f"± {self._name()}" if self._mode == "change" else tr(MODES[self._mode])

    @property
    def hint(self) -> str:
        """What is compared, or why there is nothing; empty where there is nothing to say."""
        if self._sight is None or self._sight.counted is None or not self._sight.classes:
            return ""
        if not fits(self._sight.counted, len(self._sight.classes)):
            return tr("These answers are about other classes than the pictures have")
        if self._mode != "change":
            return ""
        if self.table.counts is None:
            return tr("Cannot be compared: {name} was not asked about these pictures", name=self._name())
        return tr("More (+) or fewer (−) than in {name}", name=self._name())

    def show_sight(self, sight: Sight) -> None:
        """Show what is looked at now."""
        if sight is self._sight:
            return
        self._sight = sight
        if isinstance(self._against, int) and self._against not in self.epochs:
            self._mode, self._against = "count", None
        self._refresh()

    def show_nothing(self) -> None:
        """Empty the squares until the next sight comes."""
        self._sight, self._words = None, ()
        self.table.show(None, self.table.classes)
        self.told.emit()

    def show_other(self, name: str, predictions: Predictions | None) -> None:
        """Offer another run to compare with.

        Args:
            name: What it is called, translated: "run 2".
            predictions: What its network said of the same pictures; None: there is none.
        """
        self._other = (name, predictions)
        if predictions is None and self._against == "run":
            self._mode, self._against = "count", None
        self._refresh()

    def choose_mode(self, mode: Mode, against: Against = None) -> None:
        """Show something else in the squares."""
        self._mode, self._against = mode, against if mode == "change" else None
        self._refresh()

    def arrange(self, arrangement: Arrangement) -> None:
        """Let the classes stand in another order; chosen again, they are arranged anew."""
        self._arrangement, self._arranged_for = arrangement, ()
        self._refresh()

    def figure(self) -> MatrixFigure:
        """What would be saved now."""
        sight = self._sight
        names = () if sight is None else tuple(tr(name) for name in sight.short_classes)
        run = "" if sight is None else " · ".join(filter(None, (sight.run.title, sight.note)))
        title = " · ".join(filter(None, (tr("Confusion matrix"), run)))
        parts = (_pictures(sight), self.hint or tr(MODES.get(self._mode, "")))
        words = " · ".join(filter(None, parts))
        return MatrixFigure(self.table, names, title, words, None if sight is None else sight.run, self.library)

    def save(self, path: Path) -> None:
        """Write the matrix as it is shown to a .png, .svg or .csv file, and say whether that went well."""
        try:
            export_matrix(path, self.figure())
        except UserError as error:
            self.failed.emit(error)
        else:
            self.saved.emit(path)

    def _refresh(self) -> None:
        sight = self._sight
        if sight is None:
            return
        matrix, other = self._counts.matrix(sight), self._compared(sight)
        shown = None if self._mode == "change" and other is None else matrix
        sums = self._counts.sums(sight) if self._mode == "sum" else None
        arrays = (shown, sums, None if other is None else other.counts)
        words = (self._mode, self._name(), sight.classes)
        if words != self._words or any(new is not old for new, old in zip(arrays, self._arrays, strict=True)):
            self._arrays, self._words = arrays, words
            self.table.show(shown, sight.classes, self._mode, sums=sums, other=other)
        self._arrange(sight, matrix)
        self.table.show_strong(self._counts.strong(sight) if shown is not None else None)
        self.view.show_classes(sight.short_classes, self._pictures_of(sight.data))
        self.view.ring(ringed(sight.selection))
        self.view.clearable = can_step_back(sight.selection)
        self.told.emit()

    def _arrange(self, sight: Sight, matrix: Ints | None) -> None:
        """Order the classes once for each run and part of it: they stand still from epoch to epoch."""
        if matrix is None or not len(matrix):
            return
        selection = sight.selection
        wanted = (self._arrangement, sight.run, sight.run.ended, selection.split, selection.only, sight.classes)
        if wanted != self._arranged_for:
            self._arranged_for = wanted
            self.table.arrange(arranged(matrix, self._arrangement))

    def _compared(self, sight: Sight) -> Other | None:
        """What the counts are compared with; None where nothing is, or it cannot be."""
        if self._mode != "change":
            return None
        answers = self._other[1]
        if isinstance(self._against, int):
            answers = answers_of(sight.run, self._against) if sight.selection.split == "test" else None
        return self._counts.other(sight, self._name(), answers)

    def _name(self) -> str:
        """What is compared with."""
        if self._mode != "change":
            return ""
        return self._other[0] if self._against == "run" else epoch_name(self._against)

    def _pictures_of(self, data: ImageData | None) -> Sequence[NDArray[np.uint8]]:
        if data is None:
            return ()
        if self._thumbnails[0] is not data:
            self._thumbnails = (data, first_pictures(data))
        return self._thumbnails[1]

    def _look_at(self, true: int, predicted: int, verb: Verb) -> None:
        """Ask for exactly the pictures that were counted there: nothing else narrows them down; -1: any class."""
        if self._sight is None:
            return
        rows: list[Condition] = [TrueIs(true)] if true >= 0 else []
        columns: list[Condition] = [PredictedIs(predicted)] if predicted >= 0 else []
        selection = self._sight.selection
        if verb is Verb.ADD:
            self.selection_changed.emit(selection.added(*rows, *columns))
            return
        wanted = selection.at(*rows, *columns)
        self.selection_changed.emit(wanted.counted_alone() if verb is Verb.ALONE else wanted)

    def _step_back(self) -> None:
        if self._sight is not None:
            self.selection_changed.emit(self._sight.selection.stepped_back())


def epoch_name(epoch: Against) -> str:
    """An epoch as a thing to compare with."""
    return tr("epoch {epoch}", epoch=f"{epoch:,}") if isinstance(epoch, int) else ""


def first_pictures(data: ImageData) -> tuple[NDArray[np.uint8], ...]:
    """The first test picture of each class; of a class without one the first training picture, else nothing but black.

    None at all where there are too many classes to see them.
    """
    size = len(data.classes)
    if size > _MOST_PICTURED:
        return ()
    found: dict[int, NDArray[np.uint8]] = {}
    for part in (data.test, data.train):
        for label, row in zip(*np.unique(part.labels, return_index=True), strict=True):
            found.setdefault(int(label), part.images[row])
    blank = np.zeros_like(next(iter(found.values()))) if found else np.zeros((1, 1), np.uint8)
    return tuple(found.get(label, blank) for label in range(size))


def ringed(selection: Selection) -> tuple[Cell, ...]:
    """The squares, rows and columns that are looked at exactly; -1 stands for every class."""
    conditions = selection.conditions
    several = conditions[0] if len(conditions) == 1 else None
    parts = several.conditions if isinstance(several, AnyOf) else (AllOf(conditions),)
    cells = (_cell(part.conditions if isinstance(part, AllOf) else (part,)) for part in parts)
    return tuple(cell for cell in cells if cell != (-1, -1))


def _cell(conditions: tuple[Condition, ...]) -> Cell:
    true = next((one.label for one in conditions if isinstance(one, TrueIs)), -1)
    return true, next((one.label for one in conditions if isinstance(one, PredictedIs)), -1)


def _pictures(sight: Sight | None) -> str:
    """How many of which pictures are counted."""
    if sight is None or sight.counted is None:
        return ""
    if sight.selection.split == "train":
        return tr_n("{count:,} training picture", "{count:,} training pictures", len(sight.counted))
    return tr_n("{count:,} test picture", "{count:,} test pictures", len(sight.counted))
