"""Two runs on the same pictures: what the second one mends, and what it breaks. No torch."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from fmstudio.errors import UserError
from fmstudio.experiment.draft import get
from fmstudio.experiment.spec import TABLES
from fmstudio.insight.confusion import confusion_matrix
from fmstudio.insight.paired import Winner, difference_interval, mcnemar, winner
from fmstudio.insight.regression import learns_numbers
from fmstudio.insight.score import counted_answers
from fmstudio.runs.run import Run
from fmstudio.training.events import Floats, Ints, Predictions
from fmstudio.words import marked, tr

Part = Literal["fixed", "broken", "right", "wrong"]
PARTS: Mapping[Part, str] = {
    "fixed": marked("fixed by B"),
    "broken": marked("broken by B"),
    "right": marked("both right"),
    "wrong": marked("both wrong"),
}
"""The four parts of the pictures, and what they are called, untranslated."""

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Cell:
    """The pictures of one class whose answer became another one, or was another one before.

    Attributes:
        true: What they really are.
        predicted: What one of the two took them for, and the other not.
    """

    true: int
    predicted: int


@dataclass(frozen=True)
class ClassChange:
    """What became of one class.

    Attributes:
        label: The class.
        support: Pictures that really are of it.
        fixed: Of these, wrong with A and right with B; ``broken``: the reverse.
        broken: See above.
        right_a: Of these, right with A; ``right_b``: right with B.
        right_b: See above.
    """

    label: int
    support: int
    fixed: int
    broken: int
    right_a: int
    right_b: int


@dataclass(frozen=True, eq=False)
class TwoRuns:
    """What two networks answered for the same pictures, in the same order.

    Attributes:
        a: What the first answered.
        b: What the second answered.
        classes: How many classes there are.
        left_out: How many pictures only one of them was asked about.
        relabelled: How many pictures are left out because their labels differ: one run learned from corrected ones.
        same_loss: Whether their losses are of one kind.
    """

    a: Predictions
    b: Predictions
    classes: int
    left_out: int = 0
    relabelled: int = 0
    same_loss: bool = True

    def __len__(self) -> int:
        return len(self.a)

    @cached_property
    def _parts(self) -> dict[Part, Mask]:
        a, b = self.a.right, self.b.right
        return {"fixed": ~a & b, "broken": a & ~b, "right": a & b, "wrong": ~a & ~b}

    def mask(self, part: Part | Cell) -> Mask:
        """Which pictures belong to a part, shape (n,).

        Of a cell of the matrix of differences those that came into it, or where it lost more those that left it.
        """
        if not isinstance(part, Cell):
            return self._parts[part]
        of_class = self.a.labels == part.true
        before, after = self.a.predicted == part.predicted, self.b.predicted == part.predicted
        if self.matrix[part.true, part.predicted] < 0:
            return np.asarray(of_class & before & ~after, np.bool_)
        return np.asarray(of_class & after & ~before, np.bool_)

    def rows(self, part: Part | Cell) -> Ints:
        """The rows of a part, those whose loss changed most first, shape (m,)."""
        rows = np.flatnonzero(self.mask(part))
        order: Ints = np.argsort(-np.abs(self.change[rows]), kind="stable")
        return rows[order]

    def count(self, part: Part | Cell) -> int:
        """How many pictures belong to a part."""
        return int(self.mask(part).sum())

    @property
    def fixed(self) -> int:
        """How many only B has right."""
        return self.count("fixed")

    @property
    def broken(self) -> int:
        """How many only A has right."""
        return self.count("broken")

    @property
    def difference(self) -> float:
        """By how much B's accuracy is above A's, −1…1."""
        return (self.fixed - self.broken) / len(self)

    @property
    def interval(self) -> tuple[float, float]:
        """Between which bounds the difference lies, 95 % sure."""
        return difference_interval(self.fixed, self.broken, len(self))

    @property
    def p(self) -> float:
        """McNemar's test: how probable so uneven a split would be if both were equally good, 0…1."""
        return mcnemar(self.fixed, self.broken)

    @property
    def winner(self) -> Winner:
        """Which of the two is better, where there is evidence of it."""
        return winner(self.fixed, self.broken)

    @property
    def agreement(self) -> float:
        """Share of the pictures to which both give the same answer, right or wrong, 0…1."""
        return float((self.a.predicted == self.b.predicted).mean())

    @cached_property
    def matrix(self) -> Ints:
        """How much more often B takes each class for each, shape (classes, classes): row true, column predicted."""
        first, second = (confusion_matrix(one.labels, one.predicted, self.classes) for one in (self.a, self.b))
        return second - first

    @cached_property
    def per_class(self) -> tuple[ClassChange, ...]:
        """What became of each class, in the order of the classes."""
        labels = self.a.labels
        masks = (np.ones(len(self), np.bool_), self.mask("fixed"), self.mask("broken"), self.a.right, self.b.right)
        counts = [np.bincount(labels[mask], minlength=self.classes).tolist() for mask in masks]
        return tuple(ClassChange(label, *figures) for label, figures in enumerate(zip(*counts, strict=True)))

    @cached_property
    def change(self) -> Floats:
        """By how much the loss of each picture is greater with B, shape (n,).

        Where the losses are of two kinds: that of cross-entropy, from the probabilities.
        """
        if self.same_loss:
            return np.asarray(self.b.loss - self.a.loss, np.float32)
        return np.asarray(_cross_entropy(self.b) - _cross_entropy(self.a), np.float32)


