"""The columns that the table of runs can have: what is said of a run, its results, and every setting of its spec."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import Literal

from fmstudio.runs.summary import RunSummary
from fmstudio.session.network_size import learned_numbers
from fmstudio.session.run_rows import cells
from fmstudio.session.run_rows.column import Column, Unit, Value, folded
from fmstudio.session.run_rows.setting_columns import FIRST, known_settings, setting_columns
from fmstudio.session.run_rows.spec_index import SpecIndex
from fmstudio.words import exact_time, marked, tr

_FIGURES: tuple[tuple[str, str, str, Unit], ...] = (
    ("test_accuracy", marked("Test accuracy"), marked("Test accuracy, last"), "share"),
    ("test_loss", marked("Test loss"), marked("Test loss, last"), ""),
    ("validation_accuracy", marked("Validation accuracy"), marked("Validation accuracy, last"), "share"),
    ("validation_loss", marked("Validation loss"), marked("Validation loss, last"), ""),
    ("train_accuracy", marked("Training accuracy"), marked("Training accuracy, last"), "share"),
    ("train_loss", marked("Training loss"), marked("Training loss, last"), ""),
    ("test_r2", marked("Test R²"), marked("Test R², last"), ""),
    ("test_mae", marked("Mean absolute error"), marked("Mean absolute error, last"), ""),
    ("test_rmse", marked("Root mean squared error"), marked("Root mean squared error, last"), ""),
)
"""What an epoch's figures are called: of the network that was kept, and of the last epoch."""
_MORE_IS_BETTER = ("accuracy", "r2")
"""How the figures end of which more is better; of losses and errors it is less."""


class RunColumns:
    """All columns of some runs; the words are those of the language in use now.

    Args:
        rows: The runs: every setting that one of them has can be a column.
        now: What is today.
        index: Knows their specs, perhaps from before.

    Attributes:
        all: The columns by their key: what is said of a run, settings, results, in the order in which they stand.
    """

    def __init__(
        self, rows: Sequence[RunSummary] = (), now: datetime | None = None, index: SpecIndex | None = None
    ) -> None:
        self._index = index or SpecIndex()
        self._index.take(rows)
        settings = setting_columns(self._index.samples())
        before, after = _about(rows, now or datetime.now())
        self.all: Mapping[str, Column] = {column.key: column for column in (*before, *settings, *_results(), *after)}
        self._named = _named(self.all.values())

    def named(self, word: str) -> Column | None:
        """The column that a word of a filter means; None where there is none."""
        return self._named.get(folded(word)) or self._known.get(folded(word))

    @cached_property
    def _known(self) -> Mapping[str, Column]:
        """The settings that there are: a condition on one that none of these runs has lets nothing through."""
        return _named(setting_columns(known_settings()))

    @property
    def words(self) -> tuple[str, ...]:
        """Every word by which a filter can call a column."""
        return tuple(self._named)

    def word_of(self, column: Column) -> str:
        """The shortest word by which a filter calls a column."""
        meant = [word for word in (*column.words, column.key) if self._named.get(folded(word)) is column]
        return min(meant, key=len, default=column.key)

    def differing(self, rows: Sequence[RunSummary]) -> tuple[str, ...]:
        """The settings that are not the same in all runs that have them, the most telling first."""
        found = self._index.differing(rows)
        return tuple(key for key in self.all if key in found)


def _named(columns: Iterable[Column]) -> dict[str, Column]:
    """The columns by their words; of two that could be meant the first."""
    found: dict[str, Column] = {}
    ordered = sorted(columns, key=lambda column: column.part == "setting" and column.key not in FIRST)
    for column in ordered:
        for word in (*column.words, column.key, column.title):
            found.setdefault(folded(word), column)
    for column in ordered:
        found.setdefault(folded(column.key.rpartition(".")[2]), column)
    return found


# ── What is said of a run


