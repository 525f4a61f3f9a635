"""Writes a run's folder while the training's events pass by, in the training's own thread."""

import contextlib
import io
import json
import math
import re
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from fmstudio import paths
from fmstudio.errors import UserError
from fmstudio.experiment.spec import ExperimentSpec, to_mapping
from fmstudio.runs.about import About, write_about
from fmstudio.runs.album import Album
from fmstudio.runs.desk import Desk
from fmstudio.runs.environment import note_resumed, write_environment
from fmstudio.runs.event_file import EventFile
from fmstudio.runs.lock import FolderLock
from fmstudio.runs.states import States
from fmstudio.runs.store import RunFolder, load_run
from fmstudio.runs.writing import cannot_write, sync_folder, write_atomically
from fmstudio.training.checkpoints import is_finite, weights_bytes
from fmstudio.training.events import (
    Answers,
    CheckpointSaved,
    EpochEnded,
    Event,
    Halted,
    NumberPredictions,
    RunEnded,
    RunResumed,
    RunStarted,
    SavingFailed,
    StepsTaken,
)
from fmstudio.training.loop import Training

MANY_CLASSES = 64
GREATEST = 20
"""With more classes than this only so many probabilities of each sample are stored: the greatest."""
SMALL = 65_535
"""Samples and classes up to here are stored in two bytes."""


class Recorder:
    """Writes a run down while it goes on. What cannot be written is tried again; the training goes on meanwhile.

    Args:
        training: Whose events are recorded.
        library: The folder that holds the runs; None for the user's.
        about: What is said of the run.
        folder: Of a run that goes on where it stood; None for a new one.
    """

    def __init__(
        self,
        training: Training,
        library: Path | None = None,
        about: About | None = None,
        folder: RunFolder | None = None,
    ) -> None:
        self._training = training
        self._library = library
        self._about = about or About()
        self._resumed = folder
        self._desk = Desk()
        self._best = -math.inf
        self._halted = False
        self._told = False
        self._saved_step = self._state_step = -1
        self._saved_at = time.monotonic()
        self._saving_seconds = 0.0

    @property
    def spec(self) -> ExperimentSpec:
        """What is done."""
        return self._training.spec

    def events(self) -> Iterator[Event]:
        """The training's events, each written down before it is passed on.

        Raises:
            UserError: Where the folder cannot be made, or another process writes it.
        """
        self._run = self._resumed or new_folder(self._library or paths.library(), self._training.spec)
        with FolderLock(self._run.path), contextlib.closing(EventFile(self._run.events)) as self._journal:
            self._open()
            for event in self._training.events():
                for said in self._recorded(event):
                    self._write_down(said)
                    yield said
                yield from self._troubles()
            self._desk.try_again(now=True)
        sync_folder(self._run.path)

    def _open(self) -> None:
        """Write what a run has from its beginning."""
        spec = self._training.spec
        limit = spec.keep_weights * 1_000_000 if spec.dataset.classes else 0
        self._states, self._album = States(self._run), Album(self._run, limit)
        if self._resumed is None and self._about != About():
            self._desk.write("about", partial(write_about, self._run.path, self._about))
        if self._resumed is None and self._training.start is not None:
            content = weights_bytes(self._training.start)
            self._desk.write("start", partial(write_atomically, self._run.start, content))

    def _recorded(self, event: Event) -> Iterator[Event]:
        """What is told of an event, after it is on the disk or waits for it."""
        if isinstance(event, RunStarted):
            self._desk.write("environment", partial(write_environment, self._run, self._training))
            yield replace(event, run=self._run.path.name)
        elif isinstance(event, RunResumed):
            self._go_on(event)
            yield event
        elif isinstance(event, EpochEnded):
            yield from self._keep_epoch(event)
        elif isinstance(event, StepsTaken):
            self._halted = False
            yield event
            if self._due:
                yield from self._keep_state(event.step, event.epoch)
        elif isinstance(event, Halted):
            yield event
            yield from self._keep_halted(event)
        elif isinstance(event, RunEnded):
            self._desk.try_again(now=True)
            yield from self._troubles()
            if event.status == "finished" and self._desk.trouble is None:
                self._states.clear()
            yield replace(event, run=self._run.path.name)
        else:
            yield event

    def _keep_epoch(self, event: EpochEnded) -> Iterator[Event]:
        """The answers before the event, the weights behind it."""
        content = predictions_bytes(event.predictions)
        self._desk.write(event.epoch, partial(write_atomically, self._run.predictions(event.epoch), content))
        yield event
        weights = weights_bytes(self._training.weights())
        self._desk.write("last", partial(write_atomically, self._run.last, weights))
        self._desk.write(("album", event.epoch), partial(self._album.keep, event.epoch, weights))
        figure = event.figure
        if figure is None or event.epoch == 0 or figure > self._best:
            self._keep_best(weights)
            if figure is not None and event.epoch and not self._halted:
                self._best = figure
        if not self._halted and (event.epoch == 0 or self._due):
            yield from self._keep_state(event.step, event.epoch)
        else:
            yield from self._said_saved(event.step, event.epoch)

    def _keep_best(self, weights: bytes) -> None:
        """Those of a part of an epoch do not count when the run goes on: the ones before them are put aside."""
        if self._halted and self._best > -math.inf:
            with contextlib.suppress(OSError):
                self._states.best.unlink(missing_ok=True)
                self._states.best.write_bytes(self._run.weights.read_bytes())
        self._desk.write("weights", partial(write_atomically, self._run.weights, weights))

    def _keep_halted(self, event: Halted) -> Iterator[Event]:
        """The user holds or ends the run: the state as it is now; before leaving in a hurry also the weights."""
        self._halted = True
        if event.step > self._state_step and self._rested:
            yield from self._keep_state(event.step)
        if self._training.control.hurried:
            weights = weights_bytes(self._training.newest_weights())
            self._desk.write("last", partial(write_atomically, self._run.last, weights))

    def _keep_state(self, step: int, epoch: int = -1) -> Iterator[Event]:
        """All that going on needs, behind the events before it."""
        if not is_finite(self._training.newest_weights()):
            return
        began = time.monotonic()
        self._desk.write("sync", self._journal.sync)
        self._desk.write("state", partial(self._states.save, step, self._training.state()))
        self._state_step = step
        self._saved_at = time.monotonic()
        self._saving_seconds = self._saved_at - began
        yield from self._said_saved(step, epoch)

    def _said_saved(self, step: int, epoch: int) -> Iterator[Event]:
        if self._desk.trouble is None:
            self._saved_step = step
            yield CheckpointSaved(epoch=epoch, step=step)

    @property
    def _rested(self) -> bool:
        """Whether saving again so soon takes no more than half of the time: of a run that goes on step by step."""
        return self._training.control.stopped or time.monotonic() - self._saved_at >= self._saving_seconds

    @property
    def _due(self) -> bool:
        """Whether it is time to save the state; that may take a fiftieth of the time."""
        seconds = max(float(self._training.spec.save_every), 50 * self._saving_seconds)
        return time.monotonic() - self._saved_at >= seconds

    def _write_down(self, event: Event) -> None:
        try:
            self._journal.append(event)
        except UserError:
            self._desk.write("events", self._journal.flush)

    def _troubles(self) -> Iterator[Event]:
        """Says once that something cannot be written, tries again from time to time, and says when it is done."""
        self._desk.try_again()
        trouble = self._desk.trouble
        if trouble is not None and not self._told:
            yield SavingFailed(message=trouble.message, hint=trouble.hint)
        elif trouble is None and self._told:
            yield CheckpointSaved(epoch=-1, step=max(0, self._saved_step))
        self._told = trouble is not None

    def _go_on(self, event: RunResumed) -> None:
        """Put back what does not count, and go on keeping the best and each epoch where that stood."""
        run = load_run(self._run, predictions=False)
        run.apply(event)
        counted = [epoch for epoch in run.epochs if epoch.epoch and epoch.figure is not None]
        self._best = max((epoch.figure for epoch in counted if epoch.figure is not None), default=-math.inf)
        self._album.resume(epoch.epoch for epoch in run.epochs)
        self._saved_step = self._state_step = event.step
        if self._states.best.is_file():
            write_atomically(self._run.weights, self._states.best.read_bytes())
            self._states.best.unlink()
        self._desk.write("resumed", partial(note_resumed, self._run, self._training, event.step))


