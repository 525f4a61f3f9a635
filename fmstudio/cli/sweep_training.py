"""Training several runs one after the other for the command line. Needs torch."""

import json
import math
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from fmstudio.cli.output import DONE, FAILED, INTERRUPTED, complain, percent, stop_printing, table
from fmstudio.errors import UserError
from fmstudio.experiment.draft import Draft
from fmstudio.experiment.spec import to_mapping
from fmstudio.experiment.sweep import Settings, Sweep, Variant
from fmstudio.insight.settings_results import RESULTS, Best, best_of, deciding, is_share, larger_is_better, result_of
from fmstudio.runs.about import About
from fmstudio.runs.beginning import begin
from fmstudio.runs.event_file import NOT_KEPT
from fmstudio.runs.journal import to_line
from fmstudio.runs.library import Library
from fmstudio.runs.run import Run
from fmstudio.runs.summary import RunSummary
from fmstudio.schema.problem import InvalidSpecError
from fmstudio.session.sweep_words import group_name, settings_words
from fmstudio.training.control import Control
from fmstudio.training.events import Event, RunEnded
from fmstudio.words import tr

REFRESH_SECONDS = 0.2
"""How long the bar stands still at least."""


class Screen(Protocol):
    """Where it is shown how the runs go."""

    def show(self, event: Event, run: Run) -> None: ...  # noqa: D102
    def say(self, line: str) -> None: ...  # noqa: D102
    def turn_to(self, number: int, words: str) -> None: ...  # noqa: D102


@dataclass
class Done:
    """What came of one run.

    Attributes:
        settings: What made it differ.
        words: The same in words.
        summary: The run; None where it could not begin.
        status: "finished", "stopped" or "failed".
    """

    settings: Settings
    words: str
    summary: RunSummary | None = None
    status: str = "failed"


@dataclass
class _Sweeper:
    """Trains several runs, one after the other."""

    draft: Draft
    planned: Sweep
    control: Control
    library: Path | None
    screen: Screen
    done: list[Done] = field(default_factory=list)

    def train(self) -> None:
        """Train until the last one, or until the user has enough."""
        group, name = uuid.uuid4().hex, group_name(self.draft, self.planned)
        for number, variant in enumerate(self.planned.valid, 1):
            if self.control.stopped:
                return
            words = settings_words(self.draft, variant.settings)
            self.screen.turn_to(number, words)
            about = About(name=words, group=group, group_name=name, varied=self.planned.varied)
            self.done.append(self._train(variant, about, words))
            self.screen.say(_line(number, len(self.planned.valid), self.done[-1]))

    def _train(self, variant: Variant, about: About, words: str) -> Done:
        """Train one; what goes wrong with it is said, and the next one has its turn."""
        assert variant.spec is not None
        run, trouble = Run(spec=to_mapping(variant.spec)), ""
        try:
            self._follow(begin(variant.spec, self.control, self.library, about).events(), run)
        except (UserError, InvalidSpecError) as error:
            trouble = str(error)
        if run.ended is not None and run.ended.status == "failed":
            trouble = f"{run.ended.message} {run.ended.hint}".strip()
        if run.trouble is not None:
            trouble = f"{run.trouble.message} {run.trouble.hint}".strip()
        if trouble:
            complain(f"{words}: {trouble}")
        status = "failed" if trouble or run.ended is None else run.ended.status
        return Done(variant.settings, words, self._summary(run.id), status)

    def _follow(self, events: Iterator[Event], run: Run) -> None:
        told = False
        for event in events:
            run.apply(event)
            try:
                self.screen.show(event, run)
            except OSError:
                self.control.stop()
                stop_printing()
            if self.control.stopped and not told and not isinstance(event, RunEnded):
                told = True
                complain(tr("Stopping; what was learned is kept. Ctrl-C once more ends it at once."))

    def _summary(self, run_id: str) -> RunSummary | None:
        try:
            return Library(self.library).summary(run_id) if run_id else None
        except UserError:
            return None


def train_all(draft: Draft, planned: Sweep, control: Control, library: Path | None, *, as_json: bool) -> int:
    """Train several runs and say which is best.

    Args:
        draft: What they have in common.
        planned: The runs.
        control: Stops them when the user wishes so.
        library: The folder that holds the runs; None for the user's.
        as_json: Print one event a line and nothing else, instead of sentences.

    Returns:
        The exit status: done, all failed, or stopped.
    """
    with _screen(len(planned.valid), as_json=as_json) as screen:
        sweeper = _Sweeper(draft, planned, control, library, screen)
        sweeper.train()
    done = sweeper.done
    finished = [one.summary for one in done if one.summary is not None and one.status == "finished"]
    best = best_of(finished, planned.varied)
    if as_json:
        print(json.dumps(_ended(done, best), ensure_ascii=False, allow_nan=False), flush=True)
    else:
        print(result_text(done, best))
    if control.stopped:
        return INTERRUPTED
    return DONE if finished else FAILED


