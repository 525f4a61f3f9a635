"""What a setting is: one field of a choice, with its limits, its level and its words.

A setting is declared once, as a pydantic field made by ``setting``. The form, the ``--set`` paths, the JSON, the limits
and the tooltips all read ``settings_of``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, Field
from pydantic.fields import FieldInfo

Level = Literal["basic", "more", "rare"]
"""Seen at first sight; under "More settings"; found by search."""
Scale = Literal["linear", "log"]
Kind = Literal["bool", "int", "float", "option", "ints", "floats", "text", "int-or-all", "device", "layers", "samples"]
"""Which editor and which JSON form a setting has.

``layers``: a list of rows of a table, each with its own settings. ``samples``: a list of samples, each its split, its
index and perhaps more.
"""


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
    zero: str = "",
    kind: Kind | None = None,
    length: tuple[int, int] | None = None,
    table: Mapping[str, type[BaseModel]] | None = None,
    example: str = "",
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
        zero: What 0 means, one word that is written behind it: "off".
        kind: The editor, where the type does not say it.
        length: Least and greatest number of items of a tuple.
        table: Of kind "layers": what each row of the list can be, by kind.
        example: Of kind "samples": how one of the list is written in JSON.
    """
    extra: Any = {
        "scale": scale,
        "level": level,
        "unit": unit,
        "zero": zero,
        "kind": kind,
        "limits": {"gt": gt, "ge": ge, "lt": lt, "le": le},
        "length": length,
        "table": table or {},
        "example": example,
    }
    return Field(default=default, title=title, description=text, json_schema_extra=extra)


@dataclass(frozen=True)
class Setting:
    """A setting as the form and the command line see it. Limits are None where there are none.

    The default of one of kind "layers" is in its JSON form: a tuple of mappings, each with its kind.
    """

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
    zero: str = ""
    """What 0 means, in one word; empty where it is a number like any other."""
    options: tuple[str, ...] = ()
    optional: bool = False
    """Whether None is a value too: the library decides."""
    length: tuple[int, int] | None = None
    table: Mapping[str, type[BaseModel]] = field(default_factory=dict, compare=False)
    """What each row of a list of layers can be, by kind."""
    example: str = ""
    """How one of a list of samples is written in JSON."""


@cache
def settings_of(model: type[BaseModel]) -> tuple[Setting, ...]:
    """The settings of a choice, basic ones first and rare ones last, else in the order in which they are declared."""
    found = [_read(name, one) for name, one in model.model_fields.items() if "level" in _extra(one)]
    return tuple(sorted(found, key=lambda setting: get_args(Level).index(setting.level)))


def _extra(declared: FieldInfo) -> dict[str, Any]:
    extra = declared.json_schema_extra
    return dict(extra) if isinstance(extra, dict) else {}


def _read(name: str, declared: FieldInfo) -> Setting:
    extra = _extra(declared)
    kind, options, optional = _kind(declared.annotation)
    kind, default = extra["kind"] or kind, declared.default
    if kind == "layers":
        default = tuple(row.model_dump(mode="json") for row in default)
    return Setting(
        name=name,
        title=declared.title or name,
        help=declared.description or "",
        kind=kind,
        default=default,
        scale=extra["scale"],
        level=extra["level"],
        unit=extra["unit"],
        zero=extra["zero"],
        options=options,
        optional=optional,
        length=extra["length"],
        table=extra["table"],
        example=extra["example"],
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
        kinds_of_items: dict[Any, Kind] = {int: "ints", float: "floats"}
        return kinds_of_items.get(get_args(annotation)[0], "layers"), (), False
    kinds: dict[Any, Kind] = {bool: "bool", int: "int", float: "float", str: "text"}
    return kinds[annotation], (), False
