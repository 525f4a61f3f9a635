import numpy as np
import pytest
import torch

from fmstudio.data.library import load_images
from fmstudio.errors import UserError
from fmstudio.experiment.draft import changed
from fmstudio.experiment.reading import read_spec
from fmstudio.experiment.spec import ExperimentSpec, to_mapping
from fmstudio.insight.network.features import features
from fmstudio.insight.network.neighbours import cosine_distances, neighbours
from fmstudio.insight.network.single import look
from fmstudio.insight.network.subject import Subject


def subject_of(kind: str) -> Subject:
    sizes = [("dataset.train_size", 200), ("dataset.test_size", 50), ("architecture.kind", kind)]
    spec = read_spec(changed(to_mapping(ExperimentSpec()), sizes))
    generator = torch.Generator().manual_seed(5)
    network = spec.architecture.call(spec.facts).make().eval().requires_grad_(False)
    for value in network.parameters():
        value.normal_(0, 0.2, generator=generator)
    return Subject(spec, network)


@pytest.fixture(scope="module")
def subject() -> Subject:
    return subject_of("cnn")


def test_before_and_now_are_what_the_network_says(subject: Subject) -> None:
    was = load_images("fashion-mnist").test.images[4]
    image = was.copy()
    image[8:20, 3:12] = 0
    found = look(subject, was, image, True)
    assert found.was is was
    before, now = subject.probabilities(np.stack([was, image]))
    assert np.allclose(found.before, before, atol=1e-6)
    assert np.allclose(found.now, now, atol=1e-6)
    assert np.array_equal(found.seen, subject.inputs(image[None])[0].numpy())


def test_the_heat_is_the_gradient_of_the_class_it_is_taken_for_now(subject: Subject) -> None:
    image = load_images("fashion-mnist").test.images[4]
    found = look(subject, image, image, True)
    inputs = subject.inputs(image[None]).requires_grad_()
    subject.network(inputs)[0, int(found.now.argmax())].backward()
    amount = inputs.grad[0].abs().amax(0).numpy()
    assert found.heat is not None
    assert np.allclose(found.heat, amount / amount.max(), atol=1e-5)
    assert look(subject, image, image, False).heat is None


def test_nothing_of_the_network_or_of_torchs_generator_is_touched(subject: Subject) -> None:
    image = load_images("fashion-mnist").test.images[4]
    before, state = [p.clone() for p in subject.network.parameters()], torch.get_rng_state()
    look(subject, image, image, True)
    neighbours(subject, "test", int(subject.test_images().samples[0]), 5)
    assert all(torch.equal(a, b) for a, b in zip(before, subject.network.parameters(), strict=True))
    assert all(p.grad is None and not p.requires_grad for p in subject.network.parameters())
    assert torch.equal(state, torch.get_rng_state())


def test_a_network_without_gradients_says_why_it_is_cold() -> None:
    image = load_images("fashion-mnist").test.images[4]
    found = look(subject_of("softmax-regression-sparse"), image, image, True)
    assert found.heat is None
    assert "looks up" in found.why_cold
    assert found.now.sum() == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("split", ["test", "train"])
def test_neighbours_are_the_nearest_by_cosine(subject: Subject, split: str) -> None:
    own = subject.training_images() if split == "train" else subject.test_images()
    sample = int(own.samples[17])
    found = neighbours(subject, split, sample, 12)
    many, one = features(subject, "train").astype(float), features(subject, split)[17].astype(float)
    distances = 1 - many @ one / np.linalg.norm(many, axis=1) / np.linalg.norm(one)
    if split == "train":
        distances[17] = np.inf
    nearest = np.argsort(distances, kind="stable")[:12]
    assert np.allclose(found.distances, distances[nearest], atol=1e-4)
    assert found.samples[0] == subject.training_images().samples[nearest[0]]
    assert sample not in (found.samples if split == "train" else [])
    rows = np.searchsorted(subject.training_images().samples, found.samples)
    assert np.array_equal(found.labels, subject.training_images().labels[rows])
    assert np.array_equal(found.images, subject.training_images().images[rows])


def test_never_more_than_there_are(subject: Subject) -> None:
    assert len(neighbours(subject, "train", int(subject.training_images().samples[0]), 1000)) == 199


def test_a_picture_that_the_run_does_not_have_is_a_sentence(subject: Subject) -> None:
    with pytest.raises(UserError, match="not in the data of the run"):
        neighbours(subject, "test", 10**9, 12)


def test_a_vector_of_zeros_is_far_from_everything() -> None:
    many = np.array([[0, 0], [3, 0], [0, 2], [-1, 0]], np.float32)
    assert cosine_distances(many, np.array([2, 0], np.float32)) == pytest.approx([1, 0, 1, 2])
    assert cosine_distances(many, np.zeros(2, np.float32)) == pytest.approx([1, 1, 1, 1])
