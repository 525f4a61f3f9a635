"""What holds for every test: no screen, a home of its own, English, and nothing left behind."""

import os
import shutil
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from bootstrapping import screen

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from PySide6.QtCore import QCoreApplication, QEvent, Qt, QThread
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import Shiboken

from fmstudio import words
from fmstudio.catalog.datasets import Linear
from fmstudio.insight.regression import LinearFit, answers_of, number_points
from fmstudio.runs.run import Run
from fmstudio.training.events import EpochEnded, ParametersMoved, RunEnded, RunStarted, StepsTaken

GRACE_SECONDS = 5.0
"""How long a thread that is ending by itself may take, such as the one that loads torch."""


@pytest.fixture(autouse=True)
def studio_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder under which everything is that the program writes in this test."""
    home = tmp_path / "fmstudio-home"
    monkeypatch.setenv("FMSTUDIO_HOME", str(home))
    return home


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The program speaks English at the start of every test, whatever the machine or the last test spoke."""
    monkeypatch.setenv("LANGUAGE", "en")
    words.set_language("en")
    yield
    words.set_language("en")


@pytest.fixture(autouse=True)
def nothing_left_behind() -> Iterator[None]:
    """Fail a test that leaves a thread running or a window open."""
    python_before, qt_before = set(sys._current_frames()), _running_qt_threads()
    yield
    left = [*threads_left(python_before, qt_before), *windows_left()]
    if left:
        pytest.fail(f"the test left behind: {', '.join(left)}", pytrace=False)


def threads_left(python_before: set[int], qt_before: list[QThread]) -> list[str]:
    """Threads that were not there before and do not end by themselves: Python's, and Qt's as long as they run."""
    deadline = time.monotonic() + GRACE_SECONDS
    while (left := [*_python_threads(python_before), *_qt_threads(qt_before)]) and time.monotonic() < deadline:
        time.sleep(0.01)
    return left


def _python_threads(before: set[int]) -> list[str]:
    names = {thread.ident: thread.name for thread in threading.enumerate()}
    frames = {thread: frame for thread, frame in sys._current_frames().items() if thread not in before}
    return [f"thread {names.get(thread, 'of Qt')} in {frame.f_code.co_qualname}" for thread, frame in frames.items()]


def _qt_threads(before: list[QThread]) -> list[str]:
    new = [thread for thread in _running_qt_threads() if thread not in before]
    return [f"{type(thread).__name__} {thread.objectName()}".strip() for thread in new]


def _running_qt_threads() -> list[QThread]:
    threads = [wrapper for wrapper in Shiboken.getAllValidWrappers() if isinstance(wrapper, QThread)]
    return [thread for thread in threads if thread.isRunning() and thread is not QThread.currentThread()]


def windows_left() -> list[str]:
    """Top-level windows still to be seen; they are closed, so that only this test fails for them."""
    if not isinstance(QCoreApplication.instance(), QApplication):
        return []
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    windows = [window for window in QApplication.topLevelWidgets() if window.isVisible() and not _is_tip(window)]
    for window in windows:
        window.hide()
        window.deleteLater()
    return [
        f"window {type(window).__name__} {window.objectName() or window.windowTitle()}".strip() for window in windows
    ]


def _is_tip(window: QWidget) -> bool:
    return bool(window.windowType() == Qt.WindowType.ToolTip)


@pytest.fixture(scope="session")
def xvfb() -> Iterator[str]:
    """The display of a real X server without a monitor, such as ``:7``; for tests marked ``x11``."""
    if shutil.which("Xvfb") is None:
        pytest.skip("there is no Xvfb here")
    with screen.virtual_screen() as display:
        yield display


@pytest.fixture
def x11_environment(xvfb: str, studio_home: Path) -> dict[str, str]:
    """The environment in which a test marked ``x11`` starts the program as a process of its own."""
    return screen.on_virtual_screen(os.environ, xvfb) | {"FMSTUDIO_HOME": str(studio_home)}


def trained(
    dataset: Linear, *, epochs: int = 5, lr: float = 0.1, loss: str = "mse", end: str = "finished", path: bool = True
) -> Run:
    """A run of whole-set steps of squared error, one an epoch."""
    points = number_points(dataset)
    count = len(dataset.w)
    spec = {"name": "Line", "dataset": {"kind": "linear", **dataset.model_dump()}, "loss": {"kind": loss},
            "optimizer": {"kind": "sgd", "lr": lr}, "epochs": epochs}  # fmt: skip
    run = Run(spec=spec, id="numbers")
    names = (*(f"w{number + 1}" for number in range(count)), "b")
    run.apply(RunStarted(epochs=epochs, steps_per_epoch=1, train_size=dataset.n, test_size=dataset.test_n,
                         parameters=names if path else ()))  # fmt: skip
    values = np.zeros(count + 1)
    for epoch in range(epochs + 1):
        if epoch:
            left = points.train_x @ values[:-1] + values[-1] - points.train_y
            values = values - lr * 2 * np.append(points.train_x.T @ left, left.sum()) / dataset.n
            losses, rates = np.array([(left**2).mean()], np.float32), np.array([lr], np.float32)
            run.apply(StepsTaken(step=epoch, epoch=epoch, losses=losses, rates=rates, seconds=0.1 * epoch))
        if path:
            run.apply(ParametersMoved(steps=np.array([epoch]), values=values[np.newaxis].astype(np.float32)))
        answers = answers_of(LinearFit(values[:-1], float(values[-1])), points)
        run.apply(
            EpochEnded(epoch=epoch, step=epoch, train_loss=1.0, train_accuracy=np.nan, test_accuracy=np.nan,
                       test_loss=float(answers.loss.mean()), test_mae=answers.mae, test_rmse=answers.rmse,
                       test_r2=answers.r2, seconds=0.1, evaluation_seconds=0.0, predictions=answers)
        )  # fmt: skip
    if end:
        run.apply(RunEnded(status=end, epoch=epochs, step=epochs))  # type: ignore[arg-type]
    return run


@pytest.fixture
def number_run() -> Callable[..., Run]:
    """Makes a run that learns numbers."""
    return trained
