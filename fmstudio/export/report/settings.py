"""All settings of a run in words, those that are not as usual marked."""

from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

from pydantic import BaseModel

from fmstudio.experiment.spec import TABLES, ExperimentSpec
from fmstudio.schema.setting import Setting, settings_of
from fmstudio.words import marked, tr, tr_n

TITLES: Mapping[str, str] = {
    "dataset": marked("Data"),
    "architecture": marked("Network"),
    "initial_weights": marked("Initial weights"),
    "loss": marked("Loss"),
    "optimizer": marked("Optimizer"),
    "schedule": marked("Schedule"),
    "": marked("Run"),
}
_LONG = 120


def settings(spec: Mapping[str, Any]) -> str:
    """A table of all settings.

    Args:
        spec: As JSON values, perhaps of another version: what is not known here stands under its own name.
    """
    rows = "".join(_group(spec, key) for key in TITLES)
    return (
        f'<p class="small">{escape(tr("● is another value than usual."))}</p>'
        f'<table class="figures settings"><tbody>{rows}</tbody></table>'
    )


def _group(spec: Mapping[str, Any], key: str) -> str:
    """The settings of one choice."""
    values = spec.get(key) if key else {name: value for name, value in spec.items() if name not in (*TABLES, "version")}
    if not isinstance(values, Mapping):
        return ""
    kind = str(values.get("kind", ""))
    choice = TABLES[key].get(kind) if key else None
    title = f"{tr(TITLES[key])} · {tr(choice.title) if choice else kind}" if key else tr(TITLES[key])
    lines = "".join(_line(*row) for row in _rows(values, choice if key else ExperimentSpec))
    return f'<tr class="group"><td colspan="3">{escape(title)}</td></tr>{lines}'


def _rows(values: Mapping[str, Any], model: type[BaseModel] | None) -> Iterator[tuple[str, str, str]]:
    """Title, value, and the usual value where that is another one."""
    known = {one.name: one for one in settings_of(model)} if model else {}
    for name, setting in known.items():
        value = values.get(name, _plain(setting.default))
        usual = _plain(setting.default)
        same = value == usual or (setting.kind == "text" and value == "")
        yield tr(setting.title), worded(value, setting), "" if same else worded(usual, setting)
    for name, value in values.items():
        if name not in known and name not in ("kind", "name") and value not in ("", None):
            yield name, worded(value), ""


def _line(title: str, value: str, usual: str) -> str:
    mark, changed = ("● ", ' class="changed"') if usual else ("", "")
    said = tr("usually {value}", value=usual) if usual else ""
    return (
        f'<tr{changed}><td>{mark}{escape(title)}</td><td>{escape(value)}</td><td class="small">{escape(said)}</td></tr>'
    )


def worded(value: object, setting: Setting | None = None) -> str:
    """A value as a person reads it."""
    if isinstance(value, bool):
        return tr("on") if value else tr("off")
    if setting is not None and setting.zero and value == 0:
        return tr(setting.zero)
    if isinstance(value, list | tuple):
        plain = all(isinstance(one, str | int | float) for one in value)
        text = ", ".join(map(_number, value)) if plain else ""
        if not value:
            return tr("none")
        return text if text and len(text) <= _LONG else tr_n("{count} entry", "{count} entries", len(value))
    unit = f" {tr(setting.unit)}" if setting is not None and setting.unit else ""
    return tr("all") if value == "all" else tr("automatic") if value is None else f"{_number(value)}{unit}"


def _number(value: object) -> str:
    """A number without digits that say nothing; a word as it is."""
    return f"{value:.12g}" if isinstance(value, float) else str(value)


def _plain(value: object) -> Any:
    """As JSON has it."""
    return [_plain(one) for one in value] if isinstance(value, list | tuple) else value
