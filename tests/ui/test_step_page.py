from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from fmstudio.data.library import PictureSet
from fmstudio.experiment.draft import changed
from fmstudio.experiment.reading import read_spec
from fmstudio.experiment.spec import ExperimentSpec, to_mapping
from fmstudio.runs.run import Run
from fmstudio.training.events import RunStarted, StepShown, TensorStep
from fmstudio.ui import theme
from fmstudio.ui.step_figures import Thumbnails, number, place_of
from fmstudio.ui.step_page import StepPage
from fmstudio.ui.step_words import contents

CLASSES = ("Shirt", "Coat", "Bag")
TENSORS = (
    TensorStep("0.weight", (3, 784), 2.5, 0.004, 0.04),
    TensorStep("0.bias", (3,), 5.0, 0.002, 0.03),
)


def images(samples: Sequence[int] = range(40)) -> PictureSet:
    """Pictures that say by their colour which sample they are."""
    rows = np.array(samples, np.int64)
    return PictureSet(np.broadcast_to(rows[:, None, None], (len(rows), 4, 4)).astype(np.uint8), rows % 3, rows)


def step(**values: Any) -> StepShown:
    """A step on classes; the network finds class 1 for all."""
    outputs = np.tile(np.log(np.array([1, 2, 1], np.float32)), (15, 1))
    usual: dict[str, Any] = {
        "step": 12, "epoch": 2, "size": 20, "samples": np.arange(20, 35), "targets": np.arange(20, 35) % 3.0,
        "outputs": outputs, "loss": 0.81234, "right": 7, "rate": 0.01, "tensors": TENSORS,
    }  # fmt: skip
    return StepShown(**{**usual, **values})


def run(*steps: StepShown, changes: Sequence[tuple[str, Any]] = ()) -> Run:
    made = Run(spec=to_mapping(read_spec(changed(to_mapping(ExperimentSpec()), changes))))
    made.apply(RunStarted(epochs=4, steps_per_epoch=10, train_size=200, test_size=100))
    for one in steps:
        made.apply(one)
    return made


@pytest.fixture(params=["light", "dark"])
def page(request: pytest.FixtureRequest, qapp: QApplication, qtbot: QtBot) -> StepPage:
    theme.apply(qapp, request.param)
    made = StepPage()
    qtbot.addWidget(made)
    made.resize(420, 800)
    made.show()
    return made


def lights(page: StepPage) -> list[str]:
    return [section.light for section in page.sections]


def press(page: StepPage, name: str) -> QPushButton:
    found = page.findChild(QPushButton, name)
    assert found is not None
    return found


def hurry(page: StepPage) -> None:
    """All seven at once: there is no time for one after the other."""
    page.show_pace(True, 20)


def test_before_the_first_step_it_says_what_the_seven_are(page: StepPage) -> None:
    assert [section.accessibleName() for section in page.sections] == [
        "1 Batch", "2 Outputs", "3 Loss", "4 Gradients", "5 Update", "6 Epoch", "7 Epochs",
    ]  # fmt: skip
    assert page.sections[2].words == "Measure how wrong that is, in one number."
    assert lights(page) == ["asleep"] * 7


def test_the_real_numbers_of_classes(page: StepPage) -> None:
    hurry(page)
    page.show_step(run(step()), images(), CLASSES)
    batch, outputs, loss, gradients, update, epoch, epochs = (section.words for section in page.sections)
    assert batch.startswith("20 samples; these are the first 12\nBag, Shirt, Coat, Bag")
    assert "Coat 50.0 % ✓" in outputs
    assert "Shirt 25.0 % ✗ Coat" in outputs
    assert loss == "0.8123 · 7 of 20 right"
    assert "0.weight 3×784 2.5; 0.bias 3 5" in gradients
    assert update == "learning rate 0.01\n0.weight changes most, of 0.04 0.004"
    assert (epoch, epochs) == ("step 2 of 10", "epoch 2 of 4")


