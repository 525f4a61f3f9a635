"""Making a picture from outside as the pictures of a data set are: its size, its ground, its place in the frame.

Fashion-MNIST was made like this: cut to what differs from the ground, the longer edge fitted into 28 pixels, put into
the middle, negated, made grey (Xiao, Rasul and Vollgraf, "Fashion-MNIST", 2017). MNIST's digits fill a square of 20
pixels, and their centre of mass lies in the middle of the 28 (LeCun, Cortes and Burges).
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from fmstudio.data.picture_files import ReadPicture
from fmstudio.words import tr

Invert = Literal["auto", "on", "off"]
Pixels = NDArray[np.uint8]

_LIGHT = 127
_LEAST_TOLERANCE, _MOST_TOLERANCE = 2, 16
"""What differs from the ground by no more belongs to it: more where the ground itself is uneven."""


@dataclass(frozen=True)
class Framing:
    """How the pictures of a data set stand in their frame.

    Attributes:
        share: How much of the frame the longer edge of the thing takes, 0…1.
        by_mass: Whether the centre of mass lies in the middle; else the middle of its box.
    """

    share: float = 1.0
    by_mass: bool = False


FRAMINGS: Mapping[str, Framing] = {"mnist": Framing(20 / 28, True), "emnist": Framing(24 / 28)}
"""By the data set's kind; the others fill their frame."""


@dataclass(frozen=True)
class Wishes:
    """How a picture shall be prepared.

    Attributes:
        invert: Exchange light and dark: "auto" where a grey data set's dark ground is light here.
        centre: Put the thing that the picture shows into the middle.
        scale: Let it fill the frame as it does in the data set; else the whole picture is fitted in.
    """

    invert: Invert = "auto"
    centre: bool = True
    scale: bool = True


AS_USUAL = Wishes()


@dataclass(frozen=True, eq=False)
class Prepared:
    """A picture as the network gets it, before numbers are made of it.

    Attributes:
        pixels: 0…255, shape (height, width) for grey, else (height, width, 3).
        inverted: Whether light and dark were exchanged.
        facts: What was done, translated, each a few words.
    """

    pixels: Pixels
    inverted: bool
    facts: tuple[str, ...]


def prepared(picture: ReadPicture, shape: tuple[int, int, int], kind: str = "", wishes: Wishes = AS_USUAL) -> Prepared:
    """Make a picture as those of a data set are.

    Args:
        picture: From a file, pasted or drawn.
        shape: Of the data set's pictures: channels, height, width.
        kind: The data set: decides how its things stand in the frame.
        wishes: What shall be done, and what not.
    """
    channels, height, width = shape
    if channels != 1:
        return _coloured(picture, (height, width), wishes)
    grey = np.asarray(Image.fromarray(picture.pixels).convert("L"), np.uint8)
    inverted = wishes.invert == "on" or (wishes.invert == "auto" and _ground(grey) > _LIGHT)
    facts = [*picture.facts, *([tr("light and dark exchanged")] if inverted else [])]
    grey = 255 - grey if inverted else grey
    if grey.shape == (height, width):
        return Prepared(grey, inverted, (*facts, tr("the size fits already")))
    levelled = _levelled(grey)
    if levelled is not grey:
        facts.append(tr("the ground made black"))
    box = _box(levelled)
    if box is None:
        facts = [*picture.facts, tr("nothing in it differs from the ground")]
        return Prepared(np.zeros((height, width), np.uint8), inverted, tuple(facts))
    framing = FRAMINGS.get(kind, Framing())
    place = _placed(levelled, box, (height, width), framing, wishes)
    facts.append(tr("cut to what it shows") if wishes.scale else tr("fitted in whole"))
    if wishes.centre:
        facts.append(tr("its centre of mass in the middle") if framing.by_mass else tr("put in the middle"))
    return Prepared(_sampled(levelled, place, (height, width)), inverted, tuple(facts))


def _ground(grey: Pixels) -> float:
    """How light the border of a picture is, 0…255."""
    return float(np.median(_border(grey)))


