"""Explanations against captum, on networks of every kind, and that asking leaves no trace."""

import warnings
from collections.abc import Callable

import numpy as np
import pytest
import torch
from captum.attr import IntegratedGradients, LayerAttribution, LayerGradCam, Occlusion, Saliency
from torch import Tensor

from fmstudio.catalog.architectures import ARCHITECTURES
from fmstudio.data.library import load_images
from fmstudio.errors import UserError
from fmstudio.insight.explanation import METHODS, Explanation
from fmstudio.insight.network.explaining import explained, explanations, integrated_gradients
from fmstudio.insight.network.occlusion import patch_of
from fmstudio.insight.network.subject import Subject

MakeSubject = Callable[..., Subject]
NORMALISED = ("dataset.normalise", True)
SMALL = ("architecture.width", 4)
KINDS = {
    "cnn": (), "mlp": (("architecture.batch_norm", True),), "softmax-regression": (),
    "softmax-regression-scratch": (), "small-vgg": (("architecture.channels", (4, 8)),), "resnet-9": (SMALL,),
}  # fmt: skip
LAST_MAPS = {"cnn": "5", "small-vgg": "13", "resnet-9": "16"}
TARGET = 3


@pytest.fixture(scope="module")
def image() -> np.ndarray:
    picture: np.ndarray = load_images("fashion-mnist").test.images[7]
    return picture


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def subject(make_subject: MakeSubject, kind: str) -> Subject:
    return make_subject(kind, NORMALISED, *KINDS[kind])


def inputs_of(subject: Subject, image: np.ndarray) -> tuple[Tensor, Tensor]:
    """The picture and the black picture, as the network sees them."""
    inputs = subject.inputs(image[np.newaxis])
    black = subject.inputs(np.zeros_like(image)[np.newaxis])
    return inputs, black


def same(found: np.ndarray, expected: Tensor) -> None:
    values = expected.detach().numpy()
    assert np.abs(values).max() > 0
    np.testing.assert_allclose(found, values, atol=2e-4 * np.abs(values).max())


def test_the_gradient_is_captums(subject: Subject, image: np.ndarray) -> None:
    inputs, _ = inputs_of(subject, image)
    found = explained(subject, image, TARGET, "gradient")
    saliency, asked = Saliency(subject.network), inputs.requires_grad_()
    same(found.amount, saliency.attribute(asked, target=TARGET)[0, 0])
    assert found.signed is not None
    same(found.signed, saliency.attribute(asked, target=TARGET, abs=False)[0, 0])


def test_integrated_gradients_are_captums_and_nearly_add_up(subject: Subject, image: np.ndarray) -> None:
    inputs, black = inputs_of(subject, image)
    found = explained(subject, image, TARGET, "integrated")
    parts, delta = IntegratedGradients(subject.network).attribute(
        inputs, black, target=TARGET, n_steps=50, return_convergence_delta=True
    )
    assert found.signed is not None
    assert found.gap is not None
    same(found.signed, parts[0, 0])
    same(found.amount, parts[0, 0].abs())
    with torch.no_grad():
        whole = float((subject.network(inputs) - subject.network(black))[0, TARGET])
    assert found.gap == pytest.approx(abs(float(delta)) / abs(whole), abs=1e-3)
    assert found.signed.sum() == pytest.approx(whole, abs=(found.gap + 1e-3) * abs(whole))


def test_occlusion_is_captums(subject: Subject, image: np.ndarray) -> None:
    inputs, black = inputs_of(subject, image)
    patch, stride = patch_of(28)
    expected = Occlusion(subject.network).attribute(
        inputs, (1, patch, patch), (1, stride, stride), black, target=TARGET, perturbations_per_eval=50
    )
    found = explained(subject, image, TARGET, "occlusion")
    assert found.signed is not None
    assert found.patch == patch == 6
    same(found.signed, expected[0, 0])
    np.testing.assert_array_equal(found.amount, found.signed.clip(min=0))


