"""What layers give, what they look for, and how their numbers are spread; nothing in the network changes."""

from collections.abc import Callable

import numpy as np
import pytest
import torch

from fmstudio.catalog.architectures import ARCHITECTURES
from fmstudio.data.library import load_images
from fmstudio.insight.network.activations import layer_outputs, outputs_of
from fmstudio.insight.network.listening import listen, listening_copy
from fmstudio.insight.network.spreads import BATCH, BINS, parameter_spreads, spread_of
from fmstudio.insight.network.subject import Subject
from fmstudio.insight.network.weight_pictures import class_averages, weight_pictures

MakeSubject = Callable[..., Subject]
KINDS = [name for name, row in ARCHITECTURES.items() if row.pictures and row.classes]
SOME = (("dataset.train_size", 200), ("dataset.test_size", 100))


@pytest.fixture(scope="module")
def image() -> np.ndarray:
    picture: np.ndarray = load_images("fashion-mnist").test.images[7]
    return picture


def test_every_layer_of_the_cnn_in_order(make_subject: MakeSubject, image: np.ndarray) -> None:
    subject = make_subject("cnn")
    found = layer_outputs(subject, image)
    assert [(one.name, one.kind, one.shape) for one in found[:4]] == [
        ("0", "Conv2d", (6, 24, 24)), ("1", "ReLU", (6, 24, 24)), ("2", "MaxPool2d", (6, 12, 12)),
        ("3", "Conv2d", (12, 8, 8)),
    ]  # fmt: skip
    with torch.no_grad():
        value = subject.inputs(image[None])
        for one, layer in zip(found, subject.network.children(), strict=True):
            value = layer(value)
            np.testing.assert_allclose(one.values, value[0].numpy(), atol=1e-5)
            assert one.has_maps == (value.dim() == 4)
            assert one.count == value.shape[1]


@pytest.mark.parametrize("name", KINDS)
def test_every_architecture_can_be_looked_into(make_subject: MakeSubject, image: np.ndarray, name: str) -> None:
    subject = make_subject(name)
    found = layer_outputs(subject, image)
    logits = subject.logits(subject.inputs(image[None]))[0].numpy()
    np.testing.assert_allclose(found[-1].values, logits, atol=1e-4)
    assert all(len(one.values) == min(one.count, 64 if one.has_maps else 1024) for one in found)


def test_blocks_come_after_their_layers_and_numbers_are_not_overwritten(
    make_subject: MakeSubject, image: np.ndarray
) -> None:
    found = layer_outputs(make_subject("resnet-18"), image)
    names = [one.name for one in found]
    assert "layer1" not in names
    assert names.index("layer1.0.conv2") < names.index("layer1.0") < names.index("layer1.1.conv1")
    values = {one.name: one.values for one in found}
    assert values["bn1"].min() < 0
    assert values["relu"].min() == 0
    np.testing.assert_array_equal(values["relu"], values["bn1"].clip(min=0))
    own = {one.name: one.values for one in layer_outputs(make_subject("resnet-9", ("architecture.width", 4)), image)}
    assert own["7.body.4"].min() < 0
    assert own["7"].min() == 0


def test_large_maps_are_made_smaller() -> None:
    network = torch.nn.Sequential(torch.nn.Conv2d(1, 70, 1)).eval()
    (found,) = outputs_of(network, torch.ones(1, 1, 100, 40))
    assert found.shape == (70, 100, 40)
    assert found.values.shape == (64, 56, 40)


def test_a_listening_copy_shares_its_weights_and_leaves_the_network_alone(make_subject: MakeSubject) -> None:
    network = make_subject("resnet-18").network
    copy = listening_copy(network)
    own = dict(network.named_parameters())
    assert all(value is own[name] for name, value in copy.named_parameters())
    assert any(vars(module).get("inplace") for module in network.modules())
    assert not any(vars(module).get("inplace") for module in copy.modules())
    listen(network, torch.zeros(1, 1, 28, 28))
    assert not any(module._forward_hooks for module in network.modules())


@pytest.mark.parametrize("kind", ["softmax-regression", "softmax-regression-scratch", "softmax-regression-sparse"])
def test_templates_say_what_light_in_each_pixel_does(make_subject: MakeSubject, image: np.ndarray, kind: str) -> None:
    extra = (("optimizer.kind", "sparse-adam"),) if kind.endswith("sparse") else ()
    subject = make_subject(kind, *extra)
    (found,) = weight_pictures(subject)
    assert (found.kind, found.pictures.shape, found.made) == ("templates", (10, 1, 28, 28), 10)
    black = torch.zeros(1, 1, 28, 28)
    lit = black.clone()
    lit[0, 0, 5, 20] = 1
    with torch.no_grad():
        change = (subject.network(lit) - subject.network(black))[0]
    expected = torch.from_numpy(found.pictures[:, 0, 5, 20])
    torch.testing.assert_close(change - change.mean(), expected - expected.mean(), atol=1e-4, rtol=1e-4)


