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
    "early",
    "kept",
    "stopped",
]
ActionKind = Literal["mend", "select", "wrong", "all", "residuals", ""]
"""Change the recipe; show the pictures of a pair; show the wrong pictures; show all pictures; show what is left over of
each number; nothing to do.
"""

FEW_STEPS = 50
"""With fewer steps than this nothing can be said of the learning rate."""

_ENOUGH_STEPS = 200
_BIG_BATCH = 5
_SOME_SAMPLES = 100

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
    shown = plain(value) if isinstance(value, float) else str(value)
    if path == "optimizer.lr":
        return tr("Use learning rate {value}", value=shown)
    if path == "epochs" and isinstance(value, int):
        return tr_n("Use {count} epoch", "Use {count} epochs", value)
    if path == "batch_size":
        return tr("Use batch size {value}", value=shown)
    if path == "device":
        return tr("Use the device {value}", value=shown)
    return tr("Use {value} for {path}", value=shown, path=path)


def plain(value: float, digits: int = 6) -> str:
    """A number as it stands in a field of the recipe: "0.001", "1e-5"; at most so many digits that matter."""
    mantissa, e, exponent = f"{value:.{digits}g}".partition("e")
    return f"{mantissa}e{int(exponent)}" if e else mantissa


def when_words(epoch: int, epochs: int, *, kept: bool = False) -> str:
    """Which network it is: "epoch 2 of 3", "kept: epoch 1 of 3", "before training".

    Args:
        epoch: 0 is the untrained network.
        epochs: How many the run was to have.
        kept: Whether it is an earlier epoch than the last, which was kept.
    """
    if not epoch:
        return tr("before training")
    values = {"epoch": f"{epoch:,}", "epochs": f"{epochs:,}"}
    return tr("kept: epoch {epoch} of {epochs}", **values) if kept else tr("epoch {epoch} of {epochs}", **values)


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


def few_steps(run: Run, kind: Kind, before: str = "") -> Verdict | None:
    """A run that went to its end in very few steps: more epochs, or smaller batches, make more of them.

    Args:
        run: The run.
        kind: What was found.
        before: A sentence that stands before this one.
    """
    started, ended = run.started, run.ended
    if started is None or ended is None or ended.status != "finished" or not 0 < run.step < FEW_STEPS:
        return None
    sentence = tr_n("Only {count} step was taken.", "Only {count} steps were taken.", run.step)
    changes: Changes = (("epochs", -(-_ENOUGH_STEPS // run.steps_per_epoch)),)
    if run.steps_per_epoch < _BIG_BATCH and started.train_size >= _SOME_SAMPLES:
        changes = (("batch_size", started.train_size // _SOME_SAMPLES),)
    return mend(kind, f"{before} {sentence}".strip(), changes)


def ended_early(run: Run, action: str, action_kind: ActionKind) -> Verdict | None:
    """The run ended by itself before all epochs were done: why, and which network was kept.

    Args:
        run: The run.
        action: What stands on the button; ``action_kind`` is what it does.
        action_kind: See ``action``.
    """
    ended, kept = run.ended, run.kept_epoch
    if ended is None or ended.status != "finished" or not ended.message:
        return None
    words = tr("Epoch {epoch} was kept.", epoch=f"{kept.epoch:,}") if kept and run.kept_earlier else ""
    return Verdict("early", f"{ended.message} {words}".strip(), action, action_kind)


def rate_of(run: Run) -> float | None:
    """The learning rate in the spec."""
    optimizer = run.spec.get("optimizer")
    rate = optimizer.get("lr") if isinstance(optimizer, Mapping) else None
    return float(rate) if isinstance(rate, int | float) and rate > 0 else None
