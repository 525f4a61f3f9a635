"""The window's figures: how soon it is there, how soon something moves, and whether it ever freezes.

Run it through ``python -m tests.benchmarks``. Nothing is asserted; everything is printed.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PySide6.QtCore import QElapsedTimer, QEventLoop, QPoint, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractItemView,
    QAbstractSpinBox,
    QCheckBox,
    QComboBox,
    QLineEdit,
    QPushButton,
    QScrollBar,
    QWidget,
)

from fmstudio.experiment.draft import changed
from fmstudio.experiment.lessons import lesson
from fmstudio.session.selection import PredictedIs, Selection, TrueIs
from fmstudio.session.session import State
from fmstudio.ui.application import make_application, make_window, prefer
from fmstudio.ui.main_window import MainWindow

START = """
import sys, time
from PySide6.QtCore import QEvent, QObject
from fmstudio.ui.application import make_window
from PySide6.QtWidgets import QApplication
class Painted(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint and watched is window.shell:
            print(time.time() - BEGAN, "torch" in sys.modules, flush=True)
            import os; os._exit(0)
        return False
window = make_window(whole=False)
filter_ = Painted()
window.shell.installEventFilter(filter_)
window.show()
QApplication.instance().exec()
"""


def median(values: list[float]) -> float:
    """The middle value."""
    return float(np.median(values))


def start_up(repeats: int = 5) -> None:
    """Seconds from the start of the process to the first paint of the window."""
    taken = []
    for _ in range(repeats + 1):
        code = START.replace("BEGAN", repr(time.time()))
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
        seconds, torch = done.stdout.split()
        taken.append(float(seconds))
    print(f"window painted after process start: median {median(taken[1:]):.2f} s, torch loaded: {torch}  (≤ 1.0 s)")


class Live:
    """A window that is driven as a person would, with a library of its own."""

    def __init__(self, size: tuple[int, int] = (1440, 900)) -> None:
        self.folder = tempfile.TemporaryDirectory()
        os.environ["FMSTUDIO_HOME"] = self.folder.name
        make_application()
        prefer("en", "light")
        self.window: MainWindow = make_window(Path(self.folder.name) / "runs")
        self.window.resize(*size)
        self.window.show()

    def until(self, done: Callable[[], bool]) -> float:
        """Live until something is so; the seconds that it took."""
        began = time.perf_counter()
        while not done():
            loop = QEventLoop()
            QTimer.singleShot(2, loop.quit)
            loop.exec()
        return time.perf_counter() - began

    def ready(self) -> None:
        """Wait for the data and for torch."""
        self.until(lambda: self.window.inspection.data is not None and self.window.session.ready)
        self.until(lambda: not self.window.session._tasks)

    def press_train(self) -> None:
        """Click on Train."""
        QTest.mouseClick(self.window.findChild(QPushButton, "trainButton"), Qt.MouseButton.LeftButton)

    def close(self) -> None:
        """End everything."""
        self.window.session.finish(5000)
        self.window.close()
        self.folder.cleanup()


def first_sight() -> None:
    """What the recipe shows at 1280 × 720 at the first start."""
    live = Live((1280, 720))
    live.ready()
    panel = live.window.shell.recipe_panel
    kinds = (QComboBox, QLineEdit, QCheckBox, QAbstractSpinBox)
    inputs = [w for kind in kinds for w in panel.findChildren(kind) if w.isVisible() and not _inside(w, kinds)]
    bars = [bar for bar in panel.findChildren(QScrollBar) if bar.isVisible()]
    filled = [b for b in live.window.findChildren(QPushButton) if b.isVisible() and b.property("role") == "primary"]
    print(f"first start at 1280 × 720: {len(inputs)} input widgets (≤ 10), {len(bars)} scroll bars (0), "
          f"{len(filled)} filled button (1)")  # fmt: skip
    live.close()


def _inside(widget: QWidget, kinds: tuple[type, ...]) -> bool:
    return isinstance(widget.parentWidget(), kinds)


def reaction(repeats: int = 5) -> None:
    """Seconds from the click on Train to the first answers on the wall, and to the first quick check."""
    live = Live()
    live.ready()
    moved, checked = [], []
    for _ in range(repeats):
        began = time.perf_counter()
        live.press_train()
        live.until(lambda: bool(live.window.session.run.epochs))
        moved.append(time.perf_counter() - began)
        live.until(lambda: bool(live.window.session.run.checks))
        checked.append(time.perf_counter() - began)
        live.window.session.stop()
        live.until(lambda: live.window.session.state is State.IDLE)
    print(f"Train pressed → the wall has answers: median {median(moved):.2f} s (≤ 0.5 s); "
          f"→ first quick check: median {median(checked):.2f} s (≤ 2 s)")  # fmt: skip
    live.close()


def lateness() -> None:
    """How late a 10 ms timer of the window is while training on all cores."""
    live = Live()
    live.ready()
    live.until(lambda: not live.window.session._tasks)
    clock, late = QElapsedTimer(), []
    timer = QTimer(live.window, interval=10)
    timer.setTimerType(Qt.TimerType.PreciseTimer)

    def tick() -> None:
        late.append(max(0.0, clock.nsecsElapsed() / 1e6 - 10))
        clock.restart()

    timer.timeout.connect(tick)
    live.press_train()
    clock.start()
    timer.start()
    live.until(lambda: live.window.session.state is State.IDLE)
    timer.stop()
    print(f"lateness of a 10 ms timer while training, {len(late)} ticks: p50 {np.percentile(late, 50):.1f} ms, "
          f"p99 {np.percentile(late, 99):.1f} ms (≤ 30), max {max(late):.1f} ms (≤ 100)")  # fmt: skip
    matrix(live)
    live.close()


def matrix(live: Live) -> None:
    """Milliseconds from the click on a cell of the matrix to the painted wall, over 10,000 pictures."""
    view = live.window.findChild(QAbstractItemView, "confusionView")
    wall = live.window.findChild(QAbstractItemView, "predictionsView")
    live.window.select(Selection())
    taken = []
    for row in range(10):
        for column in range(10):
            where: QPoint = view.visualRect(view.model().index(row, column)).center()
            began = time.perf_counter()
            QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, where)
            wall.viewport().repaint()
            taken.append(1000 * (time.perf_counter() - began))
            live.window.select(Selection().but(TrueIs(9 - row), PredictedIs(9 - column)))
    print(f"click on a cell → pictures painted: median {median(taken):.1f} ms, p99 {np.percentile(taken, 99):.1f} ms "
          f"(≤ 100)")  # fmt: skip


def epoch_with_window() -> float:
    """Seconds from before the first step to the end of one epoch of the ``cnn`` lesson, plotting, all looks included.

    The evaluation after it is left out, as the plain script has none.
    """
    live = Live()
    live.window.recipe.take_draft(changed(lesson("cnn").draft, [("epochs", 1)]))
    live.ready()
    live.press_train()
    live.until(lambda: bool(live.window.session.run.epochs))
    loop, began = QEventLoop(), time.perf_counter()
    live.window.session.run_ended.connect(loop.quit)
    loop.exec()
    whole = time.perf_counter() - began
    ended = live.window.session.run.epochs[-1]
    live.close()
    return whole - ended.evaluation_seconds


def main() -> None:
    """Print all of them, or only the seconds of one epoch: ``window.py epoch``."""
    if sys.argv[1:] == ["epoch"]:
        print(epoch_with_window())
        return
    start_up()
    first_sight()
    reaction()
    lateness()


if __name__ == "__main__":
    main()
