"""Weights of a file beside a network: never taken over in part, and nothing is drawn at random for it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import save_file

from fmstudio.catalog.architectures import ARCHITECTURES
from fmstudio.data.safetensors_header import TensorFacts, read_header
from fmstudio.experiment.draft import changed
from fmstudio.experiment.reading import read_spec
from fmstudio.experiment.spec import ExperimentSpec, to_mapping
from fmstudio.insight.weights_words import fit_words
from fmstudio.training.weights_fit import WeightsFit
from fmstudio.training.weights_match import expected, match


def spec_of(**changes: Any) -> ExperimentSpec:
    return read_spec(changed(to_mapping(ExperimentSpec()), [(k.replace("__", "."), v) for k, v in changes.items()]))


def state_of(spec: ExperimentSpec) -> dict[str, torch.Tensor]:
    network = spec.architecture.call(spec.facts).make()
    return {name: value.clone() for name, value in network.state_dict().items()}


def matched(
    path: Path, state: Mapping[str, torch.Tensor], spec: ExperimentSpec, recorded: Mapping[str, Any] | None = None
) -> WeightsFit:
    save_file(dict(state), path / "w.safetensors")
    return match(path / "w.safetensors", read_header(path / "w.safetensors"), spec, recorded or {})


@pytest.mark.parametrize("kind", [kind for kind, made in ARCHITECTURES.items() if made.pictures and kind != "layers"])
def test_each_network_expects_what_it_has_and_no_random_number_is_drawn(kind: str, tmp_path: Path) -> None:
    spec = spec_of(architecture__kind=kind)
    state = state_of(spec)
    before = torch.get_rng_state()
    fit = matched(tmp_path, state, spec)
    assert torch.equal(torch.get_rng_state(), before)
    assert fit.fits
    assert fit.finite
    assert not fit.offers
    assert {name: one.shape for name, one in expected(spec).items()} == {k: tuple(v.shape) for k, v in state.items()}
    assert "fit" in fit_words(fit)
    assert "Nothing" not in fit_words(fit)


def test_missing_extra_and_other_shapes_are_told_and_nothing_fits_in_part(tmp_path: Path) -> None:
    spec = spec_of(architecture__kind="cnn")
    state = state_of(spec)
    state["bonus"] = torch.zeros(3)
    del state["0.bias"]
    state["3.bias"] = torch.zeros(99)
    fit = matched(tmp_path, state, spec)
    states = {row.name: row.state for row in fit.rows if row.state != "fits"}
    assert states == {"0.bias": "missing", "bonus": "extra", "3.bias": "shape"}
    assert not fit.fits
    words = fit_words(fit)
    for said in ("8 fit", "1 has another shape", "1 is missing", "1 is too many", "Nothing is taken over in part"):
        assert said in words
    assert "None of the usual networks" in words


def test_another_number_of_classes_is_explained(tmp_path: Path) -> None:
    spec = spec_of(architecture__kind="cnn")
    state = state_of(spec)
    last = list(state)[-1].rpartition(".")[0]
    state[f"{last}.weight"], state[f"{last}.bias"] = torch.zeros(26, 60), torch.zeros(26)
    assert "the weights tell 26 classes apart, the recipe's data set has 10" in fit_words(
        matched(tmp_path, state, spec)
    )


def test_another_first_layer_is_explained(tmp_path: Path) -> None:
    spec = spec_of(architecture__kind="mlp")
    state = state_of(spec)
    first = next(iter(state))
    state[first] = torch.zeros(state[first].shape[0], 3072)
    assert "Only the first layer differs" in fit_words(matched(tmp_path, state, spec))


def test_weights_of_another_usual_network_lead_to_it(tmp_path: Path) -> None:
    recipe, other = spec_of(architecture__kind="cnn"), spec_of(architecture__kind="lenet")
    fit = matched(tmp_path, state_of(other), recipe)
    assert [offer.title for offer in fit.offers] == ["LeNet-5"]
    followed = read_spec(changed(to_mapping(recipe), fit.offers[0].changes))
    assert matched(tmp_path, state_of(other), followed).fits


def test_what_the_file_says_of_itself_is_offered_if_it_is_true(tmp_path: Path) -> None:
    recipe = spec_of(architecture__kind="cnn")
    other = spec_of(architecture__kind="mlp", architecture__hidden=[48, 24])
    fit = matched(tmp_path, state_of(other), recipe, to_mapping(other))
    assert [(offer.recorded, offer.data) for offer in fit.offers] == [(True, "")]
    followed = read_spec(changed(to_mapping(recipe), fit.offers[0].changes))
    assert followed.architecture == other.architecture
    lie = to_mapping(spec_of(architecture__kind="mlp", architecture__hidden=[7]))
    assert matched(tmp_path, state_of(other), recipe, lie).offers == ()


@pytest.mark.parametrize(
    "recorded",
    [
        {"architecture": "cnn"},
        {"architecture": {"kind": ["cnn"]}},
        {"architecture": {"kind": "../../etc"}},
        {"architecture": {"kind": "mlp", "hidden": "many"}, "dataset": {"kind": 3}},
        {"architecture": {"kind": "mlp", "hidden": [10**30]}},
        {"architecture": {"kind": "mlp"}, "dataset": {"kind": "linear"}},
    ],
)
def test_words_of_a_stranger_are_no_danger(tmp_path: Path, recorded: dict[str, Any]) -> None:
    fit = matched(tmp_path, {"x": torch.zeros(2)}, spec_of(), recorded)
    assert fit.offers == ()
    assert "another network" in fit_words(fit)


def test_numbers_that_are_none_are_seen_and_other_kinds_too(tmp_path: Path) -> None:
    spec = spec_of(architecture__kind="mlp")
    state = state_of(spec)
    first = next(iter(state))
    half = {name: value.half() for name, value in state.items()}
    assert matched(tmp_path, half, spec).fits
    whole = {**state, first: state[first].long()}
    assert matched(tmp_path, whole, spec).count("kind") == 1
    state[first][0, 0] = float("nan")
    fit = matched(tmp_path, state, spec)
    assert (fit.fits, fit.finite) == (True, False)
    assert "no numbers" in fit_words(fit)


def test_kinds_are_named_as_in_the_file() -> None:
    assert expected(spec_of(architecture__kind="resnet-9"))["0.weight"].kind == "F32"
    kinds = {one.kind for one in expected(spec_of(architecture__kind="resnet-9")).values()}
    assert kinds == {"F32", "I64"}
    assert TensorFacts((1,)).kind == "F32"