def test_filters_of_a_convolutional_network(make_subject: MakeSubject) -> None:
    subject = make_subject("cnn")
    first, second = weight_pictures(subject)
    assert (first.name, first.kind, first.made, first.taken) == ("0", "filters", 6, 1)
    weight = subject.network.get_submodule("3").weight
    assert isinstance(weight, torch.Tensor)
    np.testing.assert_array_equal(second.pictures, weight.numpy())
    assert (second.made, second.taken) == (12, 6)


def test_what_is_shown_of_a_deep_network_is_limited(make_subject: MakeSubject) -> None:
    found = weight_pictures(make_subject("resnet-18"))
    assert found[0].pictures.shape == (64, 1, 3, 3)
    assert all(one.pictures.shape[:2] == (16, 16) for one in found[1:])
    assert (found[-1].made, found[-1].taken) == (512, 512)


def test_hidden_numbers_look_at_whole_pictures_too(make_subject: MakeSubject) -> None:
    (found,) = weight_pictures(make_subject("mlp"))
    assert (found.kind, found.pictures.shape, found.made) == ("units", (64, 1, 28, 28), 256)


def test_average_pictures(make_subject: MakeSubject) -> None:
    subject = make_subject("mlp", *SOME)
    pictures = subject.training_images()
    found = class_averages(subject)
    for label in range(10):
        expected = pictures.images[pictures.labels == label].mean(0) / 255
        np.testing.assert_allclose(found[label], expected, atol=1e-5)


def test_spreads_are_of_the_weights_and_of_the_gradients_of_the_loss(make_subject: MakeSubject) -> None:
    subject = make_subject("cnn", *SOME)
    network = subject.network
    found = parameter_spreads(subject)
    assert [one.name for one in found] == [name for name, _ in network.named_parameters()]
    pictures = subject.training_images()
    network.requires_grad_(True)
    targets = torch.from_numpy(np.array(pictures.labels[:BATCH]))
    torch.nn.functional.cross_entropy(network(subject.inputs(pictures.images[:BATCH])), targets).backward()
    for one, value in zip(found, network.parameters(), strict=True):
        assert value.grad is not None
        assert one.weights.counts.sum() == one.gradients.counts.sum() == value.numel()
        assert one.weights.high == -one.weights.low == pytest.approx(float(value.detach().abs().max()))
        assert one.gradients.high == pytest.approx(float(value.grad.abs().max()), rel=1e-3)
        assert one.gradients.deviation == pytest.approx(float(value.grad.std(correction=0)), rel=1e-3, abs=1e-9)


@pytest.mark.parametrize("kind", ["small-vgg", "softmax-regression-sparse"])
def test_looking_inside_leaves_no_trace(make_subject: MakeSubject, image: np.ndarray, kind: str) -> None:
    extra = (("optimizer.kind", "sparse-adam"),) if kind.endswith("sparse") else ()
    subject = make_subject(kind, *SOME, *extra)
    network = subject.network
    before, random = {n: v.clone() for n, v in network.state_dict().items()}, torch.get_rng_state()
    layer_outputs(subject, image)
    weight_pictures(subject)
    assert all(one.gradients.counts.sum() for one in parameter_spreads(subject))
    assert all(torch.equal(value, before[name]) for name, value in network.state_dict().items())
    assert not any(value.requires_grad or value.grad is not None for value in network.parameters())
    assert not any(module.training for module in network.modules())
    assert torch.equal(torch.get_rng_state(), random)


def test_a_spread_lies_evenly_around_zero() -> None:
    found = spread_of(torch.tensor([-2.0, 0.0, 0.0, 1.0, float("nan"), float("inf")]))
    assert (found.low, found.high, found.zeros) == (-2, 2, 0.5)
    assert len(found.counts) == BINS
    assert found.counts.sum() == 4
    assert found.counts[BINS // 2] == 2
    assert found.mean == -0.25


def test_a_spread_of_nothing_but_zeros() -> None:
    found = spread_of(torch.zeros(7))
    assert (found.low, found.high, found.zeros, found.deviation) == (-1, 1, 1, 0)
