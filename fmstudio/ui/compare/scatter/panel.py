"""Setting and result: what a setting did to a result, over many runs."""

import zlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from fmstudio.errors import UserError
from fmstudio.insight.settings_results import (
    SEED,
    Best,
    Column,
    Doubles,
    Means,
    SettingsTable,
    best_of,
    deciding,
    grid,
    larger_is_better,
    means,
    results,
    results_there,
)
from fmstudio.runs.summary import RunSummary
from fmstudio.ui.compare.scatter import scope as scatter_scope
from fmstudio.ui.compare.scatter.axis import Axis, axis_of_result, axis_of_setting
from fmstudio.ui.compare.scatter.canvas import Points, ScatterCanvas
from fmstudio.ui.compare.scatter.controls import ScatterControls
from fmstudio.ui.compare.scatter.dress import ScatterKey, dress
from fmstudio.ui.compare.scatter.heat import ScatterHeat
from fmstudio.ui.compare.scatter.saving import ask_to_save, save_csv, save_png
from fmstudio.ui.compare.scatter.scope import Scope
from fmstudio.ui.compare.scatter.words import (
    best_words,
    figure_words,
    result_words,
    run_words,
    title_words,
    value_words,
)
from fmstudio.ui.widgets import FewLines, button
from fmstudio.words import tr

_JITTER = 0.16
"""How far runs of one category lie beside its middle at most."""
_MOST_CELLS = 40
"""A table has at most so many rows and columns."""
_MOST_MEANS = 60
"""With more values than this no line goes through their means."""


