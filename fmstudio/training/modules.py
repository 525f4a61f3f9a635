"""Networks and blocks of our own: what torch does not have, or what is written out to be read.

Each class travels into exported scripts as its source, so it uses nothing but ``torch`` and ``Tensor``.
"""

from collections.abc import Callable

import torch
from torch import Tensor


class LinearRegression(torch.nn.Module):
    """One number as a weighted sum of the inputs, written out: y = x · w + b."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.weight = torch.nn.Parameter(torch.randn(inputs, outputs) * 0.01)
        self.bias = torch.nn.Parameter(torch.zeros(outputs))

    def forward(self, inputs: Tensor) -> Tensor:
        """Inputs of shape (n, inputs) to outputs of shape (n, outputs)."""
        return inputs @ self.weight + self.bias


class SoftmaxRegression(torch.nn.Module):
    """The logarithm of each class's probability, with matrix product, softmax and bias written out.

    Softmax divides the exponential of each score by the sum of them all; its logarithm is the score minus the logarithm
    of that sum. The largest score is taken away first, so that no exponential becomes infinite: that changes nothing.

    Logarithms of probabilities may be used where scores (logits) are expected: the softmax of them is the same.
    """

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.weight = torch.nn.Parameter(torch.randn(inputs, outputs) * 0.01)
        self.bias = torch.nn.Parameter(torch.zeros(outputs))

    def forward(self, inputs: Tensor) -> Tensor:
        """Pictures of shape (n, …) to logarithms of probabilities, shape (n, outputs)."""
        scores = inputs.flatten(1) @ self.weight + self.bias
        shifted = scores - scores.max(1, keepdim=True).values
        return shifted - shifted.exp().sum(1, keepdim=True).log()


class SparseSoftmaxRegression(torch.nn.Module):
    """Softmax regression as a table with a row of scores for each pixel: only the rows of lit pixels are looked up.

    The rows are weighted with how bright their pixels are, and added up. The last row is the bias: always lit. With
    ``sparse`` the gradient holds the rows that were looked up, and nothing of the others.
    """

    def __init__(self, inputs: int, outputs: int, sparse: bool = False) -> None:
        super().__init__()
        self.table = torch.nn.EmbeddingBag(inputs + 1, outputs, mode="sum", sparse=sparse)
        torch.nn.init.normal_(self.table.weight, std=0.01)

    def forward(self, inputs: Tensor) -> Tensor:
        """Pictures of shape (n, …) to scores of shape (n, outputs)."""
        pixels = torch.nn.functional.pad(inputs.flatten(1), (0, 1), value=1.0)
        lit = pixels != 0
        counts = lit.sum(1)
        starts = counts.cumsum(0) - counts
        rows = lit.nonzero()[:, 1]
        scores: Tensor = self.table(rows, starts, per_sample_weights=pixels[lit])
        return scores


class Residual(torch.nn.Module):
    """Two convolutions that change their input a little: what goes in is added to what comes out of them."""

    def __init__(self, taken: int, made: int, stride: int = 1) -> None:
        super().__init__()
        self.body = torch.nn.Sequential(
            torch.nn.Conv2d(taken, made, 3, stride=stride, padding=1, bias=False),
            torch.nn.BatchNorm2d(made),
            torch.nn.ReLU(),
            torch.nn.Conv2d(made, made, 3, padding=1, bias=False),
            torch.nn.BatchNorm2d(made),
        )
        self.shortcut = torch.nn.Sequential()
        if stride != 1 or taken != made:
            self.shortcut.append(torch.nn.Conv2d(taken, made, 1, stride=stride, bias=False))
            self.shortcut.append(torch.nn.BatchNorm2d(made))

    def forward(self, inputs: Tensor) -> Tensor:
        """Shape (n, taken, height, width) to (n, made, height / stride, width / stride)."""
        return torch.relu(self.body(inputs) + self.shortcut(inputs))


@torch.no_grad()
def set_weights(network: torch.nn.Module, fill: Callable[[Tensor], Tensor]) -> None:
    """Fill every matrix of weights by a rule, and set the bias beside it to zero."""
    for module in network.modules():
        weight, bias = getattr(module, "weight", None), getattr(module, "bias", None)
        if isinstance(weight, Tensor) and weight.dim() > 1:
            outputs_first = isinstance(module, torch.nn.Linear | torch.nn.Conv2d)  # as the rules expect it
            fill(weight if outputs_first else weight.T)
            if isinstance(bias, Tensor):
                bias.zero_()
