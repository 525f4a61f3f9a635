"""The upper half of the page Compare: head line, filter, table of runs, and what can be done with the chosen ones."""

from collections.abc import Sequence
from typing import cast

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from fmstudio.runs.summary import RunSummary
from fmstudio.session.run_rows.groups import Section
from fmstudio.session.run_rows.table import RunTableModel, safe_tip
from fmstudio.ui.compare.table.actions import TITLES, Action, why_not
from fmstudio.ui.compare.table.columns_keeper import ColumnsKeeper
from fmstudio.ui.compare.table.doing import RunDoing
from fmstudio.ui.compare.table.filter_box import FilterBox
from fmstudio.ui.compare.table.foot import RunFoot
from fmstudio.ui.compare.table.menu import actions_menu, column_menu
from fmstudio.ui.compare.table.view import RunTableView
from fmstudio.ui.widgets import Card, button, label
from fmstudio.words import tr, tr_n

_GROUPS = ("group", "state", "dataset.kind", "architecture.kind", "optimizer.kind", "optimizer.lr", "epochs", "tags")
"""By what runs are grouped most often."""
_UNGROUPED = ("star", "name", "started", "note")
_NEWEST = 8
"""So many runs are meant where none is chosen."""


class RunTablePanel(Card):
    """Shows runs, and says what the user wants with them.

    Attributes:
        model: The rows; ``view`` shows them; ``keeper`` keeps the columns; ``doing`` does what is asked.
        described: What is said of a run changed: its id, an ``About`` as it was seen, and one as it shall be.
        meant_changed: Other runs are shown, or chosen.
        trash_asked: What lies in the trash shall be shown; ``runs_asked``: the runs again.
        refresh_asked: The runs shall be read anew.
        undo_asked: The last move to the trash shall be undone.
    """

    described = Signal(str, object, object)
    meant_changed = Signal()
    trash_asked = Signal()
    runs_asked = Signal()
    refresh_asked = Signal()
    undo_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = RunTableModel(self)
        self.view = RunTableView(self.model)
        self.keeper = ColumnsKeeper(self.model, self.view)
        self.doing = RunDoing(self.model, self.view, lambda: self.chosen_rows)
        self._count = label("", "title")
        self._count.setObjectName("runCount")
        self._filter, self._foot = FilterBox(), RunFoot()
        self._columns = button(tr("Columns …"), "quiet", "columnsButton")
        self._group = button(tr("Group by …"), "quiet", "groupButton")
        self._compare = button(tr("Compare these two"), "", "compareTwo")
        self._more = button("⋯", "quiet", "runsMenu")
        self._more.setAccessibleName(tr("More about the runs"))
        self._more.setToolTip(self._more.accessibleName())
        self._back = button(tr("Back to the runs"), "link", "backFromTrash")
        self._empty = button(tr("Empty the trash …"), "link", "deleteTrashed")
        self._nothing, self._none = QWidget(), label("", "secondary")
        self._none.setObjectName("noneMatches")
        self._all = button(tr("Show all runs"), "link", "clearFilter")
        self._build()
        self._connect()
        self._say()

    # ── What is shown

    def show_runs(self, rows: Sequence[RunSummary], *, trashed: bool = False) -> None:
        """Show runs, or what lies in the trash; filter, order, groups and what is chosen stay."""
        self.doing.trashed = trashed
        self.model.show(rows)
        self._refresh()

    @property
    def trashed(self) -> bool:
        """Whether what lies in the trash is shown."""
        return self.doing.trashed

    @property
    def chosen_rows(self) -> tuple[RunSummary, ...]:
        """The chosen runs, the oldest first."""
        wanted = set(self.view.chosen)
        return tuple(sorted((row for row in self.model.kept if row.id in wanted), key=lambda row: row.id))

    @property
    def meant(self) -> tuple[RunSummary, ...]:
        """The chosen runs; where none is chosen the newest of those that are shown."""
        return self.chosen_rows or tuple(self.model.kept[:_NEWEST])

    def filter_by(self, text: str) -> None:
        """Show only what a filter lets through; see ``run_filter``."""
        self._filter.show_text(text)

    def act(self, action: Action) -> None:
        """Do something with the chosen runs; see ``run_actions``."""
        self.doing.act(action)

    def _keep(self, text: str) -> None:
        self.model.keep(text)
        self._refresh()

    def _refresh(self) -> None:
        """After other runs or another filter: fit the columns, say how many, and what was not understood."""
        self._say()
        self.keeper.fit()
        self._filter.show_problems(self.model.problems)
        self.meant_changed.emit()

    def _say(self) -> None:
        count, every = len(self.model.kept), len(self.model.given)
        said = tr_n("{count} run", "{count} runs", every)
        if count != every:
            said = tr_n("{shown} of {count} run", "{shown} of {count} runs", every, shown=count)
        self._count.setText(tr("Trash: {runs}", runs=said) if self.trashed else said)
        self._back.setVisible(self.trashed)
        self._empty.setVisible(self.trashed and bool(every))
        self._none.setText(tr("This filter lets no run through.") if every else tr("There is nothing here."))
        self._nothing.setVisible(not count)
        self._all.setVisible(bool(every))
        self.view.setVisible(bool(count))
        self._show_choice()

    def _show_choice(self) -> None:
        rows = self.chosen_rows
        self._foot.show_rows(rows, trashed=self.trashed)
        self._compare.setVisible(not self.trashed)
        self._compare.setEnabled(len(rows) == 2)
        tip = tr("Choose two runs: click one, then click another while Ctrl is held.")
        self._compare.setToolTip(tip if len(rows) != 2 else tr("Shows what the second fixes and breaks."))

    def _chosen_changed(self) -> None:
        self._show_choice()
        self.meant_changed.emit()

    def _key(self, meaning: str) -> None:
        if meaning == "undo":
            self.undo_asked.emit()
        else:
            self.act(cast("Action", meaning))

    # ── Menus

    def _show_menu(self, at: QPoint) -> None:
        """What can be done with the chosen runs, and filters by the cell that was clicked."""
        index = self.view.indexAt(at)
        if not index.isValid() or not self.view.viewport().rect().contains(at):
            index = self.view.currentIndex()
            at = self.view.visualRect(index).bottomLeft()
        item = self.model.items[index.row()] if index.isValid() else None
        if isinstance(item, Section) or item is None:
            return
        if item.id not in self.view.chosen:
            self.view.choose([item.id])
        menu = actions_menu(self.chosen_rows, self.act, self, trashed=self.trashed)
        menu.addSeparator()
        column = self.model.shown_columns[index.column()]
        column_menu(menu, column, self.model.kept, self.model.columns, self._filter.add, item)
        _pop_up(menu, self.view.viewport().mapToGlobal(at))

    def _show_foot_menu(self) -> None:
        menu = actions_menu(self.chosen_rows, self.act, self, trashed=self.trashed)
        _pop_up(menu, self._foot.more.mapToGlobal(QPoint(0, self._foot.more.height())))

    def _show_head_menu(self, at: QPoint) -> None:
        head, keeper = self.view.horizontalHeader(), self.keeper
        place = head.logicalIndexAt(at)
        if place < 0:
            return
        column, menu = self.model.shown_columns[place], QMenu(self)
        column_menu(menu, column, self.model.kept, self.model.columns, self._filter.add)
        menu.addSeparator()
        if column.key != "name":
            menu.addAction(tr("Group by this column")).triggered.connect(lambda: keeper.group_by(column.key))
            menu.addAction(tr("Hide this column")).triggered.connect(lambda: keeper.hide(column.key))
        if column.key in keeper.layout_now.widths:
            menu.addAction(tr("Its usual width")).triggered.connect(lambda: keeper.usual_width(column.key))
        menu.addAction(tr("Columns …")).triggered.connect(self._ask_columns)
        _pop_up(menu, head.viewport().mapToGlobal(at))

    def _ask_columns(self) -> None:
        self.keeper.ask(self.window())

    def _show_groups(self) -> None:
        menu, columns = QMenu(self), self.model.columns
        shown = (column.key for column in self.model.shown_columns if column.key not in _UNGROUPED)
        wanted = dict.fromkeys((*_GROUPS, *columns.differing(self.model.kept), *shown))
        for key in ("", *(key for key in wanted if key in columns.all)):
            title = columns.all[key].title.replace("&", "&&") if key else tr("No groups")
            made = menu.addAction(title)
            made.setCheckable(True)
            made.setChecked(key == self.model.group)
            made.triggered.connect(lambda checked=False, key=key: self.keeper.group_by(key))
        _pop_up(menu, self._group.mapToGlobal(QPoint(0, self._group.height())))

    def _show_more(self) -> None:
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        if not self.trashed:
            reason = why_not("trash", self.chosen_rows)
            trash = menu.addAction(tr(TITLES["trash"]))
            trash.setEnabled(not reason)
            trash.setToolTip(safe_tip(reason))
            trash.triggered.connect(lambda: self.act("trash"))
            menu.addAction(tr("Show the trash")).triggered.connect(self.trash_asked)
        menu.addAction(tr("Read the folder again")).triggered.connect(self.refresh_asked)
        _pop_up(menu, self._more.mapToGlobal(QPoint(0, self._more.height())))

    # ── Putting together

    def _build(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(6)
        head.addWidget(self._count)
        head.addWidget(self._back)
        head.addWidget(self._empty)
        head.addSpacing(8)
        head.addWidget(self._filter, 1)
        for part in (self._columns, self._group, self._compare, self._more):
            head.addWidget(part)
        nothing = QHBoxLayout(self._nothing)
        nothing.addStretch(1)
        nothing.addWidget(self._none)
        nothing.addWidget(self._all)
        nothing.addStretch(1)
        self.body.setContentsMargins(14, 10, 14, 8)
        self.body.addLayout(head)
        self.body.addWidget(self._filter.problem)
        self.body.addWidget(self.view, 1)
        self.body.addWidget(self._nothing, 1)
        self.body.addWidget(self._foot)

    def _connect(self) -> None:
        view, doing = self.view, self.doing
        view.opened.connect(lambda row: self.act("results"))
        view.chosen_changed.connect(self._chosen_changed)
        view.key_pressed.connect(self._key)
        view.customContextMenuRequested.connect(self._show_menu)
        view.horizontalHeader().customContextMenuRequested.connect(self._show_head_menu)
        self.model.described.connect(self.described)
        self.keeper.grouped.connect(self._show_choice)
        self._filter.changed.connect(self._keep)
        self._filter.left.connect(lambda: view.setFocus(Qt.FocusReason.TabFocusReason))
        self._foot.asked.connect(doing.act)
        self._foot.menu_asked.connect(self._show_foot_menu)
        self._columns.clicked.connect(self._ask_columns)
        self._group.clicked.connect(self._show_groups)
        self._compare.clicked.connect(lambda: self.act("compare"))
        self._more.clicked.connect(self._show_more)
        self._back.clicked.connect(self.runs_asked)
        self._empty.clicked.connect(doing.ask_to_empty)
        self._all.clicked.connect(lambda: self.filter_by(""))


def _pop_up(menu: QMenu, at: QPoint) -> None:
    """Show a menu that is needed once."""
    menu.aboutToHide.connect(menu.deleteLater)
    menu.popup(at)
