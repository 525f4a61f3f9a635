"""What every optimizer is, and the settings that several of them share.

Two of torch's arguments are left out everywhere: ``differentiable`` (training through the optimizer) and ``capturable``
(CUDA graphs) change nothing that a run of this program could show, and fail on its parameters.
"""

from typing import Any, ClassVar

from fmstudio.schema.choice import Choice
from fmstudio.schema.problem import Mending, Problem
from fmstudio.schema.setting import setting
from fmstudio.words import marked, tr


class Optimizer(Choice):
    """What turns gradients into a change of the weights.

    Its ``call`` is the optimizer, to be given the parameters first.

    Attributes:
        closure: Whether it asks for loss and gradients several times a step, so that ``step`` takes a function.
        sparse: Whether it takes sparse gradients only.
        contiguous: Whether it cannot work on weights that are laid out with their channels last.
        lr: The learning rate.
    """

    closure: ClassVar[bool] = False
    sparse: ClassVar[bool] = False
    contiguous: ClassVar[bool] = False
    lr: float

    @property
    def remembered(self) -> int:
        """About how many numbers it keeps for each weight."""
        return 2


class Maximizing(Optimizer):
    """An optimizer that can also climb."""

    maximize: bool = setting(
        False, marked("Maximize"), marked("Make the loss larger instead of smaller."), level="rare"
    )


class Looping(Maximizing):
    """An optimizer that updates weight after weight, or all of them in a few large operations."""

    foreach: bool | None = setting(
        None,
        marked("Foreach"),
        marked("Update all weights in a few large operations, for more memory. Automatic: on a GPU only."),
        level="rare",
    )


class Fusing(Maximizing):
    """An optimizer that torch can also run as one operation per weight, on the CPU too."""

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


def learning_rate(default: float, most: float) -> Any:
    """The setting ``lr``."""
    text = marked("How far each step goes. Too small: it learns slowly. Too large: it jumps about, or never learns.")
    return setting(default, marked("Learning rate"), text, gt=0, le=most, scale="log", level="basic")


def weight_decay() -> Any:
    """The setting ``weight_decay`` where it is added to the gradient."""
    text = marked("Pulls the weights towards zero at each step (L2), against overfitting.")
    return setting(0.0, marked("Weight decay"), text, ge=0, le=10, scale="log")


def betas() -> Any:
    """The setting ``betas`` of the Adam family."""
    text = marked("How slowly the running means of the gradient and of its square forget.")
    return setting((0.9, 0.999), marked("Betas"), text, ge=0, lt=1, length=(2, 2))


def epsilon(default: float) -> Any:
    """The setting ``eps``."""
    text = marked("Added to the divisor, so that nothing is divided by zero.")
    return setting(default, marked("Epsilon"), text, gt=0, le=1, scale="log", level="rare")


def amsgrad() -> Any:
    """The setting ``amsgrad`` of Adam and AdamW."""
    text = marked("Divide by the largest squared gradient so far instead of the running mean.")
    return setting(False, marked("AMSGrad"), text)
