"""Does what is asked of the runs in the table: describe, trash and put back, take along, their settings, the queue."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices

from fmstudio.errors import UserError
from fmstudio.runs.summary import RunSummary
from fmstudio.session.queue.queue import Queue
from fmstudio.session.recipe import Recipe
from fmstudio.session.run_list import RunList
from fmstudio.session.session import TrainingSession
from fmstudio.session.taking_in import whole_draft
from fmstudio.ui.inspector import Inspector
from fmstudio.ui.keeper import Keeper
from fmstudio.ui.notice_bar import Notice
from fmstudio.ui.planner import Planner
from fmstudio.ui.preferences import Preferences
from fmstudio.ui.shell import Shell
from fmstudio.words import tr, tr_n


class Window(Protocol):
    """What is asked of the main window."""

    session: TrainingSession
    recipe: Recipe
    run_list: RunList
    queue: Queue
    keeper: Keeper
    planner: Planner
    inspector: Inspector
    preferences: Preferences
    shell: Shell

    def show_saved_run(self, run_id: str) -> None: ...  # noqa: D102 - see main_window
    def complain(self, error: UserError) -> None: ...  # noqa: D102


class Curator(QObject):
    """Belongs to one shell; the next shell gets its own."""

    def __init__(self, window: Window) -> None:
        super().__init__(window.shell)
        self._window = window
        self._page = window.shell.compare_page
        self._page.attach(run_list=window.run_list, queue=window.queue)
        self._page.arrange(window.preferences.runs_layout)
        self._page.show_runs(window.run_list.rows)
        self._offer = Notice("")
        self._connect()

    def _connect(self) -> None:
        page, runs = self._page, self._window.run_list
        page.run_asked.connect(self._window.show_saved_run)
        page.resume_asked.connect(self._window.keeper.resume)
        page.more_asked.connect(self._window.keeper.train_more)
        page.settings_asked.connect(self._use_settings)
        page.described.connect(runs.describe)
        page.trash_asked.connect(runs.trash)
        page.restore_asked.connect(runs.restore)
        page.trash_shown.connect(self._show_trash)
        page.folder_asked.connect(self._open_folder)
        page.export_asked.connect(self._window.inspector.take_along)
        page.refresh_asked.connect(runs.refresh)
        page.seen.connect(runs.watch)
        page.arranged.connect(self._remember)
        page.empty_asked.connect(self._empty_trash)
        page.saved.connect(self._saved)
        page.failed.connect(self._window.complain)
        page.panel_built.connect(self._connect_panel)
        runs.changed.connect(page.show_runs)
        runs.trashed.connect(self._trashed)
        runs.restored.connect(self._restored)  # a method: the runs outlive this shell, and so would a function

    def _connect_panel(self, key: str, panel: Any) -> None:
        if key == "queue":
            panel.add_asked.connect(self._window.planner.queue_recipe)
            panel.edit_asked.connect(self._window.planner.edit)
        elif key == "curves":
            self._window.session.run_changed.connect(panel.show_live)

    def _use_settings(self, run_id: str) -> None:
        """Fill the recipe with the settings of a run; what is wrong with them is shown at their fields."""
        row = self._window.run_list.row(run_id)
        if row is None:
            return
        try:
            self._window.recipe.take_draft(whole_draft(row.spec))
        except UserError as error:
            self._window.complain(error)
        else:
            self._say(tr("The recipe is that of “{name}” now.", name=tr(row.name) or row.id))

    def _trashed(self, ids: Sequence[str]) -> None:
        self._page.remember_trashed(ids)
        words = tr_n("{count} run is in the trash.", "{count} runs are in the trash.", len(ids))
        undo = partial(self._window.run_list.restore, ids)
        self._offer = Notice(words, kind="saved", label=tr("Undo"), action=undo)
        self._window.shell.notices.add(self._offer)

    def _restored(self, ids: Sequence[str]) -> None:
        self._window.shell.notices.withdraw(self._offer)
        self._page.show_all()
        self._page.choose(ids)

    def _empty_trash(self, ids: Sequence[str]) -> None:
        self._window.run_list.empty_trash(ids, self._emptied)

    def _emptied(self, count: int) -> None:
        self._window.shell.notices.withdraw(self._offer)
        self._say(tr_n("{count} run is deleted for good.", "{count} runs are deleted for good.", count))

    def _show_trash(self) -> None:
        self._window.run_list.load_trash(self._trash_read)

    def _trash_read(self, rows: Sequence[RunSummary]) -> None:
        if self._page is self._window.shell.compare_page:  # the window may have been built anew meanwhile
            self._page.show_trash(rows)

    def _open_folder(self, folder: str) -> None:
        if not Path(folder).is_dir() or not QDesktopServices.openUrl(QUrl.fromLocalFile(folder)):
            self._window.complain(UserError(tr("This folder cannot be opened: {folder}", folder=folder)))

    def _remember(self, layout: str) -> None:
        self._window.preferences.runs_layout = layout

    def _saved(self, path: str) -> None:
        self._say(tr("Saved: {path}", path=path))

    def _say(self, text: str) -> None:
        self._window.shell.notices.add(Notice(text, kind="saved"))
