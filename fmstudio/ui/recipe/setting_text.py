"""The values of a setting as text, and back; and its tooltip."""

import re
from collections.abc import Callable, Mapping
from html import escape

from fmstudio.schema.setting import Kind, Setting
from fmstudio.session.draft_words import text_of, value_text
from fmstudio.words import tr

_DIGITS = re.compile(r"[+-]?[0-9]{1,300}")
"""A whole number, of no more digits than any number has."""


def read_text(kind: Kind, text: str) -> object:
    """What a text in a field means: a JSON value, or the text itself where it cannot be read."""
    return _PARSERS[kind](text)


def explained(setting: Setting) -> str:
    """The tooltip of a setting as HTML: what it does; its limits, its unit and its default."""
    return f"<p>{escape(tr(setting.help))}</p><p>{escape(facts_of(setting))}</p>"


def facts_of(setting: Setting) -> str:
    """The limits, the unit and the default of a setting in words."""
    limits = ", ".join(limits_of(setting))
    usual = tr("Default: {value}", value=value_text(setting.default) or _nothing(setting.kind))
    return f"{limits[:1].upper()}{limits[1:]}. {usual}." if limits else f"{usual}."


def _nothing(kind: Kind) -> str:
    """What an empty default means."""
    return tr("none") if kind == "samples" else tr("automatic")


def limits_of(setting: Setting) -> list[str]:
    """The limits in words, translated, with the unit."""
    texts: list[str] = []
    unit = f" {tr(setting.unit)}" if setting.unit else ""
    if setting.gt is not None:
        texts.append(tr("greater than {limit}", limit=_limit(setting.gt) + unit))
    if setting.ge is not None:
        texts.append(tr("at least {limit}", limit=_limit(setting.ge) + unit))
    if setting.lt is not None:
        texts.append(tr("less than {limit}", limit=_limit(setting.lt) + unit))
    if setting.le is not None:
        texts.append(tr("at most {limit}", limit=_limit(setting.le) + unit))
    return texts


def _limit(value: float) -> str:
    """With all its digits where it is a whole number: 1,000,000."""
    return f"{int(value):,}" if float(value).is_integer() else text_of(value)


def _whole(text: str) -> object:
    if _DIGITS.fullmatch(text):
        return int(text)
    number = _real(text)
    return int(number) if isinstance(number, float) and number.is_integer() and abs(number) < 2**53 else number


def _real(text: str) -> object:
    try:
        return float(text) if "_" not in text else text
    except ValueError:
        return text


def _listed(text: str, parse: Callable[[str], object]) -> object:
    parts = text.strip("[]() ").replace(",", " ").replace("，", " ").split()
    values = [parse(part) for part in parts]
    return text if not values or any(isinstance(value, str) for value in values) else values


_PARSERS: Mapping[Kind, Callable[[str], object]] = {
    "int": _whole,
    "float": _real,
    "ints": lambda text: _listed(text, _whole),
    "floats": lambda text: _listed(text, _real),
    "text": lambda text: text,
}
