"""What is said of the queue and of its entries."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from fmstudio.experiment.draft import Draft
from fmstudio.experiment.flat import at, differing
from fmstudio.experiment.spec import to_mapping
from fmstudio.session.draft_words import shown, title_of
from fmstudio.session.queue.entry import EntryState, QueueEntry
from fmstudio.session.queue.queue import Queue
from fmstudio.session.queue.times import Progress
from fmstudio.session.run_rows.cells import one_line
from fmstudio.words import exact_time, marked, rough_time, tr, tr_n

STATES: Mapping[EntryState, tuple[str, str]] = {
    "waiting": ("○", marked("waiting")),
    "running": ("●", marked("running")),
    "finished": ("✓", marked("finished")),
    "stopped": ("■", marked("stopped")),
    "failed": ("✗", marked("failed")),
    "interrupted": ("‖", marked("interrupted")),
}
"""The sign and the word for each state, untranslated."""
_ALWAYS = ("dataset.kind", "architecture.kind", "optimizer.kind")
"""What is said of runs that differ in nothing, or of a single one."""


def state_text(state: EntryState) -> str:
    """The state as a sign and a word: "○ waiting"."""
    sign, word = STATES[state]
    return f"{sign} {tr(word)}"


def name_text(entry: QueueEntry) -> str:
    """What an entry is called; those that were planned together as their spec, for their own names say what differs."""
    about, spec = entry.planned.about, tr(entry.planned.spec.name)
    named = spec if about.varied else about.name or spec
    return one_line(named or about.name or about.group_name or tr("Run"))


def differing_paths(entries: Sequence[QueueEntry], drafts: Sequence[Draft]) -> tuple[str, ...]:
    """The settings that tell entries apart: those in which they differ, and those that were varied."""
    found = [*differing(drafts, shared=True)] if len(drafts) > 1 else []
    varied = (path for entry in entries for path in entry.planned.about.varied)
    return tuple(dict.fromkeys([*found, *varied]))


def settings_text(draft: Draft, paths: Iterable[str]) -> str:
    """Some settings: "Learning rate 0.01 · Batch size 64"; without any the choices that matter most."""
    found = [f"{title_of(draft, path)} {value}" for path in paths if (value := _value(draft, path))]
    return one_line(" · ".join(found or [shown(draft, path) for path in _ALWAYS]))


def time_words(entry: QueueEntry, progress: Progress, expected: float | None) -> str:
    """How long an entry took, will take, or how far it is: "43 % · about 5 s left"."""
    if entry.state == "running":
        percent = tr("{percent} %", percent=f"{100 * progress.share:.0f}")
        if progress.left is None:
            return percent if progress.share else tr("getting ready")
        return f"{percent} · " + tr("about {duration} left", duration=rough_time(progress.left))
    if entry.pending:
        return tr("about {duration}", duration=rough_time(expected)) if expected is not None else ""
    return exact_time(entry.seconds) if entry.seconds else ""


def queue_words(queue: Queue) -> str:
    """The queue in a line: "2 of 5 in the queue · about 3 min left"; empty where nothing is to be done."""
    entries = queue.entries
    running = sum(entry.state == "running" for entry in entries)
    if not running:
        return waiting_words(queue.pending) if queue.pending else ""
    first, count = sum(entry.done for entry in entries) + 1, len(entries)
    number = f"{first}" if running == 1 else f"{first}–{first + running - 1}"
    words = tr("{number} of {count} in the queue", number=number, count=count)
    left = queue.seconds_left()
    return words if left is None else f"{words} · " + tr("about {duration} left", duration=rough_time(left))


def waiting_words(count: int) -> str:
    """How many wait."""
    return tr_n("{count} run waits in the queue", "{count} runs wait in the queue", count)


def draft_of(entry: QueueEntry) -> dict[str, Any]:
    """The settings of an entry as JSON values."""
    return to_mapping(entry.planned.spec)


def _value(draft: Draft, path: str) -> str:
    return shown(draft, path) or (tr("automatic") if at(draft, path) is not None else "")
