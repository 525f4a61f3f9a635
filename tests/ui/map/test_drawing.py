"""The parts of a map: what is inside a line, what is nearest, how points are painted, and what colours say."""

import time

import numpy as np
import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication

from fmstudio.session.conditions import IsRight, PredictedIs, TrueIs
from fmstudio.training.events import Predictions
from fmstudio.ui import theme
from fmstudio.ui.map.colours import PALETTES, dress, rows_of
from fmstudio.ui.map.place import around, inside, nearest, next_towards
from fmstudio.ui.map.raster import Marks, blended, cross, disc, image, packed

WHITE, RED, BLUE = (np.uint32(colour) for colour in (0xFFFFFFFF, 0xFFFF0000, 0xFF0000FF))
NAMES = ("Shirt", "Dress", "Bag")


@pytest.fixture(autouse=True)
def light(qapp: QApplication) -> None:
    theme.apply(qapp, "light")


def answers() -> Predictions:
    labels, predicted = np.array([0, 1, 2, 1]), np.array([0, 2, 2, 1])
    loss = np.array([0.1, 4.0, 0.2, 0.3], np.float32)
    return Predictions(np.array([7, 5, 9, 2]), labels, predicted, loss, np.full((4, 3), 1 / 3, np.float16))


def test_all_points_are_seen_and_the_axes_have_one_scale() -> None:
    points = np.array([[-4.0, 0], [4, 1]], np.float32)
    window = around(points, 400, 300)
    places = window.screen(points, 400, 300)
    assert (places >= 0).all()
    assert (places <= [400, 300]).all()
    assert places[1, 1] < places[0, 1]
    assert places[1, 0] - places[0, 0] == pytest.approx(8 * (places[0, 1] - places[1, 1]))


def test_zooming_keeps_what_is_under_the_mouse_and_moving_moves() -> None:
    points = np.random.default_rng(0).normal(size=(50, 2)).astype(np.float32)
    window = around(points, 400, 300)
    places = window.screen(points, 400, 300)
    nearer = window.zoomed(3.0, *places[7], 400, 300)
    assert np.allclose(nearer.screen(points, 400, 300)[7], places[7])
    assert nearer.scale == pytest.approx(3 * window.scale)
    assert np.allclose(window.moved(10, -5).screen(points, 400, 300), places + np.array([10, -5]))
    assert window.zoomed(1e-9, 0, 0, 400, 300).scale == pytest.approx(window.whole / 2)


@pytest.mark.parametrize("points", [np.zeros((0, 2)), np.zeros((3, 2)), np.full((2, 2), 5.0)])
def test_no_spread_is_no_accident(points: np.ndarray) -> None:
    assert np.isfinite(around(points, 400, 300).screen(points, 400, 300)).all()


def test_what_is_inside_a_line_is_what_lies_within_it() -> None:
    square = np.array([[0.0, 0], [10, 0], [10, 10], [0, 10]])
    places = np.array([[5.0, 5], [11, 5], [5, -1], [1, 9], [-3, -3]])
    assert inside(places, square).tolist() == [True, False, False, True, False]
    ring = np.array([[0.0, 0], [10, 0], [10, 10], [5, 3], [0, 10]])
    assert inside(np.array([[5.0, 8], [2, 3]]), ring).tolist() == [False, True]
    assert not inside(places, square[:2]).any()


def test_the_nearest_place_and_the_next_in_a_direction() -> None:
    places = np.array([[0.0, 0], [10, 1], [30, 0], [0, 12], [-8, 2]])
    assert nearest(places, 9, 1, 5) == 1
    assert nearest(places, 60, 60, 5) == -1
    assert nearest(np.empty((0, 2)), 0, 0, 5) == -1
    assert [next_towards(places, 0, *step) for step in ((1, 0), (-1, 0), (0, 1), (0, -1))] == [1, 4, 3, 0]
    assert next_towards(places, 1, 1, 0) == 2


def test_marks_have_their_colour_and_shape_and_later_ones_lie_on_top() -> None:
    at, colours = np.array([[20.0, 20], [60, 20]]), np.array([RED, BLUE], np.uint32)
    drawn = image(80, 40, WHITE, [Marks(at, colours, disc(3.0)), Marks(at[:1], colours[1:], cross(5.0, 1.5))])
    assert drawn.pixelColor(60, 20) == QColor("blue")
    assert drawn.pixelColor(62, 20) == QColor("blue")
    assert drawn.pixelColor(20, 20) == QColor("blue")
    assert drawn.pixelColor(22, 18) == QColor("blue")
    assert drawn.pixelColor(22, 20) == QColor("red")
    assert drawn.pixelColor(70, 30) == QColor("white")


def test_what_lies_outside_is_cut_off_at_the_edge() -> None:
    at = np.array([[-1.0, 5], [39, 19], [500, 5], [-500, -500], [1e12, 0]])
    drawn = image(40, 20, WHITE, [Marks(at, np.full(5, RED, np.uint32), disc(3.0))])
    assert drawn.pixelColor(0, 5) == QColor("red")
    assert drawn.pixelColor(39, 19) == QColor("red")
    reds = sum(drawn.pixelColor(x, y) == QColor("red") for x in range(40) for y in range(20))
    assert 5 < reds < 40


