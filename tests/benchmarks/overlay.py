"""Figures of curves over one another: the time of a frame with 50 runs of 10,000 steps each.

Run it through ``python -m tests.benchmarks``. Nothing is asserted; everything is printed.
"""

import os
import time
from collections.abc import Callable, Sequence

import numpy as np
from PySide6.QtWidgets import QApplication

from fmstudio.experiment.draft import changed
from fmstudio.experiment.spec import ExperimentSpec, to_mapping
from fmstudio.runs.run import Run
from fmstudio.runs.summary import RunSummary
from fmstudio.training.events import EpochEnded, Predictions, RunEnded, RunStarted, StepsTaken
from fmstudio.ui import theme
from fmstudio.ui.compare.overlay.panel import OverlayPanel

RUNS, EPOCHS, STEPS = 50, 20, 500
_NOBODY = np.zeros(1, np.int64)
_NOTHING = Predictions(_NOBODY, _NOBODY, _NOBODY, np.zeros(1, np.float32), np.full((1, 10), 0.1, np.float16))


def _run(number: int, *, seeds: bool) -> Run:
    """A run of noise around a falling line."""
    spec = changed(to_mapping(ExperimentSpec()), [("seed", number if seeds else 0), ("epochs", EPOCHS)])
    spec = changed(spec, [("optimizer.lr", 0.001 * (1 + (number // 5 if seeds else number)))])
    run, random = Run(spec=spec, id=f"20250101-000000-{number:04}"), np.random.default_rng(number)
    run.apply(RunStarted(epochs=EPOCHS, steps_per_epoch=STEPS, train_size=60_000, test_size=10_000))
    for epoch in range(1, EPOCHS + 1):
        steps = np.arange((epoch - 1) * STEPS, epoch * STEPS)
        losses = (2 * np.exp(-steps / 800) + 0.3) * np.exp(random.normal(0, 0.3, STEPS))
        rates = np.full(STEPS, 0.01, np.float32)
        run.apply(
            StepsTaken(step=epoch * STEPS, epoch=epoch, losses=losses.astype(np.float32), rates=rates, seconds=epoch)
        )
        run.apply(EpochEnded(epoch=epoch, step=epoch * STEPS, train_loss=0.4, train_accuracy=0.8, test_loss=0.5,
                             test_accuracy=0.9 - 0.5 / epoch + random.normal(0, 0.01), seconds=1.0,
                             evaluation_seconds=0.1, predictions=_NOTHING))  # fmt: skip
    run.apply(RunEnded(status="finished", epoch=EPOCHS, step=EPOCHS * STEPS))
    return run


class _Curves:
    """Gives the runs at once."""

    def __init__(self, runs: Sequence[Run]) -> None:
        self.runs = list(runs)

    def load_curves(self, _ids: Sequence[str], then: Callable[[list[Run]], object]) -> None:
        then(self.runs)


def _median(act: Callable[[], object], panel: OverlayPanel, repeats: int = 9) -> float:
    """Milliseconds of an action and of what is painted after it."""
    taken = []
    for _ in range(repeats):
        began = time.perf_counter()
        act()
        panel.repaint()
        QApplication.processEvents()
        taken.append(1000 * (time.perf_counter() - began))
    return float(np.median(taken))


def main() -> None:
    """Print all figures."""
    app = QApplication.instance() or QApplication([])
    theme.apply(app, "light")  # type: ignore[arg-type]
    for seeds in (False, True):
        runs = [_run(number, seeds=seeds) for number in range(RUNS)]
        summaries = [RunSummary(id=run.id, folder="", spec=run.spec, state="finished") for run in runs]
        panel = OverlayPanel(_Curves(runs))
        panel.resize(1072, 420)
        panel.show()
        app.processEvents()
        began = time.perf_counter()
        panel.show_runs(summaries)
        app.processEvents()
        words = "10 bands of 5" if seeds else f"{RUNS} curves of {EPOCHS * STEPS:,} steps"
        print(f"{words}: the first picture {1000 * (time.perf_counter() - began):.0f} ms")
        for figure, said in (("test_accuracy", "epochs"), ("loss", "each step, smoothed"), ("loss", "each step, raw")):
            panel.header.choose(figure)
            if said.endswith("raw"):
                panel.header.findChild(type(panel.header._slider), "overlaySmoothing").setValue(0)  # type: ignore[union-attr]
            app.processEvents()
            drawn = sum(len(curve.points[0]) for curve in panel.plot.curves.values())
            frame = _median(panel.plot.plot.viewport().update, panel)
            pan = _median(lambda panel=panel: panel.plot.pan(0, 0), panel)  # type: ignore[misc]
            print(f"   {said}: {drawn:,} points; painting {frame:.0f} ms, panning {pan:.0f} ms a frame")
            panel.plot.show_everything()
        panel.close()


if __name__ == "__main__":
    if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    main()
