"""The losses that compare the scores of classes."""

from typing import ClassVar, Literal

import numpy as np

from fmstudio.catalog.loss import (
    REDUCTION_TITLE,
    TARGETS,
    Curve,
    Floats,
    Loss,
    MeanOrSum,
    log_softmax_at,
    softmax_at,
)
from fmstudio.schema.call import Call
from fmstudio.schema.choice import Facts
from fmstudio.schema.problem import Mending, Problem
from fmstudio.schema.setting import setting
from fmstudio.words import marked, tr

_SMOOTHING_HELP = marked(
    "Share of the target that is spread over all classes, so that the network stays a little unsure."
)
_NONE_IGNORED = -100
_RARE = 1e-3
"""Up to so many batches of a run may be expected to hold nothing that counts."""


class CrossEntropy(MeanOrSum):
    """How surprised the network is by the true class.

    −log of the probability that the network gave to the true class, averaged over the batch. A sure and right
    answer costs nothing; a sure and wrong one costs much, and the gradient, probability − target, does not fade
    there. The usual loss for classes. The network returns logits; softmax is part of the loss. Labels that are
    wrong pull as hard as any: label smoothing softens that.

    Measured with softmax regression on Fashion-MNIST, 470 steps of 128 pictures: Adam 0.003 gives 83 % right, SGD
    0.1 gives 81 %, SGD 0.3 gives 82 %.

    Source: torch.nn.CrossEntropyLoss; Szegedy et al.: Rethinking the Inception Architecture, 2015 (label
    smoothing).
    """

    title = marked("Cross-entropy")
    family: ClassVar[Literal["errors", "scores", "margins"]] = "scores"
    module_name = "torch.nn.CrossEntropyLoss"
    passed = ("label_smoothing", "ignore_index")
    elementwise = False
    on_classes = marked(
        "Far from right, where the network is sure and wrong, the loss grows evenly and the gradient is at its "
        "largest: such a picture pulls hardest. Near right it fades, but never quite: the network could be surer still."
    )
    form_on_classes = marked("It compares the scores (logits), through softmax, with the number of the true class.")
    label_smoothing: float = setting(0.0, marked("Label smoothing"), _SMOOTHING_HELP, ge=0, lt=1)
    weight: tuple[float, ...] | None = setting(
        None,
        marked("Class weights"),
        marked(
            "How much the pictures of each class count, one number for each class: more for rare ones. Empty: all the "
            "same. Test losses are then not divided by the sum of the weights."
        ),
        ge=0,
        le=1e6,
    )
    ignore_index: int = setting(
        _NONE_IGNORED,
        marked("Ignored class"),
        marked("The number of a class whose pictures cost nothing: nothing is learned from them. −100: none."),
        ge=_NONE_IGNORED,
        le=1_000_000,
        level="rare",
    )

    def module(self, reduction: str) -> Call:
        """Torch's class, with the class weights as a tensor."""
        made = super().module(reduction)
        if not self.weight:
            return made
        return Call(made.target, weight=Call("torch.tensor", list(self.weight)), **made.named)

    def unfit(self, facts: Facts) -> Problem | None:
        """The class weights must be as many as there are classes, and every batch must hold something that counts."""
        if self.weight and len(self.weight) != facts.classes:
            message = tr("needs {count} numbers, one for each class", count=facts.classes)
            return Problem("weight", message, Mending(tr("Count all classes the same"), (("weight", None),)))
        idle = sum(not weight for weight in self.weight or ())
        ignoring = 0 <= self.ignore_index < facts.classes
        idle += ignoring and not (self.weight and not self.weight[self.ignore_index])
        if not idle or self.summed or _expected_idle(facts, idle) <= _RARE:
            return None
        message = tr("a batch may hold nothing but what does not count, and a mean of nothing is no number")
        if ignoring:
            mending = Mending(tr("Ignore no class"), (("ignore_index", _NONE_IGNORED),))
            return Problem("ignore_index", message, mending)
        return Problem("weight", message, Mending(tr("Count all classes the same"), (("weight", None),)))

    def curve(self, facts: Facts, at: Floats) -> Curve:
        """Of a class with weight 1."""
        own = log_softmax_at(facts, at)
        others = own - at
        spread = self.label_smoothing / facts.classes
        wanted = 1 - self.label_smoothing + spread
        loss = -wanted * own - spread * (facts.classes - 1) * others
        return loss, softmax_at(facts, at) - wanted


