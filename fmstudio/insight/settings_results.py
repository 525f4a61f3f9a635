"""What settings did to results, over many runs: columns, the best run, means and spreads. No torch."""

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from fmstudio.experiment import draft as drafts
from fmstudio.experiment.flat import at, flat
from fmstudio.runs.summary import RunSummary
from fmstudio.words import marked

Doubles = NDArray[np.float64]
Which = Literal["best", "last"]
"""Figures of the epoch whose network was kept, or of the last one."""

SECONDS = "seconds"
RESULTS: Mapping[str, str] = {
    "validation_accuracy": marked("Validation accuracy"),
    "test_accuracy": marked("Test accuracy"),
    "train_accuracy": marked("Training accuracy"),
    "validation_loss": marked("Validation loss"),
    "test_loss": marked("Test loss"),
    "train_loss": marked("Training loss"),
    "test_r2": marked("R² on test"),
    "test_mae": marked("Mean absolute error on test"),
    "test_rmse": marked("Root mean squared error on test"),
    SECONDS: marked("Training time"),
}
"""What can stand on the upright axis, in the order in which it is offered."""
SEED = "seed"
_FACTORS = 50
"""Positive numbers that lie so many times apart are looked at by factors."""
_EXACT = 2**53
"""From here on whole numbers are no exact floats."""
_CHOSEN_BY = ("validation_accuracy", "validation_loss", "test_accuracy", "test_loss")
"""What decides which run is best: the first that all of them have."""


def is_share(key: str) -> bool:
    """Whether a result is a share, 0…1."""
    return key.endswith("_accuracy")


def larger_is_better(key: str) -> bool:
    """Whether more of a result is better."""
    return is_share(key) or key == "test_r2"


def result_of(run: RunSummary, key: str, which: Which = "best") -> float:
    """A result of a run; NaN where it has none."""
    if key == SECONDS:
        return run.seconds if run.seconds > 0 else math.nan
    value = (run.best if which == "best" else run.last).get(key)
    return float(value) if isinstance(value, int | float) and math.isfinite(value) else math.nan


def results(runs: Sequence[RunSummary], key: str, which: Which = "best") -> Doubles:
    """A result of each run, shape (n,)."""
    return np.array([result_of(run, key, which) for run in runs], np.float64)


def results_there(runs: Iterable[RunSummary]) -> tuple[str, ...]:
    """The results that at least one run has."""
    runs = tuple(runs)
    return tuple(key for key in RESULTS if any(math.isfinite(result_of(run, key)) for run in runs))


@dataclass(frozen=True, eq=False)
class Column:
    """A setting of many runs.

    Attributes:
        path: Of the setting.
        values: JSON values; None where a run has no such setting.
        numbers: Of each run, NaN where there is none, shape (n,); where the values are words, their place among
            ``categories``.
        categories: The values that are told apart, in order; empty where they are numbers.
    """

    path: str
    values: tuple[Any, ...]
    numbers: Doubles
    categories: tuple[Any, ...] = ()

    @property
    def by_factors(self) -> bool:
        """Whether its numbers lie so far apart that factors show them better."""
        known = self.numbers[np.isfinite(self.numbers)]
        if self.categories or not len(known) or known.min() <= 0:
            return False
        return bool(known.max() / known.min() >= _FACTORS)


