"""What a draft says: titles, values, defaults and differences in words, and what can be read of one that is wrong."""

import math
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any, TypeVar

from pydantic import BaseModel

from fmstudio.experiment import draft as drafts
from fmstudio.experiment.draft import Draft
from fmstudio.experiment.spec import TABLES, VERSION, ExperimentSpec, kind_of, to_mapping
from fmstudio.schema.choice import Choice, Frozen, read
from fmstudio.schema.problem import InvalidSpecError
from fmstudio.schema.setting import Setting, settings_of
from fmstudio.words import marked, tr, tr_n

F = TypeVar("F", bound=Frozen)

TITLES: Mapping[str, str] = {
    "dataset": marked("Data"),
    "architecture": marked("Network"),
    "initial_weights": marked("Initial weights"),
    "loss": marked("Loss"),
    "optimizer": marked("Optimizer"),
    "schedule": marked("Schedule"),
}
"""What stands beside the choice of each table, untranslated."""
OPTION_TITLES: Mapping[str, str] = {
    "relu": "ReLU",
    "leaky-relu": "Leaky ReLU",
    "leaky_relu": "Leaky ReLU",
    "elu": "ELU",
    "gelu": "GELU",
    "silu": "SiLU",
}
"""How options are spelled for people, where it is not as in a spec."""
_ENDLESS = 17
"""A number whose digits do not end has so many characters."""
_PARTS = 100
"""A share has at most so many parts."""


def setting_of(draft: Draft, path: str) -> Setting | None:
    """The setting at a path, in the choices that a draft makes; None where there is none."""
    key, _, name = path.rpartition(".")
    model = model_of(draft, key)
    return next((found for found in settings_of(model) if found.name == name), None) if model else None


def default_of(draft: Draft, path: str) -> Any:
    """The default at a path as a JSON value, in the choices that a draft makes; None where there is none."""
    key, _, name = path.rpartition(".")
    if key in TABLES and name == "kind":
        return kind_of(getattr(ExperimentSpec(), key))
    found = setting_of(draft, path)
    return plain(found.default) if found else None


def title_of(draft: Draft, path: str) -> str:
    """What a path is called beside its field, translated: "Learning rate"; the path itself where nobody named it.

    What lies in a setting, such as ``architecture.layers.3.channels``, is called as the setting.
    """
    key, _, name = path.rpartition(".")
    if path == "start_from":
        return tr("Begins with")
    if path in TITLES or (key in TITLES and name in ("kind", "")):
        return tr(TITLES[key or path])
    found = setting_of(draft, path) or setting_of(draft, ".".join(path.split(".")[:2]))
    return tr(found.title) if found else path


def shown(draft: Draft, path: str) -> str:
    """The value at a path as a person reads it, translated: "on", "One cycle", "0.01"."""
    value = drafts.get(draft, path)
    key, _, name = path.rpartition(".")
    if key in TABLES and name == "kind":
        choice = TABLES[key].get(str(value))
        return tr(choice.title) if choice else str(value)
    return value_text(value)


def value_text(value: object) -> str:
    """A value as a person reads it, translated: "on", "all", "0.001", "12 layers"."""
    if isinstance(value, bool):
        return tr("on") if value else tr("off")
    if isinstance(value, list | tuple) and value and isinstance(value[0], list | tuple):
        return samples_text(len(value))
    if isinstance(value, list | tuple) and value and not isinstance(value[0], str | int | float):
        return layers_text(len(value))
    return tr("all") if value == "all" else option_text(value) if isinstance(value, str) else text_of(value)


def option_text(option: str) -> str:
    """An option as a person reads it: "Leaky ReLU"."""
    return OPTION_TITLES.get(option, option)


def layers_text(count: int) -> str:
    """How many layers, translated."""
    return tr_n("{count} layer", "{count} layers", count)


def samples_text(count: int) -> str:
    """How many pictures a list of samples names, translated."""
    return tr_n("{count} picture", "{count} pictures", count) if count else tr("none")


def text_of(value: object) -> str:
    """A value as it stands in a field: a point, no separators, and no digit more than needed."""
    if isinstance(value, list | tuple):
        return ", ".join(map(text_of, value))
    if isinstance(value, float):
        if _is_fraction(value):
            return f"{value:.3g}"
        mantissa, e, exponent = repr(value).partition("e")
        mantissa = mantissa.removesuffix(".0")
        return f"{mantissa}e{int(exponent)}" if e else mantissa
    return "" if value is None else str(value)


def _is_fraction(value: float) -> bool:
    """Whether it is a share such as 1/12, whose digits never end."""
    if not math.isfinite(value) or len(repr(value)) < _ENDLESS:
        return False
    return float(Fraction(value).limit_denominator(_PARTS)) == value


