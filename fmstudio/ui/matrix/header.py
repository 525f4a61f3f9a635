"""The headers of the confusion matrix: each class with a picture of it, beside the rows also with its name."""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QHeaderView, QWidget

from fmstudio.ui import theme
from fmstudio.ui.looking import Verb, verb_of
from fmstudio.ui.matrix.sizes import DENSE, TITLE
from fmstudio.ui.pictures.picture_delegate import scaled
from fmstudio.words import tr

_GAP = 6


class ClassHeader(QHeaderView):
    """Names and pictures of the classes along one side of the matrix, in the order of its rows; a click chooses one.

    Attributes:
        chosen(int, Verb): A section was clicked, and what for; clicked twice, its pictures are counted alone.
        extent: Its width beside the rows, its height above the columns.
        edge: Of a class's picture, in pixels; 0 where there are none.
        named: Whether the names are shown; ``upright``: whether they are written upwards.
    """

    chosen = Signal(int, object)

    def __init__(self, orientation: Qt.Orientation, parent: QWidget | None = None) -> None:
        super().__init__(orientation, parent)
        self.extent, self.edge, self.named, self.upright = 0, 0, True, False
        self._names: tuple[str, ...] = ()
        self._images: tuple[NDArray[np.uint8], ...] = ()
        self._pixmaps: dict[tuple[int, int, float], QPixmap] = {}
        self._order: list[int] = []
        self._chosen: frozenset[int] = frozenset()
        self._modifiers = Qt.KeyboardModifier.NoModifier
        self._fonts = {True: theme.font(theme.SMALL, weight=600), False: theme.font(theme.SMALL)}
        self.setSectionsClickable(True)
        self.setHighlightSections(False)
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setMinimumSectionSize(1)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.sectionClicked.connect(self._click)
        self.sectionDoubleClicked.connect(lambda section: self.chosen.emit(section, Verb.ALONE))

    @property
    def pictured(self) -> bool:
        """Whether there are pictures of the classes."""
        return bool(self._images)

    @property
    def names_width(self) -> int:
        """The room that the longest name needs."""
        metrics = QFontMetrics(self._fonts[True])
        return max((metrics.horizontalAdvance(tr(name)) for name in self._names), default=0)

    def show_classes(self, names: Sequence[str], images: Sequence[NDArray[np.uint8]]) -> bool:
        """Show other classes, and say whether they are others.

        Args:
            names: Their short names, untranslated.
            images: One picture of each, or none at all.
        """
        given = tuple(images) if len(images) == len(names) else ()
        known = tuple(names) == self._names and len(given) == len(self._images)
        if known and all(np.array_equal(new, old) for new, old in zip(given, self._images, strict=True)):
            return False
        self._names, self._images = tuple(names), given
        self._pixmaps.clear()
        self.viewport().update()
        return True

    def arrange(self, order: Sequence[int]) -> None:
        """Say which class stands in which section."""
        self._order = list(order)
        self.viewport().update()

    def choose(self, labels: Iterable[int]) -> None:
        """Show which classes are chosen."""
        self._chosen = frozenset(labels)
        self.viewport().update()

    def sizeHint(self) -> QSize:
        """As wide, or as high, as ``extent`` says."""
        return QSize(self.extent, self.extent)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take no click on the title for one on a class."""
        self._modifiers = event.modifiers()
        if self.orientation() == Qt.Orientation.Vertical or event.position().y() >= TITLE:
            super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Nor a double click."""
        if self.orientation() == Qt.Orientation.Vertical or event.position().y() >= TITLE:
            super().mouseDoubleClickEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the classes, and above the columns what they are."""
        if self.defaultSectionSize() >= DENSE:
            super().paintEvent(event)
        if self.orientation() == Qt.Orientation.Horizontal and self.count():
            painter = QPainter(self.viewport())
            painter.setFont(theme.font(11))
            painter.setPen(theme.colour("secondary"))
            line = QRect(0, 0, min(self.length(), self.viewport().width()), TITLE)
            painter.drawText(line, Qt.AlignmentFlag.AlignCenter, tr("was taken for →"))
            painter.end()

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:  # noqa: N802 (Qt's name)
        """Paint one class."""
        label = self._order[section] if section < len(self._order) else section
        if not 0 <= label < len(self._names):
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        picture = self._place(rect)
        if self.edge and self.pictured:
            painter.drawPixmap(picture, self._pixmap(label, painter.device().devicePixelRatioF()))
            if label in self._chosen:
                painter.setPen(QPen(theme.colour("text"), 2))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRoundedRect(QRectF(picture).adjusted(-1, -1, 1, 1), 3, 3)
        if self.named or not self.pictured:
            self._paint_name(painter, rect, label)

    def _place(self, rect: QRect) -> QRect:
        if self.orientation() == Qt.Orientation.Horizontal:
            return QRect(rect.center().x() - self.edge // 2, rect.bottom() - self.edge - 2, self.edge, self.edge)
        return QRect(rect.right() - self.edge - 3, rect.center().y() - self.edge // 2, self.edge, self.edge)

    def _paint_name(self, painter: QPainter, rect: QRect, label: int) -> None:
        font = self._fonts[label in self._chosen]
        painter.setFont(font)
        painter.setPen(theme.colour("text"))
        side = Qt.AlignmentFlag.AlignCenter
        if self.orientation() == Qt.Orientation.Vertical:
            line = rect.adjusted(0, 0, -(self.edge + 3 + _GAP if self.edge else _GAP), 0)
            side = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        else:
            line = rect.adjusted(1, TITLE, -1, 0)
        painter.save()
        if self.upright:
            painter.translate(line.left(), line.bottom() - 2)
            painter.rotate(-90)
            line = QRect(0, 0, line.height() - 2, line.width())
            side = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        name = QFontMetrics(font).elidedText(tr(self._names[label]), Qt.TextElideMode.ElideRight, line.width())
        painter.drawText(line, side, name)
        painter.restore()

    def _click(self, section: int) -> None:
        self.chosen.emit(section, verb_of(self._modifiers))

    def _pixmap(self, label: int, ratio: float) -> QPixmap:
        key = (label, self.edge, ratio)
        if key not in self._pixmaps:
            self._pixmaps[key] = scaled(self._images[label], self.edge, ratio)
        return self._pixmaps[key]
