"""Two settings that were crossed, as a table: a colour and a number for each pair of values."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from fmstudio.insight.settings_results import Grid
from fmstudio.ui import theme
from fmstudio.ui.style import mix
from fmstudio.words import tr

_HEAD, _LEFT_MOST, _SIDE, _GAP = 40, 160, 8, 2
_ROW_MOST, _WIDE_MOST = 40.0, 110.0
_ARROWS = {Qt.Key.Key_Left: (0, -1), Qt.Key.Key_Right: (0, 1), Qt.Key.Key_Up: (-1, 0), Qt.Key.Key_Down: (1, 0)}
_CHOOSING = (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter)
_STRONGEST = 0.75


class ScatterHeat(QWidget):
    """Paints a grid; a click on a cell, or Space, chooses its runs."""

    picked = Signal(object, bool)
    """These runs, by their places, shape (m,), were chosen; whether in addition to those that were."""
    opened = Signal(int)
    """A cell was clicked twice: the place of its first run."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("scatterHeat")
        self.setAccessibleName(tr("Results by two settings"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._grid: Grid | None = None
        self._names: tuple[str, str] = ("", "")
        self._rows: tuple[str, ...] = ()
        self._columns: tuple[str, ...] = ()
        self._texts: list[list[str]] = []
        self._better = 1
        self._best = (-1, -1)
        self._current: tuple[int, int] | None = None

    def show_grid(
        self,
        grid: Grid,
        names: tuple[str, str],
        words: tuple[Sequence[str], Sequence[str]],
        texts: list[list[str]],
        *,
        larger_is_better: bool,
    ) -> None:
        """Show a grid.

        Args:
            grid: The results.
            names: What the rows are, and what the columns are.
            words: What stands beside the rows and above the columns.
            texts: What stands in the cells.
            larger_is_better: Whether strong colours are for large numbers.
        """
        self._grid, self._names, self._texts = grid, names, texts
        self._rows, self._columns = tuple(words[0]), tuple(words[1])
        self._better = 1 if larger_is_better else -1
        known = np.isfinite(grid.mean)
        goodness = np.where(known, self._better * grid.mean, -np.inf)
        self._best = divmod(int(goodness.argmax()), grid.mean.shape[1]) if known.any() else (-1, -1)
        self._current = None
        self.update()

    def cell_rect(self, row: int, column: int) -> QRectF:
        """Where a cell lies on the widget."""
        left, wide, high = self._sizes()
        return QRectF(left + column * wide, _HEAD + row * high, wide - _GAP, high - _GAP)

    def sizeHint(self) -> QSize:
        """It takes all the room there is."""
        return QSize(480, 240)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw names, values and cells."""
        grid = self._grid
        if grid is None or not grid.mean.size:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.font(theme.SMALL))
        self._paint_heads(painter)
        shares = self._shares(grid)
        for row in range(len(self._rows)):
            for column in range(len(self._columns)):
                self._paint_cell(painter, row, column, float(shares[row, column]))
        for cell, colour, width in ((self._best, "right", 2.5), (self._current, "text", 1.5)):
            if cell is not None and cell[0] >= 0 and (colour == "right" or self.hasFocus()):
                painter.setPen(QPen(theme.colour(colour), width))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRoundedRect(self.cell_rect(*cell).adjusted(1, 1, -1, -1), 4, 4)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Choose the runs of a cell."""
        cell = self._cell_at(event.position())
        if cell is not None:
            self._current = cell
            self._pick(bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Open the first run of a cell."""
        cell = self._cell_at(event.position())
        if cell is not None and self._grid is not None and cell in self._grid.members:
            self.opened.emit(self._grid.members[cell][0])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows go from cell to cell; Space chooses its runs."""
        key = Qt.Key(event.key())
        if key in _ARROWS and self._rows:
            self._step(*_ARROWS[key])
        elif key in _CHOOSING and self._current is not None:
            self._pick(bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier))
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The cell where the keyboard is, first the best one."""
        super().focusInEvent(event)
        if self._current is None and self._best[0] >= 0:
            self._current = self._best
        self.update()

    def _step(self, down: int, right: int) -> None:
        row, column = self._current or (0, 0)
        row = min(max(row + down, 0), len(self._rows) - 1)
        self._current = row, min(max(column + right, 0), len(self._columns) - 1)
        row, column = self._current
        self.setAccessibleDescription(f"{self._rows[row]} × {self._columns[column]}: {self._texts[row][column]}")
        self.update()

    def _pick(self, added: bool) -> None:
        members = self._grid.members.get(self._current or (-1, -1), ()) if self._grid else ()
        self.update()
        if members:
            self.picked.emit(np.array(members, np.intp), added)

    def _cell_at(self, at: QPointF) -> tuple[int, int] | None:
        left, wide, high = self._sizes()
        row, column = int((at.y() - _HEAD) // high), int((at.x() - left) // wide)
        return (row, column) if 0 <= row < len(self._rows) and 0 <= column < len(self._columns) else None

    def _sizes(self) -> tuple[float, float, float]:
        """Where the cells begin, how wide each is, and how high."""
        metrics = self.fontMetrics()
        words = max((metrics.horizontalAdvance(word) for word in (*self._rows, self._names[0])), default=0)
        left = min(words + _SIDE, _LEFT_MOST)
        wide = min((self.width() - left) / max(1, len(self._columns)), _WIDE_MOST)
        return left, wide, min((self.height() - _HEAD) / max(1, len(self._rows)), _ROW_MOST)

    def _shares(self, grid: Grid) -> np.ndarray:
        """How good each cell is among all, 0…1."""
        known = grid.mean[np.isfinite(grid.mean)] * self._better
        low, high = (float(known.min()), float(known.max())) if len(known) else (0.0, 1.0)
        return np.asarray((grid.mean * self._better - low) / (high - low) if high > low else grid.mean * 0 + 0.5)

    def _paint_heads(self, painter: QPainter) -> None:
        left, wide, high = self._sizes()
        metrics = painter.fontMetrics()
        centre = Qt.AlignmentFlag.AlignCenter
        painter.setPen(theme.colour("text"))
        for column, word in enumerate(self._columns):
            place = QRectF(left + column * wide, 18, wide - _GAP, 20)
            painter.drawText(place, centre, metrics.elidedText(word, Qt.TextElideMode.ElideRight, int(wide) - 4))
        for row, word in enumerate(self._rows):
            place = QRectF(0, _HEAD + row * high, left - _SIDE, high - _GAP)
            shown = metrics.elidedText(word, Qt.TextElideMode.ElideRight, int(left) - _SIDE)
            painter.drawText(place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, shown)
        painter.setPen(theme.colour("secondary"))
        painter.drawText(QRectF(left, 0, self.width() - left, 18), Qt.AlignmentFlag.AlignLeft, self._names[1])
        name = metrics.elidedText(self._names[0], Qt.TextElideMode.ElideRight, int(left) - _SIDE)
        corner = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(QRectF(0, 18, left - _SIDE, 20), corner, name)

    def _paint_cell(self, painter: QPainter, row: int, column: int, share: float) -> None:
        now, place = theme.current(), self.cell_rect(row, column)
        known = np.isfinite(share)
        painter.setPen(Qt.PenStyle.NoPen)
        ground = QColor(mix(now.card, now.accent, 0.08 + _STRONGEST * share) if known else now.empty_cell)
        painter.setBrush(ground)
        painter.drawRoundedRect(place, 4, 4)
        painter.setPen(_readable(ground))
        best = (row, column) == self._best
        text = f"★ {self._texts[row][column]}" if best else self._texts[row][column]
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)


def _readable(ground: QColor) -> QColor:
    """The letters that stand out more on a ground: the text's, or those on the accent."""
    letters = (theme.colour("text"), theme.colour("on_accent"))
    light = [_light(one) for one in letters]
    here = _light(ground)
    contrasts = [(max(one, here) + 0.05) / (min(one, here) + 0.05) for one in light]
    return letters[contrasts.index(max(contrasts))]


def _light(colour: QColor) -> float:
    """How light a colour is, 0…1, as contrast is reckoned."""
    parts = [
        one / 12.92 if one <= 0.04 else ((one + 0.055) / 1.055) ** 2.4
        for one in (colour.redF(), colour.greenF(), colour.blueF())
    ]
    return float(0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2])
