"""What is wrong, where, and what would mend it."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from fmstudio.words import tr


@dataclass(frozen=True)
class Mending:
    """Changes that mend a problem, offered as a button.

    Attributes:
        label: What stands on the button: "Use learning rate 0.001".
        changes: Pairs of path and value.
    """

    label: str
    changes: tuple[tuple[str, Any], ...]


@dataclass(frozen=True)
class Problem:
    """Something that a spec cannot be run with.

    Attributes:
        path: The setting it is about: ``"optimizer.momentum"``.
        message: What is wrong and what would be right, translated, without the path.
        mending: What would mend it, where the program knows.
    """

    path: str
    message: str
    mending: Mending | None = None

    def __str__(self) -> str:
        return f"{self.path}: {self.message}"


class InvalidSpecError(Exception):
    """A spec that cannot be run, with all its problems."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


def near_miss(word: str, known: Iterable[str]) -> str:
    """A sentence that names the known word that was probably meant, with a space before it; else empty."""
    close = get_close_matches(word.lower(), list(known), n=1)
    return " " + tr("Did you mean “{word}”?", word=close[0]) if close else ""
