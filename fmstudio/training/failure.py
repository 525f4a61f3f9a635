"""How a run that fails says why, and what would help."""

from fmstudio.experiment.spec import ExperimentSpec
from fmstudio.training.events import RunEnded
from fmstudio.words import tr


class NotFiniteError(ArithmeticError):
    """The loss or a weight became infinite or NaN.

    Args:
        step: The step at which it was seen first, from 1.
    """

    def __init__(self, step: int) -> None:
        super().__init__(f"not finite at step {step}")
        self.step = step


def diverged(spec: ExperimentSpec, epoch: int, step: int) -> RunEnded:
    """The end of a run whose loss became infinite: most likely the learning rate was too large."""
    rate = gentler_rate(spec)
    return RunEnded(
        status="failed",
        epoch=epoch,
        step=step,
        message=tr("Failed at step {step}: the loss became infinite.", step=step),
        hint=tr(
            "The learning rate {rate} is probably too large: each step overshoots further than the last.",
            rate=f"{spec.optimizer.lr:g}",
        ),
        mending=(("optimizer.lr", rate),),
    )


def gentler_rate(spec: ExperimentSpec) -> float:
    """A learning rate to try after one that was too large: the optimizer's default, or a tenth."""
    return min(float(type(spec.optimizer).model_fields["lr"].default), float(f"{spec.optimizer.lr / 10:.1g}"))


def out_of_memory(spec: ExperimentSpec, epoch: int, step: int) -> RunEnded:
    """The end of a run that did not fit into the device's memory."""
    smaller = max(1, min(spec.batch, spec.train_samples) // 2)
    return RunEnded(
        status="failed",
        epoch=epoch,
        step=step,
        message=tr("The device has not enough memory for this run."),
        hint=tr("A smaller batch needs less: try {size}.", size=smaller),
        mending=(("batch_size", smaller),),
    )