@dataclass
class SettingsTable:
    """The settings of runs, each opened once."""

    _flat: dict[str, dict[str, Any]] = field(default_factory=dict)

    def column(self, runs: Sequence[RunSummary], path: str) -> Column:
        """A setting of some runs."""
        values = tuple(self._value(run, path) for run in runs)
        known = [value for value in values if value is not None]
        if known and all(_is_number(value) for value in known):
            numbers = [math.nan if value is None else float(value) for value in values]
            return Column(path, values, np.array(numbers, np.float64))
        categories = {_key(value): value for value in sorted(known, key=_order)}
        places = {key: place for place, key in enumerate(categories)}
        numbers = [math.nan if value is None else float(places[_key(value)]) for value in values]
        return Column(path, values, np.array(numbers, np.float64), tuple(categories.values()))

    def differing(self, runs: Sequence[RunSummary]) -> tuple[str, ...]:
        """The settings that are not the same in all runs; a list of layers or pictures is none."""
        tables = [self._table(run) for run in runs]
        paths = dict.fromkeys(path for table in tables for path in table if path not in ("name", "version"))
        return tuple(path for path in paths if self._differs(runs, tables, path))

    def _differs(self, runs: Sequence[RunSummary], tables: Sequence[dict[str, Any]], path: str) -> bool:
        first = self._value(runs[0], path)
        kind = isinstance(first, bool)
        for run, table in zip(runs, tables, strict=True):
            value = table[path] if path in table else self._value(run, path)
            if value != first or isinstance(value, bool) != kind:
                return not _is_long(first) and not _is_long(value)
        return False

    def _table(self, run: RunSummary) -> dict[str, Any]:
        found = self._flat.get(run.id)
        if found is None:
            found = self._flat[run.id] = flat(run.spec)
        return found

    def _value(self, run: RunSummary, path: str) -> Any:
        table = self._table(run)
        if path not in table:
            table[path] = at(run.spec, path)
        return table[path]


@dataclass(frozen=True)
class Best:
    """The best of several runs.

    Attributes:
        run: It.
        key: The result that decided.
        mean: Of that result over the runs with the same settings but other seeds; of a single run its result.
        spread: Standard deviation of these; NaN of a single run.
        count: How many these are.
        near: The settings whose mean is no worse than by the spread of seeds: a run of each.
    """

    run: RunSummary
    key: str
    mean: float
    spread: float = math.nan
    count: int = 1
    near: tuple[RunSummary, ...] = ()

    @property
    def optimistic(self) -> bool:
        """Whether the very test samples decided, so that the result is better than what is to be expected."""
        return not self.key.startswith("validation")


def best_of(runs: Iterable[RunSummary], varied: Sequence[str] = (), table: SettingsTable | None = None) -> Best | None:
    """The best run, by the samples held back where all have some; None where no run has a result.

    Where settings are repeated with other seeds, the mean over these decides.

    Args:
        runs: Those that ended well are compared; where none did, all that have results.
        varied: The settings that were varied: runs that share them, but for the seed, belong together.
        table: Where the settings are read from.
    """
    known = [run for run in runs if run.state == "finished"] or list(runs)
    key = deciding(known)
    known = [run for run in known if key and math.isfinite(result_of(run, key))]
    if not known:
        return None
    table = table or SettingsTable()
    paths = [path for path in varied if path != SEED]
    if not paths:
        one = max(known, key=lambda run: _goodness(run, key))
        return Best(one, key, result_of(one, key))
    groups = _alike(known, paths, table)
    figures = {name: np.array([_goodness(run, key) for run in group]) for name, group in groups.items()}
    winner = max(groups, key=lambda name: float(figures[name].mean()))
    values, sign = figures[winner], 1 if larger_is_better(key) else -1
    spread = float(values.std(ddof=1)) if len(values) > 1 else math.nan
    near = [groups[name][0] for name in groups if name != winner and _within(values, figures[name])]
    run = max(groups[winner], key=lambda run: _goodness(run, key))
    return Best(run, key, sign * float(values.mean()), spread, len(values), tuple(near))


def deciding(runs: Sequence[RunSummary]) -> str:
    """The result that decides which run is best: the first that all have; empty where there is none.

    Losses of several kinds cannot be compared: then how far off they are on the test samples decides.
    """
    kinds = {str(drafts.get(run.spec, "loss.kind")) for run in runs}
    keys = _CHOSEN_BY if len(kinds) < 2 else ("validation_accuracy", "test_accuracy", "test_mae")
    for key in keys:
        have = [run for run in runs if math.isfinite(result_of(run, key))]
        if runs and len(have) == len(runs):
            return key
    return next((key for key in keys[::-1] if any(math.isfinite(result_of(run, key)) for run in runs)), "")


@dataclass(frozen=True)
class Means:
    """Results of runs with equal settings.

    Attributes:
        x: The values of the setting, rising, shape (m,).
        mean: Of the results, ``spread`` their standard deviation (NaN of a single one), shape (m,).
        spread: See ``mean``.
        count: How many runs, shape (m,).
    """

    x: Doubles
    mean: Doubles
    spread: Doubles
    count: NDArray[np.int64]


