"""Shapes and parameter counts by arithmetic, against torch's own on the meta device."""

from collections.abc import Sequence

import pytest
import torch

from fmstudio.catalog.layers import trace
from fmstudio.schema.call import Call

NN = "torch.nn."
OURS = "fmstudio.training.modules."
BLOCK = "torchvision.models.resnet.BasicBlock"


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


@pytest.mark.parametrize("size", [(28, 28), (7, 9), (1, 1)])
@pytest.mark.parametrize(("taken", "made", "stride"), [(4, 4, 1), (4, 6, 1), (4, 4, 2), (4, 8, 3)])
def test_residual_blocks(size: tuple[int, int], taken: int, made: int, stride: int) -> None:
    layers = [Call(OURS + "Residual", taken, made, stride=stride)]
    (mine,) = trace(layers, (taken, *size))
    assert (mine.output, dict(mine.parameters)) == torchs(layers, (taken, *size))[0]
    assert mine.weights == sum(layer.weights for layer in mine.inner)


@pytest.mark.parametrize("pool", ["AdaptiveAvgPool2d", "AdaptiveMaxPool2d"])
def test_global_pools(pool: str) -> None:
    layers = [Call(NN + pool, 1)]
    (mine,) = trace(layers, (5, 4, 7))
    assert (mine.output, dict(mine.parameters)) == torchs(layers, (5, 4, 7))[0]
    assert mine.formula == "4 · 7 → 1"


def test_multiply_adds_are_counted_by_hand() -> None:
    layers = [Call(NN + "Conv2d", 3, 8, 5, stride=2, padding=1), Call(NN + "ReLU"), Call(NN + "Flatten")]
    conv, relu, flatten, linear = trace([*layers, Call(NN + "Linear", 8 * 13 * 13, 10)], (3, 28, 28))
    assert conv.multiply_adds == 8 * 13 * 13 * 3 * 5 * 5
    assert (relu.multiply_adds, flatten.multiply_adds) == (0, 0)
    assert linear.multiply_adds == 8 * 13 * 13 * 10


def test_resnet_18_at_its_own_size_has_the_published_numbers() -> None:
    """1.814 · 10⁹ multiply-adds, 11,689,512 weights, receptive field 435."""
    layers = [
        Call(NN + "Conv2d", 3, 64, 7, stride=2, padding=3, bias=False),
        Call(NN + "BatchNorm2d", 64),
        Call(NN + "MaxPool2d", 3, stride=2, padding=1),
    ]
    for taken, made in ((64, 64), (64, 128), (128, 256), (256, 512)):
        shortcut = Call(NN + "Sequential", Call(NN + "Conv2d", taken, made, 1, stride=2, bias=False))
        shortcut = Call(NN + "Sequential", *shortcut.arguments, Call(NN + "BatchNorm2d", made))
        layers.append(
            Call(BLOCK, taken, made) if taken == made else Call(BLOCK, taken, made, stride=2, downsample=shortcut)
        )
        layers.append(Call(BLOCK, made, made))
    layers += [Call(NN + "AdaptiveAvgPool2d", 1), Call(NN + "Flatten"), Call(NN + "Linear", 512, 1000)]
    traced = trace(layers, (3, 224, 224))
    assert [layer.problem for layer in traced if layer.problem] == []
    assert sum(layer.multiply_adds for layer in traced) == 1_814_073_344
    assert sum(layer.weights for layer in traced) == 11_689_512
    assert traced[-4].receptive_field == 435
    assert (traced[-4].output, traced[-4].spacing) == ((512, 7, 7), 32)


def test_vgg_16_sees_212_pixels() -> None:
    layers: list[Call] = []
    for convolutions in (2, 2, 3, 3, 3):
        layers += [Call(NN + "Conv2d", 1, 1, 3, padding=1)] * convolutions + [Call(NN + "MaxPool2d", 2)]
    assert trace(layers, (1, 224, 224))[-1].receptive_field == 212


def test_a_row_of_numbers_has_no_field() -> None:
    layers = [Call(NN + "Conv2d", 1, 1, 3), Call(NN + "Flatten"), Call(NN + "ReLU")]
    assert [layer.receptive_field for layer in trace(layers, (1, 5, 5))] == [3, 0, 0]
    assert [layer.receptive_field for layer in trace([Call(NN + "Linear", 2, 1)], (2,))] == [0]


def test_a_field_goes_on_after_other_layers() -> None:
    layers = [Call(NN + "Conv2d", 1, 1, 3, stride=2), Call(NN + "MaxPool2d", 2), Call(NN + "Conv2d", 1, 1, 3)]
    whole = trace(layers, (1, 40, 40))
    rest = trace(layers[1:], whole[0].output, whole[0])
    assert rest == whole[1:]


def test_numbers_that_are_made_are_counted_without_views() -> None:
    layers = [Call(NN + "Conv2d", 1, 2, 3), Call(NN + "Flatten"), Call(NN + "Linear", 18, 4)]
    assert [layer.numbers for layer in trace(layers, (1, 5, 5))] == [18, 0, 4]
    (block,) = trace([Call(OURS + "Residual", 2, 3)], (2, 4, 4))
    assert block.numbers == 48 * (5 + 2 + 2)


@pytest.mark.parametrize(
    ("layer", "shape", "compares"),
    [
        (Call(NN + "BatchNorm1d", 4), (4,), True),
        (Call(NN + "BatchNorm2d", 4), (4, 1, 1), True),
        (Call(NN + "BatchNorm2d", 4), (4, 1, 2), False),
        (Call(OURS + "Residual", 4, 4), (4, 1, 1), True),
        (Call(OURS + "Residual", 4, 4), (4, 2, 2), False),
        (Call(NN + "Linear", 4, 4), (4,), False),
    ],
)
def test_what_normalises_single_numbers_compares_samples(layer: Call, shape: tuple[int, ...], compares: bool) -> None:
    (mine,) = trace([layer], shape)
    assert mine.compares_samples == compares
    with torch.device("meta"):
        module = layer.make().train()
        try:
            module(torch.empty(1, *shape))
            assert not compares
        except ValueError:
            assert compares


def test_a_size_that_does_not_divide_is_rounded_down_and_both_sides_are_shown() -> None:
    (layer,) = trace([Call(NN + "MaxPool2d", 2)], (1, 7, 9))
    assert layer.formula == "⌊(7 − 2 + 2·0) / 2⌋ + 1 = 3, ⌊(9 − 2 + 2·0) / 2⌋ + 1 = 4"
    (layer,) = trace([Call(NN + "Conv2d", 1, 1, 3)], (1, 7, 9))
    assert layer.formula == "(7 − 3 + 2·0) / 1 + 1 = 5, (9 − 3 + 2·0) / 1 + 1 = 7"


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
        ([Call(NN + "Linear", 16, 2)], (1, 4, 4), 0, "needs a row of numbers, but gets 1 × 4 × 4: flatten it first"),
        ([Call(NN + "Conv2d", 3, 6, 3)], (1, 4, 4), 0, "expects 3 numbers, but gets 1"),
        ([Call(NN + "MaxPool2d", 2, padding=2)], (1, 4, 4), 0, "a margin of 2 is more than half of the window"),
        ([Call(NN + "BatchNorm2d", 16)], (16,), 0, "needs a picture, but gets a row of 16 numbers"),
        ([Call(NN + "BatchNorm1d", 1)], (1, 4, 4), 0, "needs a row of numbers"),
        ([Call(NN + "AdaptiveAvgPool2d", 1)], (16,), 0, "needs a picture"),
        ([Call(OURS + "Residual", 16, 2)], (16,), 0, "needs a picture"),
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
