"""How long will it take? Some batches, tried in silence before the run."""

import itertools
import statistics
import time
from collections.abc import Callable

import torch

from fmstudio.experiment.spec import ExperimentSpec
from fmstudio.training.batches import Batches, prepare
from fmstudio.training.devices import resolve_device, resolve_threads
from fmstudio.training.evaluation import Question
from fmstudio.training.step import step_of, train_step
from fmstudio.training.trial import generators_kept, zero_network

SECONDS = 0.25
"""How long it tries at most."""
STEPS = 60
"""How many steps it tries at most."""
OVERHEAD = 1.04
"""Looking in between, saving, and the first steps, which are slower."""
_EVALUATIONS = 2


def warm_up() -> None:
    """Take one step of a network of one weight: torch imports half of itself only then, which takes a second."""
    network = torch.nn.Linear(1, 1, bias=False, device="meta").to_empty(device="cpu")
    optimizer = torch.optim.SGD(network.parameters(), lr=0.1)
    train_step(network, torch.nn.CrossEntropyLoss(), optimizer, torch.zeros(1, 1), torch.zeros(1, dtype=torch.int64))


def expected_seconds(spec: ExperimentSpec) -> float:
    """Seconds that a run of this spec will take here, by some steps of a network whose weights are all zero.

    The weights are not drawn, and what dropout draws is put back: no random number of the run to come is used up. It
    must not go on beside a run, which owns the generator.
    """
    with generators_kept():
        return _expected_seconds(spec)


def _expected_seconds(spec: ExperimentSpec) -> float:
    torch.set_num_threads(resolve_threads(spec.threads))
    device = resolve_device(spec)
    material = prepare(spec, device)
    network = zero_network(spec, device)
    loss = spec.loss.call(spec.facts).make().to(device)
    optimizer = spec.optimizer.call(spec.facts).make(network.parameters())
    step, extra = step_of(spec)

    def take(inputs: torch.Tensor, targets: torch.Tensor) -> None:
        value, _ = step(network, loss, optimizer, inputs, targets, *extra)
        value.item()

    evaluations = 1 + spec.epochs // spec.evaluation_interval
    usual = _usual_step(Batches(material.train, size=spec.batch, shuffle=spec.shuffle, drop_last=False, seed=0), take)
    return OVERHEAD * (usual * spec.facts.total_steps + _evaluation(spec, network, device) * evaluations)


def _usual_step(batches: Batches, take: Callable[[torch.Tensor, torch.Tensor], None]) -> float:
    """Seconds that a step takes: the median of some, over as many epochs as they need; the first one is not timed."""
    endless = itertools.chain.from_iterable(batches.epoch() for _ in itertools.count())
    take(*next(endless))
    seconds: list[float] = []
    began = before = time.perf_counter()
    for inputs, targets in endless:
        take(inputs, targets)
        now = time.perf_counter()
        seconds.append(now - before)
        before = now
        if now - began > SECONDS or len(seconds) >= STEPS:
            break
    return statistics.median(seconds)


def _evaluation(spec: ExperimentSpec, network: torch.nn.Module, device: str) -> float:
    """Seconds that asking all test samples takes: the faster of two times, after one that is not timed."""
    test = prepare(spec, device).test
    part = type(test)(test.inputs[:1000], test.targets[:1000], test.samples[:1000])
    question = Question(spec, device)
    question.ask(network, part)
    seconds = []
    for _ in range(_EVALUATIONS):
        began = time.perf_counter()
        question.ask(network, part)
        seconds.append(time.perf_counter() - began)
    return min(seconds) * len(test) / max(1, len(part))
