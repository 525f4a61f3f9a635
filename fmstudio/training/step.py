"""One step of training, in its forms. The very source of the one that runs is what an exported script runs."""

from collections.abc import Callable

import torch
from torch import Tensor

from fmstudio.experiment.spec import ExperimentSpec

Step = Callable[..., tuple[Tensor, Tensor]]


def train_step(
    network: torch.nn.Module,
    loss_function: torch.nn.Module,
    optimizer: torch.optim.Optimizer,
    inputs: Tensor,
    targets: Tensor,
) -> tuple[Tensor, Tensor]:
    """Forward, loss, gradients, update.

    Args:
        network: In training mode.
        loss_function: Takes outputs and targets, gives one number.
        optimizer: Of the network's parameters.
        inputs: A batch, shape (n, …).
        targets: What is true, shape (n,) or (n, 1).

    Returns:
        The batch's loss and the network's outputs before the update; both on the device.
    """
    outputs = network(inputs)
    loss = loss_function(outputs, targets)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.detach(), outputs.detach()


def clipped_step(
    network: torch.nn.Module,
    loss_function: torch.nn.Module,
    optimizer: torch.optim.Optimizer,
    inputs: Tensor,
    targets: Tensor,
    longest: float,
) -> tuple[Tensor, Tensor]:
    """Forward, loss, gradients, update; the gradient of all weights together is shortened to at most ``longest``."""
    outputs = network(inputs)
    loss = loss_function(outputs, targets)
    optimizer.zero_grad()
    loss.backward()
    torch.nn.utils.clip_grad_norm_(network.parameters(), longest)
    optimizer.step()
    return loss.detach(), outputs.detach()


def closure_step(
    network: torch.nn.Module,
    loss_function: torch.nn.Module,
    optimizer: torch.optim.Optimizer,
    inputs: Tensor,
    targets: Tensor,
) -> tuple[Tensor, Tensor]:
    """Forward, loss, gradients, update, for an optimizer that asks for loss and gradients several times in a step."""
    first: list[Tensor] = []

    def closure() -> float:
        outputs = network(inputs)
        loss = loss_function(outputs, targets)
        optimizer.zero_grad()
        loss.backward()
        if not first:
            first.extend((loss.detach(), outputs.detach()))
        value: float = loss.item()
        return value

    optimizer.step(closure)
    return first[0], first[1]


def step_of(spec: ExperimentSpec) -> tuple[Step, tuple[float, ...]]:
    """The form of step that a spec needs, and what it is given after the targets."""
    if spec.optimizer.closure:
        return closure_step, ()
    if spec.gradient_clipping:
        return clipped_step, (spec.gradient_clipping,)
    return train_step, ()


def count_right(outputs: Tensor, targets: Tensor) -> Tensor:
    """How many of a batch were answered rightly; on the device."""
    return (outputs.argmax(1) == targets).sum()
