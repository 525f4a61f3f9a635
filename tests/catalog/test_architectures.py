"""The networks: their arithmetic against the networks that torch builds."""

import json
import time
from dataclasses import replace
from typing import Any

import pytest
import torch

from fmstudio.catalog.architectures import ARCHITECTURES, Architecture, Cnn, LayerList, Mlp, SoftmaxRegression
from fmstudio.catalog.convolutional_networks import SmallVgg
from fmstudio.catalog.layer_kinds import BatchNorm, Conv2d, Flatten, LayerKind, Linear, MaxPool, Relu, ResidualBlock
from fmstudio.catalog.layers import LayerFacts
from fmstudio.experiment.draft import changed
from fmstudio.schema.choice import Facts, read
from fmstudio.schema.problem import InvalidSpecError

FASHION = Facts(shape=(1, 28, 28), classes=10, samples=60_000, steps_per_epoch=469, epochs=2)
COLOUR = Facts(shape=(3, 33, 47), classes=7, samples=10, steps_per_epoch=1, epochs=1)
PLANE = Facts(shape=(2,), classes=0, samples=10, steps_per_epoch=1, epochs=1)

VARIANTS: list[tuple[str, dict[str, Any]]] = [
    *((kind, {}) for kind in ARCHITECTURES),
    ("mlp", {"hidden": [1]}),
    ("mlp", {"hidden": [5, 4, 3, 2, 1], "batch_norm": True}),
    ("mlp", {"hidden": [9, 9], "dropout": 0.5, "activation": "silu"}),
    ("mlp", {"hidden": [7, 300], "dropout": 0.1, "batch_norm": True, "activation": "gelu"}),
    ("cnn", {"channels": [1], "kernel_size": 1, "features": [1]}),
    ("cnn", {"channels": [6], "kernel_size": 27}),
    ("cnn", {"channels": [8, 16, 32], "kernel_sizes": [3, 2, 1], "features": [64]}),
    ("cnn", {"channels": [3, 5], "kernel_size": 4, "features": [30, 20, 10], "activation": "elu"}),
    ("lenet", {"activation": "relu", "pooling": "max"}),
    ("small-vgg", {"channels": [2, 4, 3, 5], "convolutions": 1, "features": [7, 6], "dropout": 0.0}),
    ("small-vgg", {"channels": [5], "convolutions": 3, "batch_norm": False}),
    ("resnet-9", {"width": 1}),
    ("resnet-9", {"width": 5}),
    ("layers", {"layers": []}),
    ("layers", {"layers": [{"kind": "residual", "stride": 3}, {"kind": "global-avg-pool"}]}),
    ("layers", {"layers": [{"kind": "flatten"}, {"kind": "batch-norm"}, {"kind": "linear", "bias": False}]}),
]


def on_meta(architecture: Architecture, facts: Facts) -> torch.nn.Module:
    """The network, built without memory and without drawing."""
    with torch.device("meta"):
        network: torch.nn.Module = architecture.call(facts).make()
    return network


def fits(architecture: Architecture, facts: Facts) -> bool:
    return architecture.unfit(facts) is None


def test_the_cnn_of_the_course_has_the_courses_layers() -> None:
    traced = Cnn().trace(FASHION)
    assert [(layer.name, layer.output) for layer in traced] == [
        ("Conv2d", (6, 24, 24)), ("ReLU", (6, 24, 24)), ("MaxPool2d", (6, 12, 12)),
        ("Conv2d", (12, 8, 8)), ("ReLU", (12, 8, 8)), ("MaxPool2d", (12, 4, 4)),
        ("Flatten", (192,)), ("Linear", (120,)), ("ReLU", (120,)),
        ("Linear", (60,)), ("ReLU", (60,)), ("Linear", (10,)),
    ]  # fmt: skip
    assert Cnn().weights(FASHION) == 32_998


