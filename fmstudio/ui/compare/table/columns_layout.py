"""How the user has arranged the table of runs, and which columns it has where nobody chose them."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from fmstudio.runs.summary import RunSummary
from fmstudio.session.run_rows.columns import RunColumns
from fmstudio.session.run_rows.setting_columns import FIRST

_MOST = 200
_WIDEST = 2000


@dataclass(frozen=True)
class TableLayout:
    """What is remembered from one start to the next.

    Attributes:
        columns: The keys of the chosen columns, from the left; empty: those that tell most.
        widths: What the user gave to columns, in pixels, by their key.
        sort: The key of the column by which it is sorted; empty for none; ``falling``: the greatest first.
        falling: See ``sort``.
        group: The key of the column by which it is grouped; empty for none.
        split: The heights of the table and of what is below it; empty: as it comes.
    """

    columns: tuple[str, ...] = ()
    widths: Mapping[str, int] = field(default_factory=dict)
    sort: str = ""
    falling: bool = False
    group: str = ""
    split: tuple[int, ...] = ()

    def to_text(self) -> str:
        """As JSON."""
        return json.dumps(asdict(self))


def layout_of(text: str) -> TableLayout:
    """Read a layout; whatever in it cannot be understood is as it comes."""
    try:
        values = json.loads(text) if text else {}
    except (ValueError, RecursionError):
        values = {}
    if not isinstance(values, dict):
        return TableLayout()
    widths = values.get("widths")
    split = _numbers(values.get("split"))
    return TableLayout(
        columns=_words(values.get("columns")),
        widths={key: wide for key, wide in widths.items() if _is_width(wide)} if isinstance(widths, dict) else {},
        sort=_word(values.get("sort")),
        falling=values.get("falling") is True,
        group=_word(values.get("group")),
        split=split if len(split) == 2 else (),
    )


def _word(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _words(value: Any) -> tuple[str, ...]:
    return tuple(one for one in value if isinstance(one, str))[:_MOST] if isinstance(value, list) else ()


def _numbers(value: Any) -> tuple[int, ...]:
    return tuple(one for one in value if type(one) is int and 0 <= one < 10_000) if isinstance(value, list) else ()


def _is_width(value: Any) -> bool:
    return type(value) is int and 16 <= value <= _WIDEST


_ALWAYS = ("star", "name", "best", "state")
_ORDER = ("star", "name", "started", *FIRST)
"""From the left; then other settings, then results, then the rest."""
_FEW, _TELLING = 4, 8
"""So many settings that differ come before the time that it took, and before tags and notes."""


def telling_columns(
    columns: RunColumns, rows: Sequence[RunSummary], width: Callable[[str], int], room: int
) -> tuple[str, ...]:
    """The columns that tell most of some runs, as many as there is room for.

    Settings that differ come before those that are the same in all.

    Args:
        columns: All that there can be.
        rows: The runs that are shown.
        width: What a column takes, by its key.
        room: What there is for all of them.
    """
    differing = columns.differing(rows)
    wanted = ["started", *differing[:_FEW], "seconds", *differing[_FEW:_TELLING]]
    wanted += [
        *(["tags"] if any(row.about.tags for row in rows) else []),
        *FIRST,
        "last",
        *(["note"] if any(row.about.note for row in rows) else []),
    ]
    wanted += differing[_TELLING:]
    found = [key for key in _ALWAYS if key in columns.all]
    left = room - sum(map(width, found))
    for key in dict.fromkeys(wanted):
        if key in columns.all and key not in found and width(key) <= left:
            found.append(key)
            left -= width(key)
    return in_order(columns, found)


def in_order(columns: RunColumns, keys: Sequence[str]) -> tuple[str, ...]:
    """Columns as they stand by themselves: star, name, when; settings; results; time, state, note, tags."""
    places = {key: place for place, key in enumerate(dict.fromkeys((*_ORDER, *columns.all)))}
    return tuple(sorted(dict.fromkeys(keys), key=lambda key: places.get(key, len(places))))


def with_column(columns: RunColumns, shown: Sequence[str], key: str, wanted: bool) -> tuple[str, ...]:
    """The chosen columns with one more, before the first that stands behind it by itself; or without one."""
    if not wanted:
        return tuple(one for one in shown if one != key)
    if key in shown:
        return tuple(shown)
    natural = in_order(columns, [*shown, key])
    behind = natural[natural.index(key) + 1 :]
    place = min((shown.index(one) for one in behind if one in shown), default=len(shown))
    return (*shown[:place], key, *shown[place:])
