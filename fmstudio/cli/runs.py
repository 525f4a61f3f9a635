"""The runs of a library as JSON values and as text. No torch."""

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from fmstudio.cli.number_words import epochs_text, result_words
from fmstudio.cli.output import percent, table
from fmstudio.experiment.draft import get
from fmstudio.experiment.flat import flat
from fmstudio.experiment.spec import TABLES, ExperimentSpec, to_mapping
from fmstudio.runs.about import About
from fmstudio.runs.journal import to_line
from fmstudio.runs.legible import environment_of, plain_line
from fmstudio.runs.library import Library
from fmstudio.runs.store import RunFolder, load_run
from fmstudio.runs.summary import RunSummary
from fmstudio.training.events import Floats
from fmstudio.words import exact_time, marked, tr

STATES: Mapping[str, str] = {
    "finished": marked("finished"),
    "stopped": marked("stopped"),
    "failed": marked("failed"),
    "interrupted": marked("interrupted"),
    "running": marked("running"),
    "damaged": marked("damaged"),
    "newer": marked("from a newer version"),
}
"""How it stands with a run, in words."""
_ALWAYS = ("optimizer.lr", "epochs", "batch_size", "seed")
"""Settings that are said also where they are as usual."""
_LETTERS = 40
"""No cell is wider."""


def run_values(row: RunSummary) -> dict[str, Any]:
    """One run in short."""
    best = row.best
    return {
        "run": row.id,
        "name": row.name,
        "status": row.state,
        "message": row.message,
        "problem": row.problem,
        "epochs_done": row.epochs,
        "epochs_planned": row.planned,
        "steps": row.step,
        "test_accuracy": best.get("test_accuracy"),
        "train_accuracy": best.get("train_accuracy"),
        "test_r2": best.get("test_r2"),
        "test_mae": best.get("test_mae"),
        "best": dict(best),
        "last": dict(row.last),
        "seconds": row.seconds,
        "started": datetime.fromtimestamp(row.created, UTC).isoformat() if row.created else None,
        **{key: _text(get(row.spec, f"{key}.kind")) for key in ("dataset", "architecture", "optimizer")},
        "lr": _finite(get(row.spec, "optimizer.lr")),
        "device": environment_of(RunFolder(Path(row.folder)).environment).get("device"),
        "resumable": row.resumable,
        "about": asdict(row.about),
        "folder": row.folder,
    }


def runs_text(rows: Sequence[RunSummary]) -> str:
    """The runs, one a line."""
    titles = (
        *(tr("Run"), tr("Name"), tr("State"), tr("Data"), tr("Network"), tr("Optimizer"), tr("Learning rate")),
        *(tr("Epochs"), tr("Test result"), tr("Time"), tr("Started"), tr("Tags")),
    )
    lines = [titles, *map(_cells, rows)]
    return table(lines, right=(6, 7, 8, 9)) if rows else tr("There is no run yet.")


def _cells(row: RunSummary) -> tuple[str, ...]:
    kinds = [_title(row.spec, key) for key in ("dataset", "architecture", "optimizer")]
    rate = _finite(get(row.spec, "optimizer.lr"))
    done = f"{row.epochs}" if row.epochs == row.planned else tr("{done} of {all}", done=row.epochs, all=row.planned)
    cells = (
        *(plain_line(row.id), run_name(row.name), tr(STATES[row.state]), *kinds, "–" if rate is None else f"{rate:g}"),
        *(done, result_text(row.best), exact_time(row.seconds), started_text(row.created), _tags(row.about)),
    )
    return (cells[0], *(cell if len(cell) <= _LETTERS else f"{cell[: _LETTERS - 1]}…" for cell in cells[1:]))


def result_text(figures: Mapping[str, float]) -> str:
    """How good it is: a share of right answers, or R²."""
    r2 = figures.get("test_r2")
    return percent(figures.get("test_accuracy")) if r2 is None else result_words(r2)


def started_text(created: float) -> str:
    """When a run was made, by the clock of this place."""
    try:
        return f"{datetime.fromtimestamp(created):%Y-%m-%d %H:%M}" if created else "–"
    except (ValueError, OverflowError, OSError):
        return "–"


def run_name(name: str) -> str:
    """The name of a run on one line, translated where it is a lesson's."""
    plain = plain_line(name)
    return tr(plain) if plain else ""


