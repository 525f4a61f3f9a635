"""Occlusion: cover one square of the picture after the other, and see how far the score of a class falls."""

import math

import torch
from torch import Tensor

from fmstudio.insight.explanation import Heat

_BATCH = 100
_SQUARES = 5
"""The covered square is about this part of the picture's edge, and goes on by a third of itself."""


def patch_of(edge: int) -> tuple[int, int]:
    """Edge of the covered square, and how far it goes on in each step, for the shorter edge of a picture, in pixels."""
    patch = max(1, math.ceil(edge / _SQUARES))
    return patch, max(1, patch // 3)


@torch.no_grad()
def occlusion(network: torch.nn.Module, inputs: Tensor, black: Tensor, target: int) -> tuple[Heat, int, float]:
    """How far the score of a class falls while a square is covered, for each pixel the mean over its squares.

    Args:
        network: Is not changed.
        inputs: One picture, shape (1, channels, height, width).
        black: What covers it, same shape.
        target: The class.

    Returns:
        The falls, shape (height, width), negative where covering raises the score; the edge of the square; and the
        least probability of the class with a square covered.
    """
    height, width = inputs.shape[2:]
    patch, stride = patch_of(min(height, width))
    masks = _masks(height, width, patch, stride).to(inputs.device)
    whole = float(network(inputs)[0, target])
    falls, lowest = [], 1.0
    for some in masks.split(_BATCH):
        covered = some.unsqueeze(1)
        outputs = network(torch.where(covered, black, inputs))
        falls.append(whole - outputs[:, target])
        lowest = min(lowest, float(outputs.softmax(1)[:, target].min()))
    weights = masks.flatten(1).float()
    total = torch.cat(falls).float() @ weights / weights.sum(0)
    return total.view(height, width).cpu().numpy(), patch, lowest


def _masks(height: int, width: int, patch: int, stride: int) -> Tensor:
    """Which pixels each square covers, shape (squares, height, width); at the far edges squares may be cut off."""
    rows, columns = (_spans(length, patch, stride) for length in (height, width))
    return (rows[:, None, :, None] & columns[None, :, None, :]).flatten(0, 1)


def _spans(length: int, patch: int, stride: int) -> Tensor:
    steps = math.ceil((length - patch) / stride) + 1
    starts = torch.arange(steps) * stride
    places = torch.arange(length)
    return (places >= starts[:, None]) & (places < starts[:, None] + patch)