def test_all_kinds_are_there() -> None:
    assert list(ARCHITECTURES) == [
        "linear-regression", "linear-regression-scratch", "softmax-regression", "softmax-regression-scratch",
        "softmax-regression-sparse", "mlp", "cnn", "lenet", "small-vgg", "resnet-9", "resnet-18", "layers",
    ]  # fmt: skip


def test_softmax_regression_is_one_linear_layer() -> None:
    assert [layer.name for layer in SoftmaxRegression().trace(FASHION)] == ["Flatten", "Linear"]
    assert {ARCHITECTURES[kind]().weights(FASHION) for kind in ARCHITECTURES if kind.startswith("softmax")} == {7_850}


@pytest.mark.parametrize("facts", [FASHION, COLOUR, PLANE], ids=["grey", "colour", "plane"])
@pytest.mark.parametrize(("kind", "values"), VARIANTS)
def test_shapes_and_counts_are_torchs(kind: str, values: dict[str, Any], facts: Facts) -> None:
    architecture = read(ARCHITECTURES[kind], values)
    if not fits(architecture, facts):
        assert not (type(architecture).numbers if facts is PLANE else type(architecture).pictures) or kind == "layers"
        return
    traced = architecture.trace(facts)
    value = torch.empty(2, *facts.shape, device="meta")
    for mine in traced:
        with torch.device("meta"):
            module = mine.call.make()
        assert mine.name == type(module).__name__
        assert {name: tuple(found.shape) for name, found in module.named_parameters()} == dict(mine.parameters)
        value = forward(module, value)
        assert tuple(value.shape[1:]) == mine.output
    assert value.shape == (2, facts.outputs)
    network = on_meta(architecture, facts)
    assert architecture.weights(facts) == sum(found.numel() for found in network.parameters())
    assert shapes(network) == [size for mine in traced for size in mine.parameters.values()]
    assert forward(network, torch.empty(2, *facts.shape, device="meta")).shape == (2, facts.outputs)


def shapes(network: torch.nn.Module) -> list[tuple[int, ...]]:
    return [tuple(found.shape) for found in network.parameters()]


def forward(module: torch.nn.Module, value: torch.Tensor) -> torch.Tensor:
    """What comes out; a look at which pixels are lit needs real numbers."""
    if type(module).__name__ == "SparseSoftmaxRegression":
        return module.to_empty(device="cpu")(torch.ones(value.shape)).to("meta")
    given: torch.Tensor = module(value)
    return given


@pytest.mark.parametrize("facts", [FASHION, COLOUR, PLANE], ids=["grey", "colour", "plane"])
@pytest.mark.parametrize(("kind", "values"), VARIANTS)
def test_weights_can_be_put_into_a_network_built_on_meta(kind: str, values: dict[str, Any], facts: Facts) -> None:
    architecture = read(ARCHITECTURES[kind], values)
    if (kind == "resnet-18" and facts is COLOUR) or not fits(architecture, facts):
        return
    trained: torch.nn.Module = architecture.call(facts).make()
    network = on_meta(architecture, facts)
    assert {found.device.type for found in (*network.parameters(), *network.buffers())} <= {"meta"}
    network.load_state_dict(trained.state_dict(), assign=True)
    inputs = torch.rand(3, *facts.shape)
    with torch.no_grad():
        assert torch.equal(network.eval()(inputs), trained.eval()(inputs))


def test_building_on_meta_draws_nothing() -> None:
    before = torch.get_rng_state()
    for kind in ARCHITECTURES.values():
        on_meta(kind(), PLANE if not kind.pictures else FASHION)
    assert torch.equal(torch.get_rng_state(), before)


@pytest.mark.parametrize("kind", ARCHITECTURES)
def test_each_row_of_the_table_says_what_it_takes(kind: str) -> None:
    made = ARCHITECTURES[kind]
    assert made.classes or made.numbers
    assert fits(made(), FASHION) == made.pictures
    assert fits(made(), PLANE) == made.numbers or kind == "layers"
    assert not made.transparent or set(dict(on_meta(made(), PLANE).named_parameters())) == {"weight", "bias"}


