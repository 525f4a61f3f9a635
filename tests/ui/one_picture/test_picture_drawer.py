"""The picture in the drawer stays the same one, with the answers of the network that is looked at."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from fmstudio.data.library import ImageData, load_images
from fmstudio.errors import UserError
from fmstudio.experiment.draft import changed
from fmstudio.experiment.lessons import lesson
from fmstudio.experiment.spec import ExperimentSpec, to_mapping
from fmstudio.runs.run import Run
from fmstudio.session.inspection import Inspection
from fmstudio.session.selection import PredictedIs, Selection
from fmstudio.training.events import EpochEnded, Predictions, RunEnded, RunStarted
from fmstudio.ui import theme
from fmstudio.ui.drawer import Drawer
from fmstudio.ui.one_picture.picture_drawer import PictureDrawer
from fmstudio.ui.wall.predictions_panel import PredictionsPanel

SIZES = {"train_size": 60, "test_size": 40}


class Asked(QObject):
    """An examiner that keeps the questions about pictures that are not on the wall."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.available, self.why_not = True, "not kept"
        self.questions: list[Callable[[Any], object]] = []

    def ask(
        self,
        key: str,
        question: str,
        then: Callable[[Any], object],
        *arguments: object,
        otherwise: Callable[[UserError], object] | None = None,
    ) -> None:
        if key == "elsewhere" and self.available:
            self.questions.append(then)


class Window(QWidget):
    def __init__(self, data: ImageData) -> None:
        super().__init__()
        self.resize(1440, 850)
        self.drawer, self.pictures = Drawer(self), PredictionsPanel(self)
        self.inspection, self.examiner = Inspection(self), Asked()
        self.picture = PictureDrawer(self.drawer, self.pictures, self.inspection, self.examiner, self)  # type: ignore[arg-type]
        self.inspection.changed.connect(lambda: self.pictures.show_sight(self.inspection.sight))
        self.inspection.changed.connect(self.picture.refresh)
        self.inspection.show_data(data)


@pytest.fixture(scope="module")
def data() -> ImageData:
    return load_images("fashion-mnist", **SIZES)


@pytest.fixture
def window(qapp: QApplication, qtbot: QtBot, data: ImageData) -> Window:
    theme.apply(qapp, "light")
    made = Window(data)
    qtbot.addWidget(made)
    made.show()
    made.inspection.show_run(run_of(data))
    return made


def run_of(data: ImageData) -> Run:
    """At epoch 0 all is taken for class 1, at epoch 1 the first five pictures for class 2."""
    count = len(data.test)
    run = Run(spec=dict(changed(to_mapping(ExperimentSpec()), [(f"dataset.{k}", v) for k, v in SIZES.items()])))
    run.apply(RunStarted(epochs=1, steps_per_epoch=1, train_size=60, test_size=40))
    for number in (0, 1):
        predicted = np.ones(count, np.int64)
        predicted[: 5 * number] = 2
        shares = np.full((count, 10), 0.02, np.float16)
        shares[np.arange(count), predicted] = 0.6 + 0.2 * number
        told = Predictions(data.test.samples, data.test.labels, predicted, np.full(count, 1.0, np.float32), shares)
        run.apply(EpochEnded(epoch=number, step=number, train_loss=1, train_accuracy=0, test_loss=1,
                             test_accuracy=number, seconds=1, evaluation_seconds=1, predictions=told))  # fmt: skip
    run.apply(RunEnded(status="finished", epoch=1, step=1))
    return run


def said(window: Window) -> set[str]:
    return {part.text() for part in window.drawer.findChildren(QLabel) if part.isVisible() and part.text()}


def shown_sample(window: Window) -> str:
    return next(text for text in said(window) if text.endswith("of the test pictures"))


def test_the_same_picture_stays_when_another_epoch_takes_it_for_something_else(window: Window, data: ImageData) -> None:
    window.inspection.select(Selection().but(PredictedIs(2)))
    window.picture.show_row(2)
    before, sample = shown_sample(window), int(data.test.samples[2])
    assert "3 of 5" in said(window)
    window.inspection.show_epoch(0)  # nothing is taken for class 2 there
    assert window.pictures.count == 0
    assert shown_sample(window) == before
    assert f"Test picture {sample:,}" in said(window)
    assert "60 % sure · epoch 0" in said(window)
    window.inspection.show_epoch(None)
    assert shown_sample(window) == before
    assert "3 of 5" in said(window)


def test_the_next_picture_is_one_of_the_wall_again(window: Window) -> None:
    window.inspection.show_epoch(0)
    window.inspection.select(Selection().but(PredictedIs(1)))
    window.picture.show_row(2)
    window.inspection.show_epoch(1)  # the first five are taken for class 2 now
    assert window.pictures.count == 35
    following = window.drawer.findChild(QPushButton, "nextPicture")
    assert following is not None
    following.click()
    assert any(text.endswith("of 35") for text in said(window))


def test_a_test_picture_of_another_place_has_the_answers_that_are_known(window: Window, data: ImageData) -> None:
    window.picture.show_sample("test", int(data.test.samples[1]))
    assert "80 % sure" in said(window)


def test_what_another_network_said_is_not_shown(window: Window, data: ImageData) -> None:
    window.picture.show_sample("train", int(data.train.samples[3]))
    window.examiner.questions[-1](np.array([[0.9, *[0.1 / 9] * 9]], np.float32))
    assert any("90 % sure" in text for text in said(window))
    window.examiner.available = False  # the weights of that epoch were not kept
    window.inspection.show_epoch(0)
    window.examiner.changed.emit()
    window.picture.refresh()
    assert not any("sure" in text for text in said(window))


def test_a_run_of_numbers_closes_it(window: Window) -> None:
    window.picture.show_row(0)
    assert window.drawer.isVisible()
    window.inspection.show_run(Run(spec=dict(lesson("line").draft)))
    assert not window.drawer.isVisible()
