"""What is said under a map: how it was made, of how many pictures, and what is missing."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from fmstudio.session.map_points import Layout
from fmstudio.session.sight import Sight
from fmstudio.training.events import Predictions
from fmstudio.ui.map.card import Glance
from fmstudio.words import tr


def sentence(layout: Layout, split: str, *notes: str) -> str:
    """How a map was made: "PCA of 60 numbers before the last layer: 48 % of their spread · 10,000 test pictures".

    Args:
        layout: The map.
        split: Of which pictures.
        *notes: What else is to be said; those that are empty are left out.
    """
    return " · ".join(part for part in (_method(layout), _count(layout, split), *notes) if part)


def stale_sentence(layout: Layout, split: str) -> str:
    """The same of a map that was made of a network that is not looked at any more."""
    return " · ".join((tr("t-SNE of an earlier network"), _count(layout, split)))


def _method(layout: Layout) -> str:
    count, share = f"{layout.dimensions:,}", f"{100 * layout.spread:.0f}"
    if layout.way == "tsne":
        kind = tr("t-SNE of {count} pixels", count=count) if layout.pixels else ""
        kind = kind or tr("t-SNE of {count} numbers before the last layer", count=count)
        return tr("{kind}: only who is near whom counts", kind=kind)
    if layout.pixels:
        return tr(
            "PCA of {count} pixels, as the network sees them: {share} % of their spread", count=count, share=share
        )
    return tr("PCA of {count} numbers before the last layer: {share} % of their spread", count=count, share=share)


def _count(layout: Layout, split: str) -> str:
    drawn, whole = f"{len(layout.samples):,}", f"{layout.whole:,}"
    if len(layout.samples) == layout.whole:
        words = tr("{count} training pictures", count=whole)
        return words if split == "train" else tr("{count} test pictures", count=whole)
    if split == "train":
        return tr("{drawn} of {count} training pictures, evenly over the classes", drawn=drawn, count=whole)
    return tr("{drawn} of {count} test pictures, evenly over the classes", drawn=drawn, count=whole)


def glance(sight: Sight, sample: int, label: int, answers: Predictions | None, row: int) -> Glance:
    """What is said of one picture.

    Args:
        sight: What is looked at.
        sample: Its index in the split.
        label: Its true class.
        answers: What the network said; None: nothing is known.
        row: Its row there, -1 where there is none.
    """
    image, names = _image(sight, sample), sight.classes
    if answers is None or row < 0:
        return Glance(image, _name(names, label))
    predicted = int(answers.predicted[row])
    sure, loss = f"{100 * answers.probabilities[row].max():.0f}", f"{answers.loss[row]:.2g}"
    further = tr("{sure} % sure · loss {loss}", sure=sure, loss=loss)
    words = f"{_name(names, label)} → {_name(names, predicted)}"
    return Glance(image, words, further, predicted == label)


def _image(sight: Sight, sample: int) -> NDArray[np.uint8] | None:
    if sight.data is None:
        return None
    pictures = sight.data.train if sight.selection.split == "train" else sight.data.test
    if sample < len(pictures) and pictures.samples[sample] == sample:
        row = sample
    else:
        found = np.flatnonzero(pictures.samples == sample)
        if not len(found):
            return None
        row = int(found[0])
    image: NDArray[np.uint8] = pictures.images[row]
    return image


def _name(names: Sequence[str], label: int) -> str:
    return tr(names[label]) if 0 <= label < len(names) else str(label)
