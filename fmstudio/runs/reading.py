"""What one look at a run's folder tells: a row that can be kept as JSON, and from it the summary of this moment."""

import json
import os
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from fmstudio.runs import about as abouts
from fmstudio.runs.about import About, about_of, read_about
from fmstudio.runs.legible import IllegibleError, judged, plain_line, spec_values
from fmstudio.runs.lock import is_locked
from fmstudio.runs.skim import Skim
from fmstudio.runs.summary import RunState, RunSummary
from fmstudio.words import tr

ENDS = ("finished", "stopped", "failed")
_TIME = re.compile(r"(\d{4})(\d\d)(\d\d)(?:-(\d\d)(\d\d)(\d\d))?(?!\d)", re.ASCII)


@dataclass(frozen=True)
class Reading:
    """What was read of a run; nothing of it changes while its files stay as they are.

    Attributes:
        spec: Its settings, as far as they can be read.
        about: What is said of it.
        status: How it ended; empty where it has not.
        newer: Whether its settings are not all known here.
        epochs: That were done; ``planned`` were to be done.
        step: Steps taken.
        seconds: Of training.
        best: Figures of the epoch whose network was kept; ``last`` those of the last one.
        message: With what it ended.
        problem: Why it is damaged; such a reading is not kept.
    """

    spec: Mapping[str, Any] = field(default_factory=dict)
    about: About = field(default_factory=About)
    status: str = ""
    newer: bool = False
    epochs: int = 0
    planned: int = 0
    step: int = 0
    seconds: float = 0.0
    best: Mapping[str, float] = field(default_factory=dict)
    last: Mapping[str, float] = field(default_factory=dict)
    message: str = ""
    problem: str = ""


_TYPES = {one.name: type(getattr(Reading(), one.name)) for one in fields(Reading)}


def stamp_of(path: str) -> str:
    """Of which state the files of a run are: another one where one of them changed. Empty where it is no run."""
    parts = []
    for name in ("spec.json", "events.jsonl", abouts.FILE):
        try:
            found = os.stat(f"{path}/{name}")  # noqa: PTH116 — thrice for each of 10,000 runs: a Path takes twice as long
            parts.append(f"{found.st_size} {found.st_mtime_ns}")
        except (OSError, ValueError):
            parts.append("")
    return "|".join(parts) if parts[0] or parts[1] else ""


def read_run(folder: Path, skim: Skim) -> Reading:
    """Look at a run's folder; whatever is damaged there, what can be read is.

    Args:
        folder: Of the run.
        skim: What was read of its course before; goes on from there.
    """
    problems, newer = [], False
    spec: dict[str, Any] = {}
    try:
        spec = spec_values(folder / "spec.json")
        state, said = judged(spec)
        newer = state == "newer"
        problems += [said] if state == "damaged" else []
    except IllegibleError as error:
        problems.append(str(error))
    problems += _read_events(folder, skim)
    run, planned = skim.run, spec.get("epochs")
    return Reading(
        spec=spec,
        about=read_about(folder),
        status=skim.status,
        newer=newer,
        epochs=skim.epochs,
        planned=planned if isinstance(planned, int) else run.started.epochs if run.started else 0,
        step=skim.step,
        seconds=skim.seconds,
        best=skim.figures(run.best_epoch),
        last=skim.figures(run.epochs[-1] if run.epochs else None),
        message=plain_line(run.ended.message, 1000) if run.ended else "",
        problem=" ".join(problems),
    )


def _read_events(folder: Path, skim: Skim) -> list[str]:
    """Read what happened, and say what hinders it; a run that has just begun has nothing to tell."""
    path = folder / "events.jsonl"
    try:
        skim.advance(path)
    except FileNotFoundError:
        gone = (folder / "last.safetensors").exists()
        return [tr("{file} is missing.", file=path.name)] if gone else []
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        return [tr("{file} cannot be read: {reason}.", file=path.name, reason=reason)]
    return (
        [tr("{file} holds nothing that can be read.", file=path.name)] if skim.strange and not skim.run.started else []
    )


def summary_of(reading: Reading, folder: str, before: RunSummary | None = None) -> RunSummary:
    """The summary of this moment: whether it is being written, and can go on, may change without a word in its files.

    Args:
        reading: What was read.
        folder: Of the run; its last part is the run's id.
        before: The summary of a moment ago; given back where it still holds.
    """
    state, problem = _state(reading, folder)
    resumable = state == "interrupted" or (state == "stopped" and _has_state(folder))
    if before is not None and (before.state, before.problem, before.resumable) == (state, problem, resumable):
        return before
    name = os.path.basename(folder)  # noqa: PTH119 — of 10,000 runs: a Path takes ten times as long
    return RunSummary(
        id=name,
        folder=folder,
        spec=reading.spec,
        about=reading.about,
        state=state,
        problem=problem,
        created=created(name),
        epochs=reading.epochs,
        planned=reading.planned,
        step=reading.step,
        seconds=reading.seconds,
        best=reading.best,
        last=reading.last,
        resumable=resumable,
        message=reading.message,
    )


def _state(reading: Reading, folder: str) -> tuple[RunState, str]:
    if reading.problem:
        return "damaged", reading.problem
    if reading.newer:
        return "newer", judged(reading.spec)[1]
    for status in ENDS:
        if reading.status == status:
            return status, ""  # type: ignore[return-value]
    return "running" if is_locked(Path(folder)) else "interrupted", ""


def _has_state(folder: str) -> bool:
    try:
        with os.scandir(f"{folder}/state") as entries:
            return any(one.name.startswith("step-") and one.name.endswith(".safetensors") for one in entries)
    except OSError:
        return False


def created(run_id: str) -> float:
    """When a run was made, by its id, in seconds since 1970; 0 where the id does not begin with a time."""
    found = _TIME.match(run_id)
    if found is None:
        return 0.0
    year, month, day, hour, minute, second = map(int, found.groups(default="0"))
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=UTC).timestamp()
    except (ValueError, OverflowError):
        return 0.0


def to_text(reading: Reading) -> str:
    """For the index: a line of JSON, and one more for each choice of the settings."""
    said = {} if reading.about == About() else asdict(reading.about)
    choices = {name: value for name, value in reading.spec.items() if isinstance(value, Mapping)}
    spec = {name: None if name in choices else value for name, value in reading.spec.items()}
    lines: list[object] = [{**vars(reading), "about": said, "spec": spec}, *choices.items()]
    return "\n".join(json.dumps(line, separators=(",", ":")) for line in lines)


def from_text(text: str) -> Reading | None:
    """Of the index; None where that does not fit."""
    first, *rest = text.split("\n")
    try:
        values = json.loads(first)
        spec = values["spec"]
        for line in rest:
            name, choice = _choice(line)
            spec[name] = choice
        said = values["about"]
        made = Reading(**{**values, "about": about_of(said) if said else About()})
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
    return made if all(isinstance(getattr(made, name), kind) for name, kind in _TYPES.items()) else None


@lru_cache(20_000)
def _choice(line: str) -> tuple[str, Mapping[str, Any]]:
    """A choice of the settings with its name: most runs of a library make many of their choices alike."""
    name, choice = json.loads(line)
    return str(name), dict(choice)