def _title(spec: Mapping[str, Any], key: str) -> str:
    kind = get(spec, f"{key}.kind")
    choice = TABLES[key].get(kind) if isinstance(kind, str) else None
    return tr(choice.title) if choice else plain_line(kind) if isinstance(kind, str) else "–"


def _tags(about: About) -> str:
    return " ".join(["★"] * about.star + [f"#{plain_line(tag)}" for tag in about.tags])


def whole_run_values(folder: RunFolder) -> dict[str, Any]:
    """One run whole: what was to be done, what happened, and on what.

    Raises:
        UserError: Where its spec cannot be read.
    """
    run = load_run(folder, predictions=False)
    path = folder.path.absolute()
    return {
        **run_values(Library(path.parent).summary(path.name)),
        "device": run.started.device if run.started else None,
        "spec": run.spec,
        "started": _event(run.started),
        "epochs": [_event(one) for one in run.epochs],
        "losses": _numbers(run.losses.values),
        "rates": _numbers(run.rates.values),
        "ended": _event(run.ended),
        "environment": environment_of(folder.environment) or None,
    }


def whole_run_text(values: Mapping[str, Any]) -> str:
    """One run for a reader: its epochs, and how it ended."""
    about = values["about"]
    heading = f"{plain_line(values['run'])} · {run_name(values['name'])} · {tr(STATES[values['status']])}"
    said = _tags(About(tags=tuple(about["tags"]), star=about["star"]))
    note = "\n".join(plain_line(line, 1000) for line in about["note"].splitlines())
    facts = [values["message"], values.get("problem", ""), said, note, plain_line(values["folder"], 4096)]
    lines = [heading, *filter(None, facts), "", *_settings_lines(values["spec"]), *_made_with(values)]
    if any(epoch["test_mae"] is not None for epoch in values["epochs"]):
        return "\n".join([*lines, "", epochs_text(values)])
    rows = [(tr("Epoch"), tr("Loss"), tr("Training pictures right"), tr("Test loss"), tr("Test pictures right"))]
    for epoch in values["epochs"]:
        loss, test_loss = _short(epoch["train_loss"]), _short(epoch["test_loss"])
        rows.append(
            (str(epoch["epoch"]), loss, percent(epoch["train_accuracy"]), test_loss, percent(epoch["test_accuracy"]))
        )
    return "\n".join([*lines, "", table(rows, right=range(5))])


def _settings_lines(spec: Mapping[str, Any]) -> Iterator[str]:
    """The settings as ``--set`` takes them: the choices, and what is not as usual; a line for each part."""
    usual = flat(to_mapping(ExperimentSpec()))
    parts: dict[str, list[str]] = {}
    for path, value in flat(spec).items():
        part, _, name = path.rpartition(".")
        if path in ("name", "version"):
            continue
        if value != usual.get(path) or name == "kind" or path in _ALWAYS:
            parts.setdefault(part.split(".")[0], []).append(f"{path}={json.dumps(value, ensure_ascii=False)}")
    return (plain_line("  ".join(settings), 2000) for settings in parts.values())


def _made_with(values: Mapping[str, Any]) -> Iterator[str]:
    """What computed it, and how long that took."""
    seconds = values.get("seconds")
    if values["device"] and isinstance(seconds, int | float):
        device = plain_line(str(values["device"]))
        yield tr("Computed on {device} in {seconds} s.", device=device, seconds=f"{seconds:.1f}")


def sendable(value: Any) -> Any:
    """JSON values without what JSON or UTF-8 cannot hold: halves of characters, and numbers that are not finite."""
    if isinstance(value, str):
        return value if value.isprintable() else value.encode("utf-8", "replace").decode()
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {sendable(name): sendable(one) for name, one in value.items()}
    return [sendable(one) for one in value] if isinstance(value, list | tuple) else value


def _short(number: float | None) -> str:
    return "–" if number is None else f"{number:.4f}"


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _finite(value: Any) -> float | None:
    return value if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value) else None


def _numbers(values: Floats) -> list[float | None]:
    """As short as they can be written and still be the same float32 numbers."""
    return [float(str(value)) if math.isfinite(value) else None for value in values]


def _event(event: Any) -> dict[str, Any] | None:
    values: dict[str, Any] | None = json.loads(to_line(event)) if event is not None else None
    return values
