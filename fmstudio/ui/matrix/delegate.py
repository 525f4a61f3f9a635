"""How one square of the confusion matrix is painted: green where it is right, vermilion where it is not."""

from functools import lru_cache

from PySide6.QtCore import QObject, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from fmstudio.session.confusion_cell import Index, Look
from fmstudio.session.confusion_table import ConfusionTableModel
from fmstudio.ui import theme
from fmstudio.ui.style import mix

CORNER = 4
"""Radius of a square's corners."""

_CLOSE = 16
"""Squares up to this height stand closer together."""

_FAINT = 0.3
_READABLE = 4.5
_INKS = {"light": ("#0d0f12", "#ffffff", "#000000"), "dark": ("#e8eaed", "#0d0f12", "#ffffff", "#000000")}


def cell_colour(share: float, *, right: bool, change: bool = False) -> QColor:
    """The colour of a square: green by its share on the diagonal, vermilion off it, where 1 % is seen already.

    Args:
        share: 0…1; 0 is empty.
        right: Whether it is green: the square stands on the diagonal, or got better.
        change: Whether it is a difference, of which 1 % is seen in either colour.
    """
    if not share:
        return theme.colour("empty_cell")
    linear = right and not change
    strength = 0.1 + 0.7 * share if linear else min(0.9, max(0.07, 2.1 * share**0.5 - 0.09))
    colours = theme.current()
    return QColor(mix(colours.empty_cell, colours.right if right else colours.wrong, strength))


def faded(colour: QColor) -> QColor:
    """The same colour where nothing in the square is looked at."""
    return QColor(mix(theme.current().empty_cell, colour.name(), _FAINT))


def text_colour(background: QColor) -> QColor:
    """A light or a dark ink that can be read on a colour: the theme's own kind where it can."""
    candidates = [QColor(name) for name in _INKS[theme.current().name]]
    return next(colour for colour in candidates if contrast(colour, background) >= _READABLE)


def contrast(first: QColor, second: QColor) -> float:
    """How well one colour is told from another, 1…21, as WCAG defines it."""
    dark, light = sorted((_luminance(first), _luminance(second)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: QColor) -> float:
    parts = (colour.redF(), colour.greenF(), colour.blueF())
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@lru_cache(maxsize=8000)
def _colours(theme_name: str, thousandths: int, right: bool, change: bool, faint: bool) -> tuple[QColor, QColor]:
    background = cell_colour(thousandths / 1000, right=right, change=change)
    if faint:
        return faded(background), theme.colour("secondary")
    return background, text_colour(background)


class CellDelegate(QStyledItemDelegate):
    """Paints the squares of a ``ConfusionTableModel``; what counts nothing stays empty.

    Args:
        model: What is shown.
    """

    def __init__(self, model: ConfusionTableModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._table = model
        self._small = theme.font(11)
        self.set_size(theme.SMALL)

    def set_size(self, size: int, *, roomy: bool = False) -> None:
        """Say how large the numbers are, in pixels; 0: none are drawn.

        Args:
            size: As said.
            roomy: Whether there is room for a second line.
        """
        self._size, self._roomy = size, roomy
        self._fonts = {True: theme.font(size or 9, weight=500), False: theme.font(size or 9)}

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one square."""
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        look, change = self._table.look(index.row(), index.column()), self._table.mode == "change"
        shade = max(1, round(1000 * look.shade)) if look.shade else 0
        background, ink = _colours(theme.current().name, shade, look.good, change, look.faint)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(background)
        gap = 1 if rect.height() > _CLOSE else 0.5
        painter.drawRoundedRect(QRectF(rect).adjusted(gap, gap, -gap, -gap), CORNER, CORNER)
        if self._table.counts is None:
            return
        if state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(theme.colour("secondary"))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(rect).adjusted(1.5, 1.5, -1.5, -1.5), CORNER, CORNER)
        if look.text and self._size:
            self._write(painter, rect, look, ink)

    def _write(self, painter: QPainter, rect: QRect, look: Look, ink: QColor) -> None:
        """The number and, where there is room, what it is a share of."""
        right = look.good and bool(look.shade)
        painter.setFont(self._fonts[right])
        painter.setPen(ink if look.shade else theme.colour("faint"))
        if not (self._roomy and look.small):
            painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, look.text)
            return
        middle = rect.center().y() + 3
        above, below = QRect(rect), QRect(rect)
        above.setBottom(middle)
        below.setTop(middle + 2)
        painter.drawText(above, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom, look.text)
        painter.setFont(self._small)
        painter.drawText(below, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, look.small)
