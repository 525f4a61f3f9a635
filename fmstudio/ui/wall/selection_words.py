"""The words of the sentence above the pictures."""

from dataclasses import dataclass, field

from fmstudio.session.selection import Condition, IsRight, PredictedIs, Selection, TrueIs
from fmstudio.words import tr, tr_n

_FIGURE_SPACE = "\u2007"
_KINDS: tuple[type[Condition], ...] = (TrueIs, PredictedIs, IsRight)


@dataclass(frozen=True)
class Shown:
    """What the sentence speaks of.

    Attributes:
        selection: Which pictures were asked for.
        classes: Short names of the classes.
        count: How many pictures there are of them.
        right: How many of these were answered rightly; None before there is a prediction.
        note: What else there is to say: "epoch 2".
        recalled: Whether it is known how they were answered epoch by epoch.
        dataset: The kind of their data set.
    """

    selection: Selection = field(default_factory=Selection)
    classes: tuple[str, ...] = ()
    count: int = 0
    right: int | None = None
    note: str = ""
    recalled: bool = False
    dataset: str = ""


def ordered(conditions: tuple[Condition, ...]) -> list[Condition]:
    """The conditions as they stand in the sentence: true, predicted, right, then all others."""
    return sorted(conditions, key=lambda one: _KINDS.index(type(one)) if type(one) in _KINDS else len(_KINDS))


def pictures(shown: Shown) -> str:
    """How many pictures of which split."""
    if shown.selection.watched:
        return tr_n("{count:,} watched test picture", "{count:,} watched test pictures", shown.count)
    if shown.selection.split == "train":
        return tr_n("{count:,} training picture", "{count:,} training pictures", shown.count)
    return tr_n("{count:,} test picture", "{count:,} test pictures", shown.count)


def few_words(shown: Shown) -> str:
    """How many pictures, where there is room for no more."""
    return tr_n("{count:,} picture", "{count:,} pictures", shown.count)


def counts(shown: Shown) -> str:
    """How many are right and wrong, where the conditions do not say so already."""
    kinds = {type(condition) for condition in shown.selection.conditions}
    if shown.right is None or IsRight in kinds or {TrueIs, PredictedIs} <= kinds:
        return ""
    width = len(f"✓ {shown.count:,}")
    right, wrong = f"✓ {shown.right:,}", f"✗ {shown.count - shown.right:,}"
    return "   ".join(part.rjust(width, _FIGURE_SPACE) for part in (right, wrong))


def word(condition: Condition, classes: tuple[str, ...]) -> tuple[str, str, str]:
    """What stands before, in and after the removable word of a condition."""
    if not isinstance(condition, TrueIs | PredictedIs):
        return "", condition.words(classes), ""
    text = tr("true {name}", name="|") if isinstance(condition, TrueIs) else tr("predicted {name}", name="|")
    before, after = around(text)
    return before, tr(classes[condition.label]), after


def around(text: str) -> tuple[str, str]:
    """What stands before and after the place in a text."""
    before, _, after = text.partition("|")
    return before.strip(), after.strip()


def sentence(shown: Shown) -> str:
    """The whole sentence, for a tooltip and for a screen reader."""
    said = tr("Showing {pictures}", pictures=pictures(shown))
    conditions = ordered(shown.selection.conditions)
    if conditions:
        said += tr(": ") + tr(", ").join(condition.words(shown.classes) for condition in conditions)
    return f"{said} · {shown.note}" if shown.note else said
