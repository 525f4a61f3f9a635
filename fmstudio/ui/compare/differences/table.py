"""The table of differences: titles that stay while it scrolls, the best results bold."""

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QPainter
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QStyleOptionViewItem, QTableView

from fmstudio.ui import theme
from fmstudio.ui.compare.differences.model import DifferencesModel, Index
from fmstudio.ui.quiet_table import QuietDelegate
from fmstudio.words import tr

_ROW, _NARROW, _WIDE = 24, 88, 220
_TITLES, _ROOM = 200, 8
_ASKING = {Qt.Key.Key_Return, Qt.Key.Key_Enter}


class DifferencesDelegate(QuietDelegate):
    """Paints the best results bold, and a line under headings."""

    def weight(self, index: Index) -> int:
        """Bold for the best."""
        return 600 if self._strong(index) else 400

    def colour(self, index: Index) -> str:
        """The same for all: what differs stands here anyway."""
        return "text"

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one cell."""
        super().paint(painter, option, index)
        model = index.model()
        if isinstance(model, DifferencesModel) and model.rows[index.row()].heading:
            painter.setPen(theme.colour("line"))
            line: QRect = option.rect
            painter.drawLine(line.bottomLeft(), line.bottomRight())

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Neither too narrow nor too wide."""
        return QSize(min(max(_NARROW, super().sizeHint(option, index).width()), _WIDE), _ROW)

    def _strong(self, index: Index) -> bool:
        model = index.model()
        return isinstance(model, DifferencesModel) and index.column() in model.rows[index.row()].strong


class TitlesHeader(QHeaderView):
    """The titles of the rows; headings of parts small, with a line under them."""

    def __init__(self, model: DifferencesModel) -> None:
        super().__init__(Qt.Orientation.Vertical)
        self._rows = model
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setDefaultSectionSize(_ROW)
        self.setFixedWidth(_TITLES)
        self.setSectionsClickable(False)

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:  # noqa: N802 (Qt's name)
        """Paint one title."""
        row = self._rows.rows[section]
        painter.save()
        painter.setFont(theme.font(theme.SMALL, weight=600) if row.heading else theme.font())
        painter.setPen(theme.colour("secondary"))
        room = rect.adjusted(2, 0, -_ROOM, 0)
        words = painter.fontMetrics().elidedText(row.title, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, words)
        if row.heading:
            painter.setPen(theme.colour("line"))
            painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        painter.restore()


class DifferencesTable(QTableView):
    """Shows the table; the titles of the rows stay while it scrolls."""

    opened = Signal(int)
    """A column was clicked twice, or Enter pressed in it."""

    copied = Signal()
    """The user wants the table on the clipboard."""

    def __init__(self, model: DifferencesModel) -> None:
        super().__init__()
        self.setObjectName("differencesTable")
        self.setAccessibleName(tr("Differences"))
        self.setModel(model)
        self.setItemDelegate(DifferencesDelegate(self))
        self.setShowGrid(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.setVerticalHeader(TitlesHeader(model))
        head = self.horizontalHeader()
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        head.setTextElideMode(Qt.TextElideMode.ElideRight)
        head.setHighlightSections(False)
        head.setSectionsClickable(True)
        head.setMinimumSectionSize(_NARROW)
        head.sectionDoubleClicked.connect(self.opened)
        self.doubleClicked.connect(lambda index: self.opened.emit(index.column()))

    def fit(self) -> None:
        """Give each run the width that its texts need, within bounds."""
        head = self.horizontalHeader()
        for column in range(self.model().columnCount()):
            wanted = max(self.sizeHintForColumn(column), head.sectionSizeHint(column))
            head.resizeSection(column, min(max(_NARROW, wanted), _WIDE))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens the run of the current column, Ctrl+C copies everything."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copied.emit()
        elif event.key() in _ASKING and self.currentIndex().isValid():
            self.opened.emit(self.currentIndex().column())
        else:
            super().keyPressEvent(event)
