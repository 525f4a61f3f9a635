"""A wall of pictures: fills its width with columns of equal width, and scrolls through tens of thousands.

All pictures have one size, so where a picture stands is arithmetic. Qt's own list lays out every item: 120 ms for
70,000 of them, or in batches, and then the scroll bar grows while one drags it.
"""

# ruff: noqa: N802 - the names of what is overridden are Qt's

from collections.abc import Sequence

from PySide6.QtCore import (
    QAbstractItemModel,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPoint,
    QRect,
    Qt,
    Signal,
)
from PySide6.QtGui import QCursor, QKeyEvent, QPainter, QPaintEvent, QRegion
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QStyle, QStyleOptionViewItem, QWidget

from fmstudio.session.picture_list import Index
from fmstudio.ui import theme
from fmstudio.ui.picture_delegate import SMALL, PictureDelegate

_Hint = QAbstractItemView.ScrollHint
_OPENING = {Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter}


class PictureView(QListView):
    """Shows a ``PictureListModel``.

    Attributes:
        opened: The row of a picture that was clicked, or that Space or Enter was pressed on.
        moved: The row of the current picture, whenever another one becomes current.
        escaped: Esc was pressed.
    """

    opened = Signal(int)
    moved = Signal(int)
    escaped = Signal()

    def __init__(self, model: QAbstractItemModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._delegate = PictureDelegate(self)
        self.setModel(model)
        self.setItemDelegate(self._delegate)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setStyleSheet("QListView, QListView:focus { border: none; }")
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_Hover)
        model.modelReset.connect(self._delegate.forget)
        self.clicked.connect(lambda index: self.opened.emit(index.row()))

    @property
    def edge(self) -> int:
        """Edge of a picture, in pixels."""
        return self._delegate.edge

    def style_pictures(self, names: tuple[str, ...], *, lines: int, edge: int = SMALL) -> None:
        """Say how pictures are painted.

        Args:
            names: Short names of the classes.
            lines: Of caption, see ``PictureDelegate``.
            edge: Of a picture, in pixels.
        """
        seen = self.indexAt(QPoint(0, 0))
        if not self._delegate.change(names, lines, edge):
            return
        self.doItemsLayout()
        self.scrollTo(seen, _Hint.PositionAtTop)

    def columns(self) -> int:
        """How many pictures stand side by side."""
        return max(1, self._room() // self._delegate.least_width)

    def go(self, row: int) -> None:
        """Make another picture the current one, and bring it into sight."""
        if 0 <= row < self.model().rowCount():
            self.setCurrentIndex(self.model().index(row, 0))

    def begin(self) -> None:
        """Other pictures: none is current, and the wall stands at its top."""
        self.setCurrentIndex(QModelIndex())
        self.doItemsLayout()
        self.verticalScrollBar().setValue(0)

    def keep(self, row: int) -> None:
        """Make a picture the current one again without moving the wall."""
        self.doItemsLayout()
        self.setAutoScroll(False)
        self.go(row)
        self.setAutoScroll(True)

    def visualRect(self, index: Index) -> QRect:
        """Where a picture stands, in the viewport."""
        if not index.isValid():
            return QRect()
        columns, room, height = self.columns(), self._room(), self._line_height()
        line, column = divmod(index.row(), columns)
        left, right = room * column // columns, room * (column + 1) // columns
        return QRect(left, line * height - self.verticalOffset(), right - left, height)

    def indexAt(self, point: QPoint) -> QModelIndex:
        """The picture at a place in the viewport."""
        columns, room = self.columns(), self._room()
        column = ((point.x() + 1) * columns - 1) // room if room else -1
        line = (point.y() + self.verticalOffset()) // self._line_height()
        if line < 0 or not 0 <= column < columns:
            return QModelIndex()
        return self.model().index(line * columns + column, 0)

    def scrollTo(self, index: Index, hint: _Hint = _Hint.EnsureVisible) -> None:
        """Bring a picture into sight, moving no more than needed."""
        self.updateGeometries()
        rect = self.visualRect(index)
        bar, room = self.verticalScrollBar(), self.viewport().height()
        if not index.isValid():
            return
        if hint == _Hint.PositionAtCenter:
            bar.setValue(bar.value() + rect.center().y() - room // 2)
        elif hint == _Hint.PositionAtTop or (hint == _Hint.EnsureVisible and rect.top() < 0):
            bar.setValue(bar.value() + rect.top())
        elif hint == _Hint.PositionAtBottom or rect.bottom() >= room:
            bar.setValue(bar.value() + rect.bottom() + 1 - room)

    def verticalOffset(self) -> int:
        """How far the wall is scrolled, in pixels."""
        return self.verticalScrollBar().value()

    def doItemsLayout(self) -> None:
        """Nothing to lay out: only the scroll bar learns how long the wall is."""
        QAbstractItemView.doItemsLayout(self)

    def updateGeometries(self) -> None:
        """Tell the scroll bar how long the wall is; one turn of the wheel is one row."""
        bar, height, room = self.verticalScrollBar(), self._line_height(), self.viewport().height()
        lines = -(-self.model().rowCount() // self.columns())
        bar.setSingleStep(max(1, height // 3))
        bar.setPageStep(max(height, room // height * height))
        bar.setRange(0, max(0, lines * height - room))

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Move what is painted already."""
        self.viewport().scroll(dx, dy)

    def dataChanged(self, first: Index, last: Index, roles: Sequence[int] = ()) -> None:
        """Paint again; the places stay."""
        self.viewport().update()

    def currentChanged(self, current: Index, previous: Index) -> None:
        """Tell which picture is the current one now."""
        super().currentChanged(current, previous)
        if current.isValid():
            self.moved.emit(current.row())

    def setSelection(self, rect: QRect, command: QItemSelectionModel.SelectionFlag) -> None:
        """Select the one picture at a place."""
        index = self.indexAt(rect.center())
        self.selectionModel().select(QItemSelection(index, index) if index.isValid() else QItemSelection(), command)

    def visualRegionForSelection(self, selection: QItemSelection) -> QRegion:
        """What to paint again when the selection changes."""
        return QRegion(self.viewport().rect())

    def moveCursor(self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier) -> QModelIndex:
        """The picture that a key leads to, also beyond the ends of a row."""
        actions, count, columns = QAbstractItemView.CursorAction, self.model().rowCount(), self.columns()
        page = columns * max(1, self.viewport().height() // self._line_height())
        steps = {
            actions.MoveLeft: -1,
            actions.MovePrevious: -1,
            actions.MoveRight: 1,
            actions.MoveNext: 1,
            actions.MoveUp: -columns,
            actions.MoveDown: columns,
            actions.MovePageUp: -page,
            actions.MovePageDown: page,
            actions.MoveHome: -count,
            actions.MoveEnd: count,
        }
        nowhere = not self.currentIndex().isValid() and action != actions.MoveEnd
        row = 0 if nowhere else self.currentIndex().row() + steps[action]
        return self.model().index(max(0, min(count - 1, row)), 0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open with Space or Enter, leave with Esc, walk with the arrows."""
        if event.key() in _OPENING and self.currentIndex().isValid():
            self.opened.emit(self.currentIndex().row())
        elif event.key() == Qt.Key.Key_Escape:
            self.escaped.emit()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the rows of pictures that are in sight and asked for."""
        columns, height, model = self.columns(), self._line_height(), self.model()
        area, offset = event.rect(), self.verticalOffset()
        first = (area.top() + offset) // height * columns
        last = min(model.rowCount(), ((area.bottom() + offset) // height + 1) * columns)
        painter, option = QPainter(self.viewport()), QStyleOptionViewItem()
        painter.fillRect(area, theme.colour("card"))
        self.initViewItemOption(option)
        current, hovered = self.currentIndex().row(), self._hovered_row()
        for row in range(first, last):
            index = model.index(row, 0)
            option.rect = self.visualRect(index)
            option.state = self._state(row == current, row == hovered)
            self._delegate.paint(painter, option, index)
        painter.end()

    def _hovered_row(self) -> int:
        if not self.viewport().underMouse():
            return -1
        return self.indexAt(self.viewport().mapFromGlobal(QCursor.pos())).row()

    def _state(self, current: bool, hovered: bool) -> QStyle.StateFlag:
        flags = QStyle.StateFlag
        if current:
            return flags.State_Selected | flags.State_HasFocus if self.hasFocus() else flags.State_Selected
        return flags.State_MouseOver if hovered else flags.State_None

    def _line_height(self) -> int:
        """The height of a row of pictures: a little more or less than it needs, so that whole rows are in sight."""
        needed, room = self._delegate.height, self.viewport().height()
        height = (room + 3) // max(1, round(room / (needed + 3)))
        return height if needed - 3 <= height <= needed + 16 else needed

    def _room(self) -> int:
        return self.contentsRect().width() - self.style().pixelMetric(QStyle.PixelMetric.PM_ScrollBarExtent)
