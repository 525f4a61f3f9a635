"""Runs that differ in their seed alone: which they are, and whether two recipes differ by more than that. No torch.

Two recipes, each trained with several seeds, are compared by Welch's interval for the difference of two means (their
variances need not be alike): in 95 of 100 such comparisons the true difference lies in it. Where zero lies in it as
well, the difference is within the spread of seeds. See

- B. L. Welch, "The generalization of 'Student's' problem when several different population variances are involved",
  Biometrika 34 (1947), 28–35;
- F. E. Satterthwaite, "An approximate distribution of estimates of variance components", Biometrics Bulletin 2 (1946),
  for the degrees of freedom;
- X. Bouthillier et al., "Accounting for variance in machine learning benchmarks", MLSys (2021), for why seeds matter.
"""

import json
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from fmstudio.experiment.flat import at, differing, flat
from fmstudio.insight.said import plain
from fmstudio.runs.summary import RunSummary
from fmstudio.words import tr, tr_n

LEVEL = 0.95
"""How often an interval made in this way holds the true difference."""

FEWEST = 2
"""With fewer runs of a recipe nothing is known of its spread."""

Figure = Literal["test_accuracy", "test_r2", "test_mae", "test_loss"]
LARGER: Mapping[Figure, bool] = {"test_accuracy": True, "test_r2": True, "test_mae": False, "test_loss": False}
"""What recipes are compared by, the first that all have; whether larger is better."""

_BESIDE = ("seed", "name", "version", "keep_weights", "dataset.test_seed")
"""Two runs may differ in these and be repetitions of one another; in the last, as the seed of a run was it once."""


def recipe_key(spec: Mapping[str, Any]) -> str:
    """The same for runs that differ in nothing but their seed (and their name); what is left out has its default."""
    said, table = {}, flat(spec)
    for path, value in sorted(table.items()):
        text, kind = json.dumps(value, default=str), table.get(f"{path.rpartition('.')[0]}.kind", "")
        if path not in _BESIDE and text != _usual(path, str(kind)):
            said[path] = text
    return json.dumps(said)


@lru_cache(maxsize=4096)
def _usual(path: str, kind: str) -> str:
    """The default at a path, in a choice of this kind."""
    key, _, name = path.rpartition(".")
    return json.dumps(at({key: {"kind": kind}} if kind and name != "kind" else {}, path), default=str)


def repetitions(runs: Sequence[RunSummary]) -> tuple[tuple[RunSummary, ...], ...]:
    """The runs in groups that differ in their seed alone, in the order of their first ones.

    No two in a group have the same seed: they would tell the same twice. The second ones make a group of their own.
    """
    found: dict[tuple[str, int], list[RunSummary]] = {}
    seen: Counter[tuple[str, str]] = Counter()
    for run in runs:
        key = recipe_key(run.spec)
        again = seen[key, _seed(run)]
        seen[key, _seed(run)] += 1
        found.setdefault((key, again), []).append(run)
    return tuple(tuple(group) for group in found.values())


def _seed(run: RunSummary) -> str:
    return str(run.spec["seed"] if "seed" in run.spec else at(run.spec, "seed"))


@dataclass(frozen=True)
class SeedComparison:
    """Two recipes, each trained with several seeds: the second against the first.

    Attributes:
        figure: By what they are compared.
        counts: How many runs of each.
        means: Of each.
        difference: Of the means, second less first.
        low: The lower end of Welch's interval for it; ``high`` the upper one.
    """

    figure: Figure
    counts: tuple[int, int]
    means: tuple[float, float]
    difference: float
    low: float
    high: float

    @property
    def beyond(self) -> bool:
        """Whether the difference is more than the spread of seeds."""
        return self.low > 0 or self.high < 0

    @property
    def spread(self) -> float:
        """Half the width of the interval: so much the means of so few runs may differ by chance."""
        return (self.high - self.low) / 2

    @property
    def better(self) -> bool:
        """Whether the second is better, however little."""
        return (self.difference > 0) == LARGER[self.figure]


