"""Data as tensors, and batches that hold each sample once."""

from collections.abc import Callable
from itertools import chain
from typing import Any

import numpy as np
import pytest
import torch

from fmstudio.catalog.datasets import FashionMnist
from fmstudio.data.library import load_images
from fmstudio.experiment.spec import ExperimentSpec
from fmstudio.training import batches
from fmstudio.training.batches import Batches, Samples, images_of, prepare, to_tensor

Small = Callable[..., ExperimentSpec]


def numbered(count: int) -> Samples:
    """Samples whose target is their number, and whose one pixel is it too."""
    targets = torch.arange(count)
    return Samples(targets.to(torch.float32).view(-1, 1, 1, 1), targets, np.arange(count))


def order(made: Batches) -> list[list[int]]:
    return [targets.tolist() for _, targets in made.epoch()]


def test_grey_pictures_become_numbers_from_0_to_1() -> None:
    images = np.array([[[0, 255], [51, 102]]], np.uint8)
    tensor = to_tensor(images, FashionMnist(), "cpu")
    assert tensor.dtype == torch.float32
    torch.testing.assert_close(tensor, torch.tensor([[[[0.0, 1.0], [0.2, 0.4]]]]))
    assert images[0, 0, 1] == 255


def test_colours_come_first() -> None:
    images = np.zeros((2, 4, 5, 3), np.uint8)
    images[1, 3, 2, 0] = 255
    tensor = to_tensor(images, FashionMnist(), "cpu")
    assert tensor.shape == (2, 3, 4, 5)
    assert tensor[1, 0, 3, 2] == 1


def test_normalising_brings_the_training_pixels_to_mean_0_and_deviation_1() -> None:
    images = load_images("fashion-mnist", train_size=3000).train.images
    tensor = to_tensor(images, FashionMnist(normalise=True), "cpu")
    assert tensor.mean().abs() < 0.02
    assert (tensor.std() - 1).abs() < 0.02


def test_what_is_prepared_are_the_pictures_of_the_files(small: Small) -> None:
    spec = small(("seed", 5))
    material, images = prepare(spec, "cpu"), images_of(spec.dataset, spec.seed)
    for samples, pictures in ((material.train, images.train), (material.test, images.test)):
        np.testing.assert_array_equal(samples.targets.numpy(), pictures.labels)
        np.testing.assert_array_equal(samples.samples, pictures.samples)
        np.testing.assert_array_equal(np.rint(samples.inputs.numpy()[:, 0] * 255), pictures.images)
    assert (len(material.train), len(material.validation), len(material.test)) == (300, 0, 200)


def test_corrections_reach_everything_that_is_trained_and_tested(small: Small) -> None:
    plain = prepare(small(), "cpu")
    first, out = (int(plain.train.samples[place]) for place in (0, 1))
    tested = int(plain.test.samples[0])
    label = (int(plain.test.targets[0]) + 1) % 10
    spec = small(
        ("dataset.corrections", [["train", first, 7], ["test", tested, label]]), ("dataset.exclude", [["train", out]])
    )
    material = prepare(spec, "cpu")
    assert int(material.train.targets[0]) == 7
    assert int(material.test.targets[0]) == label
    assert out not in material.train.samples
    assert (len(material.train), len(material.test)) == (300, 200)
    assert prepare(small(), "cpu").train.samples[1] == out, "the files stay as they are"


@pytest.mark.parametrize(("validation", "held"), [(0.1, 30), (45, 45), (0.99, 297), (299, 299)])
def test_pictures_held_back_are_not_learned_from(small: Small, validation: float, held: int) -> None:
    spec = small(("validation", validation))
    material = prepare(spec, "cpu")
    kept, back = set(material.train.samples.tolist()), set(material.validation.samples.tolist())
    assert len(back) == held
    assert not kept & back
    assert kept | back == set(images_of(spec.dataset, spec.seed).train.samples.tolist())


@pytest.mark.parametrize(
    "change", [("dataset.train_size", 299), ("dataset.normalise", True), ("seed", 1)], ids=lambda change: str(change[0])
)
def test_another_data_set_is_read_anew(small: Small, change: tuple[str, Any]) -> None:
    first = prepare(small(), "cpu")
    second = prepare(small(change), "cpu")
    again = prepare(small(), "cpu")
    assert not _same(first.train, second.train)
    assert _same(first.train, again.train)


def test_the_same_data_set_is_laid_out_once(small: Small, monkeypatch: pytest.MonkeyPatch) -> None:
    first = prepare(small(), "cpu")
    monkeypatch.setattr(batches, "pictures_of", None)
    assert prepare(small(("epochs", 9), ("optimizer.lr", 0.5)), "cpu").train is first.train


@pytest.mark.parametrize(
    ("count", "size", "drop", "expected"),
    [
        (10, 4, False, [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]]),
        (10, 4, True, [[0, 1, 2, 3], [4, 5, 6, 7]]),
        (8, 4, True, [[0, 1, 2, 3], [4, 5, 6, 7]]),
        (3, 1, False, [[0], [1], [2]]),
        (3, 3, True, [[0, 1, 2]]),
        (3, 100, False, [[0, 1, 2]]),
    ],
)
def test_in_order(count: int, size: int, drop: bool, expected: list[list[int]]) -> None:
    made = Batches(numbered(count), size=size, shuffle=False, drop_last=drop, seed=0)
    assert order(made) == expected
    assert order(made) == expected


def test_shuffled_each_epoch_is_a_new_order_of_all() -> None:
    made = Batches(numbered(50), size=8, shuffle=True, drop_last=False, seed=0)
    first, second = (list(chain(*order(made))) for _ in range(2))
    assert sorted(first) == sorted(second) == list(range(50))
    assert first != second != list(range(50))


def test_pictures_stay_with_their_classes() -> None:
    for inputs, targets in Batches(numbered(50), size=8, shuffle=True, drop_last=False, seed=0).epoch():
        assert inputs.flatten().tolist() == targets.tolist()


def test_the_order_comes_from_the_seed_and_from_no_other_generator() -> None:
    def first(seed: int) -> list[list[int]]:
        return order(Batches(numbered(50), size=8, shuffle=True, drop_last=False, seed=seed))

    state = torch.get_rng_state()
    wanted = first(3)
    assert torch.equal(torch.get_rng_state(), state)
    torch.rand(5)
    assert first(3) == wanted
    assert first(4) != wanted


def test_what_is_dropped_is_another_each_epoch() -> None:
    made = Batches(numbered(10), size=4, shuffle=True, drop_last=True, seed=0)
    dropped = {frozenset(range(10)) - frozenset(chain(*order(made))) for _ in range(5)}
    assert all(len(part) == 2 for part in dropped)
    assert len(dropped) > 1


def _same(first: Samples, second: Samples) -> bool:
    return np.array_equal(first.samples, second.samples) and torch.equal(first.inputs, second.inputs)
