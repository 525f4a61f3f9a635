"""Many small maps in a grid, one of them large when asked for."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from fmstudio.ui import theme
from fmstudio.ui.one_picture.heat_colours import coloured, grey_map, scaled_heat
from fmstudio.ui.pictures.picture_delegate import scaled
from fmstudio.words import tr

_GAP = 6
_CAPTION = 16
_LARGE = 320
_DRAWER = 398
_MOST_EDGE = 112
_EDGES = ((16, 92), (36, 62), (100, 44))
"""Up to so many tiles are about so wide."""
_LEAST_EDGE = 30
_STEPS = {Qt.Key.Key_Left: (0, -1), Qt.Key.Key_Right: (0, 1), Qt.Key.Key_Up: (-1, 0), Qt.Key.Key_Down: (1, 0)}
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)


@dataclass(frozen=True, eq=False)
class Tile:
    """One map.

    Attributes:
        values: Shape (height, width).
        name: "Map 5 of 12".
        caption: Stands below it; may be empty.
    """

    values: NDArray[np.float32]
    name: str
    caption: str = ""

    @property
    def words(self) -> str:
        """Its name with the range of its values."""
        low, high = (f"{value:.3g}" for value in (self.values.min(), self.values.max()))
        return tr("{name}: from {low} to {high}", name=self.name, low=low, high=high)


class TileGrid(QWidget):
    """Maps in a grid, each with a scale of its own; a click or Enter shows one large, Esc or a click all again.

    Args:
        name: Its objectName.
        told: Its accessible name.
    """

    looked_at = Signal(str)
    """The mouse or the keyboard is on another tile: its words; empty for none."""

    def __init__(self, name: str, told: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(told)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._tiles: tuple[Tile, ...] = ()
        self._signed, self._wanted = False, 0
        self._focused, self._hovered, self._large = 0, -1, -1
        self._pictures: dict[tuple[int, int, float], QPixmap] = {}

    @property
    def tiles(self) -> tuple[Tile, ...]:
        """What is shown."""
        return self._tiles

    @property
    def large(self) -> int:
        """Which tile is shown large, -1: all are shown."""
        return self._large

    def show_tiles(self, tiles: Sequence[Tile], *, signed: bool = False, columns: int = 0) -> None:
        """Show some maps.

        Args:
            tiles: Row by row.
            signed: Orange below 0 and blue above it, instead of grey from the least to the greatest.
            columns: How many in a row; 0: as many as there is room for.
        """
        self._tiles, self._signed, self._wanted = tuple(tiles), signed, columns
        self._focused = min(self._focused, max(0, len(tiles) - 1))
        self._large, self._hovered = -1, -1
        self._pictures.clear()
        self._fit()

    def tile_rect(self, number: int) -> QRect:
        """Where a tile is drawn in the grid."""
        columns, edge = self._laid_out(self.width())
        row, column = divmod(number, columns)
        return QRect(column * (edge + _GAP) + 2, row * (edge + _GAP + self._caption) + 2, edge, edge)

    def sizeHint(self) -> QSize:
        """All rows, in a drawer."""
        return QSize(_DRAWER, self.heightForWidth(_DRAWER))

    def minimumSizeHint(self) -> QSize:
        """Narrower."""
        return QSize(160, 0)

    def hasHeightForWidth(self) -> bool:
        """The narrower, the more rows."""
        return True

    def heightForWidth(self, width: int) -> int:
        """All rows, or the large tile."""
        if self._large >= 0:
            return min(_LARGE, width - 4) + 4 + self._caption
        columns, edge = self._laid_out(width)
        return math.ceil(len(self._tiles) / columns) * (edge + _GAP + self._caption) + 2

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Scale the tiles anew."""
        super().resizeEvent(event)
        self._pictures.clear()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Say what is under the mouse."""
        self._hover(self._tile_at(event.position().toPoint().x(), event.position().toPoint().y()))

    def leaveEvent(self, event: object) -> None:
        """Nothing is under the mouse."""
        self._hover(-1)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Show a tile large, or all again."""
        place = event.position().toPoint()
        found = self._tile_at(place.x(), place.y())
        if event.button() != Qt.MouseButton.LeftButton:
            return
        if self._large >= 0:
            self._enlarge(-1)
        elif found >= 0:
            self._focused = found
            self._enlarge(found)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk with the arrows, Enter or Space for large, Esc for all."""
        key = Qt.Key(event.key())
        if key in _STEPS and self._tiles:
            self._walk(*_STEPS[key])
        elif key in _ENTER and self._tiles:
            self._enlarge(-1 if self._large >= 0 else self._focused)
        elif key == Qt.Key.Key_Escape and self._large >= 0:
            self._enlarge(-1)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: object) -> None:
        """Say where the keyboard is."""
        self._tell(self._focused)
        self.update()

    def focusOutEvent(self, event: object) -> None:
        """Take the ring away."""
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the tiles that can be seen, or the large one."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.font(theme.SMALL))
        if self._large >= 0:
            self._paint(painter, self._large, QRect(2, 2, self._large_edge, self._large_edge))
        else:
            for number in range(len(self._tiles)):
                place = self.tile_rect(number)
                if place.adjusted(0, 0, 0, _CAPTION).intersects(event.rect()):
                    self._paint(painter, number, place)
        painter.end()

    def _paint(self, painter: QPainter, number: int, place: QRect) -> None:
        picture = self._picture(number, place.width())
        size = picture.deviceIndependentSize().toSize()
        painter.fillRect(place, theme.colour("empty_cell"))
        left, top = (place.width() - size.width()) // 2, (place.height() - size.height()) // 2
        painter.drawPixmap(place.left() + left, place.top() + top, picture)
        if number in (self._hovered, self._focused if self.hasFocus() else -1):
            colour = "accent" if number == self._focused and self.hasFocus() else "secondary"
            painter.setPen(QPen(theme.colour(colour), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(place).adjusted(-1, -1, 1, 1), 3, 3)
        caption = self._tiles[number].caption
        if caption:
            painter.setPen(theme.colour("secondary"))
            text = painter.fontMetrics().elidedText(caption, Qt.TextElideMode.ElideRight, place.width())
            line = QRect(place.left(), place.bottom() + 1, place.width(), _CAPTION)
            painter.drawText(line, Qt.AlignmentFlag.AlignCenter, text)

    def _picture(self, number: int, edge: int) -> QPixmap:
        key = (number, edge, self.devicePixelRatioF())
        if key not in self._pictures:
            values = self._tiles[number].values
            pixels = coloured(scaled_heat(values, signed=True), signed=True) if self._signed else grey_map(values)
            self._pictures[key] = scaled(pixels, edge, self.devicePixelRatioF())
        return self._pictures[key]

    def _laid_out(self, width: int) -> tuple[int, int]:
        """How many tiles stand in a row, and how wide each is."""
        few = len(self._tiles) <= _EDGES[0][0] or bool(self._wanted)
        wanted = next((edge for most, edge in _EDGES if len(self._tiles) <= most), _LEAST_EDGE)
        columns = self._wanted or max(1, (width - 4 + _GAP) // (wanted + _GAP))
        room = (width - 4 + _GAP) // columns - _GAP
        return columns, max(6, min(room, _MOST_EDGE if few else 64))

    @property
    def _large_edge(self) -> int:
        return min(_LARGE, self.width() - 4)

    @property
    def _caption(self) -> int:
        """Height of the captions."""
        return _CAPTION if any(tile.caption for tile in self._tiles) else 0

    def _fit(self) -> None:
        self.updateGeometry()
        self.update()

    def _tile_at(self, x: int, y: int) -> int:
        if self._large >= 0:
            return self._large
        columns, edge = self._laid_out(self.width())
        column, row = (x - 2) // (edge + _GAP), (y - 2) // (edge + _GAP + self._caption)
        found = row * columns + column
        inside = x >= 2 and y >= 2 and column < columns and found < len(self._tiles)
        return found if inside else -1

    def _walk(self, rows: int, columns: int) -> None:
        if self._large >= 0:
            self._focused = max(0, min(len(self._tiles) - 1, self._focused + rows + columns))
            self._large = self._focused
        else:
            moved = self._focused + rows * self._laid_out(self.width())[0] + columns
            self._focused = moved if 0 <= moved < len(self._tiles) else self._focused
        self._tell(self._focused)
        self.update()

    def _enlarge(self, number: int) -> None:
        self._large = number
        self._tell(self._focused)
        self._fit()

    def _hover(self, number: int) -> None:
        if number != self._hovered:
            self._hovered = number
            self._tell(number)
            self.update()

    def _tell(self, number: int) -> None:
        words = self._tiles[number].words if 0 <= number < len(self._tiles) else ""
        self.setAccessibleDescription(words)
        self.looked_at.emit(words)
