"""Pictures from outside, asked about by a real network."""

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from fmstudio.data.library import load_images
from fmstudio.data.prepared import AS_USUAL
from fmstudio.errors import UserError
from fmstudio.experiment.reading import read_spec
from fmstudio.insight.network.own_pictures import opened
from fmstudio.insight.network.subject import Subject, probabilities


@pytest.fixture(scope="module")
def subject() -> Subject:
    spec = read_spec({"version": 1, "dataset": {"kind": "fashion-mnist"}, "architecture": {"kind": "cnn"}})
    with torch.random.fork_rng():
        network: torch.nn.Module = spec.architecture.call(spec.facts).make()
    return Subject(spec, network.eval().requires_grad_(False))


def test_files_are_read_prepared_and_the_bad_ones_named(subject: Subject, tmp_path: Path) -> None:
    picture = load_images("fashion-mnist").test.images[0]
    large = np.kron(255 - picture, np.ones((10, 10), np.uint8))
    paths = [tmp_path / name for name in ("small.png", "large.png", "text.png")]
    Image.fromarray(picture).save(paths[0])
    Image.fromarray(np.pad(large, 20, constant_values=255)).save(paths[1])
    paths[2].write_text("no picture")
    small, photographed, bad = opened(subject, paths, AS_USUAL)
    assert not isinstance(small, UserError)
    assert not isinstance(photographed, UserError)
    assert np.array_equal(small[1].pixels, picture)
    assert np.array_equal(photographed[1].pixels, picture)
    assert isinstance(bad, UserError)
    assert bad.message == "text.png is not a picture that can be read."


def test_the_answer_is_that_of_the_network(subject: Subject) -> None:
    images = load_images("fashion-mnist").test.images[:7]
    found = probabilities(subject, images)
    assert (found.shape, found.dtype) == ((7, 10), np.float32)
    expected = subject.network(subject.inputs(images)).softmax(1).numpy()
    assert found == pytest.approx(expected, abs=1e-6)
    assert found.sum(axis=1) == pytest.approx(np.ones(7), abs=1e-5)
