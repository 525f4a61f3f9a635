"""The values that a setting shall take, one after the other: named, spread over a range, or drawn from it."""

import json
import math
import random
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from fmstudio.experiment import draft as drafts
from fmstudio.experiment.draft import Draft
from fmstudio.experiment.spec import TABLES, ExperimentSpec
from fmstudio.schema.choice import Frozen
from fmstudio.schema.problem import InvalidSpecError, Problem
from fmstudio.schema.setting import Setting, settings_of
from fmstudio.words import tr

USUAL_STEPS = 5
"""Values of a range that does not say how many."""
MOST_STEPS = 10_000
"""A range has at most so many values."""
_ALL_OF = 20
"""Of a range of whole numbers with at most so many, all are taken unless it says how many."""
_DIGITS = {True: 3, False: 6}
"""Digits of a value between the ends of a range: on a logarithmic scale, and else."""
_NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"
_RANGE = re.compile(rf"\s*({_NUMBER})\s*\.\.\s*({_NUMBER})\s*(?::\s*(\d+)\s*)?")


@dataclass(frozen=True)
class Span:
    """A range of numbers.

    Attributes:
        low: Its lower end; ``high`` its upper one.
        log: Whether its steps are factors.
        whole: Whether it holds whole numbers only.
    """

    low: float
    high: float
    log: bool = False
    whole: bool = False

    def steps(self, count: int) -> tuple[float, ...]:
        """So many values in equal steps, the ends among them; of whole numbers none twice."""
        count = min(count, MOST_STEPS)
        if count <= 1 or self.low == self.high:
            return (self._tidy(self.low, exact=True),)
        inner = [self._tidy(self._at(place / (count - 1)), exact=False) for place in range(1, count - 1)]
        values = (self._tidy(self.low, exact=True), *inner, self._tidy(self.high, exact=True))
        return tuple(dict.fromkeys(values))

    def draw(self, source: random.Random) -> float:
        """One of its values: on a logarithmic scale each factor is as likely as any other."""
        return self._tidy(self._at(source.random()), exact=False)

    def _at(self, share: float) -> float:
        if self.log:
            return math.exp(math.log(self.low) + share * (math.log(self.high) - math.log(self.low)))
        return self.low + share * (self.high - self.low)

    def _tidy(self, value: float, *, exact: bool) -> float:
        if self.whole:
            return round(value)
        if exact:
            return float(value)
        return min(max(float(f"{value:.{_DIGITS[self.log]}g}"), self.low), self.high)


@dataclass(frozen=True)
class Vary:
    """A setting, and the values that it shall take.

    Attributes:
        path: Of the setting or of a kind: "optimizer.lr", "optimizer.kind".
        values: JSON values.
        span: What random values are drawn from; None: from ``values``.
    """

    path: str
    values: tuple[Any, ...] = ()
    span: Span | None = None

    def draw(self, source: random.Random) -> Any:
        """A random one of its values."""
        return self.span.draw(source) if self.span else source.choice(self.values)


def setting_at(draft: Draft, path: str) -> Setting | None:
    """The setting at a path, in the choices of a draft; where these have none, in any row of its table."""
    key, _, name = path.rpartition(".")
    for model in _models(draft, key):
        found = next((one for one in settings_of(model) if one.name == name), None)
        if found is not None:
            return found
    return None


def _models(draft: Draft, key: str) -> Iterator[type[Frozen]]:
    if not key:
        yield ExperimentSpec
    elif key in TABLES:
        kind = str(drafts.get(draft, f"{key}.kind"))
        if kind in TABLES[key]:
            yield TABLES[key][kind]
        yield from TABLES[key].values()


def by_factors(setting: Setting | None) -> bool:
    """Whether a setting is tried by factors: a learning rate, a batch size."""
    return setting is not None and (setting.scale == "log" or setting.kind == "int-or-all")


def is_whole(setting: Setting | None) -> bool:
    """Whether a setting takes whole numbers only."""
    return setting is not None and setting.kind in ("int", "int-or-all")


def is_number(setting: Setting | None) -> bool:
    """Whether a setting is one number, so that it can have a range."""
    return setting is not None and setting.kind in ("int", "float", "int-or-all")


def spread(setting: Setting | None, path: str, low: float, high: float, count: int, *, log: bool | None = None) -> Vary:
    """A range of a setting.

    Args:
        setting: Says whether the steps are factors, and whether the numbers are whole.
        path: Of the setting.
        low: One end.
        high: The other end.
        count: How many values.
        log: Whether the steps are factors; None: as the setting is usually tried.

    Raises:
        InvalidSpecError: Where a range by factors does not begin above 0, or the setting is no number.
    """
    if path.endswith(".kind") or (setting is not None and not is_number(setting)):
        raise InvalidSpecError([Problem(path, tr("has no range: name its values, with commas between them"))])
    low, high = min(low, high), max(low, high)
    log = by_factors(setting) if log is None else log
    if log and low <= 0:
        message = tr("a range whose steps are factors begins above 0; name 0 itself as a value, with a comma")
        raise InvalidSpecError([Problem(path, message)])
    whole = is_whole(setting) and low == round(low) and high == round(high)
    span = Span(low, high, log, whole)
    return Vary(path, span.steps(count), span)