def test_the_pictures_are_those_of_the_batch() -> None:
    for pictures in (images(), images([2, *range(39, 19, -1)])):
        figure = contents(run(), step(), pictures, CLASSES)[0].figure
        assert isinstance(figure, Thumbnails)
        assert [int(image.max()) for image in figure.images if image is not None] == list(range(20, 32))


def test_pictures_that_are_not_known_leave_their_places_empty(page: StepPage) -> None:
    figure = contents(run(), step(), images(range(20, 25)), CLASSES)[0].figure
    assert isinstance(figure, Thumbnails)
    assert [image is None for image in figure.images] == [False] * 5 + [True] * 7
    assert all(image is None for image in _images(contents(run(), step(), None, CLASSES)[0].figure))
    hurry(page)
    page.show_step(run(step()), images([]), CLASSES)
    page.grab()


def _images(figure: object) -> Sequence[object]:
    assert isinstance(figure, Thumbnails)
    return figure.images


LINE = [("dataset.kind", "linear"), ("architecture.kind", "linear-regression"), ("loss.kind", "mse")]


def numbers(**values: Any) -> StepShown:
    usual: dict[str, Any] = {
        "size": 3, "samples": np.arange(3), "targets": np.array([4.0, -2.5, 0.5], np.float32), "right": None,
        "outputs": np.array([[3.0], [-2.0], [0.25]], np.float32), "loss": 0.4375,
    }  # fmt: skip
    return step(**{**usual, **values})


def test_the_real_numbers_of_points(page: StepPage) -> None:
    hurry(page)
    shown = run(numbers(), changes=LINE)
    x = read_spec(dict(shown.spec)).dataset.points("train")[0]  # type: ignore[attr-defined]
    page.show_step(shown, None, ())
    batch, outputs, loss = (section.words for section in page.sections[:3])
    first = f"x = {place_of(float(x[0, 0]))}, {place_of(float(x[0, 1]))} → y = 4.00"
    assert batch.startswith(f"3 samples\n{first}; ")
    assert "true 4.00 the network says 3.00; true −2.50 the network says −2.00" in outputs
    assert loss == "0.4375 for this batch, before the update"
    page.grab()


def test_logarithms_of_rates_are_shown_as_rates(page: StepPage) -> None:
    rates = [*LINE[:2], ("loss.kind", "poisson-nll"), ("dataset.w", [1.0, 1.0]), ("dataset.b", 60.0)]
    hurry(page)
    page.show_step(run(numbers(outputs=np.log(np.array([[3.0], [2.0], [1.0]], np.float32))), changes=rates), None, ())
    assert "the network says 3.00; true −2.50 the network says 2.00" in page.sections[1].words


def test_numbers_that_are_not_finite_are_shown(page: StepPage) -> None:
    hurry(page)
    broken = (TensorStep("0.weight", (1, 2), float("nan"), float("inf"), 0.0), TensorStep("0.bias", (1,), 1, 1, 1))
    wild = numbers(outputs=np.array([[np.inf], [np.nan], [1.0]], np.float32), loss=float("inf"), tensors=broken)
    page.show_step(run(wild, changes=LINE), None, ())
    assert "the network says ∞; true −2.50 the network says ?" in page.sections[1].words
    assert "0.weight 1×2 ?" in page.sections[3].words
    page.grab()
    page.show_step(run(step(outputs=np.full((15, 3), np.nan, np.float32), tensors=())), images(), CLASSES)
    page.grab()


def test_of_many_layers_the_largest_gradients_are_shown_in_their_order() -> None:
    many = tuple(TensorStep(f"{n}.weight", (n,), n % 10 + n / 100, 0.1, 1.0) for n in range(62))
    shown = contents(run(), step(tensors=many), None, CLASSES)[3]
    assert shown.words == "how large: the 12 largest of 62"
    assert shown.figure is not None
    names = [row.split()[0] for row in shown.figure.text.split("; ")]
    assert names == [f"{n}.weight" for n in sorted([9, 19, 29, 39, 49, 59, 8, 18, 28, 38, 48, 58])]


