"""What the command line lists: the catalogue, the lessons, the runs; each as JSON values and as text. No torch."""

import json
import math
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from fmstudio.cli.number_words import epochs_text, result_words
from fmstudio.cli.output import complain, percent, table
from fmstudio.errors import UserError
from fmstudio.experiment.lessons import Condition, Lesson
from fmstudio.experiment.spec import TABLES, ExperimentSpec, to_mapping
from fmstudio.runs.journal import to_line
from fmstudio.runs.run import Run
from fmstudio.runs.store import RunFolder, load_run
from fmstudio.schema.choice import Choice
from fmstudio.schema.setting import Setting, settings_of
from fmstudio.training.events import Floats
from fmstudio.words import marked, tr

STATUSES: Mapping[str, str] = {
    "finished": marked("finished"),
    "stopped": marked("stopped"),
    "failed": marked("failed"),
    "unfinished": marked("not finished"),
    "damaged": marked("damaged"),
}
"""How a run ended, in words; one that is still going on has not finished."""


def catalog_values() -> dict[str, Any]:
    """The whole catalogue: for each table its choices with their settings, and the settings of the spec itself."""
    values: dict[str, Any] = {}
    for key, choices in TABLES.items():
        values[key] = [_choice_values(key, kind, choice) for kind, choice in choices.items()]
    values["experiment"] = [_setting_values(one.name, one) for one in settings_of(ExperimentSpec)]
    return values


def _choice_values(path: str, kind: str, choice: type[Choice]) -> dict[str, Any]:
    return {
        "kind": kind,
        "title": tr(choice.title),
        "summary": tr(choice.summary()),
        "help": tr(choice.explanation()),
        "settings": [_setting_values(f"{path}.{one.name}", one) for one in settings_of(choice)],
    }


def _setting_values(path: str, setting: Setting) -> dict[str, Any]:
    limits = {name: getattr(setting, name) for name in ("gt", "ge", "lt", "le")}
    return {
        "path": path,
        "title": tr(setting.title),
        "help": tr(setting.help),
        "type": setting.kind,
        "default": setting.default,
        "limits": {name: limit for name, limit in limits.items() if limit is not None},
        "options": setting.options,
        "length": setting.length,
        "unit": setting.unit,
        "scale": setting.scale,
        "level": setting.level,
        "rows": [
            _choice_values(f"{path}.0", kind, row)
            for kind, row in (setting.table or {}).items()
            if issubclass(row, Choice)
        ],
    }


def catalog_text() -> str:
    """The catalogue for a reader: what ``--set`` takes, its default and its limits."""
    values = catalog_values()
    blocks = []
    for key in TABLES:
        lines = [key]
        for choice in values[key]:
            lines.append(f"  {choice['kind']}: {choice['title']} · {choice['summary']}")
            lines += _settings_lines(choice["settings"], "    ")
        blocks.append("\n".join(lines))
    blocks.append("\n".join([tr("for the whole run"), *_settings_lines(values["experiment"], "  ")]))
    return "\n\n".join(blocks)


def _settings_lines(settings: Iterable[Mapping[str, Any]], indent: str) -> list[str]:
    rows = [(one["path"], json.dumps(one["default"]), _limits(one), one["title"]) for one in settings]
    return [indent + line for line in table(rows).splitlines()]


def _limits(setting: Mapping[str, Any]) -> str:
    signs = {"gt": ">", "ge": "≥", "lt": "<", "le": "≤"}
    limits = ", ".join(f"{signs[name]} {limit:,}" for name, limit in setting["limits"].items())
    return " | ".join(setting["options"]) or (tr("true or false") if setting["type"] == "bool" else limits)


def lesson_values(lesson: Lesson) -> dict[str, Any]:
    """A lesson with all that it says, and its spec."""
    return {
        "id": lesson.id,
        "title": lesson.title,
        "summary": lesson.summary,
        "minutes": lesson.minutes,
        "order": lesson.order,
        "steps": lesson.steps,
        "places": lesson.places,
        "story": lesson.story,
        "questions": [{"question": one.question, "answer": one.answer} for one in lesson.questions],
        "shows": lesson.shows,
        "goal": [_goal_values(condition) for condition in lesson.goal],
        "tries": [{"title": one.title, "changes": dict(one.changes)} for one in lesson.tries],
        "spec": to_mapping(lesson.spec),
    }


def _goal_values(condition: Condition) -> dict[str, Any]:
    """A condition as it stands in a lesson's file."""
    limits = {"at_least": condition.at_least, "at_most": condition.at_most, "is": condition.status or None}
    return {"figure": condition.figure, **{name: limit for name, limit in limits.items() if limit is not None}}


