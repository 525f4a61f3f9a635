"""What a learning-rate range test finds: one point a step. No torch."""

import math
from dataclasses import dataclass, field
from typing import Literal

from fmstudio.catalog.adaptive_optimizers import Rprop
from fmstudio.experiment.spec import ExperimentSpec
from fmstudio.schema.setting import settings_of
from fmstudio.words import tr

STEPS = 100
"""Steps of a test that gets to the end."""
LOWEST = 1e-7
"""Where every test begins."""
MOST = 10.0
"""Where it ends where the optimizer's setting has no limit."""
SMOOTHING = 0.9
"""How much of the running mean each step keeps."""
EXPLODED = 4.0
"""The test is over where the smoothed loss is so many times the best."""
_SLIGHT = 0.1
"""Of the way that the loss has come: with a best loss near zero, so much of it is no explosion yet."""

End = Literal["whole", "exploded", "infinite", "stopped"]


@dataclass(frozen=True)
class RatePoint:
    """One step of the test.

    Attributes:
        step: From 1.
        rate: The learning rate of the step.
        loss: Mean loss of its batch before the update; may be infinite or NaN.
        smoothed: The running mean of the losses up to here, corrected for its start.
    """

    step: int
    rate: float
    loss: float
    smoothed: float


@dataclass(frozen=True)
class RateRange:
    """All that a test found.

    Attributes:
        points: In the order of the steps; the rates grow.
        low: The first rate; ``high``: the last one, had it gone to the end.
        end: Why it ended: at the last step, because the loss grew or became infinite, or because it was stopped.
    """

    points: tuple[RatePoint, ...] = ()
    low: float = LOWEST
    high: float = MOST
    end: End = "whole"


def limits(spec: ExperimentSpec) -> tuple[float, float]:
    """The lowest and the highest rate that is tried: up to what the optimizer's setting allows."""
    setting = next(one for one in settings_of(type(spec.optimizer)) if one.name == "lr")
    return LOWEST, MOST if setting.le is None else setting.le


def refusal(spec: ExperimentSpec) -> str:
    """Why a test of this spec would say nothing, a sentence; empty where it can be made."""
    if isinstance(spec.optimizer, Rprop):
        return tr("Rprop uses the learning rate for its first step only and finds the next ones by itself.")
    if spec.optimizer.closure:
        return tr(
            "{optimizer} finds the length of its steps by itself, from the curvature: the rate is left at 1 for the "
            "whole set, and at 0.01–0.1 for small batches.",
            optimizer=tr(spec.optimizer.title),
        )
    if getattr(spec.optimizer, "maximize", False):
        return tr("The optimizer is set to make the loss larger: there is no rate at which it falls fastest.")
    return ""


@dataclass
class Smoothing:
    """The running mean of losses, corrected for its start, and whether it has exploded.

    ``mean ← 0.9 · mean + 0.1 · loss``, divided by ``1 − 0.9^steps``: or the zero that it starts with would weigh in.
    """

    first: float = math.nan
    best: float = math.inf
    last: float = math.nan
    _mean: float = field(default=0.0, repr=False)
    _steps: int = field(default=0, repr=False)

    def add(self, loss: float) -> float:
        """Take one loss in, and return the mean."""
        self._steps += 1
        self._mean = SMOOTHING * self._mean + (1 - SMOOTHING) * loss
        smoothed = self._mean / (1 - SMOOTHING**self._steps)
        self.first = smoothed if self._steps == 1 else self.first
        self.best = min(self.best, smoothed)
        self.last = smoothed
        return smoothed

    @property
    def exploded(self) -> bool:
        """Whether the newest mean is far above the best one."""
        scale = max(abs(self.best), _SLIGHT * (self.first - self.best))
        return self.last > self.best + (EXPLODED - 1) * scale
