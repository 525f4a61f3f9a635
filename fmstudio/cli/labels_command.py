"""The command ``fmstudio labels`` as it is typed. Neither torch nor Qt is loaded before it is needed."""

from pathlib import Path
from typing import Annotated

import typer

from fmstudio.cli.input import one_of, run_named
from fmstudio.cli.interruption import interruptible
from fmstudio.cli.output import guarded
from fmstudio.cli.surroundings import load
from fmstudio.runs.held_out import FOLDS
from fmstudio.training.control import Control
from fmstudio.words import marked, tr

HELP = marked("List the labels that are worth a look. Networks that did not learn from a picture are asked about it.")
_SPLITS = ("train", "test", "all")


@guarded
def labels(
    name: Annotated[str, typer.Argument(metavar="RUN", help=marked("A run's id, or the path of its folder."))],
    as_csv: Annotated[bool, typer.Option("--csv", help=marked("Print a table for another program."))] = False,
    as_json: Annotated[bool, typer.Option("--json", help=marked("Print JSON for another program."))] = False,
    limit: Annotated[
        int, typer.Option("--limit", metavar="N", min=0, help=marked("How many pictures at most; 0: all."))
    ] = 50,
    split: Annotated[str, typer.Option("--split", metavar="train|test|all", help=marked("Which pictures."))] = "all",
    folds: Annotated[
        int,
        typer.Option("--folds", metavar="K", min=2, max=20, help=marked("How many networks are trained to be asked.")),
    ] = FOLDS,
    library: Annotated[
        Path | None, typer.Option("--library", metavar="DIR", help=marked("The folder that holds the runs."))
    ] = None,
) -> int:
    """Print the pictures whose labels are worth a look."""
    one_of(split, _SPLITS, "--split")
    if as_csv and as_json:
        raise typer.BadParameter(tr("does not go with --json"), param_hint="--csv")
    form = "csv" if as_csv else "json" if as_json else "text"
    folder, control = run_named(name, library), Control()
    with interruptible(control):
        show = load("fmstudio.cli.labels.print_labels")
        status: int = show(folder, split, control, folds=folds, limit=limit, form=form)
    return status
