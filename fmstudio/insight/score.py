"""How many pictures a network has right, beside guessing and people, and the words for it. No torch."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from fmstudio.insight.confusion import Pair, confusion_matrix, worst_pair
from fmstudio.insight.number_score import number_sentence
from fmstudio.insight.regression import learns_numbers
from fmstudio.insight.said import when_words
from fmstudio.runs.run import Run
from fmstudio.training.events import EpochEnded, Predictions
from fmstudio.words import tr

_FINE = 5000
"""From so many pictures on, a tenth of a per cent means something."""

_NEAR_PEOPLE = 0.005
_NEAR_GUESSING = 1.2


@dataclass(frozen=True)
class Score:
    """The figures of the score card.

    Attributes:
        right_share: Share of right answers, 0…1; None where nothing was counted.
        counted: Over how many test pictures.
        so_far: Counted over a part of the test pictures, while the run goes on.
        epoch: The epoch of the network that was asked; 0 is the untrained one.
        epochs: How many epochs the run was to have.
        guessing: What guessing would have right, 0…1.
        people: What people have right, 0…1; None where nobody has measured it.
        worst: The mistake made most often; None where there is none.
        kept: Whether the epoch is not the last one, but an earlier one that was kept.
    """

    right_share: float | None
    counted: int
    so_far: bool
    epoch: int
    epochs: int
    guessing: float
    people: float | None
    worst: Pair | None
    kept: bool = False


def score(run: Run, classes: Sequence[str], people: float | None = None) -> Score:
    """The figures of a run as far as it has come.

    Args:
        run: The run, going on or ended.
        classes: Names of the classes.
        people: What people have right on these pictures, 0…1.
    """
    answers = counted_answers(run)
    asked = _asked_epoch(run, answers)
    share, counted = (answers.accuracy, len(answers)) if answers else _recorded(run, asked)
    matrix = confusion_matrix(answers.labels, answers.predicted, len(classes)) if answers else None
    return Score(
        right_share=None if math.isnan(share) else share,
        counted=counted,
        so_far=answers is not None and asked is None and run.ended is None,
        epoch=run.current_epoch if asked is None else asked.epoch,
        epochs=run.started.epochs if run.started else 0,
        guessing=1 / len(classes) if classes else 0.0,
        people=people,
        worst=None if matrix is None else worst_pair(matrix),
        kept=run.kept_earlier and asked is run.kept_epoch,
    )


def counted_answers(run: Run) -> Predictions | None:
    """The answers that the run's figures are counted over; None where none were kept, or numbers are predicted.

    While it goes on and after a failure, the newest; once it has ended well, those of the network that was kept.
    """
    kept = run.kept_epoch
    newest = [kept.predictions if kept else None, run.answers, *(epoch.predictions for epoch in reversed(run.epochs))]
    return next((answers for answers in newest if isinstance(answers, Predictions) and len(answers)), None)


def percent(share: float, counted: int) -> str:
    """A share as per cent, with as many digits as that many pictures carry; "100 %" only where not one is wrong."""
    digits = 1 if counted >= _FINE else 0
    least = 10.0**-digits
    number = 100 * share
    if 0 < share < 1:
        number = min(max(round(number, digits), least), 100 - least)
    return tr("{number} %", number=f"{number:.{digits}f}")


def exact_percent(share: float) -> str:
    """A share as per cent with a tenth where it has one: "10 %", "83.5 %"."""
    return tr("{number} %", number=f"{100 * share:.1f}".removesuffix(".0"))


def headline(figures: Score) -> str:
    """The one number that matters: "87 % right"; a dash before anything was counted."""
    if figures.right_share is None:
        return "–"
    return tr("{share} right", share=percent(figures.right_share, figures.counted))


def counted_words(figures: Score) -> str:
    """What it was counted over: "of 1,000 test pictures so far · epoch 2 of 2"; empty before anything was counted."""
    if figures.right_share is None:
        return ""
    count = f"{figures.counted:,}"
    text = tr("of {count} test pictures", count=count)
    if figures.so_far:
        text = tr("of {count} test pictures so far", count=count)
    return f"{text} · {when_words(figures.epoch, figures.epochs, kept=figures.kept)}"


def references(figures: Score) -> tuple[tuple[str, str], ...]:
    """What to compare it with: pairs of a name and a per cent."""
    guessing = (tr("guessing"), exact_percent(figures.guessing))
    if figures.people is None:
        return (guessing,)
    return guessing, (tr("people"), exact_percent(figures.people))


def meaning(figures: Score) -> str:
    """What the number means beside guessing and people, one sentence; empty before anything was counted."""
    share, people = figures.right_share, figures.people
    if share is None:
        return ""
    if share <= figures.guessing * _NEAR_GUESSING:
        return tr("No better than guessing.")
    if people is None:
        return tr("{times} times as many as by guessing.", times=f"{share / figures.guessing:.1f}")
    if share > people + _NEAR_PEOPLE:
        return tr("Better than people on these pictures.")
    if share >= people - _NEAR_PEOPLE:
        return tr("As good as people on these pictures.")
    return tr("Better than guessing, not as good as people.")


def final_sentence(run: Run, classes: Sequence[str], people: float | None = None) -> str:
    """The result in one line: "87.9 % of 10,000 test pictures right. Guessing: 10 %. People: 83.5 %."."""
    if learns_numbers(run):
        return number_sentence(run)
    figures = score(run, classes, people)
    if figures.right_share is None:
        return tr("Nothing was counted yet.")
    right = percent(figures.right_share, figures.counted)
    text = tr("{share} of {count} test pictures right.", share=right, count=f"{figures.counted:,}")
    text += " " + tr("Guessing: {share}.", share=exact_percent(figures.guessing))
    return text if people is None else text + " " + tr("People: {share}.", share=exact_percent(people))


def _asked_epoch(run: Run, answers: Predictions | None) -> EpochEnded | None:
    """The epoch whose predictions these are; None where they are a quick check's."""
    if answers is None:
        return run.best_epoch or (run.epochs[-1] if run.epochs else None)
    return next((epoch for epoch in run.epochs if epoch.predictions is answers), None)


def _recorded(run: Run, epoch: EpochEnded | None) -> tuple[float, int]:
    """Accuracy and number of pictures from the figures alone, for a run whose predictions were not read."""
    if epoch is None or run.started is None:
        return math.nan, 0
    return epoch.test_accuracy, run.started.test_size
