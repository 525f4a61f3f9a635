"""What every layer of a network gives for some inputs, heard on a copy: the network itself gets no hook."""

from copy import deepcopy
from dataclasses import dataclass
from itertools import chain

import torch
from torch import Tensor


@dataclass(frozen=True, eq=False)
class Heard:
    """What a layer gave.

    Attributes:
        name: Of the layer, as torch names it: "4" or "layer1.0.conv1"; empty for the network itself.
        kind: Its class: "Conv2d".
        output: What it gave, part of the graph of the pass.
        leaf: Whether no layer is inside it.
    """

    name: str
    kind: str
    output: Tensor
    leaf: bool


def listening_copy(network: torch.nn.Module) -> torch.nn.Module:
    """The same network with modules of its own, whose weights are the very tensors of the original.

    Nothing is overwritten in place in it, so that what a layer gave stays as it was.
    """
    tensors: dict[int, object] = {id(tensor): tensor for tensor in chain(network.parameters(), network.buffers())}
    copy = deepcopy(network, tensors)
    for module in copy.modules():
        if vars(module).get("inplace") is True:
            vars(module)["inplace"] = False
    return copy


def listen(network: torch.nn.Module, inputs: Tensor) -> tuple[Tensor, list[Heard]]:
    """Ask a network, and hear what each layer gives on the way, in the order in which they are done.

    Args:
        network: Is not changed.
        inputs: Shape (n, channels, height, width).

    Returns:
        The network's outputs, and what its layers gave; blocks after what is in them.
    """
    copy = listening_copy(network)
    heard: list[Heard] = []

    def hear(name: str, module: torch.nn.Module, output: object) -> None:
        if isinstance(output, Tensor):
            leaf = next(module.children(), None) is None
            heard.append(Heard(name, type(module).__name__, output, leaf))

    for name, module in copy.named_modules():
        module.register_forward_hook(lambda module, _, output, name=name: hear(name, module, output))
    outputs: Tensor = copy(inputs)
    return outputs, heard
