"""What an arrow key or the wheel makes of a number: no Qt, no text."""

import math

from fmstudio.schema.setting import Setting

_SERIES = (1.0, 2.0, 5.0, 10.0)
_SMALLEST = 1e-12
_FIRST = 1e-5
"""The first step from zero on a logarithmic scale."""


def stepped(setting: Setting, value: float, direction: int) -> float:
    """The next value up (+1) or down (−1), never beyond the limits.

    On a logarithmic scale 1, 2, 5, 10 …; a batch size is doubled or halved; a share moves by 0.05; else the steps grow
    with the number.
    """
    if setting.scale == "log":
        moved = _along_series(value, direction, zero=_may_be_zero(setting))
    elif setting.kind == "int-or-all":
        moved = value * 2 if direction > 0 else value // 2
    else:
        moved = value + direction * _step(setting, value, direction)
    return _kept(setting, moved if isinstance(moved, int) else float(f"{moved:.12g}"), value)


def _along_series(value: float, direction: int, *, zero: bool) -> float:
    if value <= 0:
        return _FIRST if direction > 0 else value
    exponent = math.floor(math.log10(value) + 1e-9)
    mantissa = value / 10.0**exponent
    if direction > 0:
        return next(one for one in _SERIES if one > mantissa * (1 + 1e-9)) * 10.0**exponent
    lower = [one for one in (0.5, *_SERIES) if one < mantissa * (1 - 1e-9)][-1] * 10.0**exponent
    if zero and lower < _FIRST * (1 - 1e-9):
        return 0.0
    return max(lower, min(value, _SMALLEST))


def _step(setting: Setting, value: float, direction: int) -> float:
    whole = setting.kind == "int"
    if not whole and (_span(setting) <= 1 or abs(value) <= 1):
        return 0.05
    size = abs(value) - (1e-9 if direction * value < 0 else 0)
    exponent = math.floor(math.log10(size)) - 1 if size > 0 else 0
    return 10 ** max(0, exponent) if whole else 10.0**exponent


def _span(setting: Setting) -> float:
    least = setting.ge if setting.ge is not None else setting.gt
    most = setting.le if setting.le is not None else setting.lt
    return math.inf if least is None or most is None else most - least


def _may_be_zero(setting: Setting) -> bool:
    return setting.ge is not None and setting.ge <= 0


def _kept(setting: Setting, moved: float, value: float) -> float:
    """Within the limits; a limit that is itself not allowed is not reached."""
    if setting.ge is not None and moved < setting.ge:
        return type(moved)(setting.ge)
    if setting.le is not None and moved > setting.le:
        return type(moved)(setting.le)
    beyond = (setting.gt is not None and moved <= setting.gt) or (setting.lt is not None and moved >= setting.lt)
    return value if beyond else moved
