"""How a run begins, and how one goes on: each gives a recorder whose events are to be pulled."""

import contextlib
from dataclasses import dataclass
from pathlib import Path

from torch import Tensor

from fmstudio.errors import UserError
from fmstudio.experiment.spec import ExperimentSpec
from fmstudio.runs.about import About
from fmstudio.runs.environment import differences, read_environment
from fmstudio.runs.recorder import Recorder
from fmstudio.runs.run import Run
from fmstudio.runs.states import States
from fmstudio.runs.store import RunFolder, find_run, load_run
from fmstudio.training.checkpoints import load_weights
from fmstudio.training.control import Control
from fmstudio.training.devices import resolve_device, resolve_threads
from fmstudio.training.learner import check_start
from fmstudio.training.loop import Training
from fmstudio.words import tr, tr_n


def begin(spec: ExperimentSpec, control: Control, library: Path | None = None, about: About | None = None) -> Recorder:
    """A new run of a spec.

    Args:
        spec: What to do.
        control: Pause, continue and stop.
        library: The folder that holds the runs; None for the user's.
        about: What is said of the run.

    Raises:
        UserError: Where the weights to begin with are not there.
        InvalidSpecError: Where the spec names a device that does not exist.
    """
    start = None
    if spec.start_from:
        start = load_weights(starting_file(spec.start_from, library))
        check_start(spec, start)
    return Recorder(Training(spec, control, start=start), library, about)


def starting_file(name: str, library: Path | None = None) -> Path:
    """The weights that a spec's ``start_from`` names: a run's id or folder (its last weights), or a file.

    Raises:
        UserError: Where there are none.
    """
    with contextlib.suppress(UserError):
        return find_run(name, library).last
    path = Path(name)
    if path.is_file():
        return path
    message = tr("The weights to begin with are not there: {name} is neither a run nor a file.", name=name)
    raise UserError(message, tr("Choose a run of the list, or a file with weights."))


def resume(folder: RunFolder, control: Control) -> Recorder:
    """A run goes on where it stood; where nothing was saved yet it begins again, in the same folder.

    Raises:
        UserError: Where it has come to its end, or its settings or what was saved cannot be read.
        InvalidSpecError: Where its device does not exist here.
    """
    refuse_ended(folder)
    spec = folder.read_spec()
    for content in States(folder).contents():
        with contextlib.suppress(UserError):
            return Recorder(Training(spec, control, state=content), folder=folder)
    start: dict[str, Tensor] | None = load_weights(folder.start) if spec.start_from else None
    return Recorder(Training(spec, control, start=start), folder=folder)


def refuse_ended(folder: RunFolder) -> Run:
    """Raise where a run cannot go on.

    Returns:
        What is told of it.

    Raises:
        UserError: Why, and what to do instead.
    """
    run = load_run(folder, predictions=False)
    ended = run.ended
    if ended is None or ended.status == "stopped":
        return run
    if ended.status == "finished":
        message = tr("Run {run} has come to its end.", run=folder.path.name)
        raise UserError(message, tr("Train a new run that begins with its weights."))
    message = tr("Run {run} failed: going on would fail in the same way. {reason}", run=folder.path.name,
                 reason=ended.message)  # fmt: skip
    raise UserError(message, tr("Change its settings and train again."))


@dataclass(frozen=True)
class Resumption:
    """What is known before a run goes on.

    Attributes:
        step: After which it goes on; 0 where it begins again.
        differences: What is not as it was, each a sentence; none where it goes on bit for bit.
        notes: What is worth knowing and changes nothing, each a sentence.
    """

    step: int
    differences: tuple[str, ...]
    notes: tuple[str, ...] = ()


def look_before(folder: RunFolder) -> Resumption:
    """What resuming a run would do.

    Raises:
        UserError: Where it cannot go on.
        InvalidSpecError: Where its device does not exist here.
    """
    told = refuse_ended(folder).step
    spec = folder.read_spec()
    files = States(folder).files()
    step = int(files[0].stem.partition("-")[2]) if files else 0
    found = tuple(differences(folder, spec, resolve_device(spec)))
    threads, usual = read_environment(folder).get("threads"), resolve_threads(spec.threads)
    notes = []
    if told > step:
        notes.append(
            tr_n(
                "{count} step was taken after the last checkpoint; it is taken again.",
                "{count} steps were taken after the last checkpoint; they are taken again.",
                told - step,
            )
        )
    if files and isinstance(threads, int) and threads != usual:
        notes.append(tr("It goes on with the {count} threads that it began with.", count=threads))
    return Resumption(step, found, tuple(notes))
