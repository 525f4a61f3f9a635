"""What the command line says of two runs on the same test pictures. Torch only where a run recorded no answers."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fmstudio.cli.output import WrongUsageError, percent, table
from fmstudio.cli.surroundings import load
from fmstudio.data.library import load_images
from fmstudio.errors import UserError
from fmstudio.experiment.draft import get
from fmstudio.insight.score import counted_answers
from fmstudio.insight.seed_bands import SeedComparison, beside_seeds, method_words
from fmstudio.insight.two_runs import TwoRuns, compare_runs, require_comparable
from fmstudio.insight.two_runs_words import (
    agreement_words,
    caution_words,
    counted_words,
    difference_words,
    points,
    seeds_words,
    single_training_words,
    verdict_sentence,
)
from fmstudio.runs.library import Library
from fmstudio.runs.run import Run
from fmstudio.runs.store import RunFolder, load_run
from fmstudio.training.events import Predictions
from fmstudio.words import tr


def compare(a: RunFolder, b: RunFolder, library: Path | None = None) -> dict[str, Any]:
    """Two runs on the same test pictures: what the second one mends and breaks, and whether that is more than chance.

    What both recorded is taken; the network of a run that recorded nothing is asked.

    Args:
        a: The first run.
        b: The second run.
        library: Where the repetitions of both with other seeds lie, which tell how much chance there is.

    Raises:
        UserError: Where they cannot be compared, or one of them cannot be read.
    """
    first, second = load_run(a), load_run(b)
    try:
        require_comparable(first, second)
    except UserError as error:
        raise WrongUsageError(error.message, error.hint) from error
    given = _answers(a, first), _answers(b, second)
    try:
        two = compare_runs(first, second, *given)
    except UserError as error:
        raise WrongUsageError(error.message, error.hint) from error
    low, high = two.interval
    seeds = _seeds(a, b, library)
    return {
        "a": _run_values(first, two.a),
        "b": _run_values(second, two.b),
        "count": len(two),
        "left_out": two.left_out,
        "relabelled": two.relabelled,
        "fixed": two.fixed,
        "broken": two.broken,
        "both_right": two.count("right"),
        "both_wrong": two.count("wrong"),
        "difference": two.difference,
        "interval": [low, high],
        "p": two.p,
        "better": two.winner or None,
        "agreement": two.agreement,
        "seeds": _seed_values(seeds) if seeds else None,
        "sentence": verdict_sentence(two),
        **_class_values(first, two),
        "words": [*_words(two, seeds), "\n\n".join([caution_words(), *([method_words()] if seeds else [])])],
    }


def _words(two: TwoRuns, seeds: SeedComparison | None) -> list[str]:
    """What is said of the two as in the window, without what the method knows and does not know."""
    said = [difference_words(two), agreement_words(two), counted_words(two)]
    if seeds:
        said.insert(1, seeds_words(seeds))
    elif two.winner:
        said.append(single_training_words())
    return said


def _seeds(a: RunFolder, b: RunFolder, library: Path | None) -> SeedComparison | None:
    """The two recipes by all their repetitions in the library; None where one of them was not repeated there."""
    paths = [folder.path.resolve() for folder in (a, b)]
    try:
        rows = Library(library).summaries()
    except UserError:  # the two lie elsewhere, and can be compared all the same
        return None
    known = {Path(row.folder).resolve(): row for row in rows}
    first, second = (known.get(path) for path in paths)
    return beside_seeds(first, second, rows) if first and second else None


def _seed_values(seeds: SeedComparison) -> dict[str, Any]:
    return {
        "figure": seeds.figure,
        "counts": list(seeds.counts),
        "means": list(seeds.means),
        "difference": seeds.difference,
        "interval": [seeds.low, seeds.high],
        "beyond": seeds.beyond,
        "sentence": seeds_words(seeds),
    }


def _answers(folder: RunFolder, run: Run) -> Predictions | None:
    """What a run's network says of its test pictures, where that was not recorded."""
    if counted_answers(run) is not None:
        return None
    answers: Predictions = load("fmstudio.cli.network.answers")(folder, "test")
    return answers


def _run_values(run: Run, answers: Predictions) -> dict[str, Any]:
    return {"run": run.id, "name": run.name, "right": int(answers.right.sum()), "accuracy": answers.accuracy}


def _class_values(run: Run, two: TwoRuns) -> dict[str, Any]:
    names = load_images(str(get(run.spec, "dataset.kind"))).classes
    classes = [
        {
            "name": names[one.label],
            "support": one.support,
            "fixed": one.fixed,
            "broken": one.broken,
            "right_a": one.right_a,
            "right_b": one.right_b,
        }
        for one in two.per_class
    ]
    return {"classes": classes, "difference_matrix": two.matrix.tolist()}


def comparison_text(values: Mapping[str, Any]) -> str:
    """The comparison for a reader."""
    return "\n\n".join(
        [
            table([_run_row(key, values[key]) for key in ("a", "b")], right=(3,)),
            values["sentence"] + "\n" + "\n".join(values["words"][:-1]),
            table(
                [
                    ("", tr("B right"), tr("B wrong")),
                    (tr("A right"), f"{values['both_right']:,}", f"{values['broken']:,}"),
                    (tr("A wrong"), f"{values['fixed']:,}", f"{values['both_wrong']:,}"),
                ],
                right=(1, 2),
            ),
            _classes_text(values),
            values["words"][-1],
        ]
    )


def _run_row(key: str, run: Mapping[str, Any]) -> tuple[str, ...]:
    name = tr(run["name"]) if run["name"] else ""
    return key.upper(), run["run"], name, tr("{share} right", share=percent(run["accuracy"]))


def _classes_text(values: Mapping[str, Any]) -> str:
    rows = [(tr("Class"), tr("Pictures"), tr("Fixed"), tr("Broken"), "B − A")]
    for one in values["classes"]:
        change = (one["fixed"] - one["broken"]) / one["support"] if one["support"] else None
        said = "–" if change is None else points(change)
        rows.append((tr(one["name"]), f"{one['support']:,}", f"{one['fixed']:,}", f"{one['broken']:,}", said))
    return table(rows, right=(1, 2, 3, 4))
