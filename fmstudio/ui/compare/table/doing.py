"""Does what the user wants with the chosen runs: in the table, in a small window, or by telling who can."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog

from fmstudio.runs.summary import RunSummary
from fmstudio.session.run_rows.table import RunTableModel, tags_in
from fmstudio.ui.compare.table.actions import TITLES, Action, why_not
from fmstudio.ui.compare.table.dialogs import EmptyTrashDialog, MoreEpochsDialog, RunNoteDialog
from fmstudio.ui.compare.table.view import RunTableView
from fmstudio.words import tr

OF_TRASH: tuple[Action, ...] = ("restore", "folder", "copy")
"""What can be done with a run that lies in the trash."""


class RunDoing(QObject):
    """Belongs to a table of runs.

    Args:
        model: What is shown.
        view: Where it is shown.
        chosen: Gives the chosen runs, the oldest first.

    Attributes:
        trashed: Whether the runs lie in the trash.
        asked: An ``Action`` that others do, and the ids of the chosen runs.
        refused: Something cannot be done: why, a sentence.
        more_asked: So many epochs more of a run: its id, their number.
        empty_asked: Runs in the trash shall be deleted for good, and the user has said so twice: their ids.
    """

    asked = Signal(str, object)
    more_asked = Signal(str, int)
    refused = Signal(str)
    empty_asked = Signal(object)

    def __init__(self, model: RunTableModel, view: RunTableView, chosen: Callable[[], Sequence[RunSummary]]) -> None:
        super().__init__(view)
        self.trashed = False
        self._model, self._view, self._chosen = model, view, chosen
        self._dialog: QDialog | None = None
        view.star_clicked.connect(self._star)

    def act(self, action: Action) -> None:
        """Do something with the chosen runs; where it cannot be done, say why."""
        rows = self._chosen()
        if self.trashed and action not in OF_TRASH:
            return
        reason = why_not(action, rows)
        if reason:
            self.refused.emit(f"{tr(TITLES[action])}: {reason}")
            return
        if action == "rename":
            self._write()
        elif action in ("note", "tags"):
            self._open_note(rows, action)
        elif action == "more":
            self._open_more(rows[0])
        elif action == "star":
            wanted = not all(row.about.star for row in rows)
            for row in rows:
                self._model.describe(row.id, row.about, replace(row.about, star=wanted))
        elif action == "copy":
            QGuiApplication.clipboard().setText("\n".join(row.id for row in rows))
        else:
            self.asked.emit(action, tuple(row.id for row in rows))

    def _write(self) -> None:
        """Write in the table: the name; the tags or the note where the keyboard is on them."""
        keys = [column.key for column in self._model.shown_columns]
        place, chosen = self._view.currentIndex(), self._view.selectionModel().selectedRows()
        here = keys[place.column()] if place.isValid() else "name"
        if here == "note" or "name" not in keys:
            self._open_note(self._chosen(), "note" if here == "note" else "name")
            return
        row = place.row() if any(index.row() == place.row() for index in chosen) else chosen[0].row()
        index = self._model.index(row, keys.index("tags" if here == "tags" else "name"))
        self._view.setCurrentIndex(index)
        self._view.edit(index)

    def _open_note(self, rows: Sequence[RunSummary], first: str) -> None:
        dialog = RunNoteDialog(rows, tags_in(self._model.given), first, self._view.window())
        dialog.described.connect(self._model.describe)
        self._open(dialog)

    def _open_more(self, row: RunSummary) -> None:
        dialog = MoreEpochsDialog(row, self._view.window())
        dialog.asked.connect(self.more_asked)  # a signal: the dialog belongs to the window, and outlives the table
        self._open(dialog)

    def ask_to_empty(self) -> None:
        """Ask whether all that lies in the trash shall be deleted for good, also what the filter hides."""
        if self.trashed and self._model.given:
            dialog = EmptyTrashDialog(tuple(row.id for row in self._model.given), self._view.window())
            dialog.asked.connect(self.empty_asked)
            self._open(dialog)

    def _open(self, dialog: QDialog) -> None:
        self._dialog = dialog
        dialog.finished.connect(self._closed)
        dialog.open()

    def _closed(self) -> None:
        dialog, self._dialog = self._dialog, None
        if dialog is not None:
            dialog.deleteLater()
        self._view.setFocus(Qt.FocusReason.OtherFocusReason)

    def _star(self, run_id: str) -> None:
        row = self._model.row(run_id)
        if row is not None and not self.trashed:
            self._model.describe(run_id, row.about, replace(row.about, star=not row.about.star))