def _expected_idle(facts: Facts, idle: int) -> float:
    """How many batches of the run hold only these many classes, if all classes are equally frequent."""
    share = idle / facts.classes
    rest = facts.samples - facts.batch * (facts.steps_per_epoch - 1)
    last = min(facts.batch, max(1, rest))
    return float(facts.total_steps * share**facts.batch + facts.epochs * share**last)


class KlDivergence(Loss):
    """How much the probabilities differ from the wanted ones.

    Σ target · (log target − log probability). With the true class alone as the target it is cross-entropy; with
    label smoothing it is cross-entropy less the least that it can be, so that a perfect answer costs 0. The
    gradients are the same. It is at home where the targets are probabilities themselves, such as the answers of
    another network.

    The mean over the batch (“batchmean”) is the true divergence. “mean” divides by the number of classes as well:
    the gradient is then smaller by as much. Measured with softmax regression on Fashion-MNIST, 470 steps of 128
    pictures: Adam 0.003 gives 83 % right, SGD 0.1 gives 81 %, as with cross-entropy.

    Source: torch.nn.KLDivLoss; Kullback, Leibler: On Information and Sufficiency, 1951.
    """

    title = marked("KL divergence")
    family: ClassVar[Literal["errors", "scores", "margins"]] = "scores"
    module_name = "torch.nn.KLDivLoss"
    passed = ("log_target",)
    on_classes = marked(
        "The same as cross-entropy. Far from right, where the network is sure and wrong, the gradient is at its "
        "largest; near the target it fades, and with label smoothing the loss comes down to 0."
    )
    form_on_classes = marked(
        "It compares log-softmax of the scores with one-hot targets, of which label smoothing spreads a share."
    )
    reduction: Literal["batchmean", "mean", "sum"] = setting(
        "batchmean",
        REDUCTION_TITLE,
        marked("batchmean: the mean over the batch. mean: also over the classes. sum: of the whole batch."),
        level="rare",
    )
    label_smoothing: float = setting(0.0, marked("Label smoothing"), _SMOOTHING_HELP, ge=0, lt=1)
    log_target: bool = setting(
        False,
        marked("Targets as logarithms"),
        marked("Give the targets as logarithms: the same loss, but for its last bits."),
        level="rare",
    )

    def call(self, facts: Facts) -> Call:
        """The mean over batch and classes is taken by ourselves: torch warns that its own is about to change."""
        if self.reduction != "mean":
            return super().call(facts)
        return Call(f"{TARGETS}.MeanOfAll", self.fitted(self.module("none"), facts))

    def fitted(self, loss: Call, facts: Facts) -> Call:
        """Of logarithms of probabilities."""
        named = {"label_smoothing": self.label_smoothing} if self.label_smoothing else {}
        return Call(f"{TARGETS}.OnLogProbabilities", loss, **named)

    def curve(self, facts: Facts, at: Floats) -> Curve:
        """That of cross-entropy, less the entropy of the target."""
        loss, gradient = CrossEntropy(label_smoothing=self.label_smoothing).curve(facts, at)
        spread = self.label_smoothing / facts.classes
        wanted = 1 - self.label_smoothing + spread
        entropy = -wanted * np.log(wanted) - ((facts.classes - 1) * spread * np.log(spread) if spread else 0)
        share = 1 / facts.classes if self.reduction == "mean" else 1
        return (loss - entropy) * share, gradient * share


class MarginRanking(MeanOrSum):
    """The true class should score higher than the best of the others, by a margin.

    max(0, margin − (score of the true class − highest other score)), averaged. What is right by the margin costs
    nothing and is left alone; everything else pulls equally hard: the support vector machine of Crammer and Singer.
    With margin 0, which is torch's own default, being ahead at all is enough (the perceptron), and a network that
    answers all the same has no gradient to start with. The scores are no probabilities: how sure the network says
    it is means little.

    Measured with softmax regression on Fashion-MNIST, 470 steps of 128 pictures: Adam 0.003 gives 83 % right, SGD
    0.1 gives 82 %; with margin 0, 77 % and 78 %. One epoch of the small CNN, Adam 0.003: 82 %, with margin 0 only
    66 to 71 %.

    Source: torch.nn.MarginRankingLoss; Crammer, Singer: On the Algorithmic Implementation of Multiclass
    Kernel-based Vector Machines, 2001.
    """

    title = marked("Margin ranking")
    family: ClassVar[Literal["errors", "scores", "margins"]] = "margins"
    module_name = "torch.nn.MarginRankingLoss"
    elementwise = False
    on_classes = marked(
        "Far from right the gradient stays −1, however wrong the answer. At the margin it drops to 0 at once: what is "
        "right by the margin is not learned from any more."
    )
    form_on_classes = marked("It compares the score of the true class with the highest other score; its target is +1.")
    margin: float = setting(
        1.0,
        marked("Margin"),
        marked("By how much the true class must be ahead to cost nothing. Torch's own default is 0."),
        ge=0,
        le=1000,
    )

    def module(self, reduction: str) -> Call:
        """Torch's class, with the margin even where it is our default, which is not torch's."""
        made = super().module(reduction)
        return Call(made.target, margin=self.margin, **made.named)

    def fitted(self, loss: Call, facts: Facts) -> Call:
        """Of the score of the true class and the highest other."""
        return Call(f"{TARGETS}.AgainstHighestOther", loss)

    def curve(self, facts: Facts, at: Floats) -> Curve:
        """Straight down to the margin, then nothing."""
        return np.maximum(0, self.margin - at), np.where(at < self.margin, -1.0, 0.0)


