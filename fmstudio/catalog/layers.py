"""What comes out of each layer, by plain arithmetic: shapes, parameters and why a layer does not fit. No torch."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from fmstudio.schema.call import Call
from fmstudio.words import tr

Shape = tuple[int, ...]
Part = tuple[str, Call]
"""A layer inside a block, with the name under which the block keeps it."""


class DoesNotFitError(ValueError):
    """A layer cannot take what the one before it gives.

    Args:
        message: Why, translated.
        about: The argument of the layer that it hangs on: "kernel_size"; empty where it is none.
    """

    def __init__(self, message: str, about: str = "") -> None:
        super().__init__(message)
        self.about = about


@dataclass(frozen=True)
class LayerFacts:
    """One layer of a network, or one block of layers, before any of it is built.

    Attributes:
        call: What will be built.
        output: Shape of its output for one sample, without the batch.
        parameters: Shape of each parameter by name: ``{"weight": (6, 1, 5, 5), "bias": (6,)}``.
        formula: How the output's shape comes about, with its numbers; empty where it is the input's.
        problem: Why it does not fit; empty where it does.
        about: The argument that it hangs on, where it does not fit: "kernel_size"; empty where it is none.
        multiply_adds: Multiplications with a weight of a convolution or linear layer, for one sample.
        window: Side of the part of its input that one of its outputs sees, in numbers of that input.
        stride: How far apart the parts are that two neighbouring outputs see, in numbers of its input.
        receptive_field: The same side in pixels of the network's input; 0 where its outputs have no places. It may be
            larger than the picture: then each output sees the whole picture, and the margin that is added to it.
        spacing: The same distance in pixels of the network's input; 0 where its outputs have no places.
        inner: The layers that a block is made of.
    """

    call: Call
    output: Shape
    parameters: Mapping[str, Shape] = field(default_factory=dict)
    formula: str = ""
    problem: str = ""
    about: str = ""
    multiply_adds: int = 0
    window: int = 1
    stride: int = 1
    receptive_field: int = 0
    spacing: int = 0
    inner: tuple["LayerFacts", ...] = ()

    @property
    def name(self) -> str:
        """The layer's class: ``Conv2d``."""
        return self.call.target.rpartition(".")[2]

    @property
    def weights(self) -> int:
        """Number of its parameters' elements."""
        return sum(math.prod(shape) for shape in self.parameters.values())

    @property
    def numbers(self) -> int:
        """How many numbers it makes for one sample, those inside a block included; a view makes none."""
        if self.inner:
            return sum(layer.numbers for layer in self.inner)
        return 0 if self.name == "Flatten" else math.prod(self.output)

    @property
    def compares_samples(self) -> bool:
        """Whether it normalises single numbers over the batch: then a batch of one has nothing to compare."""
        own = self.name.startswith("BatchNorm") and math.prod(self.output[1:]) == 1
        return own or any(layer.compares_samples for layer in self.inner)


def trace(layers: Sequence[Call], shape: Shape, after: LayerFacts | None = None) -> tuple[LayerFacts, ...]:
    """Follow a sample's shape through the layers; ends with the first layer that does not fit.

    Args:
        layers: Calls of ``torch.nn`` classes, or of our own.
        shape: Of one sample, without the batch: (1, 28, 28), channels first.
        after: The layer before these, where they are not the first; only its receptive field is looked at.
    """
    seen, spacing = (after.receptive_field, after.spacing) if after else (1, 1)
    traced: list[LayerFacts] = []
    for call in layers:
        try:
            facts = RULES.get(call.target, LayerFacts)(call, shape)
        except DoesNotFitError as error:
            return (*traced, LayerFacts(call, shape, problem=str(error), about=error.about))
        shape = facts.output
        if len(shape) == 3 and spacing:
            seen += (facts.window - 1) * spacing
            spacing *= facts.stride
        else:
            seen = spacing = 0
        traced.append(replace(facts, receptive_field=seen, spacing=spacing))
    return tuple(traced)


