"""Optimizers in which every weight finds a rate of its own, the family of Adam apart."""

from fmstudio.catalog.optimizer import Fusing, Looping, epsilon, learning_rate, weight_decay
from fmstudio.schema.call import Call
from fmstudio.schema.choice import Facts
from fmstudio.schema.problem import Mending, Problem
from fmstudio.schema.setting import setting
from fmstudio.words import marked, tr


class Adagrad(Fusing):
    """Weights that were moved much move less and less.

    sum ← sum + gradient²; weight ← weight − lr · gradient / (√sum + ε). Each weight has a rate of its own, which falls
    as its gradients add up: good where some inputs are seldom lit, and on short runs. The sum only grows, so on long
    runs learning comes to a stop. Rates of 0.01–0.1 suit it.

    Source: torch.optim.Adagrad; Duchi, Hazan, Singer: Adaptive Subgradient Methods for Online Learning, 2011.
    """

    title = "Adagrad"
    lr: float = learning_rate(0.01, 10)
    weight_decay: float = weight_decay()
    lr_decay: float = setting(
        0.0,
        marked("Rate decay"),
        marked("The rate is also divided by 1 + this · the number of steps."),
        ge=0,
        le=10,
        scale="log",
    )
    initial_accumulator_value: float = setting(
        0.0, marked("First sum"), marked("Where the sum of squares starts: larger begins more gently."), ge=0, le=1e6
    )
    eps: float = epsilon(1e-10)
    fused: bool = setting(
        False,
        marked("Fused"),
        marked("Do the whole update in one operation per weight. Older versions of torch can do it on the CPU only."),
        level="rare",
    )

    def call(self, facts: Facts) -> Call:
        """The optimizer, to be given the parameters first."""
        return Call("torch.optim.Adagrad", **self.model_dump())


class Adadelta(Looping):
    """Steps as large as the last ones, measured against the gradients.

    mean ← ρ · mean + (1 − ρ) · gradient²; step = √(mean of earlier steps² + ε) / √(mean + ε) · gradient;
    weight ← weight − lr · step. The steps get the units of the weights, so there is hardly a rate to tune: leave it at
    1. It starts slowly, since there are no earlier steps yet: ε sets the first. On long runs SGD and Adam end better.

    Source: torch.optim.Adadelta; Zeiler: ADADELTA: An Adaptive Learning Rate Method, 2012.
    """

    title = "Adadelta"
    lr: float = learning_rate(1.0, 100)
    rho: float = setting(
        0.9, marked("Decay ρ"), marked("How slowly the running means of gradients and steps forget."), ge=0, lt=1
    )
    weight_decay: float = weight_decay()
    eps: float = setting(
        1e-6,
        marked("Epsilon"),
        marked("Added under both roots: it sets how large the first steps are."),
        gt=0,
        le=1,
        scale="log",
        level="rare",
    )

    def call(self, facts: Facts) -> Call:
        """The optimizer, to be given the parameters first."""
        return Call("torch.optim.Adadelta", **self.model_dump())


class RmsProp(Looping):
    """Divides each gradient by its usual size of late.

    mean ← α · mean + (1 − α) · gradient²; weight ← weight − lr · gradient / (√mean + ε). Unlike Adagrad it forgets, so
    it goes on learning; unlike Adam it has no momentum unless asked for, and its first steps are large. Works well on
    noisy or changing tasks. 0.001 suits it; torch's own default of 0.01 is too much for convolutions.

    Source: torch.optim.RMSprop; Hinton: Neural Networks for Machine Learning, lecture 6, 2012.
    """

    title = "RMSprop"
    lr: float = learning_rate(0.001, 1)
    alpha: float = setting(
        0.99, marked("Smoothing α"), marked("How slowly the running mean of the squared gradient forgets."), ge=0, lt=1
    )
    momentum: float = setting(
        0.0, marked("Momentum"), marked("How much of the last step's direction is kept."), ge=0, lt=1
    )
    weight_decay: float = weight_decay()
    centered: bool = setting(
        False, marked("Centered"), marked("Divide by how much the gradient varies, not by how large it is.")
    )
    eps: float = epsilon(1e-8)

    def call(self, facts: Facts) -> Call:
        """The optimizer, to be given the parameters first."""
        return Call("torch.optim.RMSprop", **self.model_dump())


class Rprop(Looping):
    """Looks at the sign of each gradient only, not at its size.

    Every weight has a step of its own. Where the gradient keeps its sign the step grows by the second factor; where the
    sign turns it shrinks by the first. Fast and robust with the batch size “all”: 30 steps do for softmax regression.
    On small batches the signs turn by chance; it learns, but noise sets the pace. The learning rate is only where the
    steps start, 0.001–0.01: a schedule changes nothing after the first.

    Source: torch.optim.Rprop; Riedmiller, Braun: A Direct Adaptive Method for Faster Backpropagation Learning, 1993.
    """

    title = "Rprop"
    lr: float = learning_rate(0.01, 1)
    etas: tuple[float, float] = setting(
        (0.5, 1.2),
        marked("Factors"),
        marked("By what a step shrinks where the gradient's sign turns, and grows where it stays."),
        gt=0,
        le=100,
        length=(2, 2),
    )
    step_sizes: tuple[float, float] = setting(
        (1e-6, 50.0), marked("Step sizes"), marked("The smallest and the largest step."), gt=0, le=1e6, length=(2, 2)
    )

    def call(self, facts: Facts) -> Call:
        """The optimizer, to be given the parameters first."""
        return Call("torch.optim.Rprop", **self.model_dump())

    def problems(self) -> tuple[Problem, ...]:
        """The first factor must shrink, the second grow, and there must be room between the step sizes."""
        found = list(super().problems())
        if not self.etas[0] < 1 < self.etas[1]:
            mending = Mending(tr("Use factors {values}", values="0.5, 1.2"), (("etas", (0.5, 1.2)),))
            found.append(Problem("etas", tr("the first must be less than 1, the second greater than 1"), mending))
        if self.step_sizes[0] > self.step_sizes[1]:
            mending = Mending(tr("Swap them"), (("step_sizes", self.step_sizes[::-1]),))
            found.append(Problem("step_sizes", tr("the first must not be greater than the second"), mending))
        return tuple(found)
