"""The table of runs: columns with widths that fit or were chosen, headings that fold, keys for what is done often."""

import math
from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, QItemSelection, QItemSelectionModel, QModelIndex, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QKeySequence, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView

from fmstudio.runs.summary import RunSummary
from fmstudio.session.run_rows.groups import Section
from fmstudio.session.run_rows.table import RunTableModel, tags_in
from fmstudio.ui import theme
from fmstudio.ui.compare.table.delegate import RunDelegate
from fmstudio.ui.quiet_table import QuietTable
from fmstudio.words import tr

LEAST_NAME = 150
_MOST: Mapping[str, int] = {"note": 240, "tags": 150}
_USUALLY = 170
"""No column takes more by itself; a user may make it wider."""
_LEAST_WORDS = 90
_STAR = 30
_ROOM = 18
_ARROW = 16
_SAMPLE = 80
"""Of so many rows the widths are measured."""
_FOLDING = {Qt.Key.Key_Left: True, Qt.Key.Key_Right: False}
_OPENING = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)


class RunTableView(QuietTable):
    """Shows a ``RunTableModel``; what is chosen stays chosen whatever is filtered, sorted or news.

    Args:
        model: What it shows.

    Attributes:
        resized: There is another width for the columns.
        widths_changed: The user made a column wider or narrower: its key and its width.
        moved: The user put the columns into another order: their keys from the left.
        key_pressed: A key for something that is done with the chosen runs: "rename", "trash", "copy", "star", "undo".
        star_clicked: The star of a run was clicked: its id.
        chosen_changed: Other runs are chosen.
    """

    resized = Signal()
    widths_changed = Signal(str, int)
    moved = Signal(object)
    key_pressed = Signal(str)
    star_clicked = Signal(str)
    chosen_changed = Signal()

    def __init__(self, model: RunTableModel) -> None:
        super().__init__(model, "runsView", 1)
        self._runs = model
        self._held: tuple[set[str], str, int] = (set(), "", 0)
        self._letters: dict[tuple[str, bool], int] = {}
        self._sizing = False
        self._shared = -1
        self.undoable = False
        self.setAccessibleName(tr("Runs"))
        self.setItemDelegate(RunDelegate(lambda: tags_in(model.given), self))
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self._set_up_head()
        model.modelAboutToBeReset.connect(self._hold)
        model.modelReset.connect(self._give_back)
        self.selectionModel().selectionChanged.connect(lambda: self.chosen_changed.emit())
        self.clicked.connect(self._clicked)
        bar = self.verticalScrollBar()  # it comes and goes with the rows, and takes its width while columns get theirs
        bar.rangeChanged.connect(self._look_at_width, Qt.ConnectionType.QueuedConnection)

    def _set_up_head(self) -> None:
        head = self.horizontalHeader()
        head.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        head.setMinimumSectionSize(_STAR)
        head.setSortIndicatorClearable(True)
        head.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        head.setSectionsMovable(True)
        head.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        head.sectionResized.connect(self._section_resized)
        head.sectionMoved.connect(self._section_moved, Qt.ConnectionType.QueuedConnection)
        self.setSortingEnabled(True)

    # ── What is chosen

    @property
    def chosen(self) -> tuple[str, ...]:
        """The ids of the chosen runs, the oldest first."""
        items, selection = self._runs.items, self.selectionModel().selection()
        found: set[str] = set()
        for part in map(selection.at, range(selection.count())):
            found.update(item.id for item in items[part.top() : part.bottom() + 1] if isinstance(item, RunSummary))
        return tuple(sorted(found))

    @property
    def current(self) -> RunSummary | Section | None:
        """The row in which the keyboard is."""
        index = self.currentIndex()
        return self._runs.items[index.row()] if index.isValid() and index.row() < len(self._runs.items) else None

    def choose(self, ids: Sequence[str]) -> None:
        """Choose runs, those among them that are shown, and show the first of them."""
        wanted = set(ids)
        rows = [
            place for place, item in enumerate(self._runs.items) if isinstance(item, RunSummary) and item.id in wanted
        ]
        self._select(rows)
        if rows:
            index = self._runs.index(rows[0], max(0, self.currentIndex().column()))
            self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.NoUpdate)
            self.scrollTo(index)

    def _select(self, rows: Sequence[int]) -> None:
        ranges, last = QItemSelection(), self._runs.columnCount() - 1
        for first, end in _runs_of(rows):
            ranges.select(self._runs.index(first, 0), self._runs.index(end, last))
        self.selectionModel().select(ranges, QItemSelectionModel.SelectionFlag.ClearAndSelect)

    def _hold(self) -> None:
        current = self.current
        self._held = (set(self.chosen), current.id if isinstance(current, RunSummary) else "",
                      self.verticalScrollBar().value())  # fmt: skip

    def _give_back(self) -> None:
        """After other rows came: what was chosen and is still there is chosen again."""
        ids, current, scrolled = self._held
        places = {item.id: place for place, item in enumerate(self._runs.items) if isinstance(item, RunSummary)}
        if current in places:
            index = self._runs.index(places[current], 1)
            self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.NoUpdate)
        self._select(sorted(places[one] for one in ids if one in places))
        self.verticalScrollBar().setValue(scrolled)
        self.show_sorting()
        self.chosen_changed.emit()

    # ── Columns

    def show_sorting(self) -> None:
        """Let the header say by which column the runs are sorted."""
        key, falling = self._runs.sorted_by
        keys = [column.key for column in self._runs.shown_columns]
        head = self.horizontalHeader()
        before = head.blockSignals(True)
        order = Qt.SortOrder.DescendingOrder if falling else Qt.SortOrder.AscendingOrder
        head.setSortIndicator(keys.index(key) if key in keys else -1, order)
        head.blockSignals(before)

    def wanted(self, key: str) -> int:
        """What a column takes by itself: its widest cell or title, up to a limit; the name takes what is left."""
        column = self._runs.columns.all.get(key)
        if column is None or key == "star":
            return _STAR
        if key == "name":
            return LEAST_NAME
        rows = self._runs.kept
        sample = rows[:: max(1, len(rows) // _SAMPLE)][:_SAMPLE]
        widest = max((self._width(column.text(row), strong=key == "best") for row in sample), default=0)
        title = self._width(column.title, strong=False) + _ARROW
        return min(max(widest, title) + _ROOM, _MOST.get(key, _USUALLY))

    def least(self, key: str) -> int:
        """What a column can do with: words are cut off where there is no room, and stand in the tooltip."""
        column = self._runs.columns.all.get(key)
        wanted = self.wanted(key)
        if column is None or column.part != "setting" or column.numbers:
            return wanted
        return min(wanted, max(_LEAST_WORDS, self._width(column.title, strong=False) + _ARROW + _ROOM))

    def _width(self, text: str, *, strong: bool) -> int:
        known = self._letters.get((text, strong))
        if known is None:
            if len(self._letters) > 20_000:
                self._letters.clear()
            metrics = QFontMetrics(theme.font(theme.TEXT, weight=600 if strong else 400))
            known = self._letters[text, strong] = metrics.horizontalAdvance(text)
        return known

    def share_width(self, widths: Mapping[str, int]) -> None:
        """Give each column its width, and the name what is left; where there is no room words are cut off.

        Args:
            widths: What the user gave to columns, by their key.
        """
        columns, head = self._runs.shown_columns, self.horizontalHeader()
        self._shared = self.viewport().width()
        keys = [column.key for column in columns]
        given = [widths.get(key) or self.wanted(key) for key in keys]
        slack = [0 if key in widths else wide - self.least(key) for key, wide in zip(keys, given, strict=True)]
        lacking = min(1.0, max(0, sum(given) - self._shared) / max(1, sum(slack)))
        given = [wide - math.ceil(spare * lacking) for wide, spare in zip(given, slack, strict=True)]
        if "name" in keys and "name" not in widths:
            name = keys.index("name")
            given[name] = max(LEAST_NAME, self._shared - sum(given) + given[name])
        self._sizing = True
        for place, width in enumerate(given):
            head.resizeSection(place, width)
        self._sizing = False

    def _section_resized(self, place: int, before: int, after: int) -> None:
        if not self._sizing and place < len(self._runs.shown_columns):
            self.widths_changed.emit(self._runs.shown_columns[place].key, after)

    def _section_moved(self) -> None:
        """Let the model have the order that the header shows."""
        head, columns = self.horizontalHeader(), self._runs.shown_columns
        order = [head.logicalIndex(place) for place in range(head.count())]
        if order == sorted(order):
            return
        keys = tuple(columns[place].key for place in order)
        before = head.blockSignals(True)
        for place in range(head.count()):
            head.moveSection(head.visualIndex(place), place)
        head.blockSignals(before)
        self.moved.emit(keys)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Tell that there is another width."""
        super().resizeEvent(event)
        self._look_at_width()

    def _look_at_width(self) -> None:
        if self.viewport().width() != self._shared:
            self.resized.emit()

    # ── Headings

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the cells, then the headings over the whole width."""
        super().paintEvent(event)
        first, last = self.rowAt(0), self.rowAt(self.viewport().height() - 1)
        if first < 0 or not self._runs.group:
            return
        painter = QPainter(self.viewport())
        painter.setFont(theme.font(theme.TEXT, weight=600))
        for place in range(first, (last if last >= 0 else len(self._runs.items) - 1) + 1):
            item = self._runs.items[place]
            if isinstance(item, Section):
                here = place == self.currentIndex().row() and self.hasFocus()
                self._paint_heading(painter, item, place, here=here)
        painter.end()

    def _paint_heading(self, painter: QPainter, section: Section, place: int, *, here: bool) -> None:
        width = self.viewport().width()
        top, height = self.rowViewportPosition(place), self.rowHeight(place)
        painter.setPen(theme.colour("accent" if here else "text"))
        text = painter.fontMetrics().elidedText(section.text, Qt.TextElideMode.ElideRight, width - 20)
        painter.drawText(10, top, width - 20, height, Qt.AlignmentFlag.AlignVCenter, text)

    def _toggle(self, section: Section, folded: bool | None = None) -> None:
        self._runs.fold(section.key, not section.folded if folded is None else folded)
        places = (p for p, item in enumerate(self._runs.items) if isinstance(item, Section) and item.key == section.key)
        index = self._runs.index(next(places, 0), 0)
        self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.NoUpdate)

    def _clicked(self, index: QModelIndex) -> None:
        item, column = self._runs.items[index.row()], self._runs.shown_columns[index.column()]
        if isinstance(item, Section):
            self._toggle(item)
        elif column.key == "star":
            self.star_clicked.emit(item.id)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Show the run that was clicked twice; its star is as it was before the first of the two clicks."""
        index = self.indexAt(event.position().toPoint())
        if index.isValid():
            item, column = self._runs.items[index.row()], self._runs.shown_columns[index.column()]
            if isinstance(item, Section):
                self._toggle(item)
                return
            if column.key == "star":
                self.star_clicked.emit(item.id)
        super().mouseDoubleClickEvent(event)

    # ── Keys

    def event(self, event: QEvent) -> bool:
        """Take the keys for the chosen runs before the window's menus do."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._meaning(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Fold a heading, or do what a key stands for with the chosen runs."""
        if self.state() == QAbstractItemView.State.EditingState:  # what the editor had no use for is not meant for us
            event.accept()
            return
        current, meaning = self.current, self._meaning(event)
        if isinstance(current, Section) and event.key() in (*_FOLDING, *_OPENING):
            self._toggle(current, _FOLDING.get(Qt.Key(event.key())))
        elif meaning:
            self.key_pressed.emit(meaning)
        else:
            super().keyPressEvent(event)

    def _meaning(self, event: QKeyEvent) -> str:
        if event.matches(QKeySequence.StandardKey.Undo):
            return "undo" if self.undoable else ""
        if not self.selectionModel().hasSelection():
            return ""
        if event.matches(QKeySequence.StandardKey.Copy):
            return "copy"
        plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        keys = {Qt.Key.Key_F2: "rename", Qt.Key.Key_Delete: "trash", Qt.Key.Key_S: "star"}
        return keys.get(Qt.Key(event.key()), "") if plain else ""


def _runs_of(rows: Sequence[int]) -> list[tuple[int, int]]:
    """Rows that follow one another as first and last: [(2, 5), (9, 9)]."""
    found: list[tuple[int, int]] = []
    for row in rows:
        if found and row == found[-1][1] + 1:
            found[-1] = (found[-1][0], row)
        else:
            found.append((row, row))
    return found
