"""What lies under and over the curves of an overlay: bands, and a ring around the best epoch of each run."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF, QTransform
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

_SOFT = 0.20
_FAINT = 0.05
_RADIUS = 6.5


@dataclass(frozen=True)
class Ribbon:
    """One band: its name, its colour ``"#rrggbb"`` and its outline in the plot's own coordinates."""

    key: str
    colour: str
    outline: QPolygonF


@dataclass(frozen=True)
class Ring:
    """One ring: whose, its colour ``"#rrggbb"`` and its place in the plot's own coordinates."""

    key: str
    colour: str
    place: QPointF


class _Marks(QGraphicsItem):
    """Covers what is visible; ``strong`` is the one that is not faint, empty for all."""

    def __init__(self) -> None:
        super().__init__()
        self._rect = QRectF()
        self.strong = ""

    def lay(self, rect: QRectF) -> None:
        """Lie over this part of the plot."""
        self.prepareGeometryChange()
        self._rect = rect
        self.update()

    def boundingRect(self) -> QRectF:  # noqa: N802 (Qt's name)
        """What is visible."""
        return self._rect

    def emphasise(self, key: str) -> None:
        """Let all others be faint; empty: none."""
        self.strong = key
        self.update()


class Ribbons(_Marks):
    """The bands."""

    def __init__(self) -> None:
        super().__init__()
        self.ribbons: Sequence[Ribbon] = ()

    def paint(self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None) -> None:
        """Fill each band."""
        painter.setPen(Qt.PenStyle.NoPen)
        for ribbon in self.ribbons:
            colour = QColor(ribbon.colour)
            colour.setAlphaF(_SOFT if self.strong in ("", ribbon.key) else _FAINT)
            painter.setBrush(colour)
            painter.drawPolygon(ribbon.outline)


class Rings(_Marks):
    """The rings, round and of one size however the plot is stretched."""

    def __init__(self) -> None:
        super().__init__()
        self.rings: Sequence[Ring] = ()
        self.density = 1.0

    def paint(self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None) -> None:
        """Draw each ring at its place."""
        there = painter.transform()
        painter.save()
        painter.setTransform(QTransform())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for ring in self.rings:
            if self._rect.contains(ring.place) and self.strong in ("", ring.key):
                painter.setPen(QPen(QColor(ring.colour), 1.5))
                painter.drawEllipse(there.map(ring.place), _RADIUS, _RADIUS)
        painter.restore()