def test_faint_colours_lie_between_themselves_and_the_ground() -> None:
    (faint,) = blended(np.array([RED], np.uint32), WHITE, 0.25)
    assert [faint >> shift & 255 for shift in (16, 8, 0)] == [255, 191, 191]


def test_ten_thousand_points_take_less_than_a_frame() -> None:
    places = np.random.default_rng(0).random((10_000, 2)) * [402, 300]
    marks = [Marks(places, np.full(10_000, RED, np.uint32), disc(1.9))]
    image(402, 300, WHITE, marks)

    def seconds() -> float:
        began = time.perf_counter()
        image(402, 300, WHITE, marks)
        return time.perf_counter() - began

    assert min(seconds() for _ in range(5)) < 0.016


def test_rows_are_found_by_sample() -> None:
    assert rows_of(np.array([2, 9, 7, 4, 100]), answers()).tolist() == [3, 2, 0, -1, -1]
    assert rows_of(np.array([2]), None).tolist() == [-1]


def test_classes_have_their_colours_and_can_be_looked_at() -> None:
    known, labels = answers(), np.array([1, 2, 0, 1])
    rows = rows_of(np.array([2, 9, 7, 4]), known)
    true = dress("true", labels, known, rows, NAMES)
    assert [entry.words for entry in true.entries] == list(NAMES)
    assert [entry.condition for entry in true.entries] == [TrueIs(0), TrueIs(1), TrueIs(2)]
    assert true.groups.tolist() == [1, 2, 0, 1]
    assert true.colours[0] == true.colours[3] == packed(QColor(true.entries[1].colour))
    predicted = dress("predicted", labels, known, rows, NAMES)
    assert predicted.groups.tolist() == [1, 2, 0, -1]
    assert predicted.entries[2].condition == PredictedIs(2)
    assert sorted(true.order.tolist()) == [0, 1, 2, 3]


def test_wrong_answers_are_crosses_on_top() -> None:
    known = answers()
    rows = rows_of(known.samples, known)
    made = dress("right", known.labels, known, rows, NAMES)
    assert made.crosses.tolist() == [False, True, False, False]
    assert made.order[-1] == 1
    assert [(entry.condition, entry.cross) for entry in made.entries] == [
        (IsRight(True), False),
        (IsRight(False), True),
    ]


def test_a_greater_loss_is_a_stronger_colour_on_top() -> None:
    known = answers()
    made = dress("loss", known.labels, known, rows_of(known.samples, known), NAMES)
    assert made.order.tolist() == [0, 2, 3, 1]
    assert made.colours[1] == packed(theme.colour("wrong"))
    lightness = [QColor.fromRgb(int(colour)).lightness() for colour in made.colours[made.order]]
    assert lightness == sorted(lightness, reverse=True)
    assert made.entries[0].until
    assert made.entries[0].condition is None


def test_without_answers_only_true_classes_have_colours() -> None:
    rows = np.full(2, -1)
    assert dress("loss", np.array([0, 1]), None, rows, NAMES).entries == ()
    assert len(set(dress("true", np.array([0, 1]), None, rows, NAMES).colours.tolist())) == 2


DICHROMATS = {
    "usual": np.eye(3),
    "no red": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "no green": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "no blue": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}
"""How a colour is seen without one kind of cone (Machado, Oliveira, Fernandes 2009), in linear light."""


@pytest.mark.parametrize("eyes", DICHROMATS)
@pytest.mark.parametrize("name", PALETTES)
def test_ten_classes_are_told_apart_by_all_eyes(name: str, eyes: str) -> None:
    raw = np.array([list(bytes.fromhex(colour[1:])) for colour in PALETTES[name]]) / 255
    light = np.where(raw <= 0.04045, raw / 12.92, ((raw + 0.055) / 1.055) ** 2.4)
    seen = np.clip(light @ np.array(DICHROMATS[eyes]).T, 0, 1)
    cones = np.cbrt(seen @ np.array([[0.4122, 0.5363, 0.0514], [0.2119, 0.6807, 0.1074], [0.0883, 0.2817, 0.6300]]).T)
    lab = cones @ np.array([[0.2105, 0.7936, -0.0041], [1.9780, -2.4286, 0.4506], [0.0259, 0.7828, -0.8087]]).T
    apart = np.linalg.norm(lab[:, None] - lab[None], axis=2)[np.triu_indices(10, 1)]
    assert apart.min() > 0.09


def test_after_ten_classes_the_colours_begin_again() -> None:
    many = dress("true", np.zeros(0, np.int64), None, np.zeros(0, np.int64), tuple(f"n{i}" for i in range(200)))
    assert len(many.entries) == 200
    assert many.entries[0].colour == many.entries[10].colour
