"""What is in the folders of runs as they lie in a library."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from fmstudio.runs.journal import NO_PREDICTIONS, to_line
from fmstudio.training.events import EpochEnded, Event, RunStarted, StepsTaken

STEPS = 4
"""In an epoch."""
MakeRun = Callable[..., Path]


def course(epochs: int, accuracies: Sequence[float]) -> list[Event]:
    """What happens in a run up to the last of some accuracies, of which the first is that of the untrained network."""
    events: list[Event] = [RunStarted(run="r", epochs=epochs, steps_per_epoch=STEPS, train_size=9, test_size=9)]
    for epoch, accuracy in enumerate(accuracies):
        if epoch:
            losses = np.full(STEPS, 1 / epoch, np.float32)
            events.append(StepsTaken(step=epoch * STEPS, epoch=epoch, losses=losses, rates=losses, seconds=2.0 * epoch))
        events.append(
            EpochEnded(epoch=epoch, step=epoch * STEPS, train_loss=1.0 if epoch else np.nan, train_accuracy=accuracy,
                       test_loss=0.5, test_accuracy=accuracy, seconds=2.0, evaluation_seconds=0.1,
                       predictions=NO_PREDICTIONS)
        )  # fmt: skip
    return events


def write_events(folder: Path, *events: Event) -> None:
    """Append to ``events.jsonl``."""
    with (folder / "events.jsonl").open("a", encoding="utf-8") as journal:
        journal.writelines(to_line(event) + "\n" for event in events)
