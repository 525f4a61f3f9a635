"""Figures of looking: click → all views, at 10,000 and 60,000 pictures; scrolling; memory of epochs; cost to training.

Run it through ``python -m tests.benchmarks``. Nothing is asserted; everything is printed.
"""

import time
import tracemalloc
from collections.abc import Callable
from functools import partial
from typing import cast

import numpy as np
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QAbstractItemView, QWidget

from fmstudio.experiment.draft import changed
from fmstudio.insight.confusion import confusion_matrix
from fmstudio.runs.recorder import predictions_bytes
from fmstudio.session.selection import ConfidenceIn, IsRight, PredictedIs, Selection, TrueIs
from fmstudio.session.session import State
from fmstudio.training.events import Predictions
from tests.benchmarks.window import Live, median

TABS = ("matrix", "classes", "sure", "map")


def _painted(live: Live, act: Callable[[], object]) -> float:
    """Milliseconds until everything that an action changes is painted."""
    began = time.perf_counter()
    act()
    live.window.repaint()
    loop = QEventLoop()
    QTimer.singleShot(0, loop.quit)
    loop.exec()
    return 1000 * (time.perf_counter() - began)


def _trained(live: Live) -> None:
    live.ready()
    live.press_train()
    live.until(lambda: live.window.session.state is State.IDLE)


def clicks(repeats: int = 7) -> None:
    """Click → every view updated, with each of the four tabs open."""
    live = Live()
    _trained(live)
    window = live.window
    for split in ("test", "train"):
        window.inspection.show_split(split)
        live.until(lambda: window.inspection.counted is not None)
        count = len(cast(Predictions, window.inspection.counted))
        goal = 100 if count <= 10_000 else 300
        for tab in TABS:
            window.shell.results_page.matrix.choose(tab)
            live.until(lambda: not window.session._tasks)
            taken = []
            for number in range(repeats):
                base = Selection(split=split)  # type: ignore[arg-type]
                selections = (
                    base.at(TrueIs(number % 10), PredictedIs((number + 1) % 10)),
                    base.at(ConfidenceIn(0.5, 0.9)),
                    base.at(IsRight(False)).counted_alone(),
                    base,
                )
                taken += [_painted(live, partial(window.select, wanted)) for wanted in selections]
            print(f"{count:,} pictures, tab {tab}: click → all views painted: median {median(taken):.0f}, "
                  f"most {max(taken):.0f} ms  (≤ {goal} ms)")  # fmt: skip
    matrix = window.inspection.counted
    if matrix is not None:
        began = time.perf_counter()
        confusion_matrix(matrix.labels, matrix.predicted, 10)
        print(f"   of that counting the matrix alone: {1000 * (time.perf_counter() - began):.1f} ms")
    live.close()


def scrolling() -> None:
    """The wall of 60,000 training pictures, scrolled by half a row at a time."""
    live = Live()
    _trained(live)
    window = live.window
    window.inspection.show_split("train")
    live.until(lambda: window.inspection.counted is not None)
    view = window.findChild(QAbstractItemView, "predictionsView")
    bar = view.verticalScrollBar()
    frames = []
    for step in range(200):
        began = time.perf_counter()
        bar.setValue((step * 37) * bar.maximum() // 20_000)
        cast(QWidget, view.viewport()).repaint()
        frames.append(1000 * (time.perf_counter() - began))
    print(f"scrolling 60,000 pictures: median {median(frames):.1f}, most {max(frames):.1f} ms a frame  (≤ 33 ms)")
    live.close()


def memory(epochs: int = 50, count: int = 10_000, classes: int = 10) -> None:
    """What the predictions of many epochs take in memory, and on the disk."""
    generator = np.random.default_rng(0)
    labels, samples = generator.integers(0, classes, count), np.arange(count)
    tracemalloc.start()
    kept, size = [], 0
    for _ in range(epochs):
        probabilities = generator.dirichlet(np.ones(classes), count).astype(np.float16)
        predicted = probabilities.argmax(1)
        kept.append(Predictions(samples, labels, predicted, np.ones(count, np.float32), probabilities))
        size += len(predictions_bytes(kept[-1]))
    current, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    print(f"predictions of {epochs} epochs, {count:,} × {classes}: {current / 1e6:.0f} MB in memory (≤ 50 MB), "
          f"{size / epochs / 1e6:.2f} MB an epoch on the disk")  # fmt: skip


def cost_to_training(repeats: int = 3) -> None:
    """How much longer training takes while every view is opened in turn, beside a window that is left alone."""
    left, looked = [], []
    for _ in range(repeats):
        left.append(_epoch(look=False))
        looked.append(_epoch(look=True))
    ratio = median(looked) / median(left)
    print(f"training with every view opened in turn against left alone: {ratio:.2f} × the time  (≤ 1.15)")


def _epoch(*, look: bool) -> float:
    """Seconds of training of two epochs."""
    live = Live()
    live.ready()
    spec = changed(live.window.recipe.draft, [("epochs", 2)])
    live.window.recipe.take_draft(spec)
    live.press_train()
    matrix = live.window.shell.results_page.matrix
    session, turn = live.window.session, 0
    live.until(lambda: bool(session.run.checks))
    while session.state is not State.IDLE:
        if look:
            matrix.choose(TABS[turn % len(TABS)])
            live.window.select(Selection().at(TrueIs(turn % 10)))
            if turn % 4 == 0 and live.window.shell.results_page.pictures.count:
                live.window.contents.picture.show_row(0)
        turn += 1
        loop = QEventLoop()
        QTimer.singleShot(250, loop.quit)
        loop.exec()
    seconds = session.run.seconds
    live.close()
    return seconds


def main() -> None:
    """All of them."""
    memory()
    clicks()
    scrolling()
    cost_to_training()


if __name__ == "__main__":
    main()