def suggested(setting: Setting, value: object) -> tuple[float, float]:
    """The ends of a range about a value that are worth a try: a tenth to ten times, within the limits."""
    now = float(value) if isinstance(value, int | float) and not isinstance(value, bool) else 0.0
    if now <= 0:
        default = setting.default
        now = float(default) if isinstance(default, int | float) and default > 0 else 0.0
    factor = 10 if setting.scale == "log" else 4 if setting.kind == "int-or-all" else 2
    low, high = (now / factor, now * factor) if now > 0 else _first_range(setting)
    least, most = _limits(setting)
    low, high = max(low, least), min(high, most)
    if is_whole(setting):
        return float(max(math.ceil(least), round(low))), float(round(high))
    return float(f"{low:.3g}"), float(f"{high:.3g}")


def suggested_values(setting: Setting, value: Any) -> tuple[Any, ...]:
    """Some values of a setting that are worth a try, the present one among them where it is sensible."""
    if not is_number(setting) or isinstance(value, str):
        return (value,)
    low, high = suggested(setting, value)
    if by_factors(setting) and low > 0:
        values = spread(setting, "", low, high, 3).values
        return (values[0], value, values[-1]) if values[0] < value < values[-1] else values
    if isinstance(value, int | float) and low < value < high:
        return (type(value)(low), value, type(value)(high))
    return spread(setting, "", low, high, 3, log=False).values


def _first_range(setting: Setting) -> tuple[float, float]:
    """Where nothing is known of a number but its limits."""
    if setting.scale == "log":
        return 1e-5, 1e-2
    if setting.lt is not None and setting.lt <= 1:
        return 0.0, 0.9 * setting.lt
    return (0.0, 10.0) if is_whole(setting) else (0.0, 1.0)


def _limits(setting: Setting) -> tuple[float, float]:
    least = setting.ge if setting.ge is not None else setting.gt
    most = setting.le if setting.le is not None else setting.lt
    return -math.inf if least is None else least, math.inf if most is None else most


def listed(setting: Setting | None, path: str, text: str) -> Vary:
    """The values that a text names, with commas between them; among them ranges, ``0.001..0.1:5``.

    Raises:
        InvalidSpecError: Where it names none, or a range is none.
    """
    parts = [part.strip() for part in _split(text)]
    parts = [part for part in parts if part]
    if not parts:
        raise InvalidSpecError([Problem(path, tr("name at least one value"))])
    found: list[Vary] = []
    for part in parts:
        ends = _RANGE.fullmatch(part)
        if ends is None:
            found.append(Vary(path, (_read(setting, part),)))
            continue
        low, high = float(ends[1]), float(ends[2])
        found.append(spread(setting, path, low, high, _count(setting, low, high, ends[3])))
    values = [value for one in found for value in one.values]
    return Vary(path, tuple(_once(values)), found[0].span if len(found) == 1 else None)


def parse_vary(text: str, draft: Draft) -> Vary:
    """Read one ``PATH=V1,V2`` or ``PATH=LOW..HIGH:COUNT`` of the command line.

    Raises:
        InvalidSpecError: Where it has another form.
    """
    path, equals, values = text.partition("=")
    path = path.strip()
    if not equals or not path:
        message = tr("“{text}” must have the form PATH=VALUE,VALUE: optimizer.lr=0.1,0.01", text=text)
        raise InvalidSpecError([Problem("--vary", message)])
    return listed(setting_at(draft, path), path, values)


def _count(setting: Setting | None, low: float, high: float, said: str | None) -> int:
    """How many values a range has."""
    if said is not None:
        return min(int(said[:6]), MOST_STEPS)
    every = abs(high - low) + 1
    return int(every) if is_whole(setting) and not by_factors(setting) and every <= _ALL_OF else USUAL_STEPS


def _split(text: str) -> Iterator[str]:
    """The parts between commas; those within brackets and quotes do not part."""
    depth, quoted, part = 0, False, ""
    for one in text.replace("，", ","):
        quoted = quoted != (one == '"')
        depth += 0 if quoted else (one in "[{") - (one in "]}")
        if one == "," and not depth and not quoted:
            yield part
            part = ""
        else:
            part += one
    yield part


def _read(setting: Setting | None, text: str) -> Any:
    """A value: JSON, or else a plain text."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return text
    if isinstance(value, float) and is_whole(setting) and value.is_integer() and abs(value) < 2**53:
        return int(value)
    return value


def _once(values: Iterable[Any]) -> Sequence[Any]:
    """Each value once; 1 and true are two."""
    return list({json.dumps(value, sort_keys=True): value for value in values}.values())
