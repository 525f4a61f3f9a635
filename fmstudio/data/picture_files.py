"""Reading picture files of any common kind: each becomes red, green and blue, or a sentence that says why not."""

import re
import struct
import warnings
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from fmstudio.errors import UserError
from fmstudio.words import tr

KINDS = ("PNG", "JPEG", "GIF", "BMP", "WEBP", "TIFF", "PPM", "ICO")
"""What is read; other kinds are refused, among them those for which a foreign program would be started."""

SUFFIXES = (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".webp", ".tif", ".tiff", ".ppm", ".pgm", ".ico")
"""How their files are called."""

MOST_PIXELS = 80_000_000
"""A file with more is refused from its head, before anything is unpacked."""

WORK_EDGE = 256
"""A larger picture is made smaller at once: data sets have pictures of a few dozen pixels."""

_DAMAGED = (SyntaxError, ValueError, EOFError, struct.error, KeyError, IndexError, TypeError, OverflowError, zlib.error)


@dataclass(frozen=True, eq=False)
class ReadPicture:
    """A picture from outside.

    Attributes:
        pixels: Red, green and blue 0…255, shape (height, width, 3); the longer edge is not much over ``WORK_EDGE``.
        width: Of the picture as it was.
        height: Likewise.
        facts: What was done to read it, translated, each a few words.
    """

    pixels: NDArray[np.uint8]
    width: int
    height: int
    facts: tuple[str, ...] = ()


def read_picture(path: Path, name: str = "") -> ReadPicture:
    """Read a picture file: upright, without transparency, of a film the first picture.

    Args:
        path: The file.
        name: What it is called where something is wrong with it; without it by its path.

    Raises:
        UserError: Naming the file, and saying what is wrong with it.
    """
    name = name or str(path)
    try:
        _require_content(path, name)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow's remarks on large pictures and odd palettes
            with Image.open(path, formats=KINDS) as opened:
                return _read(name, opened)
    except Image.DecompressionBombError as error:
        found = re.search(r"\d{6,}", str(error))
        raise _too_large(name, int(found[0]) if found else 0) from error
    except UnidentifiedImageError as error:
        raise UserError(tr("{file} is not a picture that can be read.", file=name), _kinds_words()) from error
    except MemoryError as error:
        raise UserError(tr("There is not enough memory for {file}.", file=name), _smaller_words()) from error
    except OSError as error:
        if error.errno is None:
            raise _damaged(name) from error
        reason = error.strerror or str(error)
        raise UserError(tr("{file} cannot be read: {reason}.", file=name, reason=reason)) from error
    except _DAMAGED as error:
        raise _damaged(name) from error


def picture_of(pixels: NDArray[np.uint8]) -> ReadPicture:
    """A picture that is in memory already: pasted, or drawn.

    Args:
        pixels: Shape (height, width) for grey, (height, width, 3), or with transparency (height, width, 4).
    """
    image, facts = _opaque(Image.fromarray(np.ascontiguousarray(pixels)))
    return ReadPicture(_reduced(image), pixels.shape[1], pixels.shape[0], facts)


def _require_content(path: Path, name: str) -> None:
    if path.is_dir():
        raise UserError(tr("{file} is a folder, not a picture.", file=name), tr("Choose the files in it."))
    if path.stat().st_size == 0:
        raise UserError(tr("{file} is empty: it has not a single byte.", file=name))


def _read(name: str, opened: Image.Image) -> ReadPicture:
    width, height = opened.size
    if width * height > MOST_PIXELS:
        raise _too_large(name, width * height, (width, height))
    facts = []
    if getattr(opened, "is_animated", False):
        facts.append(tr("the first of its pictures"))
        opened.seek(0)
    opened.draft(None, (WORK_EDGE, WORK_EDGE))
    opened.load()
    turned = opened.getexif().get(_ORIENTATION, 1) not in (0, 1)
    image = ImageOps.exif_transpose(opened)
    if turned:
        facts.append(tr("turned upright as the camera says"))
    image, more = _opaque(_eight_bits(image))
    sides = (height, width) if turned and (image.width > image.height) != (width > height) else (width, height)
    return ReadPicture(_reduced(image), sides[0], sides[1], (*facts, *more))


_ORIENTATION = 0x0112


def _eight_bits(image: Image.Image) -> Image.Image:
    """With 8 bits a channel: 16 bits are divided, other numbers stretched from the least to the greatest."""
    if image.mode.startswith("I;16"):
        return Image.fromarray(((np.asarray(image).astype(np.uint32) + 128) // 257).astype(np.uint8))
    if image.mode not in ("I", "F"):
        return image
    values = np.nan_to_num(np.asarray(image, np.float64), posinf=0, neginf=0)
    low, high = float(values.min()), float(values.max())
    if image.mode == "I" and low >= 0 and high <= 65535:
        low, high = 0.0, 65535.0 if high > 255 else 255.0
    stretched = (values - low) * (255 / (high - low) if high > low else 0)
    return Image.fromarray(stretched.round().astype(np.uint8))


def _opaque(image: Image.Image) -> tuple[Image.Image, tuple[str, ...]]:
    """In red, green and blue; what is transparent lies on the ground that its corners have, or that shows it best."""
    if not ("A" in image.getbands() or "a" in image.getbands() or "transparency" in image.info):
        return image.convert("RGB"), ()
    colours = image.convert("RGBA")
    small = colours.resize((min(64, colours.width), min(64, colours.height)), Image.Resampling.BOX)
    values = np.asarray(small, np.float64)
    alpha, grey = values[..., 3], values[..., :3] @ (0.299, 0.587, 0.114)
    if (alpha > 254).all():
        return colours.convert("RGB"), ()
    corners = np.ix_((0, -1), (0, -1))
    if (alpha[corners] > 127).mean() > 0.5:
        light = bool(np.median(grey[corners]) > 127)
    else:
        light = bool(np.average(grey, weights=alpha) <= 127) if alpha.any() else False
    ground = Image.new("RGBA", colours.size, (255,) * 3 + (255,) if light else (0, 0, 0, 255))
    fact = tr("its transparent parts made white") if light else tr("its transparent parts made black")
    return Image.alpha_composite(ground, colours).convert("RGB"), (fact,)


def _reduced(image: Image.Image) -> NDArray[np.uint8]:
    factor = max(image.size) // WORK_EDGE
    if factor > 1:
        image = image.reduce(factor)
    return np.asarray(image, np.uint8)


def _too_large(name: str, pixels: int, size: tuple[int, int] | None = None) -> UserError:
    if size:
        sides = f"{size[0]:,} × {size[1]:,}"
        message = tr("{file} is too large: it has {sides} pixels.", file=name, sides=sides)
    else:
        message = tr("{file} is too large: it has {count} million pixels.", file=name, count=f"{pixels // 1_000_000:,}")
    return UserError(message, _smaller_words())


def _damaged(name: str) -> UserError:
    message = tr("{file} is damaged or cut off: it cannot be read to its end.", file=name)
    return UserError(message, tr("Open it in another program and save it again."))


def _smaller_words() -> str:
    return tr("Make it smaller: at most {count} million pixels.", count=MOST_PIXELS // 1_000_000)


def _kinds_words() -> str:
    return tr("PNG, JPEG, GIF, BMP, WebP and TIFF can be read.")
