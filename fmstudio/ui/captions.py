"""The words that follow from what is happening: pure functions from state to what the parts of the window show."""

import math
from collections.abc import Sequence
from dataclasses import replace

from fmstudio.catalog.datasets import DATASETS
from fmstudio.experiment.draft import Draft, get
from fmstudio.insight.patience import stale_words
from fmstudio.insight.regression import learns_numbers
from fmstudio.insight.score import counted_words, final_sentence, headline, meaning, references, score
from fmstudio.insight.verdict import mending_label, pair_words, verdict
from fmstudio.runs.run import Run
from fmstudio.schema.problem import Mending, Problem
from fmstudio.session.draft_words import title_of
from fmstudio.session.session import State
from fmstudio.ui.score_card import CardText, asleep
from fmstudio.ui.top_bar import RunState
from fmstudio.ui.train_controls import Controls
from fmstudio.ui.train_controls import State as ControlsState
from fmstudio.words import rough_time, tr, tr_n

MEASURED = 0.3
"""Seconds of training after which its speed can be told."""


def people(run: Run) -> float | None:
    """What people have right on a run's data set, 0…1; None where nobody measured it."""
    dataset = DATASETS.get(str(get(run.spec, "dataset.kind")))
    return dataset.people if dataset else None


def card(run: Run, classes: Sequence[str]) -> CardText:
    """The score card of a run as far as it has come."""
    if run.started is None or not classes:
        message = run.ended.message if run.ended else ""
        waiting = tr("Getting ready") if run.spec and not message else asleep().below
        return replace(asleep(), sentence=message, below=waiting)
    figures = score(run, classes, people(run))
    said = verdict(run, classes)
    pair = said.kind == "pair" and said.pair is not None
    return CardText(
        big=headline(figures),
        below=counted_words(figures),
        references=references(figures),
        heading=tr("Mixed up most") if pair else _heading(said.kind),
        sentence=pair_words(said.pair, classes) if said.pair else _reason(run) or said.sentence,
        button=said.action,
        note=meaning(figures) if run.ended else "",
    )


def _reason(run: Run) -> str:
    """Why a run failed; that it did, and at which step, stands under Train and at the foot."""
    return run.ended.hint if run.ended is not None and run.ended.status == "failed" else ""


def _heading(kind: str) -> str:
    headings = {
        "failed": tr("What went wrong"),
        "one-class": tr("What went wrong"),
        "overfitting": tr("Learned by heart"),
        "early": tr("Why it ended"),
        "kept": tr("An earlier epoch was kept"),
        "rising": tr("Not done yet"),
        "untrained": tr("Not trained"),
    }
    return headings.get(kind, "")


_DOTS: dict[State, RunState] = {
    State.IDLE: "",
    State.PREPARING: "preparing",
    State.RUNNING: "running",
    State.PAUSED: "paused",
    State.STOPPING: "stopping",
}


def chip(run: Run, number: int, state: State) -> tuple[str, RunState]:
    """What names the run that is shown, and its state for the coloured dot."""
    if not run.spec:
        return "", ""
    key: RunState = run.ended.status if run.ended else _DOTS[state]
    words: dict[RunState, str] = {
        "": "",
        "preparing": tr("getting ready"),
        "running": tr("training"),
        "paused": tr("paused"),
        "stopping": tr("stopping"),
        "finished": tr("finished"),
        "stopped": tr("stopped"),
        "failed": tr("failed"),
    }
    which = tr("Run {number}", number=number) if number else tr("Earlier run")
    parts = [which, run.title if run.name else "", words[key]]
    return " · ".join(part for part in parts if part), key


def controls(
    state: State,
    ready: bool,
    run: Run,
    draft: Draft,
    problems: Sequence[Problem],
    seconds: float | None,
    changed: str,
) -> Controls:
    """What the buttons offer.

    Args:
        state: Of the session.
        ready: Whether torch is loaded.
        run: The last run.
        draft: The recipe; ``problems`` are its.
        problems: See ``draft``.
        seconds: How long a run would take; None while that is not known.
        changed: What differs from the last run, in words; empty where nothing does.
    """
    if state in (State.PREPARING, State.RUNNING):
        return Controls("running", note=tr("Changes are for the next run"))
    if state in (State.PAUSED, State.STOPPING):
        return Controls("paused" if state is State.PAUSED else "stopping", note=tr("Changes are for the next run"))
    if problems:
        mending = mending_of(problems)
        return Controls(
            "problem", problem=problem_text(draft, problems[0]), mending_label=mending.label if mending else ""
        )
    if run.ended is None:
        return Controls("ready" if ready else "loading", expected_seconds=seconds)
    note = tr("Changed since the last run: {names}", names=changed) if changed else ""
    further = further_words(run)
    if run.ended.status == "failed" and not changed:
        label = mending_label(run.ended.mending)
        return Controls("failed", expected_seconds=seconds, problem=run.ended.message, mending_label=label)
    shown: ControlsState = run.ended.status if not changed else "ready"
    return Controls(shown, expected_seconds=seconds, note=note, further=further)


