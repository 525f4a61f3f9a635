"""``fmstudio labels``: the labels of a run's pictures that are worth a look. Needs torch."""

import csv
import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from fmstudio.catalog.datasets import Pictures
from fmstudio.cli.network import spec_here as spec_here
from fmstudio.cli.output import DONE, INTERRUPTED, WrongUsageError, complain, print_json, table
from fmstudio.data.corrections import pictures_of
from fmstudio.data.library import ImageData
from fmstudio.experiment.spec import ExperimentSpec
from fmstudio.export.spreadsheet import safe_cell
from fmstudio.insight.cross_check import cross_check
from fmstudio.insight.data_check import DataCheck, Suspect, check_data, doubted, worth_a_look
from fmstudio.insight.score import counted_answers
from fmstudio.runs.held_out import BESIDE, FOLDS, CrossProgress, HeldOut
from fmstudio.runs.store import RunFolder, load_run
from fmstudio.training.control import Control
from fmstudio.training.evaluation import evaluate_weights
from fmstudio.training.events import Predictions
from fmstudio.words import tr, tr_n

LIMIT = 50
"""So many are printed where nothing else is asked for."""
Tell = Callable[[str, float], None]
_COLUMNS = ("split", "index", "label", "label_name", "suggested", "suggested_name", "score", "reasons", "duplicates")


@dataclass(frozen=True)
class Listed:
    """What was found.

    Attributes:
        run: The run's id.
        data: Its pictures.
        check: What was found without a network.
        suspects: The pictures that are worth a look, the gravest first.
    """

    run: str
    data: ImageData
    check: DataCheck
    suspects: tuple[Suspect, ...]


def find_labels(folder: RunFolder, split: str, folds: int, control: Control) -> Listed | None:
    """Look for labels that are worth a look, and tell on stderr how far it is.

    Args:
        folder: The run.
        split: ``"train"``, ``"test"`` or ``"all"``.
        folds: How many networks are trained to ask about the training pictures.
        control: Stops it; what was computed by then is kept for the next time.

    Returns:
        What was found; None where it was stopped.

    Raises:
        UserError: Where the run cannot be used.
    """
    spec = spec_here(folder)
    if not isinstance(spec.dataset, Pictures):
        message = tr("Run {run} was trained on numbers, not on pictures.", run=folder.path.name)
        raise WrongUsageError(message, tr("Choose a run that was trained on pictures."))
    data = pictures_of(spec.dataset, spec.seed)
    with _progress() as tell:
        check = _data_check(data, control, tell)
        doubts = []
        if split != "train" and not control.stopped:
            doubts.append(doubted("test", _test_answers(folder, spec)))
        if split != "test" and not control.stopped:
            answers = _held_out_answers(HeldOut(folder.path / BESIDE, spec, folds), control, tell)
            doubts += [doubted("train", answers)] if answers else []
    if control.stopped or check is None:
        return None
    found = worth_a_look(check, *doubts)
    return Listed(folder.path.name, data, check, tuple(one for one in found if split in ("all", one.split)))


def _data_check(data: ImageData, control: Control, tell: Tell) -> DataCheck | None:
    for said in check_data(data):
        if isinstance(said, DataCheck):
            return said
        if control.stopped:
            return None
        tell(tr("Comparing all pictures"), said)
    return None


def _test_answers(folder: RunFolder, spec: ExperimentSpec) -> Predictions:
    """What the run's network says of the test pictures: as it was kept, else asked again."""
    kept = counted_answers(load_run(folder))
    if kept is not None and len(kept) == spec.dataset.test_used:
        return kept
    answers = evaluate_weights(spec, folder.weights, "test")
    assert isinstance(answers, Predictions)
    return answers


def _held_out_answers(held_out: HeldOut, control: Control, tell: Tell) -> Predictions | None:
    for said in cross_check(held_out, control):
        if isinstance(said, Predictions):
            return said
        if isinstance(said, CrossProgress):
            tell(tr("Training network {fold} of {folds}", fold=said.fold, folds=said.folds), said.share)
    return None


@contextmanager
def _progress() -> Iterator[Tell]:
    """A bar on stderr where it is a terminal, else a line for every new stage."""
    console = Console(stderr=True, highlight=False, markup=False, emoji=False)
    if not console.is_terminal:
        yield _Lines().tell
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("", total=1.0)
        yield lambda words, share: progress.update(task, description=words, completed=share)


class _Lines:
    """Tells each stage once."""

    def __init__(self) -> None:
        self._told = ""

    def tell(self, words: str, share: float) -> None:
        """Say a stage that is new."""
        if words != self._told:
            self._told = words
            complain(words)


# ── What is printed


