"""The words at the foot of the window, and the score card's heading."""

import numpy as np
import pytest

from fmstudio.runs.run import Run
from fmstudio.session.session import State
from fmstudio.training.events import RunEnded, RunStarted, StepsTaken
from fmstudio.ui.captions import ended_text, progress


def run_of(*, steps: int = 50, epochs: int = 10, seconds: float = 2.0) -> Run:
    run = Run({"name": "A line", "dataset": {"kind": "linear"}})
    run.apply(RunStarted(epochs=epochs, steps_per_epoch=10, train_size=1000, test_size=10))
    figures = np.ones(steps, np.float32)
    run.apply(StepsTaken(step=steps, epoch=1, losses=figures, rates=figures, seconds=seconds))
    return run


def test_it_says_how_far_and_how_fast() -> None:
    text, share, behind, speed, _ = progress(run_of(), State.RUNNING)
    assert (text, share) == ("Epoch 5 of 10", 0.5)
    assert behind == "50 % · about 2 s left"
    assert speed == "CPU · 2,500 points/s"


@pytest.mark.parametrize(
    ("speed", "words"),
    [(5.0, "slowed to 5 steps a second"), (1.0, "slowed to 1 step a second"), (0.5, "slowed to 0.5 step a second")],
)
def test_slowed_down_it_says_so_and_neither_time_nor_speed(speed: float, words: str) -> None:
    _, _, behind, measured, _ = progress(run_of(), State.RUNNING, speed)
    assert behind == f"50 % · {words}"
    assert measured == ""


def test_how_fast_it_is_is_told_only_when_it_was_measured_long_enough() -> None:
    assert progress(run_of(seconds=0.2), State.RUNNING)[3] == ""
    assert progress(run_of(seconds=0.4), State.RUNNING)[3] != ""


@pytest.mark.parametrize(
    ("epochs", "text"),
    [(1, "Finished: 1 epoch done in 2 s"), (30_000, "Finished: all 30,000 epochs done in 2 s")],
)
def test_a_single_epoch_is_not_all_epochs(epochs: int, text: str) -> None:
    run = run_of(epochs=epochs)
    run.apply(RunEnded(status="finished", epoch=epochs, step=10))
    assert ended_text(run) == text