def further_words(run: Run) -> str:
    """What the button says that goes on with a run that has ended; empty where there is nothing to go on with."""
    if run.ended is None or run.started is None or run.ended.status == "failed":
        return ""
    if run.ended.status == "stopped":
        return tr("Continue this run")
    return tr_n("{count} more epoch", "{count:,} more epochs", run.started.epochs)


def mending_of(problems: Sequence[Problem]) -> Mending | None:
    """What mends the first problem, where the program knows."""
    return problems[0].mending if problems else None


def problem_text(draft: Draft, problem: Problem) -> str:
    """A problem as one sentence for people: the setting's name first."""
    return tr("{name}: {problem}", name=title_of(draft, problem.path), problem=problem.message)


def progress(run: Run, state: State, speed: float = 0.0) -> tuple[str, float | None, str, str, bool]:
    """What the bar at the foot says: text, share done, text behind the bar, speed, saved.

    Args:
        run: The run.
        state: Of the session.
        speed: Steps a second that the user wants to see at most; 0: as fast as it can.
    """
    if not run.spec:
        return tr("Press Train to begin"), None, "", "", False
    if run.started is None:
        return (run.ended.message if run.ended else tr("Getting ready")), None, "", "", False
    measured = _speed(run) if run.ended is not None or not speed else ""
    saved = run.saved_step >= run.step
    if run.ended is not None:
        return ended_text(run), None, "", measured, saved
    number = f"{max(1, run.current_epoch):,}"
    epoch = tr("Epoch {epoch} of {epochs}", epoch=number, epochs=f"{run.started.epochs:,}")
    percent = tr("{percent} %", percent=f"{100 * run.progress:.0f}")
    if state is State.PAUSED:
        text = tr("Paused at epoch {epoch}, step {step}", epoch=number, step=f"{run.step:,}")
        return text, None, "", measured, saved
    stale = stale_words(run.epochs[-1].stale, run.started.patience) if run.epochs else ""
    left = run.seconds * (1 - run.progress) / run.progress if run.progress else None
    if speed:
        percent += " · " + _slowed(speed)
    elif left is not None:
        percent += " · " + tr("about {duration} left", duration=rough_time(left))
    if stale:
        percent += f" · {stale}"
    return epoch, run.progress, percent, measured, saved


def ended_text(run: Run) -> str:
    """Why a run ended, one sentence."""
    ended = run.ended
    if ended is None or run.started is None:
        return ""
    if ended.status == "failed":
        return ended.message
    if ended.status == "stopped":
        return tr("Stopped by you at epoch {epoch}; the network was kept", epoch=f"{ended.epoch:,}")
    if ended.message:
        return ended.message
    return tr_n(
        "Finished: {count} epoch done in {duration}",
        "Finished: all {count:,} epochs done in {duration}",
        run.started.epochs,
        duration=rough_time(run.seconds),
    )


def result(run: Run, classes: Sequence[str]) -> str:
    """The result of a run in one line."""
    return final_sentence(run, classes, people(run))


def _slowed(speed: float) -> str:
    """How many steps a second the user wants to see."""
    shown = f"{speed:g}"
    return tr_n("slowed to {speed} step a second", "slowed to {speed} steps a second", math.ceil(speed), speed=shown)


def _speed(run: Run) -> str:
    """How fast it is; empty until that can be told."""
    if run.started is None or run.seconds < MEASURED:
        return ""
    pictures = run.step * run.started.train_size / run.steps_per_epoch / run.seconds
    device = run.started.device.upper() if run.started.device == "cpu" else run.started.device
    count = f"{_rounded(pictures):,}"
    rate = tr("{count} points/s", count=count) if learns_numbers(run) else tr("{count} pictures/s", count=count)
    return f"{device} · {rate}"


def _rounded(value: float) -> int:
    """Two digits that matter, so that the number does not flicker."""
    return int(float(f"{value:.2g}"))


def lesson_step(run: Run, state: State, looked: bool) -> int:
    """Which of a lesson's three steps is next: train, watch, look."""
    if run.ended is not None or looked:
        return 3
    return 1 if state is State.IDLE else 2
