"""What is said of pictures that are like another one."""

from math import floor, log10

import numpy as np

from fmstudio.data.library import PictureSet
from fmstudio.insight.doubles import Double, Doubles
from fmstudio.insight.nearest import Neighbours
from fmstudio.session.nearby_list import Nearby
from fmstudio.session.one_picture import OnePicture
from fmstudio.training.events import Ints
from fmstudio.words import tr, tr_n

_PLACES = 6
_LEAST = 10.0**-_PLACES
"""Below it a distance is what float32 rounds."""

VOTES = 5
"""So many of the nearest are counted."""


def votes_words(labels: Ints, classes: tuple[str, ...]) -> str:
    """What most of the nearest are labelled.

    Args:
        labels: Of the nearest, nearest first.
        classes: Names of the classes.
    """
    voters = labels[:VOTES]
    if not len(voters):
        return tr("There is no other training picture.")
    counts = np.bincount(voters, minlength=len(classes))
    winner = next(int(one) for one in voters if counts[one] == counts.max())
    values = {"all": len(voters), "name": tr(classes[winner])}
    return tr_n(
        "{count} of the {all} nearest training pictures is labelled {name}.",
        "{count} of the {all} nearest training pictures are labelled {name}.",
        int(counts[winner]),
        **values,
    )


def distance_words(distance: float) -> str:
    """A cosine distance in two significant digits, as near ones differ far behind the point: "0.00042", "0.31"."""
    if not distance > 0:
        return "0"
    places = 1 - floor(log10(distance))
    return f"{distance:.{min(max(places, 2), _PLACES)}f}" if distance >= _LEAST else f"<{_LEAST:.{_PLACES}f}"


def nearby_neighbours(found: Neighbours, one: OnePicture) -> list[Nearby]:
    """The nearest training pictures, to be shown."""
    label, sight = one.picture.label, one.sight
    return [
        Nearby(
            image=found.images[row],
            split="train",
            sample=int(found.samples[row]),
            caption=_caption(int(found.labels[row]), label, sight.short_classes),
            note=distance_words(found.distances[row]),
            same=int(found.labels[row]) == label,
            sentence=tr(
                "Training picture {sample}: {name}, distance {distance}",
                sample=f"{found.samples[row]:,}",
                name=tr(sight.classes[found.labels[row]]),
                distance=distance_words(found.distances[row]),
            ),
        )
        for row in range(len(found))
    ]


def nearby_doubles(found: Doubles, one: OnePicture) -> list[Nearby]:
    """The pictures with the same pixels or almost, to be shown; where there are none the most alike."""
    shown = found.near or ([found.nearest] if found.nearest is not None else [])
    return [_double(double, one) for double in shown]


def doubles_words(found: Doubles, one: OnePicture) -> str:
    """How many pictures are the same or almost, and what follows from that."""
    if found.nearest is None:
        return tr("There is no other picture of this size.")
    if not found.near:
        difference = f"{found.nearest.difference:.1f}"
        return tr("None. The pixels of the most alike differ by {difference} of 255 on average.", difference=difference)
    exact = sum(double.difference == 0 for double in found.near)
    almost = len(found.near) + found.more - exact
    told = []
    if exact:
        text = tr_n("{count} picture is exactly the same.", "{count} pictures are exactly the same.", exact)
        told.append(text)
    if almost:
        told.append(tr_n("{count} picture is almost the same.", "{count} pictures are almost the same.", almost))
    if one.split == "test" and any(double.split == "train" for double in found.near):
        told.append(tr("The network has seen it in training."))
    if any(_label(double, one) != one.picture.label for double in found.near):
        told.append(tr("The labels differ: one of them is wrong."))
    return " ".join(told)


def _double(double: Double, one: OnePicture) -> Nearby:
    pictures, label = _set(double, one), _label(double, one)
    sample = int(pictures.samples[double.row])
    difference = f"{double.difference:.1f}"
    training = double.split == "train"
    name, number = tr(one.sight.classes[label]), f"{sample:,}"
    values = {"sample": number, "name": name, "difference": difference}
    return Nearby(
        image=pictures.images[double.row],
        split=double.split,
        sample=sample,
        caption=_caption(label, one.picture.label, one.sight.short_classes),
        note=_note(difference, training),
        same=label == one.picture.label,
        sentence=tr("Training picture {sample}: {name}, differs by {difference} of 255", **values)
        if training
        else tr("Test picture {sample}: {name}, differs by {difference} of 255", **values),
    )


def _note(difference: str, training: bool) -> str:
    if training:
        return tr("{difference} train", difference=difference)
    return tr("{difference} test", difference=difference)


def _caption(label: int, true: int, short_classes: tuple[str, ...]) -> str:
    return f"{'✓' if label == true else '✗'} {tr(short_classes[label])}"


def _set(double: Double, one: OnePicture) -> PictureSet:
    data = one.sight.data
    if data is None:
        raise ValueError("A double was found where there is no data.")
    return data.train if double.split == "train" else data.test


def _label(double: Double, one: OnePicture) -> int:
    return int(_set(double, one).labels[double.row])