@pytest.mark.parametrize("kind", ARCHITECTURES)
def test_a_network_for_other_samples_says_so_at_its_kind(kind: str) -> None:
    architecture = ARCHITECTURES[kind]()
    problem = architecture.unfit(PLANE) or architecture.unfit(FASHION)
    if problem is None:
        assert kind == "mlp"
    elif kind == "layers":
        assert (problem.path, problem.message) == (
            "layers.0", "Convolution: needs a picture, but gets a row of 2 numbers",
        )  # fmt: skip
    else:
        assert problem.path == "kind"
        assert problem.message in ("takes pictures, no rows of numbers", "takes rows of numbers, no pictures")


@pytest.mark.parametrize("kind", ARCHITECTURES)
def test_its_recipe_names_settings_that_are_there(kind: str) -> None:
    recipe = ARCHITECTURES[kind].recipe
    assert {"optimizer.kind", "optimizer.lr", "schedule.kind", "batch_size"} <= set(recipe)
    assert json.loads(json.dumps(dict(recipe))) == dict(recipe)


@pytest.mark.parametrize("activation", ["relu", "leaky-relu", "elu", "gelu", "silu", "tanh", "sigmoid"])
@pytest.mark.parametrize("kind", ["mlp", "cnn", "lenet"])
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
        (Cnn(kernel_sizes=(5, 13)), "kernel_sizes", "which is only 12 × 12 here"),
        (Cnn(kernel_size=1, channels=(2,) * 5), "channels", "MaxPool2d: a window of 2 × 2"),
        (Cnn(kernel_size=28, channels=(6,)), "channels", "which is only 1 × 1 here"),
        (SmallVgg(channels=(4,) * 5), "channels", "which is only 1 × 1 here"),
        (LayerList(layers=(MaxPool(),) * 5), "layers.4.kernel_size", "which is only 1 × 1 here"),
        (LayerList(layers=(Conv2d(kernel_size=29),)), "layers.0.kernel_size", "29 × 29 is larger than the picture"),
        (LayerList(layers=(MaxPool(padding=2),)), "layers.0.padding", "a margin of 2 is more than half"),
        (
            LayerList(layers=(Relu(), Linear())),
            "layers.1",
            "Linear layer: needs a row of numbers, but gets 1 × 28",
        ),
        (LayerList(layers=(Flatten(), Conv2d())), "layers.1", "needs a picture, but gets a row of 784 numbers"),
        (LayerList(layers=(Flatten(), ResidualBlock())), "layers.1", "Residual block: needs a picture"),
    ],
)
def test_what_does_not_fit_is_said_at_the_setting_with_what_mends_it(
    architecture: Architecture, path: str, reason: str
) -> None:
    problem = architecture.unfit(FASHION)
    assert problem is not None
    assert problem.path == path
    assert reason in problem.message
    assert problem.mending is not None
    changes = [(f"architecture.{name}", value) for name, value in problem.mending.changes]
    values = changed({"architecture": architecture.model_dump(mode="json")}, changes)["architecture"]
    assert fits(read(type(architecture), values), FASHION)


def test_a_linear_layer_before_flatten_is_mended_by_a_flatten() -> None:
    problem = LayerList(layers=(Relu(), Linear())).unfit(FASHION)
    assert problem is not None
    assert problem.mending is not None
    assert problem.mending.label == "Put a Flatten before it"
    ((name, layers),) = problem.mending.changes
    assert (name, [layer["kind"] for layer in layers]) == ("layers", ["relu", "flatten", "linear"])


