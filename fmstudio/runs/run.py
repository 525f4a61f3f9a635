"""A run as a fold over its events: whatever shows a run, live or later, reads this."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fmstudio.training.events import (
    Answers,
    CheckpointSaved,
    EpochEnded,
    Event,
    NumberPredictions,
    ParametersMoved,
    PicturesWatched,
    QuickChecked,
    RunEnded,
    RunResumed,
    RunStarted,
    SavingFailed,
    StepShown,
    StepsTaken,
)
from fmstudio.words import tr


class Series:
    """Numbers that only grow, kept in one array that doubles."""

    def __init__(self) -> None:
        self._values: NDArray[np.float32] = np.empty(1024, np.float32)
        self._length = 0

    def extend(self, values: NDArray[np.float32]) -> None:
        """Append some numbers, shape (n,)."""
        needed = self._length + len(values)
        if needed > len(self._values):
            grown = np.empty(max(needed, 2 * len(self._values)), np.float32)
            grown[: self._length] = self._values[: self._length]
            self._values = grown
        self._values[self._length : needed] = values
        self._length = needed

    def truncate(self, length: int) -> None:
        """Forget all but the first numbers."""
        self._length = min(self._length, max(0, length))

    @property
    def values(self) -> NDArray[np.float32]:
        """All numbers, shape (n,): a read-only view."""
        view = self._values[: self._length]
        view.flags.writeable = False
        return view

    def __len__(self) -> int:
        return self._length


@dataclass(eq=False)
class Run:
    """What is known of a run so far.

    Attributes:
        id: The name of its folder; empty until it is recorded.
        spec: The experiment as JSON values.
        started: The first event, None before it.
        losses: Loss of every step; ``rates`` the learning rate of every step.
        epochs: The figures of each epoch that ended, epoch 0 first.
        checks: The quick checks, in order.
        watched: The watched samples' newest answers.
        shown: The newest step that was taken alone, with its numbers.
        path: Where the weights of a linear network went, in order.
        seconds: Training time so far.
        ended: The last event, None while it goes on.
        trouble: Why it cannot be saved at the moment; None where all is well.
        saved_step: The step up to which the weights are on the disk; -1 where none are.
        given_name: What the user calls it; empty: as its experiment.
        folder: Where it was read from; empty of a run that goes on: its id names its folder in the library.
        version: Grows with every event: a view need not redraw while it stands still.
    """

    spec: Mapping[str, Any] = field(default_factory=dict)
    id: str = ""
    started: RunStarted | None = None
    losses: Series = field(default_factory=Series)
    rates: Series = field(default_factory=Series)
    epochs: list[EpochEnded] = field(default_factory=list)
    checks: list[QuickChecked] = field(default_factory=list)
    watched: PicturesWatched | None = None
    shown: StepShown | None = None
    path: list[ParametersMoved] = field(default_factory=list)
    seconds: float = 0.0
    ended: RunEnded | None = None
    saved_step: int = -1
    trouble: SavingFailed | None = None
    given_name: str = ""
    folder: str = ""
    version: int = 0

    @property
    def name(self) -> str:
        """The name of the experiment."""
        return str(self.spec.get("name", ""))

    @property
    def title(self) -> str:
        """What it is called on the screen: as the user calls it, else as its experiment, else by its id."""
        return self.given_name or (tr(self.name) if self.name else self.id)

    @property
    def step(self) -> int:
        """Steps taken so far."""
        return len(self.losses)

    @property
    def steps_per_epoch(self) -> int:
        """Steps in a whole epoch; 1 before the run has started."""
        return max(1, self.started.steps_per_epoch) if self.started else 1

    @property
    def total_steps(self) -> int:
        """Steps in the whole run; 1 before the run has started."""
        return max(1, self.started.epochs * self.steps_per_epoch) if self.started else 1

    @property
    def progress(self) -> float:
        """Share of the steps that are done, 0…1."""
        return min(1.0, self.step / self.total_steps)

    @property
    def current_epoch(self) -> int:
        """The epoch that is running or ran last, from 1; 0 before the first step."""
        if not self.started or not self.step:
            return 0
        return min(self.started.epochs, (self.step - 1) // self.steps_per_epoch + 1)

    @property
    def answers(self) -> Answers | None:
        """The newest predictions that a figure can be counted over: of a quick check or of a whole epoch."""
        newest = self.epochs[-1] if self.epochs else None
        if self.checks and (newest is None or self.checks[-1].step > newest.step):
            return self.checks[-1].predictions
        return newest.predictions if newest else None

    @property
    def learns_numbers(self) -> bool:
        """Whether it predicts numbers, not classes."""
        return any(isinstance(epoch.predictions, NumberPredictions) for epoch in self.epochs[:1])

    @property
    def best_epoch(self) -> EpochEnded | None:
        """The trained epoch that did best on the samples held back; the last one where there are none."""
        trained = [epoch for epoch in self.epochs if epoch.epoch > 0]
        if not trained:
            return None
        if trained[-1].figure is None:
            return trained[-1]
        return max(trained, key=lambda epoch: -math.inf if epoch.figure is None else epoch.figure)

    @property
    def kept_epoch(self) -> EpochEnded | None:
        """The epoch whose network was kept; None while the run goes on, and after a failure."""
        return self.best_epoch if self.ended and self.ended.status != "failed" else None

    @property
    def kept_earlier(self) -> bool:
        """Whether the network that was kept is that of an earlier epoch than the last one."""
        kept = self.kept_epoch
        return kept is not None and kept is not self.epochs[-1]

    @property
    def parameters(self) -> NDArray[np.float32]:
        """The newest weights of a linear network that learns numbers, shape (parameters,); empty of another one."""
        return self.path[-1].values[-1] if self.path else np.empty(0, np.float32)

    def apply(self, event: Event) -> None:
        """Take one event in."""
        self.version += 1
        handler = _HANDLERS.get(type(event))
        if handler is not None:
            handler(self, event)

    def _start(self, event: RunStarted) -> None:
        """Nothing that was told before counts: a run that was cut off before its first checkpoint begins anew."""
        self.losses.truncate(0)
        self.rates.truncate(0)
        for told in (self.epochs, self.checks, self.path):
            told.clear()
        self.watched, self.shown, self.ended = None, None, None
        self.seconds, self.saved_step = 0.0, -1
        self.started = event
        self.id = event.run or self.id

    def _step(self, event: StepsTaken) -> None:
        self.losses.extend(event.losses)
        self.rates.extend(event.rates)
        self.seconds = event.seconds

    def _watch(self, event: PicturesWatched) -> None:
        self.watched = event

    def _show(self, event: StepShown) -> None:
        self.shown = event

    def _move(self, event: ParametersMoved) -> None:
        self.path.append(event)

    def _check(self, event: QuickChecked) -> None:
        self.checks.append(event)

    def _end_epoch(self, event: EpochEnded) -> None:
        self.epochs.append(event)

    def _save(self, event: CheckpointSaved) -> None:
        self.saved_step, self.trouble = event.step, None

    def _fail_saving(self, event: SavingFailed) -> None:
        self.trouble = event

    def _resume(self, event: RunResumed) -> None:
        self.losses.truncate(event.step)
        self.rates.truncate(event.step)
        judged = event.judged if event.judged >= 0 else event.step
        self.epochs = [epoch for epoch in self.epochs if epoch.complete and epoch.step <= judged]
        self.checks = [check for check in self.checks if check.step <= event.step]
        self.path = [move for move in self.path if move.steps[-1] <= event.step]
        self.ended = None

    def _end(self, event: RunEnded) -> None:
        self.ended = event


_HANDLERS: Mapping[type[Any], Callable[[Run, Any], None]] = {
    RunStarted: Run._start,
    StepsTaken: Run._step,
    PicturesWatched: Run._watch,
    ParametersMoved: Run._move,
    StepShown: Run._show,
    QuickChecked: Run._check,
    EpochEnded: Run._end_epoch,
    CheckpointSaved: Run._save,
    SavingFailed: Run._fail_saving,
    RunResumed: Run._resume,
    RunEnded: Run._end,
}
