"""What is tried before a run and then thrown away: a network with its loss and optimizer, that leaves no trace."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

import torch
from torch import Tensor

from fmstudio.experiment.spec import ExperimentSpec
from fmstudio.training.evaluation import laid_out
from fmstudio.training.learner import check_start
from fmstudio.training.modules import set_weights
from fmstudio.training.step import step_of


class TrialStoppedError(Exception):
    """Nobody waits for the trial any more."""


class Trial:
    """A network that learns for a while.

    Args:
        spec: How it learns; schedules and averages are left out.
        device: Where the network lies.
        network: In training mode.
    """

    def __init__(self, spec: ExperimentSpec, device: str, network: torch.nn.Module) -> None:
        self.network = network
        self._summed = spec.loss.summed
        self._loss: torch.nn.Module = spec.loss.call(spec.facts).make().to(device)
        self._optimizer: torch.optim.Optimizer = spec.optimizer.call(spec.facts).make(network.parameters())
        self._step, self._extra = step_of(spec)

    def set_rate(self, rate: float) -> None:
        """Take the next steps with another learning rate."""
        for group in self._optimizer.param_groups:
            group["lr"] = rate

    def take(self, inputs: Tensor, targets: Tensor) -> float:
        """Learn from one batch, and wait until that is done.

        Returns:
            The mean loss of the batch before the update.
        """
        loss, _ = self._step(self.network, self._loss, self._optimizer, inputs, targets, *self._extra)
        return float(loss.item()) / (len(targets) if self._summed else 1)


def first_network(spec: ExperimentSpec, device: str, start: Mapping[str, Tensor] | None = None) -> torch.nn.Module:
    """The network that a run of the spec starts with, where torch's generator has just been seeded as the run does.

    Raises:
        UserError: Where the weights to start with belong to another network.
    """
    network: torch.nn.Module = spec.architecture.call(spec.facts).make()
    fill = spec.initial_weights.fill(spec.facts)
    if fill is not None:
        set_weights(network, fill.make)
    network = laid_out(spec, network.to(device))
    if start is not None:
        check_start(spec, start)
        network.load_state_dict(start)
    return network


def zero_network(spec: ExperimentSpec, device: str) -> torch.nn.Module:
    """A network whose weights are all zero: no random number is drawn for it."""
    with torch.device("meta"):
        network: torch.nn.Module = spec.architecture.call(spec.facts).make()
    network = network.to_empty(device=device)
    with torch.no_grad():
        for value in network.state_dict().values():
            value.zero_()
    return laid_out(spec, network)


@contextmanager
def generators_kept() -> Iterator[None]:
    """Put torch's generators back afterwards: what is tried uses up no random number of a run."""
    before = torch.get_rng_state()
    on_gpus = torch.cuda.get_rng_state_all() if torch.cuda.is_available() else []
    on_apple = torch.mps.get_rng_state() if torch.backends.mps.is_available() else None
    try:
        yield
    finally:
        torch.set_rng_state(before)
        if on_gpus:
            torch.cuda.set_rng_state_all(on_gpus)
        if on_apple is not None:
            torch.mps.set_rng_state(on_apple)


def looked_at(network: torch.nn.Module, look: Callable[[], None]) -> torch.nn.Module:
    """The network, which from now on calls a function before each layer, forwards and backwards.

    Args:
        network: Of any kind.
        look: What it raises ends the step in the middle.
    """

    def before(*_: object) -> None:
        look()

    def after(module: torch.nn.Module, given: object, output: object) -> None:
        if isinstance(output, Tensor) and output.requires_grad:
            output.register_hook(lambda gradient: look())

    for layer in network.modules():
        layer.register_forward_pre_hook(before)
        layer.register_forward_hook(after)
    return network
