"""The curves of many runs over one another."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QGridLayout, QStackedWidget, QVBoxLayout, QWidget
from shiboken6 import isValid

from fmstudio.insight.overlay import Spread
from fmstudio.insight.seed_bands import repetitions
from fmstudio.runs.run import Run
from fmstudio.runs.summary import RunSummary
from fmstudio.ui.compare.overlay.header import OverlayHeader
from fmstudio.ui.compare.overlay.legend import OverlayLegendModel, OverlayLegendView, Row
from fmstudio.ui.compare.overlay.looks import slots_for
from fmstudio.ui.compare.overlay.menu import OverlayMenu
from fmstudio.ui.compare.overlay.plot import OverlayPlot
from fmstudio.ui.compare.overlay.strands import Sketch, Strand, groups_of, seeds_compared, strands_of
from fmstudio.ui.compare.overlay.tracks import FIGURES, Track, offered
from fmstudio.ui.widgets import ElidedLabel, label
from fmstudio.words import tr, tr_n

MOST = 50
"""So many runs are drawn."""

LIVE_MS = 200
"""A run that goes on is drawn no more often than this."""

_LEGEND = (200, 340)
_SHARE = 0.29
"""The legend takes so much of the width, within these bounds."""


class CurveSource(Protocol):
    """What is needed of the list of runs."""

    def load_curves(self, run_ids: Sequence[str], then: Callable[[list[Run]], object]) -> None: ...  # noqa: D102


class OverlayPanel(QWidget):
    """Draws one figure of up to 50 runs; the legend beside it hides curves and says their values.

    Args:
        run_list: Reads the curves.

    Attributes:
        header: What is asked for; ``plot`` where it is drawn; ``legend`` names the curves.
    """

    run_asked = Signal(str)
    """The user wants to look at a run: its id."""

    chosen = Signal(object)
    """The user means these runs: a tuple of ids."""

    saved = Signal(str)
    """A file was written: its path."""

    problem = Signal(str, str)
    """A file could not be written: what happened, and what to do."""

    def __init__(self, run_list: CurveSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("overlayPanel")
        self._source = run_list
        self._wanted: tuple[RunSummary, ...] = ()
        self._count = 0
        self._asked = 0
        self._stale = False
        self._reading = False
        self._tracks: dict[str, Track] = {}
        self._slots: dict[str, int] = {}
        self._strands: list[Strand] = []
        self._grouped: object = None
        self._hidden: frozenset[str] = frozenset()
        self._pinned = ""
        self._meant: frozenset[str] = frozenset()
        self._spread: Spread = "range"
        self._live: Run | None = None
        self._pace = QTimer(self)
        self._pace.setSingleShot(True)
        self._pace.setInterval(LIVE_MS)
        self._due = False
        self.header, self.plot = OverlayHeader(), OverlayPlot()
        self.legend_model = OverlayLegendModel()
        self.legend = OverlayLegendView(self.legend_model)
        self.menu = OverlayMenu(self)
        self._build()
        self._connect()
        self._say_what()

    def show_runs(self, summaries: Sequence[RunSummary]) -> None:
        """Draw these runs, at most the first 50; their curves are read in the background, once somebody looks."""
        if {run.id for run in summaries} == self._meant and self._known(summaries):
            return
        self._meant = frozenset()
        wanted = tuple(summaries[:MOST])
        if wanted == self._wanted and len(summaries) == self._count:
            return
        self._wanted, self._count, self._stale = wanted, len(summaries), True
        if self.isVisible():
            self._load()

    def _known(self, summaries: Sequence[RunSummary]) -> bool:
        """Whether these are some of those that are drawn: a click on a curve chose them, and the others stay."""
        return {run.id for run in summaries} <= {run.id for run in self._wanted}

    def show_live(self, run: Run | None) -> None:
        """A run goes on: draw how far it has come, where it is one of those that are shown. Cheap otherwise."""
        self._live = run if run is not None and run.id else None
        if self._live is None or self._live.id not in self._tracks:
            return
        if self._tracks[self._live.id].run is not self._live:
            self._tracks[self._live.id] = Track(self._live)
            self._grouped = None
        self._due = True
        if self.isVisible() and not self._pace.isActive():
            self._on_pace()

    def showEvent(self, event: QShowEvent) -> None:
        """Read and draw what came while nobody looked."""
        super().showEvent(event)
        if self._stale:
            self._load()
        elif self._due:
            self._on_pace()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the legend its part of the width."""
        super().resizeEvent(event)
        self.legend.setFixedWidth(min(max(_LEGEND[0], int(_SHARE * self.width())), _LEGEND[1]))

    @property
    def sketch(self) -> Sketch:
        """What is drawn of the curves now."""
        asked = self.header
        return Sketch(asked.figure, asked.axis, asked.smoothing, self._spread, self._hidden)

    @property
    def strands(self) -> Sequence[Strand]:
        """What is drawn: runs, or groups of them."""
        return self._strands

    @property
    def spread(self) -> Spread:
        """What the edges of bands are."""
        return self._spread

    @property
    def library(self) -> Path | None:
        """Where the runs lie; None where none is wanted."""
        return Path(self._wanted[0].folder).parent if self._wanted else None

    def choose_spread(self, spread: Spread) -> None:
        """Let the edges of bands be something else."""
        self._spread = spread
        self._draw()

    def toggle(self, key: str) -> None:
        """Hide or show a curve."""
        self._hidden = self._hidden ^ {key}
        self._draw()

    def show_all(self) -> None:
        """Show every curve."""
        self._hidden = frozenset()
        self._draw()

    def _load(self) -> None:
        self._stale, self._reading = False, True
        self._asked += 1
        ids = [run.id for run in self._wanted]
        self._tracks = {key: track for key, track in self._tracks.items() if key in ids}
        if not ids:
            self._take(self._asked, [])
            return
        self._say_what()
        self._source.load_curves(ids, partial(self._take, self._asked))

    def _take(self, asked: int, runs: Sequence[Run]) -> None:
        """The curves that were asked for last have come."""
        if not isValid(self) or asked != self._asked:
            return
        self._reading = False
        live = {self._live.id: self._live} if self._live else {}
        before, self._tracks = self._tracks, {}
        for run in (live.get(run.id, run) for run in runs):
            known = before.get(run.id)
            self._tracks[run.id] = known if known and known.run is run else Track(run)
        self._grouped = None
        self._draw()

    def _on_pace(self) -> None:
        """Draw what is due, then wait a little."""
        if self._due and self.isVisible():
            self._due = False
            self._draw()
            self._pace.start()

    def _draw(self) -> None:
        for track in self._tracks.values():
            track.update()
        known = [run for run in self._wanted if run.id in self._tracks]
        self.header.show_figures(offered(list(self._tracks.values())))
        if self._grouped is None:
            self.header.show_seeds(max(map(len, repetitions(known)), default=0))
        self._group(known)
        self._hidden = self._hidden & {strand.key for strand in self._strands}
        self.plot.logarithmic = self.header.logarithmic
        self.plot.show_strands(self._strands, self.sketch)
        hidden = self._hidden
        self.legend_model.show_rows(
            [Row(strand.key, strand.words, strand.look, strand.key in hidden) for strand in self._strands]
        )
        self._say_values()
        self._say_what()

    def _group(self, known: Sequence[RunSummary]) -> None:
        """Make the strands anew, where other runs are drawn or other ones together."""
        state = (tuple(known), self.header.banded)
        if state == self._grouped:
            return
        self._grouped = state
        groups = groups_of(known, banded=self.header.banded)
        self._slots = slots_for([group[0].id for group in groups], self._slots)
        self._strands = strands_of(groups, self._tracks, self._slots)

    # ── Words

    def _say_what(self) -> None:
        """The sentence where there is nothing to draw, and the line under the plot."""
        if self._strands and not (self._reading and not self._tracks):
            self._stack.setCurrentIndex(1)
        else:
            reading = self._reading or self._stale
            nothing = (
                tr("These runs have no curves.") if self._wanted else tr("Choose runs, and their curves lie here.")
            )
            self._sentence.setText(tr("Reading the curves …") if reading else nothing)
            self._stack.setCurrentIndex(0)
        self._note.setText(" · ".join(self._notes()))

    def _notes(self) -> list[str]:
        found = []
        if self._count > len(self._wanted):
            found.append(tr("The first {count} of {all} runs.", count=len(self._wanted), all=f"{self._count:,}"))
        lacking = len(self._wanted) - len(self._tracks)
        if lacking and not self._reading:
            found.append(tr_n("{count} run has no curves.", "{count} runs have no curves.", lacking))
        if len(self._strands) == 2 and (compared := seeds_compared(self._strands, self._wanted)):
            found.append(compared)
        if any(strand.banded for strand in self._strands):
            low = tr("Bands: from the lowest to the highest of the seeds.")
            found.append(
                low if self._spread == "range" else tr("Bands: one standard deviation to each side of the mean.")
            )
        if self.plot.beyond:
            found.append(tr_n("{count} curve goes beyond.", "{count} curves go beyond.", self.plot.beyond))
        if self.plot.rings:
            held = all(track.held_back for track in self._tracks.values())
            found.append(tr("○ best epoch") if held else tr("○ best epoch, by test (optimistic)"))
        return found

    def _say_values(self) -> None:
        self.legend_model.show_values(self.plot.values())
        if self.plot.stands is None:
            self._place.setText("" if FIGURES[self.header.figure].per_step else tr("best"))

    def _on_read(self, words: str) -> None:
        self._place.setText(words)
        self.plot.plot.setAccessibleDescription(words)

    def _strand(self, key: str) -> Strand | None:
        return next((strand for strand in self._strands if strand.key == key), None)

    def _on_clicked(self, key: str) -> None:
        """A click on a curve keeps it in front and means its runs; one beside all curves ends that."""
        self._pinned = key
        self.plot.emphasise(key)
        strand = self._strand(key)
        if strand:
            self.legend.show_current(key)
            self._meant = frozenset(strand.ids)
            self.chosen.emit(strand.ids)

    def _on_pointed(self, key: str) -> None:
        self.plot.emphasise(key or self._pinned)

    def _open(self, key: str) -> None:
        strand = self._strand(key)
        if strand:
            self.run_asked.emit(strand.ids[-1])

    # ── Making it

    def _build(self) -> None:
        self._sentence = label("", "secondary")
        self._sentence.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._sentence.setObjectName("overlaySentence")
        self._place = label("", "small")
        self._place.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._place.setContentsMargins(0, 0, 6, 0)
        self._place.setObjectName("overlayPlace")
        self._note = ElidedLabel("", "small")
        self._note.setObjectName("overlayNote")
        self.plot.plot.setObjectName("overlayPlot")
        self.plot.plot.setAccessibleName(tr("Curves of the runs"))
        body = QWidget()
        grid = QGridLayout(body)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(2)
        grid.addWidget(self.plot, 0, 0, 2, 1)
        grid.addWidget(self._place, 0, 1)
        grid.addWidget(self.legend, 1, 1)
        grid.addWidget(self._note, 2, 0, 1, 2)
        grid.setColumnStretch(0, 1)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._sentence)
        self._stack.addWidget(body)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.header)
        column.addWidget(self._stack, 1)

    def _connect(self) -> None:
        self._pace.timeout.connect(self._on_pace)
        self.header.changed.connect(self._draw)
        self.header.more_button.clicked.connect(lambda: self.menu.open_below(self.header.more_button))
        self.legend_model.toggled.connect(self.toggle)
        self.legend.pointed.connect(self._on_pointed)
        self.legend.opened.connect(self._open)
        self.plot.read.connect(self._on_read)
        self.plot.moved.connect(self._say_values)
        self.plot.clicked.connect(self._on_clicked)
        self.plot.opened.connect(self._open)
        self.menu.saved.connect(self.saved)
        self.menu.problem.connect(self.problem)
