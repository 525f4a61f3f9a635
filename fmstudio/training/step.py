"""One step of training. This very source is what an exported script runs."""

import torch
from torch import Tensor


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
        loss_function: Takes outputs and targets, gives a mean.
        optimizer: Of the network's parameters.
        inputs: A batch, shape (n, …).
        targets: What is true, shape (n,).

    Returns:
        The batch's mean loss, and how many of its samples were answered rightly; both on the device.
    """
    outputs = network(inputs)
    loss = loss_function(outputs, targets)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.detach(), (outputs.detach().argmax(1) == targets).sum()
