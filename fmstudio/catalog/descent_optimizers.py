"""Optimizers that go down the gradient with one rate for all weights, and L-BFGS, which measures the curvature."""

from typing import Literal

from fmstudio.catalog.optimizer import Fusing, Looping, Maximizing, Optimizer, learning_rate, weight_decay
from fmstudio.schema.call import Call
from fmstudio.schema.choice import Facts
from fmstudio.schema.problem import Mending, Problem
from fmstudio.schema.setting import setting
from fmstudio.words import marked, tr


class Sgd(Fusing):
    """Stochastic gradient descent, optionally with momentum.

    weight ← weight − lr · gradient. With momentum the steps remember their direction: velocity ← momentum · velocity +
    gradient; weight ← weight − lr · velocity. Plain, cheap, and with a well chosen rate and schedule as good as any. It
    wants a larger learning rate than Adam: about 0.1, or 0.01–0.05 with momentum 0.9.

    Source: torch.optim.SGD; Robbins, Monro: A Stochastic Approximation Method, 1951.
    """

    title = "SGD"
    lr: float = learning_rate(0.1, 10)
    momentum: float = setting(
        0.0, marked("Momentum"), marked("How much of the last step's direction is kept."), ge=0, lt=1
    )
    weight_decay: float = weight_decay()
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


class SgdScratch(Optimizer):
    """Gradient descent with its one line of arithmetic written out.

    weight ← weight − lr · gradient / batch size. The division turns a loss that is the sum over the batch into a mean,
    so that the rate need not change with the batch size; a loss that is a mean already is divided by 1. It does what
    SGD without its extras does, and the code shows how little that is. For learning how training works; otherwise SGD
    is the same and faster. A rate of about 0.1 suits it for classes, 0.03 for a line.

    Source: Zhang, Lipton, Li, Smola: Dive into Deep Learning, section “Linear Regression Implementation from Scratch”.
    """

    title = marked("SGD from scratch")
    lr: float = learning_rate(0.1, 10)

    def call(self, facts: Facts) -> Call:
        """The optimizer, to be given the parameters first."""
        batch_size = facts.batch if facts.summed else 1
        return Call("fmstudio.training.scratch.ScratchSgd", lr=self.lr, batch_size=batch_size)


class Asgd(Looping):
    """Gradient descent with a falling rate, and an average of the weights beside it.

    weight ← weight · (1 − λ · η) − η · gradient, with η = lr / (1 + λ · lr · step)^α; from step t0 on it also keeps the
    mean of all weights so far. In theory that mean is as good as the best choice of rate. torch only stores it: the
    network itself goes on with the plain weights, so to test an average turn on weight averaging. With the usual t0 of
    a million it behaves like SGD whose rate falls slowly. A rate of about 0.1 suits it.

    Source: torch.optim.ASGD; Polyak, Juditsky: Acceleration of Stochastic Approximation by Averaging, 1992.
    """

    title = "ASGD"
    lr: float = learning_rate(0.1, 10)
    lambd: float = setting(
        1e-4,
        marked("Decay λ"),
        marked("How fast the rate falls; it also pulls the weights towards zero a little."),
        ge=0,
        le=10,
        scale="log",
    )
    alpha: float = setting(
        0.75, marked("Power α"), marked("How strongly the rate falls with the number of steps."), ge=0, le=10
    )
    t0: float = setting(
        1e6,
        marked("Averaging from step"),
        marked("The step from which on the mean of the weights is kept."),
        ge=0,
        le=1e12,
        scale="log",
    )
    weight_decay: float = weight_decay()

    def call(self, facts: Facts) -> Call:
        """The optimizer, to be given the parameters first."""
        return Call("torch.optim.ASGD", **self.model_dump())


class Lbfgs(Maximizing):
    """Long, well aimed steps from the curvature that the last gradients show.

    step = −lr · H · gradient, where H, the inverse curvature, is estimated from how the gradient changed over the last
    steps. For that it asks for loss and gradient up to 25 times before a single step of the run is done. Choose the
    batch size “all”: then a few epochs do what takes SGD hundreds, on small networks and above all on regression. On
    small batches the gradient changes because the pictures do, which it takes for curvature: a rate of 0.01–0.1 helps.
    With many weights it is slow and needs much memory: two copies of all weights for each step that it remembers.

    Source: torch.optim.LBFGS; Liu, Nocedal: On the Limited Memory BFGS Method for Large Scale Optimization, 1989.
    """

    title = "L-BFGS"
    closure = True
    contiguous = True
    lr: float = learning_rate(1.0, 10)
    line_search_fn: Literal["none", "strong_wolfe"] = setting(
        "none",
        marked("Line search"),
        marked("How the length of each step is found. strong_wolfe tries several: safer, but asks more often."),
    )
    max_iter: int = setting(
        20, marked("Iterations"), marked("Steps that it takes on the same batch, at most."), ge=1, le=10_000
    )
    history_size: int = setting(
        100, marked("History size"), marked("How many of its last steps show it the curvature."), ge=1, le=1000
    )
    max_eval: int | None = setting(
        None,
        marked("Evaluations"),
        marked("How often it asks for loss and gradient on the same batch, at most. Automatic: iterations · 1.25."),
        ge=1,
        le=100_000,
        level="rare",
    )
    tolerance_grad: float = setting(
        1e-7,
        marked("Gradient tolerance"),
        marked("It is done with a batch where no gradient is larger than this."),
        ge=0,
        le=1,
        scale="log",
        level="rare",
    )
    tolerance_change: float = setting(
        1e-9,
        marked("Change tolerance"),
        marked("It is done with a batch where loss or weights change less than this."),
        ge=0,
        le=1,
        scale="log",
        level="rare",
    )

    def call(self, facts: Facts) -> Call:
        """The optimizer, to be given the parameters first; torch learned to maximize with it only lately."""
        named = self.model_dump(exclude=set() if self.maximize else {"maximize"})
        return Call("torch.optim.LBFGS", **{**named, "line_search_fn": self._line_search})

    @property
    def remembered(self) -> int:
        """Step and change of gradient of each step in its history, and what it computes with."""
        return 2 * self.history_size + 6

    @property
    def _line_search(self) -> str | None:
        return None if self.line_search_fn == "none" else self.line_search_fn
