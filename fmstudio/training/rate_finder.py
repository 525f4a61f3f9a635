"""The learning-rate range test: the rate grows with every step, and one looks where the loss falls, and where it leaps.

Source: Smith: Cyclical Learning Rates for Training Neural Networks, 2015 and 2017; in this form, with a rate that grows
exponentially and a smoothed loss, fastai's ``lr_find``.
"""

import itertools
import math
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import closing

import numpy as np
import torch
from torch import Tensor

from fmstudio.errors import UserError
from fmstudio.experiment.spec import ExperimentSpec
from fmstudio.training.batches import Batches, Samples, prepare
from fmstudio.training.devices import resolve_device, resolve_threads
from fmstudio.training.failure import out_of_memory
from fmstudio.training.rate_points import STEPS, End, RatePoint, RateRange, Smoothing, limits, refusal
from fmstudio.training.trial import Trial, TrialStoppedError, first_network, generators_kept, looked_at


def find_rates(
    spec: ExperimentSpec,
    stopped: Callable[[], bool],
    tell: Callable[[RatePoint], None] = lambda point: None,
    start: Mapping[str, Tensor] | None = None,
) -> RateRange:
    """Try the rates of a spec from the lowest to the highest; the weights are thrown away.

    Data, their order, batch size, loss, optimizer, first weights and seed are those of the spec; its schedule is left
    out. Torch's generators are as before afterwards, but it must not go on beside a run: they belong to that.

    Args:
        spec: What is tried.
        stopped: Whether it is to be given up; asked within a step too.
        tell: Gets each point as soon as it is known.
        start: The weights that the run would begin with; None where they are drawn.

    Raises:
        UserError: Where a test says nothing about this optimizer, or the memory is too small.
    """
    low, high = limits(spec)
    points: list[RatePoint] = []
    smoothing = Smoothing()
    with closing(_losses(spec, stopped, start)) as losses:
        for step, (rate, loss) in enumerate(losses, 1):
            point = RatePoint(step, rate, loss, smoothing.add(loss))
            points.append(point)
            tell(point)
            if not math.isfinite(loss) or smoothing.exploded:
                break
    end: End = "whole"
    if points and not math.isfinite(points[-1].loss):
        end = "infinite"
    elif points and smoothing.exploded:
        end = "exploded"
    elif len(points) < STEPS:
        end = "stopped"
    return RateRange(tuple(points), low, high, end)


def _losses(
    spec: ExperimentSpec, stopped: Callable[[], bool], start: Mapping[str, Tensor] | None
) -> Generator[tuple[float, float], None, None]:
    """The loss of each batch, before the step with the rate beside it."""
    reason = refusal(spec)
    if reason:
        raise UserError(reason)
    torch.set_num_threads(resolve_threads(spec.threads))
    device = resolve_device(spec)

    def look() -> None:
        if stopped():
            raise TrialStoppedError

    with generators_kept():
        torch.manual_seed(spec.seed)
        material = prepare(spec, device)
        try:
            trial = Trial(spec, device, looked_at(first_network(spec, device, start).train(), look))
            batches = _endless(spec, material.train)
            for rate in np.geomspace(*limits(spec), STEPS).tolist():
                if stopped():
                    return
                trial.set_rate(rate)
                yield rate, trial.take(*next(batches))
        except TrialStoppedError:
            return
        except (torch.OutOfMemoryError, MemoryError) as error:
            end = out_of_memory(spec, 0, 0)
            raise UserError(end.message, end.hint) from error


def _endless(spec: ExperimentSpec, train: Samples) -> Iterator[tuple[Tensor, Tensor]]:
    """The batches of the run, epoch after epoch."""
    batches = Batches(train, size=spec.batch, shuffle=spec.shuffle, drop_last=spec.drop_last, seed=spec.seed)
    return itertools.chain.from_iterable(batches.epoch() for _ in itertools.count())