def labels_values(listed: Listed, limit: int) -> dict[str, Any]:
    """What was found, as JSON values.

    Args:
        listed: What was found.
        limit: How many pictures at most; 0: all.
    """
    names = listed.data.classes
    return {
        "run": listed.run,
        "count": len(listed.suspects),
        "labels": [_values(one, names) for one in _first(listed, limit)],
        "duplicates": [
            {
                "pictures": [[split, index, label] for (split, index), label in group.members],
                "exact": group.exact,
                "across": group.across,
                "two_labels": group.disagrees,
            }
            for group in listed.check.groups or ()
        ],
        "classes": [
            {"name": name, "train": train, "test": test}
            for name, train, test in zip(names, listed.check.counts, listed.check.test_counts, strict=True)
        ],
    }


def labels_csv(listed: Listed, limit: int) -> str:
    """What was found as a table for another program, one picture a line."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for one in _first(listed, limit):
        values = _values(one, listed.data.classes)
        values["reasons"] = " ".join(values["reasons"])
        values["duplicates"] = " ".join(f"{split}:{index}" for split, index in values["duplicates"])
        cells = ("" if values[name] is None else values[name] for name in _COLUMNS)
        writer.writerow([safe_cell(cell) if isinstance(cell, str) else cell for cell in cells])
    return text.getvalue()


def labels_text(listed: Listed, limit: int) -> str:
    """What was found for a reader."""
    names, shown = listed.data.classes, _first(listed, limit)
    titles = (tr("Picture"), tr("Label"), tr("Perhaps"), tr("Doubt"), tr("Why"))
    rows = [titles] + [
        (
            f"{one.split} {one.index:,}",
            tr(names[one.label]),
            tr(names[one.suggested]) if one.suggested >= 0 else "–",
            f"{one.score:.2f}" if one.score else "–",
            one.words,
        )
        for one in shown
    ]
    lines = [table(rows, right=(3,)), ""] if shown else []
    lines += _summary(listed)
    if len(shown) < len(listed.suspects):
        lines.append(tr("Only the first {count} are shown; --limit 0 shows all.", count=f"{len(shown):,}"))
    return "\n".join(lines)


def _summary(listed: Listed) -> Iterator[str]:
    check = listed.check
    groups = check.groups or ()
    across = sum(group.across for group in groups)
    yield tr_n("{count:,} label is worth a look.", "{count:,} labels are worth a look.", len(listed.suspects))
    yield tr_n(
        "{count:,} picture is there more than once, {across} in both splits.",
        "{count:,} pictures are there more than once, {across} in both splits.",
        len(groups),
        across=across,
    )
    yield tr_n("{count:,} picture is empty.", "{count:,} pictures are empty.", len(check.empty))
    least, most = int(np.argmin(check.counts)), int(np.argmax(check.counts))
    if check.balanced:
        yield tr("The classes are in balance.")
    else:
        names = listed.data.classes
        yield tr(
            "The classes are out of balance: {most} training pictures of {large}, {least} of {small}.",
            most=f"{check.counts[most]:,}", large=tr(names[most]),
            least=f"{check.counts[least]:,}", small=tr(names[least]),
        )  # fmt: skip


def _first(listed: Listed, limit: int) -> tuple[Suspect, ...]:
    return listed.suspects[:limit] if limit else listed.suspects


def _values(one: Suspect, names: tuple[str, ...]) -> dict[str, Any]:
    known = one.suggested >= 0
    return {
        "split": one.split,
        "index": one.index,
        "label": one.label,
        "label_name": names[one.label],
        "suggested": one.suggested if known else None,
        "suggested_name": names[one.suggested] if known else None,
        "score": one.score,
        "reasons": list(one.reasons),
        "duplicates": [list(twin) for twin in one.twins],
    }


def print_labels(
    folder: RunFolder, split: str, control: Control, *, folds: int = FOLDS, limit: int = LIMIT, form: str = "text"
) -> int:
    """Look for labels that are worth a look, and print them.

    Args:
        folder: The run.
        split: ``"train"``, ``"test"`` or ``"all"``.
        control: Stops it.
        folds: How many networks are trained to ask about the training pictures.
        limit: How many pictures at most; 0: all.
        form: ``"text"``, ``"csv"`` or ``"json"``.

    Returns:
        The exit status.
    """
    listed = find_labels(folder, split, folds, control)
    if listed is None:
        complain(tr("Stopped; what was computed is kept for the next time."))
        return INTERRUPTED
    if form == "json":
        print_json(labels_values(listed, limit))
    else:
        print(
            labels_csv(listed, limit) if form == "csv" else labels_text(listed, limit),
            end="" if form == "csv" else "\n",
        )
    return DONE
