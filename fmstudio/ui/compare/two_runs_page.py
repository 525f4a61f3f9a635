"""Two runs side by side: what the second one mends and breaks, and the pictures of each part."""

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QStackedLayout, QVBoxLayout, QWidget

from fmstudio.data.library import ImageData, PictureSet, load_images
from fmstudio.experiment.draft import get
from fmstudio.insight.score import percent
from fmstudio.insight.seed_bands import beside_seeds, method_words
from fmstudio.insight.two_runs import PARTS, Cell, Part, TwoRuns, compare_runs
from fmstudio.insight.two_runs_words import (
    agreement_words,
    caution_words,
    counted_words,
    difference_words,
    seeds_words,
    single_training_words,
    verdict_sentence,
)
from fmstudio.runs.run import Run
from fmstudio.runs.summary import RunSummary
from fmstudio.session.conditions import Picked
from fmstudio.session.draft_words import differences, shown, title_of
from fmstudio.session.selection import Selection
from fmstudio.ui.compare.class_changes import ClassChanges
from fmstudio.ui.compare.differences.grid import DifferenceGrid
from fmstudio.ui.compare.part_wall import PartWall
from fmstudio.ui.compare.parts_view import PartsView
from fmstudio.ui.widgets import Card, ElidedLabel, FewLines, TabRow, button, label
from fmstudio.words import tr

_LEFT = (264, 400)
_LISTED = 6


