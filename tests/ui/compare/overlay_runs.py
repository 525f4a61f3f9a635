"""Runs with curves, for the tests of what lays them over one another."""

from collections.abc import Callable, Sequence

import numpy as np

from fmstudio.experiment.draft import changed
from fmstudio.experiment.spec import ExperimentSpec, to_mapping
from fmstudio.runs.about import About
from fmstudio.runs.run import Run
from fmstudio.runs.summary import RunSummary
from fmstudio.training.events import EpochEnded, NumberPredictions, Predictions, RunEnded, RunStarted, StepsTaken

Changes = tuple[tuple[str, object], ...]
STEPS = 40
_ONE = np.zeros(1, np.int64)
_FLOAT = np.zeros(1, np.float32)
CLASSES = Predictions(_ONE, _ONE, _ONE, _FLOAT, np.full((1, 10), 0.1, np.float16))
NUMBERS = NumberPredictions(_ONE, _FLOAT, _FLOAT, _FLOAT)


def begin(
    number: int, *changes: tuple[str, object], epochs: int = 4, validation: int = 0, numbers: bool = False
) -> Run:
    """A run before its first step."""
    run = Run(spec=changed(to_mapping(ExperimentSpec()), [("name", "First look"), *changes]), id=name(number))
    run.apply(RunStarted(run=run.id, epochs=epochs, steps_per_epoch=STEPS, train_size=STEPS * 100, test_size=1000,
                         validation_size=validation))  # fmt: skip
    end_epoch(run, 0.1, numbers=numbers)
    return run


def name(number: int) -> str:
    """The id of a run."""
    return f"20250101-0000{number:02}-{number:04x}"


def end_epoch(run: Run, accuracy: float, *, numbers: bool = False) -> None:
    """The figures of the epoch that ends now."""
    epoch = run.step // STEPS
    held = bool(run.started and run.started.validation_size)
    run.apply(EpochEnded(
        epoch=epoch, step=run.step, train_loss=3 - accuracy if epoch else np.nan,
        train_accuracy=accuracy if epoch and not numbers else np.nan,
        test_loss=2.0 - accuracy, test_accuracy=np.nan if numbers else accuracy,
        validation_loss=0.5 if held else None, validation_accuracy=1 - accuracy if held else None,
        test_mae=1 - accuracy if numbers else None, test_r2=accuracy if numbers else None,
        seconds=2.0 if epoch else 0.0, evaluation_seconds=0.5, predictions=NUMBERS if numbers else CLASSES,
    ))  # fmt: skip


def train(run: Run, losses: Sequence[float], accuracy: float | None = None, *, numbers: bool = False) -> Run:
    """Some steps, and the end of an epoch where an accuracy is given."""
    values, step = np.array(losses, np.float32), run.step + len(losses)
    rates = np.full(len(values), 0.01, np.float32)
    run.apply(StepsTaken(step=step, epoch=-(-step // STEPS), losses=values, rates=rates, seconds=2 * step / STEPS))
    if accuracy is not None:
        end_epoch(run, accuracy, numbers=numbers)
    return run


def whole(number: int, *changes: tuple[str, object], top: float = 0.8, epochs: int = 4, **more: bool) -> Run:
    """A run that went to its end, better from epoch to epoch but for the last."""
    run = begin(number, *changes, epochs=epochs, validation=100 if more.pop("validation", False) else 0, **more)
    for epoch in range(1, epochs + 1):
        losses = np.linspace(2 / epoch, 2 / (epoch + 1), STEPS)
        accuracy = top - 0.3 / epoch if epoch < epochs else top - 0.12
        train(run, losses.tolist(), accuracy, numbers=bool(more.get("numbers")))
    run.apply(RunEnded(status="finished", epoch=epochs, step=run.step))
    return run


def summary(run: Run, *, state: str = "finished", about: About | None = None, folder: str = "") -> RunSummary:
    """Its row in the table."""
    newest = run.epochs[-1]
    figures = {key: float(value) for key in ("test_accuracy", "test_loss", "test_r2", "test_mae")
               if (value := getattr(newest, key)) is not None and np.isfinite(value)}  # fmt: skip
    epochs = run.started.epochs if run.started else 0
    created = 1_735_689_600.0 + int(run.id[-4:], 16)
    return RunSummary(id=run.id, folder=folder, spec=run.spec, about=about or About(), state=state, created=created,  # type: ignore[arg-type]
                      epochs=newest.epoch, planned=epochs, step=run.step, best=figures, last=figures)  # fmt: skip


class Curves:
    """Gives curves at once, or when asked to while ``slow``."""

    def __init__(self, *runs: Run) -> None:
        self.runs = {run.id: run for run in runs}
        self.asked: list[tuple[str, ...]] = []
        self.slow = False
        self.waiting: list[Callable[[], object]] = []

    def load_curves(self, run_ids: Sequence[str], then: Callable[[list[Run]], object]) -> None:
        """As the list of runs does."""
        self.asked.append(tuple(run_ids))
        found = [self.runs[one] for one in run_ids if one in self.runs]
        self.waiting.append(lambda: then(found))
        if not self.slow:
            self.deliver()

    def deliver(self) -> None:
        """Give what waits."""
        waiting, self.waiting = self.waiting, []
        for one in waiting:
            one()
