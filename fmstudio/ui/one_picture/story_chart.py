"""How sure a network was of one picture, epoch by epoch: of its true class, and of what it took it for."""

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QSize, Qt, Signal
from PySide6.QtGui import QHelpEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from fmstudio.insight.picture_story import PictureStory
from fmstudio.ui import theme
from fmstudio.ui.chart_axes import Axes, paint_axes, room_of
from fmstudio.ui.chart_key import Entry
from fmstudio.ui.pictures.picture_facts import percent
from fmstudio.words import tr

_MARKED = 9
"""Room in pixels that an epoch needs to have a mark of its own."""
_STEP = 40
_CROSS = 3.5


class StoryChart(QWidget):
    """Two lines over the epochs.

    Attributes:
        epoch_chosen: An epoch was clicked.
    """

    epoch_chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("storyChart")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._story: PictureStory | None = None
        self._classes: tuple[str, ...] = ()
        self._epoch = -1

    def show_story(self, story: PictureStory, classes: tuple[str, ...], epoch: int) -> None:
        """Show a story.

        Args:
            story: What was answered.
            classes: Names of the classes.
            epoch: The one that is looked at, marked; -1: none.
        """
        self._story, self._classes, self._epoch = story, classes, epoch
        self.update()

    @property
    def key(self) -> tuple[Entry, ...]:
        """What its lines are."""
        if self._story is None:
            return ()
        true = Entry(tr("{name} (true)", name=tr(self._classes[self._story.label])), "right")
        if self._story.right.all():
            return (true,)
        return (true, Entry(tr("what it was taken for"), "wrong", Qt.PenStyle.DashLine))

    def sizeHint(self) -> QSize:
        """Low: the table is below."""
        return QSize(320, 170)

    def minimumSizeHint(self) -> QSize:
        """The same, narrower."""
        return QSize(200, 170)

    def event(self, event: QEvent) -> bool:
        """Say what was answered in the epoch under the mouse."""
        if isinstance(event, QHelpEvent) and self._story is not None:
            QToolTip.showText(event.globalPos(), self.words_at(event.pos().x()), self)
            return True
        return super().event(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Choose the epoch under the mouse."""
        if event.button() == Qt.MouseButton.LeftButton and self._story is not None:
            self.epoch_chosen.emit(int(self._story.epochs[self._nearest(event.position().x())]))

    def words_at(self, x: float) -> str:
        """What was answered in the epoch at a place."""
        if self._story is None:
            return ""
        at, story = self._nearest(x), self._story
        true = tr("{name} {share}", name=tr(self._classes[story.label]), share=percent(float(story.true_share[at])))
        values = {"epoch": f"{story.epochs[at]:,}", "true": true}
        if story.right[at]:
            return tr("Epoch {epoch}: ✓ {true}", **values)
        name = tr(self._classes[story.predicted[at]])
        taken = tr("{name} {share}", name=name, share=percent(float(story.predicted_share[at])))
        return tr("Epoch {epoch}: ✗ {taken}; {true}", taken=taken, **values)

    def place_of(self, epoch: int) -> float:
        """Where an epoch stands, in pixels from the left."""
        axes = self._axes()
        return 0.0 if axes is None else float(axes.xs(np.array([epoch]))[0])

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw axes, the epoch that is looked at, the lines and their marks."""
        story, axes = self._story, self._axes()
        if story is None or axes is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_axes(painter, axes, self._columns(story))
        if self._epoch >= 0:
            painter.setPen(QPen(theme.colour("accent", 0.5), 1))
            x = self.place_of(self._epoch)
            painter.drawLine(QPointF(x, axes.room.top()), QPointF(x, axes.room.bottom()))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        epochs = story.epochs
        painter.setPen(QPen(theme.colour("wrong"), 1, Qt.PenStyle.DashLine))
        painter.drawPolyline(axes.polygon(epochs, 100 * story.predicted_share))
        painter.setPen(QPen(theme.colour("right"), 2))
        painter.drawPolyline(axes.polygon(epochs, 100 * story.true_share))
        if axes.room.width() / max(1, len(story) - 1) >= _MARKED:
            self._paint_marks(painter, axes, story)

    def _paint_marks(self, painter: QPainter, axes: Axes, story: PictureStory) -> None:
        for right, place, taken in zip(
            story.right,
            axes.places(story.epochs, 100 * story.true_share),
            axes.places(story.epochs, 100 * story.predicted_share),
            strict=True,
        ):
            painter.setPen(QPen(theme.colour("right"), 1.5))
            painter.setBrush(theme.colour("right" if right else "card"))
            painter.drawEllipse(place, _CROSS, _CROSS)
            if not right:
                painter.setPen(QPen(theme.colour("wrong"), 2))
                for way in (QPointF(_CROSS, _CROSS), QPointF(_CROSS, -_CROSS)):
                    painter.drawLine(taken - way, taken + way)

    def _axes(self) -> Axes | None:
        if self._story is None:
            return None
        first, last = float(self._story.epochs[0]), float(self._story.epochs[-1])
        room = room_of(self.width(), self.height()).adjusted(-8, 2, -2, 0)
        across = (first - 0.5, last + 0.5) if last == first else (first, last)
        return Axes(room.adjusted(6, 0, -2, 0), across, (0.0, 100.0), (tr("epoch"), "%"))

    def _columns(self, story: PictureStory) -> list[tuple[float, str]]:
        """Whole epochs only."""
        first, last = int(story.epochs[0]), int(story.epochs[-1])
        most = max(2, self.width() // _STEP)
        step = next(n * 10**power for power in range(9) for n in (1, 2, 5) if (last - first) <= n * 10**power * most)
        return [(float(epoch), f"{epoch:,}") for epoch in range(first, last + 1, step)]

    def _nearest(self, x: float) -> int:
        axes = self._axes()
        return 0 if axes is None or self._story is None else int(np.abs(axes.xs(self._story.epochs) - x).argmin())
