"""How the learning rate changes over the run."""

from typing import ClassVar, Literal

import numpy as np

from fmstudio.catalog.rates import Floats, cosine, one_cycle, stairs, warming
from fmstudio.schema.call import Call
from fmstudio.schema.choice import Choice, Facts
from fmstudio.schema.problem import Mending, Problem
from fmstudio.schema.setting import setting
from fmstudio.words import marked, tr


class Schedule(Choice):
    """A rule for the learning rate, applied after every step.

    Attributes:
        watches: Whether it looks at the results: its scheduler is then stepped after each evaluated epoch with the
            figure of the validation samples, and not after every step.
    """

    watches: ClassVar[bool] = False

    def scheduler(self, facts: Facts, lr: float) -> Call | None:
        """The scheduler, to be given the optimizer first and stepped after every step; None for none."""
        raise NotImplementedError

    def warm_up_call(self, facts: Facts) -> Call | None:
        """The scheduler of the warm-up, made and stepped before the main one, after every step; None for none."""
        return None

    def rates(self, facts: Facts, lr: float, steps: Floats) -> Floats | None:
        """The rate of each of these steps, counted from 0; None where it depends on how the run goes."""
        raise NotImplementedError

    def unfit(self, facts: Facts, lr: float) -> Problem | None:
        """What does not fit the run or the learning rate; its path is the name of a setting."""
        return None


class WarmSchedule(Schedule):
    """A schedule that can begin with a warm-up. Both multiply the rate, so that they can be chained."""

    warm_up: float = setting(
        0.0,
        marked("Warm-up epochs"),
        marked("Epochs in which the rate rises from nearly zero: the first steps then break nothing. 0: none."),
        ge=0,
        le=100_000,
        zero=marked("none"),
    )

    def warm_up_steps(self, facts: Facts) -> int:
        """Steps of the warm-up: at least one, where there is any."""
        return max(1, round(self.warm_up * facts.steps_per_epoch)) if self.warm_up else 0

    def warm_up_call(self, facts: Facts) -> Call | None:
        """Equal stairs up to the whole rate; the first is one stair high, not zero."""
        steps = self.warm_up_steps(facts)
        if not steps:
            return None
        return Call("torch.optim.lr_scheduler.LinearLR", start_factor=1 / (steps + 1), total_iters=steps)

    def _warmed(self, rates: Floats, facts: Facts, steps: Floats) -> Floats:
        return rates * warming(steps, self.warm_up_steps(facts))


class Constant(WarmSchedule):
    """The learning rate stays as it is."""

    title = marked("Constant")

    def scheduler(self, facts: Facts, lr: float) -> Call | None:
        """None."""
        return None

    def rates(self, facts: Facts, lr: float, steps: Floats) -> Floats | None:
        """The same everywhere, after the warm-up."""
        return self._warmed(np.full(len(steps), lr), facts, steps)


class Step(WarmSchedule):
    """Down by a factor after every so many epochs.

    rate = lr · gamma^⌊epoch / every⌋. Large steps as long as they help, then ever finer ones: right after a fall the
    accuracy often jumps. Simple and well tried; when to fall must be guessed. For a run of 30 epochs gamma 0.1 after
    every 10 is usual; for a short one gamma 0.5 after each.

    Source: torch.optim.lr_scheduler.StepLR; He and others: Deep Residual Learning for Image Recognition, 2015.
    """

    title = marked("Steps down")
    step_size: float = setting(
        1.0,
        marked("Epochs between falls"),
        marked("After so many epochs the rate falls, again and again. 0.5: in the middle of each epoch too."),
        gt=0,
        le=100_000,
    )
    gamma: float = setting(
        0.5, marked("Factor"), marked("What the rate is multiplied by at each fall."), gt=0, le=1, scale="log"
    )

    def scheduler(self, facts: Facts, lr: float) -> Call | None:
        """The falls, counted in steps."""
        return Call("torch.optim.lr_scheduler.StepLR", step_size=self._steps(facts), gamma=self.gamma)

    def rates(self, facts: Facts, lr: float, steps: Floats) -> Floats | None:
        """Stairs down."""
        return self._warmed(stairs(lr, steps, self._steps(facts), self.gamma), facts, steps)

    def _steps(self, facts: Facts) -> int:
        return max(1, round(self.step_size * facts.steps_per_epoch))