def compare(a: Predictions, b: Predictions, *, same_loss: bool = True) -> TwoRuns:
    """Lay the answers of two networks for the same pictures side by side.

    Args:
        a: What the first answered.
        b: What the second answered, for pictures of the same split.
        same_loss: Whether their losses are of one kind.

    Raises:
        UserError: Where they have other classes, or no picture in common.
    """
    classes = a.probabilities.shape[1]
    if b.probabilities.shape[1] != classes:
        message = tr("One run tells {a} classes apart, the other {b}.", a=classes, b=b.probabilities.shape[1])
        raise UserError(message, _same_data())
    _, first, second = np.intersect1d(a.samples, b.samples, assume_unique=True, return_indices=True)
    if not len(first):
        raise UserError(
            tr("No picture was answered by both runs."), tr("Choose two runs that were tested on the same pictures.")
        )
    same = a.labels[first] == b.labels[second]
    if 2 * int(same.sum()) <= len(same):
        raise UserError(tr("The same pictures have other labels in the two runs."), _same_data())
    left_out = len(a) + len(b) - 2 * len(first)
    return TwoRuns(a.part(first[same]), b.part(second[same]), classes, left_out, int((~same).sum()), same_loss)


def compare_runs(a: Run, b: Run, answers_a: Predictions | None = None, answers_b: Predictions | None = None) -> TwoRuns:
    """Lay what two runs answered for their test pictures side by side.

    Args:
        a: The first run.
        b: The second run.
        answers_a: What the first network answered; without it what its run recorded.
        answers_b: What the second network answered, likewise.

    Raises:
        UserError: Where they cannot be compared: why, and what to do.
    """
    require_comparable(a, b)
    first, second = _answers(a, answers_a), _answers(b, answers_b)
    return compare(first, second, same_loss=get(a.spec, "loss.kind") == get(b.spec, "loss.kind"))


def _answers(run: Run, given: Predictions | None) -> Predictions:
    found = given or counted_answers(run)
    if found is None or not len(found):
        message = tr("Run {run} has no answers to test pictures.", run=run.id)
        raise UserError(message, tr("Train it to the end of an epoch, or choose another run."))
    return found


def require_comparable(a: Run, b: Run) -> None:
    """Refuse two runs that have not learned from the same data set of pictures.

    Raises:
        UserError: Why, and what to do.
    """
    for run in (a, b):
        if learns_numbers(run):
            message = tr("Run {run} learns numbers: it has no pictures to compare.", run=run.id)
            raise UserError(message, tr("Choose two runs on pictures."))
    kinds = [str(get(run.spec, "dataset.kind")) for run in (a, b)]
    if kinds[0] != kinds[1]:
        titles = [tr(TABLES["dataset"][kind].title) if kind in TABLES["dataset"] else kind for kind in kinds]
        message = tr("The runs learned from different data: {a} and {b}.", a=titles[0], b=titles[1])
        raise UserError(message, _same_data())


def _same_data() -> str:
    return tr("Choose two runs on the same data set.")


def _cross_entropy(answers: Predictions) -> NDArray[np.float64]:
    """Of each picture, from half precision: what is below its smallest number counts as that."""
    true = answers.probabilities[np.arange(len(answers)), answers.labels].astype(np.float64)
    return -np.log(np.maximum(true, 2.0**-24))
