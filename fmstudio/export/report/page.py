"""A run as one HTML file that needs nothing else: result, curves, matrix, mistakes, settings, and how to repeat it.

Everything that a person has written stands in it as plain text; there are no scripts and no links to elsewhere.
"""

import contextlib
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from html import escape
from pathlib import Path
from typing import Any

from fmstudio import __version__, words
from fmstudio.catalog.datasets import Pictures
from fmstudio.data.corrections import pictures_dataset, pictures_of
from fmstudio.data.library import ImageData
from fmstudio.errors import UserError
from fmstudio.export.forms import Exported
from fmstudio.export.report.curves import curves
from fmstudio.export.report.numbers import numbers, rule
from fmstudio.export.report.pictures import mistakes
from fmstudio.export.report.settings import settings
from fmstudio.export.report.style import STYLE
from fmstudio.export.report.tables import calibration, class_table, matrix, pairs_table
from fmstudio.insight.number_score import number_headline, number_score, off_words
from fmstudio.insight.regression import dataset_of, learns_numbers
from fmstudio.insight.score import counted_answers, counted_words, final_sentence, headline, meaning, score
from fmstudio.runs.about import About, read_about
from fmstudio.runs.legible import environment_of
from fmstudio.runs.run import Run
from fmstudio.runs.store import RunFolder, load_run, read_predictions
from fmstudio.runs.writing import write_atomically
from fmstudio.schema.problem import InvalidSpecError
from fmstudio.training.events import Answers, NumberPredictions, Predictions
from fmstudio.words import tr, tr_n

_MOST_SPEC = 400_000
_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"


@dataclass(frozen=True, eq=False)
class Material:
    """All that a report is made of.

    Attributes:
        run: With the answers of the epoch that counts.
        about: What people say of it.
        dataset: The pictures that it learned; None where it learned numbers, or what is not known here.
        data: These pictures; None where they are not there.
        environment: Versions, device, threads, hashes.
    """

    run: Run
    about: About
    dataset: Pictures | None
    data: ImageData | None
    environment: Mapping[str, Any]

    @property
    def answers(self) -> Predictions | None:
        """Of the test pictures; None where there are none."""
        return counted_answers(self.run)

    @property
    def classes(self) -> tuple[str, ...]:
        """Names of the classes, translated."""
        return tuple(tr(name) for name in self.data.classes) if self.data else ()


def write_report(folder: Path, out: Path, *, accept: bool = False) -> Exported:
    """Write the report of a run; see ``forms.Writer``.

    Raises:
        UserError: Where it is no run, or the file cannot be written.
    """
    content = report_of(folder).encode()
    write_atomically(out, content)
    return Exported(run=folder.name, form="report", file=str(out), bytes=len(content))


def report_of(folder: Path) -> str:
    """The report of a run as HTML, in the language of the user.

    Raises:
        UserError: Where it is no run.
    """
    found = read_material(folder)
    name = found.about.name or tr(found.run.name) or found.run.id
    parts = [_result(found), _note(found), _curves(found), *_answers(found), _settings(found), _repeat(found)]
    return (
        f'<!DOCTYPE html>\n<html lang="{words.language().replace("_", "-")}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(name)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n"
        f'<h1>{escape(name)}</h1>\n<p class="small">{escape(_subtitle(found))}</p>\n'
        + "\n".join(filter(None, parts))
        + f"\n<footer>{escape(tr('Written by fmstudio {version}.', version=__version__))}</footer>\n</main>\n"
        "</body>\n</html>\n"
    )


def read_material(folder: Path) -> Material:
    """Read what a report needs of a run's folder: of the answers only those that count.

    Raises:
        UserError: Where it is no run.
    """
    run = load_run(RunFolder(folder), predictions=False)
    dataset, data, seed = None, None, run.spec.get("seed")
    with contextlib.suppress(UserError):
        dataset = pictures_dataset(run.spec)
        data = pictures_of(dataset, seed if isinstance(seed, int) else 0) if dataset else None
    kept = run.best_epoch or (run.epochs[-1] if run.epochs else None)
    answers = _read_answers(RunFolder(folder).predictions(kept.epoch)) if kept else None
    if kept is not None and answers is not None and _fits(answers, len(data.classes) if data else 0):
        run.epochs[run.epochs.index(kept)] = replace(kept, predictions=answers)
    return Material(run, read_about(folder), dataset, data, environment_of(RunFolder(folder).environment))


