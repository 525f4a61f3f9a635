"""The queue on the page Compare: what waits, what runs, what is done."""

from collections.abc import Sequence

from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedLayout, QVBoxLayout, QWidget

from fmstudio.runs.summary import RunSummary
from fmstudio.session.queue.entry import QueueEntry
from fmstudio.session.queue.queue import Queue
from fmstudio.session.queue.table import QueueTableModel
from fmstudio.session.queue.words import name_text, queue_words
from fmstudio.ui.compare.queue.rows import QueueTable
from fmstudio.ui.widgets import ElidedLabel, button, label
from fmstudio.words import tr, tr_n


class QueueView(QWidget):
    """Lists the queue, and lets the user go on, hold, put in order, take away, change and look.

    Signals:
        run_asked(str): The user wants to see that run.
        chosen(tuple): The user chose entries that have these runs.
        edit_asked(QueueEntry): The user wants to change an entry that waits: see ``Queue.take_out``.
        add_asked(): The recipe shall be added.

    Args:
        queue: What is shown.
    """

    run_asked = Signal(str)
    chosen = Signal(object)
    edit_asked = Signal(object)
    add_asked = Signal()

    def __init__(self, queue: Queue, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("queuePanel")
        self._queue = queue
        self._model = QueueTableModel(queue, self)
        self._table = QueueTable(self._model)
        self._words, self._why = label("", "title"), ElidedLabel("", "secondary")
        self._words.setObjectName("queueWords")
        self._why.setObjectName("queueWhy")
        self._hint = ElidedLabel("", "small")
        self._hint.setObjectName("queueHint")
        self._go = button("", "", "queueGo")
        self._clear = button(tr("Clear done"), "", "queueClear")
        self._add = button(tr("Add the recipe"), "", "queueAdd")
        self._show = button(tr("Show its results"), "", "queueShow")
        self._edit = button(tr("Edit"), "", "queueEdit")
        self._remove = button(tr("Remove"), "", "queueRemove")
        self._undo = button(tr("Undo"), "link", "queueUndo")
        self._lay_out()
        self._connect()
        self._refresh()

    def show_runs(self, summaries: Sequence[RunSummary]) -> None:
        """The runs that are compared change nothing here: the queue shows all that it has."""

    @property
    def current(self) -> QueueEntry | None:
        """The one entry that is chosen; None where there is none, or several are."""
        ids = self._table.chosen
        return next((one for one in self._queue.entries if ids == (one.id,)), None)

    def _connect(self) -> None:
        self._queue.changed.connect(self._refresh)
        self._queue.moved.connect(self._say)
        self._table.opened.connect(self._open)
        self._table.shift_asked.connect(self._shift)
        self._table.removal_asked.connect(self._take_away)
        self._table.undo_asked.connect(self._queue.put_back)
        self._table.selectionModel().selectionChanged.connect(self._choose)
        self._model.rowsInserted.connect(self._follow)
        self._go.clicked.connect(self._go_on)
        self._clear.clicked.connect(self._queue.clear_done)
        self._add.clicked.connect(self.add_asked)
        self._show.clicked.connect(self._show_run)
        self._edit.clicked.connect(self._edit_entry)
        self._remove.clicked.connect(self._take_away)
        self._undo.clicked.connect(self._queue.put_back)

    def _go_on(self) -> None:
        if self._queue.going:
            self._queue.hold()
        else:
            self._queue.begin()

    def _refresh(self) -> None:
        queue = self._queue
        self._say()
        self._why.setText(queue.foreign or queue.why)
        self._go.setText(tr("Hold") if queue.going else tr("Go on"))
        self._go.setToolTip(
            tr("What runs goes on; nothing more is started.") if queue.going else tr("Starts what waits.")
        )
        self._go.setEnabled(not queue.foreign and (queue.going or bool(queue.pending)))
        self._clear.setEnabled(not queue.foreign and any(entry.done for entry in queue.entries))
        self._add.setEnabled(not queue.foreign)
        self._stack.setCurrentIndex(1 if queue.entries or queue.removed else 0)
        self._empty_why.setText(queue.foreign)
        self._empty_why.setVisible(bool(queue.foreign))
        self._empty_add.setEnabled(not queue.foreign)
        self._show_choice()

    def _say(self) -> None:
        self._words.setText(self._said())

    def _said(self) -> str:
        words = queue_words(self._queue)
        done = sum(entry.done for entry in self._queue.entries)
        return words or (tr_n("{count} run is done", "{count} runs are done", done) if done else tr("Nothing waits"))

    def _choose(self) -> None:
        self._show_choice()
        ids = self._table.chosen
        runs = tuple(entry.run for entry in self._queue.entries if entry.id in ids and entry.run)
        if runs:
            self.chosen.emit(runs)

    def _show_choice(self) -> None:
        """Let the buttons do what can be done with the chosen entries."""
        ids, mine, one = self._table.chosen, not self._queue.foreign, self.current
        running = one is not None and one.state == "running"
        removable = any(entry.id in ids and entry.state != "running" for entry in self._queue.entries)
        self._show.setEnabled(one is not None and bool(one.run))
        self._edit.setEnabled(mine and one is not None and one.state == "waiting")
        self._remove.setText(tr("Stop and keep") if running else tr("Remove"))
        self._remove.setEnabled(mine and (running or removable))
        self._show_hint()

    def _show_hint(self) -> None:
        """Say what was removed last, and let it be undone; else how to put the queue in order."""
        removed = self._queue.removed if not self._queue.foreign else ()
        self._undo.setVisible(bool(removed))
        if len(removed) == 1:
            self._hint.setText(tr("Removed: {name}", name=name_text(removed[0])))
        elif removed:
            self._hint.setText(tr_n("{count} entry removed", "{count} entries removed", len(removed)))
        else:
            self._hint.setText(tr("Drag a row, or press Alt+↑ and Alt+↓, to change the order."))

    def _open(self, row: int) -> None:
        """Edit what waits, show what has a run."""
        entry = self._queue.entries[row]
        if entry.state == "waiting":
            self._ask_edit(entry)
        elif entry.run:
            self.run_asked.emit(entry.run)

    def _show_run(self) -> None:
        if self.current is not None and self.current.run:
            self.run_asked.emit(self.current.run)

    def _edit_entry(self) -> None:
        if self.current is not None:
            self._ask_edit(self.current)

    def _ask_edit(self, entry: QueueEntry) -> None:
        if entry.state == "waiting" and not self._queue.foreign:
            self.edit_asked.emit(entry)

    def _take_away(self) -> None:
        """Remove the chosen entries; one that runs is stopped instead, and stays in the list."""
        one, ids = self.current, self._table.chosen
        if one is not None and one.state == "running":
            self._queue.stop(one.id)
        elif ids:
            row = self._model.row_of(ids[0])
            self._queue.remove(*ids)
            if self._queue.entries:
                self._table.choose(row)

    def _shift(self, by: int) -> None:
        """Bring the chosen entries that wait past their neighbour; where none is chosen, the current one."""
        if not self._table.chosen and self._table.currentIndex().isValid():
            self._table.choose(self._table.currentIndex().row())
        ids = [entry.id for entry in self._queue.entries if entry.id in self._table.chosen]
        rows = [self._model.row_of(one) for one in ids if self._state(one) == "waiting"]
        if not rows:
            return
        before = rows[0] - 1 if by < 0 else rows[-1] + 2
        if 0 <= before <= len(self._queue.entries):
            self._queue.arrange(ids, before)
            self._table.scrollTo(self._table.currentIndex())

    def _state(self, entry_id: str) -> str:
        return next(entry.state for entry in self._queue.entries if entry.id == entry_id)

    def _follow(self, parent: QModelIndex, first: int, last: int) -> None:
        """Let the keyboard begin somewhere."""
        if not self._table.currentIndex().isValid():
            start = self._model.index(0, 0)
            self._table.selectionModel().setCurrentIndex(start, QItemSelectionModel.SelectionFlag.NoUpdate)

    def _lay_out(self) -> None:
        filled, head, foot = QWidget(), QHBoxLayout(), QHBoxLayout()
        head.addWidget(self._words)
        head.addWidget(self._why, 1)
        head.addStretch(1)
        foot.addWidget(self._hint)
        foot.addWidget(self._undo)
        foot.addStretch(1)
        for row, parts in ((head, (self._add, self._clear, self._go)), (foot, (self._show, self._edit, self._remove))):
            row.setSpacing(8)
            for part in parts:
                row.addWidget(part)
        column = QVBoxLayout(filled)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(self._table, 1)
        column.addLayout(foot)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self._empty())
        self._stack.addWidget(filled)

    def _empty(self) -> QWidget:
        empty = QWidget()
        sentence = _centred(
            tr("Nothing waits. “Try several values…” in a field's menu fills this, or add the recipe."), "noQueue"
        )
        self._empty_why = _centred("", "queueForeign")
        self._empty_add = button(tr("Add the recipe"), "", "queueAddFirst")
        self._empty_add.clicked.connect(self.add_asked)
        column = QVBoxLayout(empty)
        column.setSpacing(12)
        column.addStretch(1)
        for part in (sentence, self._empty_why):
            column.addWidget(part)
        column.addWidget(self._empty_add, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)
        return empty


def _centred(text: str, name: str) -> QLabel:
    made = label(text, "secondary")
    made.setObjectName(name)
    made.setAlignment(Qt.AlignmentFlag.AlignCenter)
    made.setWordWrap(True)
    return made
