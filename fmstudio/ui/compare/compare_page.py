"""The page Compare: the runs that there are, or two of them side by side."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QHeaderView, QStackedLayout, QVBoxLayout, QWidget

from fmstudio.data.library import ImageData
from fmstudio.runs.run import Run
from fmstudio.session.door import load
from fmstudio.session.run_table import Columns, RunRow, RunTableModel
from fmstudio.ui.quiet_table import QuietTable
from fmstudio.ui.widgets import Card, ElidedLabel, button, label
from fmstudio.words import tr, tr_n

if TYPE_CHECKING:
    from fmstudio.ui.compare.two_runs_page import TwoRunsPage

_LEAST_NAME, _MOST_NAME = 140, 240
"""What the names take at least, and beyond which other columns need not make room for them."""

_LEAST_WORDS = 84
_SHRINKING = (Columns.OPTIMIZER, Columns.NETWORK, Columns.DATA)
"""Are cut off where there is no room, the least important first; the tooltip has the whole text."""

_LEAVING = (Columns.OPTIMIZER, Columns.RATE, Columns.DATA, Columns.NETWORK)
"""Go away where there is still no room."""


class ComparePage(QWidget):
    """A table of runs; a double click or Enter asks for the results of one, two chosen rows can be compared.

    Attributes:
        run_asked: The id of a run that the user wants to see.
        runs_asked: The ids of two runs that the user wants to compare, the older one first.
        selection_asked: The user wants to see pictures on the page Results: a run's id, and a ``Selection``.
    """

    run_asked = Signal(str)
    runs_asked = Signal(str, str)
    selection_asked = Signal(str, object)

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
        self._view.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self._view.selectionModel().selectionChanged.connect(self._show_choice)
        self._count, self._choice = label("", "title"), ElidedLabel("", "small")
        self._compare = button(tr("Compare these two"), "", "compareTwo")
        self._compare.clicked.connect(self._ask_two)
        self._two: TwoRunsPage | None = None
        self._build()
        self.show_runs([])
        self._view.viewport().installEventFilter(self)

    def show_runs(self, rows: Sequence[RunRow]) -> None:
        """Show runs, in the given order until the user sorts them."""
        self._model.show(rows)
        self._count.setText(tr_n("{count} run", "{count} runs", len(rows)))
        if self._two is None or self._stack.currentWidget() is not self._two:
            self._stack.setCurrentIndex(1 if rows else 0)
        self._share_width()
        self._show_choice()

    def show_two(self, a: Run, b: Run, data: ImageData) -> None:
        """Show two runs side by side, in the place of the table.

        Args:
            a: The first run, with its predictions.
            b: The second run, likewise.
            data: The pictures that they were tested with.

        Raises:
            UserError: Where they cannot be compared: why, and what to do.
        """
        page = load("fmstudio.ui.compare.two_runs_page.TwoRunsPage")() if self._two is None else self._two
        page.show_two(a, b, data)
        if self._two is None:
            self._two = page
            page.back_asked.connect(self.show_table)
            page.selection_asked.connect(self.selection_asked)
            self._stack.addWidget(page)
        self._stack.setCurrentWidget(page)

    def show_table(self) -> None:
        """Show the table of runs again."""
        self._stack.setCurrentIndex(1 if self._model.rows else 0)
        self._view.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def chosen(self) -> tuple[str, ...]:
        """The ids of the chosen runs, the oldest first."""
        rows = {index.row() for index in self._view.selectionModel().selectedRows()}
        return tuple(sorted(self._model.rows[row].id for row in rows if row < len(self._model.rows)))

    def _show_choice(self) -> None:
        """Say which two would be compared, or how to choose two."""
        chosen, tip = self.chosen, tr("Choose two runs: click one, then click another while Ctrl is held.")
        self._compare.setEnabled(len(chosen) == 2)
        self._compare.setToolTip(tip if len(chosen) != 2 else tr("Shows what the second fixes and breaks."))
        if len(chosen) == 2:
            names = {row.id: tr(row.name) or row.id for row in self._model.rows}
            self._choice.setText(tr("A: {a} · B: {b}", a=names[chosen[0]], b=names[chosen[1]]))
        else:
            self._choice.setText(tip)

    def _ask_two(self) -> None:
        chosen = self.chosen
        if len(chosen) == 2:
            self.runs_asked.emit(chosen[0], chosen[1])

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
        head = QHBoxLayout()
        head.setSpacing(14)
        head.addWidget(self._count)
        head.addStretch(1)
        head.addWidget(self._choice)
        head.addWidget(self._compare)
        table.body.addLayout(head)
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
