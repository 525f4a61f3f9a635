"""Every setting of some runs' specs as a column."""

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from fmstudio.experiment.draft import changed
from fmstudio.experiment.spec import TABLES, ExperimentSpec, to_mapping
from fmstudio.runs.summary import RunSummary
from fmstudio.session.draft_words import TITLES, setting_of, shown, title_of
from fmstudio.session.run_rows import cells
from fmstudio.session.run_rows.column import Column, Value
from fmstudio.words import tr

FIRST = ("dataset.kind", "architecture.kind", "optimizer.kind", "optimizer.lr", "epochs", "batch_size")
"""The settings that are shown where nothing else is more telling."""
_CALLED: Mapping[str, tuple[str, ...]] = {
    "dataset.kind": ("data", "dataset"),
    "architecture.kind": ("network", "architecture", "net", "model"),
    "initial_weights.kind": ("initial_weights", "init"),
    "loss.kind": ("lossfunction", "objective"),
    "optimizer.kind": ("optimizer",),
    "schedule.kind": ("schedule",),
    "batch_size": ("batch",),
}
_LEVELS = {"basic": 0, "more": 1, "rare": 2}
_NUMBERS = ("int", "float", "int-or-all")
_LAST = ("keep_weights", "device", "threads", "start_from")
"""Differ often and tell little."""


def known_settings() -> Mapping[str, Mapping[str, Any]]:
    """Every setting that a spec can have, whatever is chosen in it: by its path, with a spec that has it."""
    whole = to_mapping(ExperimentSpec())
    found: dict[str, Mapping[str, Any]] = dict.fromkeys((name for name in whole if name not in TABLES), whole)
    for key, table in TABLES.items():
        for kind in table:
            spec = changed(whole, [(f"{key}.kind", kind)])
            found |= {f"{key}.{name}": spec for name in spec[key]}
    return found


def setting_columns(samples: Mapping[str, Mapping[str, Any]]) -> list[Column]:
    """A column for every setting, the most telling first.

    Args:
        samples: A spec that has it, by the path of each setting.
    """
    titles = {path: cells.one_line(title_of(spec, path)) for path, spec in samples.items()}
    often = Counter(titles.values())
    for path, title in titles.items():
        table = TITLES.get(path.partition(".")[0])
        if often[title] > 1 and table and not path.endswith(".kind"):
            titles[path] = tr("{setting} ({choice})", setting=title, choice=tr(table))
    ordered = sorted(samples, key=lambda path: _importance(samples[path], path))
    return [_setting(path, titles[path], samples[path]) for path in ordered]


def _importance(spec: Mapping[str, Any], path: str) -> tuple[int, int]:
    if path in FIRST:
        return 0, FIRST.index(path)
    if path.endswith(".kind"):
        return 1, list(TITLES).index(path[:-5]) if path[:-5] in TITLES else 99
    found = setting_of(spec, path)
    return 2 + (_LEVELS[found.level] if found else 3) + (4 if path in _LAST else 0), 0


def _setting(path: str, title: str, sample: Mapping[str, Any]) -> Column:
    words = _CALLED.get(path, ())
    if path == "epochs":
        return Column("epochs", title, "setting", lambda row: row.epochs or row.planned, cells.epochs_text, words,
                      numbers=True)  # fmt: skip
    read, said = reader(path), SettingWords(path)

    def value(row: RunSummary) -> Value:
        found = read(row.spec)
        if isinstance(found, int | float) and not isinstance(found, bool):
            return found
        return None if found is None else said.of(row.spec, found)

    def text(row: RunSummary) -> str:
        found = read(row.spec)
        return "" if found is None else said.of(row.spec, found)

    def terms(row: RunSummary) -> tuple[str, ...]:
        found = read(row.spec)
        return () if found is None else (str(found)[: cells.LETTERS], said.of(row.spec, found))

    setting, usual = setting_of(sample, path), read(sample)
    plain = isinstance(usual, int | float) and not isinstance(usual, bool)
    numbers = setting.kind in _NUMBERS if setting else plain
    return Column(path, title, "setting", value, text, words, numbers=numbers, terms=terms)


class SettingWords:
    """The values of one setting as a person reads them; each is put into words once.

    Args:
        path: Of the setting.
    """

    def __init__(self, path: str) -> None:
        self._path = path
        self._known: dict[tuple[type, Any], str] = {}

    def of(self, spec: Mapping[str, Any], value: Any) -> str:
        """What a value of a spec says."""
        try:
            known = self._known.get((type(value), value))
        except TypeError:  # a list
            return cells.one_line(shown(spec, self._path))
        if known is None:
            known = self._known[type(value), value] = cells.one_line(shown(spec, self._path))
        return known


def reader(path: str) -> Callable[[Mapping[str, Any]], Any]:
    """What reads a setting from a spec, quickly."""
    section, _, name = path.partition(".")
    if not name:
        return lambda spec: spec.get(section)

    def inner(spec: Mapping[str, Any]) -> Any:
        part = spec.get(section)
        return part.get(name) if isinstance(part, dict) else None

    return inner
