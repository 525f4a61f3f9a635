"""Pictures from outside made as those of a data set are."""

import numpy as np
import pytest
from numpy.typing import NDArray

from fmstudio.data.library import load_images
from fmstudio.data.picture_files import ReadPicture, picture_of
from fmstudio.data.prepared import Invert, Prepared, Wishes, prepared

SHAPE = (1, 28, 28)
Pixels = NDArray[np.uint8]


def blot(height: int, width: int, box: tuple[int, int, int, int], level: int = 255, ground: int = 0) -> ReadPicture:
    pixels = np.full((height, width), ground, np.uint8)
    pixels[box[0] : box[2], box[1] : box[3]] = level
    return picture_of(pixels)


def extent(made: Prepared) -> tuple[int, int, int, int]:
    """Top, left, bottom, right of what is seen."""
    rows, columns = np.flatnonzero(made.pixels.any(axis=1)), np.flatnonzero(made.pixels.any(axis=0))
    return int(rows[0]), int(columns[0]), int(rows[-1]) + 1, int(columns[-1]) + 1


def photographed(picture: Pixels) -> ReadPicture:
    """A picture of the data set as a shop would show it: ten times as large, on white, somewhere on the page."""
    large = np.kron(picture, np.ones((10, 10), np.uint8))
    return picture_of(np.pad(255 - large, ((60, 90), (10, 200)), constant_values=255))


def test_a_picture_of_the_data_sets_size_stays_as_it_is() -> None:
    for picture in load_images("fashion-mnist").test.images[:200]:
        made = prepared(picture_of(picture), SHAPE, "fashion-mnist")
        assert np.array_equal(made.pixels, picture)
        assert not made.inverted


def test_it_does_what_the_makers_of_the_data_set_did() -> None:
    pictures = load_images("fashion-mnist").test.images[:200]
    made = [prepared(photographed(picture), SHAPE, "fashion-mnist") for picture in pictures]
    same = [np.array_equal(one.pixels, picture) for one, picture in zip(made, pictures, strict=True)]
    assert np.mean(same) > 0.9
    assert all(one.inverted for one in made)


@pytest.mark.parametrize(("invert", "level"), [("auto", 255), ("on", 255), ("off", 0)])
def test_a_light_ground_is_exchanged_unless_forbidden(invert: Invert, level: int) -> None:
    made = prepared(blot(280, 280, (100, 100, 180, 180), 0, 255), SHAPE, wishes=Wishes(invert))
    assert made.inverted == (invert != "off")
    assert made.pixels[14, 14] == level
    assert ("light and dark exchanged" in made.facts) == made.inverted


def test_a_dark_ground_is_exchanged_only_when_asked() -> None:
    picture = blot(280, 280, (100, 100, 180, 180))
    assert not prepared(picture, SHAPE).inverted
    assert prepared(picture, SHAPE, wishes=Wishes("on")).inverted


def test_a_grey_ground_becomes_black() -> None:
    made = prepared(blot(280, 280, (60, 90, 220, 190), 40, 210), SHAPE)
    assert made.pixels.min() == 0
    assert "the ground made black" in made.facts


def test_the_longer_edge_fills_the_frame_and_the_shape_is_kept() -> None:
    assert extent(prepared(blot(500, 700, (50, 300, 450, 500)), SHAPE)) == (0, 7, 28, 21)
    assert extent(prepared(blot(700, 500, (600, 20, 680, 180)), SHAPE)) == (7, 0, 21, 28)


def test_a_digit_fills_twenty_pixels_with_its_mass_in_the_middle() -> None:
    pixels = np.zeros((400, 400), np.uint8)
    pixels[100:300, 150:160] = 255
    pixels[280:300, 150:250] = 255  # an L: its mass lies low and left
    made = prepared(picture_of(pixels), SHAPE, "mnist")
    top, left, bottom, right = extent(made)
    assert (bottom - top, right - left) == (20, 10)
    mass = made.pixels.astype(float)
    rows = (mass.sum(axis=1) @ (np.arange(28) + 0.5)) / mass.sum()
    columns = (mass.sum(axis=0) @ (np.arange(28) + 0.5)) / mass.sum()
    assert (rows, columns) == (pytest.approx(14, abs=0.6), pytest.approx(14, abs=0.6))


def test_without_centring_it_stays_on_its_side() -> None:
    picture = blot(280, 280, (10, 10, 80, 45))
    assert extent(prepared(picture, SHAPE, wishes=Wishes(scale=False, centre=False))) == (1, 1, 8, 5)
    assert extent(prepared(picture, SHAPE, wishes=Wishes(scale=False))) == (11, 13, 18, 17)
    assert extent(prepared(picture, SHAPE, wishes=Wishes(centre=False))) == (0, 0, 28, 14)


def test_unscaled_a_wide_picture_is_fitted_in_whole() -> None:
    made = prepared(blot(100, 400, (0, 0, 100, 400), 200), SHAPE, wishes=Wishes("off", scale=False))
    assert made.pixels.shape == (28, 28)


def test_small_pictures_are_made_larger_smoothly() -> None:
    made = prepared(blot(9, 9, (2, 3, 7, 6)), SHAPE)
    assert made.pixels.shape == (28, 28)
    assert made.pixels.max() > 200


@pytest.mark.parametrize(("height", "width"), [(1, 1), (1, 900), (900, 1), (3, 5), (2000, 3)])
def test_no_shape_is_too_odd(height: int, width: int) -> None:
    pixels = np.random.default_rng(0).integers(0, 255, (height, width)).astype(np.uint8)
    for shape in (SHAPE, (3, 32, 32)):
        made = prepared(picture_of(pixels), shape)
        assert made.pixels.shape[:2] == shape[1:]


@pytest.mark.parametrize("level", [0, 128, 255])
def test_an_even_area_says_that_there_is_nothing_in_it(level: int) -> None:
    made = prepared(blot(50, 60, (0, 0, 50, 60), level), SHAPE)
    assert not made.pixels.any()
    assert made.facts == ("nothing in it differs from the ground",)


def test_colour_fills_its_frame_and_is_never_inverted_by_itself() -> None:
    pixels = np.full((64, 128, 3), 250, np.uint8)
    pixels[:, :32] = (200, 0, 0)
    made = prepared(picture_of(pixels), (3, 32, 32))
    assert (made.pixels.shape, made.inverted) == ((32, 32, 3), False)
    assert made.pixels[16, 0].tolist() == [250] * 3
    whole = prepared(picture_of(pixels), (3, 32, 32), wishes=Wishes(scale=False))
    assert whole.pixels[0, 0].tolist() == [0, 0, 0]
    assert whole.pixels[16, 2].tolist() == [200, 0, 0]


def test_what_was_done_to_read_it_comes_first() -> None:
    picture = ReadPicture(np.zeros((9, 9, 3), np.uint8), 9, 9, ("the first of its pictures",))
    assert prepared(picture, SHAPE).facts[0] == "the first of its pictures"
