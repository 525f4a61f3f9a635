"""What a class hands in: sixty figures, each saying which run it shows, what differs among them, and what looks odd.

Everything here is what the figures say: whoever can write a file can write anything into it.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from fmstudio.experiment.flat import at, flat

Mark = Literal["data", "version", "seed", "double"]
"""``data``: made with other data than the others of that data set. ``version``, ``seed``: with another one than most.
``double``: another file shows the same run."""

RESULTS = ("test_accuracy", "test_r2", "test_mae", "test_loss")
"""What is plotted: the first that any of them has."""

MOST_SETTINGS = 12
"""So many settings that differ are shown."""

SHOWN_ALWAYS = ("dataset.kind", "architecture.kind")
_SAYING_NOTHING = {
    *SHOWN_ALWAYS,
    "name",
    "version",
    "start_from",
    "seed",
    "device",
    "threads",
    "keep_weights",
    "save_every",
}


@dataclass(frozen=True, kw_only=True)
class HandIn:
    """One file.

    Attributes:
        path: The file.
        file: What it is called here: its name, with its folder where two have the same.
        run: The id of the run that it shows, as it says.
        name: Of the experiment; ``spec``, ``seed``, ``version``, ``data`` (a hash), ``figures``: as it says.
        spec: As JSON values, unchecked.
        seed: See ``name``.
        version: See ``name``.
        data: See ``name``.
        figures: See ``name``.
        problem: Why it says nothing; empty otherwise.
    """

    path: Path
    file: str
    run: str = ""
    name: str = ""
    spec: Mapping[str, Any] = field(default_factory=dict)
    seed: int | None = None
    version: str = ""
    data: str = ""
    figures: Mapping[str, float] = field(default_factory=dict)
    problem: str = ""

    def at(self, path: str) -> Any:
        """The value of a setting; its default where it is left out, None where its choice has no such setting."""
        if path not in self._found:
            self._found[path] = at(self.spec, path)
        return self._found[path]

    @cached_property
    def _found(self) -> dict[str, Any]:
        """What was looked up already, and all that stands in the spec."""
        return flat(self.spec)


@dataclass(frozen=True)
class HandedIn:
    """All of them.

    Attributes:
        items: As they were given.
        varied: The paths of settings that differ, beside data set, network and seed.
        more: How many more differ and are not among them.
        result: The name of the figure that they are compared by.
        marks: What is odd about each item.
    """

    items: tuple[HandIn, ...] = ()
    varied: tuple[str, ...] = ()
    more: int = 0
    result: str = RESULTS[0]
    marks: tuple[frozenset[Mark], ...] = ()

    @property
    def read(self) -> tuple[HandIn, ...]:
        """Those that say something."""
        return tuple(item for item in self.items if not item.problem)

    def result_of(self, item: HandIn) -> float | None:
        """The figure of one; None where it says none, or an impossible one."""
        value = item.figures.get(self.result)
        if value is None or (self.result == "test_accuracy" and not 0 <= value <= 1):
            return None
        return value

    def same_run(self, item: HandIn) -> tuple[HandIn, ...]:
        """The others that show the same run."""
        return tuple(one for one in self.read if one is not item and item.run and one.run == item.run)

    def marks_of(self, item: HandIn) -> frozenset[Mark]:
        """What is odd about one."""
        return self._marks.get(item.path, frozenset())

    @cached_property
    def _marks(self) -> dict[Path, frozenset[Mark]]:
        return {item.path: marks for item, marks in zip(self.items, self.marks, strict=True)}

    def count(self, mark: Mark) -> int:
        """How many have a mark."""
        return sum(mark in marks for marks in self.marks)


def handed_in(items: Sequence[HandIn]) -> HandedIn:
    """Compare what some files say."""
    read = [item for item in items if not item.problem]
    asking = [item for item in read if item.spec]
    varied = [path for path in _paths(asking) if _says_something(asking, path)]
    shared = {path for path in varied if all(item.at(path) is not None for item in asking)}
    varied.sort(key=lambda path: path not in shared)
    result = next((name for name in RESULTS if any(name in item.figures for item in read)), RESULTS[0])
    return HandedIn(
        tuple(items), tuple(varied[:MOST_SETTINGS]), max(0, len(varied) - MOST_SETTINGS), result, _marks(items, read)
    )


def _paths(items: Sequence[HandIn]) -> Iterable[str]:
    """Every path that stands in a spec; what all leave out does not differ."""
    return dict.fromkeys(path for item in items for path in flat(item.spec) if path not in _SAYING_NOTHING)


def _says_something(items: Sequence[HandIn], path: str) -> bool:
    """Whether a setting differs among those that have it."""
    values = [value for value in (item.at(path) for item in items) if value is not None]
    return any(value != values[0] for value in values)


def _marks(items: Sequence[HandIn], read: Sequence[HandIn]) -> tuple[frozenset[Mark], ...]:
    runs = Counter(item.run for item in read if item.run)
    usual: dict[Mark, Callable[[HandIn], bool]] = {
        "data": _unusual(read, lambda item: item.data, lambda item: str(item.at("dataset.kind"))),
        "version": _unusual(read, lambda item: item.version),
        "seed": _unusual(read, lambda item: item.seed),
        "double": lambda item: runs[item.run] > 1,
    }
    return tuple(frozenset(mark for mark, odd in usual.items() if not item.problem and odd(item)) for item in items)


def _unusual(
    read: Sequence[HandIn],
    value_of: Callable[[HandIn], Hashable],
    among: Callable[[HandIn], str] = lambda _: "",
) -> Callable[[HandIn], bool]:
    """Whether one says something else than most of those that it belongs to; where there is no most, none does."""
    said: dict[str, Counter[Hashable]] = {}
    for item in read:
        if value_of(item) not in (None, ""):
            said.setdefault(among(item), Counter())[value_of(item)] += 1
    most = {key: counts.most_common(1)[0] for key, counts in said.items()}
    usual = {key: value for key, (value, count) in most.items() if 2 * count > said[key].total()}

    def odd(item: HandIn) -> bool:
        value = value_of(item)
        return value not in (None, "") and usual.get(among(item), value) != value

    return odd
