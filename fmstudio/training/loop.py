"""The training loop: a generator of events that knows neither Qt nor files nor plots."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import torch
from torch import Tensor

from fmstudio.errors import UserError
from fmstudio.experiment.spec import ExperimentSpec
from fmstudio.training.batches import Batches, Material, Samples, prepare
from fmstudio.training.checkpoints import is_finite, snapshot
from fmstudio.training.control import Control
from fmstudio.training.devices import resolve_device, resolve_threads
from fmstudio.training.evaluation import Question, accuracy_of, mean_loss
from fmstudio.training.events import (
    Answers,
    EpochEnded,
    Event,
    Halted,
    NumberPredictions,
    ParametersMoved,
    RunEnded,
    RunResumed,
    RunStarted,
)
from fmstudio.training.failure import NotFiniteError, diverged, out_of_memory
from fmstudio.training.learner import Learner, StepStoppedError
from fmstudio.training.looking import Looking
from fmstudio.training.pace import Stopwatch
from fmstudio.training.slow_motion import Path, SlowMotion
from fmstudio.training.state import packed, random_state, set_random_state, unpacked
from fmstudio.training.step import count_right
from fmstudio.training.tally import Tally
from fmstudio.words import tr, tr_n

READ_BACK_SECONDS = 0.05
"""How long losses stay on the device before they are read."""
QUICK_SECONDS = 1.0
"""Figures that take longer are left out where the program is about to leave."""
_COUNTED = ("step", "epoch", "told", "evaluation_seconds", "judged", "best", "best_epoch", "stale")
"""What the training counts itself, and keeps for going on."""


class Training:
    """One run of a spec, in the thread that pulls ``events``.

    Args:
        spec: What to do.
        control: Pause, continue, one step and stop.
        state: What ``state`` gave of a run that is to go on: from there it takes every step as if it had never stopped.
        start: The weights that it begins with; None where they are drawn.

    Raises:
        InvalidSpecError: Where the spec names a device that does not exist.
        UserError: Where the state cannot be read.
    """

    def __init__(
        self,
        spec: ExperimentSpec,
        control: Control,
        *,
        state: bytes | None = None,
        start: Mapping[str, Tensor] | None = None,
    ) -> None:
        self.spec = spec
        self.device = resolve_device(spec)
        self._resumed = unpacked(state) if state is not None else None
        self.threads = self._resumed["threads"] if self._resumed else resolve_threads(spec.threads)
        self.control = control
        self.start = start
        self._watch = Stopwatch()
        self._tally = Tally(summed=spec.loss.summed)
        self._step = 0
        self._epoch = 0
        self._told = 0.0
        self._evaluation_seconds = 0.0
        self._judged = -1
        self._best = -math.inf
        self._best_epoch = 0
        self._stale = 0

    def events(self) -> Iterator[Event]:
        """Train; which events come in which order is said in ``events.py``."""
        torch.set_num_threads(self.threads)
        try:
            started = self._prepare()
            if self._resumed is None:
                yield started
                yield self._evaluated(0)
            else:
                self._restore(self._resumed)
                yield RunResumed(step=self._step, judged=self._judged)
            yield from self._moved()
            yield from self._epochs()
        except NotFiniteError as error:
            yield diverged(self.spec, self._epoch, error.step)
        except (torch.OutOfMemoryError, MemoryError):
            yield out_of_memory(self.spec, self._epoch, self._step)
        except RuntimeError as error:
            if "can't allocate memory" not in str(error):  # what torch says of the CPU's memory
                raise
            yield out_of_memory(self.spec, self._epoch, self._step)

    def weights(self) -> dict[str, Tensor]:
        """A copy of the newest weights that are known to be finite; to be called only between two events."""
        return dict(self._finite)

    def newest_weights(self) -> dict[str, Tensor]:
        """A copy of the weights as they are now; to be called only between two events."""
        return snapshot(self._learner.judged)

    def state(self) -> bytes:
        """Everything that going on from here needs, as a file; to be called only between two events."""
        return packed(
            {
                "threads": self.threads,
                "learner": self._learner.state(),
                "random": random_state(self.device),
                "batches": self._batches.state(),
                "tally": self._tally.state(),
                "seconds": self._watch.seconds,
                **{name: getattr(self, f"_{name}") for name in _COUNTED},
            }
        )

    def _restore(self, state: Mapping[str, Any]) -> None:
        try:
            self._learner.restore(state["learner"])
            self._batches.restore(state["batches"])
            self._tally.restore(state["tally"])
            self._watch.set(state["seconds"])
            for name in _COUNTED:
                setattr(self, f"_{name}", state[name])
        except (KeyError, RuntimeError, ValueError) as error:
            message = tr("What was saved of this run does not fit its settings.")
            raise UserError(message, tr("Were they changed? Train again with them.")) from error
        self._finite = snapshot(self._learner.judged)
        self._looking.expect(self._evaluation_seconds)
        if self._path is not None:
            self._path.resume(self._step)
        set_random_state(state["random"], self.device)

    def _prepare(self) -> RunStarted:
        spec = self.spec
        torch.manual_seed(spec.seed)
        self._material: Material = prepare(spec, self.device)
        self._learner = Learner(spec, self.device, lambda: self.control.stopped, self.start)
        self._question = Question(spec, self.device)
        self._batches = Batches(
            self._material.train, size=spec.batch, shuffle=spec.shuffle, drop_last=spec.drop_last, seed=spec.seed
        )
        self._looking = Looking(spec, self._material, self._question)
        linear = spec.architecture.transparent and not spec.dataset.classes
        self._path = Path(self._learner.judged, spec.facts.total_steps) if linear else None
        self._finite = snapshot(self._learner.judged)
        return RunStarted(
            name=spec.name,
            device=self.device,
            threads=self.threads,
            epochs=spec.epochs,
            steps_per_epoch=spec.steps_per_epoch,
            train_size=len(self._material.train),
            test_size=len(self._material.test),
            validation_size=len(self._material.validation),
            parameters=(*(f"w{place + 1}" for place in range(spec.facts.inputs)), "b") if linear else (),
            patience=spec.early_stopping,
            watched=self._looking.watched,
        )

    def _epochs(self) -> Iterator[Event]:
        """All epochs that are left, and how the run ends."""
        for epoch in range(max(1, self._epoch), self.spec.epochs + 1):
            yield from self._train(epoch)
            if epoch == self.spec.epochs and self._whole(epoch) and self._step == self._judged:
                break
            if self.control.stopped:
                yield from self._read_back()
                yield Halted(step=self._step)
                yield from self._last_look()
                yield RunEnded(status="stopped", epoch=self._tally.epoch, step=self._step)
                return
            if 0 < self.spec.early_stopping <= self._stale:
                yield self._stopped_early(epoch)
                return
        yield RunEnded(status="finished", epoch=self._epoch, step=self._step)

    def _train(self, epoch: int) -> Iterator[Event]:
        """One epoch, and its figures if it is one of those that are evaluated."""
        resumed, self._epoch = epoch == self._epoch, epoch
        yield from self._steps(epoch, skip=self._tally.steps if resumed and self._tally.epoch == epoch else 0)
        if self._whole(epoch) and self.spec.evaluates(epoch) and not self.control.hurried:
            yield from self._judge()

    def _whole(self, epoch: int) -> bool:
        """Whether all batches of an epoch were seen; of one without any there is nothing to see."""
        return self._tally.complete and self._tally.epoch in (epoch, 0)

    def _last_look(self) -> Iterator[Event]:
        """The figures of what was trained last, before a run ends; in a hurry only if they are quick."""
        if not self.control.hurried or self._evaluation_seconds < QUICK_SECONDS:
            yield from self._judge()

    def _judge(self) -> Iterator[Event]:
        """The figures of all samples, if anything was learned since the last ones."""
        if self._path is not None:
            self._path.see(self._step, last=True)
        yield from self._read_back()
        yield from self._moved()
        if self._step > self._judged:
            yield self._evaluated(self._tally.epoch)

    def _steps(self, epoch: int, skip: int) -> Iterator[Event]:
        """Train one epoch, or until the user stops it."""
        self._learner.network.train()
        self._watch.start()
        for inputs, targets in self._batches.epoch(skip):
            if self.control.slow or self.control.stopped:
                yield from self._read_back()
                if self.control.paused:
                    yield Halted(step=self._step)
                self.control.wait_for_turn()
                if self.control.stopped:
                    return
                self._watch.start()
            if self._tally.epoch < epoch:
                self._tally.begin(epoch)
            slowly = SlowMotion(self._learner.network) if self.control.close_up else None
            rate = self._learner.rate
            try:
                loss, outputs = self._learner.take_step(inputs, targets)
            except StepStoppedError:
                return
            self._step += 1
            right = count_right(outputs, targets) if self.spec.dataset.classes else None
            self._tally.add(loss, right, len(targets), rate)
            if self._path is not None:
                self._path.see(self._step)
            if slowly is not None:
                yield from self._read_back()
                yield slowly.seen(
                    step=self._step, epoch=epoch, samples=self._batches.samples, targets=targets, outputs=outputs,
                    loss=float(loss) / (len(targets) if self.spec.loss.summed else 1), rate=rate,
                )  # fmt: skip
                yield from self._looking.looks(self._learner.judged, self._step, self._watch.seconds)
                self._watch.start()
            elif self._watch.seconds - self._tally.read_at > READ_BACK_SECONDS:
                yield from self._read_back()
                yield from self._looking.looks(self._learner.judged, self._step, self._watch.seconds)
                self._watch.start()
        self._tally.complete = True

    def _read_back(self) -> Iterator[Event]:
        """Read the losses since the last time, up to the first that is not finite; leaves the watch stopped."""
        event = self._tally.read(self._step, self._watch)
        if event is None:
            return
        wrong = np.flatnonzero(~np.isfinite(event.losses))
        if not len(wrong):
            yield event
            yield from self._moved()
            return
        kept = int(wrong[0]) + 1
        step = event.step - len(event.losses) + kept
        yield replace(event, step=step, losses=event.losses[:kept], rates=event.rates[:kept])
        raise NotFiniteError(step)

    def _moved(self) -> Iterator[Event]:
        """Where the weights of a linear network went since the last time."""
        read = self._path.read() if self._path is not None else None
        if read is not None:
            yield ParametersMoved(steps=read[0], values=read[1])

    def _evaluated(self, epoch: int) -> EpochEnded:
        """Ask all test samples, and those held back; keep the weights if they are sound."""
        self._watch.stop()
        evaluation = Stopwatch()
        evaluation.start()
        test = self._question.ask(self._learner.judged, self._material.test)
        held = self._held(self._material.validation)
        weights = snapshot(self._learner.judged)
        if not is_finite(weights):
            raise NotFiniteError(self._step)
        self._finite = weights
        if epoch == 0:
            self._looking.expect(evaluation.seconds)
        made = EpochEnded(
            epoch=epoch,
            step=self._step,
            train_loss=self._tally.mean_loss,
            train_accuracy=self._tally.right_share if self.spec.dataset.classes else float("nan"),
            test_loss=mean_loss(test),
            test_accuracy=accuracy_of(test),
            validation_loss=mean_loss(held) if held else None,
            validation_accuracy=accuracy_of(held) if held else None,
            seconds=self._watch.seconds - self._told,
            evaluation_seconds=evaluation.seconds,
            complete=self._tally.complete or epoch == 0,
            predictions=test,
            validation_predictions=held,
        )
        if isinstance(test, NumberPredictions):
            made = replace(made, test_mae=test.mae, test_rmse=test.rmse, test_r2=test.r2)
        self._told, self._judged = self._watch.seconds, self._step
        self._evaluation_seconds = evaluation.seconds
        return self._compared(made)

    def _compared(self, made: EpochEnded) -> EpochEnded:
        """Whether it is better than the best so far on the samples held back; tells the schedule.

        A part of an epoch changes nothing: it would not have been asked about if the run had not been stopped.
        """
        if made.figure is None or made.epoch == 0:
            return made
        if not made.complete:
            return replace(made, stale=0 if made.figure > self._best else made.epoch - self._best_epoch)
        self._learner.see(made.figure if self.spec.dataset.classes else -made.figure)
        if made.figure > self._best or not self._best_epoch:
            self._best, self._best_epoch = made.figure, made.epoch
        self._stale = made.epoch - self._best_epoch
        return replace(made, stale=self._stale)

    def _stopped_early(self, epoch: int) -> RunEnded:
        message = tr_n(
            "Stopped early after epoch {epoch}: no better for {count} epoch.",
            "Stopped early after epoch {epoch}: no better for {count} epochs.",
            self._stale,
            epoch=epoch,
        )
        return RunEnded(status="finished", epoch=epoch, step=self._step, message=message)

    def _held(self, validation: Samples) -> Answers | None:
        return self._question.ask(self._learner.judged, validation) if len(validation) else None
