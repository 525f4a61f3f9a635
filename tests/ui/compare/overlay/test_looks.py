"""Whether eyes, colour-blind ones too, can tell the curves apart."""

import itertools

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication

from fmstudio.ui import theme
from fmstudio.ui.compare.overlay.looks import COLOURS, DIFFERENT, look_of, slots_for

SEEN_AS = {
    "ordinary": np.eye(3),
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
}
"""G. M. Machado and others, "A physiologically-based model for simulation of color vision deficiency" (2009)."""

TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.072175], [0.0193339, 0.119192, 0.9503041]]
)


def linear(colour: str) -> np.ndarray:
    values = np.array([int(colour[place : place + 2], 16) for place in (1, 3, 5)]) / 255
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def lab(light: np.ndarray) -> np.ndarray:
    xyz = TO_XYZ @ np.clip(light, 0, 1) / np.array([0.95047, 1, 1.08883])
    f = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("eyes", SEEN_AS)
@pytest.mark.parametrize("name", ["light", "dark"])
def test_colours_stay_apart_whatever_the_eyes(name: str, eyes: str) -> None:
    seen = [lab(np.array(SEEN_AS[eyes]) @ linear(colour)) for colour in COLOURS[name]]
    assert min(np.linalg.norm(a - b) for a, b in itertools.combinations(seen, 2)) > 11


@pytest.mark.parametrize("name", ["light", "dark"])
def test_colours_stand_out_from_the_ground(name: str) -> None:
    ground = float(TO_XYZ[1] @ linear(theme.THEMES[name].card))
    for colour in COLOURS[name]:
        light = float(TO_XYZ[1] @ linear(colour))
        assert (max(light, ground) + 0.05) / (min(light, ground) + 0.05) > 2.2


def test_two_dozen_runs_differ_in_colour_or_style_and_fifty_in_the_marker_too(qapp: QApplication) -> None:
    theme.apply(qapp, "light")
    looks = [look_of(slot) for slot in range(50)]
    assert DIFFERENT == 24
    assert len({(look.colour, look.dash) for look in looks[:DIFFERENT]}) == DIFFERENT
    assert len({(look.colour, look.dash, look.symbol) for look in looks}) == 50


def test_places_are_kept_and_freed() -> None:
    first = slots_for("abc", {})
    assert first == {"a": 0, "b": 1, "c": 2}
    assert slots_for("cdb", first) == {"c": 2, "d": 0, "b": 1}
