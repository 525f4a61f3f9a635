"""The commands ``fmstudio runs …`` as they are typed. Neither torch nor Qt is loaded."""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from fmstudio.cli.input import one_of, run_named
from fmstudio.cli.options import Json, Library, RunName, RunNames
from fmstudio.cli.output import WrongUsageError, complain, guarded, print_json
from fmstudio.cli.runs import run_values, runs_text, sendable, whole_run_text, whole_run_values
from fmstudio.experiment.flat import at
from fmstudio.experiment.spec import ExperimentSpec
from fmstudio.runs.about import About
from fmstudio.runs.legible import plain_line
from fmstudio.runs.library import Library as RunLibrary
from fmstudio.runs.summary import RunSummary
from fmstudio.session.run_rows.columns import RunColumns
from fmstudio.session.run_rows.filter import RunText, read_filter
from fmstudio.words import marked, tr, tr_n

HELP = marked("List the runs.")
runs_app = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False)

SORTS: Mapping[str, Callable[[RunSummary], Any]] = {
    "id": lambda row: row.id,
    "name": lambda row: row.name.casefold(),
    "state": lambda row: row.state,
    "data": lambda row: at(row.spec, "dataset.kind"),
    "network": lambda row: at(row.spec, "architecture.kind"),
    "optimizer": lambda row: at(row.spec, "optimizer.kind"),
    "lr": lambda row: at(row.spec, "optimizer.lr"),
    "epochs": lambda row: row.epochs,
    "result": lambda row: row.best.get("test_accuracy", row.best.get("test_r2")),
    "seconds": lambda row: row.seconds,
    "started": lambda row: row.created,
}
"""What the runs can be sorted by."""


@runs_app.callback(invoke_without_command=True)
@guarded
def list_runs(
    context: typer.Context,
    text: Annotated[
        str,
        typer.Option(
            "--filter",
            metavar="TEXT",
            help=marked("Only runs with all these words, or that are as said: “adam lr>0.01 accuracy>=85% -tag:lab”."),
        ),
    ] = "",
    sort: Annotated[
        str,
        typer.Option(
            "--sort",
            metavar="COLUMN",
            help=marked("Sort by a column or a setting such as optimizer.lr; - before it: the largest first."),
        ),
    ] = "-started",
    trash: Annotated[bool, typer.Option("--trash", help=marked("List what lies in the trash."))] = False,
    as_json: Json = False,
    library: Library = None,
) -> None:
    """Print the runs, unless something else is asked for."""
    context.obj = library
    if context.invoked_subcommand is not None:
        return
    found = RunLibrary(library)
    rows = sorted_runs(filtered(found.trashed() if trash else found.summaries(), text), sort)
    for row in rows:
        if row.problem:
            complain(f"{plain_line(row.id)}: {row.problem}")
    if as_json:
        print_json(sendable([run_values(row) for row in rows]))
    elif rows:
        print(runs_text(rows))
    else:
        print(tr("No run matches that.") if text else tr("The trash is empty.") if trash else runs_text(()))


@runs_app.command("show", help=marked("Print one run whole."))
@guarded
def show_run(context: typer.Context, name: RunName, as_json: Json = False, library: Library = None) -> None:
    """Print what was to be done, and what happened."""
    values = sendable(whole_run_values(run_named(name, library or context.obj)))
    if as_json:
        print_json(values)
    else:
        print(whole_run_text(values))


@runs_app.command("describe", help=marked("Change a run's name, note, tags or star."))
@guarded
def describe_run(
    context: typer.Context,
    name: RunName,
    called: Annotated[str | None, typer.Option("--name", metavar="TEXT", help=marked("What it is called."))] = None,
    note: Annotated[str | None, typer.Option("--note", metavar="TEXT", help=marked("A note."))] = None,
    tags: Annotated[
        list[str] | None, typer.Option("--tag", metavar="TEXT", help=marked("Add a tag. Repeatable."))
    ] = None,
    untags: Annotated[
        list[str] | None, typer.Option("--untag", metavar="TEXT", help=marked("Take a tag away. Repeatable."))
    ] = None,
    star: Annotated[bool | None, typer.Option("--star/--no-star", help=marked("Mark it, or not."))] = None,
    as_json: Json = False,
    library: Library = None,
) -> None:
    """Write down what is said of a run, and print it."""
    if called is None and note is None and star is None and not tags and not untags:
        message = tr("Nothing is to be changed.")
        raise WrongUsageError(message, tr("Say what: --name, --note, --tag, --untag, --star or --no-star."))
    folder = run_named(name, library or context.obj).path.absolute()
    found = RunLibrary(folder.parent)
    before = found.summary(folder.name).about
    kept = [tag for tag in (*before.tags, *(tags or ())) if tag not in (untags or ())]
    given = {"name": called, "note": note, "star": star}
    changes: dict[str, Any] = {key: value for key, value in given.items() if value is not None}
    about: About = replace(before, tags=tuple(dict.fromkeys(kept)), **changes)
    found.describe(folder.name, before, about)
    _print([found.summary(folder.name)], as_json=as_json)


