"""Writes a run's folder while the training's events pass by, in the training's own thread."""

import hashlib
import io
import json
import math
import platform
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np

from fmstudio import __version__, paths
from fmstudio.catalog.datasets import Dataset, Linear, Pictures
from fmstudio.data.corrections import fingerprint_of
from fmstudio.data.library import fingerprint
from fmstudio.experiment.spec import ExperimentSpec, kind_of, to_mapping
from fmstudio.runs.album import Album
from fmstudio.runs.journal import to_line
from fmstudio.runs.store import RunFolder
from fmstudio.runs.writing import cannot_write, sync_folder, write_atomically
from fmstudio.training.checkpoints import weights_bytes
from fmstudio.training.events import (
    Answers,
    CheckpointSaved,
    EpochEnded,
    Event,
    NumberPredictions,
    PicturesWatched,
    RunEnded,
    RunStarted,
    StepShown,
)
from fmstudio.training.loop import Training

MANY_CLASSES = 64
GREATEST = 20
"""With more classes than this only so many probabilities of each sample are stored: the greatest."""
SMALL = 65_535
"""Samples and classes up to here are stored in two bytes."""


@dataclass
class Recorder:
    """Gives a run its id and its folder.

    Args:
        training: Whose events are recorded.
        library: The folder that holds the runs.
    """

    training: Training
    library: Path | None = None

    def events(self) -> Iterator[Event]:
        """The training's events, each written down before it is passed on.

        Raises:
            UserError: Where the folder cannot be written.
        """
        self._best = -math.inf
        spec = self.training.spec
        folder = new_folder(self.library or paths.library(), spec)
        limit = spec.keep_weights * 1_000_000 if spec.dataset.classes else 0
        self._album = Album(folder, limit)
        with folder.events.open("ab", buffering=0) as journal:
            for event in self.training.events():
                for said in self._record(folder, event):
                    _append(journal, said, folder)
                    yield said
        sync_folder(folder.path)

    def _record(self, folder: RunFolder, event: Event) -> Iterator[Event]:
        if isinstance(event, RunStarted):
            _write_environment(folder, self.training)
            yield replace(event, run=folder.path.name)
        elif isinstance(event, EpochEnded):
            write_atomically(folder.predictions(event.epoch), predictions_bytes(event.predictions))
            yield event
            self._save(folder, event)
            yield CheckpointSaved(epoch=event.epoch, step=event.step)
        elif isinstance(event, RunEnded):
            yield replace(event, run=folder.path.name)
        else:
            yield event

    def _save(self, folder: RunFolder, event: EpochEnded) -> None:
        content = weights_bytes(self.training.weights())
        write_atomically(folder.last, content)
        self._album.keep(event.epoch, content)
        figure = event.figure
        if figure is None or event.epoch == 0 or figure > self._best:
            write_atomically(folder.weights, content)
            self._best = figure if figure is not None and event.epoch else self._best


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


def _append(journal: io.FileIO, event: Event, folder: RunFolder) -> None:
    """Write one line; what is for the eye of the moment is not kept: the watched pictures, a step that was shown."""
    if isinstance(event, PicturesWatched | StepShown):
        return
    line = (to_line(event) + "\n").encode()
    try:
        while line:
            line = line[journal.write(line) :]
    except OSError as error:
        raise cannot_write(folder.events, error) from error


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


def _write_environment(folder: RunFolder, training: Training) -> None:
    dataset = training.spec.dataset
    values: dict[str, Any] = {
        "fmstudio": __version__,
        "python": platform.python_version(),
        "platform": platform.platform(),
        "processor": platform.machine(),
        "versions": {name: metadata.version(name) for name in ("torch", "torchvision", "numpy")},
        "device": training.device,
        "threads": training.threads,
        "data": {kind_of(dataset): _data_hash(dataset)},
        "spec": hashlib.sha256(folder.spec.read_bytes()).hexdigest(),
    }
    write_atomically(folder.environment, json.dumps(values, indent=2) + "\n")


def _data_hash(dataset: Dataset) -> str:
    """SHA-256 of what is learned from: of the files, or of the points that were drawn."""
    if isinstance(dataset, Pictures):
        return fingerprint_of(dataset)
    if not isinstance(dataset, Linear):
        return fingerprint(kind_of(dataset))
    arrays = (*dataset.points("train"), *dataset.points("test"))
    return hashlib.sha256(b"".join(array.tobytes() for array in arrays)).hexdigest()
