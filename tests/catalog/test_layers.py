"""Shapes and parameter counts by arithmetic, against torch's own on the meta device."""

from collections.abc import Sequence

import pytest
import torch

from fmstudio.catalog.layers import trace
from fmstudio.schema.call import Call

NN = "torch.nn."


def torchs(layers: Sequence[Call], shape: tuple[int, ...]) -> list[tuple[tuple[int, ...], dict[str, tuple[int, ...]]]]:
    """What torch says: output shape and parameter shapes of each layer."""
    said = []
    with torch.device("meta"):
        value = torch.empty(2, *shape)
        for call in layers:
            module = call.make()
            value = module(value)
            said.append(
                (tuple(value.shape[1:]), {name: tuple(found.shape) for name, found in module.named_parameters()})
            )
    return said


@pytest.mark.parametrize("size", [(28, 28), (27, 31), (7, 9)])
@pytest.mark.parametrize("kernel", [1, 2, 3, 5, 7])
@pytest.mark.parametrize(("padding", "stride"), [(0, 1), (1, 1), (0, 2), (2, 3), (3, 5)])
@pytest.mark.parametrize("bias", [True, False])
def test_convolutions(size: tuple[int, int], kernel: int, padding: int, stride: int, bias: bool) -> None:
    layers = [Call(NN + "Conv2d", 3, 4, kernel, padding=padding, stride=stride, bias=bias)]
    (mine,) = trace(layers, (3, *size))
    ((shape, parameters),) = torchs(layers, (3, *size))
    assert (mine.output, dict(mine.parameters)) == (shape, parameters)
    assert mine.weights == sum(torch.Size(found).numel() for found in parameters.values())


@pytest.mark.parametrize("pool", ["MaxPool2d", "AvgPool2d"])
@pytest.mark.parametrize("named", [{}, {"stride": 1}, {"stride": 3}, {"padding": 1}, {"stride": 2, "padding": 1}])
@pytest.mark.parametrize("size", [(28, 28), (11, 6), (2, 3)])
def test_pools(pool: str, named: dict[str, int], size: tuple[int, int]) -> None:
    layers = [Call(NN + pool, 2, **named)]
    (mine,) = trace(layers, (5, *size))
    assert (mine.output, dict(mine.parameters)) == torchs(layers, (5, *size))[0]


@pytest.mark.parametrize("shape", [(1, 28, 28), (3, 5, 7), (12,)])
def test_rows_of_numbers(shape: tuple[int, ...]) -> None:
    count = torch.Size(shape).numel()
    layers = [
        Call(NN + "Flatten"),
        Call(NN + "Linear", count, 9),
        Call(NN + "BatchNorm1d", 9),
        Call(NN + "GELU"),
        Call(NN + "Dropout", 0.5),
        Call(NN + "Linear", 9, 2),
    ]
    mine = trace(layers, shape)
    assert [(layer.output, dict(layer.parameters)) for layer in mine] == torchs(layers, shape)


def test_batch_normalisation_of_pictures() -> None:
    layers = [Call(NN + "BatchNorm2d", 6)]
    (mine,) = trace(layers, (6, 4, 5))
    assert (mine.output, dict(mine.parameters)) == torchs(layers, (6, 4, 5))[0]


def test_the_formula_shows_its_numbers() -> None:
    (layer,) = trace([Call(NN + "Conv2d", 1, 6, 5, padding=2, stride=3)], (1, 28, 28))
    assert layer.name == "Conv2d"
    assert layer.formula == "(28 − 5 + 2·2) / 3 + 1 = 10"
    assert layer.problem == ""


@pytest.mark.parametrize(
    ("layers", "shape", "fits", "reason"),
    [
        ([Call(NN + "Conv2d", 1, 6, 29)], (1, 28, 28), 0, "a window of 29 × 29 is larger than the picture"),
        ([Call(NN + "Conv2d", 1, 6, 7, padding=1)], (1, 4, 9), 0, "which is only 6 × 6 here"),
        ([Call(NN + "MaxPool2d", 2)] * 5, (1, 28, 28), 4, "which is only 1 × 1 here"),
        ([Call(NN + "Flatten"), Call(NN + "Conv2d", 1, 6, 5)], (1, 4, 4), 1, "but gets a row of 16 numbers"),
        ([Call(NN + "Flatten"), Call(NN + "Linear", 15, 2)], (1, 4, 4), 1, "expects 15 numbers, but gets 16"),
        ([Call(NN + "Linear", 4, 2)], (1, 4, 4), 0, "expects 4 numbers, but gets 16"),
    ],
)
def test_the_first_layer_that_does_not_fit_ends_it(
    layers: list[Call], shape: tuple[int, ...], fits: int, reason: str
) -> None:
    traced = trace([*layers, Call(NN + "Flatten")], shape)
    assert [bool(layer.problem) for layer in traced] == [False] * fits + [True]
    assert reason in traced[-1].problem


def test_a_window_as_large_as_the_picture_fits() -> None:
    (layer,) = trace([Call(NN + "Conv2d", 1, 6, 28)], (1, 28, 28))
    assert (layer.output, layer.problem) == ((6, 1, 1), "")