def test_squares_at_the_edge_are_cut_off_as_captums_are(make_subject: MakeSubject, image: np.ndarray) -> None:
    """27 rows cannot be covered by whole squares of 6 that go on by 2."""
    subject = make_subject("resnet-9", SMALL)
    cut = np.ascontiguousarray(image[1:])
    inputs, black = inputs_of(subject, cut)
    expected = Occlusion(subject.network).attribute(inputs, (1, 6, 6), (1, 2, 2), black, target=TARGET)
    found = explained(subject, cut, TARGET, "occlusion")
    assert found.signed is not None
    same(found.signed, expected[0, 0])


@pytest.mark.parametrize("kind", LAST_MAPS)
def test_grad_cam_is_captums(subject: Subject, kind: str, image: np.ndarray) -> None:
    inputs, _ = inputs_of(subject, image)
    targets = range(10)
    found = [explained(subject, image, target, "grad-cam") for target in targets]
    layer = subject.network.get_submodule(LAST_MAPS[kind])
    cam = LayerGradCam(subject.network, layer)
    for target, one in zip(targets, found, strict=True):
        maps = cam.attribute(inputs, target=target, relu_attributions=True)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            expected = LayerAttribution.interpolate(maps, (28, 28), "bilinear")[0, 0].detach().numpy()
        np.testing.assert_allclose(one.amount, expected, atol=1e-4 * max(1, expected.max()))
        assert one.layer == LAST_MAPS[kind]
        assert one.places == tuple(maps.shape[2:])
    assert sum(not one.is_empty for one in found) >= 3


def test_grad_cam_of_a_network_that_works_in_place(make_subject: MakeSubject, image: np.ndarray) -> None:
    """Torchvision's ResNet overwrites its own numbers, asks one ReLU twice, and adds outside of any layer."""
    subject = make_subject("resnet-18")
    inputs, _ = inputs_of(subject, image)
    cam = LayerGradCam(subject.network, subject.network.layer4)
    shown = 0
    for target in range(4):
        maps = cam.attribute(inputs, target=target, relu_attributions=True)
        expected = torch.nn.functional.interpolate(maps, (28, 28), mode="bilinear")[0, 0].detach().numpy()
        found = explained(subject, image, target, "grad-cam")
        assert (found.layer, found.places) == ("layer4.1.relu", (4, 4))
        np.testing.assert_allclose(found.amount, expected, atol=1e-4 * max(1e-3, expected.max()))
        shown += not found.is_empty
    assert shown


@pytest.mark.parametrize("kind", ["mlp", "softmax-regression", "softmax-regression-scratch"])
def test_without_maps_grad_cam_says_so_and_the_others_still_answer(subject: Subject, image: np.ndarray) -> None:
    found = dict(zip(METHODS, explanations(subject, image, TARGET), strict=True))
    refused = found.pop("grad-cam")
    assert isinstance(refused, UserError)
    assert "no convolution" in refused.message
    assert all(isinstance(one, Explanation) for one in found.values())


def test_a_table_of_lit_pixels_has_no_gradient_but_can_be_explained(
    make_subject: MakeSubject, image: np.ndarray
) -> None:
    subject = make_subject("softmax-regression-sparse", ("optimizer.kind", "sparse-adam"))
    slope, parts, cam, covered = explanations(subject, image, TARGET)
    assert isinstance(slope, UserError)
    assert isinstance(cam, UserError)
    assert "lit" in slope.message
    assert isinstance(parts, Explanation)
    assert isinstance(covered, Explanation)
    weights = subject.network.get_submodule("table").weight
    assert isinstance(weights, Tensor)
    assert parts.signed is not None
    same(parts.signed, weights[:-1, TARGET].view(28, 28) * torch.from_numpy(image / 255).float())
    assert not covered.is_empty


