"""How long will it take: a row for each device, what it means, and what would pay."""

from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QProgressBar, QPushButton
from pytestqt.qtbot import QtBot

from fmstudio.errors import UserError
from fmstudio.experiment.lessons import lesson
from fmstudio.session.finder_task import PREFLIGHT, FinderTask
from fmstudio.training.outlook import BatchSpeed, DeviceOutlook, Preflight, PreflightStep
from fmstudio.ui.before.preflight_page import PreflightPage
from fmstudio.ui.before.speed_bars import SpeedBars

SPEC = lesson("first-look").spec
SPEEDS = (BatchSpeed(64, 1000.0), BatchSpeed(128, 2000.0), BatchSpeed(256, 3000.0))
CPU = DeviceOutlook("cpu", "CPU", batches=20, step_seconds=0.1, evaluation_seconds=1, epoch_seconds=47, run_seconds=95,
                    bytes=400 * 2**20, free_bytes=2**34, largest=60_000, bound="samples", speeds=SPEEDS)  # fmt: skip
GPU = replace(CPU, device="cuda:0", title="A GPU", run_seconds=9, epoch_seconds=4.5, measured=True, largest=4096,
              bound="memory")  # fmt: skip
FOUND = Preflight(batch=128, epochs=2, samples=60_000, chosen="cpu", devices=(CPU,), disk_bytes=2**21, complete=True)


@pytest.fixture
def page(qtbot: QtBot, answers: Any) -> PreflightPage:
    made = PreflightPage(FinderTask(answers, PREFLIGHT))
    qtbot.addWidget(made)
    made.resize(408, 700)
    made.show_spec(SPEC)
    made.show()
    return made


def text(page: PreflightPage, name: str) -> str:
    QApplication.sendPostedEvents()
    found = page.findChild(QLabel, name)
    assert found is not None, name
    return found.text() if found.isVisible() else ""


def row(page: PreflightPage, device: str) -> list[str]:
    return [text(page, f"device.{device}.{column}") for column in range(5)]


def buttons(page: PreflightPage) -> dict[str, str]:
    QApplication.sendPostedEvents()
    return {one.objectName(): one.text() for one in page.findChildren(QPushButton) if one.isVisible()}


def press(page: PreflightPage, qtbot: QtBot, name: str) -> None:
    found = page.findChild(QPushButton, name)
    assert found is not None
    qtbot.mouseClick(found, Qt.MouseButton.LeftButton)


def test_before_it_says_what_it_does(page: PreflightPage) -> None:
    assert "20 batches on every device" in text(page, "preflightSentence")
    assert buttons(page) == {"preflightAgain": "Measure"}


def test_while_it_goes_on_the_row_fills(page: PreflightPage) -> None:
    page.begin()
    assert set(buttons(page)) == {"preflightCancel"}
    bar = page.findChild(QProgressBar)
    assert bar is not None
    so_far = replace(FOUND, devices=(replace(CPU, largest=0, speeds=SPEEDS[:1]),), complete=False)
    page._task.progressed.emit(PreflightStep(0.25, "CPU", 128, replace(so_far, devices=())))
    assert bar.isVisible()
    assert bar.value() == 250
    page._task.progressed.emit(PreflightStep(0.5, "CPU", 256, so_far))
    assert text(page, "preflightState") == "CPU: batches of 256"
    assert row(page, "cpu") == ["CPU", "47 s", "1 min 35 s", "about 400 MB", "…"]


def test_one_device_has_one_line_and_it_says_that_there_is_no_gpu(
    page: PreflightPage, qtbot: QtBot, answers: Any
) -> None:
    page.begin()
    answers.then(FOUND)
    assert row(page, "cpu") == ["CPU", "47 s", "1 min 35 s", "about 400 MB", "all 60,000"]
    assert text(page, "preflightSentence") == "The whole run takes about 1 min 35 s on the CPU."
    assert "There is no GPU here" in text(page, "preflightMore")
    assert "The memory is an estimate." in text(page, "preflightState")
    assert buttons(page) == {"preflightAgain": "Again", "offer.batch_size": "Use batch 256"}
    with qtbot.waitSignal(page.changes_asked) as asked:
        press(page, qtbot, "offer.batch_size")
    assert asked.args == [(("batch_size", 256),)]


def test_a_faster_gpu_has_its_button(page: PreflightPage, qtbot: QtBot, answers: Any) -> None:
    page.begin()
    answers.then(replace(FOUND, devices=(CPU, GPU)))
    assert row(page, "cuda:0")[4] == "4,096"
    with qtbot.waitSignal(page.changes_asked) as asked:
        press(page, qtbot, "offer.device")
    assert asked.args == [(("device", "cuda:0"),)]


def test_the_bars_are_those_of_the_device_that_is_used(page: PreflightPage, answers: Any) -> None:
    page.begin()
    answers.then(replace(FOUND, devices=(CPU, replace(GPU, speeds=(BatchSpeed(128, 90_000.0),))), chosen="cuda:0"))
    bars = page.findChild(SpeedBars)
    assert bars is not None
    assert bars.isVisible()
    assert bars.accessibleDescription() == "128: 90,000/s"


def test_a_device_that_cannot_has_dashes_and_a_sentence(page: PreflightPage, answers: Any) -> None:
    page.begin()
    lacking = DeviceOutlook("cuda:0", "A GPU", trouble="The device has not enough memory for this run.")
    answers.then(replace(FOUND, devices=(CPU, lacking)))
    assert row(page, "cuda:0") == ["A GPU", "–", "–", "–", "–"]
    assert "A GPU: The device has not enough memory" in text(page, "preflightMore")


def test_giving_up_leaves_what_was_measured(page: PreflightPage, qtbot: QtBot) -> None:
    page.begin()
    page._task.progressed.emit(PreflightStep(0.5, "CPU", 256, replace(FOUND, complete=False)))
    press(page, qtbot, "preflightCancel")
    assert text(page, "preflightSentence") == "It was given up."
    assert row(page, "cpu")[1] == "47 s"
    assert "preflightAgain" in buttons(page)


def test_beside_a_run_and_after_a_failure_it_says_so(page: PreflightPage, answers: Any) -> None:
    answers.open = False
    page.begin()
    assert "while nothing trains" in text(page, "preflightSentence")
    answers.open = True
    page.begin()
    answers.otherwise(UserError("No.", "Yes."))
    assert text(page, "preflightSentence") == "No. Yes."


def test_a_changed_recipe_is_said_and_its_offers_are_gone(page: PreflightPage, answers: Any) -> None:
    page.begin()
    answers.then(FOUND)
    page.show_spec(SPEC.model_copy(update={"batch_size": 256}))
    assert "has been changed" in text(page, "preflightState")
    assert buttons(page) == {"preflightAgain": "Again"}
    page.show_spec(None)
    assert "Mend the recipe" in text(page, "preflightSentence")
