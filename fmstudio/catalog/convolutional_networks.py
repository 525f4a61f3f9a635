"""Networks of convolutions."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Literal

from fmstudio.catalog.activations import ACTIVATION_HELP, ACTIVATIONS, Activation
from fmstudio.catalog.architecture import Architecture, trained_by
from fmstudio.catalog.layers import LayerFacts, trace
from fmstudio.catalog.linear_networks import MOST
from fmstudio.schema.call import Call
from fmstudio.schema.choice import Facts
from fmstudio.schema.problem import Mending, Problem
from fmstudio.schema.setting import setting
from fmstudio.words import marked, tr

_POOLINGS = {"max": "torch.nn.MaxPool2d", "average": "torch.nn.AvgPool2d"}


class Cnn(Architecture):
    """Two convolutions with pooling, then three linear layers.

    Small windows slide over the picture and look for the same thing everywhere: edges first, then parts. Pooling keeps
    the strongest answer of each 2 × 2 and makes the picture smaller. It needs far fewer weights than a fully connected
    network, and knows which pixels are neighbours. About 88 % on Fashion-MNIST after two epochs.

    Source: LeCun, Bottou, Bengio, Haffner: Gradient-based learning applied to document recognition, 1998.
    """

    title = marked("Small CNN")
    convolutional = True
    recipe = trained_by("adam", 0.01, "one-cycle", 128)
    channels: tuple[int, ...] = setting(
        (6, 12),
        marked("Channels"),
        marked("How many different things each convolution looks for; one convolution for each number."),
        ge=1,
        le=MOST,
        length=(1, 8),
    )
    kernel_size: int = setting(
        5, marked("Kernel size"), marked("Side of the window that slides over the picture."), ge=1, le=MOST, unit="px"
    )
    kernel_sizes: tuple[int, ...] = setting(
        (),
        marked("Kernel sizes"),
        marked("A kernel size for each convolution, where they differ. Empty: all have the one above."),
        ge=1,
        le=MOST,
        length=(0, 8),
        level="rare",
    )
    features: tuple[int, ...] = setting(
        (120, 60),
        marked("Features"),
        marked("How many numbers each linear layer before the last one makes."),
        ge=1,
        le=MOST,
        length=(1, 8),
    )
    activation: Activation = setting("relu", marked("Activation"), ACTIVATION_HELP)

    def problems(self) -> tuple[Problem, ...]:
        """Kernel sizes are said for every convolution or for none."""
        if not self.kernel_sizes or len(self.kernel_sizes) == len(self.channels):
            return ()
        message = tr("needs {count} numbers: one for each convolution", count=len(self.channels))
        mending = Mending(tr("All the same"), (("kernel_sizes", ()),))
        return (Problem("kernel_sizes", message, mending),)

    def calls(self, facts: Facts) -> tuple[Call, ...]:
        """Convolution, activation, pooling for each channel count; flatten; the linear layers."""
        kernels = self.kernel_sizes or (self.kernel_size,) * len(self.channels)
        layers: list[Call] = []
        for (taken, made), kernel in zip(pairwise((facts.shape[0], *self.channels)), kernels, strict=True):
            layers += [
                Call("torch.nn.Conv2d", taken, made, kernel),
                Call(ACTIVATIONS[self.activation]),
                Call("torch.nn.MaxPool2d", 2),
            ]
        return (*layers, *linear_end(layers, facts, self.features, self.activation))

    def _setting_of(self, layer: LayerFacts) -> str:
        if layer.name == "MaxPool2d":
            return "channels"
        return "kernel_sizes" if self.kernel_sizes else "kernel_size"


class LeNet(Architecture):
    """LeNet-5: the network that read cheques, two convolutions and three linear layers.

    The first convolutional network that did work: 5 × 5 windows look for 6 and then 16 things, averages of 2 × 2 make
    the picture smaller, and 120 and 84 numbers lead to the classes. Originally with tanh; ReLU and maxima do a little
    better. About 89 % on Fashion-MNIST after eight epochs of some seconds each.

    Source: LeCun, Bottou, Bengio, Haffner: Gradient-based learning applied to document recognition, 1998.
    """

    title = "LeNet-5"
    convolutional = True
    recipe = trained_by("adam", 0.005, "one-cycle", 128)
    activation: Activation = setting("tanh", marked("Activation"), ACTIVATION_HELP)
    pooling: Literal["average", "max"] = setting(
        "average", marked("Pooling"), marked("What is kept of each 2 × 2: their average or the largest of them.")
    )

    def calls(self, facts: Facts) -> tuple[Call, ...]:
        """Twice convolution, activation and pooling; flatten; the linear layers."""
        bend, pool = Call(ACTIVATIONS[self.activation]), Call(_POOLINGS[self.pooling], 2)
        first = Call("torch.nn.Conv2d", facts.shape[0], 6, 5, padding=2)
        layers = [first, bend, pool, Call("torch.nn.Conv2d", 6, 16, 5), bend, pool]
        return (*layers, *linear_end(layers, facts, (120, 84), self.activation))


class SmallVgg(Architecture):
    """Blocks of 3 × 3 convolutions with pooling between them.

    Two small windows, one after the other, see as much as a large one, with fewer weights and one more bend. Each block
    halves the picture and looks for more things. About 93 % on Fashion-MNIST after four epochs; an epoch takes about
    seven times as long as with the small CNN. Five blocks are more than a picture of 28 pixels can be halved.

    Source: Simonyan, Zisserman: Very Deep Convolutional Networks for Large-Scale Image Recognition, 2015.
    """

    title = marked("Small VGG")
    convolutional = True
    recipe = trained_by("adam", 0.003, "one-cycle", 128)
    channels: tuple[int, ...] = setting(
        (16, 32, 64),
        marked("Channels"),
        marked("How many different things the convolutions of each block look for; one block for each number."),
        ge=1,
        le=MOST,
        length=(1, 8),
    )
    convolutions: int = setting(
        2, marked("Convolutions per block"), marked("How many convolutions stand before each pooling."), ge=1, le=16
    )
    features: tuple[int, ...] = setting(
        (128,),
        marked("Features"),
        marked("How many numbers each linear layer before the last one makes."),
        ge=1,
        le=MOST,
        length=(1, 8),
    )
    dropout: float = setting(
        0.2,
        marked("Dropout"),
        marked("Share of the features that are set to zero at random while training, against overfitting."),
        ge=0,
        lt=1,
    )
    batch_norm: bool = setting(
        True,
        marked("Batch normalisation"),
        marked("Bring each channel to mean 0 and deviation 1 over the batch: deep networks learn faster."),
    )

    def calls(self, facts: Facts) -> tuple[Call, ...]:
        """Blocks of convolution, normalisation and ReLU with a pooling; flatten; the linear layers."""
        layers: list[Call] = []
        for taken, made in pairwise((facts.shape[0], *self.channels)):
            for place in range(self.convolutions):
                layers += convolution(made if place else taken, made, batch_norm=self.batch_norm)
            layers.append(Call("torch.nn.MaxPool2d", 2))
        return (*layers, *linear_end(layers, facts, self.features, "relu", self.dropout))

    def _setting_of(self, layer: LayerFacts) -> str:
        return "channels"


def convolution(taken: int, made: int, *, batch_norm: bool = True) -> list[Call]:
    """A 3 × 3 convolution that keeps the picture's size, normalised where asked for, and a ReLU."""
    if not batch_norm:
        return [Call("torch.nn.Conv2d", taken, made, 3, padding=1), Call("torch.nn.ReLU")]
    return [
        Call("torch.nn.Conv2d", taken, made, 3, padding=1, bias=False),
        Call("torch.nn.BatchNorm2d", made),
        Call("torch.nn.ReLU"),
    ]


def linear_end(
    layers: Sequence[Call], facts: Facts, features: Sequence[int], activation: Activation, dropout: float = 0.0
) -> tuple[Call, ...]:
    """Flatten what some layers give, then linear layers with an activation, and one for the classes."""
    shape = trace(layers, facts.shape)[-1].output
    end = [Call("torch.nn.Flatten")]
    flat = trace(end, shape)[0].output[0]
    for taken, made in pairwise((flat, *features)):
        end += [Call("torch.nn.Linear", taken, made), Call(ACTIVATIONS[activation])]
        if dropout:
            end.append(Call("torch.nn.Dropout", dropout))
    return (*end, Call("torch.nn.Linear", features[-1], facts.outputs))
