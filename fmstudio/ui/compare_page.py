"""The page Compare: the runs that there are."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QHeaderView, QStackedLayout, QVBoxLayout, QWidget

from fmstudio.session.run_table import Columns, RunRow, RunTableModel
from fmstudio.ui.quiet_table import QuietTable
from fmstudio.ui.widgets import Card, label
from fmstudio.words import tr, tr_n

_LEAST_NAME, _MOST_NAME = 140, 240
"""What the names take at least, and beyond which other columns need not make room for them."""

_LEAST_WORDS = 84
_SHRINKING = (Columns.OPTIMIZER, Columns.NETWORK, Columns.DATA)
"""Are cut off where there is no room, the least important first; the tooltip has the whole text."""

_LEAVING = (Columns.OPTIMIZER, Columns.RATE, Columns.DATA, Columns.NETWORK)
"""Go away where there is still no room."""


class ComparePage(QWidget):
    """A table of runs; a double click or Enter asks for the results of one."""

    run_asked = Signal(str)
    """The id of a run that the user wants to see."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("runsPanel")
        self._model = RunTableModel(self)
        self._view = QuietTable(self._model, "runsView", Columns.NAME)
        self._view.setAccessibleName(tr("Runs"))
        self._view.opened.connect(lambda row: self.run_asked.emit(self._model.rows[row].id))
        head = self._view.horizontalHeader()
        head.setSortIndicatorClearable(True)
        head.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self._view.setSortingEnabled(True)
        self._count = label("", "title")
        self._build()
        self.show_runs([])
        self._view.viewport().installEventFilter(self)

    def show_runs(self, rows: Sequence[RunRow]) -> None:
        """Show runs, in the given order until the user sorts them."""
        self._model.show(rows)
        self._count.setText(tr_n("{count} run", "{count} runs", len(rows)))
        self._stack.setCurrentIndex(1 if rows else 0)
        self._share_width()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Share the table's new width among its columns."""
        if event.type() == QEvent.Type.Resize:
            self._share_width()
        return super().eventFilter(watched, event)

    def _share_width(self) -> None:
        """Give every column what it needs; where the page is narrow, take it from the less important ones."""
        head = self._view.horizontalHeader()
        for column in Columns:
            self._view.setColumnHidden(column, False)
        wanted = {column: max(self._view.sizeHintForColumn(column), head.sectionSizeHint(column)) for column in Columns}
        wanted[Columns.NAME] = min(max(wanted[Columns.NAME], _LEAST_NAME), _MOST_NAME)
        widths = fitted(wanted, self._view.viewport().width())
        for column in Columns:
            self._view.setColumnHidden(column, column not in widths)
            if column in widths and column != Columns.NAME:
                head.setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
                head.resizeSection(column, widths[column])

    def _build(self) -> None:
        empty, table = QWidget(), Card()
        sentence = label(tr("There is no run yet. Press Train, and it will stand here."), "secondary")
        sentence.setObjectName("noRuns")
        QVBoxLayout(empty).addWidget(sentence, alignment=Qt.AlignmentFlag.AlignCenter)
        table.body.addWidget(self._count)
        table.body.addWidget(self._view, 1)
        table.body.addWidget(label(tr("A double click shows a run's results. A click on a title sorts."), "small"))
        self._stack = QStackedLayout(self)
        self._stack.addWidget(empty)
        self._stack.addWidget(table)


def fitted(wanted: Mapping[Columns, int], width: int) -> dict[Columns, int]:
    """How wide each column is: what it wants, less where there is no room; a column that is left out has none.

    Args:
        wanted: What each would take.
        width: What there is for all of them.
    """
    widths = dict(wanted)
    for column in _SHRINKING:
        lacking = max(0, sum(widths.values()) - width)
        widths[column] -= min(lacking, max(0, widths[column] - _LEAST_WORDS))
    for column in _LEAVING:
        if sum(widths.values()) - max(0, widths[Columns.NAME] - _LEAST_NAME) > width:
            del widths[column]
    return widths
