"""What to say about a run, and what to do next: a few small rules, the first that fits speaks. No torch."""

import math
from collections.abc import Callable, Sequence

import numpy as np

from fmstudio.catalog.optimizers import OPTIMIZERS
from fmstudio.insight.confusion import Pair, confusion_matrix, worst_pair
from fmstudio.insight.number_verdict import number_verdict
from fmstudio.insight.regression import learns_numbers
from fmstudio.insight.said import Verdict as Verdict
from fmstudio.insight.said import ended_early, failing, few_steps, mend, plain, rate_of
from fmstudio.insight.said import mending_label as mending_label
from fmstudio.insight.score import counted_answers, percent
from fmstudio.runs.run import Run
from fmstudio.training.events import EpochEnded, Predictions
from fmstudio.words import tr, tr_n

_NEARLY_ALL = 0.8
_SPIKE = 1.5
_GAP = 0.05
_GAIN = 0.01
_STILL_MOVING = 0.5
_PATTERN = 2


def verdict(run: Run, classes: Sequence[str]) -> Verdict:
    """What to say about a run as far as it has come; before it has ended only which classes it mixes up.

    Args:
        run: The run.
        classes: Names of the classes, English, as the sentence shall have them.
    """
    if learns_numbers(run):
        return number_verdict(run)
    rules = _RULES if run.ended else (_mixes_up,)
    found = (rule(run, classes) for rule in rules)
    return next((said for said in found if said is not None), Verdict("waiting"))


def pair_words(pair: Pair, classes: Sequence[str]) -> str:
    """A pair as the score card has it, the names between ``**``: "**Shirt** taken for **T-shirt** 21 times"."""
    return tr_n(
        "**{true}** taken for **{predicted}** {count} time",
        "**{true}** taken for **{predicted}** {count} times",
        pair.count,
        true=tr(classes[pair.true]),
        predicted=tr(classes[pair.predicted]),
    )


def _fails(run: Run, classes: Sequence[str]) -> Verdict | None:
    return failing(run)


def _knows_nothing(run: Run, classes: Sequence[str]) -> Verdict | None:
    """It was stopped before the first step."""
    if run.step or _last_trained(run):
        return None
    return Verdict("untrained", tr("It was not trained yet: this is what an untrained network answers."))


def _answers_one_class(run: Run, classes: Sequence[str]) -> Verdict | None:
    """Nearly all answers are the same class, though the pictures are not: the learning rate does not fit."""
    answers = counted_answers(run)
    if answers is None:
        return None
    label = int(np.bincount(answers.predicted, minlength=len(classes)).argmax())
    answered, real = float((answers.predicted == label).mean()), float((answers.labels == label).mean())
    if answered < _NEARLY_ALL or real > answered / 2:
        return None
    sentence = tr("It answers {name} to almost everything.", name=tr(classes[label]))
    rate = rate_of(run)
    if rate is None:
        return Verdict("one-class", sentence, tr("See the wrong ones"), "wrong")
    better = _better_rate(run, rate)
    few = few_steps(run, "one-class", sentence) if better >= rate else None
    if few is not None:
        return few
    reason = tr("The learning rate {rate} is probably too small.", rate=plain(rate))
    if better < rate:
        reason = tr("The learning rate {rate} is probably too large.", rate=plain(rate))
    return mend("one-class", f"{sentence} {reason}", (("optimizer.lr", better),))


def _ends_early(run: Run, classes: Sequence[str]) -> Verdict | None:
    """It was no better for some epochs, and ended."""
    return ended_early(run, tr("See the wrong ones"), "wrong")


def _learns_by_heart(run: Run, classes: Sequence[str]) -> Verdict | None:
    """Clearly better on the training pictures than on the test pictures; an earlier network may have been kept."""
    last = _last_trained(run)
    if last is None or not run.started or not math.isfinite(last.train_accuracy - last.test_accuracy):
        return None
    noise = _noise(last.test_accuracy, run.started.test_size)
    if last.train_accuracy - last.test_accuracy <= max(_GAP, 2 * noise) or _stopped_while_rising(run):
        return None
    shares = {"train": percent(last.train_accuracy, 0), "test": percent(last.test_accuracy, 0)}
    kept = run.kept_epoch
    if kept is not None and run.kept_earlier:
        sentence = tr(
            "Epoch {kept} was kept. The last one had {train} of the training and {test} of the test pictures right.",
            kept=f"{kept.epoch:,}",
            **shares,
        )
        return Verdict("kept", sentence, tr("See the wrong ones"), "wrong")
    sentence = tr(
        "More training will not help: {train} of the training pictures are right, but {test} of the test pictures.",
        **shares,
    )
    return Verdict("overfitting", sentence, tr("See the wrong ones"), "wrong")