def welch(first: Sequence[float], second: Sequence[float]) -> tuple[float, float, float]:
    """The difference of two means, second less first, and the ends of Welch's 95 % interval for it.

    Args:
        first: At least two values.
        second: Likewise.
    """
    (count_a, mean_a, error_a), (count_b, mean_b, error_b) = _mean(first), _mean(second)
    difference, square = mean_b - mean_a, error_a + error_b
    if square <= 0:
        return difference, difference, difference
    freedom = square**2 / (error_a**2 / (count_a - 1) + error_b**2 / (count_b - 1))
    half = student_quantile((1 + LEVEL) / 2, freedom) * math.sqrt(square)
    return difference, difference - half, difference + half


def _mean(values: Sequence[float]) -> tuple[int, float, float]:
    """Number, mean, and squared standard error of the mean."""
    count = len(values)
    mean = math.fsum(values) / count
    return count, mean, math.fsum((value - mean) ** 2 for value in values) / (count - 1) / count


def compare_seeds(first: Sequence[RunSummary], second: Sequence[RunSummary]) -> SeedComparison | None:
    """Compare two recipes by the runs that were made of each; None where one has fewer than two seeds with results."""
    for figure in LARGER:
        a, b = _results(first, figure), _results(second, figure)
        if len(a) >= FEWEST and len(b) >= FEWEST:
            means = math.fsum(a) / len(a), math.fsum(b) / len(b)
            return SeedComparison(figure, (len(a), len(b)), means, *welch(a, b))
    return None


def _results(runs: Sequence[RunSummary], figure: Figure) -> list[float]:
    """What the networks that were kept reached; of runs that came to an end, of each seed the first that is given."""
    ended = {_seed(run): run for run in reversed(runs) if run.state in ("finished", "stopped") and figure in run.best}
    found = [run.best.get(figure) for run in ended.values()]
    return [float(value) for value in found if value is not None and math.isfinite(value)]


def seed_sentence(compared: SeedComparison) -> str:
    """In words: "0.3 % better: within the spread of seeds (± 0.5 %)", "1.9 % better: more than the spread of …"."""
    amount = figure_words(compared.figure, abs(compared.difference))
    if not compared.difference:
        words = tr("the same on average")
    elif compared.better:
        words = tr("{amount} better", amount=amount)
    else:
        words = tr("{amount} worse", amount=amount)
    if not compared.beyond:
        spread = figure_words(compared.figure, compared.spread)
        return tr("{difference}: within the spread of seeds (± {spread})", difference=words, spread=spread)
    first, second = compared.counts
    if first == second:
        return tr_n(
            "{difference}: more than the spread of {count} seed",
            "{difference}: more than the spread of {count} seeds",
            first,
            difference=words,
        )
    return tr(
        "{difference}: more than the spread of {first} and {second} seeds", difference=words, first=first, second=second
    )


def figure_words(figure: Figure, value: float) -> str:
    """An amount of a figure: shares in per cent, with a tenth, or more digits where that would say 0."""
    if figure != "test_accuracy":
        return plain(value, 3)
    percent = 100 * value
    return tr("{number} %", number=f"{percent:.1f}" if percent >= 0.05 or not percent else f"{percent:.1g}")


def method_words() -> str:
    """How it was found out, for a tooltip."""
    return tr(
        "Means of the networks that were kept, accuracy in percentage points; “within” and “more” by Welch's 95 % "
        "interval for the difference of two means. With two or three seeds it is wide: more seeds make it narrower."
    )


@dataclass(frozen=True)
class SettingEffect:
    """What one setting does, as far as several seeds can tell.

    Attributes:
        path: The setting.
        first: A run of the first recipe; ``second`` one of the second, which has another value there.
        compared: The second against the first.
    """

    path: str
    first: RunSummary
    second: RunSummary
    compared: SeedComparison


def setting_effects(runs: Sequence[RunSummary]) -> tuple[SettingEffect, ...]:
    """Every pair of recipes that differ by one setting and have at least two runs each, in the order of the runs."""
    recipes: dict[str, tuple[RunSummary, ...]] = {}
    for group in repetitions(runs):
        recipes.setdefault(recipe_key(group[0].spec), group)
    groups = [group for group in recipes.values() if len(group) >= FEWEST]
    found = []
    for place, first in enumerate(groups):
        for second in groups[place + 1 :]:
            path = single_difference(first[0].spec, second[0].spec)
            compared = compare_seeds(first, second) if path else None
            if compared:
                found.append(SettingEffect(path, first[0], second[0], compared))
    return tuple(found)