def differences(draft: Draft, other: Draft) -> tuple[str, ...]:
    """The paths at which a draft differs from another; in a choice of another kind, from that kind's defaults."""
    found: list[str] = []
    for path, value in leaves(draft):
        if path in ("name", "version"):
            continue
        key = path.rpartition(".")[0]
        same_kind = key not in TABLES or drafts.get(draft, f"{key}.kind") == drafts.get(other, f"{key}.kind")
        usual = drafts.get(other, path) if same_kind or path == f"{key}.kind" else default_of(draft, path)
        if value != usual:
            found.append(path)
    return tuple(found)


def completed(draft: Draft) -> Draft:
    """A draft in which nothing is left out: what is missing takes its default."""
    whole: Draft = to_mapping(ExperimentSpec())
    kinds = [(f"{key}.kind", drafts.get(draft, f"{key}.kind")) for key in TABLES]
    whole = drafts.changed(whole, [(path, kind) for path, kind in kinds if kind is not None])
    return drafts.changed(whole, [(path, value) for path, value in leaves(draft) if not path.endswith(".kind")])


def readable(draft: Draft) -> ExperimentSpec | None:
    """What can be shown of a draft that cannot be run: choices that do not fit one another stand as they are.

    Wrong values are left out, except in the network: None where that cannot be read.
    """
    architecture = _choice(draft, "architecture")
    if architecture is None:
        return None
    choices = {key: _choice(draft, key) or _choice(draft, key, lenient=True) for key in TABLES}
    made = {key: choice for key, choice in choices.items() if choice is not None}
    rest = {name: value for name, value in draft.items() if name not in TABLES} | {"version": VERSION}
    plain = _read(ExperimentSpec, rest, lenient=True) or ExperimentSpec()
    return plain.model_copy(update={**made, "architecture": architecture})


def _choice(draft: Draft, key: str, *, lenient: bool = False) -> Choice | None:
    values, model = draft.get(key), model_of(draft, key)
    if not isinstance(values, Mapping) or model is None:
        return None
    made = _read(model, {name: value for name, value in values.items() if name != "kind"}, lenient=lenient)
    return made if isinstance(made, Choice) else None


def _read(model: type[F], values: Mapping[str, Any], *, lenient: bool) -> F | None:
    try:
        return read(model, values)
    except InvalidSpecError as error:
        wrong = {problem.path for problem in error.problems}
    rest = {name: value for name, value in values.items() if name not in wrong}
    return _read(model, rest, lenient=True) if lenient and len(rest) < len(values) else None


def model_of(draft: Draft, key: str) -> type[Frozen] | None:
    """The model whose settings stand under a key: a choice, or for no key the spec itself."""
    if not key:
        return ExperimentSpec
    return TABLES[key].get(str(drafts.get(draft, f"{key}.kind"))) if key in TABLES else None


def leaves(draft: Draft) -> Iterator[tuple[str, Any]]:
    """Every path of a draft with its value."""
    for name, value in draft.items():
        if name in TABLES and isinstance(value, Mapping):
            yield from ((f"{name}.{inner}", one) for inner, one in value.items())
        else:
            yield name, value


def forced(before: Draft, after: Draft, asked: set[str]) -> str:
    """What a change changed besides what was asked, one translated line.

    Of another kind its name and what is seen at first sight; else the settings that were there before as well.
    """
    old = dict(leaves(before))
    asked |= {".".join(path.split(".")[:2]) for path in asked}  # a setting of a layer changes the list
    swapped = {key for key in TABLES if _kind(before, key) != _kind(after, key) and f"{key}.kind" not in asked}
    words: list[str] = []
    for path, value in leaves(after):
        key, _, name = path.rpartition(".")
        moved = path not in asked and value != old.get(path)
        if moved and (_at_first_sight(after, path) or name == "kind" if key in swapped else path in old):
            words.append(f"{title_of(after, path)} {shown(after, path)}")
    return tr("Changed with it: {changes}", changes=", ".join(words)) if words else ""


def _kind(draft: Draft, key: str) -> object:
    return drafts.get(draft, f"{key}.kind")


def _at_first_sight(draft: Draft, path: str) -> bool:
    found = setting_of(draft, path)
    return found is not None and found.level == "basic"


def plain(value: object) -> Any:
    """A value as JSON has it: lists, no tuples; mappings, no models."""
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    if isinstance(value, Mapping):
        return {name: plain(one) for name, one in value.items()}
    return [plain(one) for one in value] if isinstance(value, list | tuple) else value