@pytest.mark.parametrize("kind", ARCHITECTURES)
def test_what_does_not_fit_in_torch_does_not_fit_here_and_the_other_way_round(kind: str) -> None:
    made = ARCHITECTURES[kind]
    if not made.pictures or kind == "softmax-regression-sparse":
        return
    for side in range(1, 20):
        facts = Facts(shape=(2, side, side + 3), classes=4, samples=9, steps_per_epoch=1, epochs=1)
        try:
            on_meta(made(), facts)(torch.empty(2, 2, side, side + 3, device="meta"))
            works = True
        except RuntimeError:
            works = False
        assert fits(made(), facts) == works, side


@pytest.mark.parametrize("side", [1, 2, 4, 8, 16, 28])
@pytest.mark.parametrize(("kind", "values"), VARIANTS)
def test_a_lone_sample_is_refused_exactly_where_torch_refuses_it(kind: str, values: dict[str, Any], side: int) -> None:
    architecture = read(ARCHITECTURES[kind], values)
    facts = replace(FASHION, shape=(1, side, side))
    if not fits(architecture, facts) or kind == "softmax-regression-sparse":
        return
    try:
        on_meta(architecture, facts).train()(torch.empty(1, *facts.shape, device="meta"))
        works = True
    except ValueError:
        works = False
    problem = architecture.unfit_alone(facts)
    assert (problem is None) == works
    if problem is not None and problem.mending is not None:
        values = architecture.model_dump(mode="json") | dict(problem.mending.changes)
        assert read(type(architecture), values).unfit_alone(facts) is None


def test_the_usual_list_of_layers_is_the_cnn() -> None:
    assert LayerList().call(FASHION).source() == Cnn().call(FASHION).source()
    assert LayerList(layers=()).call(FASHION).source() == SoftmaxRegression().call(FASHION).source()


def test_each_row_of_a_list_has_its_layers_and_the_last_one_is_added() -> None:
    layers = (Conv2d(channels=2), BatchNorm(), MaxPool())
    rows = LayerList(layers=layers).rows(FASHION)
    assert [[layer.name for layer in row] for row in rows] == [
        ["Conv2d"], ["BatchNorm2d"], ["MaxPool2d"], ["Flatten", "Linear"],
    ]  # fmt: skip
    assert [row[-1].receptive_field for row in rows] == [3, 3, 4, 0]
    broken = LayerList(layers=(Linear(), *layers)).rows(FASHION)
    assert [len(row) for row in broken] == [1, 0, 0, 0, 0]
    assert broken[0][0].problem


def test_receptive_fields_are_those_in_the_books() -> None:
    assert [layer.receptive_field for layer in Cnn().trace(FASHION)[:6]] == [5, 5, 6, 14, 14, 16]
    vgg = [layer for layer in SmallVgg(batch_norm=False).trace(FASHION) if layer.receptive_field]
    assert [layer.receptive_field for layer in vgg if layer.name == "MaxPool2d"] == [6, 16, 36]
    resnet = ARCHITECTURES["resnet-18"]().trace(FASHION)
    assert [layer.receptive_field for layer in resnet if layer.name == "BasicBlock"] == [7, 11, 17, 25, 37, 53, 77, 109]


def test_a_field_is_where_the_gradient_comes_from() -> None:
    layers = [
        {"kind": "conv2d", "kernel_size": 4, "stride": 2},
        {"kind": "max-pool"},
        {"kind": "residual", "stride": 2},
    ]
    architecture = read(LayerList, {"layers": [*layers, {"kind": "avg-pool", "kernel_size": 3, "stride": 1}]})
    big = replace(FASHION, shape=(1, 201, 201))
    last = architecture.rows(big)[3][-1]
    inputs = torch.rand(1, 1, 201, 201, requires_grad=True)
    network = torch.nn.Sequential(*[layer.call.make() for row in architecture.rows(big)[:4] for layer in row]).double()
    middle = last.output[1] // 2
    network.eval()(inputs.double())[0, :, middle, middle].sum().backward()
    assert inputs.grad is not None
    touched = inputs.grad[0, 0].abs().sum(0).nonzero()[:, 0]
    span = int(touched.max() - touched.min()) + 1
    assert last.receptive_field - 8 < span <= last.receptive_field  # of a maximum only one input gets a gradient