def new_folder(library: Path, spec: ExperimentSpec) -> RunFolder:
    """Make the folder of a new run, with its spec in it; its name begins with the time, so that names sort.

    Raises:
        UserError: Where it cannot be made.
    """
    slug = re.sub(r"[^a-z0-9]+", "-", spec.name.lower()).strip("-")[:40] or "run"
    stem = f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{slug}"
    for attempt in range(1, 1000):
        path = library / (stem if attempt == 1 else f"{stem}-{attempt}")
        try:
            path.mkdir(parents=True)
            (path / "predictions").mkdir()
        except FileExistsError:
            continue
        except OSError as error:
            raise cannot_write(path, error) from error
        folder = RunFolder(path)
        write_atomically(folder.spec, json.dumps(to_mapping(spec), indent=2, ensure_ascii=False) + "\n")
        sync_folder(library)
        return folder
    raise cannot_write(library / stem, FileExistsError(17, "too many runs of this name in one second"))


def predictions_bytes(answers: Answers) -> bytes:
    """The content of an npz file: class or number and float32 loss exactly, probabilities in half precision."""
    buffer = io.BytesIO()
    if isinstance(answers, NumberPredictions):
        given: dict[str, Any] = {"targets": answers.targets, "predicted": answers.predicted}
    else:
        given = {
            "labels": _compact(answers.labels),
            "predicted": _compact(answers.predicted),
            **_shares(answers.probabilities),
        }
    np.savez(buffer, samples=_compact(answers.samples), loss=answers.loss, **given)
    return buffer.getvalue()


def _shares(probabilities: np.ndarray) -> dict[str, np.ndarray]:
    """All probabilities; where there are many classes only the greatest few of each sample, with their classes."""
    classes = probabilities.shape[1]
    if classes <= MANY_CLASSES:
        return {"probabilities": probabilities}
    top = np.argpartition(probabilities, classes - GREATEST, axis=1)[:, -GREATEST:]
    return {
        "top": _compact(top),
        "probabilities": np.take_along_axis(probabilities, top, axis=1),
        "classes": np.array(classes),
    }


def _compact(values: np.ndarray) -> np.ndarray:
    return values.astype(np.uint16) if values.size == 0 or values.max() <= SMALL else values
