"""The layers that the user's own list can have. What a layer gets follows from the one before it."""

import math
from typing import Any, ClassVar

from pydantic import SerializerFunctionWrapHandler, model_serializer

from fmstudio.catalog.layers import Shape
from fmstudio.schema.call import Call
from fmstudio.schema.choice import Choice
from fmstudio.schema.setting import setting
from fmstudio.words import marked

_NN = "torch.nn."
_MOST = 1_000_000_000
_BIAS_HELP = marked("Whether a number is added to each output. Before batch normalisation it is of no use.")
_STRIDE_HELP = marked("How far the window goes in each step.")
_PADDING_HELP = marked("How many rows and columns of zeros are added at each side.")


class LayerKind(Choice):
    """One layer of a list."""

    target: ClassVar[str] = ""
    """The torch class of a layer that takes nothing but its own settings."""

    def calls(self, shape: Shape) -> tuple[Call, ...]:
        """What is built for it.

        Args:
            shape: Of one sample as it comes in, without the batch: (channels, height, width), or (numbers,).
        """
        return (Call(self.target),)

    @model_serializer(mode="wrap")
    def _with_kind(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        kind = next(kind for kind, row in LAYERS.items() if row is type(self))
        return {"kind": kind, **handler(self)}


class Conv2d(LayerKind):
    """Convolution: a window slides over the picture and looks for the same thing everywhere.

    Each channel has its own window of weights over all channels that come in. Without padding the picture loses the
    kernel size minus one; 3 × 3 with padding 1 keeps its size. Output side: (n − kernel + 2 · padding) / stride + 1.

    Source: torch.nn.Conv2d.
    """

    title = marked("Convolution")
    channels: int = setting(
        16, marked("Channels"), marked("How many different things it looks for."), ge=1, le=_MOST, level="basic"
    )
    kernel_size: int = setting(
        3, marked("Kernel size"), marked("Side of the window."), ge=1, le=_MOST, level="basic", unit="px"
    )
    stride: int = setting(1, marked("Stride"), _STRIDE_HELP, ge=1, le=_MOST, unit="px")
    padding: int = setting(0, marked("Padding"), _PADDING_HELP, ge=0, le=1_000_000, unit="px")
    bias: bool = setting(True, marked("Bias"), _BIAS_HELP)

    def calls(self, shape: Shape) -> tuple[Call, ...]:
        """One convolution over as many channels as come in."""
        usual = Conv2d()
        named = {name: getattr(self, name) for name in ("stride", "padding", "bias")}
        named = {name: value for name, value in named.items() if value != getattr(usual, name)}
        return (Call(_NN + "Conv2d", shape[0], self.channels, self.kernel_size, **named),)


class BatchNorm(LayerKind):
    """Batch normalisation: mean 0 and deviation 1 over the batch, then a scale and a shift that are learned.

    Of pictures each channel is normalised, of a row each number. Deep networks learn faster with it. While training it
    needs several samples in a batch; afterwards it uses a running mean. It stands before the activation as a rule.

    Source: torch.nn.BatchNorm2d, torch.nn.BatchNorm1d; Ioffe, Szegedy: Batch Normalization, 2015.
    """

    title = marked("Batch normalisation")

    def calls(self, shape: Shape) -> tuple[Call, ...]:
        """Of channels, or of numbers."""
        return (Call(_NN + ("BatchNorm2d" if len(shape) == 3 else "BatchNorm1d"), shape[0]),)


class Relu(LayerKind):
    """ReLU: negative numbers become 0.

    The usual activation: cheap, and the gradient of positive numbers passes unchanged. A number that is negative for
    every sample learns no more.

    Source: torch.nn.ReLU.
    """

    title = "ReLU"
    target = _NN + "ReLU"


class LeakyRelu(LayerKind):
    """Leaky ReLU: negative numbers become small.

    Like ReLU, but negative numbers keep a little of their gradient, so that none stops learning for good.

    Source: torch.nn.LeakyReLU.
    """

    title = marked("Leaky ReLU")
    negative_slope: float = setting(
        0.01, marked("Negative slope"), marked("What negative numbers are multiplied with."), ge=0, le=1
    )

    def calls(self, shape: Shape) -> tuple[Call, ...]:
        """With its slope, where it is not torch's."""
        given = () if self.negative_slope == LeakyRelu().negative_slope else (self.negative_slope,)
        return (Call(_NN + "LeakyReLU", *given),)


class Elu(LayerKind):
    """ELU: negative numbers run smoothly against a limit.

    Positive numbers stay, negative x become α · (exp(x) − 1): the mean stays nearer to 0 than with ReLU.

    Source: torch.nn.ELU; Clevert, Unterthiner, Hochreiter, 2015.
    """

    title = "ELU"
    alpha: float = setting(1.0, marked("Alpha"), marked("The limit below, as a positive number."), gt=0, le=100)

    def calls(self, shape: Shape) -> tuple[Call, ...]:
        """With its limit, where it is not torch's."""
        return (Call(_NN + "ELU", *(() if self.alpha == Elu().alpha else (self.alpha,))),)


class Gelu(LayerKind):
    """GELU: a smooth ReLU, x times the probability of being below x.

    Used in transformers; a little slower than ReLU, often a little better in deep networks.

    Source: torch.nn.GELU; Hendrycks, Gimpel, 2016.
    """

    title = "GELU"
    target = _NN + "GELU"


class Silu(LayerKind):
    """SiLU: x times its sigmoid, also known as swish.

    Smooth as GELU and much like it.

    Source: torch.nn.SiLU.
    """

    title = "SiLU"
    target = _NN + "SiLU"


class Tanh(LayerKind):
    """Tanh: every number is bent into −1…1.

    The activation of the first networks. Far from 0 it is flat, so that gradients vanish in deep networks.

    Source: torch.nn.Tanh.
    """

    title = "Tanh"
    target = _NN + "Tanh"


class Sigmoid(LayerKind):
    """Sigmoid: every number is bent into 0…1.

    Its gradient is a quarter at most: after a few layers little of it is left, and the network hardly learns.

    Source: torch.nn.Sigmoid.
    """

    title = "Sigmoid"
    target = _NN + "Sigmoid"


class MaxPool(LayerKind):
    """Max pooling: of each window the largest number stays.

    Makes the picture smaller and forgets where exactly something was seen. A window of 2 halves the picture.

    Source: torch.nn.MaxPool2d.
    """

    title = marked("Max pooling")
    target = _NN + "MaxPool2d"
    kernel_size: int = setting(
        2, marked("Window"), marked("Side of the window."), ge=1, le=_MOST, level="basic", unit="px"
    )
    stride: int | None = setting(
        None, marked("Stride"), marked("How far the window goes in each step; by itself, as far as it is wide."),
        ge=1, le=_MOST, unit="px",
    )  # fmt: skip
    padding: int = setting(0, marked("Padding"), _PADDING_HELP, ge=0, le=1_000_000, unit="px")

    def calls(self, shape: Shape) -> tuple[Call, ...]:
        """With what is not torch's."""
        named = {"stride": self.stride, "padding": self.padding}
        named = {name: value for name, value in named.items() if value}
        return (Call(self.target, self.kernel_size, **named),)


class AvgPool(MaxPool):
    """Average pooling: of each window the mean stays.

    Makes the picture smaller like max pooling, and smoother. A window of 2 halves the picture.

    Source: torch.nn.AvgPool2d.
    """

    title = marked("Average pooling")
    target = _NN + "AvgPool2d"


class GlobalAvgPool(LayerKind):
    """Global average pooling: one number for each channel, the mean of the whole picture.

    Stands before the last layer of many modern networks instead of a Flatten: far fewer weights follow, and pictures of
    any size fit.

    Source: torch.nn.AdaptiveAvgPool2d; Lin, Chen, Yan: Network in Network, 2013.
    """

    title = marked("Global average pooling")

    def calls(self, shape: Shape) -> tuple[Call, ...]:
        """To a picture of one pixel."""
        return (Call(_NN + "AdaptiveAvgPool2d", 1),)


class Dropout(LayerKind):
    """Dropout: while training, a share of the numbers becomes 0 at random.

    No number can rely on a single other one, which helps against overfitting. It does nothing when the network is
    asked. Usual between linear layers; with little data and large networks.

    Source: torch.nn.Dropout; Srivastava and others, 2014.
    """

    title = "Dropout"
    p: float = setting(0.5, marked("Share"), marked("How many of the numbers become 0."), ge=0, lt=1, level="basic")

    def calls(self, shape: Shape) -> tuple[Call, ...]:
        """With its share."""
        return (Call(_NN + "Dropout", self.p),)


class Flatten(LayerKind):
    """Flatten: a picture becomes one row of numbers.

    Linear layers need it before them. It learns nothing.

    Source: torch.nn.Flatten.
    """

    title = "Flatten"
    target = _NN + "Flatten"


class Linear(LayerKind):
    """Linear layer: each output is a weighted sum of all inputs.

    Every number that comes in is joined with every number that goes out: most weights of small networks are here. It
    takes a row of numbers: a picture must be flattened before it.

    Source: torch.nn.Linear.
    """

    title = marked("Linear layer")
    features: int = setting(64, marked("Features"), marked("How many numbers it makes."), ge=1, le=_MOST, level="basic")
    bias: bool = setting(True, marked("Bias"), _BIAS_HELP)

    def calls(self, shape: Shape) -> tuple[Call, ...]:
        """From as many numbers as come in."""
        return (Call(_NN + "Linear", math.prod(shape), self.features, **({} if self.bias else {"bias": False})),)


class ResidualBlock(LayerKind):
    """Residual block: two 3 × 3 convolutions whose input is added to what they make.

    The convolutions need to learn only the difference, and the gradient passes by them unhindered: so networks can be
    deep. With batch normalisation and ReLU inside. A stride of 2 halves the picture; where size or channels change, the
    short cut is a 1 × 1 convolution.

    Source: He, Zhang, Ren, Sun: Deep Residual Learning for Image Recognition, 2015.
    """

    title = marked("Residual block")
    channels: int = setting(
        16, marked("Channels"), marked("How many different things it looks for."), ge=1, le=_MOST, level="basic"
    )
    stride: int = setting(1, marked("Stride"), _STRIDE_HELP, ge=1, le=_MOST, unit="px")

    def calls(self, shape: Shape) -> tuple[Call, ...]:
        """A block of our own."""
        named = {} if self.stride == 1 else {"stride": self.stride}
        return (Call("fmstudio.training.modules.Residual", shape[0], self.channels, **named),)


LAYERS: dict[str, type[LayerKind]] = {
    "conv2d": Conv2d,
    "batch-norm": BatchNorm,
    "relu": Relu,
    "leaky-relu": LeakyRelu,
    "elu": Elu,
    "gelu": Gelu,
    "silu": Silu,
    "tanh": Tanh,
    "sigmoid": Sigmoid,
    "max-pool": MaxPool,
    "avg-pool": AvgPool,
    "global-avg-pool": GlobalAvgPool,
    "dropout": Dropout,
    "flatten": Flatten,
    "linear": Linear,
    "residual": ResidualBlock,
}
