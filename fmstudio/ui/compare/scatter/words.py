"""What "Setting and result" says: names of settings and values, figures, and the sentence about the best run."""

import math
from collections.abc import Sequence
from typing import Any

from fmstudio.experiment.flat import at
from fmstudio.experiment.spec import TABLES
from fmstudio.insight.settings_results import (
    RESULTS,
    SECONDS,
    SEED,
    Best,
    is_share,
    result_of,
)
from fmstudio.runs.summary import RunSummary
from fmstudio.session.draft_words import title_of, value_text
from fmstudio.words import rough_time, tr, tr_n

_NEAR = 3
"""So many settings that are as good are named."""


def title_words(runs: Sequence[RunSummary], path: str) -> str:
    """What a setting is called, by the first run that has it."""
    run = next((run for run in runs if at(run.spec, path) is not None), None)
    return title_of(run.spec if run else {}, path)


def value_words(path: str, value: Any) -> str:
    """A value of a setting as a person reads it."""
    key, _, name = path.rpartition(".")
    if key in TABLES and name == "kind" and str(value) in TABLES[key]:
        return tr(TABLES[key][str(value)].title)
    return tr("automatic") if value is None else value_text(_plain(value))


def result_words(key: str) -> str:
    """What a result is called."""
    return tr(RESULTS[key])


def figure_words(key: str, value: float, spread: float = math.nan) -> str:
    """A result as a person reads it: "87.9 %", "87.9 ± 0.3 %", "0.345"."""
    if not math.isfinite(value):
        return "–"
    if key == SECONDS:
        return rough_time(value)
    if is_share(key):
        number = f"{100 * value:.1f}" + (f" ± {100 * spread:.1f}" if math.isfinite(spread) else "")
        return tr("{number} %", number=number)
    return f"{value:.3g}" + (f" ± {spread:.1g}" if math.isfinite(spread) else "")


def run_words(run: RunSummary) -> str:
    """What a run is called."""
    return run.about.name or (tr(run.name) if run.name else run.id)


def settings_of_run(run: RunSummary, paths: Sequence[str]) -> str:
    """What makes a run differ: "learning rate 0.01, batch size 64"."""
    return ", ".join(_setting(run, path) for path in paths)


def best_words(best: Best | None, runs: Sequence[RunSummary], varied: Sequence[str]) -> str:
    """The sentence about the best of some runs; of repetitions, how far they lie apart."""
    if best is None:
        return tr("None of these runs has a result yet.")
    paths = [path for path in varied if path != SEED]
    if not paths and SEED in varied:
        return _seeds_words(best, runs)
    what = settings_of_run(best.run, paths) or run_words(best.run)
    figure = figure_words(best.key, best.mean, best.spread)
    if not is_share(best.key):
        figure = tr("{name} {figure}", name=_lower(result_words(best.key)), figure=figure)
    elif not best.optimistic:
        figure = tr("{figure} on validation", figure=figure)
    said = tr("Best: {settings} ({figure}).", settings=what, figure=figure)
    if best.optimistic:
        said = tr("Best by test, so optimistic: {settings} ({figure}).", settings=what, figure=figure)
    if best.near:
        names = ", ".join(settings_of_run(run, paths) for run in best.near[:_NEAR])
        said += " " + tr("Within the spread of seeds: {settings}.", settings=names)
    return said


def _seeds_words(best: Best, runs: Sequence[RunSummary]) -> str:
    """How far runs that differ only in the seed lie apart."""
    values = [result_of(run, best.key) for run in runs]
    known = [value for value in values if math.isfinite(value)]
    mean = sum(known) / len(known)
    spread = math.sqrt(sum((value - mean) ** 2 for value in known) / (len(known) - 1)) if len(known) > 1 else math.nan
    return tr_n(
        "{name}: {figure} with {count} seed.",
        "{name}: {figure} over {count} seeds, from {low} to {high}.",
        len(known),
        name=result_words(best.key),
        figure=figure_words(best.key, mean, spread),
        low=figure_words(best.key, min(known)),
        high=figure_words(best.key, max(known)),
    )


def _setting(run: RunSummary, path: str) -> str:
    return f"{_lower(title_of(run.spec, path))} {value_words(path, at(run.spec, path))}"


def _lower(title: str) -> str:
    """Within a sentence; what is spelled in capitals stays."""
    return title if title[1:2].isupper() else title[:1].lower() + title[1:]


def _plain(value: Any) -> Any:
    """Whole numbers without a point."""
    return int(value) if isinstance(value, float) and value.is_integer() and abs(value) < 1e9 else value
