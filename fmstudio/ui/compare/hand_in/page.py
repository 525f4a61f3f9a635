"""What a class hands in: many figures of runs as a table and a plot of their results."""

from collections.abc import Collection, Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QComboBox, QFileDialog, QHBoxLayout, QHeaderView, QSplitter, QVBoxLayout, QWidget

from fmstudio.errors import UserError
from fmstudio.export.spreadsheet import safe_cell
from fmstudio.insight.hand_in import HandedIn, HandIn
from fmstudio.runs.writing import write_atomically
from fmstudio.session.hand_in_reading import HandInReading
from fmstudio.session.hand_in_table import (
    MARKED,
    HandInTableModel,
    as_csv,
    column_title,
    result_text,
    setting_text,
    table_rows,
)
from fmstudio.session.session import TrainingSession
from fmstudio.ui.chart_key import ChartKey, Entry
from fmstudio.ui.compare.hand_in.plot import HandInPlot
from fmstudio.ui.quiet_table import Index, QuietDelegate, QuietTable
from fmstudio.ui.widgets import Card, ElidedLabel, button, label
from fmstudio.words import tr, tr_n

_WIDEST, _LOOKED_AT = 220, 60
_GROUPS = ("dataset.kind", "architecture.kind")


class HandInDelegate(QuietDelegate):
    """Lets what is odd stand out."""

    def colour(self, index: Index) -> str:
        """Of the letters."""
        return "amber" if index.data(MARKED) else "text"


