"""How the learning rate changes over the run."""

from typing import Literal

from fmstudio.schema.call import Call
from fmstudio.schema.choice import Choice, Facts
from fmstudio.schema.setting import setting
from fmstudio.words import marked


class Schedule(Choice):
    """A rule for the learning rate, applied after every step."""

    def scheduler(self, facts: Facts, lr: float) -> Call | None:
        """The scheduler, to be given the optimizer first and stepped after every step; None for none."""
        raise NotImplementedError


class Constant(Schedule):
    """The learning rate stays as it is."""

    title = marked("Constant")

    def scheduler(self, facts: Facts, lr: float) -> Call | None:
        """None."""
        return None


class OneCycle(Schedule):
    """Up to the learning rate, then down to nearly zero.

    It starts at a small rate, rises to the chosen one, and falls for the rest of the run. Large steps in the middle
    find the way, small ones at the end settle. Good for short runs; the whole run must be planned from the start.

    Source: torch.optim.lr_scheduler.OneCycleLR; Smith, Topin: Super-Convergence, 2017.
    """

    title = marked("One cycle")
    pct_start: float = setting(
        0.3, marked("Rising part"), marked("Share of the run in which the rate rises."), gt=0, lt=1
    )
    anneal_strategy: Literal["cos", "linear"] = setting(
        "cos", marked("Shape"), marked("How the rate moves between its ends."), level="rare"
    )
    div_factor: float = setting(
        25.0, marked("Start divisor"), marked("The run starts at the rate divided by this."), ge=1, le=1e6, level="rare"
    )
    final_div_factor: float = setting(
        1e4,
        marked("End divisor"),
        marked("The run ends at the start's rate divided by this."),
        ge=1,
        le=1e12,
        scale="log",
        level="rare",
    )

    def scheduler(self, facts: Facts, lr: float) -> Call | None:
        """The schedule over all steps of the run. Momentum is left alone: it cycles only where it is asked to."""
        return Call(
            "torch.optim.lr_scheduler.OneCycleLR",
            max_lr=lr,
            total_steps=max(1, facts.total_steps),
            cycle_momentum=False,
            **self.model_dump(),
        )


SCHEDULES: dict[str, type[Schedule]] = {"constant": Constant, "one-cycle": OneCycle}
