"""What ``fmstudio export`` writes of a run: a plain program, the weights, an ONNX network, or a report."""

from pathlib import Path
from typing import Any, cast

from fmstudio.cli.output import WrongUsageError, complain
from fmstudio.cli.surroundings import LackingError, load
from fmstudio.export.forms import FORMS as FORMS
from fmstudio.export.forms import TEXTS, WRITERS, Exported, Form, Writer, beside
from fmstudio.runs.store import RunFolder
from fmstudio.words import tr

STDOUT = "-"


def check_target(out: str, form: str, *, replace: bool, folder: RunFolder | None = None) -> None:
    """Refuse a place before any work is done.

    Args:
        out: A file's path, or ``-`` for the standard output.
        form: One of ``FORMS``.
        replace: Whether files that are there may be replaced.
        folder: The run, which decides what else is written.

    Raises:
        WrongUsageError: Where it must not or cannot be written there.
        LackingError: Where a package is missing that the form needs.
    """
    wanted, path = cast(Form, form), Path(out)
    if out == STDOUT:
        if wanted not in TEXTS:
            raise WrongUsageError(_no_text(wanted), tr("Name one behind --out."))
        return
    if path.is_dir():
        raise WrongUsageError(tr("{file} is a folder.", file=out), tr("Name a file behind --out."))
    if not path.parent.is_dir():
        raise WrongUsageError(tr("There is no folder {folder}.", folder=path.parent), tr("Make it first."))
    for file in (path, *(beside(folder.path, wanted, path) if folder else ())):
        if file.exists() and not replace:
            raise WrongUsageError(tr("{file} is there already.", file=file), tr("With --yes it is replaced."))
    if wanted == "onnx" and not load("fmstudio.export.onnx_file.installed")():
        missing = load("fmstudio.export.onnx_file.not_installed")()
        raise LackingError(missing.message, missing.hint)


def export(folder: RunFolder, form: str, out: str, *, accept: bool = False) -> Exported:
    """Write a run in some form.

    Args:
        folder: The run.
        form: One of ``FORMS``.
        out: A file's path, or ``-`` for the standard output.
        accept: Whether also an ONNX network is written that does not do quite the same.

    Raises:
        UserError: Where the run lacks what is asked for, or the file cannot be written.
    """
    wanted = cast(Form, form)
    done = _printed(folder, wanted) if out == STDOUT else _written(folder, wanted, Path(out), accept)
    if done.notes:
        complain(*done.notes)
    return done


def _written(folder: RunFolder, form: Form, out: Path, accept: bool) -> Exported:
    write: Writer = load(WRITERS[form])
    return write(folder.path, out, accept=accept)


def _printed(folder: RunFolder, form: Form) -> Exported:
    content: str = load(TEXTS[form])(folder.path)
    notes: tuple[str, ...] = ()
    if form == "script":
        notes = load("fmstudio.export.script_file.notes_of")(folder.path)
    print(content, end="")
    return Exported(run=folder.path.name, form=form, file=STDOUT, bytes=len(content.encode()), notes=notes)


def exported_values(done: Exported) -> dict[str, Any]:
    """What was written, as JSON values."""
    values: dict[str, Any] = {"run": done.run, "as": done.form, "file": done.file, "bytes": done.bytes}
    if done.also:
        values["also"] = list(done.also)
    if done.difference is not None:
        values["checked"] = {"samples": done.samples, "largest_difference": done.difference}
    return values


def exported_text(done: Exported) -> str:
    """What was written, a line for each file."""
    facts = {"run": done.run, "file": done.file}
    lines = {
        "script": tr("The program of run {run} is in {file}", **facts),
        "weights": tr("The weights of run {run} are in {file}", **facts),
        "onnx": tr("The network of run {run} is in {file}", **facts),
        "report": tr("The report of run {run} is in {file}", **facts),
    }
    text = [lines[done.form]]
    if done.difference is not None:
        values = {"difference": f"{done.difference:.1e}", "count": done.samples}
        text.append(tr("It differs from the network by at most {difference} on {count} test samples.", **values))
    return "\n".join([*text, *(tr("Beside it: {file}", file=file) for file in done.also)])


def _no_text(form: Form) -> str:
    if form == "weights":
        return tr("Weights are no text: they need a file.")
    return tr("An ONNX network is no text: it needs a file.")
