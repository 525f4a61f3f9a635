"""What is said about a run: a sentence and one button, and what every kind of run can say of itself. No torch."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from fmstudio.insight.confusion import Pair
from fmstudio.runs.run import Run
from fmstudio.words import tr, tr_n

Kind = Literal[
    "failed",
    "untrained",
    "one-class",
    "overfitting",
    "rising",
    "pair",
    "well",
    "waiting",
    "found",
    "worse",
    "slow",
    "hovering",
    "outliers",
]
ActionKind = Literal["mend", "select", "wrong", "all", "residuals", ""]
"""Change the recipe; show the pictures of a pair; show the wrong pictures; show all pictures; show what is left over of
each number; nothing to do.
"""

Changes = tuple[tuple[str, object], ...]


@dataclass(frozen=True)
class Verdict:
    """A sentence and one button.

    Attributes:
        kind: The rule that speaks.
        sentence: What was found, translated.
        action: What stands on the button; empty where there is nothing to press.
        action_kind: What the button does.
        changes: For ``"mend"``: pairs of path and value.
        pair: For ``"select"``: the pair whose pictures are meant.
    """

    kind: Kind
    sentence: str = ""
    action: str = ""
    action_kind: ActionKind = ""
    changes: Changes = ()
    pair: Pair | None = None


def mending_label(changes: Changes) -> str:
    """What stands on a button that makes these changes: "Use learning rate 0.001"."""
    if len(changes) != 1:
        return tr("Use these settings") if changes else ""
    path, value = changes[0]
    shown = f"{value:g}" if isinstance(value, float) else str(value)
    if path == "optimizer.lr":
        return tr("Use learning rate {value}", value=shown)
    if path == "epochs" and isinstance(value, int):
        return tr_n("Use {count} epoch", "Use {count} epochs", value)
    if path == "batch_size":
        return tr("Use batch size {value}", value=shown)
    if path == "device":
        return tr("Use the device {value}", value=shown)
    return tr("Use {value} for {path}", value=shown, path=path)


def mend(kind: Kind, sentence: str, changes: Changes) -> Verdict:
    """A sentence whose button changes the recipe."""
    return Verdict(kind, sentence, mending_label(changes), "mend", changes=changes)


def failing(run: Run) -> Verdict | None:
    """The run failed: say why, and offer what mends it."""
    ended = run.ended
    if ended is None or ended.status != "failed":
        return None
    sentence = f"{ended.message or tr('The run failed at step {step}.', step=ended.step)} {ended.hint}".strip()
    return mend("failed", sentence, ended.mending) if ended.mending else Verdict("failed", sentence)


def rate_of(run: Run) -> float | None:
    """The learning rate in the spec."""
    optimizer = run.spec.get("optimizer")
    rate = optimizer.get("lr") if isinstance(optimizer, Mapping) else None
    return float(rate) if isinstance(rate, int | float) and rate > 0 else None
