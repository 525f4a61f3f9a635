"""Which runs "Setting and result" shows: all, or those that were planned together."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from fmstudio.runs.summary import RunSummary
from fmstudio.words import tr_n

ALL = "all"
_MOST_GROUPS = 30


@dataclass(frozen=True)
class Scope:
    """Some runs.

    Attributes:
        key: ``ALL``, or the id of a group.
        title: What they are called, translated.
        runs: They.
        varied: What was varied among them; empty where they were not planned together.
    """

    key: str
    title: str
    runs: tuple[RunSummary, ...]
    varied: tuple[str, ...] = ()


def scopes(runs: Sequence[RunSummary]) -> tuple[Scope, ...]:
    """What can be shown: the groups, the newest first, then all runs."""
    found = [_group(group) for group in _groups(runs)[:_MOST_GROUPS]]
    found.append(Scope(ALL, tr_n("{count} run", "All {count} runs", len(runs)), tuple(runs)))
    return tuple(found)


def usual(offered: Sequence[Scope], chosen: Iterable[RunSummary]) -> Scope:
    """What is shown unless the user says otherwise: the group of the chosen runs, else the newest, else all."""
    groups = {run.about.group for run in chosen}
    wanted = next(iter(groups)) if len(groups) == 1 else ""
    return next((scope for scope in offered if scope.key == wanted), offered[0])


def _groups(runs: Iterable[RunSummary]) -> list[list[RunSummary]]:
    """The runs that were planned together, the group with the newest run first; one run alone is no group."""
    found: dict[str, list[RunSummary]] = {}
    for run in runs:
        if run.about.group:
            found.setdefault(run.about.group, []).append(run)
    groups = [group for group in found.values() if len(group) > 1]
    return sorted(groups, key=lambda group: max((run.created, run.id) for run in group), reverse=True)


def _group(runs: list[RunSummary]) -> Scope:
    about = runs[0].about
    title = about.group_name or tr_n("{count} run", "{count} runs", len(runs))
    return Scope(about.group, title, tuple(runs), about.varied)
