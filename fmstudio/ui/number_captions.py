"""The score card of a run that learns numbers: words from its figures."""

from dataclasses import replace

from fmstudio.catalog.datasets import Linear
from fmstudio.insight.number_score import (
    Parameter,
    difference_text,
    measured_text,
    number_headline,
    number_score,
    number_text,
    off_words,
    parameters,
)
from fmstudio.insight.number_verdict import number_verdict, tolerance
from fmstudio.insight.regression import link_of
from fmstudio.runs.run import Run
from fmstudio.training.events import NumberPredictions
from fmstudio.ui.parameter_table import Line
from fmstudio.ui.score_card import CardText, asleep
from fmstudio.words import tr

_SIX_DIGITS = 5


def numbers_card(run: Run, dataset: Linear, answers: NumberPredictions | None) -> CardText:
    """The score card of a run as far as it has come.

    Args:
        run: The run; one that was not started for the card before training.
        dataset: What it learns from.
        answers: The newest numbers for the test points.
    """
    near = None if link_of(run.spec) else tolerance(dataset)
    lines = tuple(_line(parameter, near) for parameter in parameters(run, dataset))
    if run.started is None:
        message = run.ended.message if run.ended else ""
        waiting = tr("Getting ready") if run.spec and not message else asleep().below
        return replace(asleep(), sentence=message, below=waiting, lines=lines)
    figures = number_score(run, answers)
    said = number_verdict(run)
    failed = run.ended is not None and run.ended.status == "failed"
    return CardText(
        big=number_headline(figures),
        below=off_words(figures),
        references=_references(figures.mae, figures.rmse, dataset),
        sentence=run.ended.hint if failed and run.ended and run.ended.hint else said.sentence,
        button=said.action,
        lines=lines,
    )


def _references(mae: float, rmse: float, dataset: Linear) -> tuple[tuple[str, str], ...]:
    """The two errors, and what the noise alone makes of the second."""
    pairs = ((tr("MAE"), measured_text(mae)), (tr("RMSE"), measured_text(rmse)))
    return (*pairs, (tr("noise"), number_text(dataset.noise)))


def _line(parameter: Parameter, near: float | None) -> Line:
    difference = parameter.difference
    return Line(
        parameter.name,
        number_text(parameter.true, _SIX_DIGITS),
        _aligned(parameter.learned),
        difference_text(difference if near is not None else None),
        difference is not None and near is not None and abs(difference) <= near,
    )


def _aligned(value: float | None) -> str:
    """A learned number with three places behind the point, where it is neither tiny nor huge."""
    if value is None or not 1e-3 <= abs(value) < 1e4:
        return number_text(value, 4)
    return f"{value:.3f}".replace("-", "−")
