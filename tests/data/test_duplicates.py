"""Duplicates: none is missed, none is made up, also in a real data set."""

import time

import numpy as np
import pytest
from numpy.typing import NDArray

from fmstudio.data import duplicates
from fmstudio.data.duplicates import Pairs, alike_pairs, exact_pairs, groups
from fmstudio.data.library import load_images


def found(images: NDArray[np.uint8]) -> Pairs:
    *shares, pairs = alike_pairs(images)
    assert shares == sorted(shares)
    assert all(isinstance(share, float) and 0 < share <= 1 for share in shares)
    assert isinstance(pairs, Pairs)
    return pairs


def listed(pairs: Pairs) -> list[tuple[int, int, bool]]:
    return list(zip(pairs.first.tolist(), pairs.second.tolist(), pairs.exact.tolist(), strict=True))


def by_hand(images: NDArray[np.uint8]) -> list[tuple[int, int, bool]]:
    """All pairs, one after the other, from the definition."""
    pixels = images.reshape(len(images), -1).astype(np.float64)
    correlations = np.corrcoef(pixels)
    pairs = []
    for first in range(len(pixels)):
        for second in range(first + 1, len(pixels)):
            difference = np.abs(pixels[first] - pixels[second]).mean()
            near = correlations[first, second] >= duplicates.CORRELATION and difference <= duplicates.DIFFERENCE
            if near or difference == 0:
                pairs.append((first, second, bool(difference == 0)))
    return pairs


@pytest.fixture
def images() -> NDArray[np.uint8]:
    """Two hundred real pictures, and some of them again: the same, nearly the same, brighter, another one."""
    generator = np.random.default_rng(0)
    real = load_images("fashion-mnist").train.images[:200]
    noisy = np.clip(real[:30].astype(np.int16) + generator.integers(-3, 4, real[:30].shape), 0, 255).astype(np.uint8)
    noisier = np.clip(real[:30].astype(np.int16) + generator.integers(-40, 41, real[:30].shape), 0, 255)
    half = (real[40:60] // 2).astype(np.uint8)
    return np.concatenate([real, real[5:9], noisy, noisier.astype(np.uint8), half])


def test_none_is_missed_and_none_is_made_up(images: NDArray[np.uint8], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(duplicates, "_BLOCK", 64)
    pairs = found(images)
    expected = by_hand(images)
    through_the_first = {(first, second) for first, second, _ in expected if second < 204 or first >= 204}
    assert set(listed(pairs)) <= set(expected)
    missing = set(expected) - set(listed(pairs))
    assert all(200 <= first < 204 or 200 <= second < 204 for first, second, _ in missing), "only doubles of doubles"
    assert len(through_the_first) >= 4
    expected_groups = groups(Pairs(*(np.array(part) for part in zip(*expected, strict=True))))  # type: ignore[arg-type]
    assert [group.tolist() for group in groups(pairs)] == [group.tolist() for group in expected_groups]


def test_the_same_in_every_pixel() -> None:
    real = load_images("fashion-mnist").test.images[:6]
    pairs = exact_pairs(np.concatenate([real, real[2:4], real[2:3]]))
    assert listed(pairs) == [(2, 6, True), (2, 8, True), (3, 7, True)]
    assert [group.tolist() for group in groups(pairs)] == [[2, 6, 8], [3, 7]]


@pytest.mark.parametrize("count", [0, 1, 2])
def test_few_pictures_are_no_trouble(count: int) -> None:
    assert len(found(load_images("fashion-mnist").test.images[:count])) == 0


def test_pictures_of_one_grey_are_alike_only_where_they_are_the_same() -> None:
    flat = np.stack([np.full((28, 28), grey, np.uint8) for grey in (0, 0, 7, 8)])
    assert listed(found(flat)) == [(0, 1, True)]


def test_a_picture_that_is_there_a_thousand_times_makes_no_million_pairs() -> None:
    image = load_images("fashion-mnist").test.images[:1]
    pairs = found(np.repeat(image, 1000, axis=0))
    assert len(pairs) == 999
    assert len(groups(pairs)) == 1


def test_fashion_mnist_has_near_duplicates_across_its_splits() -> None:
    data = load_images("fashion-mnist")
    start = time.monotonic()
    pairs = found(np.concatenate([data.train.images, data.test.images]))
    assert time.monotonic() - start < 60
    across = (pairs.first < 60_000) & (pairs.second >= 60_000)
    assert (len(pairs), int(pairs.exact.sum())) == (62, 0)
    assert len(groups(pairs)) == 38
    assert len(np.unique(pairs.second[across])) == 11
