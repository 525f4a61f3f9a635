"""What is odd about a data set: pictures that are there twice, in both splits, or empty, and classes out of balance."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np

from fmstudio.catalog.datasets import Split
from fmstudio.data.corrections import Key
from fmstudio.data.duplicates import Pairs, alike_pairs, groups
from fmstudio.data.library import ImageData, PictureSet
from fmstudio.insight.label_issues import LabelIssues, label_issues
from fmstudio.training.events import Ints, Predictions
from fmstudio.words import marked, tr

Reason = Literal["disagrees", "two-labels", "black", "constant", "across", "duplicate"]
REASONS: dict[Reason, str] = {
    "disagrees": marked("network disagrees"),
    "two-labels": marked("duplicate with another label"),
    "black": marked("all black"),
    "constant": marked("one grey only"),
    "across": marked("also in the other split"),
    "duplicate": marked("duplicate"),
}
"""Why a picture is worth a look, in words; the gravest first."""
_BALANCED = 1.5
"""Up to here the largest class may be larger than the smallest one."""


@dataclass(frozen=True)
class Suspect:
    """A picture that is worth a look.

    Attributes:
        split: Of the picture.
        index: In the whole split.
        label: What it is said to be.
        suggested: What it may be instead; -1 where nothing is suggested.
        score: How little its label is believed, 0…1; 0 where no network was asked, or it agrees.
        reasons: Why, the gravest first.
        twins: The pictures that are like it.
    """

    split: Split
    index: int
    label: int
    suggested: int = -1
    score: float = 0.0
    reasons: tuple[Reason, ...] = ()
    twins: tuple[Key, ...] = ()

    @property
    def key(self) -> Key:
        """The picture."""
        return self.split, self.index

    @property
    def words(self) -> str:
        """Why, translated."""
        return tr(", ").join(tr(REASONS[reason]) for reason in self.reasons)


@dataclass(frozen=True)
class Group:
    """Pictures that are like one another, training pictures first.

    Attributes:
        members: Each with its label.
        exact: Whether all are the same in every pixel.
    """

    members: tuple[tuple[Key, int], ...]
    exact: bool

    @property
    def across(self) -> bool:
        """Whether there is one in each split."""
        return len({key[0] for key, _ in self.members}) > 1

    @property
    def disagrees(self) -> bool:
        """Whether their labels differ."""
        return len({label for _, label in self.members}) > 1


@dataclass(frozen=True)
class DataCheck:
    """What was found without asking a network.

    Attributes:
        groups: Pictures that are there more than once; None while that was not looked for.
        empty: Pictures of one grey only, the all-black ones among them.
        counts: Pictures of each class in the training split; ``test_counts`` in the test split.
    """

    groups: tuple[Group, ...] | None
    empty: tuple[Suspect, ...]
    counts: tuple[int, ...]
    test_counts: tuple[int, ...]

    @property
    def balanced(self) -> bool:
        """Whether no class has many more training pictures than another."""
        return max(self.counts) <= _BALANCED * max(1, min(self.counts))


def quick_check(data: ImageData) -> DataCheck:
    """What can be said of a data set at once: all but the duplicates."""
    empty = (*_empty("train", data.train), *_empty("test", data.test))
    counts = [np.bincount(part.labels, minlength=len(data.classes)).tolist() for part in (data.train, data.test)]
    return DataCheck(None, empty, tuple(counts[0]), tuple(counts[1]))


def check_data(data: ImageData) -> Iterator[float | DataCheck]:
    """Look at a data set thoroughly; of all pictures of Fashion-MNIST it takes some seconds.

    Yields:
        How much is done, 0…1; at last what was found. Whoever stops asking cancels it.
    """
    quick = quick_check(data)
    images = np.concatenate([data.train.images, data.test.images])
    for said in alike_pairs(images):
        if isinstance(said, Pairs):
            yield DataCheck(_groups(data, said), quick.empty, quick.counts, quick.test_counts)
        else:
            yield said


def _empty(split: Split, pictures: PictureSet) -> Iterator[Suspect]:
    pixels = pictures.images.reshape(len(pictures), -1) if len(pictures) else pictures.images
    flat = pixels.max(axis=1) == pixels.min(axis=1) if len(pictures) else np.zeros(0, np.bool_)
    for row in np.flatnonzero(flat):
        reason: Reason = "constant" if pixels[row].any() else "black"
        yield Suspect(split, int(pictures.samples[row]), int(pictures.labels[row]), reasons=(reason,))


def _groups(data: ImageData, pairs: Pairs) -> tuple[Group, ...]:
    """The groups of pictures that are alike; pictures of one grey are told as such, not as duplicates."""
    flat = {suspect.key for suspect in quick_check(data).empty}
    inexact = set(pairs.first[~pairs.exact].tolist()) | set(pairs.second[~pairs.exact].tolist())
    made = []
    for rows in groups(pairs):
        members = tuple(_member(data, row) for row in rows.tolist())
        if members[0][0] not in flat:
            made.append(Group(members, exact=inexact.isdisjoint(rows.tolist())))
    return tuple(made)


def _member(data: ImageData, row: int) -> tuple[Key, int]:
    border = len(data.train)
    pictures, place = (data.train, row) if row < border else (data.test, row - border)
    split: Split = "train" if row < border else "test"
    return (split, int(pictures.samples[place])), int(pictures.labels[place])


# ── One list of all that is worth a look


def duplicates(check: DataCheck) -> tuple[Suspect, ...]:
    """All pictures that are there more than once: those whose twins have another label first, group by group."""
    found: list[Suspect] = []
    for group in sorted(check.groups or (), key=lambda group: (not group.disagrees, not group.across)):
        for key, label in group.members:
            others = [(other, said) for other, said in group.members if other != key]
            another = next((said for _, said in others if said != label), -1)
            flags = {"two-labels": another >= 0, "across": any(other[0] != key[0] for other, _ in others)}
            reasons = tuple(reason for reason in REASONS if flags.get(reason, reason == "duplicate"))
            twins = tuple(other for other, _ in others)
            found.append(Suspect(key[0], key[1], label, another, 0.0, reasons, twins))
    return tuple(found)


def doubted(split: Split, predictions: Predictions) -> tuple[Suspect, ...]:
    """Pictures of a split of whose labels networks that did not learn from them say something else.

    Args:
        split: Of the pictures.
        predictions: Of a run about its test pictures, or of a cross-validation about the training pictures.
    """
    found: LabelIssues = label_issues(predictions)
    rows = zip(
        *(values.tolist() for values in (found.samples, found.labels, found.suggested, found.score)), strict=True
    )
    return tuple(
        Suspect(split, sample, label, suggested, round(score, 4), ("disagrees",))
        for sample, label, suggested, score in rows
    )


def worth_a_look(check: DataCheck, *doubts: tuple[Suspect, ...]) -> tuple[Suspect, ...]:
    """One list of all pictures whose labels are worth a look, each once, with all its reasons.

    Two labels on the same picture come first (one of them is wrong), then empty pictures, then what networks doubt, the
    most doubtful first. Duplicates with the same label are no doubt of a label: they stand in a list of their own.

    Args:
        check: What was found without a network.
        doubts: What networks doubt, of each split that was asked about.
    """
    twins = {one.key: one for one in duplicates(check)}
    listed = [one for one in twins.values() if "two-labels" in one.reasons]
    listed += check.empty
    listed += sorted((one for part in doubts for one in part), key=lambda one: -one.score)
    found: dict[Key, Suspect] = {}
    for one in listed:
        found[one.key] = _joined(found[one.key], one) if one.key in found else one
    return tuple(_joined(one, twins[key]) if key in twins else one for key, one in found.items())


def _joined(one: Suspect, other: Suspect) -> Suspect:
    """What two lists say of the same picture."""
    reasons = tuple(reason for reason in REASONS if reason in {*one.reasons, *other.reasons})
    asked = max(one, other, key=lambda suspect: suspect.score)
    suggested = asked.suggested if asked.suggested >= 0 else max(one.suggested, other.suggested)
    twins = one.twins or other.twins
    return Suspect(one.split, one.index, one.label, suggested, asked.score, reasons, twins)


def samples_of(suspects: tuple[Suspect, ...], split: Split) -> Ints:
    """The indices of those of one split."""
    return np.array([one.index for one in suspects if one.split == split], np.int64)
