"""Adam and its family."""

from fmstudio.catalog.optimizer import (
    Fusing,
    Looping,
    Maximizing,
    amsgrad,
    betas,
    epsilon,
    learning_rate,
    weight_decay,
)
from fmstudio.schema.call import Call
from fmstudio.schema.choice import Facts
from fmstudio.schema.setting import setting
from fmstudio.words import marked


class Adam(Fusing):
    """Steps that adapt to each weight: seldom-moved weights move further.

    It keeps a running mean of each weight's gradient and of its square, and divides one by the root of the other. Needs
    little tuning: 0.001 nearly always works, 0.01 is fast for small networks, and above 0.1 it rarely learns.

    Source: torch.optim.Adam; Kingma, Ba: Adam: A Method for Stochastic Optimization, 2014.
    """

    title = "Adam"
    lr: float = learning_rate(0.001, 1)
    betas: tuple[float, float] = betas()
    eps: float = epsilon(1e-8)
    weight_decay: float = weight_decay()
    decoupled_weight_decay: bool = setting(
        False,
        marked("Decoupled weight decay"),
        marked("Apply the weight decay to the weights themselves, as AdamW does, not to the gradient."),
        level="rare",
    )
    amsgrad: bool = amsgrad()

    def call(self, facts: Facts) -> Call:
        """The optimizer, to be given the parameters first."""
        return Call("torch.optim.Adam", **self.model_dump())


class AdamW(Fusing):
    """Adam whose weight decay shrinks the weights themselves.

    weight ← weight · (1 − lr · decay), and then a step of Adam. In Adam the decay is a part of the gradient and is
    divided by its size, so that it hardly reaches weights with large gradients; here it reaches all alike. The usual
    choice for larger networks that would overfit. 0.001 works as with Adam; a longer run bears more decay, up to 0.1.

    Source: torch.optim.AdamW; Loshchilov, Hutter: Decoupled Weight Decay Regularization, 2017.
    """

    title = "AdamW"
    lr: float = learning_rate(0.001, 1)
    betas: tuple[float, float] = betas()
    eps: float = epsilon(1e-8)
    weight_decay: float = setting(
        0.01,
        marked("Weight decay"),
        marked("The share, times the learning rate, by which all weights shrink at each step."),
        ge=0,
        le=10,
        scale="log",
    )
    amsgrad: bool = amsgrad()

    def call(self, facts: Facts) -> Call:
        """The optimizer, to be given the parameters first."""
        return Call("torch.optim.AdamW", **self.model_dump())


class Adamax(Looping):
    """Adam that divides by the largest gradient of late instead of the mean.

    largest ← max(β₂ · largest, |gradient| + ε); weight ← weight − lr · mean gradient / largest. No step is much longer
    than the rate, so it is steadier than Adam where now and then a gradient is huge, and a little slower else. It bears
    about twice Adam's rate: 0.002–0.01.

    Source: torch.optim.Adamax; Kingma, Ba: Adam: A Method for Stochastic Optimization, section 7, 2014.
    """

    title = "Adamax"
    lr: float = learning_rate(0.002, 1)
    betas: tuple[float, float] = betas()
    eps: float = epsilon(1e-8)
    weight_decay: float = weight_decay()

    def call(self, facts: Facts) -> Call:
        """The optimizer, to be given the parameters first."""
        return Call("torch.optim.Adamax", **self.model_dump())


class SparseAdam(Maximizing):
    """Adam for sparse gradients: only the rows that were used are touched.

    Where an input is off in the whole batch its weights have no gradient, and neither they nor their running means
    change. That saves much time with huge tables of which each batch uses a few rows, such as words. It takes sparse
    gradients only, so it needs a network that has them: softmax regression on lit pixels. 0.003–0.03 suits it there.

    Source: torch.optim.SparseAdam; Kingma, Ba: Adam: A Method for Stochastic Optimization, 2014.
    """

    title = "SparseAdam"
    sparse = True
    lr: float = learning_rate(0.01, 1)
    betas: tuple[float, float] = betas()
    eps: float = epsilon(1e-8)

    def call(self, facts: Facts) -> Call:
        """The optimizer, to be given the parameters first."""
        return Call("torch.optim.SparseAdam", **self.model_dump())
