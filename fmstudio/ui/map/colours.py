"""What the colours of a map say: true class, predicted class, right or wrong, or loss."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor

from fmstudio.session.conditions import Condition, IsRight, PredictedIs, TrueIs
from fmstudio.training.events import Ints, Predictions
from fmstudio.ui import theme
from fmstudio.ui.map.raster import Colours, packed
from fmstudio.ui.style import mix
from fmstudio.words import tr

Colouring = Literal["true", "predicted", "right", "loss"]

PALETTES = {
    "light": ("#0a76c3", "#aa8205", "#6b0142", "#62dbf7", "#e78796", "#0f398b", "#714900", "#9597ff", "#e6c972",
              "#b04770"),
    "dark": ("#8c85e4", "#f1ec7a", "#94490f", "#60ffe7", "#f1a549", "#614faa", "#127f7c", "#a8c3fe", "#958913",
             "#45b4aa"),
}  # fmt: skip
"""Ten colours for each theme, as far from one another as can be, for eyes that lack one kind of cone too."""

_STEPS = 64
_TOP = 0.99


@dataclass(frozen=True)
class MapEntry:
    """One line of the key.

    Attributes:
        words: What it is.
        colour: ``"#rrggbb"``; ``until``: the other end of a ramp, else empty.
        until: See above.
        cross: Drawn as a cross, else as a disc.
        condition: What is looked at by a click on it; None: nothing.
    """

    words: str
    colour: str
    until: str = ""
    cross: bool = False
    condition: Condition | None = None


@dataclass(frozen=True, eq=False)
class Dress:
    """How the points of a map look.

    Attributes:
        colours: Of each, shape (n,).
        crosses: Which are crosses, shape (n,).
        order: In which order they are painted, the last on top, shape (n,).
        groups: The entry of the key that each belongs to, -1 for none, shape (n,).
        entries: The key.
    """

    colours: Colours
    crosses: NDArray[np.bool_]
    order: Ints
    groups: Ints
    entries: tuple[MapEntry, ...]


def class_colour(label: int) -> str:
    """The colour of a class; after ten they begin again."""
    palette = PALETTES[theme.current().name]
    return palette[label % len(palette)]


def dress(
    colouring: Colouring, labels: Ints, answers: Predictions | None, rows: Ints, classes: tuple[str, ...]
) -> Dress:
    """How points look.

    Args:
        colouring: What the colours say.
        labels: True class of each point, shape (n,).
        answers: What the network said; None: nothing is known.
        rows: The row of the answers that belongs to each point, -1 where there is none, shape (n,).
        classes: Short names of the classes, English.
    """
    if colouring == "true":
        return _by_class(labels, classes, TrueIs)
    if answers is None or not len(answers):
        return _plain(len(labels))
    known = rows >= 0
    if colouring == "predicted":
        return _by_class(np.where(known, answers.predicted[rows], -1), classes, PredictedIs)
    if colouring == "right":
        return _by_right(np.where(known, answers.right[rows].astype(np.int64), -1))
    return _by_loss(np.where(known, answers.loss[rows], np.nan))


def rows_of(samples: Ints, answers: Predictions | None) -> Ints:
    """The row of the answers about each sample, -1 where there is none, shape (n,)."""
    if answers is None or not len(answers):
        return np.full(len(samples), -1, np.int64)
    order = np.argsort(answers.samples, kind="stable")
    at = order[np.minimum(np.searchsorted(answers.samples, samples, sorter=order), len(order) - 1)]
    return np.where(answers.samples[at] == samples, at, -1)


def _mixed(count: int) -> Ints:
    """An order that favours no class, always the same."""
    return np.random.default_rng(0).permutation(count)


def _plain(count: int) -> Dress:
    colours = np.full(count, packed(theme.colour("faint")), np.uint32)
    return Dress(colours, np.zeros(count, np.bool_), np.arange(count), np.full(count, -1, np.int64), ())


def _by_class(labels: Ints, classes: tuple[str, ...], kind: type[TrueIs] | type[PredictedIs]) -> Dress:
    entries = tuple(
        MapEntry(tr(name), class_colour(label), condition=kind(label)) for label, name in enumerate(classes)
    )
    table = np.array([packed(QColor(entry.colour)) for entry in entries] + [packed(theme.colour("faint"))], np.uint32)
    groups = np.where((labels >= 0) & (labels < len(entries)), labels, -1)
    return Dress(table[groups], np.zeros(len(labels), np.bool_), _mixed(len(labels)), groups, entries)


def _by_right(right: Ints) -> Dress:
    """Wrong ones are crosses, and lie on top."""
    now = theme.current()
    entries = (
        MapEntry(tr("right"), now.right, condition=IsRight(True)),
        MapEntry(tr("wrong"), now.wrong, cross=True, condition=IsRight(False)),
    )
    calm = mix(now.right, now.card, 0.35)
    table = np.array([packed(QColor(now.wrong)), packed(QColor(calm)), packed(QColor(now.faint))], np.uint32)
    mixed = _mixed(len(right))
    order = mixed[np.argsort(right[mixed] == 0, kind="stable")]
    return Dress(table[right], right == 0, order, np.where(right == 1, 0, np.where(right == 0, 1, -1)), entries)


def _by_loss(loss: NDArray[np.floating]) -> Dress:
    """Great losses are strong, and lie on top; what is above 99 % of them is painted like the greatest."""
    now = theme.current()
    low, high = mix(now.card, now.secondary, 0.28), now.wrong
    known = np.isfinite(loss)
    most = max(float(np.quantile(loss[known], _TOP)), 1e-6) if known.any() else 1.0
    share = np.clip(np.sqrt(np.where(known, np.maximum(loss, 0), 0) / most), 0, 1)
    ramp = np.array([packed(QColor(mix(low, high, step / _STEPS))) for step in range(_STEPS + 1)], np.uint32)
    colours = np.where(known, ramp[np.rint(share * _STEPS).astype(np.int64)], packed(theme.colour("faint")))
    words = tr("loss 0 … {most} and more", most=f"{most:.2g}")
    entry = MapEntry(words, low, until=high)
    nobody = np.full(len(loss), -1, np.int64)
    return Dress(colours, np.zeros(len(loss), np.bool_), np.argsort(share, kind="stable"), nobody, (entry,))
