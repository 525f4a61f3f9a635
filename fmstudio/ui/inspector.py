"""Does what is asked of what is looked at: back and forward, films, exports, pictures of one's own, two runs."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFileDialog

from fmstudio.errors import UserError
from fmstudio.export.figures import folder_of
from fmstudio.export.picture_rows import PictureRows
from fmstudio.insight.regression import learns_numbers
from fmstudio.insight.score import counted_answers
from fmstudio.runs.run import Run
from fmstudio.session.door import load
from fmstudio.session.examiner import Examiner
from fmstudio.session.exporter import Exporter
from fmstudio.session.fitting_answers import require_fitting_answers
from fmstudio.session.inspection import Inspection
from fmstudio.session.run_list import RunList
from fmstudio.session.selection import Selection
from fmstudio.session.session import TrainingSession
from fmstudio.ui.drawer import WIDE
from fmstudio.ui.drawer_contents import DrawerContents
from fmstudio.ui.film import Film, frames
from fmstudio.ui.preferences import Preferences
from fmstudio.ui.scrolling import scrolling
from fmstudio.ui.shell import Shell
from fmstudio.words import tr


class Window(Protocol):
    """What is asked of the main window."""

    session: TrainingSession
    inspection: Inspection
    examiner: Examiner
    run_list: RunList
    exporter: Exporter
    shell: Shell
    contents: DrawerContents
    preferences: Preferences

    def show_page(self, key: str) -> None: ...  # noqa: D102 - see main_window
    def select(self, selection: Selection) -> None: ...  # noqa: D102
    def show_saved_run(self, run_id: str) -> None: ...  # noqa: D102
    def complain(self, error: UserError) -> None: ...  # noqa: D102


class Inspector(QObject):
    """Belongs to one shell; the next shell gets its own.

    Signals:
        saved(Path): A file or folder was written.
    """

    saved = Signal(object)

    def __init__(self, window: Window) -> None:
        super().__init__(window.shell)
        self._window = window
        self._shell, self._inspection = window.shell, window.inspection
        self._film: Film | None = None
        self._pair: tuple[Run, ...] = ()
        self._connect()

    def save_film(self) -> None:
        """Let the user choose a file, and film the page Results epoch by epoch."""
        path, _ = QFileDialog.getSaveFileName(
            self._shell, tr("Save the film"), "film.webp", tr("Animated pictures (*.webp *.gif *.png)")
        )
        if path:
            self.film(Path(path))

    def film(self, path: Path) -> None:
        """Film the page Results epoch by epoch; one film at a time."""
        try:
            load("fmstudio.export.film.format_of")(path)  # before anything is filmed
        except UserError as error:
            self._window.complain(error)
            return
        if self._film is not None:
            return
        epochs = [epoch.epoch for epoch in self._inspection.run.epochs if len(epoch.predictions)]
        self._film = Film(self._shell.results_page, self._inspection, epochs, self)
        self._film.taken.connect(partial(self._write_film, path))
        self._film.given_up.connect(self._give_up_film)
        self._film.start()

    def stop_film(self) -> None:
        """Film no more, and look at what was looked at before."""
        if self._film is not None:
            self._film.stop()
            self._film = None

    def _give_up_film(self) -> None:
        self._film = None
        message = tr("The film was given up: another run is looked at now.")
        self._window.complain(UserError(message, tr("Film it again, and stay at its run until the film is saved.")))

    def _write_film(self, path: Path, images: list[object]) -> None:
        self._film = None
        pictures = frames(images)  # type: ignore[arg-type]
        write = load("fmstudio.export.film.write_film")
        self._window.session.in_background(partial(write, path, pictures), self.saved.emit)

    def compare(self, first: str, second: str) -> None:
        """Read two runs, and show them side by side."""
        load = self._window.run_list.load
        load(first, lambda one: load(second, lambda other: self.show_two(one, other)))

    def show_two(self, one: Run, other: Run) -> None:
        """Show two runs side by side, where they learned the same pictures."""
        data = self._inspection.data
        if data is None or any(learns_numbers(run) for run in (one, other)):
            message = tr("These two runs cannot be compared picture by picture.")
            self._window.complain(UserError(message, tr("Choose two runs that learned the same pictures.")))
            return
        self._pair = (one, other)
        try:
            for run in (one, other):
                require_fitting_answers(run, len(data.classes))
            self._shell.compare_page.show_two(one, other, data)
        except UserError as error:
            self._window.complain(error)

    def _offer_other(self) -> None:
        """Let the matrix count against the other one of two runs that were compared."""
        other = next((run for run in self._pair if run is not self._inspection.run), None)
        known = self._inspection.run in self._pair and self._inspection.selection.split == "test"
        if other is None or not known:
            self._shell.results_page.matrix.show_other("", None)
        else:
            self._shell.results_page.matrix.show_other(other.title, counted_answers(other))

    def try_files(self, paths: list[Path]) -> None:
        """Ask the network about picture files."""
        self._window.contents.show_try().show_files(paths)

    def take_along(self, run_id: str) -> None:
        """Show in which forms a run can leave the program; the one that is looked at is known already.

        Args:
            run_id: Or its folder; empty where nothing is looked at.
        """
        looked_at = self._inspection.run
        if run_id in (looked_at.id, looked_at.folder, ""):
            self._take_along([looked_at])
        else:
            self._window.run_list.load_curves([run_id], self._take_along, "export")

    def _take_along(self, runs: Sequence[Run]) -> None:
        for run in runs:
            folder = folder_of(run, self._window.session.library)
            self._window.contents.show_export(self._window.exporter, run, folder)

    def _show_part(self, run_id: str, selection: Selection) -> None:
        """Look at pictures of a run on the page Results."""

        def show(run: Run) -> None:
            try:
                self._inspection.show_run(run)
            except UserError as error:
                self._window.complain(error)
                return
            self._window.show_page("results")
            self._window.select(selection)

        self._window.run_list.load(run_id, show)

    def _export(self, folder: Path, shown: PictureRows) -> None:
        """Write pictures, with a table of what is known of them, into a folder."""
        session = self._window.session
        work = partial(load("fmstudio.export.pictures.write_pictures"), folder, shown, lambda: session.ending)
        session.in_background(work, self.saved.emit)

    def show_weights(self) -> None:
        """Show filters and templates of the network that is looked at."""
        view = load("fmstudio.ui.one_picture.weights_view.WeightsView")(self._window.examiner)
        view.show_classes(self._inspection.sight.short_classes)
        note = self._inspection.sight.note
        title = tr("Weights as pictures")
        self._shell.drawer.show_content(f"{title} · {note}" if note else title, scrolling(view), WIDE)

    def _open_sample(self, sample: int) -> None:
        """Show one picture of the split that is looked at."""
        self._window.contents.picture.show_sample(self._inspection.selection.split, sample)

    def _remember_size(self, edge: int) -> None:
        self._window.preferences.picture_edge = edge

    def _connect(self) -> None:
        results, contents = self._shell.results_page, self._window.contents
        results.time.film_asked.connect(self.save_film)
        results.pictures.back_asked.connect(self._inspection.go_back)
        results.pictures.forward_asked.connect(self._inspection.go_forward)
        results.pictures.game_asked.connect(contents.show_game)
        results.pictures.try_asked.connect(contents.show_try)
        results.pictures.export_asked.connect(self._export)
        results.pictures.failed.connect(self._window.complain)
        results.pictures.show_size(self._window.preferences.picture_edge)
        results.pictures.size_chosen.connect(self._remember_size)
        results.matrix.opened_sample.connect(self._open_sample)
        results.matrix.saved.connect(self.saved)
        results.matrix.failed.connect(self._window.complain)
        self._shell.network_page.weights_asked.connect(self.show_weights)
        self._inspection.changed.connect(self._offer_other)
        contents.scored.connect(results.show_own_score)
        contents.picture.selection_changed.connect(self._window.select)
        contents.picture.epoch_asked.connect(self._inspection.show_epoch)
        self._shell.compare_page.runs_asked.connect(self.compare)
        self._shell.compare_page.selection_asked.connect(self._show_part)
        for key, act in (("Alt+Left", self._inspection.go_back), ("Alt+Right", self._inspection.go_forward)):
            shortcut = QShortcut(QKeySequence(key), self._shell, context=Qt.ShortcutContext.WindowShortcut)
            shortcut.activated.connect(act)
