"""A run's folder: where everything in it lies, and reading it back."""

import contextlib
import io
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fmstudio import paths
from fmstudio.errors import UserError
from fmstudio.experiment.reading import read_spec
from fmstudio.experiment.spec import ExperimentSpec
from fmstudio.runs.about import read_about
from fmstudio.runs.journal import from_line
from fmstudio.runs.legible import IllegibleError, open_plain, spec_values
from fmstudio.runs.run import Run
from fmstudio.runs.soundness import UNREADABLE, is_sound
from fmstudio.schema.problem import InvalidSpecError
from fmstudio.training.events import Answers, EpochEnded, NumberPredictions, Predictions, QuickChecked
from fmstudio.words import tr


@dataclass(frozen=True)
class RunFolder:
    """The files of one run."""

    path: Path

    @property
    def spec(self) -> Path:
        """What was to be done."""
        return self.path / "spec.json"

    @property
    def events(self) -> Path:
        """What happened, one event a line."""
        return self.path / "events.jsonl"

    @property
    def last(self) -> Path:
        """The newest weights."""
        return self.path / "last.safetensors"

    @property
    def weights(self) -> Path:
        """The weights that count: the best on the validation pictures where there are any, else the last."""
        return self.path / "weights.safetensors"

    @property
    def environment(self) -> Path:
        """Versions, device, threads, hashes of the data."""
        return self.path / "environment.json"

    @property
    def start(self) -> Path:
        """The weights that it began with, where they were not drawn."""
        return self.path / "start.safetensors"

    @property
    def states(self) -> Path:
        """The folder of what going on needs."""
        return self.path / "state"

    def predictions(self, epoch: int) -> Path:
        """What the network answered after an epoch."""
        return self.path / "predictions" / f"epoch-{epoch:05d}.npz"

    def epoch_weights(self, epoch: int) -> Path:
        """The weights after an epoch; of a long run only those of some epochs are kept."""
        return self.path / "epochs" / f"epoch-{epoch:05d}.safetensors"

    def read_spec(self) -> ExperimentSpec:
        """The spec of the run.

        Raises:
            UserError: Where it cannot be read or is not valid here.
        """
        try:
            return read_spec(spec_values(self.spec))
        except InvalidSpecError as error:
            message = tr("The spec of run {run} is not valid: {problem}", run=self.path.name, problem=str(error))
            raise UserError(message, tr("It may have been made by another version.")) from error
        except IllegibleError as error:
            message = tr("{path} is not a run: its spec cannot be read.", path=str(self.path))
            raise UserError(message, tr("Choose a folder that fmstudio has written.")) from error


def find_run(name: str, library: Path | None = None) -> RunFolder:
    """A run by its id or by the path of its folder.

    Raises:
        UserError: Where there is none.
    """
    for path in ((library or paths.library()) / name, Path(name)):
        if _is_run(path):
            return RunFolder(path)
    message = tr("There is no run “{run}”.", run=name)
    raise UserError(message, tr("“fmstudio runs” lists the runs that there are."))


def run_folders(library: Path | None = None) -> tuple[RunFolder, ...]:
    """The folders of all runs, oldest first; anything else in the library is left alone."""
    root = library or paths.library()
    if not root.is_dir():
        return ()
    return tuple(RunFolder(path) for path in sorted(root.iterdir()) if _is_run(path))


def _is_run(path: Path) -> bool:
    """Whether a spec lies there; a name that no file can have names no run."""
    try:
        return (path / "spec.json").is_file()
    except OSError:
        return False


def load_run(folder: RunFolder, *, predictions: bool = True) -> Run:
    """Read a run: the same fold that a live view makes.

    Args:
        folder: Where it lies.
        predictions: Read what the network answered too, not only the figures.
    """
    try:
        spec = spec_values(folder.spec)
    except IllegibleError as error:
        message = tr("{path} is not a run: its spec cannot be read.", path=str(folder.path))
        raise UserError(message, tr("Choose a folder that fmstudio has written.")) from error
    run = Run(spec=spec, id=folder.path.name, folder=str(folder.path), given_name=read_about(folder.path).name)
    for event in _events(folder):
        if isinstance(event, QuickChecked):
            continue
        if isinstance(event, EpochEnded) and predictions:
            event = _with_predictions(folder, event)
        run.apply(event)
    return run


def _events(folder: RunFolder) -> Iterator[Any]:
    """All whole lines; one that is torn, perhaps within a letter, is left out."""
    try:
        with open_plain(folder.events) as file:
            text = file.read().decode(errors="replace")
    except OSError:
        return
    for line in text.split("\n"):
        with contextlib.suppress(*UNREADABLE, IndexError):
            event = from_line(line)
            if is_sound(event):
                yield event


def _with_predictions(folder: RunFolder, event: EpochEnded) -> EpochEnded:
    try:
        return replace(event, predictions=read_predictions(folder.predictions(event.epoch)))
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return event


def read_predictions(path: Path) -> Answers:
    """Read the predictions of one epoch; nothing is unpickled."""
    with open_plain(path) as file, np.load(io.BytesIO(file.read()), allow_pickle=False) as arrays:
        if "targets" in arrays:
            return NumberPredictions(
                samples=arrays["samples"].astype(np.int64),
                targets=arrays["targets"],
                predicted=arrays["predicted"],
                loss=arrays["loss"],
            )
        return Predictions(
            samples=arrays["samples"].astype(np.int64),
            labels=arrays["labels"].astype(np.int64),
            predicted=arrays["predicted"].astype(np.int64),
            loss=arrays["loss"],
            probabilities=_shares(arrays),
        )


def _shares(arrays: Mapping[str, np.ndarray]) -> NDArray[np.float16]:
    """Probabilities of all classes; those that were too small to be stored are 0."""
    stored: NDArray[np.float16] = arrays["probabilities"]
    if "top" not in arrays:
        return stored
    found = np.zeros((len(stored), int(arrays["classes"])), np.float16)
    np.put_along_axis(found, arrays["top"].astype(np.int64), stored, axis=1)
    return found
