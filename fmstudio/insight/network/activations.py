"""What every layer of a network gives for one picture."""

from collections.abc import Iterator

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from fmstudio.insight.inside import LayerOutput
from fmstudio.insight.network.listening import Heard, listen
from fmstudio.insight.network.subject import Subject

MAPS = 64
"""So many maps of a layer are kept."""
NUMBERS = 1024
"""So many numbers of a layer are kept."""
_EDGE = 56
"""Larger maps are made smaller: more cannot be seen in a grid."""
_CONTAINERS = ("Sequential", "ModuleList")


def layer_outputs(subject: Subject, image: NDArray[np.uint8]) -> tuple[LayerOutput, ...]:
    """What every layer gives for a picture, in the order in which they are asked; blocks after what is in them.

    Args:
        subject: The network that is asked; nothing in it changes.
        image: Pixels, shape (height, width) or (height, width, channels).
    """
    torch.set_num_threads(1)
    return tuple(outputs_of(subject.network, subject.inputs(image[np.newaxis])))


@torch.no_grad()
def outputs_of(network: torch.nn.Module, inputs: Tensor) -> Iterator[LayerOutput]:
    """The same for one input, shape (1, channels, height, width)."""
    _, heard = listen(network, inputs)
    for layer in heard:
        if _is_shown(layer):
            yield LayerOutput(layer.name, layer.kind, tuple(layer.output.shape[1:]), _kept(layer.output[0]))


def _is_shown(layer: Heard) -> bool:
    """Whether it is a layer, or a block that does something of its own with what is in it."""
    return layer.output.dim() in (2, 4) and (layer.leaf or bool(layer.name and layer.kind not in _CONTAINERS))


def _kept(output: Tensor) -> NDArray[np.float32]:
    if output.dim() == 1:
        return output[:NUMBERS].float().cpu().numpy().copy()
    maps = output[:MAPS].float()
    if max(maps.shape[1:]) > _EDGE:
        size = (min(_EDGE, maps.shape[1]), min(_EDGE, maps.shape[2]))
        maps = torch.nn.functional.adaptive_avg_pool2d(maps, size)
    return maps.cpu().numpy().copy()
