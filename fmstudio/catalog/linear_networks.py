"""Linear networks and networks of linear layers."""

from itertools import pairwise
from types import MappingProxyType

from fmstudio.catalog.activations import ACTIVATION_HELP, ACTIVATIONS, Activation
from fmstudio.catalog.architecture import Architecture, trained_by
from fmstudio.schema.call import Call
from fmstudio.schema.choice import Facts
from fmstudio.schema.setting import setting
from fmstudio.words import marked

_OURS = "fmstudio.training.modules."
_SOFTMAX_RECIPE = trained_by("sgd", 0.1, "constant", 256)
_LINE_RECIPE = trained_by("sgd", 0.03, "constant", 10)
MOST = 1_000_000_000
"""Limit of sizes that only memory limits: what is too large for this computer is said with how much it would need."""


class LinearRegression(Architecture):
    """One linear layer that predicts a number: y = w · x + b.

    Each input has a weight, and the bias is added: a line for one input, a plane for two. With the mean squared error
    there is exactly one best answer, and training slides down into it. It finds the rule behind the data if that is a
    line; a bend it can only cut short.

    Source: torch.nn.Linear; Zhang, Lipton, Li, Smola: Dive into Deep Learning, section 3.5.
    """

    title = marked("Linear regression")
    pictures = False
    numbers = True
    classes = False
    transparent = True
    recipe = _LINE_RECIPE

    def calls(self, facts: Facts) -> tuple[Call, ...]:
        """One linear layer."""
        return (Call("torch.nn.Linear", facts.inputs, facts.outputs),)


class LinearRegressionScratch(LinearRegression):
    """Linear regression, written out: inputs @ weight + bias.

    The same network without torch's layer: two tensors with gradients, weight and bias, and one line that uses them. It
    starts from weights of normal deviation 0.01 and a bias of 0. Read it in the code, then compare it with the layer.

    Source: Zhang, Lipton, Li, Smola: Dive into Deep Learning, section 3.4.
    """

    title = marked("Linear regression, from scratch")

    def calls(self, facts: Facts) -> tuple[Call, ...]:
        """A network of our own."""
        return (Call(_OURS + "LinearRegression", facts.inputs, facts.outputs),)


class SoftmaxRegression(Architecture):
    """One linear layer: each pixel votes for each class.

    The simplest network: logits = W · x + b, where x is the picture as one row of numbers. It learns one template per
    class and cannot tell shapes that move. About 84 % on Fashion-MNIST. It trains in seconds and shows what deeper
    networks must beat.

    Source: torch.nn.Linear; Hastie, Tibshirani, Friedman: The Elements of Statistical Learning, section 4.4.
    """

    title = marked("Softmax regression")
    recipe = _SOFTMAX_RECIPE

    def calls(self, facts: Facts) -> tuple[Call, ...]:
        """Flatten, then one linear layer."""
        return Call("torch.nn.Flatten"), Call("torch.nn.Linear", facts.inputs, facts.outputs)


class SoftmaxRegressionScratch(Architecture):
    """Softmax regression, written out: matrix product, bias and softmax.

    The same network without torch's layer. It gives the logarithms of the probabilities: the scores minus the logarithm
    of the sum of their exponentials. Losses that take logits may take these too, since softmax leaves them as they
    are. Losses that look at each score alone, such as soft margin, see numbers below zero only and learn more slowly.
    It starts from weights of normal deviation 0.01 and a bias of 0.

    Source: Zhang, Lipton, Li, Smola: Dive into Deep Learning, section 4.4.
    """

    title = marked("Softmax regression, from scratch")
    recipe = _SOFTMAX_RECIPE

    def calls(self, facts: Facts) -> tuple[Call, ...]:
        """A network of our own."""
        return (Call(_OURS + "SoftmaxRegression", facts.inputs, facts.outputs),)


class SoftmaxRegressionSparse(Architecture):
    """Softmax regression that looks only at lit pixels: sparse gradients.

    A table has a row of scores for each pixel; the rows of the lit pixels, weighted with their brightness, are added
    up. The outputs are those of softmax regression, but the gradient holds only rows that were looked up: this is what
    SparseAdam is for. With any other optimizer the gradients are dense. It pays off where most inputs are 0, as in
    words or clicks; half of the pixels of clothes are lit, so here it is several times slower than a plain layer.
    Normalised pixels are never 0: leave that off.

    Source: torch.nn.EmbeddingBag.
    """

    title = marked("Softmax regression, sparse")
    recipe = MappingProxyType({**trained_by("sparse-adam", 0.01, "constant", 256), "dataset.normalise": False})

    def calls(self, facts: Facts) -> tuple[Call, ...]:
        """A network of our own."""
        return (Call(_OURS + "SparseSoftmaxRegression", facts.inputs, facts.outputs, sparse=facts.sparse),)


class Mlp(Architecture):
    """Fully connected layers with an activation between them.

    Every number of a layer is joined with every number of the next. It learns more than softmax regression (about 88 %
    on Fashion-MNIST), but knows nothing of neighbouring pixels: for pictures a CNN does more with fewer weights. It
    takes rows of numbers too, and bends a line where softmax or linear regression cannot.

    Source: Rumelhart, Hinton, Williams: Learning representations by back-propagating errors, 1986.
    """

    title = marked("Multilayer perceptron")
    numbers = True
    recipe = trained_by("adam", 0.001, "constant", 128)
    hidden: tuple[int, ...] = setting(
        (256, 128),
        marked("Hidden layers"),
        marked("How many numbers each hidden layer makes, from the first to the last."),
        ge=1,
        le=MOST,
        length=(1, 16),
    )
    activation: Activation = setting("relu", marked("Activation"), ACTIVATION_HELP)
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

    def calls(self, facts: Facts) -> tuple[Call, ...]:
        """Flatten; linear, normalisation, activation and dropout for each hidden layer; linear."""
        layers = [Call("torch.nn.Flatten")] if len(facts.shape) > 1 else []
        for taken, made in pairwise((facts.inputs, *self.hidden)):
            layers.append(Call("torch.nn.Linear", taken, made))
            if self.batch_norm:
                layers.append(Call("torch.nn.BatchNorm1d", made))
            layers.append(Call(ACTIVATIONS[self.activation]))
            if self.dropout:
                layers.append(Call("torch.nn.Dropout", self.dropout))
        return (*layers, Call("torch.nn.Linear", self.hidden[-1], facts.outputs))
