"""Which parts of many specs are the same: so that 10,000 runs can be asked at once in which settings they differ."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fmstudio.runs.summary import RunSummary

_NEVER = ("name", "version")
"""Say nothing of what was done."""


@dataclass(frozen=True, eq=False)
class _Part:
    """What one or more specs have under a key: a choice with its settings, or a single setting."""

    section: str
    value: Any
    spec: Mapping[str, Any]

    @property
    def paths(self) -> list[str]:
        if isinstance(self.value, dict):
            return [f"{self.section}.{name}" for name in self.value]
        return [self.section]


class SpecIndex:
    """Gives each part that specs can have a number, the same for equal parts; a spec is the numbers of its parts."""

    def __init__(self) -> None:
        self._numbers: dict[Hashable, int] = {}
        self._parts: list[_Part] = []
        self._known: dict[str, tuple[Mapping[str, Any], tuple[int, ...]]] = {}

    def take(self, rows: Sequence[RunSummary]) -> None:
        """Know these runs; those that it knew before and that did not change cost next to nothing."""
        known, self._known = self._known, {}
        for row in rows:
            before = known.get(row.id)
            same = before is not None and before[0] is row.spec
            self._known[row.id] = before if before is not None and same else (row.spec, self._read(row.spec))

    def samples(self) -> dict[str, Mapping[str, Any]]:
        """Every setting's path, with a spec that has it: its title depends on what is chosen there."""
        found: dict[str, Mapping[str, Any]] = {}
        for number in sorted({one for _, numbers in self._known.values() for one in numbers}):
            part = self._parts[number]
            for path in part.paths:
                found.setdefault(path, part.spec)
        return found

    def differing(self, rows: Sequence[RunSummary]) -> set[str]:
        """The paths whose values are not the same in all of these runs that have them."""
        used: set[int] = set()
        used.update(*(self._known[row.id][1] for row in rows if row.id in self._known))
        sections: dict[str, list[Any]] = {}
        for number in used:
            sections.setdefault(self._parts[number].section, []).append(self._parts[number].value)
        return {path for name, values in sections.items() if len(values) > 1 for path in _differing(name, values)}

    def _read(self, spec: Mapping[str, Any]) -> tuple[int, ...]:
        return tuple(self._number(section, value, spec) for section, value in spec.items() if section not in _NEVER)

    def _number(self, section: str, value: Any, spec: Mapping[str, Any]) -> int:
        try:
            key: Hashable = (section, (*value, *value.values()) if isinstance(value, dict) else value)
            number = self._numbers.get(key)
        except TypeError:  # a list, or a mapping in a mapping
            key = (section, repr(value))
            number = self._numbers.get(key)
        if number is None:
            number = self._numbers[key] = len(self._parts)
            self._parts.append(_Part(section, value, spec))
        return number


def _differing(section: str, values: Sequence[Any]) -> list[str]:
    """The paths below a key at which some values that are not all the same differ."""
    choices = [value for value in values if isinstance(value, dict)]
    if not choices:
        return [section]
    found = []
    for name in dict.fromkeys(name for choice in choices for name in choice):
        first, *rest = [choice[name] for choice in choices if name in choice]
        if any(value != first for value in rest):
            found.append(f"{section}.{name}")
    return found
