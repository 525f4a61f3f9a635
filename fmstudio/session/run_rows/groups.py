"""The rows of the table of runs in their order: sorted by a column, and under headings where they are grouped."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from fmstudio.runs.summary import RunSummary
from fmstudio.session.run_rows import cells
from fmstudio.session.run_rows.column import Column, Value
from fmstudio.words import tr, tr_n


@dataclass(frozen=True)
class Section:
    """A heading above runs that belong together.

    Attributes:
        key: Tells it from the others, also after the runs changed.
        title: What the runs have in common.
        count: How many they are.
        best: The best result among them in words; empty where there is none.
        folded: Whether its runs are not shown.
    """

    key: str
    title: str
    count: int
    best: str
    folded: bool

    @property
    def text(self) -> str:
        """All that it says, in one line."""
        count = tr_n("{count} run", "{count} runs", self.count)
        said = f"{'▸' if self.folded else '▾'} {self.title} · {count}"
        return f"{said} · {tr('best {result}', result=self.best)}" if self.best else said


Item = RunSummary | Section


def arranged(rows: Sequence[RunSummary], column: Column | None, *, falling: bool) -> list[RunSummary]:
    """The runs sorted by a column, numbers as numbers; what is unknown stays at the end. No column: as given."""
    if column is None:
        return list(rows)
    values = [(column.value(row), row) for row in rows]
    known = [(_order(value), row) for value, row in values if value is not None]
    known.sort(key=lambda one: one[0], reverse=falling)
    return [*(row for _, row in known), *(row for value, row in values if value is None)]


def _order(value: Value) -> tuple[int, float, str]:
    return (0, float(value), "") if isinstance(value, int | float) else (1, 0.0, str(value).casefold())


def grouped(rows: Iterable[RunSummary], column: Column, folded: frozenset[str]) -> list[Item]:
    """The runs under headings, in the order in which the first of each comes.

    Args:
        rows: The runs in their order.
        column: What those under a heading have in common; "group": that they were planned together.
        folded: The keys of the headings whose runs are not shown.
    """
    parts: dict[str, list[RunSummary]] = {}
    key = _planned if column.key == "group" else _valued(column)
    for row in rows:
        parts.setdefault(key(row), []).append(row)
    items: list[Item] = []
    for name, members in parts.items():
        closed = name in folded
        items.append(Section(name, _title(column, members[0]), len(members), best_of(members), closed))
        if not closed:
            items.extend(members)
    return items


def _planned(row: RunSummary) -> str:
    return f"group:{row.about.group}"


def _valued(column: Column) -> Callable[[RunSummary], str]:
    return lambda row: f"{column.key}:{column.value(row)}"


def _title(column: Column, row: RunSummary) -> str:
    if column.key == "group":
        if not row.about.group:
            return tr("Not planned together")
        return row.about.group_name or tr("Planned together")
    said = column.text(row) if column.value(row) is not None else cells.UNKNOWN
    return said if column.key in ("name", "state") else tr("{title}: {value}", title=column.title, value=said)


def best_of(rows: Iterable[RunSummary]) -> str:
    """The best result of some runs in words; empty where none has one."""
    known = [(value, row) for row in rows if (value := cells.result_value(row.best)) is not None]
    return cells.result_text(max(known, key=lambda one: one[0])[1].best) if known else ""
