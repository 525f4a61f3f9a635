"""The main window: it only places and connects."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QPaintEvent
from PySide6.QtWidgets import QMainWindow

from fmstudio.errors import UserError
from fmstudio.experiment.lessons import FIRST, lesson
from fmstudio.insight.verdict import Verdict
from fmstudio.runs.run import Run
from fmstudio.session.door import load
from fmstudio.session.examiner import Examiner
from fmstudio.session.inspection import Inspection
from fmstudio.session.recipe import Recipe
from fmstudio.session.selection import IsRight, PredictedIs, Selection, TrueIs
from fmstudio.session.session import State, TrainingSession
from fmstudio.ui import appearance
from fmstudio.ui.actions import build_menus, menus
from fmstudio.ui.leaving import may_leave, stop_everything
from fmstudio.ui.notice_bar import Notice
from fmstudio.ui.preferences import Preferences
from fmstudio.ui.presenter import Presenter
from fmstudio.ui.shell import Shell

if TYPE_CHECKING:
    from fmstudio.session.exporter import Exporter
    from fmstudio.session.label_check import LabelCheck
    from fmstudio.session.queue.queue import Queue
    from fmstudio.session.run_list import RunList
    from fmstudio.session.training_answers import TrainingAnswers
    from fmstudio.ui.curator import Curator
    from fmstudio.ui.drawer_contents import DrawerContents
    from fmstudio.ui.guide import Guide
    from fmstudio.ui.inspector import Inspector
    from fmstudio.ui.keeper import Keeper
    from fmstudio.ui.planner import Planner


class MainWindow(QMainWindow):
    """One window: recipe, pages, drawer.

    What is seen first is made at once. The rest, which a hundred modules are loaded for, is made by ``complete``: by
    itself right after the first paint.

    Attributes:
        session: What is happening.
        recipe: What will be done.
        inspection: What is looked at.

    Args:
        library: The folder that holds the runs; None for the user's.
    """

    painted = Signal()
    """There is something to be seen, for the first time."""

    training_answers: "TrainingAnswers"
    label_check: "LabelCheck"
    run_list: "RunList"
    queue: "Queue"
    exporter: "Exporter"
    keeper: "Keeper"
    contents: "DrawerContents"
    guide: "Guide"
    inspector: "Inspector"
    planner: "Planner"
    curator: "Curator"

    def __init__(self, library: Path | None = None) -> None:
        super().__init__()
        self.preferences = Preferences()
        self.session = TrainingSession(library, self)
        self.recipe = Recipe(lesson(FIRST), self)
        self.inspection = Inspection(self)
        self.examiner = Examiner(self.session, self.inspection, self)
        self.presenter = Presenter(self.session, self.recipe, self.inspection)
        self._complete = self._painted = False
        self.setWindowTitle("fmstudio")
        self.setMinimumSize(QSize(1024, 640))
        self.resize(1440, 900)
        self._show_shell("results")
        self.session.run_changed.connect(self._run_changed)
        self.session.complained.connect(self.complain)
        self.inspection.changed.connect(self._inspected)

    def complete(self) -> None:
        """Make what the first paint need not wait for, where that is not done yet."""
        if not self._complete:
            self._complete = True
            load("fmstudio.ui.furnishing.engage")(self)
            load("fmstudio.ui.furnishing.furnish")(self)

    def rebuild(self) -> None:
        """Make all widgets again, in the language and the theme that are set now."""
        self.complete()
        page, shows_all = self.shell.page, self.shell.recipe_panel.shows_all
        what = load("fmstudio.ui.left_open.left_open")(self)
        self.inspector.stop_film()
        self.run_list.forget()
        self._show_shell(page)
        self.shell.recipe_panel.show_all(shows_all)
        load("fmstudio.ui.left_open.open_again")(self, what)

    def _show_shell(self, page: str) -> None:
        self.shell: Shell = Shell(self.recipe, self.inspection, self.examiner)
        before = self.takeCentralWidget()
        if before is not None:
            before.setParent(None)
            before.deleteLater()
        self.setCentralWidget(self.shell)
        build_menus(self, menus(self._act))
        self.presenter.attach(self.shell)
        if self._complete:
            load("fmstudio.ui.furnishing.furnish")(self)
        if self._painted:
            load("fmstudio.ui.furnishing.place_curves")(self)
        self.show_page(page)

    def _act(self, name: str) -> None:
        """Do what an entry of the menus says."""
        self.complete()
        load("fmstudio.ui.window_actions.act")(self, name)

    # ── What the user asks for

    def train(self) -> None:
        """Start a run of the recipe, and turn to Results."""
        if self.recipe.spec is None or self.session.state is not State.IDLE:
            return
        self.shell.drawer.close()
        self.show_page("results")
        self.session.start(self.recipe.spec)

    def show_page(self, key: str) -> None:
        """Turn to a page."""
        if key not in self.shell.pages:
            self.complete()
        self.shell.show_page(key)
        if key == "compare":
            self.run_list.refresh()

    def open_paths(self, paths: Sequence[Path]) -> None:
        """Open files and folders, whatever they are."""
        self.complete()
        load("fmstudio.ui.files.open_paths")(self, paths)

    def select(self, selection: Selection) -> None:
        """Look at other pictures."""
        self.inspection.select(selection)

    def check_labels(self) -> None:
        """Look for labels that are worth a look: in the run that is looked at, else in the recipe's data."""
        subject = load("fmstudio.session.label_check.subject_of")(
            self.inspection.run, self.recipe.readable, self.session.library
        )
        if subject is not None:
            self.shell.data_page.show_labels(self.label_check, subject)

    def present(self) -> None:
        """Fill the screen and leave the recipe out, or go back."""
        presenting = not self.isFullScreen()
        self.shell.present(presenting)
        self.showFullScreen() if presenting else self.showNormal()

    def speak(self, language: str) -> None:
        """Speak another language; everything is built anew."""
        appearance.speak(language, self.preferences)
        self.rebuild()

    def dress(self, name: str) -> None:
        """Wear the light or the dark theme; everything is built anew."""
        appearance.dress(name, self.preferences)
        self.rebuild()

    def complain(self, error: UserError) -> None:
        """Say what could not be done."""
        self.shell.notices.add(Notice(error.message, error.hint, "problem"))

    def show_saved_run(self, run_id: str) -> None:
        """Look at a run that lies on the disk, or at the one that goes on."""
        self.run_list.load(run_id, self._show_run)

    def follow_verdict(self, said: Verdict) -> None:
        """Do what the score card's button offers."""
        if said.action_kind == "mend":
            self.recipe.change(said.changes)
        elif said.action_kind == "select" and said.pair is not None:
            self.select(Selection().but(TrueIs(said.pair.true), PredictedIs(said.pair.predicted)))
        elif said.action_kind:
            self.select(Selection(order="loss").but(IsRight(False)) if said.action_kind == "wrong" else Selection())

    # ── What happens

    def _run_changed(self, run: Run) -> None:
        if self.inspection.run is run or run.started is None:
            self.inspection.show_run(run)

    def _inspected(self) -> None:
        self.shell.results_page.refresh()
        self.shell.fold()

    def _show_run(self, run: Run) -> None:
        try:
            self.inspection.show_run(run)
            self.show_page("results")
        except UserError as error:  # a run of a data set that this program does not know
            self.complain(error)

    # ── Start and end

    def paintEvent(self, event: QPaintEvent) -> None:
        """Go on with the start once there is something to be seen."""
        super().paintEvent(event)
        if not self._painted:
            self._painted = True
            QTimer.singleShot(0, self._after_paint)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask once where a run goes on; then end everything within 3 seconds."""
        if not hasattr(self, "queue"):  # closed before it was whole: nothing can be going on
            event.accept()
            return
        if not may_leave(self, self.session, self.queue):
            event.ignore()
            return
        self.preferences.geometry = self.saveGeometry()
        self.label_check.cancel()
        stop_everything(self.session, self.queue, self.run_list)
        event.accept()

    def _after_paint(self) -> None:
        self.painted.emit()
        self.complete()
        load("fmstudio.ui.furnishing.go_on")(self)