class TwoRunsPage(QWidget):
    """What the page Compare shows of two runs.

    Attributes:
        back_asked: The user wants the table of runs again.
        selection_asked: The user wants to see pictures on the page Results: a run's id, and a ``Selection``.
    """

    back_asked = Signal()
    selection_asked = Signal(str, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("twoRunsPage")
        self._runs: tuple[Run, Run] | None = None
        self._data: ImageData | None = None
        self._two: TwoRuns | None = None
        self._library: Sequence[RunSummary] = ()
        self._part: Part | Cell = "fixed"
        self._names = (ElidedLabel("", "title"), ElidedLabel("", "title"))
        self._recipes = FewLines("small", 2)
        self._verdict, self._figures = label(role="title"), FewLines("small", 3)
        self._parts, self._grid, self._classes = PartsView(), DifferenceGrid(), ClassChanges()
        self._tabs = TabRow({"matrix": tr("B − A"), "classes": tr("Per class")})
        self._wall = PartWall()
        self._build()
        self._connect()

    def show_two(self, a: Run, b: Run, data: ImageData, library: Sequence[RunSummary] = ()) -> None:
        """Show two runs.

        Args:
            a: The first run, with its predictions.
            b: The second run, likewise.
            data: The pictures that they were tested with.
            library: All runs: repetitions of the two with other seeds tell how much chance there is.

        Raises:
            UserError: Where they cannot be compared: why, and what to do.
        """
        two = compare_runs(a, b)
        pictures = _pictures(two, str(get(a.spec, "dataset.kind")), data)
        self._runs, self._data, self._two, self._library = (a, b), data, two, library
        names = pictures[1]
        for made, letter, name, answers in zip(self._names, "AB", names_of(a, b), (two.a, two.b), strict=True):
            share = percent(answers.accuracy, len(two))
            made.setText(tr("{letter}: {name} · {share} right", letter=letter, name=name, share=share))
        self._recipes.show_text(recipe_words(a, b))
        self._verdict.setText(verdict_sentence(two))
        lines = [difference_words(two), agreement_words(two), counted_words(two)]
        if seeds := _seeds_words(a, b, library):
            lines.insert(1, seeds)
        elif two.winner:
            lines.append(single_training_words())
        self._verdict.setToolTip("\n\n".join([caution_words(), *([method_words()] if seeds else [])]))
        self._figures.show_text(" · ".join(lines))
        self._parts.show_two(two)
        self._grid.show_two(two, names.classes, names.short_classes)
        self._classes.show_two(two, names.classes)
        self._wall.show_two(two, pictures[0], names.classes, names.short_classes)
        self._choose("fixed" if two.fixed >= two.broken else "broken")

    @property
    def runs(self) -> tuple[Run, Run] | None:
        """The two that are shown, A and B; None before any."""
        return self._runs

    def swap(self) -> None:
        """Let A be B, and B be A."""
        if self._runs is not None and self._data is not None:
            self.show_two(self._runs[1], self._runs[0], self._data, self._library)

    def _choose(self, part: Part | Cell) -> None:
        self._part = part
        self._parts.choose(None if isinstance(part, Cell) else part)
        self._grid.choose(part if isinstance(part, Cell) else None)
        self._wall.show_part(part)

    def _ask_results(self) -> None:
        samples = self._wall.samples
        if self._runs is None or samples is None:
            return
        a, b = names_of(*self._runs)
        what = self._wall.sentence if isinstance(self._part, Cell) else tr(PARTS[self._part])
        name = tr("{part} (A: {a}, B: {b})", part=what, a=a, b=b)
        self.selection_asked.emit(self._runs[1].id, Selection().at(Picked(name, samples)))

    def _connect(self) -> None:
        self._parts.chosen.connect(self._choose)
        self._grid.chosen.connect(self._choose)
        self._wall.results_asked.connect(self._ask_results)
        self._wall.escaped.connect(self.back_asked)

    def _build(self) -> None:
        back, swap = (
            button(tr("‹ Back to the runs"), "link", "backToRuns"),
            button(tr("Swap A and B"), "quiet", "swapRuns"),
        )
        back.clicked.connect(self.back_asked)
        swap.clicked.connect(self.swap)
        head, body, whole = QHBoxLayout(), QHBoxLayout(), QVBoxLayout(self)
        head.setSpacing(24)
        head.addWidget(back)
        for made in self._names:
            head.addWidget(made)
        head.addStretch(1)
        head.addWidget(swap)
        top = Card()
        top.body.setSpacing(4)
        top.body.addLayout(head)
        top.body.addWidget(self._recipes)
        body.setSpacing(10)
        body.addWidget(self._left(), 4)
        right = Card()
        right.body.addWidget(self._wall)
        body.addWidget(right, 5)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(10)
        whole.addWidget(top)
        whole.addLayout(body, 1)

    def _left(self) -> QWidget:
        card, views = Card(), QWidget()
        card.setMinimumWidth(_LEFT[0])
        card.setMaximumWidth(_LEFT[1])
        stack = QStackedLayout(views)
        stack.addWidget(self._grid)
        stack.addWidget(_scrolled(self._classes))
        self._tabs.chosen.connect(lambda key: stack.setCurrentIndex(0 if key == "matrix" else 1))
        tabs = QHBoxLayout()
        tabs.addWidget(self._tabs)
        tabs.addStretch(1)
        self._verdict.setWordWrap(True)
        self._verdict.setObjectName("twoRunsVerdict")
        self._figures.setObjectName("twoRunsFigures")
        card.body.addWidget(self._parts)
        card.body.addWidget(self._verdict)
        card.body.addWidget(self._figures)
        card.body.addLayout(tabs)
        card.body.addWidget(views, 1)
        return card


def _scrolled(inner: QWidget) -> QWidget:
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(inner)
    area.viewport().setAutoFillBackground(False)
    inner.setAutoFillBackground(False)
    return area


def names_of(a: Run, b: Run) -> tuple[str, str]:
    """What two runs are called, translated, so that one can tell them apart: by name, network, time, or else by id."""
    plain = [run.title for run in (a, b)]
    full = [
        tr("{name} ({network})", name=name, network=shown(run.spec, "architecture.kind"))
        for name, run in zip(plain, (a, b), strict=True)
    ]
    timed = [f"{name} · {_begun(run)}" for name, run in zip(plain, (a, b), strict=True)]
    first, second = next((pair for pair in (plain, full, timed) if pair[0] != pair[1]), [a.id, b.id])
    return first, second


def _begun(run: Run) -> str:
    """When a run began, by its id, on this machine's clock: "11:52:13"; empty where its folder has another name."""
    try:
        return datetime.strptime(f"{run.id[:15]} +0000", "%Y%m%d-%H%M%S %z").astimezone().strftime("%H:%M:%S")
    except ValueError:
        return ""


def _seeds_words(a: Run, b: Run, library: Sequence[RunSummary]) -> str:
    """What their repetitions say of two runs; empty where one of them was not repeated."""
    known = {row.id: row for row in library if row.id in (a.id, b.id)}
    if a.id == b.id or len(known) < 2:
        return ""
    compared = beside_seeds(known[a.id], known[b.id], library)
    return seeds_words(compared) if compared else ""


def recipe_words(a: Run, b: Run) -> str:
    """What differs between two recipes: "Network: Small CNN → Softmax regression · Epochs: 2 → 10"."""
    paths = differences(b.spec, a.spec)
    if not paths:
        return tr("The same recipe twice.")
    said = []
    for path in paths[:_LISTED]:
        before, after = (shown(spec, path) or "–" for spec in (a.spec, b.spec))
        said.append(f"{title_of(b.spec, path)}: {before} → {after}")
    text = " · ".join(said) + (" …" if len(paths) > _LISTED else "")
    return tr("Different: {changes}", changes=text)


def _pictures(two: TwoRuns, kind: str, data: ImageData) -> tuple[PictureSet, ImageData]:
    """The test pictures, all of them where those that lie ready are others or too few."""
    known = set(data.test.samples.tolist())
    if data.kind != kind or not known.issuperset(two.a.samples.tolist()):
        data = load_images(kind)
    return data.test, data