@pytest.mark.parametrize("name", [name for name, row in ARCHITECTURES.items() if row.pictures and row.classes])
def test_every_architecture_answers(make_subject: MakeSubject, image: np.ndarray, name: str) -> None:
    subject = make_subject(name)
    answers = explanations(subject, image, TARGET)
    refused = [one for one in answers if isinstance(one, UserError)]
    answered = [one for one in answers if isinstance(one, Explanation)]
    assert all(error.hint for error in refused)
    assert len(answered) >= 2
    assert answered[-1].method == "occlusion"
    for found in answered:
        assert found.amount.shape == (28, 28)
        assert found.amount.dtype == np.float32
        assert np.isfinite(found.amount).all()
        assert found.probability == pytest.approx(subject.probabilities(image[None])[0, TARGET], abs=1e-5)


@pytest.mark.parametrize("kind", ["small-vgg", "mlp"])
def test_asking_leaves_no_trace(subject: Subject, image: np.ndarray) -> None:
    network = subject.network
    before = {name: value.clone() for name, value in network.state_dict().items()}
    hooks = [len(module._forward_hooks) for module in network.modules()]
    random, threads = torch.get_rng_state(), torch.is_grad_enabled()
    first, second = (explanations(subject, image, TARGET) for _ in range(2))
    for one, other in zip(first, second, strict=True):
        assert isinstance(one, UserError) or one.amount.tobytes() == other.amount.tobytes()  # type: ignore[union-attr]
    assert all(torch.equal(value, before[name]) for name, value in network.state_dict().items())
    assert not any(module.training for module in network.modules())
    assert not any(value.requires_grad or value.grad is not None for value in network.parameters())
    assert [len(module._forward_hooks) for module in network.modules()] == hooks
    assert torch.equal(torch.get_rng_state(), random)
    assert torch.is_grad_enabled() == threads


def test_the_lowest_probability_is_that_of_the_worst_square(make_subject: MakeSubject, image: np.ndarray) -> None:
    subject = make_subject("softmax-regression")
    found = explained(subject, image, TARGET, "occlusion")
    lowest = 1.0
    for top in range(0, 23, 2):
        for left in range(0, 23, 2):
            covered = image.copy()
            covered[top : top + 6, left : left + 6] = 0
            lowest = min(lowest, float(subject.probabilities(covered[None])[0, TARGET]))
    assert found.lowest == pytest.approx(lowest, abs=1e-5)


def test_a_class_that_is_not_there_is_a_sentence(make_subject: MakeSubject, image: np.ndarray) -> None:
    with pytest.raises(UserError, match="10 classes"):
        explained(make_subject("mlp"), image, 10, "gradient")


def test_what_torch_cannot_do_is_a_sentence(make_subject: MakeSubject, image: np.ndarray) -> None:
    class Rounds(torch.nn.Module):
        def forward(self, inputs: Tensor) -> Tensor:
            return inputs.flatten(1)[:, :10].round().int().float()

    subject = make_subject("mlp")
    odd = Subject(subject.spec, torch.nn.Sequential(Rounds()).eval())
    slope, _, _, covered = explanations(odd, image, TARGET)
    assert isinstance(slope, UserError)
    assert "cannot be computed for this network" in slope.message
    assert isinstance(covered, Explanation)
    assert covered.is_empty


def test_more_steps_close_the_gap(make_subject: MakeSubject, image: np.ndarray) -> None:
    """LeNet's tanh is smooth: there the sum of the parts comes as near to the whole as numbers can."""
    subject = make_subject("lenet", NORMALISED)
    inputs, black = inputs_of(subject, image)
    few, many = (integrated_gradients(subject.network, inputs, black, TARGET, steps)[1] for steps in (2, 50))
    assert many < few
    assert many < 1e-3


@pytest.mark.parametrize(("edge", "patch", "stride"), [(28, 6, 2), (64, 13, 4), (1, 1, 1), (3, 1, 1)])
def test_the_square_follows_the_size_of_the_picture(edge: int, patch: int, stride: int) -> None:
    assert patch_of(edge) == (patch, stride)
