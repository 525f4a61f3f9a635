"""The layers of the user's own list: words, JSON, and what torch makes of them."""

import json
from typing import Any

import pytest
import torch

from fmstudio.catalog.architectures import ARCHITECTURES, LayerList
from fmstudio.catalog.layer_kinds import LAYERS, AvgPool, Conv2d, Elu, LeakyRelu, Linear, MaxPool, Relu
from fmstudio.catalog.layers import trace
from fmstudio.schema.choice import Facts, read
from fmstudio.schema.problem import InvalidSpecError, Mending, Problem
from fmstudio.schema.setting import settings_of

FASHION = Facts(shape=(1, 28, 28), classes=10, samples=60_000, steps_per_epoch=469, epochs=2)
PATH = "architecture"


def problems_of(layers: object) -> dict[str, Problem]:
    with pytest.raises(InvalidSpecError) as raised:
        read(LayerList, {"layers": layers}, PATH)
    found = {problem.path: problem for problem in raised.value.problems}
    assert len(found) == len(raised.value.problems)
    return found


@pytest.mark.parametrize("kind", LAYERS)
class TestEveryKind:
    def test_has_words(self, kind: str) -> None:
        layer = LAYERS[kind]
        assert layer.title
        assert 10 < len(layer.summary()) <= 110
        assert layer.summary().endswith(".")
        assert "Source: " in layer.explanation()

    def test_settings_have_a_title_a_help_and_a_valid_default(self, kind: str) -> None:
        for one in settings_of(LAYERS[kind]):
            assert one.title[:1].isupper()
            assert one.help.endswith(".")
            read(LAYERS[kind], {one.name: one.default})
        assert {one.name for one in settings_of(LAYERS[kind])} == set(LAYERS[kind].model_fields)

    def test_survives_json_with_its_kind(self, kind: str) -> None:
        made = LAYERS[kind]()
        dumped = json.loads(made.model_dump_json())
        assert next(iter(dumped)) == "kind"
        assert dumped["kind"] == kind
        network = LayerList(layers=(made, Relu(), made))
        assert read(LayerList, json.loads(network.model_dump_json())) == network

    @pytest.mark.parametrize("shape", [(3, 8, 9), (12,)])
    def test_becomes_what_torch_makes(self, kind: str, shape: tuple[int, ...]) -> None:
        (traced,) = trace(LAYERS[kind]().calls(shape), shape)
        picture = kind in ("conv2d", "max-pool", "avg-pool", "global-avg-pool", "residual")
        row = kind == "linear"
        assert bool(traced.problem) == (row if len(shape) == 3 else picture)
        if not traced.problem:
            with torch.device("meta"):
                module = traced.call.make()
                assert tuple(module(torch.empty(2, *shape)).shape[1:]) == traced.output


@pytest.mark.parametrize(
    ("layer", "shape", "source"),
    [
        (Conv2d(channels=6, kernel_size=5), (1, 28, 28), "torch.nn.Conv2d(1, 6, 5)"),
        (
            Conv2d(channels=6, stride=2, padding=1, bias=False),
            (3, 28, 28),
            "torch.nn.Conv2d(3, 6, 3, stride=2, padding=1, bias=False)",
        ),
        (MaxPool(), (1, 28, 28), "torch.nn.MaxPool2d(2)"),
        (AvgPool(kernel_size=3, stride=2, padding=1), (1, 8, 8), "torch.nn.AvgPool2d(3, stride=2, padding=1)"),
        (LeakyRelu(), (5,), "torch.nn.LeakyReLU()"),
        (LeakyRelu(negative_slope=0.2), (5,), "torch.nn.LeakyReLU(0.2)"),
        (Elu(alpha=0.5), (5,), "torch.nn.ELU(0.5)"),
        (Linear(features=3), (5,), "torch.nn.Linear(5, 3)"),
        (Linear(features=3, bias=False), (5,), "torch.nn.Linear(5, 3, bias=False)"),
        (LAYERS["batch-norm"](), (5,), "torch.nn.BatchNorm1d(5)"),
        (LAYERS["batch-norm"](), (5, 2, 2), "torch.nn.BatchNorm2d(5)"),
        (LAYERS["residual"](stride=2), (5, 2, 2), "Residual(5, 16, stride=2)"),
    ],
)
def test_only_what_is_not_usual_is_written(layer: Any, shape: tuple[int, ...], source: str) -> None:
    assert [call.source() for call in layer.calls(shape)] == [source]