def _border(grey: Pixels) -> Pixels:
    edge = max(1, min(grey.shape) // 50)
    parts = (grey[:edge], grey[-edge:], grey[:, :edge], grey[:, -edge:])
    return np.concatenate([part.ravel() for part in parts])


def _levelled(grey: Pixels) -> Pixels:
    """With a ground of 0, as the data sets have; the lightest stays as it is."""
    ground = _ground(grey)
    if not 0 < ground < 255:
        return grey
    levels = ((np.arange(256) - ground).clip(0) * (255 / (255 - ground))).round().astype(np.uint8)
    lifted: Pixels = levels[grey]
    return lifted


_Box = tuple[int, int, int, int]


def _box(grey: Pixels) -> _Box | None:
    """Top, left, bottom, right of what differs from the ground; None where nothing does."""
    uneven = float(np.percentile(_border(grey), 95))
    seen = grey > min(_MOST_TOLERANCE, uneven + _LEAST_TOLERANCE)
    rows, columns = np.flatnonzero(seen.any(axis=1)), np.flatnonzero(seen.any(axis=0))
    if not len(rows):
        return None
    return int(rows[0]), int(columns[0]), int(rows[-1]) + 1, int(columns[-1]) + 1


@dataclass(frozen=True)
class _Place:
    """Which pixel of the picture lies at the frame's corner, and how many of its pixels make one of the frame."""

    top: float
    left: float
    step: float


def _placed(grey: Pixels, box: _Box, frame: tuple[int, int], framing: Framing, wishes: Wishes) -> _Place:
    tall, wide = box[2] - box[0], box[3] - box[1]
    whole = max(grey.shape[0] / frame[0], grey.shape[1] / frame[1])
    step = max(tall / frame[0], wide / frame[1]) / framing.share if wishes.scale else whole
    middles = _middles(grey, box, by_mass=framing.by_mass)
    corners = []
    for axis, length in enumerate((tall, wide)):
        before, size = middles[axis] - box[axis], frame[axis]
        aim = size / 2 if wishes.centre else (middles[axis] - grey.shape[axis] / 2) / whole + size / 2
        start = math.ceil(aim - before / step - (0.5 if framing.by_mass else 0.01))
        start = min(max(start, 0), max(0, math.floor(size - length / step + 0.01)))
        corners.append(box[axis] - start * step)
    return _Place(corners[0], corners[1], step)


def _middles(grey: Pixels, box: _Box, *, by_mass: bool) -> tuple[float, float]:
    """Where the middle of the thing lies: row and column."""
    if not by_mass:
        return (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    mass = grey.astype(np.float64)
    rows, columns = np.arange(grey.shape[0]) + 0.5, np.arange(grey.shape[1]) + 0.5
    return float(rows @ mass.sum(axis=1) / mass.sum()), float(columns @ mass.sum(axis=0) / mass.sum())


def _sampled(grey: Pixels, place: _Place, frame: tuple[int, int]) -> Pixels:
    """The frame's pixels: the mean over the area of each, or smooth where the picture is smaller than the frame."""
    bottom, right = place.top + frame[0] * place.step, place.left + frame[1] * place.step
    before = (max(0, math.ceil(-place.top)), max(0, math.ceil(-place.left)))
    after = (max(0, math.ceil(bottom) - grey.shape[0]), max(0, math.ceil(right) - grey.shape[1]))
    padded = np.pad(grey, ((before[0], after[0]), (before[1], after[1])))
    top, left = place.top + before[0], place.left + before[1]
    corner = (left, top, min(left + frame[1] * place.step, padded.shape[1]),
              min(top + frame[0] * place.step, padded.shape[0]))  # fmt: skip
    way = Image.Resampling.BOX if place.step >= 1 else Image.Resampling.BICUBIC
    return np.asarray(Image.fromarray(padded).resize((frame[1], frame[0]), way, box=corner), np.uint8)


def _coloured(picture: ReadPicture, frame: tuple[int, int], wishes: Wishes) -> Prepared:
    """Photographs fill their frame: what stands out at the longer side is cut off, or the whole fitted in on black."""
    inverted = wishes.invert == "on"
    image = Image.fromarray(255 - picture.pixels if inverted else picture.pixels)
    facts = [*picture.facts, *([tr("light and dark exchanged")] if inverted else [])]
    if (image.height, image.width) == frame:
        return Prepared(np.asarray(image, np.uint8), inverted, (*facts, tr("the size fits already")))
    ratios = image.width / frame[1], image.height / frame[0]
    step = min(ratios) if wishes.scale else max(ratios)
    size = max(1, round(image.width / step)), max(1, round(image.height / step))
    small = image.resize(size, Image.Resampling.BOX if step >= 1 else Image.Resampling.BICUBIC)
    ground = Image.new("RGB", (frame[1], frame[0]))
    ground.paste(small, ((frame[1] - size[0]) // 2, (frame[0] - size[1]) // 2))
    facts.append(tr("cut to the shape of the frame") if wishes.scale else tr("fitted in whole"))
    return Prepared(np.asarray(ground, np.uint8), inverted, tuple(facts))
