"""What a setting is: one field of a choice, with its limits, its level and its words.

A setting is declared once, as a pydantic field made by ``setting``. The form, the ``--set`` paths, the JSON, the limits
and the tooltips all read ``settings_of``.
"""

from dataclasses import dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, Field
from pydantic.fields import FieldInfo

Level = Literal["basic", "more", "rare"]
"""Seen at first sight; under "More settings"; found by search."""
Scale = Literal["linear", "log"]
Kind = Literal["bool", "int", "float", "option", "ints", "floats", "text", "int-or-all", "device"]
"""Which editor and which JSON form a setting has."""


def setting(
    default: Any,
    title: str,
    text: str = "",
    *,
    gt: float | None = None,
    ge: float | None = None,
    lt: float | None = None,
    le: float | None = None,
    scale: Scale = "linear",
    level: Level = "more",
    unit: str = "",
    kind: Kind | None = None,
    length: tuple[int, int] | None = None,
) -> Any:
    """Declare a setting of a choice.

    Args:
        default: Its value unless the user says otherwise.
        title: What stands beside its editor.
        text: Its help: one sentence for the tooltip, or more.
        gt: The value must be greater than this; ``ge``: at least this.
        ge: See ``gt``.
        lt: The value must be less than this; ``le``: at most this.
        le: See ``lt``.
        scale: ``"log"`` for values that are tried by factors of ten.
        level: How far down the form it stands.
        unit: Written behind the value.
        kind: The editor, where the type does not say it.
        length: Least and greatest number of items of a tuple.
    """
    limits = {"gt": gt, "ge": ge, "lt": lt, "le": le}
    extra: Any = {"scale": scale, "level": level, "unit": unit, "kind": kind, "limits": limits, "length": length}
    return Field(default=default, title=title, description=text, json_schema_extra=extra)


@dataclass(frozen=True)
class Setting:
    """A setting as the form and the command line see it. Limits are None where there are none."""

    name: str
    title: str
    help: str
    kind: Kind
    default: Any
    gt: float | None
    ge: float | None
    lt: float | None
    le: float | None
    scale: Scale
    level: Level
    unit: str
    options: tuple[str, ...] = ()
    optional: bool = False
    """Whether None is a value too: the library decides."""
    length: tuple[int, int] | None = None


@cache
def settings_of(model: type[BaseModel]) -> tuple[Setting, ...]:
    """The settings of a choice, basic ones first and rare ones last, else in the order in which they are declared."""
    found = [_read(name, field) for name, field in model.model_fields.items() if "level" in _extra(field)]
    return tuple(sorted(found, key=lambda setting: get_args(Level).index(setting.level)))


def _extra(field: FieldInfo) -> dict[str, Any]:
    extra = field.json_schema_extra
    return dict(extra) if isinstance(extra, dict) else {}


def _read(name: str, field: FieldInfo) -> Setting:
    extra = _extra(field)
    kind, options, optional = _kind(field.annotation)
    return Setting(
        name=name,
        title=field.title or name,
        help=field.description or "",
        kind=extra["kind"] or kind,
        default=field.default,
        scale=extra["scale"],
        level=extra["level"],
        unit=extra["unit"],
        options=options,
        optional=optional,
        length=extra["length"],
        **extra["limits"],
    )


def _kind(annotation: Any) -> tuple[Kind, tuple[str, ...], bool]:
    """The editor for a type, its options, and whether it may be None."""
    if get_origin(annotation) in (Union, UnionType):
        parts = [part for part in get_args(annotation) if part is not NoneType]
        kind, options, _ = _kind(parts[0])
        return kind, options, len(parts) < len(get_args(annotation))
    if get_origin(annotation) is Literal:
        return "option", get_args(annotation), False
    if get_origin(annotation) is tuple:
        return ("ints" if get_args(annotation)[0] is int else "floats"), (), False
    kinds: dict[Any, Kind] = {bool: "bool", int: "int", float: "float", str: "text"}
    return kinds[annotation], (), False
