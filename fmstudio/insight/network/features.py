"""What a network has made of pictures just before its last layer, and the map of them in the plane."""

import threading
import weakref
from collections import OrderedDict
from collections.abc import Iterator

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from fmstudio.data.library import PictureSet, quick_samples
from fmstudio.errors import UserError
from fmstudio.insight.network.listening import listening_copy
from fmstudio.insight.network.subject import Subject
from fmstudio.insight.projection import EmbeddingStart, FeatureMap, MapWish, principal_plane, principal_scores
from fmstudio.training.evaluation import BATCH
from fmstudio.training.events import Floats, Ints
from fmstudio.words import tr

MOST = 10_000
"""So many pictures are drawn at most."""
LEAST = 1_000
"""So many are drawn even of a network that takes long."""
WORK = 150e9
"""Multiplications that a map may cost: a few seconds of one core. Larger networks are asked about fewer pictures."""
EMBEDDED = 3_000
"""So many pictures are laid out by their neighbours at most."""
SCORES = 50
"""Directions of greatest spread in which neighbours are looked for; the rest is mostly noise."""
KEPT_BYTES = 256 * 1024 * 1024
"""Features that stay in memory, of all networks together."""


def features(subject: Subject, split: str) -> Floats:
    """What the last layer of a network gets, of every picture of a split, in the order of the split.

    Of a network with one layer these are the pixels as it sees them. They are kept for the next question.

    Args:
        subject: The network.
        split: ``"train"`` or ``"test"``.

    Returns:
        Read-only, shape (n, d).

    Raises:
        UserError: Where a number is not finite.
    """
    return _features(subject, split, None)


def part_of_features(subject: Subject, split: str, rows: Ints) -> Floats:
    """The features of some pictures of a split, by row, shape (m, d); see ``features``."""
    return _features(subject, split, rows)


def feature_map(subject: Subject, wish: MapWish) -> FeatureMap:
    """The plane in which the features of some pictures spread most."""
    drawn, found = _wanted(subject, wish, affordable(subject))
    flat = principal_plane(found)
    return FeatureMap(
        wish=wish,
        samples=drawn.samples,
        labels=drawn.labels,
        points=flat.points,
        spread=flat.spread,
        dimensions=found.shape[1],
        pixels=_sees_pixels(subject, found.shape[1]),
        whole=_whole(subject, wish),
    )


def embedding_start(subject: Subject, wish: MapWish) -> EmbeddingStart:
    """What t-SNE starts from: at most ``EMBEDDED`` pictures in the few directions in which they spread most."""
    drawn, found = _wanted(subject, wish, min(EMBEDDED, affordable(subject)))
    return EmbeddingStart(
        wish=wish,
        samples=drawn.samples,
        labels=drawn.labels,
        numbers=principal_scores(found, SCORES),
        dimensions=found.shape[1],
        pixels=_sees_pixels(subject, found.shape[1]),
        whole=_whole(subject, wish),
    )


def affordable(subject: Subject) -> int:
    """About how many pictures a network can be asked in a few seconds, always the same for the same network."""
    work = _work(subject)
    return int(np.clip(WORK / max(work, 1.0), LEAST, MOST))


def drawn_rows(labels: Ints, most: int) -> Ints:
    """Which pictures are drawn where there are too many: always the same, as many of each class as can be.

    Returns:
        Rows, ascending, shape (at most most,).
    """
    return np.arange(len(labels)) if len(labels) <= most else quick_samples(labels, most)


def _wanted(subject: Subject, wish: MapWish, most: int) -> tuple[PictureSet, Floats]:
    """The pictures that are drawn, and their features."""
    pictures = _pictures(subject, wish.split)
    rows = np.arange(len(pictures)) if wish.samples is None else np.flatnonzero(np.isin(pictures.samples, wish.samples))
    rows = rows[drawn_rows(pictures.labels[rows], most)]
    if len(rows) < 2:
        raise UserError(tr("A map needs at least two pictures."), tr("Count all again."))
    part = PictureSet(pictures.images[:0], pictures.labels[rows], pictures.samples[rows])
    return part, _features(subject, wish.split, None if len(rows) == len(pictures) else rows)


def _whole(subject: Subject, wish: MapWish) -> int:
    """How many pictures are meant, drawn or not."""
    return len(_pictures(subject, wish.split)) if wish.samples is None else len(wish.samples)