def _ended(done: Sequence[Done], best: Best | None) -> dict[str, Any]:
    """The last line for another program."""
    return {
        "event": "SweepEnded",
        "runs": [
            {
                "run": one.summary.id if one.summary else None,
                "settings": dict(one.settings),
                "status": one.status,
                "best": dict(one.summary.best) if one.summary else {},
            }
            for one in done
        ],
        "best": best.run.id if best else None,
        "chosen_by": best.key if best else None,
    }


def result_text(done: Sequence[Done], best: Best | None) -> str:
    """The runs as a table, the best first, and a sentence about it."""
    runs = [one.summary for one in done if one.summary is not None]
    key = best.key if best else deciding(runs)
    test = key.replace("validation_", "test_") if key.startswith("validation_") else ""
    heads = [tr(RESULTS[one]) for one in (key, test) if one]
    rows = [["", tr("Settings"), *heads, tr("Run")]]
    for one in sorted(done, key=lambda one: _place(one, key)):
        figures = [_figure(one, name) for name in (key, test) if name]
        star = "*" if best and one.summary and one.summary.id == best.run.id else ""
        rows.append([star, one.words, *figures, one.summary.id if one.summary else tr("failed")])
    text = table(rows, right=range(2, 2 + len(heads)))
    if best is None:
        return f"{text}\n{tr('None of these runs has a result yet.')}"
    words = next(one.words for one in done if one.summary and one.summary.id == best.run.id)
    said = tr("Best: {settings}.", settings=words)
    if best.optimistic:
        said = tr("Best by test, so optimistic: {settings}.", settings=words)
    return f"{text}\n{said}"


def _place(one: Done, key: str) -> float:
    value = result_of(one.summary, key) if one.summary and key else math.nan
    if math.isnan(value) or one.status != "finished":
        return math.inf
    return -value if larger_is_better(key) else value


def _figure(one: Done, key: str) -> str:
    value = result_of(one.summary, key) if one.summary else math.nan
    if math.isnan(value):
        return tr("failed") if one.status == "failed" else "–"
    return percent(value) if is_share(key) else f"{value:.4g}"


def _line(number: int, count: int, one: Done) -> str:
    """What came of a run, one line."""
    key = deciding([one.summary]) if one.summary is not None else ""
    result = f"{tr(RESULTS[key])} {_figure(one, key)}" if key and one.status != "failed" else _status_words(one.status)
    seconds = tr("{seconds} s", seconds=f"{one.summary.seconds:.1f}") if one.summary else ""
    place = tr("Run {number} of {count}", number=number, count=count)
    return " · ".join(part for part in (place, one.words, result, seconds) if part)


def _status_words(status: str) -> str:
    return tr("stopped") if status == "stopped" else tr("failed")


# ── Where it is shown


class _JsonScreen:
    """One event a line, as ``train --json`` prints them."""

    def show(self, event: Event, run: Run) -> None:
        """Print one; what is for eyes only is left out."""
        if not isinstance(event, NOT_KEPT):
            print(to_line(event), flush=True)

    def say(self, line: str) -> None:
        """Nothing."""

    def turn_to(self, number: int, words: str) -> None:
        """Nothing."""


class _PlainScreen(_JsonScreen):
    """A line for each run that has ended."""

    def show(self, event: Event, run: Run) -> None:
        """Nothing."""

    def say(self, line: str) -> None:
        """Print it."""
        print(line, flush=True)


class _BarScreen(_JsonScreen):
    """A bar over all runs; no thread of its own disturbs the training."""

    def __init__(self, progress: Progress, count: int) -> None:
        self._progress, self._count = progress, count
        self._task = progress.add_task(tr("Getting ready"), total=count)
        self._number, self._words, self._shown_at = 1, "", 0.0

    def turn_to(self, number: int, words: str) -> None:
        """Another run has its turn."""
        self._number, self._words = number, words

    def show(self, event: Event, run: Run) -> None:
        """Move the bar."""
        now = time.monotonic()
        if now - self._shown_at < REFRESH_SECONDS:
            return
        self._shown_at = now
        place = tr("Run {number} of {count}", number=self._number, count=self._count)
        done = self._number - 1 + run.progress
        self._progress.update(self._task, description=f"{place} · {self._words}", completed=done)
        self._progress.refresh()

    def say(self, line: str) -> None:
        """Print it above the bar."""
        self._progress.console.print(line, soft_wrap=True)


@contextmanager
def _screen(count: int, *, as_json: bool) -> Iterator[Screen]:
    console = Console(highlight=False, markup=False, emoji=False)
    if as_json or not console.is_terminal:
        yield _JsonScreen() if as_json else _PlainScreen()
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, auto_refresh=False) as progress:
        yield _BarScreen(progress, count)
