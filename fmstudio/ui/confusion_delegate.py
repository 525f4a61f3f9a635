"""How one square of the confusion matrix is painted: green where it is right, vermilion where it is not."""

from functools import lru_cache

from PySide6.QtCore import QObject, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from fmstudio.session.confusion_table import LESS_THAN_ONE, Index, Roles
from fmstudio.ui import theme
from fmstudio.ui.style import mix

CORNER = 4
"""Radius of a square's corners."""

_READABLE = 4.5
_INKS = {"light": ("#0d0f12", "#ffffff", "#000000"), "dark": ("#e8eaed", "#0d0f12", "#ffffff", "#000000")}


def cell_colour(share: float, *, right: bool) -> QColor:
    """The colour of a square: green by its share on the diagonal, vermilion off it, where 1 % is seen already.

    Args:
        share: 0…1; 0 is empty.
        right: Whether the square stands on the diagonal.
    """
    if not share:
        return theme.colour("empty_cell")
    strength = 0.1 + 0.7 * share if right else min(0.9, max(0.07, 2.1 * share**0.5 - 0.09))
    colours = theme.current()
    return QColor(mix(colours.empty_cell, colours.right if right else colours.wrong, strength))


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


@lru_cache(maxsize=4000)
def _colours(theme_name: str, thousandths: int, right: bool) -> tuple[QColor, QColor]:
    background = cell_colour(thousandths / 1000, right=right)
    return background, text_colour(background)


class CellDelegate(QStyledItemDelegate):
    """Paints the squares of a ``ConfusionTableModel``; what counts nothing stays empty."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.set_size(theme.SMALL)

    def set_size(self, size: int) -> None:
        """Say how large the numbers are, in pixels."""
        self._fonts = {True: theme.font(size, weight=500), False: theme.font(size)}

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one square."""
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        count, share, right = index.data(Roles.COUNT), index.data(Roles.SHADE), index.row() == index.column()
        shade = max(1, round(1000 * share)) if count and share else 0
        background, ink = _colours(theme.current().name, shade, right)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(background)
        painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), CORNER, CORNER)
        if count is None:
            return
        if state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(theme.colour("secondary"))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(rect).adjusted(1.5, 1.5, -1.5, -1.5), CORNER, CORNER)
        if count or share is None:
            painter.setFont(self._fonts[right])
            painter.setPen(ink if count else theme.colour("faint"))
            painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, _text(index))


def _text(index: Index) -> str:
    """What stands in the square: below one per cent its colour is enough."""
    text: str = index.data(Qt.ItemDataRole.DisplayRole)
    return "" if text == LESS_THAN_ONE else text