def test_every_problem_of_every_row_comes_at_once_at_its_place() -> None:
    found = problems_of(
        [
            {"kind": "conv2d", "channels": 0, "kernel_size": "5", "chanels": 3},
            {"kind": "relu", "slope": 1},
            {"kind": "relo"},
            {"channels": 3},
            7,
            {"kind": ["relu"]},
            {"kind": "dropout", "p": 1},
        ]
    )
    assert {path: problem.message for path, problem in found.items()} == {
        "architecture.layers.0.channels": "must be at least 1",
        "architecture.layers.0.kernel_size": "must be a whole number",
        "architecture.layers.0.chanels": "there is no such setting. Did you mean “channels”?",
        "architecture.layers.1.slope": "there is no such setting.",
        "architecture.layers.2.kind": found["architecture.layers.2.kind"].message,
        "architecture.layers.3.kind": found["architecture.layers.3.kind"].message,
        "architecture.layers.4": 'must be an object with a kind: {"kind": "conv2d"}',
        "architecture.layers.5.kind": found["architecture.layers.5.kind"].message,
        "architecture.layers.6.p": "must be less than 1",
    }
    assert "must be one of: conv2d, batch-norm, relu" in found["architecture.layers.2.kind"].message
    assert "Did you mean “relu”?" in found["architecture.layers.2.kind"].message
    assert found["architecture.layers.6.p"].mending == Mending("Use share 0.5", (("architecture.layers.6.p", 0.5),))


@pytest.mark.parametrize("value", [3, "conv2d", {"kind": "relu"}, None, True])
def test_what_is_no_list_is_mended_by_the_usual_layers(value: object) -> None:
    (problem,) = problems_of(value).values()
    assert (problem.path, problem.message) == (
        "architecture.layers", 'must be a list of layers: [{"kind": "relu"}]',
    )  # fmt: skip
    assert problem.mending is not None
    assert problem.mending.label == "Back to the usual layers"
    ((path, layers),) = problem.mending.changes
    assert path == "architecture.layers"
    assert read(LayerList, {"layers": json.loads(json.dumps(layers))}) == LayerList()


def test_a_layer_that_is_none_can_be_removed() -> None:
    layers = [{"kind": "relu"}, {"kind": "relo"}, {"kind": "tanh"}]
    (problem,) = problems_of(layers).values()
    assert problem.mending == Mending(
        "Remove this layer", (("architecture.layers", ({"kind": "relu"}, {"kind": "tanh"})),)
    )


def test_too_many_layers_are_a_problem() -> None:
    (problem,) = problems_of([{"kind": "relu"}] * 201).values()
    assert (problem.path, problem.message) == ("architecture.layers", "needs 0 to 200 layers")


def test_other_problems_of_the_network_come_with_those_of_its_layers() -> None:
    with pytest.raises(InvalidSpecError) as raised:
        read(LayerList, {"layers": [{"kind": "relo"}], "depth": 3}, PATH)
    assert {problem.path for problem in raised.value.problems} == {
        "architecture.layers.0.kind", "architecture.depth",
    }  # fmt: skip


def test_layers_that_are_made_already_are_taken() -> None:
    assert read(LayerList, {"layers": [Relu(), {"kind": "tanh"}]}).model_dump(mode="json") == {
        "layers": [{"kind": "relu"}, {"kind": "tanh"}]
    }


def test_the_setting_shows_its_default_as_json_and_its_table() -> None:
    (layers,) = settings_of(LayerList)
    assert layers.kind == "layers"
    assert layers.default[0] == {
        "kind": "conv2d", "channels": 6, "kernel_size": 5, "stride": 1, "padding": 0, "bias": True,
    }  # fmt: skip
    assert read(LayerList, {"layers": json.loads(json.dumps(layers.default))}) == LayerList()
    assert layers.table is LAYERS or dict(layers.table) == LAYERS


def test_a_new_kind_needs_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    class Softplus(Relu):
        """Softplus: a smooth ReLU."""

        target = "torch.nn.Softplus"

    monkeypatch.setitem(LAYERS, "softplus", Softplus)
    network = read(ARCHITECTURES["layers"], {"layers": [{"kind": "flatten"}, {"kind": "softplus"}]})
    assert [layer.name for layer in network.trace(FASHION)] == ["Flatten", "Softplus", "Linear"]
    assert network.model_dump(mode="json")["layers"][1] == {"kind": "softplus"}
