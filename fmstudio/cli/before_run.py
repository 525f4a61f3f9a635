"""What is measured before a run, for the command line: rates that suit it, and how long it takes. Needs torch."""

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

from fmstudio.cli.output import DONE, INTERRUPTED, complain, mending_words, print_json, table
from fmstudio.experiment.spec import ExperimentSpec
from fmstudio.insight.outlook_words import largest, memory, offers, sentences, span
from fmstudio.insight.rate_range import Suggestion, plain, remarks, sentence, suggestions
from fmstudio.runs.beginning import starting_file
from fmstudio.training.checkpoints import load_weights
from fmstudio.training.control import Control
from fmstudio.training.outlook import Preflight
from fmstudio.training.preflight import preflight
from fmstudio.training.rate_finder import find_rates
from fmstudio.training.rate_points import STEPS, RateRange
from fmstudio.words import tr

Advance = Callable[[float, str], None]
"""Shows how far it has come, 0…1, and what is done."""


def print_rates(spec: ExperimentSpec, control: Control, library: Path | None, *, as_json: bool) -> int:
    """Look for a learning rate and print what was found.

    Args:
        spec: Of the run to come.
        control: Stops the search when the user wishes so.
        library: The folder that holds the runs; None for the user's.
        as_json: Print JSON instead of a table.

    Returns:
        The exit status.
    """
    start = load_weights(starting_file(spec.start_from, library)) if spec.start_from else None
    with _bar(as_json) as advance:
        found = find_rates(
            spec,
            lambda: control.stopped,
            lambda point: advance(point.step / STEPS, tr("learning rate {rate}", rate=f"{point.rate:.1e}")),
            start,
        )
    made = suggestions(found, spec) if found.end != "stopped" else ()
    if as_json:
        print_json(rates_values(found, made, spec))
    else:
        print(rates_text(found, made, spec))
    return _status(control)


def rates_values(found: RateRange, made: tuple[Suggestion, ...], spec: ExperimentSpec) -> dict[str, Any]:
    """The test as JSON values; a loss that is not finite is null."""
    points = [{key: _finite(value) for key, value in asdict(point).items()} for point in found.points]
    rules = [{"rule": one.key, "rate": one.rate, "ours": one.ours} for one in made]
    return {
        "end": found.end,
        "low": found.low,
        "high": found.high,
        "points": points,
        "suggestions": rules,
        "sentence": sentence(found, made),
        "remarks": list(remarks(spec)),
    }


def rates_text(found: RateRange, made: tuple[Suggestion, ...], spec: ExperimentSpec) -> str:
    """The test as a table, and below it what to take."""
    rows = [[tr("learning rate"), tr("loss"), tr("smoothed")]]
    rows += [[f"{one.rate:.2e}", f"{one.loss:.4f}", f"{one.smoothed:.4f}"] for one in found.points]
    lines = [table(rows, right=(0, 1, 2)), "", sentence(found, made)]
    if made:
        lines += [table([[plain(one.rate), one.title, one.reason] for one in made], right=(0,))]
        ours = next(one for one in made if one.ours)
        lines += [mending_words((("optimizer.lr", ours.rate),))]
    return "\n".join([*lines, *remarks(spec)])


def print_outlook(spec: ExperimentSpec, control: Control, library: Path | None, *, as_json: bool) -> int:
    """Measure what a run would be like and print it; see ``print_rates``."""
    with _bar(as_json) as advance:
        found = preflight(
            spec,
            lambda: control.stopped,
            lambda step: advance(
                step.share, tr("{device}: batches of {batch}", device=step.device, batch=f"{step.batch:,}")
            ),
            library,
        )
    if as_json:
        print_json(outlook_values(found))
    else:
        print(outlook_text(found))
    return _status(control)


def outlook_values(found: Preflight) -> dict[str, Any]:
    """The outlook as JSON values."""
    offered = [{"changes": dict(one.changes), "label": one.label} for one in offers(found)]
    return {**asdict(found), "sentences": list(sentences(found)), "offers": offered}


def outlook_text(found: Preflight) -> str:
    """The outlook as a table, and below it what it means."""
    rows = [[tr("device"), tr("an epoch"), tr("whole run"), tr("memory"), tr("largest batch")]]
    for one in found.devices:
        if one.trouble:
            rows.append([one.title, "–", "–", "–", "–"])
        else:
            figures = [span(one.epoch_seconds), span(one.run_seconds), memory(one), largest(one, found.samples)]
            rows.append([one.title, *figures])
    lines = [table(rows, right=(1, 2, 3, 4)), "", *sentences(found)]
    own = found.own
    if own is not None and own.speeds:
        speeds = [[f"{one.batch:,}", f"{one.per_second:,.0f}"] for one in own.speeds]
        lines += ["", table([[tr("batch size"), tr("samples a second")], *speeds], right=(0, 1))]
    return "\n".join([*lines, *(mending_words(one.changes) for one in offers(found))])


def _status(control: Control) -> int:
    if control.stopped:
        complain(tr("Interrupted."))
    return INTERRUPTED if control.stopped else DONE


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


@contextmanager
def _bar(silent: bool) -> Iterator[Advance]:
    """A bar on stderr, where a person looks at it."""
    console = Console(stderr=True, highlight=False, markup=False, emoji=False)
    if silent or not console.is_terminal:
        yield lambda share, doing: None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn())
    with Progress(*columns, console=console, transient=True, auto_refresh=False) as progress:
        task = progress.add_task(tr("Getting ready"), total=1.0)

        def advance(share: float, doing: str) -> None:
            progress.update(task, completed=share, description=doing)
            progress.refresh()

        yield advance
