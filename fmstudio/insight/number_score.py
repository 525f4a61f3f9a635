"""How far off a network that learns numbers is, and the words for it. No torch."""

import math
from dataclasses import dataclass

from fmstudio.catalog.datasets import Linear
from fmstudio.insight.regression import kept_fit
from fmstudio.insight.said import when_words
from fmstudio.runs.run import Run
from fmstudio.training.events import NumberPredictions
from fmstudio.words import tr

UNKNOWN = "–"
_DIGITS = 3


@dataclass(frozen=True)
class Parameter:
    """One number of the rule, and what was learned in its place.

    Attributes:
        name: "w1", "w2", … or "b"; a single weight is "w".
        true: Of the rule; ``learned`` by the network, None before anything is known of it.
    """

    name: str
    true: float
    learned: float | None = None

    @property
    def difference(self) -> float | None:
        """Learned minus true."""
        return None if self.learned is None else self.learned - self.true


@dataclass(frozen=True)
class NumberScore:
    """The figures of a run that learns numbers; NaN where nothing was counted.

    Attributes:
        r2: Share of the variance that is explained, at most 1.
        mae: Mean absolute error; ``rmse`` the root of the mean squared one.
        counted: Over how many test points.
        epoch: The epoch of the network that was asked; 0 is the untrained one.
        epochs: How many epochs the run was to have.
        kept: Whether the epoch is not the last one, but an earlier one that was kept.
    """

    r2: float
    mae: float
    rmse: float
    counted: int
    epoch: int
    epochs: int
    kept: bool = False


def number_score(run: Run, answers: NumberPredictions | None = None) -> NumberScore:
    """The figures of a run as far as it has come.

    Args:
        run: The run, going on or ended.
        answers: The newest ones for the test points; None where only the recorded figures are known.
    """
    kept, earlier = run.kept_epoch, run.kept_earlier
    asked = kept or (run.epochs[-1] if run.epochs else None)
    epochs = run.started.epochs if run.started else 0
    test_size = run.started.test_size if run.started else 0
    if answers is not None and len(answers):
        live = run.ended is None and (asked is None or run.step > asked.step)
        epoch = run.current_epoch if live or asked is None else asked.epoch
        return NumberScore(answers.r2, answers.mae, answers.rmse, len(answers), epoch, epochs, earlier)
    if asked is None:
        return NumberScore(math.nan, math.nan, math.nan, 0, 0, epochs)
    r2, mae, rmse = (math.nan if value is None else value for value in (asked.test_r2, asked.test_mae, asked.test_rmse))
    return NumberScore(r2, mae, rmse, test_size, asked.epoch, epochs, earlier)


def parameters(run: Run, dataset: Linear) -> tuple[Parameter, ...]:
    """The rule's numbers beside those that were learned: of the newest network, or of the one that was kept."""
    fit = kept_fit(run)
    learned: list[float | None] = [None] * (len(dataset.w) + 1)
    if fit is not None and len(fit.weights) == len(dataset.w):
        learned = [float(value) for value in fit.parameters]
    inputs = len(dataset.w)
    names = [*(["w"] if inputs == 1 else [f"w{number}" for number in range(1, inputs + 1)]), "b"]
    true = [*dataset.w, dataset.b]
    return tuple(Parameter(*line) for line in zip(names, true, learned, strict=True))


def number_text(value: float | None, digits: int = _DIGITS) -> str:
    """A number with so many digits that matter at most, and a real minus: "−3.4", "1.2e−6"; a dash for none."""
    text = measured_text(value, digits)
    mantissa, e, exponent = text.partition("e")
    return (mantissa.rstrip("0").rstrip(".") if "." in mantissa else mantissa) + e + exponent


def measured_text(value: float | None, digits: int = _DIGITS) -> str:
    """The same with all these digits, so that a number that changes keeps its width: "0.200"."""
    if value is None or math.isnan(value):
        return UNKNOWN
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    if value == 0:
        return "0"
    size = math.floor(math.log10(abs(value)))
    if -4 <= size <= 5:
        text = f"{value:.{max(0, digits - 1 - size)}f}"
    else:
        mantissa, exponent = f"{value:.{digits - 1}e}".split("e")
        text = f"{mantissa}e{int(exponent)}"
    return text.replace("-", "−")


def difference_text(value: float | None) -> str:
    """A difference with its sign: "+0.0003", "−1.2"; "0" where there is none."""
    text = measured_text(value, 2)
    return f"+{text}" if value is not None and value > 0 and text[0].isdigit() else text


def r2_text(r2: float) -> str:
    """R² with three digits, up to five where it is nearly 1."""
    if math.isnan(r2):
        return UNKNOWN
    if r2 < -9.995:
        return number_text(r2)
    digits = next((d for d in (3, 4, 5) if round(r2, d) < 1), 3)
    return f"{r2:.{digits}f}".replace("-", "−")


def number_headline(figures: NumberScore) -> str:
    """The one number that matters: "R² 0.999"; a dash before anything was counted."""
    if math.isnan(figures.r2):
        return UNKNOWN
    return tr("R² {number}", number=r2_text(figures.r2))


def off_words(figures: NumberScore) -> str:
    """How far off and when: "off by 0.08 on average · epoch 2 of 3"; empty before anything was counted."""
    if not figures.counted or math.isnan(figures.mae):
        return ""
    off = tr("off by {number} on average", number=measured_text(figures.mae))
    return f"{off} · {when_words(figures.epoch, figures.epochs, kept=figures.kept)}"


def number_sentence(run: Run) -> str:
    """The result in one line: "R² 0.999, off by 0.08 on average on 1,000 test points."."""
    figures = number_score(run)
    if math.isnan(figures.mae):
        return tr("Nothing was counted yet.")
    values = {"r2": r2_text(figures.r2), "off": measured_text(figures.mae), "count": f"{figures.counted:,}"}
    return tr("R² {r2}, off by {off} on average on {count} test points.", **values)
