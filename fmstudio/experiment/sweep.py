"""Several experiments out of one: every combination of some values, or random ones. Nothing is run here."""

import itertools
import json
import math
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from fmstudio.errors import UserError
from fmstudio.experiment import draft as drafts
from fmstudio.experiment.draft import Draft
from fmstudio.experiment.reading import read_spec
from fmstudio.experiment.spec import USUAL_VALIDATION, ExperimentSpec, to_mapping
from fmstudio.experiment.vary import Vary
from fmstudio.schema.problem import InvalidSpecError, Problem
from fmstudio.words import tr

MANY = 1000
"""More runs than this are asked for twice."""
MOST = 100_000
"""More are not made."""
SEED = "seed"
_LAST_SEED = 2**63 - 1
_TRIES = 20
"""Draws for each random run that is wanted: of few values most are soon known."""

Settings = tuple[tuple[str, Any], ...]
"""Pairs of path and JSON value."""


class TooManyError(UserError):
    """More runs than anybody means."""


@dataclass(frozen=True)
class Variant:
    """One experiment of several.

    Attributes:
        settings: What makes it differ from the others, in the order in which it was asked for.
        spec: What is to be done; None where that cannot be run.
        problems: Why it cannot.
    """

    settings: Settings
    spec: ExperimentSpec | None = None
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class Sweep:
    """Several experiments.

    Attributes:
        variants: All of them, those that cannot be run as well; none twice.
        varied: The paths that differ.
        doubled: How many were left out because they were there already.
        held_back: Share of the training samples that is held back because nothing was said; 0 where nothing is.
    """

    variants: tuple[Variant, ...] = ()
    varied: tuple[str, ...] = ()
    doubled: int = 0
    held_back: float = 0.0

    @property
    def valid(self) -> tuple[Variant, ...]:
        """Those that can be run."""
        return tuple(one for one in self.variants if one.spec is not None)

    @property
    def invalid(self) -> tuple[Variant, ...]:
        """Those that cannot."""
        return tuple(one for one in self.variants if one.spec is None)

    @property
    def problems(self) -> dict[Problem, int]:
        """Why some cannot be run, and how many of them for each reason."""
        found: dict[tuple[str, str], tuple[Problem, int]] = {}
        for problem in (problem for one in self.invalid for problem in one.problems):
            first, count = found.get((problem.path, problem.message), (problem, 0))
            found[problem.path, problem.message] = first, count + 1
        return dict(found.values())


def count_of(varied: Sequence[Vary], draws: int = 0) -> int:
    """How many runs are asked for, before any is left out."""
    return draws if draws > 0 else math.prod(len(one.values) for one in varied)


def sweep(draft: Draft, varied: Sequence[Vary], draws: int = 0, seeds: int = 1, *, most: int = MANY) -> Sweep:
    """Every combination of some values, or random ones.

    The best of several is chosen by samples that are held back: where a draft holds back none, a twelfth is, unless
    only the seed differs.

    Args:
        draft: What they have in common.
        varied: What differs; the last varies fastest.
        draws: So many random ones instead of all; the same draft gives the same ones.
        seeds: How often each is repeated, each time with another seed.
        most: More runs than this are refused.

    Raises:
        TooManyError: Where it would be more.
    """
    wanted = count_of(varied, draws) * max(1, seeds)
    limit = min(most, MOST)
    if wanted > limit:
        message = tr("That would be {count} runs.", count=f"{wanted:,}")
        raise TooManyError(message, tr("At most {most} at once: name fewer values.", most=f"{limit:,}"))
    paths = tuple(one.path for one in varied)
    held = 0.0 if not _chooses(paths) or draft.get("validation") != 0 or not paths else USUAL_VALIDATION
    base = drafts.changed(draft, [("validation", held)]) if held else draft
    combinations = _drawn(varied, draws, _seed_of(draft)) if draws > 0 else _crossed(varied)
    variants = [_variant(base, settings) for settings in _repeated(combinations, draft, seeds)]
    kept = _once(variants)
    if seeds > 1:
        paths = tuple(dict.fromkeys((*paths, SEED)))
    return Sweep(tuple(kept), paths, len(variants) - len(kept), held)


def repeated(draft: Draft, seeds: int) -> Sweep:
    """The same experiment with as many seeds: its own, and those that follow it."""
    return sweep(draft, [Vary(SEED, seeds_from(_seed_of(draft), seeds))])


def seeds_from(first: int, count: int) -> tuple[int, ...]:
    """So many seeds, from one on."""
    return tuple((first + number) % (_LAST_SEED + 1) for number in range(max(1, count)))


def _chooses(paths: Iterable[str]) -> bool:
    """Whether a best one is chosen among runs that differ in these."""
    return any(path != SEED for path in paths) and "validation" not in paths


def _seed_of(draft: Draft) -> int:
    seed = draft.get(SEED)
    return seed if type(seed) is int and 0 <= seed <= _LAST_SEED else 0


def _crossed(varied: Sequence[Vary]) -> Iterator[Settings]:
    paths = [one.path for one in varied]
    for values in itertools.product(*(one.values for one in varied)):
        yield tuple(zip(paths, values, strict=True))


def _drawn(varied: Sequence[Vary], count: int, seed: int) -> Iterator[Settings]:
    """Random combinations, none twice; fewer where there are no more."""
    source = random.Random(seed)
    known: set[str] = set()
    for _ in range(_TRIES * count):
        settings = tuple((one.path, one.draw(source)) for one in varied)
        key = json.dumps(settings, default=str)
        if key not in known:
            known.add(key)
            yield settings
        if len(known) == count:
            return


def _repeated(combinations: Iterable[Settings], draft: Draft, seeds: int) -> Iterator[Settings]:
    for settings in combinations:
        if seeds <= 1:
            yield settings
            continue
        first = dict(settings).get(SEED, _seed_of(draft))
        for seed in seeds_from(first if type(first) is int else 0, seeds):
            yield (*(pair for pair in settings if pair[0] != SEED), (SEED, seed))


def _variant(draft: Draft, settings: Settings) -> Variant:
    """One experiment; kinds first, since a kind puts its choice's other settings back to their defaults."""
    changes = sorted(settings, key=lambda pair: not pair[0].endswith(".kind"))
    try:
        return Variant(settings, read_spec(drafts.changed(draft, changes)))
    except InvalidSpecError as error:
        return Variant(settings, None, error.problems)


def _once(variants: Iterable[Variant]) -> list[Variant]:
    """Those that differ: two kinds of spelling may come to the same experiment."""
    found: dict[str, Variant] = {}
    for one in variants:
        key = json.dumps(to_mapping(one.spec) if one.spec is not None else one.settings, default=str)
        found.setdefault(key, one)
    return list(found.values())