def single_difference(a: Mapping[str, Any], b: Mapping[str, Any]) -> str:
    """The one setting in which two specs differ, seed and name aside; empty where there are none or several.

    Another choice counts as one, with all that only one of the two has; settings that both have must be the same.
    """
    paths = [path for path in differing([a, b]) if path not in _BESIDE]
    kinds = [path for path in paths if path.endswith(".kind")]
    if len(kinds) == 1:
        stem = kinds[0].removesuffix("kind")
        others = [path for path in paths if path != kinds[0]]
        lone = all(path.startswith(stem) and (at(a, path) is None or at(b, path) is None) for path in others)
        return kinds[0] if lone else ""
    return paths[0] if len(paths) == 1 else ""


def beside_seeds(a: RunSummary, b: RunSummary, runs: Sequence[RunSummary]) -> SeedComparison | None:
    """Two runs, judged by all repetitions of each among some runs; None where one of them was not repeated."""
    keys = recipe_key(a.spec), recipe_key(b.spec)
    if keys[0] == keys[1]:
        return None
    first, second = (
        [run for run in runs if not _contradict(run.spec, spec) and (_plain(run.spec) == spec or _is(run, key))]
        for spec, key in zip((_plain(a.spec), _plain(b.spec)), keys, strict=True)
    )
    return compare_seeds(first, second)


def _is(run: RunSummary, key: str) -> bool:
    return recipe_key(run.spec) == key


def _plain(spec: Mapping[str, Any]) -> dict[str, Any]:
    """A spec without what repetitions may differ in; single values first, which are quickly compared."""
    kept = {name: value for name, value in spec.items() if name not in _BESIDE}
    dataset = kept.get("dataset")
    if isinstance(dataset, Mapping):
        kept["dataset"] = {name: value for name, value in dataset.items() if f"dataset.{name}" not in _BESIDE}
    return dict(sorted(kept.items(), key=lambda pair: isinstance(pair[1], Mapping)))


def _contradict(spec: Mapping[str, Any], plain: Mapping[str, Any]) -> bool:
    """Whether both say something and not the same: of ten thousand runs few need a closer look."""
    for name, value in plain.items():
        other = spec.get(name, value)
        if isinstance(value, Mapping) and isinstance(other, Mapping):
            if _contradict(other, value):
                return True
        elif other != value and not isinstance(value, Mapping) and not isinstance(other, Mapping):
            return True
    return False


def student_quantile(share: float, freedom: float) -> float:
    """The value that Student's t with so many degrees of freedom stays below with a probability of 0.5 … 1.

    Args:
        share: The probability, below 1.
        freedom: Need not be a whole number.
    """
    low, high = 0.0, 1.0
    while _student(high, freedom) < share:
        low, high = high, 2 * high
    for _ in range(200):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        low, high = (middle, high) if _student(middle, freedom) < share else (low, middle)
    return (low + high) / 2


def _student(t: float, freedom: float) -> float:
    """How probable it is that t is at most this, for t ≥ 0."""
    return 1 - _incomplete_beta(freedom / 2, 0.5, freedom / (freedom + t * t)) / 2


def _incomplete_beta(a: float, b: float, x: float) -> float:
    """The regularised incomplete beta function, by its continued fraction (Abramowitz and Stegun 26.5.8)."""
    if x <= 0 or x >= 1:
        return float(x >= 1)
    scale = math.exp(math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x))
    if x < (a + 1) / (a + b + 2):
        return scale * _fraction(a, b, x) / a
    return 1 - scale * _fraction(b, a, 1 - x) / b


def _fraction(a: float, b: float, x: float) -> float:
    """The continued fraction by Lentz's method."""
    tiny = 1e-300
    c, d = 1.0, 1 / (1 - (a + b) * x / (a + 1) or tiny)
    value = d
    for m in range(1, 1000):
        for term in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d = 1 / (1 + term * d or tiny)
            c = 1 + term / c or tiny
            value *= c * d
        if abs(c * d - 1) < 1e-15:
            break
    return value
