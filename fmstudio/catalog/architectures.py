"""The networks that can be chosen. They return logits: the loss does the rest."""

from itertools import pairwise
from typing import ClassVar, Literal

from fmstudio.catalog.layers import LayerFacts, trace
from fmstudio.schema.call import Call
from fmstudio.schema.choice import Choice, Facts
from fmstudio.schema.problem import Problem
from fmstudio.schema.setting import setting
from fmstudio.words import marked, tr

Activation = Literal["relu", "leaky-relu", "gelu", "tanh", "sigmoid"]
_ACTIVATIONS = {
    "relu": "torch.nn.ReLU",
    "leaky-relu": "torch.nn.LeakyReLU",
    "gelu": "torch.nn.GELU",
    "tanh": "torch.nn.Tanh",
    "sigmoid": "torch.nn.Sigmoid",
}
_ACTIVATION_HELP = marked("What bends the numbers between two layers. Without it the layers would act as one.")


class Architecture(Choice):
    """A network for pictures: a sequence of layers."""

    convolutional: ClassVar[bool] = False
    """Whether it sees neighbouring pixels: then pictures are laid out with their channels last, which is faster."""

    def layers(self, facts: Facts) -> tuple[Call, ...]:
        """The layers in order, each a call of a ``torch.nn`` class."""
        raise NotImplementedError

    def call(self, facts: Facts) -> Call:
        """The whole network."""
        return Call("torch.nn.Sequential", *self.layers(facts))

    def trace(self, facts: Facts) -> tuple[LayerFacts, ...]:
        """Each layer with shapes and counts; ends with the first that does not fit."""
        return trace(self.layers(facts), (facts.channels, facts.height, facts.width))

    def unfit(self, facts: Facts) -> Problem | None:
        """Why it cannot take these pictures, at the setting to change; None where it can."""
        last = self.trace(facts)[-1]
        if not last.problem:
            return None
        message = tr("{layer}: {reason}", layer=last.name, reason=last.problem)
        return Problem(self._setting_of(last.name), message)

    def weights(self, facts: Facts) -> int:
        """Number of numbers that are learned."""
        return sum(layer.weights for layer in self.trace(facts))

    def _setting_of(self, layer: str) -> str:
        """The setting that a layer which does not fit hangs on."""
        return ""


class SoftmaxRegression(Architecture):
    """One linear layer: each pixel votes for each class.

    The simplest network: logits = W · x + b, where x is the picture as one row of numbers. It learns one template per
    class and cannot tell shapes that move. About 84 % on Fashion-MNIST. It trains in seconds and shows what deeper
    networks must beat.

    Source: torch.nn.Linear; Hastie, Tibshirani, Friedman: The Elements of Statistical Learning, section 4.4.
    """

    title = marked("Softmax regression")

    def layers(self, facts: Facts) -> tuple[Call, ...]:
        """Flatten, then one linear layer."""
        return Call("torch.nn.Flatten"), Call("torch.nn.Linear", facts.pixels, facts.classes)


class Mlp(Architecture):
    """Fully connected layers with an activation between them.

    Every number of a layer is joined with every number of the next. It learns more than softmax regression (about 88 %
    on Fashion-MNIST), but knows nothing of neighbouring pixels: for pictures a CNN does more with fewer weights.

    Source: Rumelhart, Hinton, Williams: Learning representations by back-propagating errors, 1986.
    """

    title = marked("Multilayer perceptron")
    hidden: tuple[int, ...] = setting(
        (256, 128),
        marked("Hidden layers"),
        marked("How many numbers each hidden layer makes, from the first to the last."),
        ge=1,
        le=16384,
        length=(1, 16),
    )
    activation: Activation = setting("relu", marked("Activation"), _ACTIVATION_HELP)
    dropout: float = setting(
        0.0,
        marked("Dropout"),
        marked("Share of the hidden numbers that are set to zero at random while training, against overfitting."),
        ge=0,
        lt=1,
    )
    batch_norm: bool = setting(
        False,
        marked("Batch normalisation"),
        marked("Bring each layer's numbers to mean 0 and deviation 1 over the batch: deeper networks learn faster."),
    )

    def layers(self, facts: Facts) -> tuple[Call, ...]:
        """Flatten; linear, normalisation, activation and dropout for each hidden layer; linear."""
        layers = [Call("torch.nn.Flatten")]
        for taken, made in pairwise((facts.pixels, *self.hidden)):
            layers.append(Call("torch.nn.Linear", taken, made))
            if self.batch_norm:
                layers.append(Call("torch.nn.BatchNorm1d", made))
            layers.append(Call(_ACTIVATIONS[self.activation]))
            if self.dropout:
                layers.append(Call("torch.nn.Dropout", self.dropout))
        return (*layers, Call("torch.nn.Linear", self.hidden[-1], facts.classes))


class Cnn(Architecture):
    """Two convolutions with pooling, then three linear layers.

    Small windows slide over the picture and look for the same thing everywhere: edges first, then parts. Pooling keeps
    the strongest answer of each 2 × 2 and makes the picture smaller. It needs far fewer weights than a fully connected
    network, and knows which pixels are neighbours.

    Source: LeCun, Bottou, Bengio, Haffner: Gradient-based learning applied to document recognition, 1998.
    """

    title = marked("Small CNN")
    convolutional = True
    channels: tuple[int, ...] = setting(
        (6, 12),
        marked("Channels"),
        marked("How many different things each convolution looks for; one convolution for each number."),
        ge=1,
        le=1024,
        length=(1, 6),
    )
    kernel_size: int = setting(
        5, marked("Kernel size"), marked("Side of the window that slides over the picture."), ge=1, le=63, unit="px"
    )
    features: tuple[int, ...] = setting(
        (120, 60),
        marked("Features"),
        marked("How many numbers each linear layer before the last one makes."),
        ge=1,
        le=16384,
        length=(1, 8),
    )
    activation: Activation = setting("relu", marked("Activation"), _ACTIVATION_HELP)

    def layers(self, facts: Facts) -> tuple[Call, ...]:
        """Convolution, activation, pooling for each channel count; flatten; the linear layers."""
        layers: list[Call] = []
        for taken, made in pairwise((facts.channels, *self.channels)):
            layers += [
                Call("torch.nn.Conv2d", taken, made, self.kernel_size),
                Call(_ACTIVATIONS[self.activation]),
                Call("torch.nn.MaxPool2d", 2),
            ]
        traced = trace(layers, (facts.channels, facts.height, facts.width))
        flat = trace([Call("torch.nn.Flatten")], traced[-1].output)[0].output[0]
        layers.append(Call("torch.nn.Flatten"))
        for taken, made in pairwise((flat, *self.features)):
            layers += [Call("torch.nn.Linear", taken, made), Call(_ACTIVATIONS[self.activation])]
        return (*layers, Call("torch.nn.Linear", self.features[-1], facts.classes))

    def _setting_of(self, layer: str) -> str:
        return "channels" if layer == "MaxPool2d" else "kernel_size"


ARCHITECTURES: dict[str, type[Architecture]] = {
    "softmax-regression": SoftmaxRegression,
    "mlp": Mlp,
    "cnn": Cnn,
}
