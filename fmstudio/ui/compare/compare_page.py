"""The page Compare: all runs and what the chosen ones have in common, or two of them side by side."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QSplitter, QStackedLayout, QVBoxLayout, QWidget

from fmstudio.data.library import ImageData
from fmstudio.errors import UserError
from fmstudio.runs.run import Run
from fmstudio.runs.summary import RunSummary
from fmstudio.session.door import load
from fmstudio.ui.compare.run_panels import RunPanels
from fmstudio.ui.compare.table.columns_layout import layout_of
from fmstudio.ui.compare.table.panel import RunTablePanel
from fmstudio.ui.widgets import button, label
from fmstudio.words import tr

if TYPE_CHECKING:
    from fmstudio.ui.compare.two_runs_page import TwoRunsPage

_EMPTY, _TABLE = 0, 1


class ComparePage(QWidget):
    """A table of runs above, and what the chosen ones did below; two chosen runs can be compared picture by picture.

    Attributes:
        run_asked: The id of a run that the user wants to see.
        runs_asked: The ids of two runs that the user wants to compare, the older one first.
        selection_asked: The user wants to see pictures on the page Results: a run's id, and a ``Selection``.
        resume_asked: A run shall be continued: its id; ``settings_asked``: its spec shall be the recipe.
        more_asked: A new run shall go on from a run for so many epochs: its id, their number.
        described: What is said of a run changed: its id, an ``About`` as it was seen, and one as it shall be.
        trash_asked: Runs shall be moved to the trash: a tuple of ids; ``restore_asked``: put back from there.
        empty_asked: Runs in the trash shall be deleted for good, and the user has said so twice: a tuple of ids.
        trash_shown: What lies in the trash shall be shown with ``show_trash``.
        folder_asked: A folder shall be opened: its path.
        export_asked: A run shall be exported: its id.
        refresh_asked: The runs shall be read anew.
        seen: Whether the page can be seen now: only then runs of other windows need be watched.
        arranged: The user arranged the table: text for ``arrange``, to be remembered.
        saved: A file was written: its path; ``failed``: it could not be, a ``UserError``.
        panel_built: A panel below the table was made: "curves", "scatter", "differences" or "queue", and the widget.
    """

    run_asked = Signal(str)
    runs_asked = Signal(str, str)
    selection_asked = Signal(str, object)
    resume_asked = Signal(str)
    settings_asked = Signal(str)
    more_asked = Signal(str, int)
    described = Signal(str, object, object)
    trash_asked = Signal(object)
    restore_asked = Signal(object)
    empty_asked = Signal(object)
    trash_shown = Signal()
    folder_asked = Signal(str)
    export_asked = Signal(str)
    refresh_asked = Signal()
    seen = Signal(bool)
    arranged = Signal(str)
    saved = Signal(str)
    failed = Signal(object)
    panel_built = Signal(str, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("runsPanel")
        self.table, self.panels = RunTablePanel(), RunPanels()
        self._two: TwoRunsPage | None = None
        self._handed: QWidget | None = None
        self._rows: Sequence[RunSummary] = ()
        self._discarded: list[tuple[str, ...]] = []
        self._panel_asked = False
        self._build()
        self._connect()

    # ── What is shown

    def attach(self, **sources: QObject) -> None:
        """Give what the panels below the table read: ``run_list`` for the curves, ``queue`` for the queue."""
        self.panels.attach(**sources)

    def show_runs(self, rows: Sequence[RunSummary]) -> None:
        """Show runs, newest first until the user sorts them; while the trash is looked at, that is asked for anew."""
        self._rows = rows
        self.panels.library = rows
        here = {row.id for row in rows}
        self._discarded = [ids for ids in self._discarded if not here.intersection(ids)]
        self.table.view.undoable = bool(self._discarded)
        if self.table.trashed:
            self.trash_shown.emit()
        else:
            self.table.show_runs(rows)
            self._turn()

    def show_trash(self, rows: Sequence[RunSummary]) -> None:
        """Show what lies in the trash, until the user goes back to the runs."""
        self.table.show_runs(rows, trashed=True)
        self._turn()

    def show_all(self) -> None:
        """Show the runs again, not the trash."""
        self.table.show_runs(self._rows)
        self._turn()

    def arrange(self, text: str) -> None:
        """Arrange the table as the user had it the last time; the text is that of ``arranged``."""
        self.table.keeper.restore(text)
        if split := layout_of(text).split:
            self._splitter.setSizes(list(split))

    def remember_trashed(self, ids: Sequence[str]) -> None:
        """These runs lie in the trash now: the key for undo in the table puts them back."""
        self._discarded.append(tuple(ids))
        self.table.view.undoable = True

    def undo_trash(self) -> None:
        """Put back what was moved to the trash last; nothing where nothing was."""
        if self._discarded:
            self.restore_asked.emit(self._discarded.pop())
        self.table.view.undoable = bool(self._discarded)

    def _empty(self, ids: tuple[str, ...]) -> None:
        """What is deleted for good cannot be put back any more."""
        self._discarded = [run_ids for run_ids in self._discarded if not set(run_ids).intersection(ids)]
        self.table.view.undoable = bool(self._discarded)
        self.empty_asked.emit(ids)

    @property
    def chosen(self) -> tuple[str, ...]:
        """The ids of the chosen runs, the oldest first."""
        return tuple(row.id for row in self.table.chosen_rows)

    def choose(self, ids: Sequence[str]) -> None:
        """Choose runs in the table, those among them that are shown."""
        self.table.view.choose(ids)

    def show_panel(self, key: str) -> None:
        """Turn to a panel below the table: "curves", "scatter", "differences" or "queue"."""
        self._panel_asked = True
        self._turn()
        self.panels.show_tab(key)

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
        page.show_two(a, b, data, self._rows)
        if self._two is None:
            self._two = page
            page.back_asked.connect(self.show_table)
            page.selection_asked.connect(self.selection_asked)
            self._stack.addWidget(page)
        self._stack.setCurrentWidget(page)

    @property
    def two(self) -> tuple[Run, Run] | None:
        """The two runs that are shown side by side; None while they are not."""
        return self._two.runs if self._two is not None and self._stack.currentWidget() is self._two else None

    def show_hand_in(self, page: QWidget) -> None:
        """Show what was handed in by a class in the place of the table, until its ``back_asked``."""
        if self._handed is not None:
            self._stack.removeWidget(self._handed)
            self._handed.deleteLater()
        self._handed = page
        page.back_asked.connect(self.show_table)  # type: ignore[attr-defined]
        self._stack.addWidget(page)
        self._stack.setCurrentWidget(page)

    def show_table(self) -> None:
        """Show the table of runs again."""
        self._stack.setCurrentIndex(_TABLE if self._has_something else _EMPTY)
        self.table.view.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def _has_something(self) -> bool:
        return bool(self._rows) or self.table.trashed or self._panel_asked

    def _turn(self) -> None:
        """To the table or to the sentence in its place; what was opened over it stays."""
        if self._stack.currentIndex() in (_EMPTY, _TABLE):
            self._stack.setCurrentIndex(_TABLE if self._has_something else _EMPTY)

    def showEvent(self, event: QShowEvent) -> None:
        """Tell that somebody looks."""
        super().showEvent(event)
        self.seen.emit(True)

    def hideEvent(self, event: QHideEvent) -> None:
        """Tell that nobody looks."""
        super().hideEvent(event)
        self.seen.emit(False)

    # ── What the user does

    def _do(self, action: str, ids: tuple[str, ...]) -> None:
        """Tell who can do it."""
        if action == "compare":
            self.runs_asked.emit(*ids)
        elif action == "trash":
            self.trash_asked.emit(ids)
        elif action == "restore":
            self.restore_asked.emit(ids)
        elif action == "folder":
            row = self.table.model.row(ids[0])
            self.folder_asked.emit(row.folder if row else "")
        else:
            signals = {"results": self.run_asked, "resume": self.resume_asked, "settings": self.settings_asked}
            {**signals, "export": self.export_asked}[action].emit(ids[0])

    def _show_meant(self) -> None:
        if not self.table.trashed:
            self.panels.show_runs(self.table.model.kept, self.table.meant, self.table.chosen_rows)

    # ── Putting together

    def _build(self) -> None:
        self._splitter = QSplitter(Qt.Orientation.Vertical)
        self._splitter.setHandleWidth(10)
        self.table.setMinimumHeight(170)
        self.panels.setMinimumHeight(150)
        for part in (self.table, self.panels):
            self._splitter.addWidget(part)
            self._splitter.setStretchFactor(self._splitter.indexOf(part), 1)
        self._splitter.setCollapsible(0, False)
        self._splitter.setSizes([1000, 1000])
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self._nothing())
        self._stack.addWidget(self._splitter)

    def _nothing(self) -> QWidget:
        """What stands here before the first run."""
        empty = QWidget()
        sentence = label(tr("There is no run yet. Press Train, and it will stand here."), "secondary")
        sentence.setObjectName("noRuns")
        trash = button(tr("Show the trash"), "link", "emptyTrash")
        trash.clicked.connect(self.trash_shown)
        column = QVBoxLayout(empty)
        column.addStretch(1)
        column.addWidget(sentence, alignment=Qt.AlignmentFlag.AlignCenter)
        column.addWidget(trash, alignment=Qt.AlignmentFlag.AlignCenter)
        column.addStretch(1)
        return empty

    def _connect(self) -> None:
        table, panels = self.table, self.panels
        table.doing.asked.connect(self._do)
        table.doing.more_asked.connect(self.more_asked)
        table.doing.refused.connect(lambda reason: self.failed.emit(UserError(reason)))
        table.doing.empty_asked.connect(self._empty)
        table.described.connect(self.described)
        table.meant_changed.connect(self._show_meant)
        table.keeper.changed.connect(self.arranged)
        table.trash_asked.connect(self.trash_shown)
        table.runs_asked.connect(self.show_all)
        table.refresh_asked.connect(self.refresh_asked)
        table.undo_asked.connect(self.undo_trash)
        panels.run_asked.connect(self.run_asked)
        panels.chosen.connect(self.choose)
        panels.settings_asked.connect(self.settings_asked)
        panels.saved.connect(self.saved)
        panels.failed.connect(self.failed)
        panels.built.connect(self.panel_built)
        self._splitter.splitterMoved.connect(lambda *_: table.keeper.split(self._splitter.sizes()))
