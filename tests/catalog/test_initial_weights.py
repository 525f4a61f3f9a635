"""The rules by which weights are drawn, against what they are to come to."""

import ast
import json
import math
from typing import Any

import pytest
import torch

from fmstudio.catalog.initial_weights import INITIAL_WEIGHTS
from fmstudio.schema.choice import Facts, read
from fmstudio.schema.problem import InvalidSpecError
from fmstudio.schema.setting import settings_of

FACTS = Facts(shape=(1, 28, 28), classes=10, samples=100, steps_per_epoch=1, epochs=1)
TAKEN, MADE = 600, 400
SIZE = (MADE, TAKEN)


def filled(kind: str, values: dict[str, Any]) -> torch.Tensor:
    call = read(INITIAL_WEIGHTS[kind], values).fill(FACTS)
    assert call is not None
    torch.manual_seed(0)
    weight: torch.Tensor = call.make(torch.empty(SIZE))
    return weight


@pytest.mark.parametrize("kind", INITIAL_WEIGHTS)
def test_every_rule_has_words_and_survives_json(kind: str) -> None:
    rule = INITIAL_WEIGHTS[kind]
    assert rule.title
    assert rule.summary().endswith(".")
    assert "Source: " in rule.explanation()
    assert read(rule, json.loads(rule().model_dump_json())) == rule()
    assert all(one.help.endswith(".") and one.title[:1].isupper() for one in settings_of(rule))


@pytest.mark.parametrize(
    ("kind", "values", "deviation"),
    [
        ("normal", {}, 0.01),
        ("normal", {"deviation": 0.2}, 0.2),
        ("uniform", {"bound": 0.3}, 0.3 / math.sqrt(3)),
        ("xavier", {}, math.sqrt(2 / (TAKEN + MADE))),
        ("xavier", {"distribution": "normal", "gain": 5 / 3}, 5 / 3 * math.sqrt(2 / (TAKEN + MADE))),
        ("kaiming", {}, math.sqrt(2 / TAKEN)),
        ("kaiming", {"distribution": "uniform"}, math.sqrt(2 / TAKEN)),
        ("kaiming", {"mode": "fan_out"}, math.sqrt(2 / MADE)),
        ("kaiming", {"nonlinearity": "leaky_relu"}, math.sqrt(2 / (1 + 0.01**2) / TAKEN)),
        ("zeros", {}, 0.0),
    ],
)
def test_the_weights_have_the_deviation_that_is_promised(kind: str, values: dict[str, Any], deviation: float) -> None:
    weight = filled(kind, values)
    assert float(weight.std()) == pytest.approx(deviation, rel=0.01)
    assert abs(float(weight.mean())) <= 0.01 * deviation


@pytest.mark.parametrize(
    ("kind", "values", "bounded"),
    [("uniform", {"bound": 0.3}, True), ("xavier", {}, True), ("kaiming", {}, False), ("normal", {}, False)],
)
def test_uniform_ones_have_a_bound_and_normal_ones_have_none(kind: str, values: dict[str, Any], bounded: bool) -> None:
    weight = filled(kind, values)
    assert (float(weight.abs().max() / weight.std()) <= math.sqrt(3) + 0.01) == bounded


def test_the_default_leaves_the_weights_alone() -> None:
    assert INITIAL_WEIGHTS["default"]().fill(FACTS) is None


@pytest.mark.parametrize("kind", INITIAL_WEIGHTS)
def test_the_source_does_the_same(kind: str) -> None:
    call = INITIAL_WEIGHTS[kind]().fill(FACTS)
    if call is None:
        return
    source = call.source("weight")
    ast.parse(source, mode="eval")
    weight = torch.empty(SIZE)
    torch.manual_seed(0)
    eval(source, {"torch": torch, "weight": weight})
    assert torch.equal(weight, filled(kind, {}))


@pytest.mark.parametrize(
    ("kind", "values", "path"),
    [
        ("normal", {"deviation": 0}, "deviation"),
        ("normal", {"deviation": "small"}, "deviation"),
        ("uniform", {"bound": -1}, "bound"),
        ("xavier", {"distribution": "cauchy"}, "distribution"),
        ("kaiming", {"mode": "fan"}, "mode"),
        ("zeros", {"deviation": 1}, "deviation"),
    ],
)
def test_wrong_values_are_problems(kind: str, values: dict[str, Any], path: str) -> None:
    with pytest.raises(InvalidSpecError) as raised:
        read(INITIAL_WEIGHTS[kind], values)
    assert [problem.path for problem in raised.value.problems] == [path]
