"""Paints a line of a review's queue: the mark of what was decided, then the words."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from fmstudio.session.review import MARK
from fmstudio.ui import theme

_HEIGHT, _MARK, _INSET = 26, 20, 8
_COLOURS = {"✓": "right", "→": "accent", "✕": "wrong"}
Index = QModelIndex | QPersistentModelIndex


class ReviewDelegate(QStyledItemDelegate):
    """Paints the lines of a ``ReviewListModel``; what waits for a decision has no mark."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """All lines are equally high."""
        return QSize(120, _HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one line."""
        mark = str(index.data(MARK) or "")
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        line: QRect = option.rect
        if chosen:
            painter.fillRect(line, theme.colour("accent_soft"))
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.setFont(theme.font(weight=600))
        painter.setPen(theme.colour(_COLOURS.get(mark, "text")))
        painter.drawText(line.adjusted(_INSET, 0, 0, 0), middle, mark)
        painter.setFont(theme.font(weight=600 if chosen else 400))
        painter.setPen(theme.colour("secondary" if mark and not chosen else "text"))
        room = line.adjusted(_INSET + _MARK, 0, -_INSET, 0)
        text = painter.fontMetrics().elidedText(str(index.data()), Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, middle, text)
