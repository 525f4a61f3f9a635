"""Where pictures lie on the map: asked of the network that is looked at, and kept the same way round."""

from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
from PySide6.QtCore import QObject, Signal

from fmstudio.errors import UserError
from fmstudio.insight.projection import EmbeddingStart, FeatureMap, MapWish, aligned
from fmstudio.session.embedding_task import EmbeddingTask, installed
from fmstudio.session.examiner import Examiner
from fmstudio.training.events import Floats, Ints
from fmstudio.words import tr

Way = Literal["pca", "tsne"]

_MAP = "fmstudio.insight.network.features.feature_map"
_START = "fmstudio.insight.network.features.embedding_start"


class _Asked(Protocol):
    """What map and t-SNE have in common."""

    @property
    def samples(self) -> Ints: ...
    @property
    def labels(self) -> Ints: ...
    @property
    def dimensions(self) -> int: ...
    @property
    def pixels(self) -> bool: ...
    @property
    def whole(self) -> int: ...


@dataclass(frozen=True, eq=False)
class Layout:
    """Points of the plane, each a picture.

    Attributes:
        way: How they were laid out.
        samples: Index of each in its split, shape (n,).
        labels: True class of each, shape (n,).
        points: Where each lies, shape (n, 2).
        dimensions: How many numbers each picture was before.
        pixels: Whether those are the pixels themselves.
        whole: How many pictures are meant.
        spread: Share of the variance that is seen, 0…1; 0 where that has no meaning.
    """

    way: Way
    samples: Ints
    labels: Ints
    points: Floats
    dimensions: int
    pixels: bool
    whole: int
    spread: float = 0.0


class MapPoints(QObject):
    """Follows the network that is looked at with a map of principal components; t-SNE only when it is asked for.

    Attributes:
        way: How the pictures are, or will be, laid out.
        layout: The newest; None: there is none.
        computing: Whether a newer one is on its way.
        share: How far t-SNE is, 0…1.
        stale: Whether t-SNE was computed of a network that is not looked at any more.
        problem: Why there is none, or why it is not what was asked for; None: all is well.

    Signals:
        changed(): Any of these.
    """

    changed = Signal()

    def __init__(self, examiner: Examiner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.way: Way = "pca"
        self.layout: Layout | None = None
        self.computing = False
        self.share = 0.0
        self.stale = False
        self.problem: UserError | None = None
        self._examiner = examiner
        self._subject: object = None
        self._wish = MapWish("test")
        self._awake = self._old = False
        self._reference: Layout | None = None
        self._start: EmbeddingStart | None = None
        self._task = EmbeddingTask(self)
        self._task.progressed.connect(self._moved)
        self._task.ended.connect(self._arrived)
        self._task.refused.connect(self._refused)
        examiner.changed.connect(self._network_changed)

    def show(self, subject: object, split: str, samples: Ints | None) -> None:
        """Lay out other pictures.

        Args:
            subject: Whose they are: another object means another run.
            split: ``"train"`` or ``"test"``.
            samples: Which of them alone; None: all.
        """
        same = split == self._wish.split and _same(samples, self._wish.samples)
        if same and subject is self._subject:
            return
        if split != self._wish.split:
            self._reference = self.layout = None
        self._subject = subject
        self._wish = self._wish if same else MapWish(split, samples)
        self._begin_again()

    def wake(self) -> None:
        """It is seen from now on: ask what was not asked meanwhile."""
        self._awake = True
        if self._old:
            self._ask_map()

    def sleep(self) -> None:
        """Nobody sees it: nothing is asked."""
        self._awake = False

    def choose(self, way: Way) -> None:
        """Lay the pictures out otherwise; where t-SNE is not installed a sentence says so, and all stays as it is."""
        if way == "pca":
            self._begin_again()
        elif not installed():
            message = tr("t-SNE is an extra that is not installed here.")
            self.problem = UserError(message, tr("Install it with: {command}", command='pip install "fmstudio[map]"'))
            self.changed.emit()
        else:
            self._task.cancel()
            self.way, self.computing, self.share = "tsne", True, 0.0
            self.stale, self.problem, self._start = False, None, None
            self.changed.emit()
            self._examiner.ask("map.start", _START, self._started, self._wish, otherwise=self._refused)

    def cancel(self) -> None:
        """Give t-SNE up: back to the map of principal components."""
        self._begin_again()

    def _begin_again(self) -> None:
        self._task.cancel()
        self.way, self.stale, self.problem, self._start = "pca", False, None, None
        self._ask_map()

    def _ask_map(self) -> None:
        self._old = not self._awake
        if not self._awake:
            return
        self.computing = self._examiner.available
        if not self.computing:
            self._nothing()
        self.changed.emit()
        if self.computing:
            self._examiner.ask("map", _MAP, self._mapped, self._wish, otherwise=self._refused)

    def _nothing(self) -> None:
        self.layout = self._reference = None
        why = self._examiner.why_not
        self.problem = UserError(why) if why else None

    def _network_changed(self) -> None:
        if self.way == "pca" or not self._examiner.available:
            self._begin_again()
        elif self._start is None and self.computing:  # the answer to the question was dropped
            self.choose("tsne")
        else:
            self.stale = True
            self.changed.emit()

    def _mapped(self, answer: FeatureMap) -> None:
        if answer.wish is not self._wish or self.way != "pca":
            return
        points, before = answer.points, self._reference
        if before is not None:
            points = aligned(points, answer.samples, before.points, before.samples)
        self.computing, self.problem = False, None
        self.layout = self._reference = _layout("pca", answer, points, sum(answer.spread))
        self.changed.emit()

    def _started(self, answer: EmbeddingStart) -> None:
        if answer.wish is not self._wish or self.way != "tsne":
            return
        points, before = answer.numbers[:, :2], self._reference
        if before is not None:
            points = aligned(points, answer.samples, before.points, before.samples)
        self._start = answer
        self._task.start(answer.numbers, points)

    def _moved(self, share: float, points: Floats) -> None:
        if self._start is not None:
            self.share = share
            self.layout = _layout("tsne", self._start, points)
            self.changed.emit()

    def _arrived(self, points: Floats) -> None:
        if self._start is not None:
            self.computing, self.share = False, 1.0
            self.layout = _layout("tsne", self._start, points)
            self.changed.emit()

    def _refused(self, error: UserError) -> None:
        """Say why; where t-SNE was asked for, the map that was there stays."""
        self.computing, self.problem = False, error
        if self.way == "pca":
            self.layout = self._reference = None
        self.way = "pca"
        self.changed.emit()


def _layout(way: Way, asked: _Asked, points: Floats, spread: float = 0.0) -> Layout:
    return Layout(way, asked.samples, asked.labels, points, asked.dimensions, asked.pixels, asked.whole, spread)


def _same(one: Ints | None, other: Ints | None) -> bool:
    if one is None or other is None:
        return one is other
    return one is other or np.array_equal(one, other)
