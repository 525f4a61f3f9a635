"""What a report says of a run that learns numbers: true against predicted, what is left over, and the rule."""

import numpy as np

from fmstudio.catalog.datasets import Linear
from fmstudio.export.report.charts import Axis, Line, axis_of, chart
from fmstudio.export.report.tables import figures_table, pairs_table
from fmstudio.insight.number_score import difference_text, measured_text, number_score, number_text, parameters, r2_text
from fmstudio.runs.run import Run
from fmstudio.training.events import NumberPredictions
from fmstudio.words import tr

_SHOWN = 800
_MOST_RULE = 20


def numbers(run: Run, answers: NumberPredictions) -> str:
    """Two charts and the figures."""
    rows = np.unique(np.linspace(0, max(0, len(answers) - 1), min(_SHOWN, len(answers))).round().astype(int))
    true, predicted = answers.targets[rows].astype(np.float64), answers.predicted[rows].astype(np.float64)
    both = axis_of("", [true, predicted])
    ends = np.array([both.low, both.high])
    against = chart(
        tr("Predicted against true"),
        Axis(tr("true"), both.low, both.high),
        Axis(tr("predicted"), both.low, both.high),
        [Line("", true, predicted, "accent", "dots"), Line(tr("just right"), ends, ends, "grey", "dash")], height=300,
    )  # fmt: skip
    left = predicted - true
    across = axis_of(tr("true"), [true])
    residuals = chart(
        tr("What is left over"),
        across,
        axis_of(tr("predicted − true"), [left]),
        [
            Line("", true, left, "accent", "dots"),
            Line("", np.array([across.low, across.high]), np.zeros(2), "grey", "dash"),
        ], height=300,
    )  # fmt: skip
    return f'<div class="two">{against}{residuals}</div>{_figures(run, answers)}'


def _figures(run: Run, answers: NumberPredictions) -> str:
    found = number_score(run, answers)
    return pairs_table(
        [
            ("R²", r2_text(found.r2)),
            (tr("Mean absolute error"), measured_text(found.mae)),
            (tr("Root mean squared error"), measured_text(found.rmse)),
            (tr("Test points"), f"{found.counted:,}"),
        ]
    )


def rule(run: Run, dataset: Linear) -> str:
    """The numbers of the rule beside what was learned; nothing where the network has no such numbers."""
    found = parameters(run, dataset)
    if all(one.learned is None for one in found):
        return ""
    rows = [
        (one.name, number_text(one.true), measured_text(one.learned), difference_text(one.difference))
        for one in found[:_MOST_RULE]
    ]
    return figures_table(("", tr("True"), tr("Learned"), tr("Difference")), rows)