class MultilabelMargin(MeanOrSum):
    """The true class should score higher than each of the others, by 1.

    Σ max(0, 1 − (score of the true class − other score)) / classes, over the other classes. Unlike margin ranking
    it looks at all other classes, not only the highest one: more of the network learns from each picture. It is
    made for pictures with several labels; here the list of labels holds the true class alone. The scores are no
    probabilities.

    Measured with softmax regression on Fashion-MNIST, 470 steps of 128 pictures: Adam 0.003 gives 82 % right, SGD
    0.1 gives 80 %, SGD 1 gives 82 %.

    Source: torch.nn.MultiLabelMarginLoss; Weston, Watkins: Support Vector Machines for Multi-Class Pattern
    Recognition, 1999.
    """

    title = marked("Multi-label margin")
    family: ClassVar[Literal["errors", "scores", "margins"]] = "margins"
    module_name = "torch.nn.MultiLabelMarginLoss"
    elementwise = False
    on_classes = marked(
        "Far from right the gradient stays the same, however wrong the answer, and each class that is too close adds "
        "its part. Once the true class is ahead of all by 1, it drops to 0: the picture is not learned from any more."
    )
    form_on_classes = marked("It takes the scores (logits), and lists of labels as targets: the true class, then −1.")

    def fitted(self, loss: Call, facts: Facts) -> Call:
        """With lists of labels as targets."""
        return Call(f"{TARGETS}.OnLabelLists", loss)

    def curve(self, facts: Facts, at: Floats) -> Curve:
        """Straight down to 1, then nothing, for each of the other classes."""
        share = (facts.classes - 1) / facts.classes
        return share * np.maximum(0, 1 - at), np.where(at < 1, -share, 0.0)


class SoftMargin(MeanOrSum):
    """Asks of each class apart whether it is the true one: yes or no.

    log(1 + exp(−target · score)), averaged over pictures and classes; the target is +1 for the true class, −1 for
    the others. This is logistic regression of one class against the rest. The classes do not compete as in softmax,
    so it suits pictures that belong to several. Torch computes exp without a safeguard: scores beyond about 88 on
    the wrong side, which a large learning rate brings about, make the loss infinite.

    Measured with softmax regression on Fashion-MNIST, 470 steps of 128 pictures: Adam 0.003 gives 81 % right, SGD
    0.1 only 69 %, SGD 3 gives 81 %, and SGD 10 fails.

    Source: torch.nn.SoftMarginLoss.
    """

    title = marked("Soft margin")
    family: ClassVar[Literal["errors", "scores", "margins"]] = "scores"
    module_name = "torch.nn.SoftMarginLoss"
    on_classes = marked(
        "Far from right the loss grows evenly and the gradient stays the same. Near right it fades, but never quite. "
        "A score of 0 means undecided, whatever the other classes score."
    )
    form_on_classes = marked(
        "It takes the scores (logits), one class against the rest: target +1 for the true class, else −1."
    )

    def fitted(self, loss: Call, facts: Facts) -> Call:
        """With +1 for the true class and −1 for the others."""
        return Call(f"{TARGETS}.OneAgainstRest", loss)

    def curve(self, facts: Facts, at: Floats) -> Curve:
        """The others, with the score 0, cost log 2 each."""
        share = 1 if self.summed else 1 / facts.classes
        loss = np.logaddexp(0, -at) + (facts.classes - 1) * np.log(2)
        return loss * share, -share / (1 + np.exp(at))
