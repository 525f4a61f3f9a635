"""How the weights of a network are spread, and the gradients of its loss over some training pictures."""

import numpy as np
import torch
from torch import Tensor

from fmstudio.insight.inside import ParameterSpread, Spread
from fmstudio.insight.network.subject import Subject

BATCH = 64
"""So many training pictures, the first ones, are asked for the gradients."""
BINS = 41


def parameter_spreads(subject: Subject) -> tuple[ParameterSpread, ...]:
    """Each tensor of weights with its gradients, in the order of the network; nothing in the network changes."""
    torch.set_num_threads(1)
    pictures = subject.training_images()
    targets = torch.from_numpy(np.array(pictures.labels[:BATCH], np.int64))
    loss: torch.nn.Module = subject.spec.loss.call(subject.spec.facts).make()
    return spreads_of(subject.network, subject.inputs(pictures.images[:BATCH]), targets, loss)


def spreads_of(
    network: torch.nn.Module, inputs: Tensor, targets: Tensor, loss: torch.nn.Module
) -> tuple[ParameterSpread, ...]:
    """The same for one batch and one loss."""
    copies = {name: value.detach().clone().requires_grad_() for name, value in network.named_parameters()}
    with torch.enable_grad():
        value: Tensor = loss(torch.func.functional_call(network, copies, (inputs,)), targets)
        slopes = torch.autograd.grad(value, list(copies.values()), allow_unused=True)
    return tuple(
        ParameterSpread(
            name, tuple(weights.shape), spread_of(weights), spread_of(torch.zeros(1) if slope is None else slope)
        )
        for (name, weights), slope in zip(copies.items(), slopes, strict=True)
    )


def spread_of(values: Tensor) -> Spread:
    """How some numbers are spread, in equal parts around 0; those that are not finite are left out."""
    numbers = values.detach().to_dense().flatten().double().cpu().numpy()
    numbers = numbers[np.isfinite(numbers)]
    reach = float(np.abs(numbers).max(initial=0)) or 1.0
    counts, _ = np.histogram(numbers, BINS, (-reach, reach))
    mean, deviation = (float(numbers.mean()), float(numbers.std())) if len(numbers) else (0.0, 0.0)
    zeros = float(np.mean(numbers == 0)) if len(numbers) else 0.0
    return Spread(counts.astype(np.int64), -reach, reach, mean, deviation, zeros)
