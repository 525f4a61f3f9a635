"""Corrected labels and pictures that are left out: laid over what the files say, never written into them.

What a person decided about labels is kept in a table, ``corrections.csv``; a spec's ``dataset.corrections`` and
``dataset.exclude`` are made of it.
"""

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal, get_args

import numpy as np

from fmstudio.catalog.datasets import DATASETS, Correction, LeftOut, Pictures, Split
from fmstudio.data.library import ImageData, PictureSet, fingerprint, load_images
from fmstudio.data.splits import Ints, take_but
from fmstudio.errors import UserError
from fmstudio.experiment.spec import kind_of
from fmstudio.schema.choice import read
from fmstudio.schema.problem import InvalidSpecError
from fmstudio.words import tr

Verdict = Literal["right", "relabel", "exclude"]
"""What a person may say of a label: it is right, another one is, or the picture is of no use."""
Key = tuple[Split, int]
"""A picture: its split, and its index in the whole split."""
Decisions = Mapping[Key, "Decision"]
HEAD = ("split", "index", "label", "corrected", "decision")


@dataclass(frozen=True)
class Decision:
    """What a person said of the label of one picture.

    Attributes:
        split: Of the picture.
        index: In the whole split.
        label: What the data set's files say.
        corrected: What is right; the same where they are right, None where the picture is left out.
    """

    split: Split
    index: int
    label: int
    corrected: int | None

    @property
    def key(self) -> Key:
        """The picture."""
        return self.split, self.index

    @property
    def verdict(self) -> Verdict:
        """What was said."""
        if self.corrected is None:
            return "exclude"
        return "right" if self.corrected == self.label else "relabel"


def pictures_of(dataset: Pictures, seed: int) -> ImageData:
    """The pictures that a spec trains and tests with: corrected, without those left out, and only so many of them.

    Args:
        dataset: Of the spec.
        seed: Of the spec: it decides which training pictures are taken where not all are. Which test pictures are, the
            data set says itself: networks that differ in their seed are tested on the same.

    Raises:
        UserError: Where the files cannot be read, or a class has lost its last picture.
    """
    if not dataset.corrections and not dataset.exclude:
        sizes = {"train_size": dataset.train_size, "test_size": dataset.test_size}
        return load_images(kind_of(dataset), seed=seed, test_seed=dataset.test_seed, **sizes)
    return _pictures_of(dataset, seed)


@lru_cache(maxsize=2)
def _pictures_of(dataset: Pictures, seed: int) -> ImageData:
    whole = load_images(kind_of(dataset))
    train = _taken(whole.train, dataset, "train", dataset.train_size, seed)
    test = _taken(whole.test, dataset, "test", dataset.test_size, dataset.test_seed)
    _check_classes(whole, train, dataset)
    return ImageData(whole.kind, whole.title, whole.classes, whole.short_classes, train, test)


def pictures_dataset(spec: Mapping[str, Any]) -> Pictures | None:
    """The data set of a run's spec; None where it has none, or learns numbers.

    Args:
        spec: As JSON values, perhaps of an older program.

    Raises:
        UserError: Where this program does not know the data set, or cannot read what is said of it.
    """
    values = spec.get("dataset")
    kind = values.get("kind") if isinstance(values, Mapping) else None
    if not isinstance(values, Mapping) or kind is None:
        return None
    model = DATASETS.get(str(kind))
    if model is None:
        load_images(str(kind))  # says which ones there are
    if model is None or not issubclass(model, Pictures):
        return None
    try:
        return read(model, {name: values[name] for name in model.model_fields if name in values})
    except InvalidSpecError as error:
        hint = tr("It may have been made by another version.")
        raise UserError(tr("The data set of a run cannot be read: {problem}", problem=str(error)), hint) from error


def corrected(data: ImageData, dataset: Pictures) -> ImageData:
    """Some pictures with the corrections of a data set, and without those that it leaves out.

    Args:
        data: All of its pictures, or some; where nothing is to be changed they come back as they are.
        dataset: Of a spec.
    """
    if not dataset.corrections and not dataset.exclude:
        return data
    parts = []
    for split, pictures in (("train", data.train), ("test", data.test)):
        kept = np.flatnonzero(~np.isin(pictures.samples, _left_out(dataset, split)))
        parts.append(_part(pictures, _labels(pictures, dataset, split), kept))
    return ImageData(data.kind, data.title, data.classes, data.short_classes, parts[0], parts[1])


def fingerprint_of(dataset: Pictures) -> str:
    """SHA-256 of what is learned from: of the files, and of what is corrected and left out where anything is."""
    files = fingerprint(kind_of(dataset))
    if not dataset.corrections and not dataset.exclude:
        return files
    text = json.dumps([files, sorted(dataset.corrections), sorted(dataset.exclude)])
    return hashlib.sha256(text.encode()).hexdigest()


