"""Which pixels mattered to a network's answer: gradient, integrated gradients, Grad-CAM; occlusion has its own module.

All of them explain the score of one class before softmax: a probability near 1 has no gradient left to explain.
"""

from dataclasses import replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from fmstudio.errors import UserError
from fmstudio.insight.explanation import METHODS, Explanation, Heat, Method
from fmstudio.insight.network.listening import Heard, listen
from fmstudio.insight.network.occlusion import occlusion
from fmstudio.insight.network.subject import Subject
from fmstudio.words import tr

STEPS = 50
"""Places between the black picture and the picture at which integrated gradients look."""
_AT_ONCE = 10
"""Places that are looked at in one pass: memory stays small for deep networks."""
_LOOKUPS = (torch.nn.EmbeddingBag, torch.nn.Embedding)


def explanations(subject: Subject, image: NDArray[np.uint8], target: int) -> tuple[Explanation | UserError, ...]:
    """What every method says; one that cannot be used leaves its sentence in its place.

    Args:
        subject: The network that is asked; nothing in it changes.
        image: Pixels, shape (height, width) or (height, width, channels).
        target: The class that is explained.
    """
    return tuple(_tried(subject, image, target, method) for method in METHODS)


def _tried(subject: Subject, image: NDArray[np.uint8], target: int, method: Method) -> Explanation | UserError:
    try:
        return explained(subject, image, target, method)
    except UserError as error:
        return error


def explained(subject: Subject, image: NDArray[np.uint8], target: int, method: Method) -> Explanation:
    """What one method says; arguments as of ``explanations``.

    Raises:
        UserError: Where it cannot be used for this network.
    """
    torch.set_num_threads(1)
    inputs = subject.inputs(image[np.newaxis])
    score, probability = _answer(subject, inputs, target)
    found = Explanation(method, target, score, probability, np.empty((0, 0), np.float32))
    try:
        return _asked(subject.network, inputs, subject.inputs(np.zeros_like(image)[np.newaxis]), found)
    except (RuntimeError, NotImplementedError) as error:
        reason = str(error).partition("\n")[0]
        message = tr("This cannot be computed for this network: {reason}", reason=reason)
        raise UserError(message, tr("The other methods may still work.")) from error


def _asked(network: torch.nn.Module, inputs: Tensor, black: Tensor, found: Explanation) -> Explanation:
    """One explanation, completed.

    Args:
        network: In evaluation mode.
        inputs: One picture, shape (1, channels, height, width).
        black: The black picture as the network sees it, same shape.
        found: What is known of it so far.
    """
    if found.method == "gradient":
        slope = gradient(network, inputs, found.target)
        return replace(found, amount=_array(slope.abs().amax(1)), signed=_array(slope.sum(1)))
    if found.method == "integrated":
        share, gap = integrated_gradients(network, inputs, black, found.target)
        signed = _array(share.sum(1))
        return replace(found, amount=np.abs(signed), signed=signed, gap=gap)
    if found.method == "grad-cam":
        cam, layer = grad_cam(network, inputs, found.target)
        large = torch.nn.functional.interpolate(cam, size=inputs.shape[2:], mode="bilinear")
        places = (cam.shape[2], cam.shape[3])
        return replace(found, amount=_array(large[:, 0]), layer=layer, places=places)
    falls, patch, lowest = occlusion(network, inputs, black, found.target)
    return replace(found, amount=falls.clip(min=0), signed=falls, patch=patch, lowest=lowest)


def gradient(network: torch.nn.Module, inputs: Tensor, target: int) -> Tensor:
    """How the score of a class changes with each number of the input.

    Args:
        network: Is not changed.
        inputs: Shape (n, channels, height, width).
        target: The class.

    Returns:
        Same shape.

    Raises:
        UserError: Where the network only looks up what is lit.
    """
    if any(isinstance(module, _LOOKUPS) for module in network.modules()):
        message = tr("This network looks up only the pixels that are lit: the dark ones have no gradient.")
        raise UserError(message, tr("Look at integrated gradients or at occlusion."))
    return _slope(network, inputs, target)


