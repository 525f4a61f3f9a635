"""The weights of a network as pictures: the windows of convolutions, and what whole pictures are compared with."""

import math
from collections.abc import Iterator

import numpy as np
import torch
from torch import Tensor

from fmstudio.insight.inside import Values, WeightSet
from fmstudio.insight.network.subject import Subject
from fmstudio.training.modules import LinearRegression, SoftmaxRegression, SparseSoftmaxRegression

ROWS = 64
"""So many pictures of a layer are kept where it takes a single channel, or whole pictures."""
DEEP_ROWS, DEEP_COLUMNS = 16, 16
"""So many where it takes several channels: a table of what it makes by what it takes."""


def weight_pictures(subject: Subject) -> tuple[WeightSet, ...]:
    """All weights that can be seen as pictures, from the input to the answer; empty where there are none."""
    return tuple(weights_of(subject.network, subject.spec.dataset.shape))


@torch.no_grad()
def weights_of(network: torch.nn.Module, shape: tuple[int, ...]) -> Iterator[WeightSet]:
    """The same for a network that takes inputs of a shape, (channels, height, width)."""
    for name, module in network.named_modules():
        if isinstance(module, torch.nn.Conv2d):
            yield _filters(name, module.weight)
        else:
            rows = _rows(module)
            if rows is not None and len(shape) == 3 and rows.shape[1] == math.prod(shape):
                yield _templates(name, rows.reshape(len(rows), *shape), last=_is_last(network, module))


def class_averages(subject: Subject) -> Values:
    """The average training picture of each class, 0…1, shape (classes, height, width): to compare templates with.

    A class without pictures is black; of coloured pictures the brightness is taken.
    """
    pictures, classes = subject.training_images(), subject.spec.dataset.classes
    means = np.zeros((classes, *pictures.images.shape[1:]), np.float32)
    for label in range(classes):
        own = pictures.images[pictures.labels == label]
        if len(own):
            means[label] = own.mean(0, dtype=np.float32) / 255
    return means.mean(-1) if means.ndim == 4 else means


def _filters(name: str, weight: Tensor) -> WeightSet:
    made, taken = weight.shape[:2]
    rows, columns = (ROWS, 1) if taken == 1 else (DEEP_ROWS, DEEP_COLUMNS)
    return WeightSet(name, "filters", _array(weight[:rows, :columns]), made, taken)


def _templates(name: str, pictures: Tensor, *, last: bool) -> WeightSet:
    made, taken = pictures.shape[:2]
    return WeightSet(name, "templates" if last else "units", _array(pictures[:ROWS]), made, taken)


def _rows(module: torch.nn.Module) -> Tensor | None:
    """What each number that a layer makes is multiplied with, shape (made, taken); None for other layers."""
    if isinstance(module, torch.nn.Linear):
        return module.weight
    if isinstance(module, SoftmaxRegression | LinearRegression):
        return module.weight.T
    if isinstance(module, SparseSoftmaxRegression):
        return module.table.weight[:-1].T  # the last row is the bias
    return None


def _is_last(network: torch.nn.Module, module: torch.nn.Module) -> bool:
    """Whether no other layer with weights comes after it: then it speaks of classes."""
    weighed = [one for one in network.modules() if next(one.parameters(recurse=False), None) is not None]
    return module is network or weighed[-1] is module


def _array(values: Tensor) -> Values:
    found: Values = np.ascontiguousarray(values.detach().float().cpu().numpy()).copy()
    return found
