"""The tables of a report: confusion matrix, figures of each class, and pairs of a name and a value."""

from collections.abc import Iterable, Sequence
from html import escape

import numpy as np

from fmstudio.export.report.charts import Axis, Line, chart
from fmstudio.insight.calibration import CALIBRATION_BINS, Sureness, sureness
from fmstudio.insight.calibration_words import calibration_words, error_words
from fmstudio.insight.confusion import ClassFigures, class_figures, confusion_matrix, shares_of_true
from fmstudio.insight.intervals import FEW, interval_words, wilson
from fmstudio.insight.score import percent
from fmstudio.training.events import Predictions
from fmstudio.words import tr

MOST_CLASSES = 40
"""A larger matrix is no table that one could read: only its greatest mistakes are listed."""
_LISTED = 20
_UPRIGHT = 12
_STRONG = 0.6


def matrix(answers: Predictions, classes: Sequence[str], short: Sequence[str]) -> str:
    """Which classes were taken for which.

    Args:
        answers: Of the test pictures.
        classes: Names of the classes, translated.
        short: The same, short.
    """
    counts = confusion_matrix(answers.labels, answers.predicted, len(classes))
    if len(classes) > MOST_CLASSES:
        return _greatest(counts, classes)
    shares = np.nan_to_num(shares_of_true(counts))
    upright = ' class="tall"' if len(classes) > _UPRIGHT else ""
    head = "".join(f'<th{upright} scope="col">{escape(name)}</th>' for name in short)
    rows = []
    for label, name in enumerate(classes):
        cells = "".join(
            _cell(int(counts[label, other]), float(shares[label, other]), hit=label == other)
            for other in range(len(classes))
        )
        rows.append(f'<tr><th scope="row">{escape(name)}</th>{cells}</tr>')
    said = tr("Rows: what it really is. Columns: what it was taken for. On the diagonal ✓ right, elsewhere ✗ wrong.")
    table = f'<table class="matrix"><thead><tr><th></th>{head}</tr></thead><tbody>{"".join(rows)}</tbody></table>'
    return f'<p class="small">{escape(said)}</p><div class="wide">{table}</div>'


def _cell(count: int, share: float, *, hit: bool) -> str:
    if not count:
        return "<td></td>"
    strong = " strong" if share > _STRONG else ""
    return f'<td class="{"hit" if hit else "miss"}{strong}" style="--share:{max(share, 0.04):.2f}">{count:,}</td>'


def _greatest(counts: np.ndarray, classes: Sequence[str]) -> str:
    mistakes = counts - np.diag(counts.diagonal())
    places = np.argsort(mistakes, axis=None)[::-1][:_LISTED]
    pairs = [divmod(int(place), len(classes)) for place in places]
    rows = [(f"{classes[one]} → {classes[other]}", f"{mistakes[one, other]:,}") for one, other in pairs]
    return figures_table((tr("Mixed up most"), tr("Pictures")), [row for row in rows if row[1] != "0"])


def class_table(answers: Predictions, classes: Sequence[str]) -> str:
    """Precision, recall with its 95 % interval, and F1 of each class."""
    head = (tr("Class"), tr("Pictures"), tr("Precision"), tr("Recall"), tr("95 % interval"), "F1")
    found = class_figures(confusion_matrix(answers.labels, answers.predicted, len(classes)))
    rows = [_class_row(one, classes[one.label]) for one in found]
    said = tr("The interval holds the true recall in 95 of 100 such tests (Wilson).")
    if any(one.support < FEW for one in found):
        said += " " + tr("Classes with fewer than {few} pictures are too few to judge.", few=FEW)
    return figures_table(head, rows) + f'<p class="small">{escape(said)}</p>'


def _class_row(one: ClassFigures, name: str) -> tuple[str, ...]:
    interval = wilson(one.right, one.support)
    return (
        name,
        f"{one.support:,}",
        _share(one.precision, one.predicted),
        _share(one.recall, one.support),
        interval_words(interval) if interval else "–",
        _share(one.f1, one.support + one.predicted),
    )


def _share(share: float | None, counted: int) -> str:
    return "–" if share is None else percent(share, counted)


def calibration(answers: Predictions) -> str:
    """How sure it is, and how often it is right then; nothing where nothing was counted."""
    bins = bins_of(answers)
    if not bins.counted:
        return ""
    known = bins.count >= min(FEW, int(bins.count.max()))
    said, right = bins.mean_confidence[known], bins.accuracy[known]
    middles = (np.flatnonzero(known) + 0.5) / bins.bins
    lines = [
        Line(tr("as often as it says"), np.array([0.0, 1.0]), np.array([0.0, 1.0]), "grey", "dash"),
        Line(tr("how many are right"), middles, right, "accent", "bars", 1 / bins.bins),
        Line("", said, right, "accent"),
        Line("", said, right, "accent", "dots"),
    ]
    axis = Axis(tr("says"), 0.0, 1.0, percent=True)
    drawn = chart(
        tr("How sure it is"), axis, Axis(tr("is right"), 0.0, 1.0, percent=True), lines, width=420, height=280
    )
    words = "".join(f"<p>{escape(text)}</p>" for text in (calibration_words(bins), error_words(bins)) if text)
    if (known != (bins.count > 0)).any():
        words += f'<p class="small">{escape(tr("Bins with fewer than {few} pictures are left out.", few=FEW))}</p>'
    return f'<div class="two">{drawn}<div>{words}</div></div>'


def bins_of(answers: Predictions) -> Sureness:
    """The answers in ten bins of confidence."""
    rows = np.arange(len(answers))
    confidence = answers.probabilities[rows, answers.predicted] if len(answers) else np.empty(0, np.float16)
    return sureness(confidence, answers.right).merged(CALIBRATION_BINS)


def figures_table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table with names at the left and numbers at the right."""
    names = "".join(f'<th scope="col"{_number(place)}>{escape(name)}</th>' for place, name in enumerate(head))
    lines = []
    for row in rows:
        cells = "".join(f"<td{_number(place)}>{escape(cell)}</td>" for place, cell in enumerate(row))
        lines.append(f"<tr>{cells}</tr>")
    return f'<table class="figures"><thead><tr>{names}</tr></thead><tbody>{"".join(lines)}</tbody></table>'


def pairs_table(pairs: Iterable[tuple[str, str]]) -> str:
    """Names with their values."""
    rows = "".join(f'<tr><th scope="row">{escape(name)}</th><td>{escape(value)}</td></tr>' for name, value in pairs)
    return f'<table class="settings">{rows}</table>'


def _number(place: int) -> str:
    return ' class="number"' if place else ""