def _taken(pictures: PictureSet, dataset: Pictures, split: str, size: int, seed: int) -> PictureSet:
    rows = take_but(len(pictures), size, seed, _left_out(dataset, split))
    return _part(pictures, _labels(pictures, dataset, split), rows)


def _part(pictures: PictureSet, labels: Ints, rows: Ints) -> PictureSet:
    """Some of the pictures with other labels; the pixels are not copied where all are taken."""
    if len(rows) == len(pictures):
        made = PictureSet(pictures.images, labels, pictures.samples)
    else:
        made = PictureSet(pictures.images[rows], labels[rows], pictures.samples[rows])
    for array in (made.images, made.labels, made.samples):
        array.flags.writeable = False
    return made


def _labels(pictures: PictureSet, dataset: Pictures, split: str) -> Ints:
    """The labels of some pictures with those that are corrected."""
    right = {index: label for one, index, label in dataset.corrections if one == split}
    rows = np.flatnonzero(np.isin(pictures.samples, list(right)))
    labels = pictures.labels.copy()
    labels[rows] = [right[int(sample)] for sample in pictures.samples[rows]]
    return labels


def _left_out(dataset: Pictures, split: str) -> Ints:
    return np.array([index for one, index in dataset.exclude if one == split], np.int64)


def _check_classes(whole: ImageData, train: PictureSet, dataset: Pictures) -> None:
    """A class whose last training picture was corrected or left out cannot be learned."""
    if dataset.train_size:
        return  # a small part may lack a class by chance
    counts = np.bincount(train.labels, minlength=len(whole.classes))
    for label in np.unique(whole.train.labels):
        if not counts[label]:
            name = tr(whole.classes[label])
            message = tr("No training picture of the class {name} is left.", name=name)
            raise UserError(message, tr("Take some of the corrections back: dataset.corrections and dataset.exclude."))


# ── What a person decided


def merged(dataset: Pictures, decisions: Iterable[Decision]) -> tuple[tuple[Correction, ...], tuple[LeftOut, ...]]:
    """The corrections and the pictures left out of a data set, changed by what was decided.

    Args:
        dataset: Of a spec; what was not decided about stays as it says.
        decisions: A label that is right again, as in the files, is no longer corrected.

    Returns:
        ``dataset.corrections`` and ``dataset.exclude`` of a new spec, sorted.
    """
    labels: dict[Key, int] = {(split, index): label for split, index, label in dataset.corrections}
    out: set[Key] = set(dataset.exclude)
    for one in decisions:
        labels.pop(one.key, None)
        out.discard(one.key)
        if one.corrected is None:
            out.add(one.key)
        elif one.corrected != one.label:
            labels[one.key] = one.corrected
    return tuple(sorted((split, index, label) for (split, index), label in labels.items())), tuple(sorted(out))


def to_csv(decisions: Iterable[Decision]) -> str:
    """Decisions as a table: split, index, label, corrected, decision; classes as their numbers."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEAD)
    for one in decisions:
        kept = "" if one.corrected is None else one.corrected
        writer.writerow([one.split, one.index, one.label, kept, one.verdict])
    return text.getvalue()


def from_csv(text: str, data: ImageData) -> dict[Key, Decision]:
    """Read decisions back; the last one about a picture counts.

    Args:
        text: What ``to_csv`` made, perhaps edited by hand.
        data: The whole data set: what its files say is taken from here.

    Raises:
        UserError: Naming the line that cannot be read.
    """
    found: dict[Key, Decision] = {}
    try:
        rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    except csv.Error as error:
        raise UserError(tr("The table of corrections cannot be read."), str(error)) from error
    if not rows or tuple(rows[0]) != HEAD:
        raise UserError(
            tr("The table of corrections has other columns."), tr("It needs: {columns}.", columns=", ".join(HEAD))
        )
    for number, row in enumerate(rows[1:], 2):
        if not row:
            continue  # an empty line, as editors leave at the end
        try:
            made = _decision(dict(zip(HEAD, row, strict=True)), data)
        except (ValueError, KeyError, IndexError) as error:
            message = tr("Line {number} of the table of corrections cannot be read.", number=number)
            hint = tr("It needs: {columns}.", columns="train,1234,6,0,relabel")
            raise UserError(message, hint) from error
        found[made.key] = made
    return found


def _decision(row: Mapping[str, str], data: ImageData) -> Decision:
    split = next(one for one in _SPLITS if one == row["split"]) if row["split"] in _SPLITS else None
    if split is None or row["decision"] not in get_args(Verdict):
        raise ValueError(row)
    pictures = data.train if split == "train" else data.test
    index = int(row["index"])
    if not 0 <= index < len(pictures):
        raise ValueError(row)
    label = int(pictures.labels[index])
    if row["decision"] == "exclude":
        return Decision(split, index, label, None)
    right = int(row["corrected"])
    if not 0 <= right < len(data.classes):
        raise ValueError(row)
    return Decision(split, index, label, right)


_SPLITS: tuple[Split, ...] = get_args(Split)
