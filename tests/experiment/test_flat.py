"""Specs as flat tables."""

from typing import Any

import pytest

from fmstudio.experiment.draft import changed
from fmstudio.experiment.flat import at, differing, flat
from fmstudio.experiment.spec import ExperimentSpec, to_mapping

USUAL = to_mapping(ExperimentSpec())


def but(**changes: Any) -> Any:
    return changed(USUAL, [(path.replace("__", "."), value) for path, value in changes.items()])


def test_every_setting_stands_under_its_path() -> None:
    values = flat(USUAL)
    assert (values["optimizer.kind"], values["optimizer.betas"], values["epochs"]) == ("adam", [0.9, 0.999], 2)
    assert not any(isinstance(value, dict) for value in values.values())


def test_lists_stay_whole() -> None:
    layers = [{"kind": "flatten"}, {"kind": "linear", "features": 10}]
    assert flat({"architecture": {"kind": "layers", "layers": layers}})["architecture.layers"] == layers


def test_what_is_nested_without_end_is_opened_so_far() -> None:
    deep: Any = 1
    for _ in range(900):
        deep = {"a": deep}
    assert list(flat(deep)) == ["a.a.a.a.a.a"]


def test_where_they_differ() -> None:
    assert differing([USUAL, USUAL]) == differing([USUAL]) == differing([]) == ()
    specs = [USUAL, but(optimizer__lr=0.5, seed=1, name="other", version=9), but(seed=2)]
    assert differing(specs) == ("optimizer.lr", "seed")


def test_other_choices_have_other_settings() -> None:
    specs = [USUAL, but(optimizer__kind="sgd", optimizer__lr=0.001)]
    assert "optimizer.momentum" in differing(specs)
    assert "optimizer.betas" in differing(specs)
    assert differing(specs, shared=True) == ("optimizer.kind",)


def test_what_is_left_out_has_its_default() -> None:
    short = {"epochs": 2, "optimizer": {"kind": "adam"}}
    assert differing([USUAL, short]) == differing([short, USUAL]) == ()
    assert differing([USUAL, {"optimizer": {"lr": 0.5}}]) == ("optimizer.lr",)
    assert (at(short, "optimizer.lr"), at(short, "dataset.kind"), at(short, "start_from")) == (
        USUAL["optimizer"]["lr"], "fashion-mnist", "")  # fmt: skip
    assert at(short, "optimizer.momentum") is None


STRANGE: list[Any] = [{"optimizer": "adam"}, {"optimizer": {"kind": ["x"]}}, {"optimizer": {}},
                      {"optimizer": {"kind": "lion", "lr": "soft"}}, {"colour": {"kind": 1}}]  # fmt: skip


@pytest.mark.parametrize("strange", STRANGE)
def test_no_spec_is_too_strange(strange: Any) -> None:
    assert isinstance(differing([USUAL, strange]), tuple)
    assert at(strange, "optimizer.nothing") is None


def test_yes_is_not_one() -> None:
    assert differing([{"shuffle": True}, {"shuffle": 1}]) == ("shuffle",)
    assert differing([{"epochs": 1}, {"epochs": 1.0}]) == ()
