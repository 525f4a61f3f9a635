"""The page where one sees what happened: four fixed places, for pictures or for numbers."""

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QSplitter, QStackedWidget, QVBoxLayout, QWidget

from fmstudio.catalog.datasets import Dataset, Linear
from fmstudio.experiment.draft import get
from fmstudio.insight.regression import NumberPoints, kept_fit, number_points
from fmstudio.insight.verdict import Verdict, verdict
from fmstudio.session.door import load
from fmstudio.session.examiner import Examiner
from fmstudio.session.inspection import Inspection
from fmstudio.session.sight import Sight
from fmstudio.ui.amber_bar import AmberBar
from fmstudio.ui.captions import card, people
from fmstudio.ui.detached import DetachedDialog
from fmstudio.ui.matrix.panel import ConfusionPanel
from fmstudio.ui.number_captions import numbers_card
from fmstudio.ui.part_captions import part_card, part_verdict, speaks_of_part
from fmstudio.ui.score_card import ScoreCard
from fmstudio.ui.time_bar import TimeBar
from fmstudio.ui.wall.predictions_panel import PredictionsPanel
from fmstudio.ui.widgets import MARGIN, Card
from fmstudio.words import tr

if TYPE_CHECKING:
    from fmstudio.ui.scatter_panel import ScatterPanel
    from fmstudio.ui.valley_panel import ValleyPanel

GAP = 10
DETACHABLE = ("curves", "pictures", "matrix")
LEFT, RIGHT, TOP, BOTTOM = 640, 430, 270, 470
"""The share that each place has of the page, as in the drawing at 1440 × 900."""