def means(x: Doubles, y: Doubles) -> Means:
    """Mean and spread of the results at each value of a setting; what is not finite is left out."""
    known = np.isfinite(x) & np.isfinite(y)
    places, where, count = np.unique(x[known], return_inverse=True, return_counts=True)
    groups = [y[known][where == place] for place in range(len(places))]
    mean = np.array([group.mean() for group in groups], np.float64)
    spread = np.array([group.std(ddof=1) if len(group) > 1 else np.nan for group in groups], np.float64)
    return Means(places, mean, spread, count.astype(np.int64))


@dataclass(frozen=True, eq=False)
class Grid:
    """Results over two settings that were crossed.

    Attributes:
        rows: The values of the first setting, in order; ``columns`` of the second.
        columns: See ``rows``.
        mean: Of the results, NaN where there is no run, shape (rows, columns).
        members: The places of the runs in each cell, by (row, column).
    """

    rows: tuple[Any, ...]
    columns: tuple[Any, ...]
    mean: Doubles
    members: Mapping[tuple[int, int], tuple[int, ...]]


def grid(down: Column, across: Column, y: Doubles) -> Grid:
    """The mean result for each pair of values.

    Args:
        down: The setting of the rows; ``across`` that of the columns, of the same runs.
        across: See ``down``.
        y: The results, shape (n,).
    """
    rows, columns = _values_of(down), _values_of(across)
    members: dict[tuple[int, int], list[int]] = {}
    for place in np.flatnonzero(np.isfinite(down.numbers) & np.isfinite(across.numbers)).tolist():
        cell = rows.index(_at(down, place)), columns.index(_at(across, place))
        members.setdefault(cell, []).append(place)
    mean = np.full((len(rows), len(columns)), np.nan)
    for cell, places in members.items():
        known = y[places][np.isfinite(y[places])]
        mean[cell] = known.mean() if len(known) else np.nan
    return Grid(tuple(rows), tuple(columns), mean, {cell: tuple(places) for cell, places in members.items()})


def _values_of(column: Column) -> list[Any]:
    if column.categories:
        return list(column.categories)
    return [float(value) for value in np.unique(column.numbers[np.isfinite(column.numbers)])]


def _at(column: Column, place: int) -> Any:
    number = float(column.numbers[place])
    return column.categories[int(number)] if column.categories else number


def _alike(
    runs: Iterable[RunSummary], paths: Sequence[str], table: SettingsTable
) -> dict[tuple[str, ...], list[RunSummary]]:
    """The runs that share the values of some settings."""
    runs = list(runs)
    columns = [table.column(runs, path).values for path in paths]
    groups: dict[tuple[str, ...], list[RunSummary]] = {}
    for place, run in enumerate(runs):
        groups.setdefault(tuple(_key(column[place]) for column in columns), []).append(run)
    return groups


def _within(best: Doubles, other: Doubles) -> bool:
    """Whether two means lie no further apart than the spread of seeds."""
    if len(best) < 2 or len(other) < 2:
        return False
    spread = math.sqrt((best.var(ddof=1) + other.var(ddof=1)) / 2)
    return bool(best.mean() - other.mean() <= spread)


def _goodness(run: RunSummary, key: str) -> float:
    value = result_of(run, key)
    return value if larger_is_better(key) else -value


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _is_long(value: object) -> bool:
    """Whether a value is a list of things that are no numbers."""
    return isinstance(value, list | tuple) and any(not _is_number(one) for one in value)


def _key(value: object) -> str:
    """The same for the same value: 1 and 1.0 are one, 1 and true are two."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return repr(float(value)) if abs(value) < _EXACT else str(value)
    return json.dumps(value, sort_keys=True, default=str)


def _order(value: object) -> tuple[int, float, str]:
    """Off before on, numbers before words."""
    if isinstance(value, bool):
        return 0, float(value), ""
    if isinstance(value, int | float):
        return 1, float(value), ""
    return 2, 0.0, _key(value).casefold()
