"""The training loop: a generator of events that knows neither Qt nor files nor plots."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import torch
from torch import Tensor

from fmstudio.data.library import quick_samples, watched_samples
from fmstudio.experiment.spec import ExperimentSpec
from fmstudio.training.batches import Batches, Material, Samples, prepare
from fmstudio.training.checkpoints import is_finite, snapshot
from fmstudio.training.control import Control
from fmstudio.training.devices import resolve_device, resolve_threads
from fmstudio.training.evaluation import evaluate, mean_loss
from fmstudio.training.events import (
    EpochEnded,
    Event,
    PicturesWatched,
    Predictions,
    QuickChecked,
    RunEnded,
    RunStarted,
)
from fmstudio.training.failure import NotFiniteError, diverged, out_of_memory
from fmstudio.training.pace import Pace, Stopwatch, affordable
from fmstudio.training.step import train_step
from fmstudio.training.tally import Tally

READ_BACK_SECONDS = 0.05
"""How long losses stay on the device before they are read."""


class Training:
    """One run of a spec, in the thread that pulls ``events``.

    Args:
        spec: What to do.
        control: Pause, continue and stop.

    Raises:
        InvalidSpecError: Where the spec names a device that does not exist.
    """

    def __init__(self, spec: ExperimentSpec, control: Control) -> None:
        self.spec = spec
        self.device = resolve_device(spec)
        self.threads = resolve_threads(spec.threads)
        self._control = control
        self._watch = Stopwatch()
        self._looking = Stopwatch()
        self._wall = Pace(0.33)
        self._check = Pace(0.5, growth=1.3)

    def events(self) -> Iterator[Event]:
        """Train; which events come in which order is said in ``events.py``."""
        torch.set_num_threads(self.threads)
        epoch = 0
        try:
            yield self._prepare()
            yield self._evaluated(0, Tally(0.0))
            for epoch in range(1, self.spec.epochs + 1):
                tally = Tally(self._watch.seconds)
                yield from self._steps(epoch, tally)
                if tally.count:
                    yield self._evaluated(epoch, tally)
                if self._control.stopped and not (tally.complete and epoch == self.spec.epochs):
                    yield RunEnded(status="stopped", epoch=epoch if tally.count else epoch - 1, step=self._step)
                    return
            yield RunEnded(status="finished", epoch=epoch, step=self._step)
        except NotFiniteError as error:
            yield diverged(self.spec, epoch, error.step)
        except (torch.OutOfMemoryError, MemoryError):
            yield out_of_memory(self.spec, epoch, self._step)
        except RuntimeError as error:
            if "can't allocate memory" not in str(error):  # what torch says of the CPU's memory
                raise
            yield out_of_memory(self.spec, epoch, self._step)

    def weights(self) -> dict[str, Tensor]:
        """A copy of the newest weights that are known to be finite; to be called only between two events."""
        return dict(self._finite)

    def _prepare(self) -> RunStarted:
        spec = self.spec
        torch.manual_seed(spec.seed)
        self._step = 0
        self._material: Material = prepare(spec, self.device)
        self._network = self._build()
        self._loss: torch.nn.Module = spec.loss.call(spec.facts).make().to(self.device)
        self._losses: torch.nn.Module = spec.loss.per_sample(spec.facts).make().to(self.device)
        self._optimizer: torch.optim.Optimizer = spec.optimizer.call(spec.facts).make(self._network.parameters())
        schedule = spec.schedule.scheduler(spec.facts, spec.optimizer.lr)
        self._schedule = schedule.make(self._optimizer) if schedule else None
        self._batches = Batches(
            self._material.train, size=spec.batch, shuffle=spec.shuffle, drop_last=spec.drop_last, seed=spec.seed
        )
        test = self._material.test
        labels = test.targets.cpu().numpy()
        self._watched = test.part(watched_samples(labels, classes=spec.dataset.classes))
        self._quick = test.part(quick_samples(labels, 1000))
        self._finite = snapshot(self._network)
        return RunStarted(
            name=spec.name,
            device=self.device,
            threads=self.threads,
            epochs=spec.epochs,
            steps_per_epoch=spec.steps_per_epoch,
            train_size=len(self._material.train),
            test_size=len(test),
            validation_size=len(self._material.validation),
            watched=self._watched.samples,
        )

    def _build(self) -> torch.nn.Module:
        network: torch.nn.Module = self.spec.architecture.call(self.spec.facts).make().to(self.device)
        if self.spec.architecture.convolutional and self.spec.channels_last:
            network = network.to(memory_format=torch.channels_last)
        return network

    def _steps(self, epoch: int, tally: Tally) -> Iterator[Event]:
        """Train one epoch, or until the user stops it."""
        self._network.train()
        self._watch.start()
        for inputs, targets in self._batches.epoch():
            if self._control.paused or self._control.stopped:
                yield from self._read_back(epoch, tally)
                self._control.wait_while_paused()
                if self._control.stopped:
                    self._watch.stop()
                    return
                self._watch.start()
            rate = self._optimizer.param_groups[0]["lr"]
            loss, right = train_step(self._network, self._loss, self._optimizer, inputs, targets)
            self._step += 1
            tally.add(loss, right, len(targets), rate)
            if self._schedule is not None and self._step < self.spec.facts.total_steps:
                self._schedule.step()
            if self._watch.seconds - tally.read_at > READ_BACK_SECONDS:
                yield from self._read_back(epoch, tally)
                yield from self._looks()
                self._watch.start()
        yield from self._read_back(epoch, tally)
        tally.complete = True

    def _read_back(self, epoch: int, tally: Tally) -> Iterator[Event]:
        """Read the losses since the last time, up to the first that is not finite; leaves the watch stopped."""
        event = tally.read(epoch, self._step, self._watch)
        if event is None:
            return
        wrong = np.flatnonzero(~np.isfinite(event.losses))
        if not len(wrong):
            yield event
            return
        kept = int(wrong[0]) + 1
        step = event.step - len(event.losses) + kept
        yield replace(event, step=step, losses=event.losses[:kept], rates=event.rates[:kept])
        raise NotFiniteError(step)

    def _looks(self) -> Iterator[Event]:
        """Ask the watched pictures, or a part of the test pictures, if it is time; changes no bit of the result."""
        now = self._watch.seconds
        expected = now * self.spec.facts.total_steps / self._step
        for pace, samples in ((self._check, self._quick), (self._wall, self._watched)):
            if not pace.due(now) or not affordable(self._looking.seconds, pace.cost, now, expected):
                continue
            before = self._looking.seconds
            self._looking.start()
            predictions = evaluate(self._network, self._losses, samples)
            self._looking.stop()
            pace.done(now, self._looking.seconds - before)
            if samples is self._watched:
                yield PicturesWatched(step=self._step, predictions=predictions)
            else:
                yield QuickChecked(
                    step=self._step,
                    accuracy=predictions.accuracy,
                    loss=mean_loss(predictions),
                    predictions=predictions,
                )

    def _evaluated(self, epoch: int, tally: Tally) -> EpochEnded:
        """Ask all test pictures, and those held back; keep the weights if they are sound."""
        self._watch.stop()
        evaluation = Stopwatch()
        evaluation.start()
        test = evaluate(self._network, self._losses, self._material.test)
        held = self._held(self._material.validation)
        weights = snapshot(self._network)
        if not is_finite(weights):
            raise NotFiniteError(self._step)
        self._finite = weights
        if epoch == 0:
            self._guess_costs(evaluation.seconds)
        return EpochEnded(
            epoch=epoch,
            step=self._step,
            train_loss=tally.mean_loss,
            train_accuracy=tally.accuracy,
            test_loss=mean_loss(test),
            test_accuracy=test.accuracy,
            validation_loss=mean_loss(held) if held else None,
            validation_accuracy=held.accuracy if held else None,
            seconds=self._watch.seconds - tally.started_at,
            evaluation_seconds=evaluation.seconds,
            complete=tally.complete or epoch == 0,
            predictions=test,
            validation_predictions=held,
        )

    def _guess_costs(self, seconds: float) -> None:
        """What a look will take, by what all pictures took just now."""
        asked = len(self._material.test) + len(self._material.validation)
        for pace, samples in ((self._check, self._quick), (self._wall, self._watched)):
            pace.cost = seconds * len(samples) / asked

    def _held(self, validation: Samples) -> Predictions | None:
        return evaluate(self._network, self._losses, validation) if len(validation) else None
