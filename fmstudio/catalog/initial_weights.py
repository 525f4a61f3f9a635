"""The weights that a network starts with. Each rule fills every matrix of weights; the biases beside them become 0."""

from typing import Literal

from fmstudio.schema.call import Call
from fmstudio.schema.choice import Choice, Facts
from fmstudio.schema.setting import setting
from fmstudio.words import marked

_INIT = "torch.nn.init."
_DISTRIBUTION_HELP = marked("Normal: most are near 0, a few far off. Uniform: all within a bound, none preferred.")
Distribution = Literal["normal", "uniform"]


class InitialWeights(Choice):
    """How the weights are drawn before the first step."""

    def fill(self, facts: Facts) -> Call | None:
        """What fills a tensor, which it is given first; None leaves the weights as the library makes them."""
        raise NotImplementedError


class LibraryDefault(InitialWeights):
    """As torch makes them: uniform, by how many numbers each layer takes in.

    Linear and convolution layers draw weights and biases within ±1 / √(numbers that come in). It works well for most
    networks of a few layers. Blocks of torchvision bring their own, and what is from scratch draws normal numbers of
    deviation 0.01 with a bias of 0.

    Source: torch.nn.Linear, torch.nn.Conv2d.
    """

    title = marked("Library default")

    def fill(self, facts: Facts) -> Call | None:
        """None."""
        return None


class Normal(InitialWeights):
    """Normal: drawn at random about 0, all layers with the same deviation.

    The simplest rule, and the one of many lessons: a small deviation, so that all outputs start near 0. In deep
    networks too small a deviation makes the numbers vanish from layer to layer, too large a one makes them explode.

    Source: torch.nn.init.normal_.
    """

    title = marked("Normal")
    deviation: float = setting(
        0.01, marked("Deviation"), marked("Standard deviation of the weights."), gt=0, le=100, scale="log"
    )

    def fill(self, facts: Facts) -> Call | None:
        """Of mean 0."""
        return Call(_INIT + "normal_", std=self.deviation)


class Uniform(InitialWeights):
    """Uniform: drawn at random between −bound and bound.

    Like normal, but none is far off: the deviation is the bound / √3.

    Source: torch.nn.init.uniform_.
    """

    title = marked("Uniform")
    bound: float = setting(
        0.05, marked("Bound"), marked("Largest weight, as a positive number."), gt=0, le=100, scale="log"
    )

    def fill(self, facts: Facts) -> Call | None:
        """Both sides of 0."""
        return Call(_INIT + "uniform_", -self.bound, self.bound)


class Xavier(InitialWeights):
    """Xavier (Glorot): keeps numbers and gradients of one size from layer to layer.

    The deviation is gain · √(2 / (numbers in + numbers out)). Made for tanh and sigmoid; with ReLU use Kaiming.

    Source: Glorot, Bengio: Understanding the difficulty of training deep feedforward neural networks, 2010.
    """

    title = "Xavier"
    distribution: Distribution = setting("uniform", marked("Distribution"), _DISTRIBUTION_HELP)
    gain: float = setting(
        1.0, marked("Gain"), marked("What all weights are multiplied with: 5/3 is usual for tanh."), gt=0, le=100
    )

    def fill(self, facts: Facts) -> Call | None:
        """By the numbers that go in and out."""
        gain = {} if self.gain == Xavier().gain else {"gain": self.gain}
        return Call(f"{_INIT}xavier_{self.distribution}_", **gain)


class Kaiming(InitialWeights):
    """Kaiming (He): keeps numbers of one size through layers with ReLU.

    The deviation is √(2 / numbers in): twice the variance of Xavier's, since ReLU drops half of the numbers. The usual
    choice for deep networks with ReLU.

    Source: He, Zhang, Ren, Sun: Delving Deep into Rectifiers, 2015.
    """

    title = "Kaiming"
    distribution: Distribution = setting("normal", marked("Distribution"), _DISTRIBUTION_HELP)
    nonlinearity: Literal["relu", "leaky_relu"] = setting(
        "relu", marked("Made for"), marked("The activation behind each layer: ReLU or leaky ReLU.")
    )
    mode: Literal["fan_in", "fan_out"] = setting(
        "fan_in",
        marked("What it keeps"),
        marked("fan_in: the size of the numbers on their way forward. fan_out: of the gradients on their way back."),
        level="rare",
    )

    def fill(self, facts: Facts) -> Call | None:
        """By the numbers that go in or out."""
        slope = {"a": 0.01} if self.nonlinearity == "leaky_relu" else {}
        target = f"{_INIT}kaiming_{self.distribution}_"
        return Call(target, **slope, mode=self.mode, nonlinearity=self.nonlinearity)


class Zeros(InitialWeights):
    """Zeros: fails wherever there are hidden layers.

    A single linear layer (linear or softmax regression) learns well from zeros: there is one best answer, and each
    weight has its own input. With hidden layers all numbers of a layer are the same, get the same gradient, or none at
    all, and stay the same for ever: the network guesses. That is why weights are drawn at random.

    Source: torch.nn.init.zeros_.
    """

    title = marked("Zeros")

    def fill(self, facts: Facts) -> Call | None:
        """Nothing but 0."""
        return Call(_INIT + "zeros_")


INITIAL_WEIGHTS: dict[str, type[InitialWeights]] = {
    "default": LibraryDefault,
    "normal": Normal,
    "uniform": Uniform,
    "xavier": Xavier,
    "kaiming": Kaiming,
    "zeros": Zeros,
}