class Cosine(WarmSchedule):
    """Down to nearly zero along half a cosine.

    rate = lowest + (lr − lowest) · (1 + cos(π · step / steps)) / 2. Slowly down at first, fast in the middle, and
    slowly at the end, so that the last steps settle. Nothing to tune, and hard to beat; a short warm-up before it helps
    large rates. The whole run must be planned from the start.

    Source: torch.optim.lr_scheduler.CosineAnnealingLR; Loshchilov, Hutter: SGDR, 2016.
    """

    title = marked("Cosine")
    eta_min: float = setting(
        0.0, marked("Lowest rate"), marked("The rate that the run ends at."), ge=0, le=100, scale="log"
    )

    def scheduler(self, facts: Facts, lr: float) -> Call | None:
        """Torch's own; where it would not chain with a warm-up, since it adds, one of ours that holds both."""
        total = max(1, facts.total_steps)
        if self._adds:
            factor = Call(
                "fmstudio.catalog.rates.WarmCosine",
                steps=total,
                warm_up=self.warm_up_steps(facts),
                lowest=self.eta_min / lr,
            )
            return Call("torch.optim.lr_scheduler.LambdaLR", lr_lambda=factor)
        return Call("torch.optim.lr_scheduler.CosineAnnealingLR", T_max=total, eta_min=self.eta_min)

    def warm_up_call(self, facts: Facts) -> Call | None:
        """None where the main scheduler holds the warm-up already."""
        return None if self._adds else super().warm_up_call(facts)

    def rates(self, facts: Facts, lr: float, steps: Floats) -> Floats | None:
        """Half a cosine."""
        return self._warmed(cosine(lr, steps, max(1, facts.total_steps), self.eta_min), facts, steps)

    def unfit(self, facts: Facts, lr: float) -> Problem | None:
        """The lowest rate must be below the learning rate."""
        return _lowest_too_high("eta_min", self.eta_min, lr)

    @property
    def _adds(self) -> bool:
        return bool(self.warm_up and self.eta_min)


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

    def rates(self, facts: Facts, lr: float, steps: Floats) -> Floats | None:
        """Up, then down."""
        start = lr / self.div_factor
        return one_cycle(
            lr,
            steps,
            max(1, facts.total_steps),
            rising=self.pct_start,
            start=start,
            end=start / self.final_div_factor,
            linear=self.anneal_strategy == "linear",
        )

    def unfit(self, facts: Facts, lr: float) -> Problem | None:
        """The rising part must not be a single step, which torch divides by zero on."""
        if self.pct_start * facts.total_steps != 1:
            return None
        usual = OneCycle().pct_start
        mending = Mending(tr("Use {share}", share=f"{usual:g}"), (("pct_start", usual),))
        return Problem("pct_start", tr("must not be exactly one step of the run"), mending)


class Plateau(WarmSchedule):
    """Down whenever the validation samples show no progress.

    After each epoch it looks at the samples that are held back: where their accuracy, or for numbers their loss, has
    not become better for so many epochs, the rate is multiplied by the factor. It needs no plan of the run and waits as
    long as it pays; but each fall comes late, and short runs end before the first.

    Source: torch.optim.lr_scheduler.ReduceLROnPlateau.
    """

    title = marked("Plateau")
    watches = True
    factor: float = setting(
        0.1, marked("Factor"), marked("What the rate is multiplied by at each fall."), gt=0, lt=1, scale="log"
    )
    patience: int = setting(
        2,
        marked("Patience"),
        marked("Epochs without progress that are let pass before the rate falls."),
        ge=0,
        le=100_000,
    )
    threshold: float = setting(
        1e-4, marked("Threshold"), marked("Progress that is smaller than this does not count."), ge=0, lt=1, scale="log"
    )
    threshold_mode: Literal["rel", "abs"] = setting(
        "rel",
        marked("Threshold is"),
        marked("rel: a share of the best figure so far; abs: in the units of the figure itself."),
        level="rare",
    )
    cooldown: int = setting(
        0,
        marked("Cool-down"),
        marked("Epochs after a fall in which nothing is counted."),
        ge=0,
        le=100_000,
    )
    min_lr: float = setting(
        0.0, marked("Lowest rate"), marked("The rate never falls below this."), ge=0, le=100, scale="log"
    )
    eps: float = setting(
        1e-8,
        marked("Smallest fall"),
        marked("Where the rate would fall by less than this it stays."),
        ge=0,
        le=1,
        scale="log",
        level="rare",
    )

    def scheduler(self, facts: Facts, lr: float) -> Call | None:
        """To be stepped with the validation accuracy, or where numbers are learned with the validation loss."""
        named = self.model_dump(exclude={"warm_up"})
        return Call("torch.optim.lr_scheduler.ReduceLROnPlateau", mode="max" if facts.classes else "min", **named)

    def rates(self, facts: Facts, lr: float, steps: Floats) -> Floats | None:
        """None: it depends on how the run goes."""
        return None

    def unfit(self, facts: Facts, lr: float) -> Problem | None:
        """The lowest rate must be below the learning rate."""
        return _lowest_too_high("min_lr", self.min_lr, lr)


def _lowest_too_high(name: str, lowest: float, lr: float) -> Problem | None:
    if lowest <= lr:
        return None
    message = tr("must not be greater than the learning rate, {rate}", rate=f"{lr:g}")
    return Problem(name, message, Mending(tr("Use lowest rate 0"), ((name, 0.0),)))


SCHEDULES: dict[str, type[Schedule]] = {
    "constant": Constant,
    "one-cycle": OneCycle,
    "cosine": Cosine,
    "step": Step,
    "plateau": Plateau,
}