class HandInPage(QWidget):
    """A table of files, a dot for each of them, and what to do with the chosen one.

    Signals:
        settings_asked(Mapping): The settings of a figure shall go into the recipe: JSON values of a stranger.
        run_asked(str): The run of a figure, which is in the library, shall be shown: its id.
        back_asked(): The user is done.
        saved(Path): The table was written.
        failed(UserError): It could not be written.

    Args:
        session: Reads in the background.
    """

    settings_asked = Signal(object)
    run_asked = Signal(str)
    back_asked = Signal()
    saved = Signal(object)
    failed = Signal(object)

    def __init__(self, session: TrainingSession, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("handInPage")
        self._reading = HandInReading(session, self)
        self._known: Collection[str] = ()
        self._model = HandInTableModel(self)
        self._model.show(HandedIn())
        self._view = QuietTable(self._model, "handInTable", 0)
        self._view.setItemDelegate(HandInDelegate(self._view))
        self._view.setAccessibleName(tr("The figures that were handed in"))
        self._plot, self._key = HandInPlot(), ChartKey(indent=14)
        self._back = button(tr("‹ Back to the runs"), "link", "handInBack")
        self._title, self._sentence = label("", "title"), label("", "secondary")
        self._sentence.setObjectName("handInSentence")
        self._chosen = ElidedLabel("", "secondary")
        self._use = button(tr("Use these settings"), "", "useSettings")
        self._look = button(tr("Look at this run"), "", "lookAtRun")
        self._group = QComboBox()
        self._group.setObjectName("handInGroup")
        self._group.setAccessibleName(tr("Side by side"))
        self._build()
        self._connect()
        self._refresh()

    def show_files(self, paths: Sequence[Path]) -> None:
        """Read other files, in the background."""
        self._reading.read(paths)

    def show_known(self, run_ids: Collection[str]) -> None:
        """Say which runs the library has."""
        self._known = run_ids
        self._show_chosen()

    @property
    def current(self) -> HandIn | None:
        """The chosen file."""
        return self._model.item(self._view.currentIndex().row()) if self._view.currentIndex().isValid() else None

    def save_csv(self, path: Path) -> None:
        """Write the table as it is sorted now."""
        try:
            write_atomically(path, "\ufeff" + as_csv(self._model))
        except UserError as error:
            self.failed.emit(error)
        else:
            self.saved.emit(path)

    def copy_table(self) -> None:
        """Put the table into the clipboard, for a spreadsheet."""
        lines = ["\t".join(safe_cell(cell) for cell in row) for row in table_rows(self._model)]
        QGuiApplication.clipboard().setText("\n".join(lines) + "\n")

    def _refresh(self) -> None:
        """Show all that is known now."""
        handed, before = self._reading.handed_in, self.current
        columns = self._model.columns
        self._model.show(handed)
        if columns != self._model.columns or not self._reading.waiting:
            self._fit_columns()
        path = before.path if before is not None else None
        again = next((item for item in handed.items if item.path == path), None)
        self._view.setCurrentIndex(self._model.index(self._model.row_of(again) if again else -1, 0))
        count = len(handed.items) + self._reading.waiting
        self._title.setText(tr_n("{count} file", "{count} files", count))
        self._sentence.setText(_sentence(self._reading))
        self._offer_groups(handed)
        self._show_plot()
        self._show_chosen()

    def _offer_groups(self, handed: HandedIn) -> None:
        """Every setting that differs can be looked at side by side."""
        always = [path for path in _GROUPS if _differs(handed, path)]
        paths = ["", *always, *handed.varied]
        if paths == [self._group.itemData(place) for place in range(self._group.count())]:
            return
        before = self._group.currentData()
        self._group.blockSignals(True)
        self._group.clear()
        for path in paths:
            self._group.addItem(column_title(handed, path) if path else tr("All in one row"), path)
        self._group.setCurrentIndex(paths.index(before) if before in paths else 0)
        self._group.blockSignals(False)

    def _show_plot(self) -> None:
        handed = self._reading.handed_in
        self._plot.show_table(handed, str(self._group.currentData() or ""))
        odd = [Entry(tr("with a remark"), "amber", Qt.PenStyle.NoPen, hollow=True)]
        mean = [Entry(tr("mean"), "secondary")]
        odd_there = any(handed.marks_of(dot.item) for dot in self._plot.dots)
        self._key.show_entries(tuple(odd * odd_there + mean * bool(self._plot.groups)))

    def _show_chosen(self) -> None:
        item, handed = self.current, self._reading.handed_in
        usable = item is not None and not item.problem
        self._use.setEnabled(usable and bool(item and item.spec))
        self._look.setVisible(item is not None and item.run in self._known)
        words = tr("Choose a row to see more of it.") if handed.items else ""
        if item is not None:
            said = result_text(handed, handed.result_of(item))
            words = f"{item.file}: {item.problem}" if item.problem else f"{item.file} · {said}"
        self._chosen.setText(words)
        self._plot.show_current(item)

    def _ask_settings(self) -> None:
        item = self.current
        if item is not None and item.spec:
            self.settings_asked.emit(item.spec)

    def _ask_run(self) -> None:
        item = self.current
        if item is not None:
            self.run_asked.emit(item.run)

    def _choose(self, item: HandIn) -> None:
        """A dot was clicked: its row is the chosen one."""
        self._view.setCurrentIndex(self._model.index(self._model.row_of(item), 0))
        self._view.setFocus(Qt.FocusReason.OtherFocusReason)

    def _ask_file(self) -> None:
        path, _ = QFileDialog.getSaveFileName(self, tr("Save the table"), "figures.csv", f"{tr('Tables')} (*.csv)")
        if path:
            self.save_csv(Path(path))

    def _fit_columns(self) -> None:
        """As wide as what is in them, within reason; the last takes the rest."""
        head = self._view.horizontalHeader()
        head.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        head.setStretchLastSection(True)
        self._view.resizeColumnsToContents()
        for column in range(len(self._model.columns) - 1):
            head.resizeSection(column, min(_WIDEST, head.sectionSize(column)))

    def _connect(self) -> None:
        head = self._view.horizontalHeader()
        head.setResizeContentsPrecision(_LOOKED_AT)
        head.setSortIndicatorClearable(True)
        head.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self._view.setSortingEnabled(True)
        self._view.selectionModel().currentChanged.connect(self._show_chosen)
        self._model.layoutChanged.connect(self._show_chosen)
        self._reading.changed.connect(self._refresh)
        self._group.currentIndexChanged.connect(self._show_plot)
        self._plot.chosen.connect(self._choose)
        self._use.clicked.connect(self._ask_settings)
        self._look.clicked.connect(self._ask_run)
        self._back.clicked.connect(self.back_asked)

    def _build(self) -> None:
        copy, save = button(tr("Copy"), "", "handInCopy"), button(tr("Save as CSV…"), "", "handInSave")
        copy.clicked.connect(self.copy_table)
        save.clicked.connect(self._ask_file)
        head = QHBoxLayout()
        head.setSpacing(12)
        for widget in (self._back, self._title):
            head.addWidget(widget)
        head.addStretch(1)
        head.addWidget(copy)
        head.addWidget(save)
        self._sentence.setWordWrap(True)
        parts = QSplitter(Qt.Orientation.Vertical)
        parts.setChildrenCollapsible(False)
        parts.setHandleWidth(10)
        parts.addWidget(self._table_card())
        parts.addWidget(self._plot_card())
        parts.setSizes([3000, 2000])
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(self._sentence)
        column.addWidget(parts, 1)

    def _table_card(self) -> Card:
        card, foot = Card(), QHBoxLayout()
        foot.setSpacing(10)
        foot.addWidget(self._chosen, 1)
        foot.addStretch(0)
        foot.addWidget(self._look)
        foot.addWidget(self._use)
        card.body.addWidget(self._view, 1)
        card.body.addLayout(foot)
        return card

    def _plot_card(self) -> Card:
        card, head = Card(), QHBoxLayout()
        head.addWidget(label(tr("One dot for each figure"), "head"))
        head.addWidget(self._key, 1)
        head.addWidget(label(tr("Side by side"), "small"))
        head.addWidget(self._group)
        card.body.addLayout(head)
        card.body.addWidget(self._plot, 1)
        return card


def _differs(handed: HandedIn, path: str) -> bool:
    return len({setting_text(item, path) for item in handed.read}) > 1


def _sentence(reading: HandInReading) -> str:
    """What to know before reading the table."""
    handed = reading.handed_in
    if reading.waiting:
        return tr("Reading: {count} of {all} …", count=len(handed.items), all=len(handed.items) + reading.waiting)
    if not handed.items:
        return ""
    said = [tr("All as the figures say: nobody has checked it here.")]
    silent = len(handed.items) - len(handed.read)
    if silent:
        said.append(tr_n("{count} file says nothing of a run.", "{count} files say nothing of a run.", silent))
    if handed.count("double"):
        said.append(tr_n("{count} shows the same run as another.", "{count} show the same run as another.",
                         handed.count("double")))  # fmt: skip
    if handed.count("data"):
        said.append(tr_n("{count} was made with other data.", "{count} were made with other data.",
                         handed.count("data")))  # fmt: skip
    if handed.count("version"):
        said.append(tr_n("{count} comes from another version.", "{count} come from another version.",
                         handed.count("version")))  # fmt: skip
    if handed.count("seed"):
        said.append(tr_n("{count} has another seed.", "{count} have another seed.", handed.count("seed")))
    if handed.more:
        said.append(tr_n("{count} more setting differs.", "{count} more settings differ.", handed.more))
    if reading.left_out:
        said.append(tr_n("{count} more file was left out.", "{count} more files were left out.", reading.left_out))
    return " ".join(said)
