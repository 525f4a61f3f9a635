"""The wall of pictures on the page Results: what each really is over what it was taken for."""

from dataclasses import replace

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QStackedLayout, QVBoxLayout, QWidget

from fmstudio.data.library import PictureSet
from fmstudio.session.picture_list import Picture, PictureListModel, Roles
from fmstudio.session.selection import PredictedIs, Selection, TrueIs
from fmstudio.training.events import Ints, Predictions
from fmstudio.ui.picture_delegate import SMALL
from fmstudio.ui.picture_view import PictureView
from fmstudio.ui.selection_bar import SelectionBar, Shown
from fmstudio.ui.widgets import button, label
from fmstudio.words import tr


class PredictionsPanel(QWidget):
    """Shows the pictures of a selection, with the sentence that says which they are.

    Attributes:
        selection_changed: The user wants to see other pictures: a ``Selection``.
        opened: The user opened the picture in a row.
        moved: The picture in a row became the current one.
        view: The wall.
    """

    selection_changed = Signal(object)
    opened = Signal(int)
    moved = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("predictionsPanel")
        self._selection = Selection()
        self._names: tuple[str, ...] = ()
        self._lines, self._edge = 2, SMALL
        self._model = PictureListModel(self)
        self._bar = SelectionBar()
        self._bar.selection_changed.connect(self.selection_changed)
        self._bar.size_chosen.connect(self._resize_pictures)
        self.view = PictureView(self._model)
        self.view.setObjectName("predictionsView")
        self.view.setAccessibleName(tr("Pictures"))
        self.view.opened.connect(self.opened)
        self.view.moved.connect(self.moved)
        self.view.escaped.connect(self._leave)
        self._nothing = label(role="secondary")
        self._build()

    def show_pictures(
        self,
        pictures: PictureSet,
        classes: tuple[str, ...],
        short_classes: tuple[str, ...],
        predictions: Predictions | None,
        selection: Selection,
        note: str = "",
    ) -> None:
        """Show the pictures of a selection; the same ones keep their places, and the current one stays current.

        Args:
            pictures: All pictures of the selection's split.
            classes: Names of the classes; ``short_classes``: short ones, for the captions.
            short_classes: See above.
            predictions: What a network said of all or some of them; None: nothing yet.
            selection: Which ones, in which order.
            note: What else to say of them: "epoch 2".
        """
        rows = _rows(pictures, predictions, selection)
        sample = self._current_sample() if selection == self._selection else None
        fresh = selection != self._selection
        self._selection, self._names = selection, short_classes
        self._lines = 2 if selection.watched or predictions is None else 3
        self._style()
        self._model.show(pictures, classes, predictions, rows)
        if fresh:
            self.view.begin()
        elif sample is not None and not self.view.currentIndex().isValid():
            self.view.keep(self._model.find(sample))
        right = None if predictions is None else int(predictions.right[rows].sum())
        self._bar.show_selection(Shown(selection, short_classes, len(rows), right, note))
        self._nothing.setText(_nothing(selection, short_classes))
        self._stack.setCurrentIndex(0 if len(rows) else 1)

    def picture(self, row: int) -> Picture:
        """All that is known of the picture in a row."""
        return self._model.picture(row)

    @property
    def count(self) -> int:
        """How many pictures are shown."""
        return self._model.rowCount()

    @property
    def current_row(self) -> int:
        """The row of the current picture, -1 where there is none."""
        return self.view.currentIndex().row()

    def go(self, row: int) -> None:
        """Make the picture in a row the current one; a row that is not there changes nothing."""
        self.view.go(row)

    def _build(self) -> None:
        empty = QWidget()
        column = QVBoxLayout(empty)
        everything = button(tr("Show all"), "link", "showAllInstead")
        everything.clicked.connect(self._show_all)
        column.addStretch(1)
        column.addWidget(self._nothing, alignment=Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(everything, alignment=Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(2)
        self._stack = QStackedLayout()
        self._stack.addWidget(self.view)
        self._stack.addWidget(empty)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(4)
        whole.addWidget(self._bar)
        whole.addLayout(self._stack, 1)

    def _current_sample(self) -> int | None:
        current = self.view.currentIndex()
        return int(current.data(Roles.SAMPLE)) if current.isValid() else None

    def _resize_pictures(self, edge: int) -> None:
        self._edge = edge
        self._style()

    def _style(self) -> None:
        self.view.style_pictures(self._names, lines=self._lines, edge=self._edge)

    def _show_all(self) -> None:
        self.selection_changed.emit(replace(self._selection, conditions=(), watched=False))

    def _leave(self) -> None:
        if self._selection.conditions:
            self._show_all()


def _rows(pictures: PictureSet, predictions: Predictions | None, selection: Selection) -> Ints:
    """Which rows are shown; before there are predictions only the true class can be asked for."""
    if predictions is not None:
        return selection.rows(predictions)
    label = selection.find(TrueIs)
    if label is None:
        return np.arange(len(pictures), dtype=np.int64)
    return np.flatnonzero(pictures.labels == label)


def _nothing(selection: Selection, names: tuple[str, ...]) -> str:
    """What is said where no picture fits."""
    true, predicted = selection.find(TrueIs), selection.find(PredictedIs)
    if len(selection.conditions) == 1 and predicted is not None:
        return tr("No picture was taken for {predicted} here.", predicted=tr(names[predicted]))
    if len(selection.conditions) == 2 and true is not None and predicted is not None:
        values = {"true": tr(names[true]), "predicted": tr(names[predicted])}
        return tr("No {true} was taken for {predicted} here.", **values)
    return tr("No picture is like that here.")
