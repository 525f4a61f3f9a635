"""One column of the table of runs: what it says of a run, and how a filter may call it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from fmstudio.runs.summary import RunSummary

Value = str | float | None
"""What a column is sorted by and a filter compares; None where there is nothing."""
Part = Literal["run", "setting", "result"]
Unit = Literal["", "share", "seconds", "date"]


@dataclass(frozen=True, eq=False)
class Column:
    """One column.

    Attributes:
        key: Names it for good: "name", "best.test_accuracy", "optimizer.lr".
        title: What stands above it, translated.
        part: Of what it speaks.
        value: Of a run; for sorting, grouping and comparing.
        text: What its cell shows.
        words: How a filter may call it besides its key and title.
        unit: In what a filter's numbers are read.
        numbers: Whether its cells hold numbers.
        tip: What its cell says when asked; empty for its text.
        terms: What a filter's words are compared with, besides the text.
        more_is_better: Whether the greatest values come first where it is sorted for the first time.
    """

    key: str
    title: str
    part: Part
    value: Callable[[RunSummary], Value]
    text: Callable[[RunSummary], str]
    words: tuple[str, ...] = ()
    unit: Unit = ""
    numbers: bool = False
    tip: Callable[[RunSummary], str] | None = None
    terms: Callable[[RunSummary], tuple[str, ...]] | None = None
    more_is_better: bool = False


def folded(word: str) -> str:
    """A word as filters compare it: "Learning rate" and "learning_rate" are the same."""
    return word.casefold().translate(_NOTHING)


_NOTHING = {ord(one): None for one in " _-"}
