"""What a learning-rate range test suggests, in numbers and in words. No torch.

Sources: the steepest descent and a tenth of the minimum: fastai's ``lr_find`` of 2018 and 2020; the valley: its newer
rule, by Novetta Solutions; all after Smith: Cyclical Learning Rates for Training Neural Networks, 2015.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from fmstudio.catalog.adaptive_optimizers import Adadelta
from fmstudio.catalog.schedules import Constant, OneCycle
from fmstudio.experiment.spec import ExperimentSpec
from fmstudio.training.rate_points import RateRange, limits
from fmstudio.words import tr

Key = Literal["middle", "steepest", "tenth", "valley"]
Floats = NDArray[np.float64]

OURS: Key = "middle"
"""The suggestion that the program makes its own.

Tried on nine recipes (softmax, MLP, CNN; SGD, Adam, RMSprop): the steepest descent is up to 1.7 points from the best
rate, a tenth of the minimum up to 2.4, the valley up to 8; half-way between the first two it is about 1.
"""

_FEW = 12
"""With fewer points than this nothing is suggested."""
_HEAD = 0.1
"""Of the points are left out at the beginning, where the running mean still swings."""
_TAIL = 5
"""Points that are left out at the end, where the loss leaps."""
_SPAN = 8
"""Points over which a slope is taken: two thirds of a factor of ten."""
_FALL = 0.03
"""The smoothed loss must fall by this share of where it began."""


@dataclass(frozen=True)
class Suggestion:
    """A learning rate.

    Attributes:
        key: The rule that found it.
        rate: Rounded: finer than that no such test can tell.
        title: What the rule is called.
        reason: Why this rate, one sentence.
        ours: Whether the program would take it.
    """

    key: Key
    rate: float
    title: str
    reason: str
    ours: bool = False


def suggestions(found: RateRange, spec: ExperimentSpec) -> tuple[Suggestion, ...]:
    """What the rules suggest, ours first; nothing where the test is too short or the loss fell nowhere."""
    rates = np.array([point.rate for point in found.points])
    losses = np.array([point.smoothed for point in found.points])
    rates, losses = rates[np.isfinite(losses)], losses[np.isfinite(losses)]
    head = min(int(len(rates) * _HEAD), len(rates))
    tail = len(rates) - (_TAIL if found.end in ("exploded", "infinite") else 0)
    rates, losses = rates[head:tail], losses[head:tail]
    if len(rates) < _FEW or not _falls(losses):
        return ()
    steep, tenth = steepest(rates, losses), float(rates[losses.argmin()]) / 10
    raw: dict[Key, float] = {
        "middle": math.sqrt(steep * tenth),
        "steepest": steep,
        "tenth": tenth,
        "valley": valley(rates, losses),
    }
    low, high = limits(spec)
    words = _words()
    return tuple(
        Suggestion(key, rounded(min(max(rate, low), high)), *words[key], ours=key == OURS) for key, rate in raw.items()
    )


def _falls(losses: Floats) -> bool:
    highest = float(losses[: int(losses.argmin()) + 1].max())
    return highest - float(losses.min()) > _FALL * max(abs(highest), 1e-12)


def steepest(rates: Floats, losses: Floats) -> float:
    """The rate at which the loss falls fastest per factor of the rate: over some points, or noise would decide."""
    wide = min(_SPAN, len(rates) - 1)
    slopes = (losses[wide:] - losses[:-wide]) / np.log(rates[wide:] / rates[:-wide])
    lowest = int(losses.argmin())
    steep = int(slopes[: max(1, lowest - wide + 1)].argmin())
    return float(rates[steep + wide // 2])


def valley(rates: Floats, losses: Floats) -> float:
    """The rate half-way along the valley: the longest run of ever lower losses, gaps allowed."""
    start, end = longest_fall(losses)
    third = (end - start) / 3
    return float(rates[max(0, start) + int(third) + int(third / 2)])


def longest_fall(losses: Floats) -> tuple[int, int]:
    """The longest sequence of points each lower than the one before: where it begins, by its length, and its end."""
    lengths = np.ones(len(losses), np.int64)
    for place in range(1, len(losses)):
        above = losses[:place] > losses[place]
        lengths[place] = 1 + int(lengths[:place][above].max(initial=0))
    end = int(lengths.argmax())
    return end - int(lengths[end]), end


def rounded(rate: float) -> float:
    """The rate with one digit that counts; 1.5 between 1 and 2, which would be too coarse."""
    one = float(f"{rate:.1g}")
    two = float(f"{rate:.2g}")
    leading = float(f"{two:e}".partition("e")[0])
    return float(f"{two / leading * 1.5:.2g}") if 1.25 <= leading < 1.75 else one


def _words() -> dict[Key, tuple[str, str]]:
    return {
        "middle": (
            tr("Our suggestion"),
            tr("Half-way between the next two, each of which can be led astray."),
        ),
        "valley": (
            tr("Valley"),
            tr("In the middle of the longest stretch in which the loss falls: fast, with room on both sides."),
        ),
        "steepest": (
            tr("Steepest descent"),
            tr("Here the loss falls fastest, seen over several steps, so that noise does not decide."),
        ),
        "tenth": (
            tr("A tenth of the minimum"),
            tr("Where the loss is lowest the rate is nearly too large already: a tenth of that is safe."),
        ),
    }


def sentence(found: RateRange, made: Sequence[Suggestion]) -> str:
    """What the test has shown."""
    if found.end == "stopped":
        return tr("The search was given up.")
    if not made:
        return tr(
            "At no rate does the loss fall in so few steps. Larger batches make the curve smoother; "
            "the cause may also lie in the data or in the loss."
        )
    ours = next((one for one in made if one.ours), made[0])
    words = tr("A learning rate of {rate} looks good.", rate=plain(ours.rate))
    last = plain(float(f"{found.points[-1].rate:.1g}"))
    if found.end == "infinite":
        return words + " " + tr("At {rate} the loss became infinite.", rate=last)
    if found.end == "exploded":
        return words + " " + tr("At {rate} the loss leapt up.", rate=last)
    return words


def remarks(spec: ExperimentSpec) -> tuple[str, ...]:
    """What should be known about a test of this spec: what it leaves out, and where its rates say little."""
    said = []
    if isinstance(spec.schedule, OneCycle):
        said.append(tr("The test leaves the schedule out: for one cycle this is the highest rate."))
    elif not isinstance(spec.schedule, Constant) or spec.schedule.warm_up:
        said.append(tr("The test leaves the schedule out: this is the rate that it starts from."))
    if isinstance(spec.optimizer, Adadelta):
        said.append(
            tr(
                "Adadelta finds its own step lengths, and 1 is the rate that it was made for. Its first steps are very "
                "short: the test suggests rates that are too large for a whole run."
            )
        )
    return tuple(said)


def plain(rate: float) -> str:
    """A rate as one types it: 0.003, 3e-5."""
    text = f"{rate:.6g}"
    mantissa, mark, exponent = text.partition("e")
    return f"{mantissa}e{int(exponent)}" if mark else text
