"""The legend of an overlay: a list that names each curve, hides and shows it, and says its value."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFocusEvent, QFontMetrics, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from fmstudio.session.run_rows.table import safe_tip
from fmstudio.ui import theme
from fmstudio.ui.compare.overlay.looks import SWATCH, draw_swatch
from fmstudio.ui.plots.lines import Look
from fmstudio.words import tr

Index = QModelIndex | QPersistentModelIndex
ROW = 24
_SIDE = 6
_GAP = 8
_VALUE = 0.5
"""Of a row's width; a longer value leaves out what is in brackets."""

_ROLE = Qt.ItemDataRole.UserRole
_ASKING = {Qt.Key.Key_Return, Qt.Key.Key_Enter}


@dataclass(frozen=True)
class Row:
    """One entry: ``key`` names its strand; ``hidden``: its curve is not drawn."""

    key: str
    words: str
    look: Look
    hidden: bool = False


class OverlayLegendModel(QAbstractListModel):
    """The entries; each can be checked, which shows its curve."""

    toggled = Signal(str)
    """A curve is to be hidden or shown: its key."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: tuple[Row, ...] = ()
        self._values: Mapping[str, str] = {}

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Name these curves; the same ones with other words are changed in place."""
        new = tuple(rows)
        if new == self.rows:
            return
        if [row.key for row in new] == [row.key for row in self.rows]:
            self.rows = new
            self.dataChanged.emit(self.index(0), self.index(len(new) - 1))
            return
        self.beginResetModel()
        self.rows = new
        self.endResetModel()

    def show_values(self, values: Mapping[str, str]) -> None:
        """Say what each curve's value is, by key."""
        if values != self._values:
            self._values = dict(values)
            if self.rows:
                self.dataChanged.emit(self.index(0), self.index(len(self.rows) - 1), [_ROLE])

    def value(self, row: int) -> str:
        """What stands at the right of a row."""
        return self._values.get(self.rows[row].key, "")

    def rowCount(self, parent: Index | None = None) -> int:
        """How many curves."""
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Words, whether the curve is shown, and its value."""
        if not index.isValid() or index.row() >= len(self.rows):
            return None
        row = self.rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return row.words
        if role == Qt.ItemDataRole.CheckStateRole:
            return Qt.CheckState.Unchecked if row.hidden else Qt.CheckState.Checked
        if role == _ROLE:
            return self.value(index.row())
        if role == Qt.ItemDataRole.AccessibleTextRole:
            said = (row.words, tr("hidden") if row.hidden else self.value(index.row()))
            return ", ".join(filter(None, said))
        if role == Qt.ItemDataRole.ToolTipRole:
            what = tr("A click hides or shows the curve, a double click opens the run.")
            return safe_tip("\n".join(filter(None, [row.words, self.value(index.row()), what])))
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Every row can be chosen and checked."""
        known = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsUserCheckable
        return known | Qt.ItemFlag.ItemNeverHasChildren if index.isValid() else Qt.ItemFlag.NoItemFlags

    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:  # noqa: N802
        """Hide or show a curve."""
        if role != Qt.ItemDataRole.CheckStateRole or not index.isValid():
            return False
        if (Qt.CheckState(value) == Qt.CheckState.Checked) == self.rows[index.row()].hidden:
            self.toggled.emit(self.rows[index.row()].key)
        return True


class OverlayLegendDelegate(QStyledItemDelegate):
    """Paints a piece of the curve, its words, and its value."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one entry; a hidden one is faint."""
        model = index.model()
        if not isinstance(model, OverlayLegendModel):
            return
        row, value, rect = model.rows[index.row()], model.value(index.row()), option.rect
        painter.save()
        if option.state & (QStyle.StateFlag.State_MouseOver | QStyle.StateFlag.State_Selected):
            painter.fillRect(rect, theme.colour("accent_soft"))
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(theme.colour("accent"))
            painter.drawRect(rect.adjusted(0, 0, -1, -1))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if row.hidden:
            painter.setOpacity(0.3)
        middle = QPointF(rect.left() + _SIDE, rect.center().y() + 0.5)
        draw_swatch(painter, middle, row.look, option.widget.devicePixelRatioF() if option.widget else 1.0)
        painter.setOpacity(1.0)
        self._write(painter, rect.adjusted(_SIDE + SWATCH + _GAP, 0, -_SIDE, 0), row, value)
        painter.restore()

    def _write(self, painter: QPainter, rect: QRect, row: Row, value: str) -> None:
        painter.setFont(theme.font(theme.SMALL, tabular=True))
        painter.setPen(theme.colour("text"))
        if painter.fontMetrics().horizontalAdvance(value) > _VALUE * rect.width():
            value = value.partition(" (")[0]
        painter.drawText(rect, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, value)
        taken = painter.fontMetrics().horizontalAdvance(value) + _GAP if value else 0
        font = theme.font(theme.SMALL)
        font.setStrikeOut(row.hidden)
        painter.setFont(font)
        painter.setPen(theme.colour("faint" if row.hidden else "text"))
        room = rect.adjusted(0, 0, -taken, 0)
        words = QFontMetrics(font).elidedText(row.words, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, words)

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        """One line."""
        return QSize(160, ROW)


class OverlayLegendView(QListView):
    """Shows the entries; scrolls where they are many. Space or a click hides and shows, Enter opens the run."""

    pointed = Signal(str)
    """The pointer or the keyboard is on an entry: its key; empty: on none."""

    opened = Signal(str)
    """An entry was clicked twice, or Enter was pressed on it: its key."""

    def __init__(self, model: OverlayLegendModel) -> None:
        super().__init__()
        self.setObjectName("overlayLegend")
        self.setAccessibleName(tr("Curves"))
        self._rows = model
        self._twice = False
        self.setModel(model)
        self.setItemDelegate(OverlayLegendDelegate(self))
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.entered.connect(lambda index: self.pointed.emit(self._key(index)))
        self.selectionModel().currentChanged.connect(lambda index, _: self._on_current(index))

    def show_current(self, key: str) -> None:
        """Go to a curve's entry."""
        place = next((place for place, row in enumerate(self._rows.rows) if row.key == key), -1)
        self.setCurrentIndex(self._rows.index(place))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Hide or show what was clicked; not again at the end of a double click."""
        index = self.indexAt(event.position().toPoint())
        again, self._twice = self._twice, False
        super().mouseReleaseEvent(event)
        if event.button() == Qt.MouseButton.LeftButton and index.isValid() and not again:
            self._rows.toggled.emit(self._key(index))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Open the run; the click before had hidden or shown its curve, which is taken back."""
        index = self.indexAt(event.position().toPoint())
        self._twice = True
        if index.isValid():
            self._rows.toggled.emit(self._key(index))
            self.opened.emit(self._key(index))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space hides or shows, Enter opens."""
        index = self.currentIndex()
        if index.isValid() and event.key() == Qt.Key.Key_Space:
            self._rows.toggled.emit(self._key(index))
        elif index.isValid() and event.key() in _ASKING:
            self.opened.emit(self._key(index))
        else:
            super().keyPressEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """The pointer is on no entry any more."""
        super().leaveEvent(event)
        self.pointed.emit("")

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Nor is the keyboard."""
        super().focusOutEvent(event)
        self.pointed.emit("")

    def _on_current(self, index: QModelIndex) -> None:
        if self.hasFocus():
            self.pointed.emit(self._key(index))

    def _key(self, index: Index) -> str:
        return self._rows.rows[index.row()].key if index.isValid() else ""
