"""Where the user chooses the columns of the table of runs."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from fmstudio import paths
from fmstudio.session.run_rows.column import Column, Part
from fmstudio.session.run_rows.columns import RunColumns
from fmstudio.session.run_rows.filter import folded_text
from fmstudio.ui import theme
from fmstudio.ui.compare.table.columns_layout import with_column
from fmstudio.ui.widgets import button, label
from fmstudio.words import tr

_KEY = Qt.ItemDataRole.UserRole.value
_FIXED = ("name",)
_SIZE = (360, 520)


class ColumnsDialog(QDialog):
    """Every column that there can be, with a tick at those that are shown; a tick works at once.

    Args:
        columns: All that there can be.
        shown: The keys of those that are shown, from the left.
        automatic: Whether nobody chose them.
        parent: Over which it stands.

    Attributes:
        chosen: Other columns shall be shown: their keys from the left; empty for those that tell most.
    """

    chosen = Signal(object)

    def __init__(
        self, columns: RunColumns, shown: Sequence[str], *, automatic: bool, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("columnsDialog")
        self.setWindowTitle(tr("Columns"))
        self._columns, self._shown = columns, tuple(shown)
        self._search, self._list = QLineEdit(), QListWidget()
        self._search.setObjectName("columnsSearch")
        self._search.setPlaceholderText(tr("Find a setting or a result"))
        self._search.setAccessibleName(self._search.placeholderText())
        self._search.setClearButtonEnabled(True)
        self._search.textChanged.connect(self._find)
        self._list.setObjectName("columnsList")
        self._list.setAccessibleName(tr("Columns"))
        self._list.setStyleSheet(_boxes())
        self._list.itemChanged.connect(self._ticked)
        self._said = label("", "small")
        self._said.setWordWrap(True)
        self._automatic = button(tr("Let the program choose"), "link", "columnsAutomatic")
        self._automatic.setAutoDefault(False)
        self._automatic.clicked.connect(self._let_choose)
        self._build()
        self._fill()
        self._say(automatic=automatic)

    def _build(self) -> None:
        done = button(tr("Done"), "", "columnsDone")
        done.setAutoDefault(False)
        done.clicked.connect(self.accept)
        foot = QHBoxLayout()
        foot.addWidget(self._automatic)
        foot.addStretch(1)
        foot.addWidget(done)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 18, 18, 14)
        column.setSpacing(8)
        column.addWidget(self._search)
        column.addWidget(self._list, 1)
        column.addWidget(self._said)
        column.addLayout(foot)
        self.resize(*_SIZE)

    def _fill(self) -> None:
        titles: dict[Part, str] = {"run": tr("The run"), "result": tr("Results"), "setting": tr("Settings")}
        for part, title in titles.items():
            heading = QListWidgetItem(title)
            heading.setFlags(Qt.ItemFlag.NoItemFlags)
            heading.setFont(theme.font(theme.SMALL, weight=600))
            heading.setForeground(theme.colour("secondary"))
            self._list.addItem(heading)
            for column in self._columns.all.values():
                if column.part == part and column.key not in _FIXED:
                    self._list.addItem(self._item(column))

    def _item(self, column: Column) -> QListWidgetItem:
        made = QListWidgetItem(column.title)
        made.setData(_KEY, column.key)
        made.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsSelectable)
        made.setCheckState(Qt.CheckState.Checked if column.key in self._shown else Qt.CheckState.Unchecked)
        return made

    def _ticked(self, item: QListWidgetItem) -> None:
        key = str(item.data(_KEY))
        self._shown = with_column(self._columns, self._shown, key, item.checkState() == Qt.CheckState.Checked)
        self._say(automatic=False)
        self.chosen.emit(self._shown)

    def _let_choose(self) -> None:
        self._say(automatic=True)
        self.chosen.emit(())

    def show_shown(self, shown: Sequence[str]) -> None:
        """Tick what is shown now."""
        self._shown = tuple(shown)
        before = self._list.blockSignals(True)
        for item in self._items():
            ticked = item.data(_KEY) in self._shown
            item.setCheckState(Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked)
        self._list.blockSignals(before)

    def _say(self, *, automatic: bool) -> None:
        self._automatic.setEnabled(not automatic)
        told = tr("The program shows what differs among the runs, as far as there is room.")
        self._said.setText(told if automatic else tr("You chose these columns. They stay until you change them."))

    def _find(self, text: str) -> None:
        word = folded_text(text)
        for item in self._items():
            said = folded_text(f"{item.text()} {item.data(_KEY)}")
            item.setHidden(word not in said)

    def _items(self) -> list[QListWidgetItem]:
        every = (self._list.item(place) for place in range(self._list.count()))
        return [item for item in every if item.data(_KEY)]


def _boxes() -> str:
    """The style of the boxes for the ticks, as those of check boxes."""
    colours, icons = theme.current(), paths.resource("icons").as_posix()
    return (
        "QListView::item { min-height: 26px; }"
        f"QListView::indicator {{ width: 14px; height: 14px; border: 1px solid {colours.faint}; border-radius: 4px;"
        f" background: {colours.field}; }}"
        f"QListView::indicator:checked {{ border-color: {colours.accent}; background: {colours.accent};"
        f' image: url("{icons}/check-{colours.name}.svg"); }}'
    )
