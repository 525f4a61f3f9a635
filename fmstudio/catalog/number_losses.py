"""The losses that measure how far a number is off; on classes they measure it on probabilities or rates."""

from typing import ClassVar, Literal

import numpy as np

from fmstudio.catalog.loss import TARGETS, Curve, Floats, MeanOrSum, softmax_at
from fmstudio.schema.call import Call
from fmstudio.schema.choice import Facts
from fmstudio.schema.setting import setting
from fmstudio.words import marked, tr

_SOFTPLUS_OF_ONE = float(np.log(np.expm1(1)))
"""The output whose softplus is 1."""


class ErrorLoss(MeanOrSum):
    """A loss of the error alone: output − target."""

    numbers: ClassVar[bool] = True
    family: ClassVar[Literal["errors", "scores", "margins"]] = "errors"
    form_on_classes: ClassVar[str] = marked(
        "It compares softmax probabilities with one-hot targets: 1 for the true class, 0 for the others."
    )

    def fitted(self, loss: Call, facts: Facts) -> Call:
        """On classes, of probabilities and one-hot targets."""
        return Call(f"{TARGETS}.OnProbabilities", loss) if facts.classes else loss

    def cost(self, error: Floats) -> Curve:
        """The loss of one error, and its gradient."""
        raise NotImplementedError

    def curve(self, facts: Facts, at: Floats) -> Curve:
        """On numbers the cost of the error; on classes that of all probabilities, through softmax."""
        if not facts.classes:
            return self.cost(at)
        rest = max(1, facts.classes - 1)
        probability = softmax_at(facts, at)
        slope = probability * (1 - probability)
        own, own_gradient = self.cost(probability - 1)
        other, other_gradient = self.cost((1 - probability) / rest)
        share = 1 if self.summed else 1 / facts.classes
        return (own + rest * other) * share, (own_gradient - other_gradient) * slope * share


class Mse(ErrorLoss):
    """Mean squared error: twice as far off costs four times as much.

    (output − target)², averaged. The gradient is 2 · (output − target): it grows with the error and fades towards
    zero. The usual loss for numbers, and the best one where the noise is normal. A few points that are far off pull
    it away from all others: then L1 or Huber.

    On classes it compares probabilities with 1 and 0 (the Brier score). Where the network is sure and wrong,
    softmax is flat and hardly any gradient is left, so that it learns more slowly than with cross-entropy. The mean
    is taken over the classes too, so its gradient is small: with SGD it wants about ten times the learning rate.
    Measured with softmax regression on Fashion-MNIST, 470 steps of 128 pictures: Adam 0.003 gives 83 % right, SGD
    0.1 only 65 %, SGD 1 gives 80 % and SGD 3 gives 82 %.

    Source: torch.nn.MSELoss; Brier: Verification of Forecasts Expressed in Terms of Probability, 1950.
    """

    title = marked("MSE")
    module_name = "torch.nn.MSELoss"
    on_numbers = marked(
        "Far from zero the gradient grows with the error: what is far off pulls hardest, outliers too. Near zero it "
        "fades, so that the steps get smaller and it comes to rest."
    )
    on_classes = marked(
        "Far from right, where the network is sure and wrong, softmax is flat and the gradient fades: such a picture "
        "is hardly learned from. Near right it fades too. It pulls hardest where the network is undecided."
    )
    half: bool = setting(
        False,
        marked("Half"),
        marked("Squared error / 2: its gradient is the error itself. The same as half the learning rate with SGD."),
    )

    def module(self, reduction: str) -> Call:
        """Torch's class, or half of it."""
        whole = super().module(reduction)
        return Call(f"{TARGETS}.Half", whole) if self.half else whole

    def cost(self, error: Floats) -> Curve:
        """error², or half of it."""
        factor = 0.5 if self.half else 1.0
        return factor * error**2, 2 * factor * error


