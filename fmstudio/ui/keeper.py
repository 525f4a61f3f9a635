"""Goes on with runs: those that were stopped or cut off where they stood, those that have ended with a new run."""

from collections.abc import Sequence
from functools import partial
from typing import Protocol

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from fmstudio.errors import UserError
from fmstudio.experiment.draft import changed
from fmstudio.experiment.reading import read_spec
from fmstudio.experiment.spec import to_mapping
from fmstudio.runs.run import Run
from fmstudio.runs.store import find_run, load_run
from fmstudio.runs.summary import RunSummary
from fmstudio.schema.problem import InvalidSpecError
from fmstudio.session.door import load
from fmstudio.session.queue.queue import Queue
from fmstudio.session.recipe import Recipe
from fmstudio.session.run_list import RunList
from fmstudio.session.session import State, TrainingSession
from fmstudio.ui.notice_bar import Notice
from fmstudio.ui.shell import Shell
from fmstudio.words import tr


class Window(Protocol):
    """What is asked of the main window."""

    session: TrainingSession
    recipe: Recipe
    run_list: RunList
    queue: Queue
    shell: Shell

    def show_page(self, key: str) -> None: ...  # noqa: D102 - see main_window
    def complain(self, error: UserError) -> None: ...  # noqa: D102


class Keeper(QObject):
    """Lives as long as the window."""

    def __init__(self, window: Window, parent: QObject) -> None:
        super().__init__(parent)
        self._window = window
        self._offered = False

    def go_further(self, run: Run) -> None:
        """Go on with a run: where it was stopped, or with as many epochs again in a new run."""
        if run.ended is not None and run.ended.status == "stopped":
            self.resume(run.id)
        elif run.started is not None:
            self.train_more(run.folder or run.id, run.started.epochs)

    def resume(self, run_id: str) -> None:
        """Let a run go on where it stood; where something is not as it was, ask first."""
        if self._busy():
            return
        session = self._window.session
        try:
            folder = find_run(run_id, session.library)
        except UserError as error:
            self._window.complain(error)
            return

        def look() -> tuple[tuple[str, ...], ...]:
            found = load("fmstudio.runs.beginning.look_before")(folder)
            return found.differences, found.notes

        session.in_background(look, partial(self._resume_knowing, run_id))

    def train_more(self, run_id: str, epochs: int) -> None:
        """Train so many epochs in a new run that begins with the last weights of another."""
        if self._busy():
            return
        try:
            folder = find_run(run_id, self._window.session.library)
            draft = changed(to_mapping(folder.read_spec()), [("start_from", folder.path.name), ("epochs", epochs)])
            spec = read_spec(draft)
        except InvalidSpecError as error:
            self._window.complain(UserError(str(error)))
        except UserError as error:
            self._window.complain(error)
        else:
            self._window.show_page("results")
            self._window.session.start(spec)

    def offer(self, rows: Sequence[RunSummary]) -> None:
        """Once after the start: offer to go on with the newest run that was cut off; the queue offers its own."""
        if self._offered or self._window.session.state is not State.IDLE:
            return
        queue = self._window.queue
        if not queue.known:
            queue.found.connect(partial(self.offer, rows), Qt.ConnectionType.SingleShotConnection)
            return
        self._offered = True
        queued = {entry.run for entry in queue.entries if entry.state == "interrupted"}
        cut = next((row for row in rows if row.state == "interrupted" and row.resumable and row.id not in queued), None)
        if cut is not None:
            words = tr("“{name}” was cut off in epoch {epoch}.", name=tr(cut.name) or cut.id, epoch=cut.epochs + 1)
            notice = Notice(words, label=tr("Continue it"), action=partial(self.resume, cut.id))
            self._window.shell.notices.add(notice)

    def _busy(self) -> bool:
        if self._window.session.state is State.IDLE:
            return False
        hint = tr("Wait for its end, or stop it.")
        self._window.complain(UserError(tr("Another run is going on."), hint))
        return True

    def _resume_knowing(self, run_id: str, found: tuple[tuple[str, ...], ...]) -> None:
        differences, notes = found
        for words in notes:
            self._window.shell.notices.add(Notice(words, kind="saved"))
        if differences and not self._agreed(differences):
            return
        session = self._window.session
        session.in_background(lambda: load_run(find_run(run_id, session.library)), self._resume_run)

    def _resume_run(self, run: Run) -> None:
        if not self._busy():
            self._window.show_page("results")
            self._window.session.resume(run)

    def _agreed(self, differences: tuple[str, ...]) -> bool:
        """Whether the user wants to go on although it may give other numbers."""
        parent = self._window if isinstance(self._window, QWidget) else None
        title = tr("Something is not as it was when this run began.")
        box = QMessageBox(QMessageBox.Icon.Question, "fmstudio", title, parent=parent)
        box.setObjectName("resumeDialog")
        lines = [*differences, "", tr("Going on could give other numbers than if it had never stopped.")]
        box.setInformativeText("\n".join(lines))
        go_on = box.addButton(tr("Continue it"), QMessageBox.ButtonRole.AcceptRole)
        box.addButton(tr("Leave it as it is"), QMessageBox.ButtonRole.RejectRole)
        box.exec()
        return box.clickedButton() is go_on
