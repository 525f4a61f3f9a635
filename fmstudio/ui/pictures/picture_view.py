"""A wall of pictures: fills its width with columns of equal width, and scrolls through tens of thousands.

All pictures have one size, so where a picture stands is arithmetic. Qt's own list lays out every item: 120 ms for
70,000 of them, or in batches, and then the scroll bar grows while one drags it.
"""

# ruff: noqa: N802 - the names of what is overridden are Qt's

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import (
    QAbstractItemModel,
    QItemSelection,
    QItemSelectionModel,
    QItemSelectionRange,
    QModelIndex,
    QPoint,
    QRect,
    Qt,
    Signal,
)
from PySide6.QtGui import QCursor, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QRegion
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QStyle, QStyleOptionViewItem, QWidget

from fmstudio.session.picture_list import Index
from fmstudio.training.events import Ints
from fmstudio.ui import theme
from fmstudio.ui.pictures.picture_delegate import SMALL, PictureDelegate
from fmstudio.ui.pictures.wall_layout import WallLayout

HEADING = 26
"""The height of the line above each group."""

_Hint = QAbstractItemView.ScrollHint
_Flags = QItemSelectionModel.SelectionFlag
_OPENING = {Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter}
_PICKING = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
_MOST_RANGES = 2000


class PictureView(QListView):
    """Shows a ``PictureListModel``.

    Args:
        model: What is shown.
        several: Whether more than one picture can be picked: with Ctrl, with Shift, and Ctrl+A.

    Attributes:
        opened: The row of a picture that was clicked, or that Space or Enter was pressed on.
        moved: The row of the current picture, whenever another one becomes current.
        escaped: Esc was pressed while it means this view, and no pictures were picked any more.
        clearable: Whether Esc means this view; the picked ones are dropped in any case.
        picks_changed: So many pictures are picked now: none, or at least two.
    """

    opened = Signal(int)
    moved = Signal(int)
    escaped = Signal()
    picks_changed = Signal(int)

    def __init__(self, model: QAbstractItemModel, parent: QWidget | None = None, *, several: bool = False) -> None:
        super().__init__(parent)
        self._delegate = PictureDelegate(self)
        self.clearable = True
        self._picks = 0
        self._plain = True
        self._starts: tuple[int, ...] = ()
        self._titles: tuple[str, ...] = ()
        self._known_layout = WallLayout(0, 1, 0, 1)
        self.setModel(model)
        self.setItemDelegate(self._delegate)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        modes = QAbstractItemView.SelectionMode
        self.setSelectionMode(modes.ExtendedSelection if several else modes.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setStyleSheet("QListView, QListView:focus { border: none; }")
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_Hover)
        model.modelReset.connect(self._delegate.forget)
        model.modelReset.connect(self._count_picks)
        self.clicked.connect(self._open_clicked)

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

    def show_groups(self, starts: tuple[int, ...] = (), titles: tuple[str, ...] = ()) -> None:
        """Begin a new line under a heading at some rows.

        Args:
            starts: The first row of each group, from 0; empty: no groups.
            titles: What stands above each.
        """
        if (self._starts, self._titles) != (starts, titles):
            self._starts, self._titles = starts, titles
            self.doItemsLayout()
            self.viewport().update()

    def picked_rows(self) -> Ints:
        """The rows of the pictures that are picked, ascending, shape (0,) or (at least 2,)."""
        ranges = [np.arange(part.top(), part.bottom() + 1) for part in self._selected()] if self._picks else []
        return np.sort(np.concatenate(ranges)) if ranges else np.empty(0, np.int64)

    def pick(self, rows: Ints) -> None:
        """Pick some rows, ascending; very many scattered ones are not picked again."""
        breaks = np.flatnonzero(np.diff(rows) > 1)
        if not len(rows) or len(breaks) > _MOST_RANGES:
            return
        firsts, lasts = rows[np.append(0, breaks + 1)], rows[np.append(breaks, len(rows) - 1)]
        chosen, model = QItemSelection(), self.model()
        for first, last in zip(firsts.tolist(), lasts.tolist(), strict=True):
            chosen.append(QItemSelectionRange(model.index(first, 0), model.index(last, 0)))
        self.selectionModel().select(chosen, _Flags.ClearAndSelect)

    def drop_picks(self) -> None:
        """Pick nothing any more; the current picture stays it."""
        self.selectionModel().select(self.currentIndex(), _Flags.ClearAndSelect)

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
        return self._rect(self._layout(), index.row()) if index.isValid() else QRect()

    def indexAt(self, point: QPoint) -> QModelIndex:
        """The picture at a place in the viewport."""
        row = self._layout().row_at(point.x(), point.y() + self.verticalOffset())
        return self.model().index(row, 0) if row >= 0 else QModelIndex()

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
        bar.setSingleStep(max(1, height // 3))
        bar.setPageStep(max(height, room // height * height))
        bar.setRange(0, max(0, self._layout().height - room))

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
        """Select the pictures from one place to another: all in between, line by line."""
        first, last = sorted(self.indexAt(corner).row() for corner in (rect.topLeft(), rect.bottomRight()))
        model = self.model()
        chosen = QItemSelection(model.index(first, 0), model.index(last, 0)) if first >= 0 else QItemSelection()
        self.selectionModel().select(chosen, command)

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        """Tell how many pictures are picked now."""
        super().selectionChanged(selected, deselected)
        self._count_picks()

    def visualRegionForSelection(self, selection: QItemSelection) -> QRegion:
        """What to paint again when the selection changes."""
        return QRegion(self.viewport().rect())

    def moveCursor(self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier) -> QModelIndex:
        """The picture that a key leads to, also beyond the ends of a row."""
        actions, count, layout = QAbstractItemView.CursorAction, self.model().rowCount(), self._layout()
        page = max(1, self.viewport().height() // self._line_height())
        lines = {actions.MoveUp: -1, actions.MoveDown: 1, actions.MovePageUp: -page, actions.MovePageDown: page}
        steps = {
            actions.MoveLeft: -1,
            actions.MovePrevious: -1,
            actions.MoveRight: 1,
            actions.MoveNext: 1,
            actions.MoveHome: -count,
            actions.MoveEnd: count,
        }
        row = self.currentIndex().row()
        if row < 0:
            row = count - 1 if action == actions.MoveEnd else 0
        else:
            row = layout.stepped(row, lines[action]) if action in lines else row + steps[action]
        return self.model().index(max(0, min(count - 1, row)), 0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open with Space or Enter, leave with Esc, walk with the arrows, pick with Ctrl and Shift."""
        if event.key() in _OPENING and not event.modifiers() & _PICKING and self.currentIndex().isValid():
            self.opened.emit(self.currentIndex().row())
        elif event.key() == Qt.Key.Key_Escape and self._picks:
            self.drop_picks()
        elif event.key() == Qt.Key.Key_Escape and self.clearable:
            self.escaped.emit()
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click that picks does not open."""
        self._plain = not event.modifiers() & _PICKING
        super().mouseReleaseEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the rows of pictures that are in sight and asked for."""
        layout, model = self._layout(), self.model()
        area, offset = event.rect(), self.verticalOffset()
        top, bottom = area.top() + offset, area.bottom() + offset
        painter, option = QPainter(self.viewport()), QStyleOptionViewItem()
        painter.fillRect(area, theme.colour("card"))
        for group, at in layout.headings(top, bottom):
            self._paint_heading(painter, self._titles[group], at - offset)
        self.initViewItemOption(option)
        current, hovered = self.currentIndex().row(), self._hovered_row()
        for row in layout.rows(top, bottom):
            index = model.index(row, 0)
            option.rect = self._rect(layout, row)
            option.state = self._state(row == current, row == hovered)
            if self._picks and self.selectionModel().isSelected(index):
                option.state |= QStyle.StateFlag.State_On
            self._delegate.paint(painter, option, index)
        painter.end()

    def _paint_heading(self, painter: QPainter, title: str, top: int) -> None:
        """A title, and a thin line to the right of it."""
        font = theme.font(theme.SMALL, weight=600)
        painter.setFont(font)
        painter.setPen(theme.colour("secondary"))
        place = QRect(4, top + 2, self._room() - 8, HEADING - 4)
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, title)
        left = place.left() + QFontMetrics(font).horizontalAdvance(title) + 10
        painter.fillRect(QRect(left, place.center().y(), max(0, place.right() - left), 1), theme.colour("line"))

    def _open_clicked(self, index: QModelIndex) -> None:
        if self._plain:
            self.opened.emit(index.row())

    def _selected(self) -> list[QItemSelectionRange]:
        selection = self.selectionModel().selection()
        return [selection.at(number) for number in range(selection.count())]

    def _count_picks(self) -> None:
        count = sum(part.height() for part in self._selected())
        picks = count if count > 1 else 0
        if picks != self._picks:
            self._picks = picks
            self.viewport().update()
            self.picks_changed.emit(picks)

    def _layout(self) -> WallLayout:
        """Where everything stands now; the same object as long as it does."""
        facts = (self.model().rowCount(), self.columns(), self._room(), self._line_height(), self._starts)
        known = self._known_layout
        if facts != (known.count, known.columns, known.room, known.line, known.starts):
            self._known_layout = WallLayout(*facts, HEADING)
        return self._known_layout

    def _rect(self, layout: WallLayout, row: int) -> QRect:
        left, top, width = layout.place(row)
        return QRect(left, top - self.verticalOffset(), width, layout.line)

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
