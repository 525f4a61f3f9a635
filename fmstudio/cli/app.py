"""The command line. Neither torch nor Qt is loaded before a command needs it."""

import functools
import gc
from collections.abc import Sequence
from dataclasses import asdict
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any

import typer

from fmstudio import words
from fmstudio.cli.compare import compare as compare_runs
from fmstudio.cli.compare import comparison_text
from fmstudio.cli.doctor import examination_text, examine
from fmstudio.cli.evaluation_text import evaluation_text
from fmstudio.cli.export import FORMS, STDOUT, check_target, exported_text, exported_values
from fmstudio.cli.export import export as export_run
from fmstudio.cli.input import one_of, run_named, size_of, spec_named
from fmstudio.cli.interruption import interruptible
from fmstudio.cli.labels_command import HELP as LABELS_HELP
from fmstudio.cli.labels_command import labels
from fmstudio.cli.listings import (
    catalog_text,
    catalog_values,
    lesson_values,
    lessons_text,
    predictions_text,
)
from fmstudio.cli.options import Assignments, Json, Library, RunName, SpecName, Yes
from fmstudio.cli.output import DONE, INTERRUPTED, LACKING, attempt, complain, guarded, print_json
from fmstudio.cli.preflight import FIND_RATE_HELP, PREFLIGHT_HELP, find_rate, preflight
from fmstudio.cli.runs_command import HELP as RUNS_HELP
from fmstudio.cli.runs_command import runs_app
from fmstudio.cli.surroundings import load, require_window
from fmstudio.cli.sweep import HELP as SWEEP_HELP
from fmstudio.cli.sweep import sweep
from fmstudio.experiment.lessons import FIRST, lesson_problems, lessons
from fmstudio.experiment.spec import to_mapping
from fmstudio.training.control import Control
from fmstudio.version import about_build
from fmstudio.words import LANGUAGES, marked, tr

app = typer.Typer(
    name="fmstudio",
    help=marked("Train neural networks, watch them learn, and look at what they got wrong. Alone it opens the window."),
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.add_typer(runs_app, name="runs", help=RUNS_HELP)


@app.callback(invoke_without_command=True)
@guarded
def window(
    context: typer.Context,
    demo: Annotated[
        bool, typer.Option("--demo", help=marked("Perform the first run and save pictures of it."))
    ] = False,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help=marked("Where --demo saves its pictures."))
    ] = None,
    language: Annotated[
        str | None, typer.Option("--language", metavar="|".join(LANGUAGES), help=marked("The language."))
    ] = None,
    theme: Annotated[
        str | None, typer.Option("--theme", metavar="light|dark", help=marked("The colours of the window."))
    ] = None,
    size: Annotated[
        str | None, typer.Option("--size", metavar="WIDTHxHEIGHT", help=marked("The size of the window: 1280x720."))
    ] = None,
    library: Library = None,
    version: Annotated[bool, typer.Option("--version", help=marked("Print the version."))] = False,
) -> int | None:
    """Open the window, or let it perform its demo."""
    if language is not None:
        one_of(language, LANGUAGES, "--language")
        words.set_language(language)
    if theme is not None:
        one_of(theme, ("light", "dark"), "--theme")
    look: dict[str, Any] = {"language": language, "theme": theme, "size": size_of(size)}
    context.obj = look
    if version:
        print(f"fmstudio {about_build().text}")
        raise typer.Exit
    if out is not None and not demo:
        raise typer.BadParameter(tr("goes with --demo only"), param_hint="--out")
    if context.invoked_subcommand is not None:
        if demo or library is not None:
            option = "--demo" if demo else "--library"
            raise typer.BadParameter(tr("does not stand before a command"), param_hint=option)
        return DONE
    require_window()
    if demo:
        return _shown("fmstudio.ui.demo.run", out or Path("fmstudio-demo"), library=library, **look)
    return _shown("fmstudio.ui.application.run", library=library, **look)


@app.command("open", help=marked("Open something in the window: a run, spec, lesson, figure or data folder."))
@guarded
def open_paths(
    context: typer.Context,
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help=marked("What to open."))],
    library: Library = None,
) -> int:
    """Open the window with something in it."""
    require_window()
    return _shown("fmstudio.ui.application.run", paths=paths, library=library, **context.obj)


@app.command(help=marked("Train a spec or a lesson. Ctrl-C stops the training and keeps what was learned."))
@guarded
def train(
    name: SpecName,
    assignments: Assignments = None,
    library: Library = None,
    as_json: Json = False,
    yes: Yes = False,
) -> int:
    """Train, and show how it goes."""
    spec = spec_named(name, assignments or ())
    control = Control()
    with interruptible(control):
        run = load("fmstudio.cli.training.train")
        status: int = INTERRUPTED if control.stopped else run(spec, control, library, as_json=as_json)
    return status


@app.command(help=marked("Let a run that was stopped or cut off go on, bit for bit as if it had never stopped."))
@guarded
def resume(name: RunName, library: Library = None, as_json: Json = False, yes: Yes = False) -> int:
    """Go on, and show how it goes."""
    folder = run_named(name, library)
    control = Control()
    with interruptible(control):
        run = load("fmstudio.cli.training.resume")
        status: int = INTERRUPTED if control.stopped else run(folder, control, library, as_json=as_json, yes=yes)
    return status


