"""The networks: their arithmetic against the networks that torch builds."""

from typing import Any

import pytest
import torch

from fmstudio.catalog.architectures import ARCHITECTURES, Architecture, Cnn, Mlp, SoftmaxRegression
from fmstudio.schema.choice import Facts, read

FASHION = Facts(channels=1, height=28, width=28, classes=10, samples=60_000, steps_per_epoch=469, epochs=2)
COLOUR = Facts(channels=3, height=33, width=47, classes=7, samples=10, steps_per_epoch=1, epochs=1)

MLPS: list[dict[str, Any]] = [
    {"hidden": [1]},
    {"hidden": [256, 128]},
    {"hidden": [5, 4, 3, 2, 1], "batch_norm": True},
    {"hidden": [9, 9], "dropout": 0.5},
    {"hidden": [7, 300], "dropout": 0.1, "batch_norm": True, "activation": "gelu"},
    {"hidden": [3], "activation": "tanh"},
]
CNNS: list[dict[str, Any]] = [
    {},
    {"channels": [1], "kernel_size": 1, "features": [1]},
    {"channels": [6], "kernel_size": 27},
    {"channels": [8, 16, 32], "kernel_size": 3, "features": [64]},
    {"channels": [3, 5], "kernel_size": 4, "features": [30, 20, 10]},
    {"channels": [2, 2, 2, 2], "kernel_size": 1, "activation": "sigmoid"},
    {"channels": [6, 12], "kernel_size": 9, "activation": "leaky-relu"},
]


def test_the_cnn_of_the_course_has_the_courses_layers() -> None:
    traced = Cnn().trace(FASHION)
    assert [(layer.name, layer.output) for layer in traced] == [
        ("Conv2d", (6, 24, 24)), ("ReLU", (6, 24, 24)), ("MaxPool2d", (6, 12, 12)),
        ("Conv2d", (12, 8, 8)), ("ReLU", (12, 8, 8)), ("MaxPool2d", (12, 4, 4)),
        ("Flatten", (192,)), ("Linear", (120,)), ("ReLU", (120,)),
        ("Linear", (60,)), ("ReLU", (60,)), ("Linear", (10,)),
    ]  # fmt: skip
    assert Cnn().weights(FASHION) == 32_998


def test_softmax_regression_is_one_linear_layer() -> None:
    assert [layer.name for layer in SoftmaxRegression().trace(FASHION)] == ["Flatten", "Linear"]
    assert SoftmaxRegression().weights(FASHION) == 7_850


@pytest.mark.parametrize("facts", [FASHION, COLOUR], ids=["grey", "colour"])
@pytest.mark.parametrize(
    ("kind", "values"), [("softmax-regression", {}), *(("mlp", v) for v in MLPS), *(("cnn", v) for v in CNNS)]
)
def test_shapes_and_counts_are_torchs(kind: str, values: dict[str, Any], facts: Facts) -> None:
    architecture = read(ARCHITECTURES[kind], values)
    assert architecture.unfit(facts) is None
    with torch.device("meta"):
        network = architecture.call(facts).make()
        value = torch.empty(2, facts.channels, facts.height, facts.width)
    traced = architecture.trace(facts)
    assert len(traced) == len(network)
    for mine, module in zip(traced, network, strict=True):
        value = module(value)
        assert (mine.name, mine.output) == (type(module).__name__, tuple(value.shape[1:]))
        assert dict(mine.parameters) == {name: tuple(found.shape) for name, found in module.named_parameters()}
    assert value.shape == (2, facts.classes)
    assert architecture.weights(facts) == sum(found.numel() for found in network.parameters())


@pytest.mark.parametrize("activation", ["relu", "leaky-relu", "gelu", "tanh", "sigmoid"])
@pytest.mark.parametrize("kind", ["mlp", "cnn"])
def test_the_activation_stands_behind_every_hidden_layer(kind: str, activation: str) -> None:
    architecture = read(ARCHITECTURES[kind], {"activation": activation})
    names = [type(module).__name__.lower() for module in architecture.call(FASHION).make()]
    wanted = activation.replace("-", "")
    learning = sum(name in ("linear", "conv2d") for name in names)
    assert names.count(wanted) == learning - 1
    assert names[-1] == "linear"


def test_dropout_and_normalisation_stand_only_where_asked_for() -> None:
    plain = [layer.name for layer in Mlp(hidden=(5, 4)).trace(FASHION)]
    assert plain == ["Flatten", "Linear", "ReLU", "Linear", "ReLU", "Linear"]
    full = [layer.name for layer in Mlp(hidden=(5,), dropout=0.2, batch_norm=True).trace(FASHION)]
    assert full == ["Flatten", "Linear", "BatchNorm1d", "ReLU", "Dropout", "Linear"]


@pytest.mark.parametrize(
    ("architecture", "path", "reason"),
    [
        (Cnn(kernel_size=29), "kernel_size", "Conv2d: a window of 29 × 29 is larger than the picture"),
        (Cnn(kernel_size=15), "kernel_size", "which is only 7 × 7 here"),
        (Cnn(kernel_size=1, channels=(2,) * 5), "channels", "MaxPool2d: a window of 2 × 2"),
        (Cnn(kernel_size=28, channels=(6,)), "channels", "which is only 1 × 1 here"),
    ],
)
def test_too_small_pictures_are_said_at_the_setting(architecture: Architecture, path: str, reason: str) -> None:
    problem = architecture.unfit(FASHION)
    assert problem is not None
    assert problem.path == path
    assert reason in problem.message


@pytest.mark.parametrize("kind", ARCHITECTURES)
def test_what_does_not_fit_in_torch_does_not_fit_here_and_the_other_way_round(kind: str) -> None:
    usual = ARCHITECTURES[kind]()
    for side in range(1, 20):
        facts = Facts(channels=2, height=side, width=side + 3, classes=4, samples=9, steps_per_epoch=1, epochs=1)
        with torch.device("meta"):
            try:
                usual.call(facts).make()(torch.empty(2, 2, side, side + 3))
                fits = True
            except RuntimeError:
                fits = False
        assert (usual.unfit(facts) is None) == fits, side
