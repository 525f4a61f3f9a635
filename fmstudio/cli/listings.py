"""What the command line lists: the catalogue and the lessons; each as JSON values and as text. No torch."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from fmstudio.cli.output import percent, table
from fmstudio.experiment.lessons import Condition, Lesson
from fmstudio.experiment.spec import TABLES, ExperimentSpec, to_mapping
from fmstudio.schema.choice import Choice
from fmstudio.schema.setting import Setting, settings_of
from fmstudio.words import tr


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


def predictions_text(values: Iterable[Mapping[str, Any]]) -> str:
    """For each picture its three most probable classes."""
    lines = []
    for one in values:
        best = sorted(one["probabilities"].items(), key=lambda pair: -pair[1])[:3]
        classes = ", ".join(f"{tr(name)} {percent(share)}" for name, share in best)
        lines.append(f"{one['image']}: {classes}")
    return "\n".join(lines)
