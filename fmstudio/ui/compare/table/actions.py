"""What can be done with the chosen runs, and why not where it cannot: pure functions of their rows."""

from collections.abc import Callable, Mapping, Sequence
from typing import Literal

from fmstudio.runs.summary import RunSummary
from fmstudio.words import marked, tr

Action = Literal[
    "results", "resume", "more", "settings", "rename", "note", "tags", "star", "compare", "export", "folder", "copy",
    "trash", "restore",
]  # fmt: skip

TITLES: Mapping[Action, str] = {
    "results": marked("Show results"),
    "resume": marked("Continue"),
    "more": marked("Train more epochs …"),
    "settings": marked("Use these settings"),
    "rename": marked("Rename"),
    "note": marked("Note …"),
    "tags": marked("Tags …"),
    "star": marked("Mark with a star"),
    "compare": marked("Compare these two"),
    "export": marked("Export …"),
    "folder": marked("Open the folder"),
    "copy": marked("Copy the id"),
    "trash": marked("Move to the trash"),
    "restore": marked("Put back"),
}
"""What each is called, untranslated."""
KEYS: Mapping[Action, str] = {"results": "Return", "rename": "F2", "star": "S", "copy": "Ctrl+C", "trash": "Del"}
"""The keys in the table, shown beside the words."""


def why_not(action: Action, rows: Sequence[RunSummary]) -> str:
    """Why something cannot be done with the chosen runs, a sentence; empty where it can."""
    if not rows:
        return tr("Choose a run first.")
    if action == "compare":
        return "" if len(rows) == 2 else tr("Choose two runs: click one, then click another while Ctrl is held.")
    if len(rows) > 1 and action not in ("star", "tags", "copy", "trash", "restore"):
        return tr("Choose a single run.")
    reason = _REASONS.get(action)
    return next((said for row in rows if (said := reason(row))), "") if reason else ""


def _results(row: RunSummary) -> str:
    return row.problem or tr("Its files cannot be read.") if row.state == "damaged" else ""


def _resume(row: RunSummary) -> str:
    if row.resumable:
        return ""
    reasons = {
        "finished": tr("It came to its end. “Train more epochs” goes on from there."),
        "running": tr("It is going on."),
        "failed": tr("It failed. “Use these settings” begins anew."),
    }
    return reasons.get(row.state) or row.problem or tr("What it needs to go on was not saved.")


def _more(row: RunSummary) -> str:
    if row.state == "running":
        return tr("It is going on.")
    if row.state in ("damaged", "newer"):
        return _settings(row) or row.problem
    if row.state != "finished" and row.resumable:
        return tr("It has not come to its end: “Continue” goes on with it.")
    return "" if row.best or row.epochs else tr("No network of it was kept.")


def _settings(row: RunSummary) -> str:
    if row.state == "newer" or not row.spec:
        return row.problem or tr("Its settings cannot be read.")
    return ""


def _export(row: RunSummary) -> str:
    if row.state in ("damaged", "newer"):
        return row.problem or tr("Its files cannot be read.")
    return "" if row.best or row.epochs else tr("No network of it was kept.")


def _trash(row: RunSummary) -> str:
    return tr("It is going on: stop it first.") if row.state == "running" else ""


_REASONS: Mapping[Action, Callable[[RunSummary], str]] = {
    "results": _results,
    "resume": _resume,
    "more": _more,
    "settings": _settings,
    "export": _export,
    "trash": _trash,
}