def _pictures(subject: Subject, split: str) -> PictureSet:
    return subject.training_images() if split == "train" else subject.test_images()


# ── What is kept

_Key = tuple[int, str, bytes]
_lock = threading.Lock()
_kept: OrderedDict[_Key, tuple[weakref.ref[Subject], Floats]] = OrderedDict()


def _features(subject: Subject, split: str, rows: Ints | None) -> Floats:
    """Some of the features, from memory where they were asked for before; None: all of them."""
    whole = _recall((id(subject), split, b""), subject)
    if whole is not None:
        return whole if rows is None else whole[rows]
    key = (id(subject), split, b"" if rows is None else rows.tobytes())
    found = None if rows is None else _recall(key, subject)
    if found is None:
        images = _pictures(subject, split).images
        found = _computed(subject, images if rows is None else images[rows])
        _keep(key, subject, found)
    return found


def _recall(key: _Key, subject: Subject) -> Floats | None:
    with _lock:
        owner, found = _kept.get(key, (None, None))
        if owner is None or owner() is not subject:
            return None
        _kept.move_to_end(key)
        return found


def _keep(key: _Key, subject: Subject, found: Floats) -> None:
    """Remember, and forget what belongs to networks that are gone, and the oldest while it is too much."""
    with _lock:
        _kept[key] = (weakref.ref(subject), found)
        _kept.move_to_end(key)
        for old in [old for old, (owner, _) in _kept.items() if owner() is None]:
            del _kept[old]
        while len(_kept) > 1 and sum(array.nbytes for _, array in _kept.values()) > KEPT_BYTES:
            _kept.popitem(last=False)


# ── What is computed


@torch.no_grad()
def _computed(subject: Subject, images: NDArray[np.uint8]) -> Floats:
    """Ask a copy of the network, and take what comes into its last layer with weights."""
    network = listening_copy(subject.network)
    head = _head(network, subject.inputs(images[:1]))
    taken: list[Tensor] = []
    head.register_forward_pre_hook(lambda _, given: taken.append(given[0]))
    parts = []
    for inputs in _batches(subject, images):
        taken.clear()
        network(inputs)
        parts.append(_rows(taken, inputs).to(torch.float32).cpu().numpy())
    found: Floats = np.concatenate(parts)
    if not np.isfinite(found).all():
        raise UserError(tr("The network gives numbers that are not finite: there is no map of it."))
    found.flags.writeable = False
    return found


def _batches(subject: Subject, images: NDArray[np.uint8]) -> Iterator[Tensor]:
    for start in range(0, len(images), BATCH):
        yield subject.inputs(images[start : start + BATCH])


def _head(network: torch.nn.Module, inputs: Tensor) -> torch.nn.Module:
    """The last layer with a matrix of weights, in the order in which they are done."""
    done: list[torch.nn.Module] = []
    weighted = [module for module in network.modules() if any(p.ndim > 1 for p in module.parameters(recurse=False))]
    hooks = [module.register_forward_hook(lambda module, *_: done.append(module)) for module in weighted]
    network(inputs)
    for hook in hooks:
        hook.remove()
    return done[-1]


def _rows(taken: list[Tensor], inputs: Tensor) -> Tensor:
    """One row for each picture; a layer that gets no numbers (a table) sees the pixels."""
    given = taken[0] if taken and taken[0].is_floating_point() and len(taken[0]) == len(inputs) else inputs
    return given.flatten(1)


def _sees_pixels(subject: Subject, dimensions: int) -> bool:
    """Whether the features are the pixels themselves: the network has one layer with weights."""
    matrices = [parameter for parameter in subject.network.parameters() if parameter.ndim > 1]
    pixels = subject.inputs(subject.test_images().images[:1])
    return len(matrices) == 1 and pixels.numel() == dimensions


@torch.no_grad()
def _work(subject: Subject) -> float:
    """How many multiplications one picture costs, in convolutions and linear layers."""
    network, counted = listening_copy(subject.network), [0.0]

    def count(module: torch.nn.Module, _: object, output: object) -> None:
        weight = getattr(module, "weight", None)
        if isinstance(weight, Tensor) and weight.ndim > 1 and isinstance(output, Tensor):
            counted[0] += weight.numel() * output[0].numel() / output.shape[1]

    for module in network.modules():
        module.register_forward_hook(count)
    network(subject.inputs(subject.test_images().images[:1]))
    return counted[0]
