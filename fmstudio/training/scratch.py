"""Gradient descent written out. The very source of this class is what an exported script runs."""

import torch
from torch import Tensor


class ScratchSgd(torch.optim.Optimizer):
    """Gradient descent, written out: parameter ← parameter − lr · gradient / batch size."""

    def __init__(self, parameters: list[Tensor], lr: float, batch_size: int = 1) -> None:
        super().__init__(parameters, {"lr": lr, "batch_size": batch_size})

    @torch.no_grad()
    def step(self, closure: None = None) -> None:  # type: ignore[override]
        """Move every parameter a little against its gradient."""
        for group in self.param_groups:
            for parameter in group["params"]:
                if parameter.grad is not None:
                    parameter -= group["lr"] * parameter.grad / group["batch_size"]
