"""What ``fmstudio export`` writes of a run: the plain program that does the same, or the weights."""

import json
from dataclasses import dataclass
from pathlib import Path

from fmstudio.cli.output import WrongUsageError, complain
from fmstudio.cli.surroundings import load
from fmstudio.errors import UserError
from fmstudio.experiment.spec import ExperimentSpec
from fmstudio.runs.run import Run
from fmstudio.runs.store import RunFolder, load_run
from fmstudio.runs.writing import write_atomically
from fmstudio.words import tr

FORMS = ("script", "weights")
"""What can be written."""
STDOUT = "-"


@dataclass(frozen=True)
class Exported:
    """What was written: the file, its size in bytes, and of what run in which form."""

    run: str
    form: str
    file: str
    bytes: int


def check_target(out: str, form: str, *, replace: bool) -> None:
    """Refuse a place before any work is done.

    Args:
        out: A file's path, or ``-`` for the standard output.
        form: One of ``FORMS``.
        replace: Whether a file that is there may be replaced.

    Raises:
        WrongUsageError: Where it must not or cannot be written there.
    """
    path = Path(out)
    if out == STDOUT:
        if form != "script":
            raise WrongUsageError(tr("Weights are no text: they need a file."), tr("Name one behind --out."))
        return
    if path.is_dir():
        raise WrongUsageError(tr("{file} is a folder.", file=out), tr("Name a file behind --out."))
    if not path.parent.is_dir():
        raise WrongUsageError(tr("There is no folder {folder}.", folder=path.parent), tr("Make it first."))
    if path.exists() and not replace:
        raise WrongUsageError(tr("{file} is there already.", file=out), tr("With --yes it is replaced."))


def export(folder: RunFolder, form: str, out: str) -> Exported:
    """Write a run in some form.

    Args:
        folder: The run.
        form: One of ``FORMS``.
        out: A file's path, or ``-`` for the standard output.

    Raises:
        UserError: Where the run lacks what is asked for, or the file cannot be written.
    """
    content = script_of(folder).encode() if form == "script" else weights_of(folder)
    if out == STDOUT:
        print(content.decode(), end="")
    else:
        write_atomically(Path(out), content)
        if form == "script" and folder.start.is_file():
            write_atomically(Path(out).with_name(folder.start.name), folder.start.read_bytes())
    return Exported(folder.path.name, form, out, len(content))


def exported_text(done: Exported) -> str:
    """What was written, a sentence."""
    if done.form == "script":
        return tr("The program of run {run} is in {file}", run=done.run, file=done.file)
    return tr("The weights of run {run} are in {file}", run=done.run, file=done.file)


def script_of(folder: RunFolder) -> str:
    """The program that gives the numbers of a run: on its device, with its threads.

    Raises:
        UserError: Where the run's spec cannot be used.
    """
    spec, run = folder.read_spec(), load_run(folder, predictions=False)
    device, threads = _surroundings(folder, run)
    _say_what_differs(spec, run)
    text: str = load("fmstudio.export.script.script")(spec, threads=threads, device=device)
    return text


def _say_what_differs(spec: ExperimentSpec, run: Run) -> None:
    """A run that did not come to its end is shorter than its program."""
    if run.ended is None or run.ended.status != "finished":
        epochs = run.epochs[-1].epoch if run.epochs else 0
        complain(
            tr(
                "This run ended early, in epoch {epoch}; the program trains all {epochs}.",
                epoch=epochs,
                epochs=spec.epochs,
            )
        )


def weights_of(folder: RunFolder) -> bytes:
    """The weights that count, as they lie in the run's folder: safetensors.

    Raises:
        UserError: Where there are none yet.
    """
    try:
        return folder.weights.read_bytes()
    except FileNotFoundError as error:
        message = tr("Run {run} has no weights: it ended before they were saved.", run=folder.path.name)
        raise UserError(message, tr("Train again.")) from error
    except OSError as error:
        raise UserError(
            tr("{file} cannot be read: {reason}.", file=folder.weights, reason=error.strerror or error)
        ) from error


def _surroundings(folder: RunFolder, run: Run) -> tuple[str | None, int | None]:
    """The device and the threads that are recorded of a run; None where they cannot be read."""
    try:
        values = json.loads(folder.environment.read_text(encoding="utf-8"))
        device, threads = values["device"], values["threads"]
    except (OSError, ValueError, KeyError, TypeError):
        return (run.started.device, run.started.threads) if run.started else (None, None)
    return device if isinstance(device, str) else None, threads if isinstance(threads, int) else None