class L1(ErrorLoss):
    """Mean absolute error: twice as far off costs twice as much.

    |output − target|, averaged. The gradient is +1 or −1, however far off: outliers pull no harder than any other
    point, and what is learned is the median, not the mean. Close to the target the steps do not get smaller, so
    that with a constant learning rate the result trembles: use a schedule that lowers the rate, or Huber.

    On classes it compares probabilities with 1 and 0, and hardly learns from what is sure and wrong. Measured with
    softmax regression on Fashion-MNIST, 470 steps of 128 pictures: Adam 0.003 gives 82 % right, SGD 0.1 only 55 %,
    SGD 3 gives 77 %. One epoch of the small CNN, Adam 0.003: only 65 to 76 %; the other losses on classes come to
    77 to 82 %.

    Source: torch.nn.L1Loss.
    """

    title = marked("L1")
    module_name = "torch.nn.L1Loss"
    on_numbers = marked(
        "Far from zero the gradient stays the same: an outlier pulls no harder than any other point. Near zero it does "
        "not fade but jumps from −1 to +1: with a constant learning rate the result trembles."
    )
    on_classes = marked(
        "Far from right, where the network is sure and wrong, softmax is flat and the gradient fades: such a picture "
        "is given up. Near right it fades too, because softmax is flat there as well."
    )

    def cost(self, error: Floats) -> Curve:
        """|error|."""
        return np.abs(error), np.sign(error)


class SmoothL1(ErrorLoss):
    """Squared near zero, straight far from it, with slope 1.

    error² / (2 · beta) where |error| < beta, else |error| − beta / 2. It takes the best of both: outliers pull no
    harder than other points, as with L1, and close to the target the gradient fades, as with MSE. Beta is where one
    passes into the other; beta 0 is L1. It is Huber divided by delta.

    On classes the errors are differences of probabilities, never larger than 1: with beta 1 or more it is then half
    of MSE, and only a smaller beta, such as 0.1, makes a difference. Measured with softmax regression on
    Fashion-MNIST, 470 steps of 128 pictures: Adam 0.003 gives 83 % right, SGD 0.1 only 57 %, SGD 3 gives 81 %.

    Source: torch.nn.SmoothL1Loss; Girshick: Fast R-CNN, 2015.
    """

    title = marked("Smooth L1")
    module_name = "torch.nn.SmoothL1Loss"
    passed = ("beta",)
    on_numbers = marked(
        "Far from zero, beyond beta, the gradient stays +1 or −1: an outlier pulls no harder than any other point. "
        "Near zero it fades as with MSE, so that it comes to rest."
    )
    on_classes = marked(
        "Far from right, where the network is sure and wrong, softmax is flat and the gradient fades: such a picture "
        "is hardly learned from. Near right it fades as with MSE."
    )
    beta: float = setting(
        1.0,
        marked("Beta"),
        marked("The error at which the curve becomes a straight line. 0 is L1."),
        ge=0,
        le=1e6,
        scale="log",
    )

    def cost(self, error: Floats) -> Curve:
        """Squared up to beta, then straight."""
        if not self.beta:
            return np.abs(error), np.sign(error)
        near = np.abs(error) < self.beta
        loss = np.where(near, error**2 / (2 * self.beta), np.abs(error) - self.beta / 2)
        return loss, np.clip(error / self.beta, -1, 1)


class Huber(ErrorLoss):
    """Squared near zero, straight far from it, with slope delta.

    error² / 2 where |error| ≤ delta, else delta · (|error| − delta / 2). As long as points are closer than delta it
    is half of MSE; what is further off pulls with delta and no more. So it finds nearly the same as MSE where there
    are no outliers, and is not led astray where there are. Delta should be a little above the usual noise.

    On classes the errors are differences of probabilities, never larger than 1: with delta 1 or more it is then
    half of MSE. Measured with softmax regression on Fashion-MNIST, 470 steps of 128 pictures: Adam 0.003 gives 83 %
    right, SGD 0.1 only 57 %, SGD 3 gives 81 %. A smaller delta makes the gradient smaller too.

    Source: torch.nn.HuberLoss; Huber: Robust Estimation of a Location Parameter, 1964.
    """

    title = marked("Huber")
    module_name = "torch.nn.HuberLoss"
    passed = ("delta",)
    on_numbers = marked(
        "Far from zero, beyond delta, the gradient stays at delta: an outlier pulls no harder than that. Near zero it "
        "is half of MSE: the gradient is the error itself and fades, so that it comes to rest."
    )
    on_classes = SmoothL1.on_classes
    delta: float = setting(
        1.0,
        marked("Delta"),
        marked("The error at which the curve becomes a straight line; its slope there."),
        gt=0,
        le=1e6,
        scale="log",
    )

    def cost(self, error: Floats) -> Curve:
        """Squared up to delta, then straight."""
        near = np.abs(error) <= self.delta
        loss = np.where(near, error**2 / 2, self.delta * (np.abs(error) - self.delta / 2))
        return loss, np.clip(error, -self.delta, self.delta)


