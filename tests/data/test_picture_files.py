"""Picture files of every kind, and files that are none."""

import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from fmstudio.data.picture_files import WORK_EDGE, picture_of, read_picture
from fmstudio.errors import UserError


def motif(width: int = 40, height: int = 24) -> NDArray[np.uint8]:
    """Dark, with a light upper left quarter: every turn of it looks different."""
    grey = np.full((height, width), 20, np.uint8)
    grey[: height // 2, : width // 2] = 220
    return grey


def light_quarter(pixels: NDArray[np.uint8]) -> str:
    """Which quarter of a picture is light."""
    height, width = pixels.shape[0] // 2, pixels.shape[1] // 2
    parts = {"upper left": pixels[:height, :width], "upper right": pixels[:height, width:],
             "lower left": pixels[height:, :width], "lower right": pixels[height:, width:]}  # fmt: skip
    return max(parts, key=lambda name: float(parts[name].mean()))


@pytest.mark.parametrize("suffix", ["png", "jpg", "gif", "bmp", "webp", "tiff", "pgm", "ico"])
def test_every_common_kind_is_read(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"picture.{suffix}"
    Image.fromarray(motif(32, 32)).save(path)
    found = read_picture(path)
    assert (found.pixels.shape, found.pixels.dtype, found.facts) == ((32, 32, 3), np.uint8, ())
    assert np.abs(found.pixels.mean(axis=2) - motif(32, 32)).mean() < 3


@pytest.mark.parametrize(
    ("orientation", "quarter", "shape"),
    [
        (1, "upper left", (24, 40)),
        (2, "upper right", (24, 40)),
        (3, "lower right", (24, 40)),
        (4, "lower left", (24, 40)),
        (5, "upper left", (40, 24)),
        (6, "upper right", (40, 24)),
        (7, "lower right", (40, 24)),
        (8, "lower left", (40, 24)),
    ],
)
def test_a_photo_stands_as_the_camera_was_held(
    tmp_path: Path, orientation: int, quarter: str, shape: tuple[int, int]
) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    path = tmp_path / "photo.jpg"
    Image.fromarray(motif()).save(path, exif=exif, quality=95)
    found = read_picture(path)
    assert found.pixels.shape[:2] == shape
    assert (found.height, found.width) == shape
    assert light_quarter(found.pixels) == quarter
    assert bool(found.facts) == (orientation != 1)


def test_cmyk_16_bits_one_bit_and_a_palette_show_the_same(tmp_path: Path) -> None:
    grey = motif()
    made = {
        "cmyk.jpg": Image.fromarray(grey).convert("RGB").convert("CMYK"),
        "cmyk.tiff": Image.fromarray(grey).convert("RGB").convert("CMYK"),
        "deep.png": Image.fromarray(grey.astype(np.uint16) * 257),
        "deep.tiff": Image.fromarray(grey.astype(np.uint16) * 257),
        "whole.tiff": Image.fromarray(grey.astype(np.int32)),
        "palette.png": Image.fromarray(grey).convert("P"),
        "palette.gif": Image.fromarray(grey).convert("P"),
    }
    for name, image in made.items():
        image.save(tmp_path / name)
        pixels = read_picture(tmp_path / name).pixels
        assert np.abs(pixels.mean(axis=2) - grey).mean() < 4, name
    Image.fromarray(grey > 100).save(tmp_path / "bit.png")
    assert set(np.unique(read_picture(tmp_path / "bit.png").pixels)) == {0, 255}
    Image.fromarray(np.linspace(-3, 7, 24 * 40, dtype=np.float32).reshape(24, 40)).save(tmp_path / "float.tiff")
    floats = read_picture(tmp_path / "float.tiff").pixels
    assert (floats.min(), floats.max()) == (0, 255)


def test_of_a_film_the_first_picture_is_taken_and_it_says_so(tmp_path: Path) -> None:
    first, second = Image.fromarray(motif()), Image.fromarray(255 - motif())
    for name in ("film.gif", "film.webp", "film.png", "pages.tiff"):
        first.save(tmp_path / name, save_all=True, append_images=[second, first])
        found = read_picture(tmp_path / name)
        assert light_quarter(found.pixels) == "upper left", name
        assert found.facts == ("the first of its pictures",), name


@pytest.mark.parametrize(("level", "ground"), [(255, 0), (200, 0), (10, 255), (90, 255)])
def test_a_transparent_ground_is_what_shows_the_thing(tmp_path: Path, level: int, ground: int) -> None:
    alpha = np.zeros((20, 20), np.uint8)
    alpha[6:14, 6:14] = 255
    Image.fromarray(np.dstack([np.full((20, 20, 3), level, np.uint8), alpha])).save(tmp_path / "clear.png")
    found = read_picture(tmp_path / "clear.png")
    assert found.pixels[0, 0].tolist() == [ground] * 3
    assert found.pixels[10, 10].tolist() == [level] * 3
    assert len(found.facts) == 1


def test_a_hole_gets_the_ground_of_the_corners() -> None:
    pixels = np.full((20, 20, 4), 255, np.uint8)
    pixels[8:12, 8:12] = 0
    assert picture_of(pixels).pixels[10, 10].tolist() == [255] * 3


def test_a_palette_with_a_transparent_colour(tmp_path: Path) -> None:
    image = Image.fromarray((motif() > 100).astype(np.uint8) * 1).convert("P")
    image.putpalette([0, 0, 0, 250, 250, 250])
    image.save(tmp_path / "clear.gif", transparency=0)
    assert light_quarter(read_picture(tmp_path / "clear.gif").pixels) == "upper left"


def png_head(width: int, height: int) -> bytes:
    """The beginning of a PNG file of some size, and not one pixel of it."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(bytes(1000)))


@pytest.mark.parametrize("side", [30_000, 9_100])
def test_too_many_pixels_are_refused_from_the_head(tmp_path: Path, side: int) -> None:
    path = tmp_path / "huge.png"
    path.write_bytes(png_head(side, side))
    with pytest.raises(UserError, match=r"huge\.png is too large: it has .* pixels") as raised:
        read_picture(path)
    assert "at most 80 million" in raised.value.hint


def test_a_file_that_is_no_picture_says_what_it_is(tmp_path: Path) -> None:
    Image.fromarray(motif(200, 200)).save(tmp_path / "good.png")
    Image.fromarray(np.random.default_rng(0).integers(0, 255, (200, 200), np.uint8)).save(tmp_path / "good.jpg")
    good = (tmp_path / "good.png").read_bytes()
    noise = bytearray((tmp_path / "good.png").read_bytes())
    noise[60:90] = bytes(30)
    made = {
        "text.png": (b"this is no picture", "is not a picture that can be read"),
        "empty.png": (b"", "is empty"),
        "cut.png": (good[: len(good) // 2], "damaged or cut off"),
        "cut.jpg": ((tmp_path / "good.jpg").read_bytes()[:4000], "damaged or cut off"),
        "noise.png": (bytes(noise), "damaged or cut off"),
        "head.png": (good[:20], "damaged or cut off|is not a picture"),
        "program.ps": (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "is not a picture"),
    }
    for name, (content, sentence) in made.items():
        (tmp_path / name).write_bytes(content)
        with pytest.raises(UserError, match=sentence) as raised:
            read_picture(tmp_path / name)
        assert name in raised.value.message
    with pytest.raises(UserError, match="is a folder"):
        read_picture(tmp_path)
    with pytest.raises(UserError, match=r"missing\.png cannot be read: No such file"):
        read_picture(tmp_path / "missing.png")


def test_a_large_picture_is_made_smaller_at_once(tmp_path: Path) -> None:
    for name in ("large.png", "large.jpg"):
        Image.fromarray(np.kron(motif(), np.ones((100, 100), np.uint8))).save(tmp_path / name)
        found = read_picture(tmp_path / name)
        assert WORK_EDGE <= max(found.pixels.shape) < 2 * WORK_EDGE
        assert (found.width, found.height) == (4000, 2400)
        assert light_quarter(found.pixels) == "upper left"