def test_the_seven_light_up_one_after_the_other(qtbot: QtBot, page: StepPage, monkeypatch: pytest.MonkeyPatch) -> None:
    page.show_step(run(step()), images(), CLASSES)
    assert page._clock.interval() == 500
    assert lights(page) == ["lit"] + ["asleep"] * 6
    assert page.sections[2].words == "Measure how wrong that is, in one number.", "not before it is lit"
    heights = [section.height() for section in page.sections]
    page._clock.setInterval(5)
    seen = []
    page._clock.timeout.connect(lambda: seen.append(lights(page)))
    qtbot.waitUntil(lambda: lights(page) == ["done"] * 7, timeout=5_000)
    assert seen[:2] == [["done", "lit"] + ["asleep"] * 5, ["done"] * 2 + ["lit"] + ["asleep"] * 4]
    assert [section.height() for section in page.sections] == heights, "nothing moves while they light up"
    assert not page._clock.isActive()


def test_a_step_that_comes_before_the_last_one_was_read_begins_anew(page: StepPage) -> None:
    first, second = step(), step(step=13, loss=0.5)
    page.show_step(run(first), images(), CLASSES)
    page.show_step(run(first, second), images(), CLASSES)
    assert lights(page) == ["lit"] + ["asleep"] * 6
    assert page.sections[2].words.startswith("0.8123"), "the rest of the first step is shown whole"
    for _ in range(7):
        page._light_next()
    assert page.sections[2].words.startswith("0.5000")
    assert lights(page) == ["done"] * 7


def test_a_step_that_is_shown_is_not_shown_again(page: StepPage) -> None:
    made = run(step())
    page.show_step(made, images(), CLASSES)
    page._light_next()
    page.show_step(made, images(), CLASSES)
    assert lights(page) == ["done", "lit"] + ["asleep"] * 5


@pytest.mark.parametrize(("speed", "interval"), [(0, 500), (0.1, 500), (1, 129)])
def test_at_one_step_a_second_they_light_up_faster(page: StepPage, speed: float, interval: int) -> None:
    page.show_pace(False, speed)
    page.show_step(run(step()), images(), CLASSES)
    assert page._clock.interval() == interval
    assert lights(page)[0] == "lit"


@pytest.mark.parametrize("speed", [5, 20])
def test_faster_than_the_eye_all_are_lit_at_once(page: StepPage, speed: float) -> None:
    page.show_pace(False, speed)
    page.show_step(run(step()), images(), CLASSES)
    assert lights(page) == ["done"] * 7


def test_one_more_step_can_be_asked_for_in_a_pause(qtbot: QtBot, page: StepPage) -> None:
    with qtbot.waitSignal(page.step_asked):
        qtbot.mouseClick(press(page, "oneStep"), Qt.MouseButton.LeftButton)
    page.show_pace(False, 0)
    assert not press(page, "oneStep").isEnabled()
    page.show_pace(True, 0)
    assert press(page, "oneStep").isEnabled()


def test_the_pace_can_be_chosen_and_is_shown(qtbot: QtBot, page: StepPage) -> None:
    assert press(page, "tab.0").isChecked()
    for key in ("1", "5", "20", "0"):
        with qtbot.waitSignal(page.speed_chosen) as said:
            qtbot.mouseClick(press(page, f"tab.{key}"), Qt.MouseButton.LeftButton)
        assert said.args == [float(key)]
    with qtbot.assertNotEmitted(page.speed_chosen):
        page.show_pace(True, 5.0)
    assert press(page, "tab.5").isChecked()


@pytest.mark.parametrize(
    ("value", "shown", "placed"),
    [(0.0, "0", "0.00"),
     (-1.234, "−1.23", "−1.23"), (0.00123, "0.00123", "0.00123"), (123456.0, "1.23e+05", "1.23e+05"),
     (float("inf"), "∞", "∞"), (float("-inf"), "−∞", "−∞"), (float("nan"), "?", "?")],
)  # fmt: skip
def test_numbers_are_as_exact_as_one_wants_to_see_them(value: float, shown: str, placed: str) -> None:
    assert (number(value), place_of(value)) == (shown, placed)