def _still_rises(run: Run, classes: Sequence[str]) -> Verdict | None:
    """The last epoch was clearly better than the one before, and the learning rate was not yet on its way to zero."""
    last = _last_trained(run)
    if last is None or not run.started or not run.ended or run.ended.status != "finished" or run.kept_earlier:
        return None
    rates = run.rates.values
    if len(rates) and rates[-1] < _STILL_MOVING * rates.max():
        return None
    before = next((epoch.test_accuracy for epoch in reversed(run.epochs) if epoch.epoch == last.epoch - 1), math.nan)
    gain = last.test_accuracy - before
    if not gain > max(_GAIN, _noise(last.test_accuracy, run.started.test_size)):
        return None
    sentence = tr(
        "Still getting better: from {before} to {after} in the last epoch.",
        before=percent(before, run.started.test_size),
        after=percent(last.test_accuracy, run.started.test_size),
    )
    return mend("rising", sentence, (("epochs", 2 * run.started.epochs),))


def _mixes_up(run: Run, classes: Sequence[str]) -> Verdict | None:
    """One class is taken for another more than once."""
    answers = counted_answers(run) if run.step else None
    return None if answers is None else pair_verdict(answers, classes)


def pair_verdict(answers: Predictions, classes: Sequence[str]) -> Verdict | None:
    """Which class some answers take for another most often; None where none is taken for another more than once."""
    pair = worst_pair(confusion_matrix(answers.labels, answers.predicted, len(classes)))
    if pair is None or pair.count < _PATTERN:
        return None
    sentence = tr(
        "Mixed up most: {true} → {predicted} ({count}).",
        true=tr(classes[pair.true]),
        predicted=tr(classes[pair.predicted]),
        count=f"{pair.count:,}",
    )
    return Verdict("pair", sentence, tr("See those pictures"), "select", pair=pair)


def _does_well(run: Run, classes: Sequence[str]) -> Verdict | None:
    """Nothing is mixed up more than once."""
    answers = counted_answers(run)
    if answers is None:
        return None
    if answers.right.all():
        return Verdict("well", tr("Not one test picture is wrong."), tr("See the pictures"), "all")
    return Verdict("well", tr("No two classes are mixed up more than once."), tr("See the wrong ones"), "wrong")


_RULES: tuple[Callable[[Run, Sequence[str]], Verdict | None], ...] = (
    _fails,
    _knows_nothing,
    _answers_one_class,
    _ends_early,
    _learns_by_heart,
    _still_rises,
    _mixes_up,
    _does_well,
)


def _stopped_while_rising(run: Run) -> bool:
    """Whether the user stopped it while each epoch was still the best on the test pictures: more may well help."""
    if run.ended is None or run.ended.status != "stopped" or len(run.epochs) < 2:
        return False
    return run.epochs[-1].test_accuracy > max(epoch.test_accuracy for epoch in run.epochs[:-1])


def _last_trained(run: Run) -> EpochEnded | None:
    return run.epochs[-1] if run.epochs and run.epochs[-1].epoch > 0 else None


def _noise(accuracy: float, count: int) -> float:
    """How far an accuracy counted over so many pictures is off by chance: its standard error."""
    return math.sqrt(accuracy * (1 - accuracy) / max(1, count))


def _better_rate(run: Run, rate: float) -> float:
    """A rate to try: a smaller one, unless the loss never jumped and the rate is below what is usual.

    Steps that are too large throw the network out of reach, and its loss jumps on the way; steps that are too small
    leave the loss where it was.
    """
    choice = OPTIMIZERS.get(str(run.spec["optimizer"].get("kind")))
    usual = float(choice.model_fields["lr"].default) if choice else rate
    untrained = next((epoch.test_loss for epoch in run.epochs if epoch.epoch == 0), math.nan)
    losses = run.losses.values
    jumped = len(losses) > 0 and not float(losses.max()) <= _SPIKE * untrained
    if rate < usual and not jumped:
        return usual
    return min(usual, float(f"{rate / 10:.1g}"))