def lessons_text(lessons: Iterable[Lesson]) -> str:
    """The lessons, one a line."""
    return table([(one.id, one.title, tr("{count} min", count=one.minutes), one.summary) for one in lessons])


def runs_values(folders: Iterable[RunFolder]) -> list[dict[str, Any]]:
    """The runs in short; one that cannot be read is named, and said so on stderr."""
    values = []
    for folder in folders:
        try:
            values.append(_run_values(load_run(folder, predictions=False), folder.path))
        except UserError as error:
            complain(str(error))
            values.append({"run": folder.path.name, "status": "damaged", "folder": str(folder.path)})
    return values


def _run_values(run: Run, folder: Path) -> dict[str, Any]:
    epoch = run.best_epoch
    return {
        "run": run.id,
        "name": run.name,
        "status": run.ended.status if run.ended else "unfinished",
        "message": run.ended.message if run.ended else "",
        "epochs_done": epoch.epoch if epoch else 0,
        "steps": run.step,
        "test_accuracy": _number(epoch.test_accuracy) if epoch else None,
        "train_accuracy": _number(epoch.train_accuracy) if epoch else None,
        "test_r2": epoch.test_r2 if epoch else None,
        "test_mae": epoch.test_mae if epoch else None,
        "seconds": run.seconds,
        "device": run.started.device if run.started else None,
        "folder": str(folder),
    }


def runs_text(values: Iterable[Mapping[str, Any]]) -> str:
    """The runs, one a line."""
    rows = [(tr("Run"), tr("Name"), tr("Status"), tr("Epochs"), tr("Test samples right"))]
    for run in values:
        r2 = run.get("test_r2")
        accuracy = percent(run.get("test_accuracy")) if r2 is None else result_words(r2)
        status = tr(STATUSES[run["status"]])
        rows.append((run["run"], _name(run), status, str(run.get("epochs_done", "–")), accuracy))
    return table(rows, right=(3, 4)) if len(rows) > 1 else tr("There is no run yet.")


def whole_run_values(folder: RunFolder) -> dict[str, Any]:
    """One run whole: what was to be done, what happened, and on what.

    Raises:
        UserError: Where its spec cannot be read.
    """
    run = load_run(folder, predictions=False)
    return {
        **_run_values(run, folder.path),
        "spec": run.spec,
        "started": _event(run.started),
        "epochs": [_event(epoch) for epoch in run.epochs],
        "losses": _numbers(run.losses.values),
        "rates": _numbers(run.rates.values),
        "ended": _event(run.ended),
        "environment": _environment(folder),
    }


def whole_run_text(values: Mapping[str, Any]) -> str:
    """One run for a reader: its epochs, and how it ended."""
    heading = f"{values['run']} · {_name(values)} · {tr(STATUSES[values['status']])}"
    lines = [heading, *filter(None, [values["message"]]), values["folder"]]
    if any(epoch["test_mae"] is not None for epoch in values["epochs"]):
        return "\n".join([*lines, "", epochs_text(values)])
    rows = [(tr("Epoch"), tr("Loss"), tr("Training pictures right"), tr("Test loss"), tr("Test pictures right"))]
    for epoch in values["epochs"]:
        loss, test_loss = _short(epoch["train_loss"]), _short(epoch["test_loss"])
        rows.append(
            (str(epoch["epoch"]), loss, percent(epoch["train_accuracy"]), test_loss, percent(epoch["test_accuracy"]))
        )
    return "\n".join([*lines, "", table(rows, right=range(5))])


def _short(number: float | None) -> str:
    return "–" if number is None else f"{number:.4f}"


def _number(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _numbers(values: Floats) -> list[float | None]:
    """As short as they can be written and still be the same float32 numbers."""
    return [float(str(value)) if math.isfinite(value) else None for value in values]


def _event(event: Any) -> dict[str, Any] | None:
    values: dict[str, Any] | None = json.loads(to_line(event)) if event is not None else None
    return values


def _environment(folder: RunFolder) -> dict[str, Any] | None:
    try:
        values: dict[str, Any] = json.loads(folder.environment.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return values


def predictions_text(values: Iterable[Mapping[str, Any]]) -> str:
    """For each picture its three most probable classes."""
    lines = []
    for one in values:
        best = sorted(one["probabilities"].items(), key=lambda pair: -pair[1])[:3]
        classes = ", ".join(f"{tr(name)} {percent(share)}" for name, share in best)
        lines.append(f"{one['image']}: {classes}")
    return "\n".join(lines)


def _name(values: Mapping[str, Any]) -> str:
    """The name of a run, translated where it is a lesson's."""
    name = str(values.get("name", ""))
    return tr(name) if name else ""
