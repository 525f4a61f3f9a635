"""What every loss has: torch's module, the form of output and target that it is given, and its curve by arithmetic."""

from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from fmstudio.schema.call import Call
from fmstudio.schema.choice import Choice, Facts
from fmstudio.schema.problem import Problem
from fmstudio.schema.setting import setting
from fmstudio.words import marked, tr

Floats = NDArray[np.float64]
Curve = tuple[Floats, Floats]
"""A loss and its gradient."""

TARGETS = "fmstudio.training.targets"
"""Where our own classes are that make the forms."""

REDUCTION_TITLE = marked("Reduction")
REDUCTION_HELP = marked(
    "Take the mean of the batch's losses, or their sum. The sum makes steps larger by the batch size: take a learning "
    "rate smaller by as much."
)


class Loss(Choice):
    """What a wrong answer costs.

    Attributes:
        classes: Whether it can be used where samples have classes; ``numbers``: where they have numbers.
        negative_targets: Whether it can be used for numbers below zero.
        family: Losses of the same family are worth comparing.
        module_name: Torch's class; ``passed``: the names of the settings that it is given as they are.
        elementwise: Whether torch's class gives one loss for each output, not for each sample.
        on_classes: How it behaves far from and near to zero, untranslated; ``on_numbers`` likewise.
        form_on_classes: The form of output and target that it is given, untranslated.
    """

    classes: ClassVar[bool] = True
    numbers: ClassVar[bool] = False
    negative_targets: ClassVar[bool] = True
    family: ClassVar[Literal["errors", "scores", "margins"]]
    module_name: ClassVar[str]
    passed: ClassVar[tuple[str, ...]] = ()
    elementwise: ClassVar[bool] = True
    on_classes: ClassVar[str]
    on_numbers: ClassVar[str] = ""
    form_on_classes: ClassVar[str]

    reduction: str = "mean"

    @property
    def summed(self) -> bool:
        """Whether it is the sum over the batch, not the mean."""
        return self.reduction == "sum"

    def call(self, facts: Facts) -> Call:
        """The module that takes outputs and targets, and gives one number.

        On classes it takes scores (n, classes) and class numbers (n,), on numbers both of shape (n, 1).
        """
        return self.fitted(self.module(self.reduction), facts)

    def per_sample(self, facts: Facts) -> Call:
        """The same loss for each sample apart, shape (n,): their mean, or where it is summed their sum, is the loss.

        The mean of cross-entropy with class weights or an ignored class is the exception: torch divides by the sum of
        the weights of the batch's samples, so that the mean over these differs from it.
        """
        apart = self.fitted(self.module("none"), facts)
        if not self.elementwise:
            return apart
        named = {} if self.averages else {"reduction": "sum"}
        return Call(f"{TARGETS}.PerSample", apart, **named)

    @property
    def averages(self) -> bool:
        """Whether the mean is taken over the outputs of a sample too."""
        return self.reduction == "mean"

    def module(self, reduction: str) -> Call:
        """Torch's class with the settings that differ from their defaults, which are torch's."""
        fields = type(self).model_fields
        named = {name: getattr(self, name) for name in self.passed}
        named = {name: value for name, value in named.items() if value != fields[name].default}
        return Call(self.module_name, **named, **({} if reduction == "mean" else {"reduction": reduction}))

    def fitted(self, loss: Call, facts: Facts) -> Call:
        """A loss of torch's, given the form of output and target that it wants."""
        return loss

    def answer(self, facts: Facts) -> Call | None:
        """What makes the predicted number of an output, given first; None where the output is the number."""
        return None

    def unfit(self, facts: Facts) -> Problem | None:
        """Which setting does not fit the data; its path is the setting's name."""
        return None

    def forms(self, facts: Facts) -> str:
        """The form of output and target that the program makes for it, translated."""
        if facts.classes:
            return tr(self.form_on_classes)
        return tr("It compares the network's output with the true number as they are.")

    def behaviour(self, facts: Facts) -> str:
        """How it behaves far from and near to zero, translated."""
        return tr(self.on_classes if facts.classes else self.on_numbers)

    def curve(self, facts: Facts, at: Floats) -> Curve:
        """The loss of one sample and its gradient, by plain arithmetic.

        Args:
            facts: Of the data.
            at: On classes, the score of the true class where all others are 0. On numbers, how far the output is from
                the best one, where the true number is 1.

        Returns:
            Both of the shape of ``at``; the gradient is that by ``at``.
        """
        raise NotImplementedError


class MeanOrSum(Loss):
    """A loss of which a batch takes the mean or the sum."""

    reduction: Literal["mean", "sum"] = setting("mean", REDUCTION_TITLE, REDUCTION_HELP, level="rare")


def softmax_at(facts: Facts, at: Floats) -> Floats:
    """The probability of a class with the score ``at`` where all others have 0."""
    return np.asarray(1 / (1 + (facts.classes - 1) * np.exp(-at)))


def log_softmax_at(facts: Facts, at: Floats) -> Floats:
    """Its logarithm, exact for any score."""
    return np.asarray(-np.logaddexp(0, np.log(max(1, facts.classes - 1)) - at))