@runs_app.command("trash", help=marked("Put runs into the trash; “runs restore” takes them out again."))
@guarded
def trash_runs(context: typer.Context, names: RunNames, as_json: Json = False, library: Library = None) -> None:
    """Move runs into the trash."""
    found = RunLibrary(library or context.obj)
    ids = [_id_in(name, found) for name in names]
    _require(ids, [row.id for row in found.summaries()])
    moved = found.trash(ids)
    if as_json:
        print_json(sendable({"trashed": list(moved)}))
    else:
        print(tr_n("{count} run lies in the trash now.", "{count} runs lie in the trash now.", len(moved)))


@runs_app.command("restore", help=marked("Take runs out of the trash again."))
@guarded
def restore_runs(context: typer.Context, names: RunNames, as_json: Json = False, library: Library = None) -> None:
    """Move runs back into the library."""
    found = RunLibrary(library or context.obj)
    _require(names, [row.id for row in found.trashed()], tr("“fmstudio runs --trash” lists what lies there."))
    moved = found.restore(names)
    _print([found.summary(run_id) for run_id in moved], as_json=as_json)


@runs_app.command("empty-trash", help=marked("Delete for good what lies in the trash."))
@guarded
def empty_trash(
    context: typer.Context,
    yes: Annotated[bool, typer.Option("--yes", help=marked("Do it; without this nothing is deleted."))] = False,
    as_json: Json = False,
    library: Library = None,
) -> None:
    """Delete what lies in the trash, once that was said twice."""
    found = RunLibrary(library or context.obj)
    count = len(found.trashed())
    if count and not yes:
        message = tr_n("{count} run would be deleted for good.", "{count} runs would be deleted for good.", count)
        raise WrongUsageError(message, tr("Say --yes if that is what you want."))
    deleted = found.empty_trash() if yes else 0
    if as_json:
        print_json({"deleted": deleted})
    elif deleted:
        print(tr_n("{count} run is deleted for good.", "{count} runs are deleted for good.", deleted))
    else:
        print(tr("The trash is empty."))


def filtered(rows: Sequence[RunSummary], text: str) -> list[RunSummary]:
    """The rows that a filter lets through, which is written as the window's is.

    Raises:
        WrongUsageError: Where a part of it cannot be read.
    """
    read = read_filter(text, RunColumns(rows), RunText())
    if read.problems:
        raise WrongUsageError(tr("The filter cannot be read: {problem}", problem=" ".join(read.problems)))
    return read.apply(rows)


def sorted_runs(rows: Sequence[RunSummary], sort: str) -> list[RunSummary]:
    """Rows by a column, or a setting; those without a value stay at the end, however they are sorted."""
    column = sort.removeprefix("-")
    if "." not in column and column not in ExperimentSpec.model_fields:
        one_of(column, [*SORTS, *(f"-{name}" for name in SORTS)], "--sort")
    key = SORTS.get(column)
    pairs = [(key(row) if key else at(row.spec, column), row) for row in rows]
    known = [pair for pair in pairs if isinstance(pair[0], int | float | str)]
    known.sort(key=lambda pair: _order(pair[0]), reverse=sort.startswith("-"))
    held = {id(row) for _, row in known}
    return [row for _, row in known] + [row for row in rows if id(row) not in held]


def _order(value: float | str) -> tuple[bool, float, str]:
    return (True, 0.0, value.casefold()) if isinstance(value, str) else (False, float(value), "")


def _id_in(name: str, library: RunLibrary) -> str:
    """The id of a run of the library, of an id or a path."""
    path = Path(name).absolute()
    if os.sep not in name and "/" not in name:
        return name
    if os.path.realpath(path.parent) != os.path.realpath(library.root):
        message = tr("{path} is not in the library {folder}.", path=name, folder=str(library.root))
        raise WrongUsageError(message, tr("Say in which it is: --library."))
    return path.name


def _require(names: Sequence[str], known: Sequence[str], hint: str = "") -> None:
    """Refuse names of runs that are not there, before anything is done."""
    for name in names:
        if name not in known:
            message = tr("There is no run “{run}”.", run=plain_line(name))
            raise WrongUsageError(message, hint or tr("“fmstudio runs” lists the runs that there are."))


def _print(rows: Sequence[RunSummary], *, as_json: bool) -> None:
    if as_json:
        values = [run_values(row) for row in rows]
        print_json(sendable(values[0] if len(values) == 1 else values))
    else:
        print(runs_text(rows))
