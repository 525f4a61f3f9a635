"""The command ``fmstudio sweep`` as it is typed. Neither torch nor Qt is loaded before it is needed."""

import sys
from collections.abc import Iterable, Sequence
from typing import Annotated

import typer

from fmstudio.cli.input import spec_named
from fmstudio.cli.interruption import interruptible
from fmstudio.cli.options import Assignments, Json, Library, SpecName, Yes
from fmstudio.cli.output import INTERRUPTED, WRONG, WrongUsageError, complain, guarded, problem_words
from fmstudio.cli.surroundings import load
from fmstudio.experiment.draft import Draft
from fmstudio.experiment.spec import to_mapping
from fmstudio.experiment.sweep import MANY, MOST, Sweep, count_of
from fmstudio.experiment.sweep import sweep as made_of
from fmstudio.experiment.vary import Vary, parse_vary
from fmstudio.schema.problem import InvalidSpecError, Problem
from fmstudio.session.sweep_words import held_back_words, settings_words
from fmstudio.training.control import Control
from fmstudio.words import marked, tr, tr_n

HELP = marked("Train a spec with several values of a setting. The best is chosen by validation; Ctrl-C keeps all.")
_MOST_SHOWN = 20


@guarded
def sweep(
    name: SpecName,
    varied: Annotated[
        list[str] | None,
        typer.Option(
            "--vary",
            metavar="PATH=V1,V2,...",
            help=marked("Values of a setting: optimizer.lr=0.1,0.01, or a range of five: 0.001..0.1:5. Several cross."),
        ),
    ] = None,
    draws: Annotated[
        int, typer.Option("--random", metavar="N", min=0, help=marked("So many random combinations instead of all."))
    ] = 0,
    repeats: Annotated[
        int, typer.Option("--repeat", metavar="N", min=1, help=marked("Train each with so many seeds."))
    ] = 1,
    assignments: Assignments = None,
    library: Library = None,
    as_json: Json = False,
    yes: Yes = False,
) -> int:
    """Train several runs one after the other, and say which is best."""
    draft = to_mapping(spec_named(name, assignments or ()))
    wanted = _parsed(varied or (), draft)
    if not wanted and repeats < 2:
        message = tr("Nothing is varied.")
        raise WrongUsageError(message, tr("Say what is: {example}", example="--vary optimizer.lr=0.1,0.01"))
    planned = _planned(draft, wanted, draws, repeats, yes=yes)
    if planned is None:
        return WRONG
    control = Control()
    with interruptible(control):
        run = load("fmstudio.cli.sweep_training.train_all")
        status: int = INTERRUPTED if control.stopped else run(draft, planned, control, library, as_json=as_json)
    return status


def _parsed(texts: Iterable[str], draft: Draft) -> list[Vary]:
    """What is varied.

    Raises:
        InvalidSpecError: With every problem.
    """
    found: list[Vary] = []
    problems: list[Problem] = []
    for text in texts:
        try:
            found.append(parse_vary(text, draft))
        except InvalidSpecError as error:
            problems += error.problems
    paths = [one.path for one in found]
    twice = dict.fromkeys(path for path in paths if paths.count(path) > 1)
    problems += (Problem(path, tr("is varied twice: name all its values behind one --vary")) for path in twice)
    if problems:
        raise InvalidSpecError(problems)
    return found


def _planned(draft: Draft, varied: Sequence[Vary], draws: int, repeats: int, *, yes: bool) -> Sweep | None:
    """The runs that are to be made; None where a person does not want them.

    Raises:
        UserError: Where they would be far too many.
    """
    count = (count_of(varied, draws) if varied else 1) * repeats
    if MANY < count <= MOST and not (yes or _agreed(tr("These are {count} runs. Train them all?", count=f"{count:,}"))):
        complain(tr("These are {count} runs: with --yes they are trained.", count=f"{count:,}"))
        return None
    planned = made_of(draft, varied, draws if varied else 0, repeats, most=MOST)
    if planned.invalid:
        complain(*_what_is_wrong(draft, planned))
        rest = len(planned.valid)
        question = tr_n("Train the other {count} run?", "Train the other {count} runs?", rest)
        if not rest or not (yes or _agreed(question)):
            if rest:
                complain(
                    tr_n("With --yes the other one is trained.", "With --yes the other {count} are trained.", rest)
                )
            return None
    spec = planned.valid[0].spec
    if spec is not None and planned.held_back:
        complain(held_back_words(spec))
    return planned


def _what_is_wrong(draft: Draft, planned: Sweep) -> list[str]:
    """Which runs cannot be made, and why: each reason once, with what it is about."""
    lines = [
        tr_n("{count} of {all} runs cannot be made:", "{count} of {all} runs cannot be made:", len(planned.invalid),
             all=len(planned.variants))
    ]  # fmt: skip
    for problem in planned.problems:
        about = [one for one in planned.invalid if str(problem) in map(str, one.problems)]
        names = "; ".join(settings_words(draft, one.settings) for one in about[:_MOST_SHOWN])
        more = " …" if len(about) > _MOST_SHOWN else ""
        lines.append(f"  {problem_words(problem)}  [{names}{more}]")
    return lines


def _agreed(question: str) -> bool:
    """Whether a person says yes; where there is none, the safe answer."""
    return sys.stdin.isatty() and typer.confirm(question, err=True)
