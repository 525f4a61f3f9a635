"""How the list of a choice is drawn: headings small, and what does not fit with its reason below its name."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from fmstudio.ui import theme

REASON = Qt.ItemDataRole.UserRole.value + 1
"""The role of an item under which it says why it does not fit."""
_SMALL = 12
_HEAD = 11
_PADDING = 8
_LINE, _TWO_LINES, _HEADING = 28, 44, 32
_REASON_WIDTH = 440
"""A longer reason ends in "…"; the tooltip says the whole."""

Index = QModelIndex | QPersistentModelIndex


class ChoiceDelegate(QStyledItemDelegate):
    """Draws the items of a choice's list."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Two lines where there is a reason."""
        width, reason = option.fontMetrics.horizontalAdvance(_text(index)), _reason(index)
        if reason:
            width = max(width, min(QFontMetrics(theme.font(_SMALL)).horizontalAdvance(reason), _REASON_WIDTH))
        height = _TWO_LINES if reason else _LINE if _is_kind(index) else _HEADING
        return QSize(width + 2 * _PADDING, height)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one."""
        if _is_kind(index) and not _reason(index):
            super().paint(painter, option, index)
            return
        painter.save()
        if _is_kind(index):
            self._paint_background(painter, option, index)
            self._paint_unfit(painter, option.rect.adjusted(_PADDING, 4, -_PADDING, -4), index)
        else:
            painter.setFont(theme.font(_HEAD, weight=600))
            painter.setPen(theme.colour("secondary"))
            inside = option.rect.adjusted(_PADDING, 0, -_PADDING, -5)
            painter.drawText(inside, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom, _text(index))
            painter.setPen(theme.colour("line"))
            painter.drawLine(inside.left(), option.rect.top() + 5, inside.right(), option.rect.top() + 5)
        painter.restore()

    def _paint_background(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        bare = QStyleOptionViewItem(option)
        self.initStyleOption(bare, index)
        bare.text = ""
        bare.widget.style().drawControl(QStyle.ControlElement.CE_ItemViewItem, bare, painter, bare.widget)

    def _paint_unfit(self, painter: QPainter, inside: QRect, index: Index) -> None:
        half = inside.height() // 2
        painter.setFont(theme.font())
        painter.setPen(theme.colour("text"))
        upper = QRect(inside.left(), inside.top(), inside.width(), half)
        painter.drawText(upper, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, _text(index))
        painter.setFont(theme.font(_SMALL))
        painter.setPen(theme.colour("secondary"))
        lower = QRect(inside.left(), inside.top() + half, inside.width(), half)
        reason = painter.fontMetrics().elidedText(_reason(index), Qt.TextElideMode.ElideRight, inside.width())
        painter.drawText(lower, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, reason)


def _text(index: Index) -> str:
    return str(index.data(Qt.ItemDataRole.DisplayRole) or "")


def _reason(index: Index) -> str:
    return str(index.data(REASON) or "")


def _is_kind(index: Index) -> bool:
    return bool(index.flags() & Qt.ItemFlag.ItemIsEnabled)
