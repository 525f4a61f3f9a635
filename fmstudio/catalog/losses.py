"""The losses that can be chosen: what a wrong answer costs."""

from fmstudio.schema.call import Call
from fmstudio.schema.choice import Choice, Facts
from fmstudio.schema.setting import setting
from fmstudio.words import marked


class Loss(Choice):
    """A loss on classes."""

    def per_sample(self, facts: Facts) -> Call:
        """The same loss, for each sample apart, not their mean."""
        mean = self.call(facts)
        return Call(mean.target, *mean.arguments, **{**mean.named, "reduction": "none"})


class CrossEntropy(Loss):
    """How surprised the network is by the true class.

    −log of the probability that the network gave to the true class, averaged over the batch. A sure and right answer
    costs nothing; a sure and wrong one costs much. The usual loss for classes. The network returns logits; softmax is
    part of the loss.

    Source: torch.nn.CrossEntropyLoss.
    """

    title = marked("Cross-entropy")
    label_smoothing: float = setting(
        0.0,
        marked("Label smoothing"),
        marked("Share of the target that is spread over all classes, so that the network stays a little unsure."),
        ge=0,
        lt=1,
    )

    def call(self, facts: Facts) -> Call:
        """The module that takes logits (n, classes) and class indices (n,)."""
        return Call("torch.nn.CrossEntropyLoss", label_smoothing=self.label_smoothing)


LOSSES: dict[str, type[Loss]] = {"cross-entropy": CrossEntropy}
