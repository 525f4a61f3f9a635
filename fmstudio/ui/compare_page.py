"""The page Compare: the runs that there are."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QStackedLayout, QVBoxLayout, QWidget

from fmstudio.session.run_table import Columns, RunRow, RunTableModel
from fmstudio.ui.quiet_table import QuietTable
from fmstudio.ui.widgets import Card, label
from fmstudio.words import tr, tr_n


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

    def show_runs(self, rows: Sequence[RunRow]) -> None:
        """Show runs, in the given order until the user sorts them."""
        self._model.show(rows)
        self._count.setText(tr_n("{count} run", "{count} runs", len(rows)))
        self._stack.setCurrentIndex(1 if rows else 0)

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