def integrated_gradients(
    network: torch.nn.Module, inputs: Tensor, black: Tensor, target: int, steps: int = STEPS
) -> tuple[Tensor, float]:
    """How much each number of the input adds to the score, from the black picture to this one.

    The gradient is averaged on the straight way between the two (Gauss-Legendre), and taken times the difference. The
    parts add up to the difference of the two scores: what is missing is the gap.

    Args:
        network: Is not changed.
        inputs: One picture, shape (1, channels, height, width).
        black: Where the way begins, same shape.
        target: The class.
        steps: Places on the way.

    Returns:
        The parts, same shape, and the gap as a share of the difference, 0 or more.
    """
    places, weights = np.polynomial.legendre.leggauss(steps)
    way = torch.tensor((1 + places) / 2, dtype=inputs.dtype, device=inputs.device).view(-1, 1, 1, 1)
    parts = torch.tensor(weights / 2, dtype=inputs.dtype, device=inputs.device).view(-1, 1, 1, 1)
    total = torch.zeros_like(inputs)
    for some, share in zip(way.split(_AT_ONCE), parts.split(_AT_ONCE), strict=True):
        slopes = _slope(network, black + some * (inputs - black), target)
        total += (slopes * share).sum(0, keepdim=True)
    added = total * (inputs - black)
    with torch.no_grad():
        difference = float((network(inputs) - network(black))[0, target])
    return added, abs(float(added.sum()) - difference) / max(abs(difference), 1e-6)


def grad_cam(network: torch.nn.Module, inputs: Tensor, target: int) -> tuple[Tensor, str]:
    """Where the last layer that still knows places saw what speaks for a class.

    Its channels are weighed with their mean gradients and added up; what is below 0 is left out.

    Args:
        network: Is not changed.
        inputs: One picture, shape (1, channels, height, width).
        target: The class.

    Returns:
        The map, shape (1, 1, rows, columns) of that layer, and its name.

    Raises:
        UserError: Where no layer gives maps.
    """
    with torch.enable_grad():
        outputs, heard = listen(network, inputs.detach().clone().requires_grad_())
        for layer in reversed([one for one in heard if _knows_places(one)]):
            (slope,) = torch.autograd.grad(outputs[0, target], layer.output, retain_graph=True, allow_unused=True)
            if slope is not None:
                cam = (slope.mean((2, 3), keepdim=True) * layer.output).sum(1, keepdim=True).relu().detach()
                return cam, next(one.name for one in heard if one.output is layer.output)
    message = tr("Grad-CAM needs a layer that still knows where things are; this network has no convolution.")
    raise UserError(message, tr("The other methods work for every network."))


def _knows_places(layer: Heard) -> bool:
    """Whether it gives maps that are larger than one number, made by something: not the picture unchanged."""
    output = layer.output
    return output.dim() == 4 and output.shape[2] > 1 and output.shape[3] > 1 and output.requires_grad


def _slope(network: torch.nn.Module, inputs: Tensor, target: int) -> Tensor:
    with torch.enable_grad():
        asked = inputs.detach().clone().requires_grad_()
        (slope,) = torch.autograd.grad(network(asked)[:, target].sum(), asked)
    found: Tensor = slope
    return found


@torch.no_grad()
def _answer(subject: Subject, inputs: Tensor, target: int) -> tuple[float, float]:
    """Score and probability of the class.

    Raises:
        UserError: Where there is no such class.
    """
    outputs = subject.network(inputs)[0]
    if not 0 <= target < len(outputs):
        raise UserError(tr("This network knows {count} classes: there is no number {wanted}.", count=len(outputs),
                           wanted=target))  # fmt: skip
    return float(outputs[target]), float(outputs.softmax(0)[target])


def _array(values: Tensor) -> Heat:
    """The first of some maps as an array."""
    found: Heat = values[0].detach().float().cpu().numpy()
    return found
