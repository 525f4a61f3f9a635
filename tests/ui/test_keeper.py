"""Going on with runs, through the window's own buttons."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QLabel, QMessageBox, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from fmstudio.experiment.draft import changed
from fmstudio.experiment.lessons import FIRST, lesson
from fmstudio.experiment.reading import read_spec
from fmstudio.runs.beginning import begin
from fmstudio.runs.store import RunFolder, load_run, run_folders
from fmstudio.session.session import State
from fmstudio.training.control import Control
from fmstudio.training.events import StepsTaken
from fmstudio.ui.application import make_window
from fmstudio.ui.main_window import MainWindow

SMALL = [("dataset.train_size", 600), ("dataset.test_size", 300), ("threads", 1)]


def opened(qtbot: QtBot, library: Path) -> MainWindow:
    made = make_window(library)
    qtbot.addWidget(made)
    made.resize(1440, 900)
    made.show()
    made.recipe.change(SMALL)
    qtbot.waitUntil(lambda: made.inspection.data is not None and made.session.ready, timeout=60_000)
    return made


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path) -> Iterator[MainWindow]:
    made = opened(qtbot, tmp_path / "runs")
    yield made
    assert made.session.finish(10_000)


def button(window: QWidget, name: str) -> QPushButton:
    found = window.findChild(QPushButton, name)
    assert isinstance(found, QPushButton)
    return found


def press_until_ended(qtbot: QtBot, window: MainWindow, name: str) -> None:
    with qtbot.waitSignal(window.session.run_ended, timeout=60_000):
        qtbot.mouseClick(button(window, name), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.session.state is State.IDLE, timeout=5_000)


def stop_in_the_middle(qtbot: QtBot, window: MainWindow) -> None:
    """Train, hold it after its first steps, and stop it there."""
    window.recipe.change([("epochs", 3), ("batch_size", 5)])
    qtbot.mouseClick(button(window, "trainButton"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.session.run.step > 0, timeout=30_000)
    press_until_ended(qtbot, window, "stopButton")


def test_a_stopped_run_is_continued_to_its_end(qtbot: QtBot, window: MainWindow) -> None:
    assert not button(window, "furtherButton").isVisible()
    stop_in_the_middle(qtbot, window)
    stopped = window.session.run.step
    assert 0 < stopped < 360
    assert button(window, "furtherButton").text() == "Continue this run"
    press_until_ended(qtbot, window, "furtherButton")
    run = window.session.run
    assert run.ended is not None
    assert (run.ended.status, run.step, run.epochs[-1].epoch) == ("finished", 360, 3)
    (folder,) = run_folders(window.session.library)
    straight = load_run(folder)
    assert straight.losses.values.tolist() == run.losses.values.tolist()


def test_a_finished_run_is_trained_as_many_epochs_more(qtbot: QtBot, window: MainWindow) -> None:
    press_until_ended(qtbot, window, "trainButton")
    first = window.session.run
    assert button(window, "furtherButton").text() == "2 more epochs"
    press_until_ended(qtbot, window, "furtherButton")
    second = window.session.run
    assert second.id != first.id
    assert second.spec["start_from"] == first.id
    assert second.epochs[0].test_loss == first.epochs[-1].test_loss


def cut_off(library: Path) -> RunFolder:
    """A run as a kill leaves it."""
    spec = read_spec(changed(lesson(FIRST).draft, [*SMALL, ("batch_size", 50), ("name", "<b>Cut</b>")]))
    events = begin(spec, Control(), library).events()
    for event in events:
        if isinstance(event, StepsTaken):
            break
    events.close()  # type: ignore[attr-defined]
    (folder,) = run_folders(library)
    return folder


def test_a_run_that_was_cut_off_is_offered_and_goes_on(qtbot: QtBot, tmp_path: Path) -> None:
    folder = cut_off(tmp_path / "runs")
    window = opened(qtbot, tmp_path / "runs")
    bar = window.shell.notices
    qtbot.waitUntil(bar.isVisible, timeout=10_000)
    text = bar.findChild(QLabel, "noticeText")
    assert text is not None
    assert text.text() == "“<b>Cut</b>” was cut off in epoch 1."
    assert text.textFormat() == Qt.TextFormat.PlainText
    press_until_ended(qtbot, window, "noticeButton")
    ended = load_run(folder).ended
    assert ended is not None
    assert ended.status == "finished"
    assert window.session.finish(10_000)


def test_what_is_not_as_it_was_is_said_and_asked(qtbot: QtBot, window: MainWindow) -> None:
    stop_in_the_middle(qtbot, window)
    (folder,) = run_folders(window.session.library)
    text = folder.environment.read_text(encoding="utf-8")
    folder.environment.write_text(text.replace('"numpy": "', '"numpy": "0'), encoding="utf-8")
    said: list[str] = []

    def refuse() -> None:
        box = QApplication.activeModalWidget()
        if not isinstance(box, QMessageBox):
            QTimer.singleShot(50, refuse)
            return
        said.append(box.informativeText())
        box.buttons()[-1].click()

    QTimer.singleShot(50, refuse)
    qtbot.mouseClick(button(window, "furtherButton"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(said), timeout=10_000)
    assert said[0].startswith("numpy was 0")
    assert window.session.state is State.IDLE
