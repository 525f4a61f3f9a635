"""The menus of the table of runs: what can be done with the chosen ones, and with a column."""

from collections.abc import Callable, Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, Context
from functools import partial
from itertools import pairwise

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from fmstudio.runs.summary import RunSummary
from fmstudio.session.draft_words import text_of
from fmstudio.session.run_rows.cells import one_line
from fmstudio.session.run_rows.column import Column
from fmstudio.session.run_rows.columns import RunColumns
from fmstudio.session.run_rows.table import safe_tip
from fmstudio.ui.compare.table.actions import KEYS, TITLES, Action, why_not
from fmstudio.words import tr

_PARTS: tuple[tuple[Action, ...], ...] = (
    ("results", "resume", "more", "settings"),
    ("rename", "note", "tags", "star"),
    ("compare", "export", "folder", "copy"),
    ("trash",),
)
_OF_TRASH: tuple[tuple[Action, ...], ...] = (("restore",), ("folder", "copy"))
_VALUES = 8
"""So many values of a column are offered at most, the most frequent."""
_RANGES = 3
_LETTERS = 40
_DIGITS = 4


def actions_menu(
    rows: Sequence[RunSummary], act: Callable[[Action], object], parent: QWidget, *, trashed: bool = False
) -> QMenu:
    """What can be done with the chosen runs; what cannot be done says why.

    Args:
        rows: The chosen runs.
        act: Called with what the user wants.
        parent: Whose menu it is.
        trashed: Whether they lie in the trash.
    """
    menu = QMenu(parent)
    menu.setToolTipsVisible(True)
    for place, part in enumerate(_OF_TRASH if trashed else _PARTS):
        if place:
            menu.addSeparator()
        for action in part:
            menu.addAction(_entry(action, rows, act, menu))
    return menu


def _entry(action: Action, rows: Sequence[RunSummary], act: Callable[[Action], object], menu: QMenu) -> QAction:
    starred = action == "star" and rows and all(row.about.star for row in rows)
    made = QAction(tr("Take the star away") if starred else tr(TITLES[action]), menu)
    made.setObjectName(f"action.{action}")
    if action in KEYS:
        made.setShortcut(QKeySequence(KEYS[action]))
        made.setShortcutVisibleInContextMenu(True)
    reason = why_not(action, rows)
    made.setEnabled(not reason)
    made.setToolTip(safe_tip(reason))
    made.triggered.connect(lambda: act(action))
    return made


def column_menu(
    menu: QMenu,
    column: Column,
    rows: Sequence[RunSummary],
    columns: RunColumns,
    filter_by: Callable[[str], object],
    here: RunSummary | None = None,
) -> None:
    """Offer filters by a column: the run's own value, the values that are there, and ranges of numbers.

    Args:
        menu: Where they are added.
        column: The column.
        rows: The runs that are shown.
        columns: All columns, to know by which word a filter calls this one.
        filter_by: Called with a condition: ``optimizer=adam``.
        here: The run on which the menu was opened; None on a title.
    """
    menu.setToolTipsVisible(True)
    for text, condition in _offers(column, rows, columns.word_of(column), here):
        made = menu.addAction(text.replace("&", "&&"))
        made.setToolTip(safe_tip(condition))
        made.triggered.connect(partial(filter_by, condition))


def _offers(column: Column, rows: Sequence[RunSummary], word: str, here: RunSummary | None) -> list[tuple[str, str]]:
    """What each line of the menu says, and the condition that it stands for."""
    if column.key == "star":
        return [(tr("Only runs with a star"), "star"), (tr("Only runs without a star"), "-star")]
    if column.key == "tags":
        tags = dict.fromkeys(tag for row in ([here] if here else rows) for tag in row.about.tags)
        return [(tr("Only runs with {value}", value=tag), f"tag={_quoted(tag)}") for tag in list(tags)[:_VALUES]]
    if column.key in ("name", "note", "id") and here is None:
        return []
    numbers = sorted(value for row in rows if isinstance(value := column.value(row), int | float))
    if column.numbers and len(set(numbers)) > _VALUES:
        return [*_limits(column, word, here), *_ranges(column, word, numbers)]
    ways = [(tr("Only runs with {value}", value=_text(column, row)), _equal(column, word, row))
            for row in ([here] if here else _distinct(column, rows))]  # fmt: skip
    return [*ways, *(_limits(column, word, here) if column.numbers else [])]


def _distinct(column: Column, rows: Sequence[RunSummary]) -> list[RunSummary]:
    """One run for each value of a column, in the order of the values where they are numbers."""
    counts: dict[object, int] = {}
    first: dict[object, RunSummary] = {}
    for row in rows:
        value = column.value(row)
        if value is not None:
            counts[value] = counts.get(value, 0) + 1
            first.setdefault(value, row)
    often = sorted(counts, key=lambda value: -counts[value])[:_VALUES]
    return [first[value] for value in sorted(often, key=lambda value: (isinstance(value, str), value))]


def _limits(column: Column, word: str, here: RunSummary | None) -> list[tuple[str, str]]:
    value = column.value(here) if here else None
    if here is None or not isinstance(value, int | float):
        return []
    shown = _text(column, here)
    return [
        (tr("{title}: {value} or more", title=column.title, value=shown), f"{word}>={_number(value, ROUND_FLOOR)}"),
        (tr("{title}: {value} or less", title=column.title, value=shown), f"{word}<={_number(value, ROUND_CEILING)}"),
    ]


def _ranges(column: Column, word: str, numbers: Sequence[float]) -> list[tuple[str, str]]:
    """The lowest, the middle and the highest third of the values."""
    ends = [numbers[round(part * (len(numbers) - 1) / _RANGES)] for part in range(_RANGES + 1)]
    names = [tr("The lowest third"), tr("The middle third"), tr("The highest third")]
    spans = [f"{_number(low, ROUND_FLOOR)}..{_number(high, ROUND_CEILING)}" for low, high in pairwise(ends)]
    title = column.title
    return [
        (tr("{title}: {part}", title=title, part=name), f"{word}:{span}")
        for name, span in zip(names, spans, strict=True)
    ]


def _equal(column: Column, word: str, row: RunSummary) -> str:
    if column.key == "state":
        return f"state:{row.state}"
    value = column.value(row)
    if isinstance(value, int | float):
        return f"{word}={value:.4g}" if column.part == "result" else f"{word}={text_of(value)}"
    terms = column.terms(row) if column.terms else (column.text(row),)
    return f"{word}={_quoted(terms[0] if terms else column.text(row))}"


def _text(column: Column, row: RunSummary) -> str:
    text = one_line(column.text(row))
    return text if len(text) <= _LETTERS else text[:_LETTERS] + "…"


def _number(value: float, rounding: str) -> str:
    """A limit in few digits that leaves the value itself inside."""
    rounded = Context(prec=_DIGITS, rounding=rounding).create_decimal_from_float(float(value))
    return f"{float(rounded):.{_DIGITS}g}"


def _quoted(text: str) -> str:
    plain = text.replace('"', " ")
    return f'"{plain}"' if any(one in plain for one in ' ,:=<>!"') else plain
