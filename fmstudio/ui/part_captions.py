"""The score card's words where not the newest network or not all pictures are spoken of."""

from dataclasses import replace

from fmstudio.insight.said import Verdict, when_words
from fmstudio.insight.score import exact_percent, percent
from fmstudio.insight.verdict import pair_verdict, pair_words
from fmstudio.session.conditions import IsRight
from fmstudio.session.sight import Sight
from fmstudio.training.events import Predictions
from fmstudio.ui.captions import people
from fmstudio.ui.score_card import CardText, asleep
from fmstudio.words import tr, tr_n


def speaks_of_part(sight: Sight) -> bool:
    """Whether the figures are those of a part of the pictures, or of an epoch that is past."""
    return bool(sight.selection.only) or sight.epoch is not None


def part_verdict(sight: Sight) -> Verdict:
    """What is mixed up most among what is counted."""
    found = pair_verdict(sight.counted, sight.classes) if sight.counted is not None and len(sight.counted) else None
    return found or Verdict("waiting")


def part_card(sight: Sight, said: Verdict) -> CardText:
    """The score card, counted over what is counted now.

    Args:
        sight: What is looked at.
        said: What ``part_verdict`` found in it.
    """
    counted = sight.counted
    if counted is None:
        return replace(asleep(), below=tr("Asking the network …"))
    if not len(counted):
        return replace(asleep(), below=_of_what(sight, counted), sentence=tr("No picture is left to count."))
    chosen = next((one for one in sight.selection.only if isinstance(one, IsRight)), None)
    references = [] if chosen else [(tr("guessing"), exact_percent(1 / len(sight.classes)))]
    known = people(sight.run) if not sight.selection.only and sight.selection.split == "test" else None
    if known is not None:
        references.append((tr("people"), exact_percent(known)))
    return CardText(
        big=_big(counted, chosen),
        below=_of_what(sight, counted if chosen is None else sight.answers or counted),
        references=tuple(references),
        heading=tr("Mixed up most") if said.pair else "",
        sentence=pair_words(said.pair, sight.classes) if said.pair else "",
        button=said.action,
        note=tr("Only a part is counted.") if sight.selection.only else tr("Looking back in time."),
    )


def _big(counted: Predictions, chosen: IsRight | None) -> str:
    """The share that is right; of the right or the wrong ones alone, which would be all or none, how many they are."""
    if chosen is None:
        return tr("{share} right", share=percent(counted.accuracy, len(counted)))
    return tr("{count:,} right", count=len(counted)) if chosen.right else tr("{count:,} wrong", count=len(counted))


def _of_what(sight: Sight, counted: Predictions) -> str:
    """What was counted: of 83 test pictures · epoch 2 of 5."""
    if sight.selection.split == "train":
        words = tr_n("of {count:,} training picture", "of {count:,} training pictures", len(counted))
    else:
        words = tr_n("of {count:,} test picture", "of {count:,} test pictures", len(counted))
    epochs = sight.run.started.epochs if sight.run.started else 0
    if sight.epoch is not None:
        return f"{words} · {when_words(sight.epoch, epochs)}"
    return words