def test_memory_counts_what_every_layer_makes() -> None:
    outputs = [4 * 784, 4 * 784, 4 * 196, 0, 10]
    assert LayerList(layers=(Conv2d(channels=4, padding=1, kernel_size=3), Relu(), MaxPool())).memory_numbers(
        FASHION
    ) == sum(outputs)
    block = LayerList(layers=(ResidualBlock(channels=2),)).memory_numbers(FASHION)
    assert block == (5 + 2 + 2) * 2 * 784 + 10  # body, short cut, sum and ReLU


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("mlp", {"hidden": [10**9] * 16}),
        ("cnn", {"channels": [10**9, 10**9]}),
        ("small-vgg", {"channels": [10**9] * 4, "convolutions": 16}),
        ("resnet-9", {"width": 10**8}),
        ("layers", {"layers": [{"kind": "conv2d", "channels": 10**9}] * 13}),
    ],
)
def test_networks_that_no_computer_holds_are_counted_at_once(kind: str, values: dict[str, Any]) -> None:
    start = time.perf_counter()
    architecture = read(ARCHITECTURES[kind], values)
    assert architecture.weights(FASHION) > 10**16
    assert architecture.memory_numbers(FASHION) > 10**8
    assert time.perf_counter() - start < 0.5


def test_kernel_sizes_are_said_for_all_convolutions_or_none() -> None:
    with pytest.raises(InvalidSpecError) as raised:
        read(Cnn, {"kernel_sizes": [3]}, "architecture")
    (problem,) = raised.value.problems
    assert (problem.path, problem.message) == (
        "architecture.kernel_sizes", "needs 2 numbers: one for each convolution",
    )  # fmt: skip
    assert problem.mending is not None
    assert problem.mending.changes == (("architecture.kernel_sizes", ()),)


def test_sparse_gradients_only_where_the_optimizer_wants_them() -> None:
    sparse = ARCHITECTURES["softmax-regression-sparse"]()
    for wanted in (True, False):
        network = sparse.call(replace(FASHION, sparse=wanted)).make()
        network(torch.rand(2, 1, 28, 28)).sum().backward()
        (parameter,) = network.parameters()
        assert parameter.grad.is_sparse == wanted


def test_the_resnet_is_torchvisions_with_a_small_start() -> None:
    network = ARCHITECTURES["resnet-18"]().call(COLOUR).make()
    assert (type(network).__module__, type(network).__name__) == ("torchvision.models.resnet", "ResNet")
    assert (network.conv1.stride, network.conv1.in_channels) == ((1, 1), 3)
    rows: list[LayerFacts] = list(ARCHITECTURES["resnet-18"]().trace(COLOUR))
    assert sum(row.name == "BasicBlock" for row in rows) == 8


@pytest.mark.parametrize(
    ("layers", "label"),
    [
        ((Conv2d(kernel_size=5), Conv2d(kernel_size=31)), "Use kernel size 24"),
        ((Conv2d(kernel_size=31), MaxPool(), MaxPool()), "Use kernel size 25"),
        ((Conv2d(kernel_size=31), Linear()), "Use kernel size 28"),
        ((MaxPool(kernel_size=10**9),), "Use window 28"),
        ((MaxPool(padding=3),), "Use padding 1"),
        ((MaxPool(),) * 6, "Remove this layer"),
        ((Relu(), Linear(), Conv2d()), "Put a Flatten before it"),
        ((Flatten(), Conv2d(), Conv2d()), "Remove this layer"),
    ],
)
def test_a_layer_is_mended_by_itself(layers: tuple[LayerKind, ...], label: str) -> None:
    problem = LayerList(layers=layers).unfit(FASHION)
    assert problem is not None
    assert problem.mending is not None
    assert problem.mending.label == label