class ResultsPage(QWidget):
    """Shows an inspection, and passes on what the user does in one of the four places.

    Above are curves and score card. Below are pictures and matrix; where numbers are learned, points and valley.

    Signals:
        selection_changed(Selection): Other pictures shall be looked at.
        split_chosen(str): Training or test pictures shall be counted.
        opened(int): A row of the shown pictures shall be shown large.
        verdict_pressed(Verdict): The score card's button, where this page does not know itself what to do.
    """

    selection_changed = Signal(object)
    split_chosen = Signal(str)
    opened = Signal(int)
    verdict_pressed = Signal(object)

    def __init__(self, inspection: Inspection, examiner: Examiner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._inspection = inspection
        self._curves: QWidget | None = None
        self._verdict = Verdict("waiting")
        self._epochs = 1
        self._own_score: float | None = None
        self._detached: dict[str, DetachedDialog] = {}
        self._people: float | None = None
        self._planned: NumberPoints | None = None
        self._loss: Mapping[str, Any] = {}
        self._drawn: tuple[object, ...] = ()
        self.score = ScoreCard()
        self.pictures, self.matrix = PredictionsPanel(), ConfusionPanel(examiner)
        self.amber, self.time = AmberBar(), TimeBar()  # the bar stands above the page, in the lesson's place
        self._curves_card, self._score_card = Card(), _carded(self.score)
        self._curves_card.body.addStretch(1)  # where the curves will be
        self._curves_card.body.addWidget(self.time)
        self._curves_card.body.setSpacing(4)
        self._left, self._right = _place(self.pictures), _place(self.matrix)
        self._lay_out()
        self._connect()

    @cached_property
    def scatter(self) -> "ScatterPanel":
        """The points, in the place of the pictures; made when numbers are learned for the first time."""
        made: ScatterPanel = load("fmstudio.ui.scatter_panel.ScatterPanel")()
        self._left.addWidget(_carded(made))
        return made

    @cached_property
    def valley(self) -> "ValleyPanel":
        """The valley, in the place of the matrix; made when numbers are learned for the first time."""
        made: ValleyPanel = load("fmstudio.ui.valley_panel.ValleyPanel")()
        self._right.addWidget(_carded(made))
        return made

    def place_curves(self, curves: QWidget) -> None:
        """Put the curves into their place, once their library is loaded."""
        if self._curves is not None:
            self._curves.hide()
            self._curves.deleteLater()
        self._curves = curves
        self._curves_card.body.takeAt(0)
        self._curves_card.body.insertWidget(0, curves, 1)
        curves.show_own_score(self._own_score)  # type: ignore[attr-defined]
        curves.epoch_chosen.connect(self._inspection.show_epoch)  # type: ignore[attr-defined]
        self.refresh()

    def show_own_score(self, share: float) -> None:
        """Draw what the user reached against the network, 0…1, beside its curve."""
        self._own_score = share
        if self._curves is not None:
            self._curves.show_own_score(share)  # type: ignore[attr-defined]

    def detach(self, key: str) -> None:
        """Give a view a window of its own: "curves", "pictures" or "matrix"; one that has it comes to the front."""
        if key in self._detached:
            self._detached[key].raise_()
            self._detached[key].activateWindow()
            return
        views = {"curves": (self._curves, tr("Curves")), "pictures": (self.pictures, tr("Pictures"))}
        content, title = views.get(key, (self.matrix, tr("Confusion matrix")))
        card = content.parentWidget() if content is not None else None
        if content is None or not isinstance(card, Card):
            return
        made = self._detached[key] = DetachedDialog(card, content, title, self)
        made.returned.connect(lambda: self._detached.pop(key, None))
        made.show()

    def show_plan(self, epochs: int, people: float | None) -> None:
        """Say what the axes shall have before the first run: how many epochs, and what people have right, 0…1."""
        self._epochs, self._people = epochs, people
        self._show_curves()

    def show_recipe_data(self, dataset: Dataset | None, loss: Mapping[str, Any] | None = None) -> None:
        """Say what will be learned: as long as no run is looked at, the places of that kind stand there asleep.

        Args:
            dataset: Of the recipe; None where it cannot be read: the places stay as they are.
            loss: The recipe's loss as it stands in a spec; the valley is drawn with it.
        """
        self._loss = {"loss": dict(loss or {})}
        if isinstance(dataset, Linear):
            if self._planned is None or self._planned.dataset != dataset:
                self._planned = number_points(dataset)
        elif dataset is not None:
            self._planned = None
        self.refresh()

    @property
    def points(self) -> NumberPoints | None:
        """The points that are shown: of the run that is looked at, else of the recipe; None for pictures."""
        inspection = self._inspection
        return inspection.points if inspection.run.spec or inspection.points else self._planned

    def refresh(self) -> None:
        """Show what is new in the inspection."""
        inspection, points = self._inspection, self.points
        numbers = () if points is None else (self.scatter, self.valley)  # made by being asked for
        for place in (self._left, self._right):
            place.setCurrentIndex(1 if numbers else 0)
        self.time.setVisible(points is None)
        self._show_curves()
        if points is not None:
            self._show_numbers(points)
            return
        self._drawn = ()
        sight = inspection.sight
        self._show_score(sight)
        self._show_time(sight)
        self.matrix.show_sight(sight)
        self.pictures.show_sight(sight)
        self.pictures.show_travel(inspection.can_go_back, inspection.can_go_forward)

    def showEvent(self, event: QShowEvent) -> None:
        """Draw what came while nobody looked."""
        super().showEvent(event)
        self.refresh()

    def _show_numbers(self, points: NumberPoints) -> None:
        """Card, points and valley, where there is anything new and somebody looks."""
        run = self._inspection.run
        state = (points, run, run.version, str(self._loss))
        if not self.isVisible() or (state == self._drawn):
            return
        self._drawn = state
        answers = self._inspection.numbers
        self._verdict = verdict(run, ()) if run.spec else Verdict("waiting")
        self.score.show_card(numbers_card(run, points.dataset, answers))
        self._level()
        self.scatter.show_points(points, kept_fit(run), answers)
        self.valley.show_run(points, run, answers, run.spec or self._loss)

    def _press(self) -> None:
        """Do what stands on the score card's button."""
        if self._verdict.action_kind == "residuals":
            self.valley.choose("residuals")
        else:
            self.verdict_pressed.emit(self._verdict)

    def _show_curves(self) -> None:
        run = self._inspection.run
        if self._curves is None:
            return
        numbers = self.points is not None
        guessing = 1 / len(self._inspection.classes) if self._inspection.classes else None
        shown = run if run.started else None
        known = people(run) if shown else self._people
        counts = get(run.spec or self._loss, "loss.kind") == "poisson-nll"
        self._curves.show_numbers(numbers, logarithmic=not counts)  # type: ignore[attr-defined]
        self._curves.show_run(shown, people=known, guessing=guessing)  # type: ignore[attr-defined]
        self._curves.show_epoch(self._inspection.epoch)  # type: ignore[attr-defined]
        if shown is None:
            self._curves.show_empty(self._epochs)  # type: ignore[attr-defined]

    def _show_score(self, sight: Sight) -> None:
        """The card, and the bar that says that not everything is counted."""
        run, classes = sight.run, sight.classes
        part = speaks_of_part(sight)
        if part:
            self._verdict = part_verdict(sight)
        else:
            self._verdict = verdict(run, classes) if classes else Verdict("waiting")
        self.score.show_card(part_card(sight, self._verdict) if part else card(run, classes))
        self._level()
        counted, total = (len(answers) if answers else 0 for answers in (sight.counted, sight.answers))
        self.amber.show_only(sight.selection, counted, total, sight.classes)

    def _level(self) -> None:
        """Never let the curves have less height than the score card beside them, however low the window is."""
        self._curves_card.setMinimumHeight(self.score.minimumSizeHint().height() + 2 * (MARGIN + 1))

    def _show_time(self, sight: Sight) -> None:
        run = sight.run
        kept = run.kept_epoch
        epochs = [epoch.epoch for epoch in run.epochs if len(epoch.predictions)]
        total = run.started.epochs if run.started else 0
        self.time.show_epochs(epochs, sight.epoch, total=total, kept=kept.epoch if kept else None)

    def _connect(self) -> None:
        self.score.pressed.connect(self._press)
        self.pictures.selection_changed.connect(self.selection_changed)
        self.pictures.opened.connect(self.opened)
        self.matrix.selection_changed.connect(self.selection_changed)
        self.amber.all_asked.connect(lambda: self.selection_changed.emit(self._inspection.selection.all_counted()))
        self.time.epoch_chosen.connect(self._inspection.show_epoch)
        self.matrix.split_chosen.connect(self.split_chosen)

    def _lay_out(self) -> None:
        left = self._column(self._curves_card, self._left)
        right = self._column(self._score_card, self._right)
        whole = QSplitter(Qt.Orientation.Horizontal)
        for part, share in ((left, LEFT), (right, RIGHT)):
            whole.addWidget(part)
            whole.setStretchFactor(whole.indexOf(part), share)
        whole.setSizes([LEFT, RIGHT])
        whole.setHandleWidth(GAP)
        whole.setChildrenCollapsible(False)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.addWidget(whole)

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


def _place(pictures: QWidget) -> QStackedWidget:
    """A place that shows pictures at first."""
    made = QStackedWidget()
    made.addWidget(_carded(pictures))
    return made