def _read_answers(path: Path) -> Answers | None:
    with contextlib.suppress(OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        if path.is_file():  # a pipe would hold the reader up
            return read_predictions(path)
    return None


def _fits(answers: Answers, classes: int) -> bool:
    """Whether answers are about so many classes; their file may have been exchanged."""
    if not isinstance(answers, Predictions):
        return len(answers) == len(answers.targets) == len(answers.predicted)
    lengths = {len(one) for one in (answers.samples, answers.labels, answers.predicted, answers.loss)}
    if lengths != {len(answers.probabilities)} or answers.probabilities.shape[1:] != (classes,):
        return False
    named = (answers.labels, answers.predicted)
    return all(len(one) > 0 and int(one.min()) >= 0 and int(one.max()) < classes for one in named)


def _section(title: str, body: str) -> str:
    return f"<section><h2>{escape(title)}</h2>{body}</section>" if body else ""


def _subtitle(found: Material) -> str:
    run = found.run
    took = tr("{seconds} s of training", seconds=f"{run.seconds:,.1f}") if run.step else ""
    return " · ".join(filter(None, [run.id, took, tr_n("{count:,} step", "{count:,} steps", run.step)]))


def _result(found: Material) -> str:
    run, ended = found.run, found.run.ended
    if learns_numbers(run):
        figures = number_score(run, _numbers_of(run))
        lines = [number_headline(figures), off_words(figures), final_sentence(run, ())]
    else:
        people = found.dataset.people if found.dataset else None
        judged = score(run, found.classes, people)
        lines = [headline(judged), counted_words(judged)]
        if found.data is not None:  # else nobody knows what guessing would give
            lines += [final_sentence(run, found.classes, people), meaning(judged)]
    end = "" if ended is None else f"{ended.message} {ended.hint}".strip()
    if ended is None:
        end = tr("This run has not ended.")
    rest = "".join(f"<p>{escape(line)}</p>" for line in [*lines[2:], end] if line)
    return f'<section><p class="big">{escape(lines[0])}</p><p class="small">{escape(lines[1])}</p>{rest}</section>'


def _note(found: Material) -> str:
    tags = "".join(f'<span class="tag">{escape(tag)}</span>' for tag in found.about.tags)
    note = f'<p class="note">{escape(found.about.note)}</p>' if found.about.note else ""
    return _section(tr("Note"), tags + note)


def _curves(found: Material) -> str:
    run, data = found.run, found.data
    if not run.epochs and not run.step:
        return ""
    people = found.dataset.people if found.dataset else None
    return _section(tr("Curves"), curves(run, people=people, guessing=1 / len(data.classes) if data else None))


def _answers(found: Material) -> list[str]:
    """What the network said of the test samples."""
    answers, data, given = found.answers, found.data, _numbers_of(found.run)
    if given is not None:
        with contextlib.suppress(InvalidSpecError):
            points = dataset_of(found.run.spec)
            learned = rule(found.run, points) if points else ""
            return [_section(tr("Answers"), numbers(found.run, given)), _section(tr("The rule"), learned)]
        return [_section(tr("Answers"), numbers(found.run, given))]
    if answers is None or data is None:
        return []
    short = tuple(tr(name) for name in data.short_classes)
    return [
        _section(tr("Confusion matrix"), matrix(answers, found.classes, short)),
        _section(tr("Per class"), class_table(answers, found.classes)),
        _section(tr("How sure"), calibration(answers)),
        _section(tr("Test pictures with the greatest loss"), mistakes(answers, data.test, found.classes)),
    ]


def _numbers_of(run: Run) -> NumberPredictions | None:
    kept = run.best_epoch or (run.epochs[-1] if run.epochs else None)
    found = kept.predictions if kept else None
    return found if isinstance(found, NumberPredictions) and len(found) else None


def _settings(found: Material) -> str:
    return _section(tr("Settings"), settings(found.run.spec)) + _section(tr("Environment"), _surroundings(found))


def _surroundings(found: Material) -> str:
    values = found.environment
    versions, hashes = values.get("versions"), values.get("data")
    pairs = [
        ("fmstudio", values.get("fmstudio")),
        ("Python", values.get("python")),
        *(versions.items() if isinstance(versions, Mapping) else ()),
        (tr("System"), values.get("platform")),
        (tr("Device"), values.get("device")),
        (tr("Threads"), values.get("threads")),
        *(
            (f"{tr('Data')} {kind}, SHA-256", one)
            for kind, one in (hashes.items() if isinstance(hashes, Mapping) else ())
        ),
    ]
    known = [(str(name), str(value)) for name, value in pairs if value not in (None, "")]
    return pairs_table(known) if known else ""


def _repeat(found: Material) -> str:
    text = json.dumps(found.run.spec, indent=2, ensure_ascii=False, default=str)
    said = tr("Save this as spec.json; the same versions, threads and device give the same numbers, bit for bit:")
    body = f"<p>{escape(said)}</p><pre>fmstudio train spec.json</pre>"
    if len(text) > _MOST_SPEC:
        return _section(tr("Repeat it"), body + f"<p>{escape(tr('The spec is too long for a report.'))}</p>")
    return _section(tr("Repeat it"), f"{body}<pre>{escape(text)}</pre>")
