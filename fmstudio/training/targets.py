"""The form of output and target that each loss wants. These very classes travel into exported scripts.

Each wraps a loss of torch's. On classes the outputs are scores (logits), shape (n, classes), and the targets the
number of the true class, shape (n,); on numbers both have the shape (n, 1).
"""

import torch
from torch import Tensor


class OnProbabilities(torch.nn.Module):
    """A loss between softmax probabilities and one-hot targets: 1 for the true class, 0 for the others."""

    def __init__(self, loss: torch.nn.Module) -> None:
        super().__init__()
        self.loss = loss

    def forward(self, outputs: Tensor, targets: Tensor) -> Tensor:
        """The loss of scores and class numbers."""
        probabilities = outputs.softmax(1)
        one_hot = torch.nn.functional.one_hot(targets, outputs.shape[1]).to(outputs.dtype)
        value: Tensor = self.loss(probabilities, one_hot)
        return value


class OnLogProbabilities(torch.nn.Module):
    """KL divergence of log-softmax outputs from one-hot targets, a share of which may be spread over all classes."""

    def __init__(self, loss: torch.nn.KLDivLoss, label_smoothing: float = 0.0) -> None:
        super().__init__()
        self.loss = loss
        self.label_smoothing = label_smoothing

    def forward(self, outputs: Tensor, targets: Tensor) -> Tensor:
        """The loss of scores and class numbers."""
        classes = outputs.shape[1]
        one_hot = torch.nn.functional.one_hot(targets, classes).to(outputs.dtype)
        wanted = one_hot * (1 - self.label_smoothing) + self.label_smoothing / classes
        if self.loss.log_target:
            wanted = wanted.clamp_min(torch.finfo(wanted.dtype).tiny).log()
        value: Tensor = self.loss(outputs.log_softmax(1), wanted)
        return value


class OnCounts(torch.nn.Module):
    """A loss between scores and counts: the true class was counted once, the others never."""

    def __init__(self, loss: torch.nn.Module) -> None:
        super().__init__()
        self.loss = loss

    def forward(self, outputs: Tensor, targets: Tensor) -> Tensor:
        """The loss of scores and class numbers."""
        counts = torch.nn.functional.one_hot(targets, outputs.shape[1]).to(outputs.dtype)
        value: Tensor = self.loss(outputs, counts)
        return value


class OnRates(torch.nn.Module):
    """A loss on rates, which must be positive: softplus, log(1 + exp(output)), makes them of any outputs."""

    def __init__(self, loss: torch.nn.Module) -> None:
        super().__init__()
        self.loss = loss

    def forward(self, outputs: Tensor, targets: Tensor) -> Tensor:
        """The loss of outputs and targets of the same shape."""
        rates = torch.nn.functional.softplus(outputs)
        value: Tensor = self.loss(rates, targets)
        return value


class AgainstHighestOther(torch.nn.Module):
    """A ranking loss: the score of the true class should be above the highest of the others (target +1)."""

    def __init__(self, loss: torch.nn.Module) -> None:
        super().__init__()
        self.loss = loss

    def forward(self, outputs: Tensor, targets: Tensor) -> Tensor:
        """The loss of scores and class numbers."""
        true_class = targets.unsqueeze(1)
        true = outputs.gather(1, true_class).squeeze(1)
        highest_other = outputs.scatter(1, true_class, -torch.inf).amax(1)
        value: Tensor = self.loss(true, highest_other, torch.ones_like(true))
        return value


class OnLabelLists(torch.nn.Module):
    """A loss whose targets are lists of classes that end with −1: here a single class, then −1."""

    def __init__(self, loss: torch.nn.Module) -> None:
        super().__init__()
        self.loss = loss

    def forward(self, outputs: Tensor, targets: Tensor) -> Tensor:
        """The loss of scores and class numbers."""
        lists = torch.full_like(outputs, -1, dtype=torch.long)
        lists[:, 0] = targets
        value: Tensor = self.loss(outputs, lists)
        return value


class OneAgainstRest(torch.nn.Module):
    """A loss on yes or no, asked of each class apart: +1 for the true class, −1 for the others."""

    def __init__(self, loss: torch.nn.Module) -> None:
        super().__init__()
        self.loss = loss

    def forward(self, outputs: Tensor, targets: Tensor) -> Tensor:
        """The loss of scores and class numbers."""
        signs = torch.full_like(outputs, -1.0).scatter(1, targets.unsqueeze(1), 1.0)
        value: Tensor = self.loss(outputs, signs)
        return value


class Half(torch.nn.Module):
    """Half of a loss: the gradient of half the squared error is the error itself."""

    def __init__(self, loss: torch.nn.Module) -> None:
        super().__init__()
        self.loss = loss

    def forward(self, outputs: Tensor, targets: Tensor) -> Tensor:
        """Half of what the loss gives."""
        whole: Tensor = self.loss(outputs, targets)
        return whole / 2


class PerSample(torch.nn.Module):
    """The loss of each sample: the mean, or the sum, of what each of its outputs costs."""

    def __init__(self, loss: torch.nn.Module, reduction: str = "mean") -> None:
        super().__init__()
        self.loss = loss
        self.reduction = reduction

    def forward(self, outputs: Tensor, targets: Tensor) -> Tensor:
        """The losses, shape (n,)."""
        costs: Tensor = self.loss(outputs, targets).flatten(1)
        return costs.sum(1) if self.reduction == "sum" else costs.mean(1)


class MeanOfAll(torch.nn.Module):
    """The mean of all that a loss gives."""

    def __init__(self, loss: torch.nn.Module) -> None:
        super().__init__()
        self.loss = loss

    def forward(self, outputs: Tensor, targets: Tensor) -> Tensor:
        """The mean over samples and classes."""
        value: Tensor = self.loss(outputs, targets).mean()
        return value