def _conv2d(call: Call, shape: Shape) -> LayerFacts:
    channels, made, kernel = call.arguments
    stride = call.named.get("stride", 1)
    side, formula = _slide(shape, kernel, call.named.get("padding", 0), stride)
    _expect(channels, shape[0])
    parameters: dict[str, Shape] = {"weight": (made, channels, kernel, kernel)}
    if call.named.get("bias", True):
        parameters["bias"] = (made,)
    multiply_adds = math.prod(side) * math.prod(parameters["weight"])
    return LayerFacts(
        call, (made, *side), parameters, formula, multiply_adds=multiply_adds, window=kernel, stride=stride
    )


def _pool2d(call: Call, shape: Shape) -> LayerFacts:
    kernel, padding = call.arguments[0], call.named.get("padding", 0)
    stride = call.named.get("stride", kernel)
    side, formula = _slide(shape, kernel, padding, stride)
    if 2 * padding > kernel:
        raise DoesNotFitError(tr("a margin of {padding} is more than half of the window", padding=padding), "padding")
    return LayerFacts(call, (shape[0], *side), formula=formula, window=kernel, stride=stride)


def _global_pool(call: Call, shape: Shape) -> LayerFacts:
    """One number for each channel."""
    _expect_picture(shape)
    formula = " · ".join(map(str, shape[1:])) + " → 1"
    return LayerFacts(call, (shape[0], 1, 1), formula=formula, window=max(shape[1:]), stride=max(shape[1:]))