class PoissonNll(MeanOrSum):
    """For counts: how surprising a count is where so many were expected.

    rate − count · log(rate), averaged: the negative logarithm of the probability of the count under a Poisson
    distribution, without what does not depend on the network. The output is the logarithm of the rate, so the rate
    exp(output) is always positive; without “output is a logarithm” the rate is softplus(output). For numbers that
    count something: visitors, clicks, cells. Numbers below zero cannot be counts.

    On classes each class is a count: 1 for the true one, 0 for the others. Too high an output costs exponentially,
    so a large learning rate ends in infinity. Measured with softmax regression on Fashion-MNIST, 470 steps of 128
    pictures: Adam 0.003 gives 82 % right, SGD 0.1 gives 71 %, SGD 1 gives 79 %, and SGD 3 fails.

    Source: torch.nn.PoissonNLLLoss.
    """

    title = marked("Poisson NLL")
    numbers: ClassVar[bool] = True
    negative_targets: ClassVar[bool] = False
    family: ClassVar[Literal["errors", "scores", "margins"]] = "scores"
    module_name = "torch.nn.PoissonNLLLoss"
    passed = ("log_input", "full", "eps")
    on_numbers = marked(
        "Far above the best output the gradient grows, for a logarithm exponentially; far below it is never more than "
        "the count. Near the best output it fades."
    )
    on_classes = marked(
        "Too high a score of any class costs ever more, for a logarithm exponentially: a large learning rate ends in "
        "infinity. Too low a score of the true class pulls evenly. Near the best score the gradient fades."
    )
    form_on_classes = marked(
        "It takes the scores as logarithms of rates, and counts as targets: 1 for the true class, else 0."
    )
    log_input: bool = setting(
        True,
        marked("Output is a logarithm"),
        marked("The rate is exp(output). Turned off, it is softplus(output), which grows more slowly."),
    )
    full: bool = setting(
        False,
        marked("Full"),
        marked("Add Stirling's approximation of log(count!): the loss changes, the gradients do not."),
        level="rare",
    )
    eps: float = setting(
        1e-8,
        marked("Epsilon"),
        marked("Added to the rate before its logarithm is taken, where the output is no logarithm itself."),
        gt=0,
        le=1,
        scale="log",
        level="rare",
    )

    def fitted(self, loss: Call, facts: Facts) -> Call:
        """Of rates where the output is no logarithm, and on classes of counts."""
        fitted = loss if self.log_input else Call(f"{TARGETS}.OnRates", loss)
        return Call(f"{TARGETS}.OnCounts", fitted) if facts.classes else fitted

    def answer(self, facts: Facts) -> Call | None:
        """On numbers, the rate is what is predicted."""
        if facts.classes:
            return None
        return Call("torch.exp") if self.log_input else Call("torch.nn.functional.softplus")

    def forms(self, facts: Facts) -> str:
        """Which rates it makes, and of what."""
        if not self.log_input and facts.classes:
            return tr("It takes softplus of the scores as rates, and counts as targets: 1 for the true class, else 0.")
        if not self.log_input:
            return tr("It takes softplus of the output as the rate, and the true number as a count.")
        if not facts.classes:
            return tr("It takes the output as the logarithm of the rate, and the true number as a count.")
        return super().forms(facts)

    def curve(self, facts: Facts, at: Floats) -> Curve:
        """On numbers for the count 1; on classes for the count 1 of the true class and 0 of the others."""
        if not facts.classes:
            return self._cost(at if self.log_input else at + _SOFTPLUS_OF_ONE)
        own, gradient = self._cost(at)
        other = (facts.classes - 1) * (1.0 if self.log_input else np.log(2))
        share = 1 if self.summed else 1 / facts.classes
        return (own + other) * share, gradient * share

    def _cost(self, output: Floats) -> Curve:
        """Of a count of 1."""
        if self.log_input:
            return np.exp(output) - output, np.exp(output) - 1
        rate = np.logaddexp(0, output)
        return rate - np.log(rate + self.eps), (1 - 1 / (rate + self.eps)) / (1 + np.exp(-output))
