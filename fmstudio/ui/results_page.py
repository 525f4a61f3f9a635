"""The page where one sees what happened: curves, score card, pictures and matrix, in four fixed places."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QWidget

from fmstudio.insight.verdict import Verdict, verdict
from fmstudio.session.inspection import Inspection
from fmstudio.training.events import Predictions
from fmstudio.ui.captions import card, people
from fmstudio.ui.confusion_panel import ConfusionPanel
from fmstudio.ui.predictions_panel import PredictionsPanel
from fmstudio.ui.score_card import ScoreCard
from fmstudio.ui.widgets import Card
from fmstudio.words import tr

GAP = 10
LEFT, RIGHT, TOP, BOTTOM = 640, 430, 270, 470
"""The share that each place has of the page, as in the drawing at 1440 × 900."""


class ResultsPage(QWidget):
    """Shows an inspection, and passes on what the user does in one of the four places.

    Signals:
        selection_changed(Selection): Other pictures shall be looked at.
        split_chosen(str): Training or test pictures shall be counted.
        opened(int): A row of the shown pictures shall be shown large.
        verdict_pressed(Verdict): The score card's button.
    """

    selection_changed = Signal(object)
    split_chosen = Signal(str)
    opened = Signal(int)
    verdict_pressed = Signal(object)

    def __init__(self, inspection: Inspection, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._inspection = inspection
        self._curves: QWidget | None = None
        self._verdict = Verdict("waiting")
        self._counted: Predictions | None = None
        self._thumbnails: Sequence[NDArray[np.uint8]] = ()
        self._epochs = 1
        self._people: float | None = None
        self.score = ScoreCard()
        self.pictures = PredictionsPanel()
        self.matrix = ConfusionPanel()
        self._curves_card = Card()
        self._lay_out()
        self.score.pressed.connect(lambda: self.verdict_pressed.emit(self._verdict))
        self.pictures.selection_changed.connect(self.selection_changed)
        self.pictures.opened.connect(self.opened)
        self.matrix.selection_changed.connect(self.selection_changed)
        self.matrix.split_chosen.connect(self.split_chosen)

    def place_curves(self, curves: QWidget) -> None:
        """Put the curves into their place, once their library is loaded."""
        self._curves = curves
        self._curves_card.body.addWidget(curves)
        self.refresh()

    def show_plan(self, epochs: int, people: float | None) -> None:
        """Say what the axes shall have before the first run: how many epochs, and what people have right, 0…1."""
        self._epochs, self._people = epochs, people
        self._show_curves()

    def refresh(self) -> None:
        """Show what is new in the inspection."""
        inspection = self._inspection
        self._verdict = verdict(inspection.run, inspection.classes) if inspection.classes else Verdict("waiting")
        self.score.show_card(card(inspection.run, inspection.classes))
        self._show_curves()
        self._show_matrix()
        self._show_pictures()

    def _show_curves(self) -> None:
        run = self._inspection.run
        if self._curves is None:
            return
        guessing = 1 / len(self._inspection.classes) if self._inspection.classes else None
        shown = run if run.started else None
        known = people(run) if shown else self._people
        self._curves.show_run(shown, people=known, guessing=guessing)  # type: ignore[attr-defined]
        if shown is None:
            self._curves.show_empty(self._epochs)  # type: ignore[attr-defined]

    def _show_matrix(self) -> None:
        inspection, data = self._inspection, self._inspection.data
        if data is None:
            return
        if not self._thumbnails:
            firsts = [int(np.argmax(data.test.labels == label)) for label in range(len(data.classes))]
            self._thumbnails = [data.test.images[row] for row in firsts]
        counted = inspection.counted
        if counted is None or counted is not self._counted:
            note = tr("Asking the network about the training pictures …") if self._waits() else ""
            self.matrix.show_predictions(counted, data.classes, data.short_classes, self._thumbnails, note=note)
            self._counted = counted
        self.matrix.show_selection(inspection.selection)

    def _show_pictures(self) -> None:
        inspection, data = self._inspection, self._inspection.data
        pictures = inspection.pictures
        if data is None or pictures is None:
            return
        self.pictures.show_pictures(
            pictures, data.classes, data.short_classes, inspection.predictions, inspection.selection, ""
        )  # fmt: skip

    def _waits(self) -> bool:
        return self._inspection.selection.split == "train"

    def _lay_out(self) -> None:
        left = self._column(self._curves_card, _carded(self.pictures))
        right = self._column(_carded(self.score), _carded(self.matrix))
        whole = QSplitter(Qt.Orientation.Horizontal)
        for part, share in ((left, LEFT), (right, RIGHT)):
            whole.addWidget(part)
            whole.setStretchFactor(whole.indexOf(part), share)
        whole.setSizes([LEFT, RIGHT])
        whole.setHandleWidth(GAP)
        whole.setChildrenCollapsible(False)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(whole)

    def _column(self, above: QWidget, below: QWidget) -> QSplitter:
        column = QSplitter(Qt.Orientation.Vertical)
        for part, share in ((above, TOP), (below, BOTTOM)):
            column.addWidget(part)
            column.setStretchFactor(column.indexOf(part), share)
        column.setSizes([TOP, BOTTOM])
        column.setHandleWidth(GAP)
        column.setChildrenCollapsible(False)
        return column


def _carded(panel: QWidget) -> Card:
    made = Card()
    made.body.addWidget(panel)
    return made
