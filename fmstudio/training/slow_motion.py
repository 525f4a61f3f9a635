"""One step that is taken alone, with its numbers: what it changed, tensor by tensor."""

import math
from collections.abc import Iterator

import numpy as np
import torch
from torch import Tensor

from fmstudio.training.events import Ints, StepShown, TensorStep

SHOWN = 24
"""Samples of a batch whose outputs are shown."""


class SlowMotion:
    """Remembers the weights before a step, and compares; the step itself is the usual one.

    Args:
        network: About to take a step.
    """

    def __init__(self, network: torch.nn.Module) -> None:
        self._network = network
        self._before = {name: value.detach().clone() for name, value in network.named_parameters()}

    def seen(
        self, *, step: int, epoch: int, samples: Ints, targets: Tensor, outputs: Tensor, loss: float, rate: float
    ) -> StepShown:
        """What the step did, after it was taken."""
        classes = not targets.is_floating_point()
        return StepShown(
            step=step,
            epoch=epoch,
            size=len(samples),
            samples=samples[:SHOWN],
            targets=targets[:SHOWN].flatten().float().cpu().numpy(),
            outputs=outputs[:SHOWN].float().cpu().numpy(),
            loss=loss,
            right=int((outputs.argmax(1) == targets).sum()) if classes else None,
            rate=rate,
            tensors=tuple(self._tensors()),
        )

    @torch.no_grad()
    def _tensors(self) -> Iterator[TensorStep]:
        for name, value in self._network.named_parameters():
            before = self._before[name]
            gradient = 0.0 if value.grad is None else float(value.grad.to_dense().square().sum())
            yield TensorStep(
                name=name,
                shape=tuple(value.shape),
                gradient=math.sqrt(gradient),
                change=float((value - before).abs().max()),
                weight=float(before.abs().max()),
            )


class Path:
    """Where the few weights of a linear network go, step by step.

    Args:
        network: Whose parameters are followed.
        total: Steps in the whole run.
    """

    POINTS = 2000
    """About so many places of the whole run are kept."""

    def __init__(self, network: torch.nn.Module, total: int) -> None:
        self._parameters = list(network.parameters())
        self._every = max(1, math.ceil(total / self.POINTS))
        self._steps: list[int] = []
        self._values: list[Tensor] = []
        self._newest = -1
        self.see(0)

    def resume(self, step: int) -> None:
        """Go on after a step: what was before is told already."""
        self._steps, self._values, self._newest = [], [], step

    @torch.no_grad()
    def see(self, step: int, *, last: bool = False) -> None:
        """Remember the weights after a step, if it is one of those that are kept."""
        if step > self._newest and (step % self._every == 0 or last):
            self._newest = step
            self._steps.append(step)
            self._values.append(torch.cat([value.flatten() for value in self._parameters]))

    def read(self) -> tuple[Ints, np.ndarray] | None:
        """Steps and weights since the last reading; None where there are none."""
        if not self._steps:
            return None
        steps, values = np.array(self._steps, np.int64), torch.stack(self._values).float().cpu().numpy()
        self._steps, self._values = [], []
        return steps, values
