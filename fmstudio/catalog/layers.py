"""What comes out of each layer, by plain arithmetic: shapes, parameters and why a layer does not fit. No torch."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from fmstudio.schema.call import Call
from fmstudio.words import tr

Shape = tuple[int, ...]


class DoesNotFitError(ValueError):
    """A layer cannot take what the one before it gives; the message says why, translated."""


@dataclass(frozen=True)
class LayerFacts:
    """One layer of a network, before any of it is built.

    Attributes:
        call: What will be built.
        output: Shape of its output for one picture, without the batch.
        parameters: Shape of each parameter by name: ``{"weight": (6, 1, 5, 5), "bias": (6,)}``.
        formula: How the output's shape comes about, with its numbers; empty where it is the input's.
        problem: Why it does not fit; empty where it does.
    """

    call: Call
    output: Shape
    parameters: Mapping[str, Shape] = field(default_factory=dict)
    formula: str = ""
    problem: str = ""

    @property
    def name(self) -> str:
        """The layer's class: ``Conv2d``."""
        return self.call.target.rpartition(".")[2]

    @property
    def weights(self) -> int:
        """Number of its parameters' elements."""
        return sum(math.prod(shape) for shape in self.parameters.values())


def trace(layers: Sequence[Call], shape: Shape) -> tuple[LayerFacts, ...]:
    """Follow a picture's shape through the layers; ends with the first layer that does not fit.

    Args:
        layers: Calls of ``torch.nn`` classes.
        shape: Of one picture, channels first, without the batch: (1, 28, 28).
    """
    traced: list[LayerFacts] = []
    for call in layers:
        rule = RULES.get(call.target, _same)
        try:
            facts = rule(call, shape)
        except DoesNotFitError as error:
            return (*traced, LayerFacts(call, shape, problem=str(error)))
        traced.append(facts)
        shape = facts.output
    return tuple(traced)


def _same(call: Call, shape: Shape) -> LayerFacts:
    return LayerFacts(call, shape)


def _conv2d(call: Call, shape: Shape) -> LayerFacts:
    channels, made, kernel = call.arguments
    padding, stride = call.named.get("padding", 0), call.named.get("stride", 1)
    side, formula = _slide(shape, kernel, padding, stride)
    parameters: dict[str, Shape] = {"weight": (made, channels, kernel, kernel)}
    if call.named.get("bias", True):
        parameters["bias"] = (made,)
    return LayerFacts(call, (made, *side), parameters, formula)


def _pool2d(call: Call, shape: Shape) -> LayerFacts:
    kernel = call.arguments[0]
    side, formula = _slide(shape, kernel, call.named.get("padding", 0), call.named.get("stride", kernel))
    return LayerFacts(call, (shape[0], *side), formula=formula)


def _slide(shape: Shape, kernel: int, padding: int, stride: int) -> tuple[Shape, str]:
    if len(shape) != 3:
        raise DoesNotFitError(tr("needs a picture, but gets a row of {count} numbers", count=math.prod(shape)))
    small = min(shape[1:]) + 2 * padding
    if kernel > small:
        raise DoesNotFitError(
            tr("a window of {kernel} × {kernel} is larger than the picture, which is only {size} × {size} here",
               kernel=kernel, size=small)
        )  # fmt: skip
    side = tuple((size - kernel + 2 * padding) // stride + 1 for size in shape[1:])
    return side, f"({shape[2]} − {kernel} + 2·{padding}) / {stride} + 1 = {side[1]}"


def _flatten(call: Call, shape: Shape) -> LayerFacts:
    return LayerFacts(call, (math.prod(shape),), formula=" · ".join(map(str, shape)) + f" = {math.prod(shape)}")


def _linear(call: Call, shape: Shape) -> LayerFacts:
    taken, made = call.arguments
    if shape[-1] != taken or len(shape) != 1:
        raise DoesNotFitError(tr("expects {taken} numbers, but gets {given}", taken=taken, given=math.prod(shape)))
    return LayerFacts(call, (made,), {"weight": (made, taken), "bias": (made,)}, f"{taken} → {made}")


def _batch_norm(call: Call, shape: Shape) -> LayerFacts:
    return LayerFacts(call, shape, {"weight": (shape[0],), "bias": (shape[0],)})


RULES: Mapping[str, Callable[[Call, Shape], LayerFacts]] = {
    "torch.nn.Conv2d": _conv2d,
    "torch.nn.MaxPool2d": _pool2d,
    "torch.nn.AvgPool2d": _pool2d,
    "torch.nn.Flatten": _flatten,
    "torch.nn.Linear": _linear,
    "torch.nn.BatchNorm1d": _batch_norm,
    "torch.nn.BatchNorm2d": _batch_norm,
}
