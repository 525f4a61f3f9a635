"""What is taken for what: the confusion matrix, and beside it the figures of each class."""

from collections.abc import Sequence
from dataclasses import replace
from typing import cast

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from fmstudio.insight.confusion import confusion_matrix
from fmstudio.session.class_table import ClassTableModel
from fmstudio.session.confusion_table import ConfusionTableModel, Mode
from fmstudio.session.selection import PredictedIs, Selection, Split, TrueIs
from fmstudio.training.events import Ints, Predictions
from fmstudio.ui import theme
from fmstudio.ui.class_table_view import ClassTableView
from fmstudio.ui.confusion_view import ConfusionView
from fmstudio.ui.widgets import ElidedLabel, TabRow, label
from fmstudio.words import tr


class ConfusionPanel(QWidget):
    """Matrix and figures per class, over the test or the training pictures.

    Attributes:
        selection_changed: The user chose a square, a row, a column, or none of them: the new ``Selection``.
        split_chosen: The user wants it counted over other pictures: ``"test"`` or ``"train"``. The squares are empty
            until ``show_predictions`` brings those.
    """

    selection_changed = Signal(object)
    split_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("confusionPanel")
        self._selection = Selection()
        self._table, self._figures = ConfusionTableModel(self), ClassTableModel(self)
        self._view, self._class_view = ConfusionView(self._table), ClassTableView(self._figures)
        self._tabs = TabRow({"matrix": tr("Matrix"), "classes": tr("Per class")})
        self._modes = _switch({"count": tr("count"), "true": tr("% of true"), "predicted": tr("% of predicted")})
        self._splits = _switch({"test": tr("Test"), "train": tr("Training")})
        self._hint, self._seen = ElidedLabel(role="small"), label(tr("The network has seen these"), "amber")
        self._note = ""
        self._explain()
        self._lay_out()
        self._connect()
        self._tell()

    @property
    def split(self) -> Split:
        """The pictures that are counted."""
        return cast(Split, self._splits.key)

    @property
    def mode(self) -> Mode:
        """What the squares show."""
        return self._table.mode

    def show_predictions(
        self,
        predictions: Predictions | None,
        classes: Sequence[str],
        short_classes: Sequence[str],
        thumbnails: Sequence[NDArray[np.uint8]],
        *,
        note: str = "",
    ) -> None:
        """Count other predictions, of the pictures that ``split`` names.

        Args:
            predictions: What the network answered; None: headers only.
            classes: Names of the classes, untranslated; ``short_classes`` those that stand beside the rows.
            short_classes: Likewise.
            thumbnails: One picture of each class, uint8 of shape (h, w) or (h, w, 3), or none at all.
            note: A sentence in the place of "Click a square to see those pictures".
        """
        matrix = None
        if predictions is not None:
            matrix = confusion_matrix(predictions.labels, predictions.predicted, len(classes))
        self._note = note
        self._show(matrix, classes)
        self._view.show_classes(short_classes, thumbnails)

    def show_selection(self, selection: Selection) -> None:
        """Ring what is looked at; a selection of other pictures turns the switch, too."""
        if selection == self._selection:
            return
        self._selection = selection
        self._splits.choose(selection.split)
        true, predicted = selection.find(TrueIs), selection.find(PredictedIs)
        row, column = -1 if true is None else true, -1 if predicted is None else predicted
        self._view.ring(row, column)
        self._class_view.mark(row if column < 0 else -1)
        self._tell()

    def _show(self, matrix: Ints | None, classes: Sequence[str]) -> None:
        self._table.show(matrix, classes, cast(Mode, self._modes.key))
        self._figures.show(matrix, classes)
        self._tell()

    def _tell(self) -> None:
        """The sentence below, and the mark of training pictures."""
        self._hint.setText(self._note or self._invitation())
        self._seen.setVisible(self.split == "train")
        self._hint.setVisible(self.split == "test" or bool(self._note) or self._table.counts is None)

    def _invitation(self) -> str:
        if self._table.counts is None:
            return tr("Filled once the network answers")
        if self._pages.currentWidget() is self._class_view:
            return tr("Click a row to see those pictures")
        return tr("Click a square to see those pictures")

    def _explain(self) -> None:
        tips = {
            "count": tr("How many pictures"),
            "true": tr("Of all pictures that really are of the row's class: each row adds up to 100"),
            "predicted": tr("Of all pictures that were taken for the column's class: each column adds up to 100"),
        }
        for key, tip in tips.items():
            self._modes.buttons[key].setToolTip(tip)
        self._splits.buttons["test"].setToolTip(tr("Count test pictures, which the network has never learned from"))
        self._splits.buttons["train"].setToolTip(tr("Count training pictures, which the network has seen"))

    def _lay_out(self) -> None:
        self._pages = QStackedWidget()
        self._pages.addWidget(self._view)
        self._pages.addWidget(self._class_view)
        self._seen.setFont(theme.font(theme.SMALL))
        self._seen.setContentsMargins(8, 2, 8, 2)
        policy = self._modes.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self._modes.setSizePolicy(policy)
        head, foot = QHBoxLayout(), QHBoxLayout()
        head.addWidget(self._tabs)
        head.addStretch()
        head.addWidget(self._modes)
        foot.addWidget(self._hint)
        foot.addWidget(self._seen)
        foot.addStretch()
        foot.addWidget(self._splits)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(self._pages, 1)
        column.addLayout(foot)

    def _connect(self) -> None:
        self._tabs.chosen.connect(self._turn)
        self._modes.chosen.connect(lambda _: self._show(self._table.counts, self._table.classes))
        self._splits.chosen.connect(self._ask)
        self._view.chosen.connect(self._look_at)
        self._class_view.chosen.connect(lambda label: self._look_at(label, -1))
        self._view.cleared.connect(lambda: self._look_at(-1, -1))
        self._class_view.cleared.connect(lambda: self._look_at(-1, -1))

    def _turn(self, tab: str) -> None:
        self._pages.setCurrentWidget(self._view if tab == "matrix" else self._class_view)
        self._modes.setVisible(tab == "matrix")
        self._tell()

    def _ask(self, split: str) -> None:
        if self._table.counts is not None:
            self._note = tr("Asking the network …")
            self._show(None, self._table.classes)
        self._tell()
        self.split_chosen.emit(split)

    def _look_at(self, row: int, column: int) -> None:
        """Ask for exactly the pictures that were counted there: nothing else narrows them down; -1: any class."""
        rows, columns = [TrueIs(row)] if row >= 0 else [], [PredictedIs(column)] if column >= 0 else []
        wanted = replace(self._selection, split=self.split, conditions=()).but(*rows, *columns)
        self.show_selection(wanted)
        self.selection_changed.emit(wanted)


def _switch(names: dict[str, str]) -> TabRow:
    """A row of small words of which one is chosen, quieter than tabs."""
    row = TabRow(names, role="quiet")
    row.setStyleSheet(
        "QPushButton { font-size: 12px; padding: 2px 4px; } QPushButton:checked { font-weight: 600; }"
        "QPushButton:focus { padding: 2px 4px; }"
    )
    return row
