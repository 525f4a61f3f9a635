"""The colours of heat maps: fixed, the same in both themes, safe for colour-blind eyes. Dark is what did not matter."""

import numpy as np
from numpy.typing import NDArray

Colours = NDArray[np.uint8]

_AMOUNT = (
    (0, 0, 4), (31, 12, 72), (85, 15, 109), (136, 34, 106), (186, 54, 85), (227, 89, 51), (249, 140, 10),
    (249, 201, 50), (252, 255, 164),
)  # fmt: skip
"""From nothing to most: the brightness rises evenly (the palette "inferno")."""
_SIGNED = ((255, 196, 110), (232, 126, 4), (120, 60, 0), (6, 6, 8), (0, 62, 130), (40, 130, 235), (150, 210, 255))
"""From most against (orange) over nothing (black) to most for (blue)."""
_TOP = 99.5
"""Per cent of the pixels below which a map has its full colours: a single wild pixel does not darken all others."""


def scaled_heat(values: NDArray[np.float32], *, signed: bool) -> NDArray[np.float32]:
    """Values brought to 0…1, or to −1…1 where they have a sign; what is not finite counts as 0."""
    clean = np.nan_to_num(values.astype(np.float32), nan=0, posinf=0, neginf=0)
    top = float(np.percentile(np.abs(clean), _TOP)) or float(np.abs(clean).max(initial=0)) or 1.0
    brought: NDArray[np.float32] = np.clip(clean / np.float32(top), -1 if signed else 0, 1)
    return brought


def coloured(scaled: NDArray[np.float32], *, signed: bool) -> Colours:
    """The colours of scaled values, shape (…, 3)."""
    anchors = np.array(_SIGNED if signed else _AMOUNT, np.float32)
    places = np.linspace(-1 if signed else 0, 1, len(anchors))
    channels = [np.interp(scaled, places, anchors[:, channel]) for channel in range(3)]
    return np.stack(channels, -1).round().astype(np.uint8)


def over_picture(image: NDArray[np.uint8], values: NDArray[np.float32], strength: float, *, signed: bool) -> Colours:
    """A heat map laid over the grey picture.

    Args:
        image: Shape (height, width) or (height, width, channels).
        values: Shape (height, width).
        strength: 0 the picture alone … 1 the map alone.
        signed: Whether the values have a sign.

    Returns:
        Shape (height, width, 3).
    """
    grey = image.mean(-1) if image.ndim == 3 else image.astype(np.float32)
    heat = coloured(scaled_heat(values, signed=signed), signed=signed)
    mixed = (1 - strength) * grey[..., np.newaxis] + strength * heat
    return mixed.round().astype(np.uint8)


def grey_map(values: NDArray[np.float32]) -> Colours:
    """A map from its least value, black, to its greatest, white; one that is the same everywhere is dark grey."""
    clean = np.nan_to_num(values.astype(np.float32), nan=0, posinf=0, neginf=0)
    low, high = float(clean.min(initial=np.inf)), float(clean.max(initial=-np.inf))
    grey = (clean - low) / (high - low) * 255 if high > low else np.full_like(clean, 40)
    return np.repeat(grey.round().astype(np.uint8)[..., np.newaxis], 3, -1)
