"""What learns: the network with its loss, optimizer, schedules and average, and the step that joins them."""

from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import Tensor
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from fmstudio.errors import UserError
from fmstudio.experiment.spec import ExperimentSpec
from fmstudio.training.checkpoints import snapshot
from fmstudio.training.evaluation import build_network, laid_out
from fmstudio.training.modules import set_weights
from fmstudio.training.state import random_state, set_random_state
from fmstudio.training.step import step_of
from fmstudio.words import tr


class StepStoppedError(Exception):
    """The user stopped a step in the middle."""


class Learner:
    """Builds everything that a spec asks for; draws the weights from torch's generator.

    Args:
        spec: What to build.
        device: Where it lies.
        stopped: Whether the user wants to stop; asked within a step that asks for loss and gradients several times.
        start: The weights that it begins with; None where those that are drawn stay.
    """

    def __init__(
        self,
        spec: ExperimentSpec,
        device: str,
        stopped: Callable[[], bool] = lambda: False,
        start: Mapping[str, Tensor] | None = None,
    ) -> None:
        facts = spec.facts
        network: torch.nn.Module = spec.architecture.call(facts).make()
        fill = spec.initial_weights.fill(facts)
        if fill is not None:
            set_weights(network, fill.make)
        self.network = laid_out(spec, network.to(device))
        if start is not None:
            self.network.load_state_dict(start)
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
        before = snapshot(self.network), _copied(self._optimizer.state), random_state(inputs.device.type)
        self._within = True
        try:
            return self._step(*given)
        except StepStoppedError:
            self.network.load_state_dict(before[0])
            self._optimizer.state.clear()
            self._optimizer.state.update(before[1])
            set_random_state(before[2], inputs.device.type)
            raise
        finally:
            self._within = False

    def _look_up(self, *_: object) -> None:
        """Before each pass through the network within a step: a long step can be left."""
        if self._within and self._stopped():
            raise StepStoppedError

    def state(self) -> dict[str, Any]:
        """All that the next step depends on, but the data and the random numbers."""
        return {
            "network": dict(self.network.state_dict()),
            "average": dict(self._average.state_dict()) if self._average is not None else None,
            "optimizer": self._optimizer.state_dict(),
            "schedules": [schedule.state_dict() for schedule in self._schedules],
            "plateau": self._plateau.state_dict() if self._plateau is not None else None,
            "taken": self._taken,
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on from what ``state`` gave.

        Raises:
            KeyError, RuntimeError, ValueError: Where it belongs to another experiment.
        """
        self.network.load_state_dict(state["network"])
        if self._average is not None:
            self._average.load_state_dict(state["average"])
        self._optimizer.load_state_dict(state["optimizer"])
        for parameter, kept in self._optimizer.state.items():
            for name, value in kept.items():
                if isinstance(value, Tensor) and value.shape == parameter.shape:
                    # fused steps go wrong without a word where a moment lies in another order than its weights
                    kept[name] = torch.empty_like(parameter).copy_(value)
        for schedule, kept in zip(self._schedules, state["schedules"], strict=True):
            schedule.load_state_dict(kept)
        if self._plateau is not None:
            self._plateau.load_state_dict(state["plateau"])
        self._taken = state["taken"]

    def see(self, figure: float) -> None:
        """Tell a schedule that watches how good the network is on the samples held back."""
        if self._plateau is not None:
            self._plateau.step(figure)


def check_start(spec: ExperimentSpec, start: Mapping[str, Tensor]) -> None:
    """Refuse weights to begin with that belong to another network.

    Raises:
        UserError: Where they do.
    """
    try:
        build_network(spec, start, "cpu")
    except RuntimeError as error:
        message = tr("The weights to begin with belong to another network than that of the recipe.")
        raise UserError(message, tr("Choose the network that they were trained in.")) from error


def _copied(state: Mapping[Any, Any]) -> dict[Any, Any]:
    """An optimizer's state as it is now; the tensors in its lists are never changed in place, and need no copy."""
    copies: dict[Any, Any] = {}
    for parameter, kept in state.items():
        copies[parameter] = {
            name: value.clone() if isinstance(value, Tensor) else list(value) if isinstance(value, list) else value
            for name, value in kept.items()
        }
    return copies


def average_of(network: torch.nn.Module, decay: float) -> AveragedModel:
    """A running mean of a network's weights and buffers."""
    return AveragedModel(network, multi_avg_fn=get_ema_multi_avg_fn(decay), use_buffers=True)
