"""The second half of a filter's condition: what a run's value is compared with."""

import math
import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from fmstudio.runs.summary import RunSummary
from fmstudio.session.run_rows import cells
from fmstudio.session.run_rows.column import Column
from fmstudio.words import tr

Test = Callable[[RunSummary], bool]
Span = tuple[float, float]
"""Least and greatest number that counts as the one that was written: "85%" is anything that is shown so."""

_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,30}(?:\.[0-9]{0,30})?|\.[0-9]{1,30})(?:e[+-]?[0-9]{1,3})?", re.IGNORECASE)
_SECONDS = {"": 1, "s": 1, "sec": 1, "min": 60, "m": 60, "h": 3600, "d": 86_400}
_COMPARING: Mapping[str, Callable[[float, Span], bool]] = {
    ">": lambda value, span: value > span[1],
    ">=": lambda value, span: value >= span[0],
    "<": lambda value, span: value < span[0],
    "<=": lambda value, span: value <= span[1],
}


def compared(column: Column, op: str, text: str) -> Test | str:
    """What tells whether a run's value is as it should be; a sentence where that cannot be read.

    Args:
        column: What is compared.
        op: ``:`` (contains, or lies in a range), ``=``, ``!=``, ``>``, ``>=``, ``<``, ``<=``.
        text: What the user wrote behind it: a number, a range ``2..5``, words; several with commas.
    """
    if op in _COMPARING:
        return _ordered(column, op, text)
    tests = []
    for part in text.split(","):
        made = _one(column, op, part.strip())
        if isinstance(made, str):
            return made
        tests.append(made)
    if op == "!=":
        return lambda row: not any(test(row) for test in tests)
    return tests[0] if len(tests) == 1 else lambda row: any(test(row) for test in tests)


def _ordered(column: Column, op: str, text: str) -> Test | str:
    span = _span(column, text, exactly=True)
    if span is None or not (column.numbers or column.unit):
        return _no_number(column, text)
    compare = _COMPARING[op]

    def test(row: RunSummary) -> bool:
        value = column.value(row)
        return isinstance(value, int | float) and compare(value, span)

    return test


def _one(column: Column, op: str, text: str) -> Test | str:
    low, dots, high = text.partition("..")
    if dots:
        return _between(column, low, high)
    span = _span(column, text)
    if span is not None and (column.numbers or column.unit):
        least, most = span
        return lambda row: isinstance(value := column.value(row), int | float) and least <= value <= most
    if column.part == "result" or column.key in ("seconds", "step", "weights"):
        return _no_number(column, text)
    return _worded(column, text, whole=op != ":")


def _between(column: Column, low: str, high: str) -> Test | str:
    ends = (
        _span(column, low, exactly=True) if low else (-math.inf,) * 2,
        _span(column, high, exactly=True) if high else (math.inf,) * 2,
    )
    if ends[0] is None or ends[1] is None:
        return _no_number(column, low if ends[0] is None else high)
    least, most = ends[0][0], ends[1][1]
    return lambda row: isinstance(value := column.value(row), int | float) and least <= value <= most


def _worded(column: Column, text: str, *, whole: bool) -> Test | str:
    """Whether a word is, or stands in, what the cell says; of a state and a star only what there is."""
    word = text.casefold()
    if column.key == "state" and not any(_fits(word, state, whole=whole) for state in _states()):
        states = ", ".join(cells.STATES)
        return tr("No run is ever “{word}”. There are: {states}", word=cells.one_line(text), states=states)
    if column.key == "star":
        wanted = word not in ("no", "0", "off", "☆")
        return lambda row: row.about.star is wanted
    terms = column.terms or (lambda row: (column.text(row),))
    known: dict[tuple[str, ...], bool] = {}

    def test(row: RunSummary) -> bool:
        said = terms(row)
        if said not in known:
            known[said] = any(_fits(word, one, whole=whole) for one in said)
        return known[said]

    return test


def _fits(word: str, said: str, *, whole: bool) -> bool:
    folded = said.casefold()
    return word == folded if whole else word in folded


def _states() -> list[str]:
    return [*cells.STATES, *(tr(word) for _, word in cells.STATES.values())]


def _span(column: Column, text: str, *, exactly: bool = False) -> Span | None:
    """The numbers that a text stands for in the unit of a column; None where it is no number.

    Args:
        column: What is compared.
        text: What the user wrote.
        exactly: Not all that is rounded to it; a day is all its seconds anyway.
    """
    if column.unit == "date":
        return _day(text)
    number, unit = text, ""
    if found := re.fullmatch(r"(.*?[0-9.])(%|s|sec|min|m|h|d)", text, re.IGNORECASE):
        number, unit = found[1], found[2].lower()
    if not _NUMBER.fullmatch(number):
        return None
    value, factor = float(number), _factor(column, unit, float(number))
    if factor is None:
        return None
    measured = column.part == "result" or column.unit == "seconds"  # and is never hit exactly
    half = _half_a_digit(number) if measured and not exactly else abs(value) * 1e-9
    return (value - half) * factor, (value + half) * factor


def _factor(column: Column, unit: str, value: float) -> float | None:
    """What a number in a unit is multiplied with; None where the column is not counted in it."""
    if column.unit == "seconds":
        return _SECONDS.get(unit)
    if unit not in ("", "%"):
        return None
    return 0.01 if unit or (column.unit == "share" and 1 < value <= 100) else 1.0


def _half_a_digit(number: str) -> float:
    mantissa, _, exponent = number.lower().partition("e")
    digits = len(mantissa.partition(".")[2])
    return 0.5 * 10.0 ** (int(exponent or 0) - digits)


def _day(text: str) -> Span | None:
    """The seconds since 1970 at which a day begins and ends: "2026-05-12"; of a time of day that minute."""
    now = datetime.now()
    if text.casefold() in ("today", tr("today").casefold()):
        text = f"{now:%Y-%m-%d}"
    try:
        begin = datetime.fromisoformat(text)
        end = begin + (timedelta(days=1) if len(text) <= 10 else timedelta(minutes=1))
        return begin.timestamp(), end.timestamp() - 1e-3
    except (ValueError, OverflowError, OSError):
        return None


def _no_number(column: Column, text: str) -> str:
    if column.unit == "date":
        example = "started>=2026-05-12"
        return tr("“{text}” is no day. For example: {example}", text=cells.one_line(text), example=example)
    if column.numbers:
        example = {"share": "accuracy>=85%", "seconds": "time<5min"}.get(column.unit, "lr>0.01")
        return tr("“{text}” is no number. For example: {example}", text=cells.one_line(text), example=example)
    example = f"{column.key.removesuffix('.kind').rpartition('.')[2]}:…"
    return tr("“{title}” holds words, not numbers. For example: {example}", title=column.title, example=example)
