"""Below the table of runs: curves, a scatter plot, differences and the queue, each built when it is first looked at."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QWidget

from fmstudio.errors import UserError
from fmstudio.runs.summary import RunSummary
from fmstudio.session.door import load
from fmstudio.ui.tab_order import put_after
from fmstudio.ui.widgets import Card, TabRow
from fmstudio.words import tr

_PATIENCE_MS = 120
"""Who goes through the table with the arrow keys does not want every run's curves."""


@dataclass(frozen=True)
class _Place:
    """One of the tabs: where its panel comes from, and what that needs."""

    name: str
    needs: str = ""


_PLACES: Mapping[str, _Place] = {
    "curves": _Place("fmstudio.ui.compare.overlay.panel.OverlayPanel", "run_list"),
    "scatter": _Place("fmstudio.ui.compare.scatter.panel.ScatterPanel"),
    "differences": _Place("fmstudio.ui.compare.differences.view.DifferencesView"),
    "queue": _Place("fmstudio.ui.compare.queue.view.QueueView", "queue"),
}


class RunPanels(Card):
    """Tabs over the panels that show the chosen runs.

    Attributes:
        run_asked: The id of a run that the user wants to see.
        chosen: These runs shall be chosen in the table: a tuple of ids.
        settings_asked: The settings of a run shall be the recipe: its id.
        saved: A file was written: its path.
        failed: A ``UserError``: a file could not be written.
        library: All runs, among which repetitions with other seeds are looked for.
        built: A panel was made: its key ("curves", "scatter", "differences", "queue") and the widget.
    """

    run_asked = Signal(str)
    chosen = Signal(object)
    settings_asked = Signal(str)
    saved = Signal(str)
    failed = Signal(object)
    built = Signal(str, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("runPanels")
        self._sources: dict[str, QObject] = {}
        self._panels: dict[str, QWidget] = {}
        self._all: Sequence[RunSummary] = ()
        self._meant: Sequence[RunSummary] = ()
        self._chosen: Sequence[RunSummary] = ()
        self.library: Sequence[RunSummary] = ()
        self._tabs = TabRow(
            {
                "curves": tr("Curves"),
                "scatter": tr("Setting and result"),
                "differences": tr("Differences"),
                "queue": tr("Queue"),
            }
        )
        self._stack = QStackedWidget()
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.setInterval(_PATIENCE_MS)
        self._wait.timeout.connect(self._hand_over)
        self._tabs.chosen.connect(self.show_tab)
        self.body.setContentsMargins(14, 8, 14, 10)
        head = QHBoxLayout()
        head.addWidget(self._tabs)
        head.addStretch(1)
        self.body.addLayout(head)
        self.body.addWidget(self._stack, 1)

    def attach(self, **sources: QObject) -> None:
        """Give what the panels read: ``run_list`` for the curves, ``queue`` for the queue."""
        self._sources.update(sources)
        if self.isVisible():
            self._build()

    def show_runs(self, every: Sequence[RunSummary], meant: Sequence[RunSummary], chosen: Sequence[RunSummary]) -> None:
        """Show other runs.

        Args:
            every: All that the filter lets through.
            meant: Those that are chosen; where none is, the newest.
            chosen: Those that are chosen.
        """
        self._all, self._meant, self._chosen = every, meant, chosen
        self._wait.start()

    def show_tab(self, key: str) -> None:
        """Turn to a panel: "curves", "scatter", "differences" or "queue"."""
        self._tabs.choose(key)
        if self.isVisible():
            self._build()
            self._hand_over()

    def showEvent(self, event: QShowEvent) -> None:
        """Build the panel that is looked at."""
        super().showEvent(event)
        self._wait.start()

    def _build(self) -> QWidget | None:
        """The panel that is looked at; None where what it reads is not there yet."""
        key = self._tabs.key
        if key not in self._panels:
            place = _PLACES[key]
            if place.needs and place.needs not in self._sources:
                return None
            self._panels[key] = panel = load(place.name)(*([self._sources[place.needs]] if place.needs else []))
            self._connect(panel)
            self._stack.addWidget(panel)
            put_after(self._stack_neighbour(key), panel)
            self.built.emit(key, panel)
        self._stack.setCurrentWidget(self._panels[key])
        return self._panels[key]

    def _connect(self, panel: Any) -> None:
        """Pass on what a panel says; not every panel says everything."""
        panel.run_asked.connect(self.run_asked)
        panel.chosen.connect(self.chosen)
        if hasattr(panel, "settings_asked"):
            panel.settings_asked.connect(self.settings_asked)
        if hasattr(panel, "saved"):
            panel.saved.connect(self.saved)
        if hasattr(panel, "failed"):
            panel.failed.connect(self.failed)
        if hasattr(panel, "problem"):
            panel.problem.connect(lambda message, hint: self.failed.emit(UserError(message, hint)))

    def _stack_neighbour(self, key: str) -> QWidget:
        """What the Tab key leaves before it comes to a new panel."""
        return next((made for name, made in reversed(self._panels.items()) if name != key), self._tabs)

    def _hand_over(self) -> None:
        """Give the runs to the panel that is looked at."""
        panel = self._build() if self.isVisible() else None
        if panel is None:
            return
        show: Callable[..., None] = panel.show_runs  # type: ignore[attr-defined]
        if self._tabs.key == "scatter":
            show(self._all, self._chosen)
        elif self._tabs.key == "differences":
            show(self._meant, self.library)
        else:
            show(self._meant)
