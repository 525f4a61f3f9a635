"""What learns: the network with its loss, optimizer, schedules and average, and the step that joins them."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from fmstudio.experiment.spec import ExperimentSpec
from fmstudio.training.checkpoints import snapshot
from fmstudio.training.evaluation import laid_out
from fmstudio.training.modules import set_weights
from fmstudio.training.step import step_of


class StepStoppedError(Exception):
    """The user stopped a step in the middle."""


class Learner:
    """Builds everything that a spec asks for; draws the weights from torch's generator.

    Args:
        spec: What to build.
        device: Where it lies.
        stopped: Whether the user wants to stop; asked within a step that asks for loss and gradients several times.
    """

    def __init__(self, spec: ExperimentSpec, device: str, stopped: Callable[[], bool] = lambda: False) -> None:
        facts = spec.facts
        network: torch.nn.Module = spec.architecture.call(facts).make()
        fill = spec.initial_weights.fill(facts)
        if fill is not None:
            set_weights(network, fill.make)
        self.network = laid_out(spec, network.to(device))
        self._loss: torch.nn.Module = spec.loss.call(facts).make().to(device)
        self._optimizer: torch.optim.Optimizer = spec.optimizer.call(facts).make(self.network.parameters())
        self._step, self._extra = step_of(spec)
        self._average = average_of(self.network, spec.averaging) if spec.averaging else None
        self._schedules: list[Any] = []
        self._plateau: Any = None
        self._total = facts.total_steps
        self._taken = 0
        self._stopped = stopped
        self._within = False
        self._optimizer_asks = spec.optimizer.closure
        if self._optimizer_asks:
            self.network.register_forward_pre_hook(self._look_up)
        warm_up, main = spec.schedule.warm_up_call(facts), spec.schedule.scheduler(facts, spec.optimizer.lr)
        if warm_up is not None:
            self._schedules.append(warm_up.make(self._optimizer))
        if main is not None and spec.schedule.watches:
            self._plateau = main.make(self._optimizer)
        elif main is not None:
            self._schedules.append(main.make(self._optimizer))

    @property
    def rate(self) -> float:
        """The learning rate of the next step."""
        return float(self._optimizer.param_groups[0]["lr"])

    @property
    def judged(self) -> torch.nn.Module:
        """The network that is evaluated and kept: the running mean where one is kept."""
        kept: torch.nn.Module = self.network if self._average is None else self._average.module
        return kept

    def take_step(self, inputs: Tensor, targets: Tensor) -> tuple[Tensor, Tensor]:
        """Learn from one batch.

        Returns:
            The batch's loss and the network's outputs before the update, both on the device.

        Raises:
            StepStoppedError: Where the user stopped it in the middle; the weights are as they were before the step.
        """
        loss, outputs = self._stepped(inputs, targets)
        self._taken += 1
        if self._average is not None:
            self._average.update_parameters(self.network)
        if self._taken < self._total:
            for schedule in self._schedules:
                schedule.step()
        return loss, outputs

    def _stepped(self, inputs: Tensor, targets: Tensor) -> tuple[Tensor, Tensor]:
        given = (self.network, self._loss, self._optimizer, inputs, targets, *self._extra)
        if not self._optimizer_asks:
            return self._step(*given)
        before = snapshot(self.network)
        self._within = True
        try:
            return self._step(*given)
        except StepStoppedError:
            self.network.load_state_dict(before)
            raise
        finally:
            self._within = False

    def _look_up(self, *_: object) -> None:
        """Before each pass through the network within a step: a long step can be left."""
        if self._within and self._stopped():
            raise StepStoppedError

    def see(self, figure: float) -> None:
        """Tell a schedule that watches how good the network is on the samples held back."""
        if self._plateau is not None:
            self._plateau.step(figure)


def average_of(network: torch.nn.Module, decay: float) -> AveragedModel:
    """A running mean of a network's weights and buffers."""
    return AveragedModel(network, multi_avg_fn=get_ema_multi_avg_fn(decay), use_buffers=True)