def _about(rows: Sequence[RunSummary], now: datetime) -> tuple[list[Column], list[Column]]:
    """The columns that stand before and after settings and results."""
    minutes = Counter(int(row.created // 60) for row in rows)

    def started(row: RunSummary) -> str:
        return cells.started_text(row.created, now, seconds=minutes[int(row.created // 60)] > 1)

    before = [
        Column("star", tr("Star"), "run", _star, lambda row: "★" if row.about.star else "☆", terms=_star_terms),
        Column("name", tr("Name"), "run", cells.name_text, cells.name_text),
        Column("started", tr("Started"), "run", lambda row: row.created or None, started, ("created", "date"), "date"),
    ]
    after = [
        Column("seconds", tr("Time"), "run", lambda row: row.seconds, lambda row: exact_time(row.seconds),
               ("time", "duration"), "seconds", numbers=True),
        Column("state", tr("State"), "run", lambda row: tr(cells.STATES[row.state][1]), cells.state_text,
               terms=lambda row: (row.state, tr(cells.STATES[row.state][1]))),
        Column("note", tr("Note"), "run", lambda row: row.about.note or None,
               lambda row: cells.first_line(row.about.note), tip=lambda row: row.about.note),
        Column("tags", tr("Tags"), "run", lambda row: ", ".join(row.about.tags) or None,
               lambda row: ", ".join(row.about.tags), ("tag",), terms=lambda row: row.about.tags),
        Column("group", tr("Planned together"), "run", lambda row: row.about.group_name or row.about.group or None,
               lambda row: row.about.group_name or row.about.group[:8], ("sweep",)),
        Column("step", tr("Steps"), "run", lambda row: row.step, lambda row: f"{row.step:,}", numbers=True),
        Column("weights", tr("Weights"), "run", learned_numbers, _weights_text, ("parameters", "size"), numbers=True),
        Column("id", tr("Folder"), "run", lambda row: row.id, lambda row: row.id),
    ]  # fmt: skip
    return before, after


def _star(row: RunSummary) -> Value:
    return 0.0 if row.about.star else 1.0


def _star_terms(row: RunSummary) -> tuple[str, ...]:
    return ("yes", "1") if row.about.star else ("no", "0")


def _weights_text(row: RunSummary) -> str:
    count = learned_numbers(row)
    return cells.UNKNOWN if count is None else f"{count:,}"


# ── Results


def _results() -> list[Column]:
    found = [
        Column("best", tr("Best result"), "result", lambda row: cells.result_value(row.best),
               lambda row: cells.result_text(row.best), ("result",), "share", numbers=True,
               tip=lambda row: cells.result_tip(row.best), more_is_better=True),
        Column("last", tr("Last result"), "result", lambda row: cells.result_value(row.last),
               lambda row: cells.result_text(row.last), (), "share", numbers=True,
               tip=lambda row: cells.result_tip(row.last), more_is_better=True),
    ]  # fmt: skip
    for name, title, title_of_last, unit in _FIGURES:
        short = name.removeprefix("test_")
        found.append(_figure("best", name, tr(title), unit, (short, name)))
        found.append(_figure("last", name, tr(title_of_last), unit, (f"last_{short}", f"last_{name}")))
    found.append(_figure("best", "epoch", tr("Best epoch"), "", ("best_epoch",)))
    return found


def _figure(of: Literal["best", "last"], name: str, title: str, unit: Unit, words: tuple[str, ...]) -> Column:
    def value(row: RunSummary) -> Value:
        return (row.best if of == "best" else row.last).get(name)

    def text(row: RunSummary) -> str:
        figure = value(row)
        if not isinstance(figure, float | int):
            return cells.UNKNOWN
        return cells.share_text(figure) if unit == "share" else cells.figure_text(figure)

    better = name.endswith(_MORE_IS_BETTER)
    return Column(f"{of}.{name}", title, "result", value, text, words, unit, numbers=True, more_is_better=better)
