"""How one picture was answered epoch by epoch: as numbers, and in a sentence."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fmstudio.training.events import EpochEnded, Ints, Predictions
from fmstudio.words import tr, tr_n

_MOST_TURNS = 4
"""So many changes between right and wrong are told one by one."""


@dataclass(frozen=True, eq=False)
class PictureStory:
    """The answers for one picture.

    Attributes:
        label: Its true class.
        epochs: The epochs whose answers are known, ascending, shape (e,).
        predicted: What it was taken for, shape (e,).
        true_share: Probability of the true class, 0…1, shape (e,); ``predicted_share`` of the predicted one.
        loss: Its loss, shape (e,).
    """

    label: int
    epochs: Ints
    predicted: Ints
    true_share: NDArray[np.float32]
    predicted_share: NDArray[np.float32]
    loss: NDArray[np.float32]

    @property
    def right(self) -> NDArray[np.bool_]:
        """In which epochs it was right, shape (e,)."""
        return np.asarray(self.predicted == self.label, np.bool_)

    def __len__(self) -> int:
        return len(self.epochs)


def picture_story(epochs: Sequence[EpochEnded], sample: int) -> PictureStory | None:
    """How a test picture was answered in each epoch; None where no answer is known."""
    found = [
        (epoch.epoch, answers, int(rows[0]))
        for epoch in epochs
        if isinstance(answers := epoch.predictions, Predictions)
        and len(rows := np.flatnonzero(answers.samples == sample))
    ]
    if not found:
        return None
    _, first, row = found[0]
    label = int(first.labels[row])
    predicted = np.array([answers.predicted[at] for _, answers, at in found], np.int64)
    shares = [answers.probabilities[at].astype(np.float32) for _, answers, at in found]
    return PictureStory(
        label=label,
        epochs=np.array([epoch for epoch, _, _ in found], np.int64),
        predicted=predicted,
        true_share=np.array([share[label] for share in shares], np.float32),
        predicted_share=np.array([share[at] for share, at in zip(shares, predicted, strict=True)], np.float32),
        loss=np.array([answers.loss[at] for _, answers, at in found], np.float32),
    )


def story_words(story: PictureStory) -> str:
    """When it was learned and forgotten, one sentence."""
    right, epochs = story.right, story.epochs
    if len(story) == 1:
        if epochs[0] == 0:
            return tr("Right before any training: by chance.") if right[0] else tr("Wrong before any training.")
        return tr("Only one epoch is known so far.")
    if not right.any():
        return tr("Never right so far.")
    if right.all():
        return tr("Right in every epoch.")
    turns = np.flatnonzero(np.diff(right.astype(np.int8))) + 1
    told = [_start(int(epochs[0]))] if right[0] else []
    for turn in turns[:_MOST_TURNS]:
        told.append(_turn(bool(right[turn]), int(epochs[turn]), later=bool(told)))
    left = len(turns) - _MOST_TURNS
    if left > 0:
        told.append(tr_n("then {count} more change", "then {count} more changes", left))
    return tr("{story}.", story=tr(", ").join(told))


def _start(epoch: int) -> str:
    if epoch == 0:
        return tr("Right before any training (by chance)")
    return tr("Right at epoch {epoch}, the first that is known", epoch=f"{epoch:,}")


def _turn(right: bool, epoch: int, *, later: bool) -> str:
    number = f"{epoch:,}"
    if not right:
        return tr("forgotten at {epoch}", epoch=number)
    return tr("learned again at {epoch}", epoch=number) if later else tr("First learned at epoch {epoch}", epoch=number)
