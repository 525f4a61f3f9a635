"""Try several values: which settings, which values, how many runs that makes, and the button that queues them."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Protocol

from PySide6.QtCore import QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget
from shiboken6 import isValid

from fmstudio.errors import UserError
from fmstudio.experiment.sweep import MANY, SEED, Sweep, count_of, sweep
from fmstudio.experiment.vary import Vary
from fmstudio.session.recipe import Recipe
from fmstudio.session.sweep_words import held_back_words, planned
from fmstudio.ui.recipe.fields import LineField, ListField
from fmstudio.ui.recipe.several_values_list import VariantsList
from fmstudio.ui.recipe.several_values_section import ValuesSection, settings_to_vary
from fmstudio.ui.widgets import TabRow, button, label
from fmstudio.words import rough_time, tr, tr_n

_QUICK = 60
"""So many runs are counted at every letter that is typed; more after a moment."""
_MOMENT_MS = 250
_COUNT_WIDTH = 56
_USUAL_DRAWS = 10


class Background(Protocol):
    """Computes something apart from the window."""

    def __call__(
        self, work: Callable[[], Any], then: Callable[[Any], object], otherwise: Callable[[UserError], object]
    ) -> object:
        """See ``TrainingSession.in_background``."""


class SeveralValuesPage(QWidget):
    """The page in the drawer.

    Args:
        recipe: What all runs have in common; changes to it are followed.
        paths: The settings to vary at first; ``("seed",)`` repeats a run.
        in_background: Finds out what many runs are apart from the window, as that of the session does; None: at once.

    Attributes:
        sections: The settings that are varied, in order.
        runs: The list of the runs that will be made.
        sweep: The same as a value; None where it cannot be told.
    """

    queue_asked = Signal(object)
    """The user wants these runs to be made: a list of ``Planned``."""

    def __init__(self, recipe: Recipe, paths: Sequence[str], in_background: Background | None = None) -> None:
        super().__init__()
        self.setObjectName("severalValuesPage")
        self._recipe = recipe
        self._in_background = in_background
        self._asked = 0
        self._seconds: float | None = None
        self.sweep: Sweep | None = None
        self.sections: list[ValuesSection] = []
        self._repeats_only = tuple(paths) == (SEED,)
        self._another = ListField("severalAnother")
        self._another.activated.connect(self._take_another)
        self.ways = TabRow({"all": tr("Every combination"), "random": tr("Random")})
        self._draws, self._seeds = LineField("severalDraws"), LineField("severalRepeats")
        self._head, self._note = label("", "title"), label("", "small")
        self.runs = VariantsList()
        self._button = button("", "", "queueSeveral")
        self._timer = QTimer(self, singleShot=True, interval=_MOMENT_MS)
        self._timer.timeout.connect(self._count)
        self._lay_out()
        for path in paths:
            self._add_section(path)
        self._offer_others()
        self._connect()
        self._count()

    def show_seconds(self, seconds: float | None) -> None:
        """Say how long one run of the recipe takes; None while that is not known."""
        self._seconds = seconds
        self._show_head()

    def _connect(self) -> None:
        self._button.clicked.connect(self._queue)
        self.ways.chosen.connect(self._refresh)
        for field, usual in ((self._draws, str(_USUAL_DRAWS)), (self._seeds, "1")):
            field.setText(usual)
            field.textChanged.connect(self._refresh)
            field.stepped.connect(lambda way, field=field: field.setText(str(max(1, _whole(field.text()) + way))))
        self._recipe.changed.connect(self._refresh)

    # ── What is varied

    def _add_section(self, path: str) -> None:
        made = ValuesSection(self._recipe, path, removable=bool(self.sections))
        made.changed.connect(self._refresh)
        made.removed.connect(self._remove_section)
        self.sections.append(made)
        self._places.addWidget(made)

    def _remove_section(self, path: str) -> None:
        for section in [one for one in self.sections if one.path == path]:
            self.sections.remove(section)
            self._places.removeWidget(section)
            section.hide()
            section.deleteLater()
        self._offer_others()
        self._another.setFocus(Qt.FocusReason.OtherFocusReason)
        self._refresh()

    def _offer_others(self) -> None:
        """The settings that are not varied yet."""
        taken = {section.path for section in self.sections}
        with QSignalBlocker(self._another):
            self._another.clear()
            self._another.addItem(tr("Cross with another setting …"), "")
            for path, title in settings_to_vary(self._recipe).items():
                if path not in taken:
                    self._another.addItem(title, path)
                    self._another.setItemData(self._another.count() - 1, path, Qt.ItemDataRole.ToolTipRole)
        self._another.setVisible(not self._repeats_only)
        self._ways_row.setVisible(not self._repeats_only)

    def _take_another(self) -> None:
        path = str(self._another.currentData() or "")
        if path:
            self._add_section(path)
            self._offer_others()
            self._refresh()

    # ── What that makes

    def _refresh(self) -> None:
        """Count again: at once where that is quick."""
        varied = self._varied()
        if varied is None or self._is_quick(varied):
            self._timer.stop()
            self._count()
        else:
            self._wait()
            self._timer.start()

    def _is_quick(self, varied: Sequence[Vary]) -> bool:
        return count_of(varied, self._random) * self._repeats <= _QUICK

    def _varied(self) -> list[Vary] | None:
        found = [section.vary() for section in self.sections]
        return None if None in found else [one for one in found if one is not None]

    @property
    def _random(self) -> int:
        """How many random runs; 0: every combination."""
        return max(1, _whole(self._draws.text())) if self.ways.key == "random" else 0

    @property
    def _repeats(self) -> int:
        return max(1, _whole(self._seeds.text()))

    def _count(self) -> None:
        """Find out which runs that makes, and show them; many of them apart from the window."""
        self._draws.setEnabled(self.ways.key == "random")
        self._wait()
        varied = self._varied()
        if varied is None:
            self._show(None)
            return
        work = partial(sweep, self._recipe.draft, varied, self._random, self._repeats, most=MANY)
        then, otherwise = partial(self._take, self._asked), partial(self._refuse, self._asked)
        if self._in_background is not None and not self._is_quick(varied):
            self._in_background(work, then, otherwise)
            return
        try:
            then(work())
        except UserError as error:
            otherwise(error)

    def _wait(self) -> None:
        """Which runs these are is not known for the moment: none can be queued."""
        self._asked += 1
        self.sweep = None
        self._show_head()
        self._head.setText(tr("Finding out which runs these are …"))

    def _take(self, asked: int, found: Sweep) -> None:
        if isValid(self) and asked == self._asked:
            self._show(found)

    def _refuse(self, asked: int, error: UserError) -> None:
        if isValid(self) and asked == self._asked:
            self._show(None, str(error))

    def _show(self, found: Sweep | None, message: str = "") -> None:
        self.sweep = found
        self.runs.show_sweep(self._recipe.draft, found or Sweep())
        self._note.setText(message or self._notes())
        self._note.setVisible(bool(self._note.text()))
        self._show_head()

    def _notes(self) -> str:
        """What is to be known of the runs."""
        if self.sweep is None:
            return ""
        said: list[str] = []
        invalid = len(self.sweep.invalid)
        if invalid:
            said.append(
                tr_n("{count} cannot be run and is left out.", "{count} cannot be run and are left out.", invalid)
            )
        if self.sweep.doubled:
            said.append(tr_n("{count} was there twice.", "{count} were there twice.", self.sweep.doubled))
        spec = next((one.spec for one in self.sweep.valid), None)
        if spec is not None and self.sweep.held_back:
            said.append(held_back_words(spec))
        return " ".join(said)

    def _show_head(self) -> None:
        count = len(self.sweep.valid) if self.sweep else 0
        text = tr_n("{count} run", "{count} runs", count)
        if count and self._seconds is not None:
            text = tr("{runs} · about {time}", runs=text, time=rough_time(self._seconds * self._effort()))
        self._head.setText(text)
        self._button.setText(tr_n("Queue {count} run", "Queue {count} runs", count))
        self._button.setEnabled(count > 0)

    def _effort(self) -> float:
        """How many runs of the recipe take as long as these together: twice the epochs take twice as long."""
        specs = [one.spec for one in self.sweep.valid if one.spec is not None] if self.sweep else []
        epochs = self._recipe.get("epochs")
        usual = epochs if type(epochs) is int and epochs > 0 else 1
        return sum(spec.epochs / usual for spec in specs)

    def _queue(self) -> None:
        if self.sweep is not None and self.sweep.valid:
            self.queue_asked.emit(planned(self._recipe.draft, self.sweep))

    # ── Where it stands

    def _lay_out(self) -> None:
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 6, 0)
        column.setSpacing(12)
        self._places = QVBoxLayout()
        self._places.setSpacing(16)
        column.addLayout(self._places)
        column.addWidget(self._another)
        self._ways_row = self._make_ways()
        column.addWidget(self._ways_row)
        column.addWidget(self.runs)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(inner)
        scroll.viewport().setAutoFillBackground(False)
        inner.setAutoFillBackground(False)
        self._note.setWordWrap(True)
        self._head.setObjectName("severalHead")
        self._note.setObjectName("severalNote")
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(6)
        outer.addWidget(scroll, 1)
        for part in (self._head, self._note, self._button):
            outer.addWidget(part)

    def _make_ways(self) -> QWidget:
        """Every combination or random ones, and how often each is repeated."""
        made = QWidget()
        column = QVBoxLayout(made)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        for field, name in ((self._draws, tr("How many random runs")), (self._seeds, tr("How many seeds"))):
            field.setFixedWidth(_COUNT_WIDTH)
            field.setAccessibleName(name)
            field.setToolTip(name)
        rows = (
            (self.ways, self._draws, label(tr("runs"), "secondary")),
            (label(tr("Each with")), self._seeds, label(tr("seeds"), "secondary")),
        )
        for parts in rows:
            row = QHBoxLayout()
            row.setSpacing(6)
            for part in parts:
                row.addWidget(part)
            row.addStretch(1)
            column.addLayout(row)
        return made


def _whole(text: str) -> int:
    """A whole number that was typed, or 1."""
    text = text.strip()
    return min(int(text), 10 * MANY) if text.isdecimal() and len(text) < 10 else 1
