"""Where the marks on an axis stand and what they say: arithmetic only."""

import math
from collections.abc import Callable

from fmstudio.words import tr

Tick = tuple[float, str]
"""A place on the axis and its label."""

TickRule = Callable[[float, float, int], list[Tick]]
"""Marks between two places, at most so many."""

_STEPS = (1.0, 2.0, 5.0, 10.0)
_NEAR = 1e-6
_TOPS = (1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)


def step_between(low: float, high: float, most: int) -> float:
    """The smallest of 1, 2, 5, 10, … that needs at most so many marks."""
    rough = max(high - low, 1e-300) / max(1, most)
    power = 10.0 ** math.floor(math.log10(rough))
    return next(step * power for step in (*_STEPS, 20.0) if step * power >= rough * (1 - 1e-9))


def number(value: float, step: float) -> str:
    """A number with as many digits as marks that lie ``step`` apart need: ``0.25``, ``1e-5``."""
    if value == 0 or abs(value) < step * 1e-6:
        return "0"
    size = math.floor(math.log10(abs(value)))
    if -4 <= size <= 5:
        return f"{value:.{max(0, -math.floor(math.log10(step) + 1e-9))}f}"
    digits = max(0, size - math.floor(math.log10(step) + 1e-9))
    mantissa, exponent = f"{value:.{digits}e}".split("e")
    shorter = mantissa.rstrip("0").rstrip(".") if "." in mantissa else mantissa
    return f"{shorter}e{int(exponent)}"


def _multiples(low: float, high: float, step: float) -> list[float]:
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [index * step for index in range(first, last + 1)]


def number_ticks(low: float, high: float, most: int) -> list[Tick]:
    """Round numbers between two."""
    step = step_between(low, high, most)
    return [(value, number(value, step)) for value in _multiples(low, high, step)]


def percent_ticks(low: float, high: float, most: int) -> list[Tick]:
    """The same for shares 0…1, said in per cent and never outside 0 … 100 %."""
    low, high = max(0.0, low) * 100, min(1.0, high) * 100
    step = step_between(low, max(high, low + 1e-9), most)
    return [(value / 100, tr("{number} %", number=number(value, step))) for value in _multiples(low, high, step)]


def log_ticks(low: float, high: float, most: int) -> list[Tick]:
    """Round numbers on a logarithmic axis, whose places are powers of ten: 0.1, 1, 10 or 0.1, 0.2, 0.5, 1."""
    decades = range(math.floor(low), math.ceil(high) + 1)
    inside = [k for k in decades if low - _NEAR <= k <= high + _NEAR]
    stride = max(1, -(-len(inside) // max(1, most)))
    whole = [(float(k), _power(1, k)) for k in inside if k % stride == 0]
    for factors in ((1, 2, 5), (1, 3)):
        fine = [(k + math.log10(m), _power(m, k)) for k in decades for m in factors]
        seen = [tick for tick in fine if low - _NEAR <= tick[0] <= high + _NEAR]
        if 3 <= len(seen) <= most:
            return seen
    if len(whole) >= 2:
        return whole
    return [(math.log10(value), text) for value, text in number_ticks(10**low, 10**high, most) if value > 0]


def _power(factor: int, exponent: int) -> str:
    value = factor * 10.0**exponent
    return number(value, 10.0**exponent)


def round_range(low: float, high: float) -> tuple[float, float]:
    """A range that holds both numbers and zero and ends on round ones, so that it seldom has to change."""
    bottom, top = -_round_up(-low) if low < 0 else 0.0, _round_up(high) if high > 0 else 0.0
    return (bottom, top) if top > bottom else (bottom, bottom + 1.0)


def _round_up(value: float) -> float:
    power = 10.0 ** math.floor(math.log10(value))
    return next(top * power for top in _TOPS if top * power >= value * (1 - 1e-9))


def round_log_range(low: float, high: float) -> tuple[float, float]:
    """The same for positive numbers on a logarithmic axis: places that are powers of ten, on 1, 2 or 5."""
    ends = [_log_round(low, math.floor), _log_round(high, math.ceil)]
    return (ends[0], ends[1]) if ends[1] > ends[0] else (ends[0] - 1.0, ends[0] + 1.0)


def _log_round(value: float, way: Callable[[float], int]) -> float:
    place = math.log10(value)
    thirds = [math.floor(place) + math.log10(m) for m in (1, 2, 5, 10)]
    if way is math.floor:
        return max(third for third in thirds if third <= place + _NEAR)
    return min(third for third in thirds if third >= place - _NEAR)


def epoch_stride(first: float, last: float, steps_per_epoch: int, most: int) -> int:
    """How many epochs lie between two marks: 1, 2, 5, 10 and so on."""
    epochs = (last - first) / max(1, steps_per_epoch)
    return max(1, round(step_between(0.0, max(epochs, 1e-9), most)))


def epoch_ticks(first: float, last: float, steps_per_epoch: int, most: int) -> list[Tick]:
    """Marks at the ends of epochs; at steps where less than an epoch is in view."""
    if last - first < steps_per_epoch:
        stride = max(1, round(step_between(first, last, most)))
        return [(step, tr("step {number}", number=f"{step:,.0f}")) for step in _multiples(first, last, stride)]
    size = epoch_stride(first, last, steps_per_epoch, most) * steps_per_epoch
    ends = [end for end in _multiples(first, last, size) if end > 0]
    return [(end, tr("epoch {number}", number=f"{end / steps_per_epoch:,.0f}")) for end in ends]
