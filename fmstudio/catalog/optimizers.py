"""The optimizers that can be chosen, with the settings that torch gives them.

Two of torch's arguments are left out: ``differentiable`` (training through the optimizer) and ``capturable`` (CUDA
graphs) change nothing that a run of this program could show, and fail on its parameters.
"""

from fmstudio.schema.call import Call
from fmstudio.schema.choice import Choice, Facts
from fmstudio.schema.problem import Mending, Problem
from fmstudio.schema.setting import setting
from fmstudio.words import marked, tr

_RATE_HELP = marked("How far each step goes. Too small: it learns slowly. Too large: it jumps about, or never learns.")
_DECAY_HELP = marked("Pulls the weights towards zero at each step (L2), against overfitting.")


class Optimizer(Choice):
    """What turns gradients into a change of the weights."""

    lr: float
    maximize: bool = setting(
        False, marked("Maximize"), marked("Make the loss larger instead of smaller."), level="rare"
    )
    foreach: bool = setting(
        False,
        marked("Foreach"),
        marked("Update all weights in a few large operations: can be faster on a GPU, needs more memory."),
        level="rare",
    )
    fused: bool = setting(
        True,
        marked("Fused"),
        marked("Do the whole update in one operation per weight: faster; the last bits of the result differ."),
        level="rare",
    )

    def problems(self) -> tuple[Problem, ...]:
        """Fused and foreach are two ways to do the same."""
        if not (self.fused and self.foreach):
            return ()
        mending = Mending(tr("Turn off fused"), (("fused", False),))
        return (Problem("foreach", tr("cannot be used together with fused"), mending),)


class Sgd(Optimizer):
    """Stochastic gradient descent, optionally with momentum.

    weight ← weight − lr · gradient. With momentum the steps remember their direction: velocity ← momentum · velocity +
    gradient; weight ← weight − lr · velocity. Plain, cheap, and with a well chosen rate and schedule as good as any. It
    wants a larger learning rate than Adam: about 0.1, or 0.01–0.05 with momentum 0.9.

    Source: torch.optim.SGD; Robbins, Monro: A Stochastic Approximation Method, 1951.
    """

    title = "SGD"
    lr: float = setting(0.1, marked("Learning rate"), _RATE_HELP, gt=0, le=10, scale="log", level="basic")
    momentum: float = setting(
        0.0, marked("Momentum"), marked("How much of the last step's direction is kept."), ge=0, lt=1
    )
    weight_decay: float = setting(0.0, marked("Weight decay"), _DECAY_HELP, ge=0, le=10, scale="log")
    nesterov: bool = setting(
        False,
        marked("Nesterov"),
        marked("Look ahead: take the gradient where the momentum is about to lead. Needs momentum."),
    )
    dampening: float = setting(
        0.0,
        marked("Dampening"),
        marked("How much of the new gradient is left out of the momentum."),
        ge=0,
        le=1,
        level="rare",
    )

    def call(self, facts: Facts) -> Call:
        """The optimizer, to be given the parameters first."""
        return Call("torch.optim.SGD", **self.model_dump())

    def problems(self) -> tuple[Problem, ...]:
        """Nesterov needs momentum, and no dampening."""
        if self.nesterov and (self.momentum == 0 or self.dampening != 0):
            changes = (("momentum", self.momentum or 0.9), ("dampening", 0.0))
            label = tr("Use momentum {value}", value=f"{self.momentum or 0.9:g}")
            message = tr("needs a momentum greater than 0 and no dampening")
            return (*super().problems(), Problem("nesterov", message, Mending(label, changes)))
        return super().problems()


class Adam(Optimizer):
    """Steps that adapt to each weight: seldom-moved weights move further.

    It keeps a running mean of each weight's gradient and of its square, and divides one by the root of the other. Needs
    little tuning: 0.001 nearly always works, 0.01 is fast for small networks, and above 0.1 it rarely learns.

    Source: torch.optim.Adam; Kingma, Ba: Adam: A Method for Stochastic Optimization, 2014.
    """

    title = "Adam"
    lr: float = setting(0.001, marked("Learning rate"), _RATE_HELP, gt=0, le=1, scale="log", level="basic")
    betas: tuple[float, float] = setting(
        (0.9, 0.999),
        marked("Betas"),
        marked("How slowly the running means of the gradient and of its square forget."),
        ge=0,
        lt=1,
        length=(2, 2),
    )
    eps: float = setting(
        1e-8,
        marked("Epsilon"),
        marked("Added to the divisor, so that nothing is divided by zero."),
        gt=0,
        le=1,
        scale="log",
        level="rare",
    )
    weight_decay: float = setting(0.0, marked("Weight decay"), _DECAY_HELP, ge=0, le=10, scale="log")
    decoupled_weight_decay: bool = setting(
        False,
        marked("Decoupled weight decay"),
        marked("Apply the weight decay to the weights themselves, as AdamW does, not to the gradient."),
        level="rare",
    )
    amsgrad: bool = setting(
        False,
        marked("AMSGrad"),
        marked("Divide by the largest squared gradient so far instead of the running mean."),
    )

    def call(self, facts: Facts) -> Call:
        """The optimizer, to be given the parameters first."""
        return Call("torch.optim.Adam", **self.model_dump())


OPTIMIZERS: dict[str, type[Optimizer]] = {"sgd": Sgd, "adam": Adam}
