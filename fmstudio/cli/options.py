"""The arguments and options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

from fmstudio.words import marked

Assignments = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="PATH=VALUE", help=marked("Change a setting: --set optimizer.lr=0.1. Repeatable.")),
]
Library = Annotated[
    Path | None, typer.Option("--library", metavar="DIR", help=marked("The folder that holds the runs."))
]
Yes = Annotated[bool, typer.Option("--yes", help=marked("Answer yes where a person would be asked."))]
Json = Annotated[bool, typer.Option("--json", help=marked("Print JSON for another program."))]
SpecName = Annotated[
    str, typer.Argument(metavar="SPEC.json|LESSON", help=marked("A spec's file, - for stdin, or a lesson's name."))
]
RunName = Annotated[str, typer.Argument(metavar="RUN", help=marked("A run's id, or the path of its folder."))]
RunNames = Annotated[
    list[str], typer.Argument(metavar="RUN...", help=marked("The ids of runs, or the paths of their folders."))
]
