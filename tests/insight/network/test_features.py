"""What comes into the last layer: for every architecture, remembered, of the pictures that are said."""

import gc
from typing import Any

import numpy as np
import pytest
import torch

from fmstudio.catalog.architectures import ARCHITECTURES
from fmstudio.errors import UserError
from fmstudio.experiment.draft import changed
from fmstudio.experiment.reading import read_spec
from fmstudio.experiment.spec import ExperimentSpec, to_mapping
from fmstudio.insight.network import features as module
from fmstudio.insight.network.features import (
    affordable,
    drawn_rows,
    embedding_start,
    feature_map,
    features,
    part_of_features,
)
from fmstudio.insight.network.subject import Subject
from fmstudio.insight.projection import MapWish, principal_plane

FOR_PICTURES = [kind for kind, one in ARCHITECTURES.items() if one.pictures and one.classes]
PIXELS = {"softmax-regression", "softmax-regression-scratch", "softmax-regression-sparse"}
SIZES = {"mlp": 128, "cnn": 60, "lenet": 84, "small-vgg": 128, "resnet-9": 64, "resnet-18": 512, "layers": 60}
SMALLER = {"resnet-9": [("architecture.width", 8)]}


def subject(kind: str = "cnn", *changes: tuple[str, Any], train: int = 60, test: int = 40) -> Subject:
    """An untrained network of a kind."""
    sizes = [("dataset.train_size", train), ("dataset.test_size", test), ("architecture.kind", kind)]
    spec = read_spec(changed(to_mapping(ExperimentSpec()), [*sizes, *SMALLER.get(kind, []), *changes]))
    network = spec.architecture.call(spec.facts).make().eval().requires_grad_(False)
    return Subject(spec, network)


@pytest.fixture
def cnn() -> Subject:
    return subject()


@pytest.mark.parametrize("kind", FOR_PICTURES)
def test_the_last_layer_makes_the_answers_out_of_the_features(kind: str) -> None:
    one = subject(kind, test=8)
    found = features(one, "test")
    inputs = one.inputs(one.test_images().images)
    logits = one.logits(inputs)
    assert found.dtype == np.float32
    if kind in PIXELS:
        assert np.array_equal(found, inputs.flatten(1).numpy())
    else:
        assert found.shape == (8, SIZES[kind])
        last = [layer for layer in one.network.modules() if isinstance(layer, torch.nn.Linear)][-1]
        assert torch.allclose(last(torch.from_numpy(found.copy())), logits, atol=1e-4)
    assert feature_map(one, MapWish("test")).pixels is (kind in PIXELS)


def test_a_list_without_layers_sees_pixels() -> None:
    one = subject("layers", ("architecture.layers", []), test=8)
    assert features(one, "test").shape == (8, 784)
    assert feature_map(one, MapWish("test")).pixels


def test_the_network_keeps_no_hook_and_no_random_number_is_drawn(cnn: Subject) -> None:
    before = torch.get_rng_state()
    features(cnn, "train")
    assert torch.equal(torch.get_rng_state(), before)
    assert not any(layer._forward_pre_hooks or layer._forward_hooks for layer in cnn.network.modules())


def test_they_are_remembered_and_forgotten_with_the_network(monkeypatch: pytest.MonkeyPatch) -> None:
    one = subject()
    first = features(one, "test")
    monkeypatch.setattr(module, "_computed", lambda *_: pytest.fail("asked again"))
    assert features(one, "test") is first
    rows = np.array([3, 5])
    assert np.array_equal(part_of_features(one, "test", rows), first[rows])
    with pytest.raises(ValueError, match="read-only"):
        first[0] = 0
    monkeypatch.undo()
    del one
    gc.collect()
    other = subject()
    features(other, "test")
    assert not any(array is first for _, array in module._kept.values())


def test_no_more_is_remembered_than_there_is_room(cnn: Subject, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "KEPT_BYTES", 60 * 60 * 4 + 10)
    features(cnn, "train")
    features(cnn, "test")
    assert len(module._kept) == 1


def test_a_map_is_the_plane_of_greatest_spread(cnn: Subject) -> None:
    found = feature_map(cnn, MapWish("train"))
    expected = principal_plane(features(cnn, "train"))
    assert np.array_equal(found.points, expected.points)
    assert found.spread == expected.spread
    assert np.array_equal(found.samples, cnn.training_images().samples)
    assert np.array_equal(found.labels, cnn.training_images().labels)
    assert (found.dimensions, found.whole, found.pixels) == (60, 60, False)


def test_a_map_of_a_part_is_computed_over_the_part_alone(cnn: Subject) -> None:
    chosen = cnn.test_images().samples[[1, 4, 9, 16]]
    found = feature_map(cnn, MapWish("test", chosen))
    assert np.array_equal(found.samples, np.sort(chosen))
    assert found.whole == 4
    assert np.allclose(found.points.mean(axis=0), 0, atol=1e-5)
    with pytest.raises(UserError, match="at least two"):
        feature_map(cnn, MapWish("test", chosen[:1]))


def test_too_many_pictures_are_drawn_in_equal_parts_and_always_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    labels = np.repeat(np.arange(10), [500, 100, *[300] * 8])
    rows = drawn_rows(labels, 1000)
    assert np.array_equal(np.bincount(labels[rows]), [100] * 10)
    assert np.array_equal(rows, drawn_rows(labels, 1000))
    assert np.array_equal(drawn_rows(labels, 10_000), np.arange(len(labels)))
    monkeypatch.setattr(module, "MOST", 30)
    monkeypatch.setattr(module, "LEAST", 30)
    found = feature_map(subject(), MapWish("train"))
    assert (len(found.samples), found.whole) == (30, 60)


def test_a_large_network_is_asked_about_fewer_pictures() -> None:
    assert affordable(subject("cnn")) == 10_000
    assert 1_000 <= affordable(subject("resnet-18")) < 3_000


def test_what_t_sne_starts_from_is_short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "EMBEDDED", 25)
    found = embedding_start(subject("softmax-regression"), MapWish("test"))
    assert found.numbers.shape == (25, 25)
    assert (found.dimensions, found.whole, found.pixels) == (784, 40, True)


def test_a_network_that_was_lost_has_no_map(cnn: Subject) -> None:
    last = [layer for layer in cnn.network.modules() if isinstance(layer, torch.nn.Linear)][-2]
    last.bias.fill_(float("nan"))
    with pytest.raises(UserError, match="not finite"):
        features(cnn, "test")
