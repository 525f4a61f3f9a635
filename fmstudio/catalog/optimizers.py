"""The optimizers that can be chosen, each with all the settings that torch gives it."""

from fmstudio.catalog.adam_optimizers import Adam, Adamax, AdamW, SparseAdam
from fmstudio.catalog.adaptive_optimizers import Adadelta, Adagrad, RmsProp, Rprop
from fmstudio.catalog.descent_optimizers import Asgd, Lbfgs, Sgd, SgdScratch
from fmstudio.catalog.optimizer import Optimizer

__all__ = ["OPTIMIZERS", "Adam", "Optimizer", "Sgd"]

OPTIMIZERS: dict[str, type[Optimizer]] = {
    "sgd": Sgd,
    "adam": Adam,
    "adamw": AdamW,
    "adamax": Adamax,
    "rmsprop": RmsProp,
    "adagrad": Adagrad,
    "adadelta": Adadelta,
    "rprop": Rprop,
    "asgd": Asgd,
    "lbfgs": Lbfgs,
    "sparse-adam": SparseAdam,
    "sgd-scratch": SgdScratch,
}
"""By kind; the form lists them in this order: the usual ones first."""
