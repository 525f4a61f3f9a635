"""A few small pictures in a row or two, each with two lines under it; a click opens one."""

from PySide6.QtCore import QModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QListView,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from fmstudio.session.nearby_list import Index, Nearby, NearbyListModel, Roles
from fmstudio.ui import theme
from fmstudio.ui.pictures.picture_delegate import scaled

_EDGE, _LINE = 56, 15
_CELL = QSize(66, 4 + _EDGE + 4 + 2 * _LINE + 6)
_OPENING = {Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter}
_CENTRED = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter


class NearbyView(QListView):
    """Shows a ``NearbyListModel``, as high as its rows.

    Args:
        model: What it shows.
        name: Its objectName.
        rows: It has room for at least so many, so that nothing below jumps.

    Attributes:
        opened: A picture was clicked, or Enter or Space pressed on it.
    """

    opened = Signal(object)

    def __init__(self, model: NearbyListModel, name: str, rows: int = 1) -> None:
        super().__init__()
        self._rows = rows
        self.setObjectName(name)
        self.setModel(model)
        self.setItemDelegate(_NearbyDelegate(self))
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setMovement(QListView.Movement.Static)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setGridSize(_CELL)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setStyleSheet("QListView, QListView:focus { border: none; }")
        self.clicked.connect(self._open)
        model.modelReset.connect(self._fit)
        self._fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open the current picture with Enter or Space."""
        if Qt.Key(event.key()) in _OPENING and self.currentIndex().isValid():
            self._open(self.currentIndex())
        elif Qt.Key(event.key()) in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """More or fewer stand side by side."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        columns = max(1, (self.width() - 1) // _CELL.width())
        rows = -(-self.model().rowCount() // columns)
        self.setFixedHeight(max(self._rows, rows) * _CELL.height() + 2)

    def _open(self, index: QModelIndex) -> None:
        self.opened.emit(index.data(Roles.NEARBY))


class _NearbyDelegate(QStyledItemDelegate):
    """Paints one of them, framed in the colour of same or other class."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """All are alike."""
        return _CELL

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint picture, frame and captions."""
        one: Nearby = index.data(Roles.NEARBY)
        cell: QRect = option.rect
        place = QRect(cell.x() + (cell.width() - _EDGE) // 2, cell.y() + 4, _EDGE, _EDGE)
        pixmap = scaled(one.image, _EDGE, painter.device().devicePixelRatio())
        size = pixmap.deviceIndependentSize().toSize()
        painter.drawPixmap(place.x() + (_EDGE - size.width()) // 2, place.y() + (_EDGE - size.height()) // 2, pixmap)
        colour = "right" if one.same else "wrong"
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.colour(colour), 2))
        painter.drawRoundedRect(QRectF(place).adjusted(-1, -1, 1, 1), 4, 4)
        if option.state & (QStyle.StateFlag.State_HasFocus | QStyle.StateFlag.State_MouseOver):
            painter.setPen(QPen(theme.colour("accent"), 2))
            painter.drawRoundedRect(QRectF(place).adjusted(-3, -3, 3, 3), 5, 5)
        painter.restore()
        line = QRect(cell.x(), place.bottom() + 4, cell.width(), _LINE)
        for text, name, weight in ((one.caption, colour, 600), (one.note, "secondary", 400)):
            painter.setFont(theme.font(11, weight=weight))
            painter.setPen(theme.colour(name))
            fitting = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, cell.width() - 2)
            painter.drawText(line, _CENTRED, fitting)
            line.translate(0, _LINE)