def _slide(shape: Shape, kernel: int, padding: int, stride: int) -> tuple[Shape, str]:
    """The size of a picture after a window slid over it, and how it comes about."""
    _expect_picture(shape)
    small = min(shape[1:]) + 2 * padding
    if kernel > small:
        raise DoesNotFitError(
            tr("a window of {kernel} × {kernel} is larger than the picture, which is only {size} × {size} here",
               kernel=kernel, size=small),
            "kernel_size",
        )  # fmt: skip
    height, width = ((size - kernel + 2 * padding) // stride + 1 for size in shape[1:])
    formulas = [_slid(size, kernel, padding, stride) for size in dict.fromkeys(shape[1:])]
    return (height, width), ", ".join(formulas)


def _slid(size: int, kernel: int, padding: int, stride: int) -> str:
    whole, rest = divmod(size - kernel + 2 * padding, stride)
    share = f"({size} − {kernel} + 2·{padding}) / {stride}"
    return f"⌊{share}⌋ + 1 = {whole + 1}" if rest else f"{share} + 1 = {whole + 1}"


def _expect_picture(shape: Shape) -> None:
    if len(shape) != 3:
        raise DoesNotFitError(tr("needs a picture, but gets a row of {count} numbers", count=math.prod(shape)))


def _expect_row(shape: Shape) -> None:
    if len(shape) != 1:
        size = " × ".join(map(str, shape))
        raise DoesNotFitError(tr("needs a row of numbers, but gets {shape}: flatten it first", shape=size))


def _expect(taken: int, given: int) -> None:
    if taken != given:
        raise DoesNotFitError(tr("expects {taken} numbers, but gets {given}", taken=taken, given=given))


def _flatten(call: Call, shape: Shape) -> LayerFacts:
    return LayerFacts(call, (math.prod(shape),), formula=" · ".join(map(str, shape)) + f" = {math.prod(shape)}")


def _linear(call: Call, shape: Shape) -> LayerFacts:
    taken, made = call.arguments
    _expect_row(shape)
    _expect(taken, shape[0])
    parameters: dict[str, Shape] = {"weight": (made, taken)}
    if call.named.get("bias", True):
        parameters["bias"] = (made,)
    return LayerFacts(call, (made,), parameters, f"{taken} → {made}", multiply_adds=taken * made)


def _written_out(call: Call, shape: Shape) -> LayerFacts:
    """A linear layer of our own, which flattens what it gets and counts the inputs first."""
    taken, made = call.arguments
    _expect(taken, math.prod(shape))
    parameters = {"weight": (taken, made), "bias": (made,)}
    return LayerFacts(call, (made,), parameters, f"{taken} → {made}", multiply_adds=taken * made)


def _sparse(call: Call, shape: Shape) -> LayerFacts:
    """The same as a table with one row for each pixel and one for the bias."""
    taken, made = call.arguments
    _expect(taken, math.prod(shape))
    formula = f"{taken} + 1 → {made}"
    return LayerFacts(call, (made,), {"table.weight": (taken + 1, made)}, formula, multiply_adds=taken * made)


def _batch_norm(call: Call, shape: Shape) -> LayerFacts:
    (_expect_picture if call.target.endswith("2d") else _expect_row)(shape)
    _expect(call.arguments[0], shape[0])
    return LayerFacts(call, shape, {"weight": (shape[0],), "bias": (shape[0],)})


def _residual(call: Call, shape: Shape) -> LayerFacts:
    """Our own block: its layers in ``body``, what goes round them in ``shortcut``."""
    taken, made = call.arguments
    stride = call.named.get("stride", 1)
    body = [
        ("body.0", _conv3(taken, made, stride)),
        ("body.1", Call("torch.nn.BatchNorm2d", made)),
        ("body.2", Call("torch.nn.ReLU")),
        ("body.3", _conv3(made, made)),
        ("body.4", Call("torch.nn.BatchNorm2d", made)),
    ]
    shortcut = [
        ("shortcut.0", Call("torch.nn.Conv2d", taken, made, 1, stride=stride, bias=False)),
        ("shortcut.1", Call("torch.nn.BatchNorm2d", made)),
    ]
    return _added(call, shape, body, shortcut if stride != 1 or taken != made else [])


def _basic_block(call: Call, shape: Shape) -> LayerFacts:
    """The block of torchvision's ResNet-18."""
    taken, made = call.arguments
    body = [
        ("conv1", _conv3(taken, made, call.named.get("stride", 1))),
        ("bn1", Call("torch.nn.BatchNorm2d", made)),
        ("relu", Call("torch.nn.ReLU")),
        ("conv2", _conv3(made, made)),
        ("bn2", Call("torch.nn.BatchNorm2d", made)),
    ]
    shortcut = call.named.get("downsample")
    parts = shortcut.arguments if shortcut else ()
    return _added(call, shape, body, [(f"downsample.{place}", part) for place, part in enumerate(parts)])


def _conv3(taken: int, made: int, stride: int = 1) -> Call:
    return Call("torch.nn.Conv2d", taken, made, 3, stride=stride, padding=1, bias=False)


def _added(call: Call, shape: Shape, body: Sequence[Part], shortcut: Sequence[Part]) -> LayerFacts:
    """A block whose input goes through the body and round it, is added, and passes a ReLU."""
    through, around = _traced(body, shape), _traced(shortcut, shape)
    last = through[-1]
    named = [*zip((name for name, _ in body), through, strict=True)]
    named += zip((name for name, _ in shortcut), around, strict=True)
    ends = (LayerFacts(Call("torch.add"), last.output), LayerFacts(Call("torch.nn.ReLU"), last.output))
    return LayerFacts(
        call,
        last.output,
        {f"{part}.{name}": size for part, layer in named for name, size in layer.parameters.items()},
        through[0].formula,
        multiply_adds=sum(layer.multiply_adds for _, layer in named),
        window=last.receptive_field,
        stride=last.spacing,
        inner=(*through, *around, *ends),
    )


def _traced(parts: Sequence[Part], shape: Shape) -> tuple[LayerFacts, ...]:
    traced = trace([call for _, call in parts], shape)
    if traced and traced[-1].problem:
        raise DoesNotFitError(traced[-1].problem)
    return traced


RULES: Mapping[str, Callable[[Call, Shape], LayerFacts]] = {
    "torch.nn.Conv2d": _conv2d,
    "torch.nn.MaxPool2d": _pool2d,
    "torch.nn.AvgPool2d": _pool2d,
    "torch.nn.AdaptiveAvgPool2d": _global_pool,
    "torch.nn.AdaptiveMaxPool2d": _global_pool,
    "torch.nn.Flatten": _flatten,
    "torch.nn.Linear": _linear,
    "torch.nn.BatchNorm1d": _batch_norm,
    "torch.nn.BatchNorm2d": _batch_norm,
    "torchvision.models.resnet.BasicBlock": _basic_block,
    "fmstudio.training.modules.LinearRegression": _written_out,
    "fmstudio.training.modules.SoftmaxRegression": _written_out,
    "fmstudio.training.modules.SparseSoftmaxRegression": _sparse,
    "fmstudio.training.modules.Residual": _residual,
}
"""How each layer changes a shape; one that is not here leaves it as it is."""
