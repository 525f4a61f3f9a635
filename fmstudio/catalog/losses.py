"""The losses that can be chosen: what a wrong answer costs.

They have the settings that torch gives them, with torch's defaults; only KL divergence takes the mean that torch itself
recommends, and margin ranking has a margin, without which it learns badly. Left out are ``size_average`` and
``reduce``, which torch has deprecated, and the reduction ``"none"``, which gives no single number to learn from.
"""

from fmstudio.catalog.class_losses import CrossEntropy, KlDivergence, MarginRanking, MultilabelMargin, SoftMargin
from fmstudio.catalog.loss import Loss
from fmstudio.catalog.number_losses import L1, Huber, Mse, PoissonNll, SmoothL1

__all__ = ["LOSSES", "CrossEntropy", "Loss"]

LOSSES: dict[str, type[Loss]] = {
    "cross-entropy": CrossEntropy,
    "mse": Mse,
    "l1": L1,
    "smooth-l1": SmoothL1,
    "huber": Huber,
    "poisson-nll": PoissonNll,
    "kl-div": KlDivergence,
    "margin-ranking": MarginRanking,
    "multilabel-margin": MultilabelMargin,
    "soft-margin": SoftMargin,
}
