"""A run's program as a file: on its device, with its threads, and with the weights that it began with."""

import json
from pathlib import Path

from fmstudio.errors import UserError
from fmstudio.export.forms import START, Exported, beside
from fmstudio.export.script import script
from fmstudio.runs.run import Run
from fmstudio.runs.store import RunFolder, load_run
from fmstudio.runs.writing import write_atomically
from fmstudio.words import tr


def write_script(folder: Path, out: Path, *, accept: bool = False) -> Exported:
    """Write the program that gives the numbers of a run; see ``forms.Writer``.

    Raises:
        UserError: Where the run's spec cannot be used, or the file cannot be written.
    """
    content = script_of(folder).encode()
    also = beside(folder, "script", out)
    for file in also:
        write_atomically(file, _bytes_of(RunFolder(folder).start))
    write_atomically(out, content)
    return Exported(
        run=folder.name, form="script", file=str(out), bytes=len(content), also=tuple(map(str, also)),
        notes=_early(folder),
    )  # fmt: skip


def script_of(folder: Path) -> str:
    """The program that gives the numbers of a run: on its device, with its threads.

    Raises:
        UserError: Where the run's spec cannot be used.
    """
    spec, run = RunFolder(folder).read_spec(), load_run(RunFolder(folder), predictions=False)
    device, threads = _surroundings(RunFolder(folder), run)
    return script(spec, threads=threads, device=device)


def notes_of(folder: Path) -> tuple[str, ...]:
    """What is to be known of a program that is printed: how its run differs from it, and what it needs beside it."""
    start = RunFolder(folder).start
    if not start.is_file():
        return _early(folder)
    needed = tr(
        "The program needs a copy of {file} beside it, named after itself: beside train.py it is {name}.",
        file=start,
        name=f"train{START}",
    )
    return (*_early(folder), needed)


def _early(folder: Path) -> tuple[str, ...]:
    """A run that did not come to its end is shorter than its program."""
    run = load_run(RunFolder(folder), predictions=False)
    if run.ended is not None and run.ended.status == "finished":
        return ()
    early = tr(
        "This run ended early, in epoch {epoch}; the program trains all {epochs}.",
        epoch=run.epochs[-1].epoch if run.epochs else 0,
        epochs=run.spec.get("epochs", run.started.epochs if run.started else 0),
    )
    return (early,)


def _surroundings(folder: RunFolder, run: Run) -> tuple[str | None, int | None]:
    """The device and the threads that are recorded of a run; None where they cannot be read."""
    try:
        values = json.loads(folder.environment.read_text(encoding="utf-8"))
        device, threads = values["device"], values["threads"]
    except (OSError, ValueError, KeyError, TypeError):
        return (run.started.device, run.started.threads) if run.started else (None, None)
    return device if isinstance(device, str) else None, threads if isinstance(threads, int) else None


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UserError(tr("{file} cannot be read: {reason}.", file=path, reason=error.strerror or error)) from error
