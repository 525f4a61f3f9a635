"""A wall of pictures with captions of any kind: ``PictureView`` shows one network's answers, this shows more."""

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPen, QPixmap, QResizeEvent
from PySide6.QtWidgets import QFrame, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from fmstudio.session.captioned import Captioned, CaptionedModel, Roles
from fmstudio.ui import theme
from fmstudio.ui.pictures.picture_delegate import scaled

Index = QModelIndex | QPersistentModelIndex

_LINE, _MARGIN, _FRAME = 15, 6, 2
_KEPT = 600
_OPENING = {Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter}
_CENTRED = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextSingleLine


class CaptionDelegate(QStyledItemDelegate):
    """Paints a captioned picture.

    Args:
        edge: Of a picture, in pixels.
        lines: Of caption.
        width: The least that a cell has.
        parent: Owns it.
    """

    def __init__(self, edge: int, lines: int, width: int, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._edge, self._lines = edge, lines
        self.least = QSize(max(width, edge + 2 * (_MARGIN + _FRAME)), edge + 2 * _FRAME + _LINE * lines + 3 * _MARGIN)
        self._pictures: dict[tuple[int, float], QPixmap] = {}

    def forget(self) -> None:
        """Forget the scaled pictures: the rows mean others now."""
        self._pictures.clear()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """The least size of a cell, the same for every picture."""
        return self.least

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one picture with its frame, its ring and its caption."""
        found = index.data(Roles.CAPTIONED)
        if not isinstance(found, Captioned):
            return
        cell: QRect = option.rect
        outer = self._edge + 2 * _FRAME
        frame = QRect(cell.x() + (cell.width() - outer) // 2, cell.y() + _MARGIN, outer, outer)
        picture = self._picture(index.row(), found, painter.device().devicePixelRatio())
        size = picture.deviceIndependentSize().toSize()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.drawPixmap(frame.x() + (outer - size.width()) // 2, frame.y() + (outer - size.height()) // 2, picture)
        _ring(painter, frame, found.frame, _FRAME)
        if option.state & QStyle.StateFlag.State_Selected:
            focused = option.state & QStyle.StateFlag.State_HasFocus
            _ring(painter, frame.adjusted(-3, -3, 3, 3), "accent" if focused else "text", 2)
        elif option.state & QStyle.StateFlag.State_MouseOver:
            _ring(painter, frame.adjusted(-2, -2, 2, 2), "secondary", 1)
        self._write(painter, QRect(cell.x() + 2, frame.bottom() + _MARGIN, cell.width() - 4, _LINE), found)

    def _write(self, painter: QPainter, line: QRect, found: Captioned) -> None:
        for written in found.lines[: self._lines]:
            painter.setFont(theme.font(11, weight=600 if written.bold else 400))
            painter.setPen(theme.colour(written.colour))
            text = painter.fontMetrics().elidedText(written.text, Qt.TextElideMode.ElideRight, line.width())
            painter.drawText(line, _CENTRED, text)
            line = line.translated(0, _LINE)

    def _picture(self, row: int, found: Captioned, ratio: float) -> QPixmap:
        kept = self._pictures.get((row, ratio))
        if kept is None:
            if len(self._pictures) >= _KEPT:
                self._pictures.pop(next(iter(self._pictures)))
            kept = self._pictures[row, ratio] = scaled(found.image, self._edge, ratio)
        return kept


class CaptionWall(QListView):
    """Shows a ``CaptionedModel`` in columns of equal width.

    Args:
        model: What it shows.
        edge: Of a picture, in pixels.
        lines: Of caption.
        sample: The longest text of a caption, which shall have room; empty: as wide as the picture.

    Attributes:
        opened: The row of a picture that was clicked, or that Space or Enter was pressed on.
        moved: The row of the picture that became the current one by the arrows.
        escaped: Esc was pressed.
    """

    opened = Signal(int)
    moved = Signal(int)
    escaped = Signal()

    def __init__(
        self, model: CaptionedModel, *, edge: int = 56, lines: int = 3, sample: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        wide = QFontMetrics(theme.font(11, weight=600)).horizontalAdvance(sample) + 8 if sample else 0
        self._delegate = CaptionDelegate(edge, lines, wide, self)
        self.setModel(model)
        self.setItemDelegate(self._delegate)
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(True)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_Hover)
        model.modelReset.connect(self._delegate.forget)
        self.clicked.connect(lambda index: self.opened.emit(index.row()))

    @property
    def row(self) -> int:
        """The current picture, -1 where there is none."""
        return self.currentIndex().row()

    def go(self, row: int) -> None:
        """Make another picture the current one, and bring it into sight."""
        if 0 <= row < self.model().rowCount():
            self.setCurrentIndex(self.model().index(row, 0))

    def currentChanged(self, current: Index, previous: Index) -> None:  # noqa: N802 - Qt's name
        """Tell which picture is the current one now."""
        super().currentChanged(current, previous)
        if current.isValid():
            self.moved.emit(current.row())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the width among as many columns as have room."""
        super().resizeEvent(event)
        room = self.contentsRect().width() - self.style().pixelMetric(QStyle.PixelMetric.PM_ScrollBarExtent) - 1
        columns = max(1, room // self._delegate.least.width())
        self.setGridSize(QSize(max(self._delegate.least.width(), room // columns), self._delegate.least.height()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open with Space or Enter, leave with Esc, walk with the arrows."""
        if event.key() in _OPENING and self.currentIndex().isValid():
            self.opened.emit(self.row)
        elif event.key() == Qt.Key.Key_Escape:
            self.escaped.emit()
        else:
            super().keyPressEvent(event)


def _ring(painter: QPainter, rect: QRect, colour: str, width: int) -> None:
    painter.setPen(QPen(theme.colour(colour), width))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    inset = width / 2
    painter.drawRoundedRect(QRectF(rect).adjusted(inset, inset, -inset, -inset), 4, 4)