class ScatterPanel(QWidget):
    """Runs by any setting and any result; the best one, and a button that takes its settings over.

    Attributes:
        controls: What is shown on the axes.
        canvas: The points; ``heat`` the table.
    """

    chosen = Signal(object)
    """These runs are to be chosen: a tuple of ids."""
    run_asked = Signal(str)
    """The user wants to look at a run."""
    settings_asked = Signal(str)
    """The user wants the settings of a run in the recipe."""
    saved = Signal(str)
    """A file was written: its path."""
    failed = Signal(object)
    """Something could not be saved: a ``UserError``."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("settingResultPanel")
        self._all: tuple[RunSummary, ...] = ()
        self._picked: frozenset[str] = frozenset()
        self._scopes: tuple[Scope, ...] = ()
        self._scope: Scope | None = None
        self._asked_scope = ""
        self._emitted: frozenset[str] = frozenset()
        self._table = SettingsTable()
        self._best: Best | None = None
        self.controls = ScatterControls()
        self.canvas, self.heat, self._key = ScatterCanvas(), ScatterHeat(), ScatterKey()
        self._sentence = FewLines("", 2)
        self._sentence.setObjectName("scatterSentence")
        self._use = button(tr("Use these settings"), "", "useBestSettings")
        self._lay_out()
        self._connect()

    def show_runs(self, runs: Sequence[RunSummary], chosen: Sequence[RunSummary]) -> None:
        """Show runs.

        Args:
            runs: All that the table shows, newest first.
            chosen: Those of them that are chosen there.
        """
        self._all = tuple(run for run in runs if run.spec)
        picked = frozenset(run.id for run in chosen)
        if picked != self._picked and picked != self._emitted:
            self._asked_scope = ""
        self._picked = picked
        self._scopes = scatter_scope.scopes(self._all)
        kept = next((scope for scope in self._scopes if scope.key == self._asked_scope), None)
        self._take(kept or scatter_scope.usual(self._scopes, chosen))

    @property
    def sentence(self) -> str:
        """What is said about the best run."""
        return self._sentence.whole

    def save_png(self, path: Path) -> None:
        """Write what is seen as a picture that knows its runs; of very many the best one and the newest.

        Raises:
            UserError: Where it cannot be written.
        """
        runs, best = self._scope.runs if self._scope else (), self._best.run.id if self._best else ""
        save_png(self._stack, path, sorted(runs, key=lambda run: run.id != best))

    def save_csv(self, path: Path) -> None:
        """Write settings and results of the runs that are seen as a table.

        Raises:
            UserError: Where it cannot be written.
        """
        runs = self._scope.runs if self._scope else ()
        save_csv(runs, self._table, path)

    # ── What is shown

    def _take(self, scope: Scope) -> None:
        """Show some of the runs, by the axes that suit them."""
        another = self._scope is None or scope.key != self._scope.key
        self._scope = scope
        differing = self._table.differing(scope.runs) if scope.runs else ()
        paths = list(dict.fromkeys([*(path for path in scope.varied if path in differing), *differing]))
        self.controls.show_scopes([(one.key, one.title) for one in self._scopes], scope.key)
        self.controls.show_settings([(path, title_words(scope.runs, path)) for path in paths])
        there = results_there(scope.runs)
        self.controls.show_results([(key, result_words(key)) for key in there])
        crossed = [path for path in scope.varied if path != SEED and path in differing]
        if another:
            first = next(iter(crossed or paths), "")
            decides = deciding([run for run in scope.runs if run.state == "finished"] or scope.runs)
            self.controls.choose(setting=first, result=decides, colour=crossed[1] if len(crossed) > 1 else "")
            self._switch_log()
            self.controls.views.choose("table" if len(crossed) == 2 else "points")
        self._best = best_of(scope.runs, scope.varied, self._table) if scope.runs else None
        self._draw()

    def _switch_log(self) -> None:
        """Look at a setting by factors where that shows it better."""
        column = self._column(self.controls.setting)
        self.controls.log.setChecked(column is not None and column.by_factors)

    def _draw(self) -> None:
        """Draw points or table, and say which run is best."""
        scope, down = self._scope, self._column(self.controls.colour)
        across, key = self._column(self.controls.setting), self.controls.result
        self._say()
        if scope is None or across is None or not key:
            self.canvas.show_points(None, self._why_nothing())
            self._key.show_entries("", ())
            self._stack.setCurrentWidget(self.canvas)
            self.controls.allow(log=False, table=False)
            return
        y = results(scope.runs, key, self.controls.which)
        table = down is not None and down is not across and max(_kinds(down), _kinds(across)) <= _MOST_CELLS
        numbers = not across.categories
        self.controls.allow(log=numbers and bool(np.nanmax(across.numbers, initial=0) > 0), table=table)
        if table and down is not None and self.controls.views.key == "table":
            self._draw_table(scope, across, down, y)
        else:
            self._draw_points(scope, across, down, y)

    def _draw_points(self, scope: Scope, across: Column, colour: Column | None, y: Doubles) -> None:
        key = self.controls.result
        words = _category_words(across)
        axis = axis_of_setting(title_words(scope.runs, across.path), across, words, log=self.controls.by_factors)
        up = axis_of_result(result_words(key), key, y)
        x = axis.places(across.numbers)
        line = self._means(scope, across, y)
        names = [self._name(run, across, place, float(y[place])) for place, run in enumerate(scope.runs)]
        best = next((place for place, run in enumerate(scope.runs) if self._best and run.id == self._best.run.id), -1)
        look = dress(
            len(x), colour, tuple(value_words(colour.path, one) for one in colour.categories) if colour else ()
        )
        chosen = np.array([run.id in self._picked for run in scope.runs], np.bool_)
        shown = Points(axis, up, _beside(x, axis, scope.runs), up.places(y), look, names, chosen,
                       -1 if self._only_seeds(scope) else best, line, self._band(scope, y))  # fmt: skip
        self.canvas.show_points(shown, tr("No run has both this setting and this result."))
        self._key.show_entries(title_words(scope.runs, colour.path) if colour else "", look.entries)
        self._key.setVisible(bool(look.entries))
        self._stack.setCurrentWidget(self.canvas)

    def _draw_table(self, scope: Scope, across: Column, down: Column, y: Doubles) -> None:
        key = self.controls.result
        made = grid(down, across, y)
        texts = [[figure_words(key, float(value)) for value in row] for row in made.mean]
        words = (
            [value_words(down.path, value) for value in made.rows],
            [value_words(across.path, value) for value in made.columns],
        )
        names = (title_words(scope.runs, down.path), title_words(scope.runs, across.path))
        self.heat.show_grid(made, names, words, texts, larger_is_better=larger_is_better(key))
        self._key.hide()
        self._stack.setCurrentWidget(self.heat)

    def _means(self, scope: Scope, across: Column, y: Doubles) -> Means | None:
        """Mean and spread at each value of what was varied; where every value is there once, only of one setting."""
        if across.path not in scope.varied or across.path == SEED or _kinds(across) > _MOST_MEANS:
            return None
        found = means(across.numbers, y)
        crossed = [path for path in scope.varied if path != SEED]
        return found if len(crossed) == 1 or bool((found.count > 1).any()) else None

    def _band(self, scope: Scope, y: Doubles) -> tuple[float, float] | None:
        """Mean and spread of runs that only repeat one another."""
        known = y[np.isfinite(y)]
        if not self._only_seeds(scope) or len(known) < 2:
            return None
        return float(known.mean()), float(known.std(ddof=1))

    def _only_seeds(self, scope: Scope) -> bool:
        """Whether the runs only repeat one another: then none is best."""
        return scope.varied == (SEED,)

    def _column(self, path: str) -> Column | None:
        return self._table.column(self._scope.runs, path) if self._scope is not None and path else None

    def _name(self, run: RunSummary, across: Column, place: int, y: float) -> tuple[str, str]:
        value = value_words(across.path, across.values[place])
        return run_words(run), f"{value} · {figure_words(self.controls.result, y)}"

    def _say(self) -> None:
        scope = self._scope
        if scope is None or not scope.runs:
            self._sentence.show_text("")
        else:
            self._sentence.show_text(best_words(self._best, scope.runs, scope.varied))
        self._use.setVisible(self._best is not None and scope is not None and not self._only_seeds(scope))

    def _why_nothing(self) -> str:
        runs = self._scope.runs if self._scope else ()
        if not runs:
            return tr("There is no run yet.")
        if not self.controls.setting:
            return tr("These runs have the same settings. Try several values of one: its menu in the recipe offers it.")
        return tr("None of these runs has a result yet.")

    # ── What the user does

    def _connect(self) -> None:
        self.controls.scope_chosen.connect(self._choose_scope)
        self.controls.setting_chosen.connect(self._choose_setting)
        self.controls.changed.connect(self._draw)
        self.controls.save_asked.connect(self._ask_to_save)
        self._use.clicked.connect(self._use_best)
        for view in (self.canvas, self.heat):
            view.picked.connect(self._pick)
            view.opened.connect(self._open)

    def _use_best(self) -> None:
        if self._best is not None:
            self.settings_asked.emit(self._best.run.id)

    def _choose_scope(self, key: str) -> None:
        scope = next((one for one in self._scopes if one.key == key), None)
        if scope is not None:
            self._asked_scope = key
            self._take(scope)

    def _choose_setting(self) -> None:
        self._switch_log()
        self._draw()

    def _pick(self, rows: "np.ndarray", added: bool) -> None:
        runs = self._scope.runs if self._scope else ()
        ids = [runs[row].id for row in rows.tolist()]
        before = [run.id for run in self._all if run.id in self._picked] if added else []
        if added and len(ids) == 1 and ids[0] in before:
            before.remove(ids.pop())
        if self._scope is not None:
            self._asked_scope = self._scope.key
        wanted = tuple(dict.fromkeys([*before, *ids]))
        self._emitted = frozenset(wanted)
        self.chosen.emit(wanted)

    def _open(self, row: int) -> None:
        if self._scope is not None:
            self.run_asked.emit(self._scope.runs[row].id)

    def _ask_to_save(self, ending: str) -> None:
        try:
            path = ask_to_save(self, ending, self.save_png if ending == ".png" else self.save_csv)
        except UserError as error:
            self.failed.emit(error)
            return
        if path is not None:
            self.saved.emit(str(path))

    def _lay_out(self) -> None:
        self._stack = QStackedWidget()
        self._stack.addWidget(self.canvas)
        self._stack.addWidget(self.heat)
        foot = QHBoxLayout()
        foot.setSpacing(12)
        foot.addWidget(self._sentence, 1)
        foot.addWidget(self._use)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.controls)
        column.addWidget(self._stack, 1)
        column.addWidget(self._key)
        column.addLayout(foot)


def _category_words(column: Column | None) -> tuple[str, ...]:
    return tuple(value_words(column.path, value) for value in column.categories) if column else ()


def _kinds(column: Column) -> int:
    """How many values a setting has."""
    return len(column.categories) or len(np.unique(column.numbers[np.isfinite(column.numbers)]))


def _beside(x: Doubles, axis: Axis, runs: Sequence[RunSummary]) -> Doubles:
    """Runs of one category side by side, always at the same place; numbers stay where they are."""
    if not axis.words:
        return x
    alone = np.array([np.count_nonzero(x == place) == 1 for place in range(len(axis.words))])
    shares = np.array([zlib.crc32(run.id.encode()) % 1000 / 999 for run in runs])
    moved = x + _JITTER * (2 * shares - 1)
    return np.where(alone[np.nan_to_num(x).astype(np.intp)], x, moved)