@app.command(help=marked("Print a whole spec as JSON. What a file leaves out takes its default."))
@guarded
def spec(name: SpecName = FIRST, assignments: Assignments = None) -> None:
    """Print a whole, valid spec."""
    print_json(to_mapping(spec_named(name, assignments or ())))


@app.command(help=marked("List every choice with its settings, limits and help."))
@guarded
def catalog(as_json: Json = False) -> None:
    """Print the catalogue."""
    if as_json:
        print_json(catalog_values())
    else:
        print(catalog_text())


@app.command("lessons", help=marked("List the lessons."))
@guarded
def list_lessons(as_json: Json = False) -> None:
    """Print the lessons, and what is wrong with the files that hold none."""
    if as_json:
        print_json([lesson_values(one) for one in lessons()])
    else:
        print(lessons_text(lessons()))
    for error in lesson_problems():
        complain(error.message, error.hint)


@app.command(
    help=marked("Say how many a run's network has right. Prints per-class figures and the confusion matrix too.")
)
@guarded
def evaluate(
    name: RunName,
    split: Annotated[str, typer.Option("--split", metavar="train|test", help=marked("Which pictures."))] = "test",
    as_json: Json = False,
    library: Library = None,
) -> None:
    """Ask the network about all pictures of a split."""
    one_of(split, ("train", "test"), "--split")
    values = load("fmstudio.cli.network.evaluate")(run_named(name, library), split)
    if as_json:
        print_json(values)
    else:
        print(evaluation_text(values))


@app.command(help=marked("Ask a run's network what picture files show."))
@guarded
def predict(
    name: RunName,
    images: Annotated[list[Path], typer.Argument(metavar="IMAGE...", help=marked("Picture files of any size."))],
    as_json: Json = False,
    library: Library = None,
) -> None:
    """Print classes with probabilities."""
    values = load("fmstudio.cli.network.predict")(run_named(name, library), images)
    if as_json:
        print_json(values)
    else:
        print(predictions_text(values))


@app.command(help=marked("Compare two runs on the same test pictures: what the second one fixes and breaks."))
@guarded
def compare(first: RunName, second: RunName, as_json: Json = False, library: Library = None) -> None:
    """Print what the second run fixes and breaks, and whether that is more than chance."""
    values = compare_runs(run_named(first, library), run_named(second, library), library)
    if as_json:
        print_json(values)
    else:
        print(comparison_text(values))


@app.command(help=marked("Take a run along: as a plain PyTorch program, its weights, an ONNX network, or a report."))
@guarded
def export(
    name: RunName,
    form: Annotated[str, typer.Option("--as", metavar="|".join(FORMS), help=marked("What to write."))],
    out: Annotated[
        str, typer.Option("--out", metavar="FILE", help=marked("Where to write it; - prints text to stdout."))
    ],
    library: Library = None,
    as_json: Json = False,
    yes: Yes = False,
) -> None:
    """Write a run for another program."""
    one_of(form, FORMS, "--as")
    if as_json and out == STDOUT:
        raise typer.BadParameter(tr("does not go with --out -"), param_hint="--json")
    folder = run_named(name, library)
    check_target(out, form, replace=yes, folder=folder)
    done = export_run(folder, form, out, accept=yes)
    if as_json:
        print_json(exported_values(done))
    elif out != STDOUT:
        print(exported_text(done))


app.command("sweep", help=SWEEP_HELP)(sweep)
app.command("find-rate", help=FIND_RATE_HELP)(find_rate)
app.command("preflight", help=PREFLIGHT_HELP)(preflight)
app.command("labels", help=LABELS_HELP)(labels)


@app.command(help=marked("Say what is missing here, and how to mend it. Looks at versions, devices, data and folders."))
@guarded
def doctor(as_json: Json = False, library: Library = None) -> int:
    """Print what was found; fails with the status of a lacking environment where something is broken."""
    found = examine(library)
    if as_json:
        print_json({**asdict(found), "healthy": found.healthy})
    else:
        print(examination_text(found))
    return DONE if found.healthy else LACKING


def main(arguments: Sequence[str]) -> int:
    """Run the command line in the language of the system, or the one that is asked for.

    Args:
        arguments: What was typed behind the program's name.

    Returns:
        The exit status; where the command line was wrong, SystemExit is raised instead.
    """
    words.set_language(_language_asked_for(arguments) or words.system_language())
    command = typer.main.get_command(app)
    _translate(command)
    return attempt(functools.partial(command.main, list(arguments), prog_name="fmstudio"))


def _language_asked_for(arguments: Sequence[str]) -> str:
    """The value of ``--language``, which is wanted before the arguments are parsed: ``--help`` speaks it too."""
    for argument, following in pairwise([*arguments, ""]):
        if argument == "--language":
            return following
        if argument.startswith("--language="):
            return argument.partition("=")[2]
    return ""


def _translate(command: Any) -> None:
    """Put the help of a command (of typer's, whose classes are private) into the language, unknown when declared."""
    for explained in (command, *command.params):
        explained.help = tr(getattr(explained, "help", None) or "")
    for inner in getattr(command, "commands", {}).values():
        _translate(inner)


def _shown(name: str, *arguments: object, **named: object) -> int:
    """Open the window by the function of that name: the one place where the command line reaches the window.

    Collecting garbage waits until the window is painted: nothing that start-up makes is garbage.
    """
    gc.disable()
    status: int = load(name)(*arguments, **named)
    return status
