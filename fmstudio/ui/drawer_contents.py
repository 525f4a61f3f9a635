"""What the drawer can hold: a picture, one's own, a game, the lesson, the code, one step, or help. One at a time."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from fmstudio.data.library import PictureSet
from fmstudio.errors import UserError
from fmstudio.experiment.lessons import Lesson, next_lesson
from fmstudio.experiment.spec import ExperimentSpec
from fmstudio.insight.goals import GoalState, check
from fmstudio.runs.run import Run
from fmstudio.schema.problem import InvalidSpecError
from fmstudio.session.door import load
from fmstudio.session.examiner import Examiner
from fmstudio.session.exporter import Exporter
from fmstudio.session.inspection import Inspection
from fmstudio.ui.code_page import CodePage
from fmstudio.ui.drawer import WIDE, Drawer
from fmstudio.ui.drawer_pages import text_page
from fmstudio.ui.lesson_page import LessonPage
from fmstudio.ui.one_picture.picture_drawer import PictureDrawer
from fmstudio.ui.step_page import StepPage
from fmstudio.ui.wall.predictions_panel import PredictionsPanel
from fmstudio.words import tr

if TYPE_CHECKING:
    from fmstudio.ui.own.game_page import GamePage
    from fmstudio.ui.own.try_page import TryPage


class DrawerContents(QObject):
    """Fills the drawer, and keeps what is in it true: the picture, the game, the code, the step.

    Signals:
        code_saved(Path): The program was written there.
        failed(UserError): It could not be written.
        place_asked(str): A page or a widget by its name, to be looked at.
        changes_asked(tuple): Changes to the recipe: pairs of path and value.
        next_asked(): The next lesson shall begin.
        step_asked(): The user wants one more step.
        speed_chosen(float): At most so many steps a second; 0: as fast as it can.
        scored(float): The user played against the network, and has this share right, 0…1.
        steps_closed(): The drawer in which the seven steps were looked at is closed.
    """

    code_saved = Signal(object)
    failed = Signal(object)
    place_asked = Signal(str)
    changes_asked = Signal(object)
    next_asked = Signal()
    step_asked = Signal()
    speed_chosen = Signal(float)
    scored = Signal(float)
    steps_closed = Signal()

    def __init__(self, drawer: Drawer, pictures: PredictionsPanel, inspection: Inspection, examiner: Examiner) -> None:
        super().__init__(drawer)
        self._drawer, self._inspection, self._examiner = drawer, inspection, examiner
        self.picture = PictureDrawer(drawer, pictures, inspection, examiner, self)
        self._game: GamePage | None = None
        self._try: TryPage | None = None
        self._code: CodePage | None = None
        self._steps: StepPage | None = None
        drawer.closed.connect(self._forget)

    def refresh(self) -> None:
        """Show what is new in what is looked at."""
        self.picture.refresh()
        if self._game is not None and self._drawer.content is self._game:
            self._game.show_sight(self._inspection.sight)
        if self._try is not None and self._drawer.content is self._try:
            self._try.show_sight(self._inspection.sight)

    def show_try(self) -> "TryPage":
        """Show where one gives the network a picture of one's own.

        Returns:
            The page in the drawer.
        """
        if self._try is None or self._drawer.content is not self._try:
            self._try = load("fmstudio.ui.own.try_page.TryPage")(self._examiner)
            self._try.show_sight(self._inspection.sight)
            self._drawer.show_content(tr("Try your own"), self._try, WIDE)
        return self._try

    def show_game(self) -> None:
        """Show the game against the network."""
        self._game = page = load("fmstudio.ui.own.game_page.GamePage")()
        page.scored.connect(self.scored)
        page.show_sight(self._inspection.sight)
        self._drawer.show_content(tr("You against it"), page)

    def show_lesson(self, lesson: Lesson) -> None:
        """Show a lesson: its story, its goal, what to try, and its questions."""
        after = next_lesson(lesson.id)
        page = LessonPage(lesson, check(lesson, self._inspection.run), after.title if after else None)
        page.place_asked.connect(self.place_asked)
        page.changes_asked.connect(self.changes_asked)
        page.next_asked.connect(self.next_asked)
        self._drawer.show_content(lesson.title, page)

    def show_goals(self, lesson_id: str, states: Sequence[GoalState]) -> None:
        """Show how far the goals of a lesson are reached, if its page is in the drawer."""
        page = self._drawer.content
        if isinstance(page, LessonPage) and page.about == lesson_id:
            page.show_goals(states)

    def show_help(self, markdown: str) -> None:
        """Show an explanation."""
        self._drawer.show_content(tr("Help"), text_page(markdown))

    def show_code(self, spec: ExperimentSpec | None, ready: bool, library: Path | None = None) -> None:
        """Show the program for a spec, or why there is none.

        Args:
            spec: None where the recipe has a problem.
            ready: Whether torch is loaded: it writes the program.
            library: Where the runs lie with whose weights it may begin; None for the user's.
        """
        if self._code is None or self._drawer.content is not self._code:
            self._code = CodePage()
            self._code.saved.connect(self.code_saved)
            self._code.failed.connect(self.failed)
            self._drawer.show_content(tr("The code of this recipe"), self._code, WIDE)
        self.refresh_code(spec, ready, library)

    def refresh_code(self, spec: ExperimentSpec | None, ready: bool, library: Path | None = None) -> None:
        """Show the program for another spec, if there is one in the drawer."""
        if self._code is None or self._drawer.content is not self._code:
            return
        if spec is None:
            self._code.show_sentence(tr("Mend the recipe first: it has a problem."))
        elif not ready:
            self._code.show_sentence(tr("Getting ready …"))
        else:
            write: Callable[[ExperimentSpec], str] = load("fmstudio.export.script.script")
            try:
                self._code.show_source(write(spec), _start_of(spec, library))
            except (UserError, InvalidSpecError) as error:
                self._code.show_sentence(str(error))

    def show_export(self, exporter: Exporter, run: Run, folder: Path | None) -> None:
        """Show in which forms a run can be taken along.

        Args:
            exporter: Does it, and knows how it went.
            run: The run; its predictions are not needed.
            folder: Where it lies; None where it lies nowhere yet.
        """
        page = load("fmstudio.ui.export_page.ExportPage")(exporter)
        page.show_run(run if run.spec else None, folder)
        self._drawer.show_content(tr("Take it along"), page)

    def show_step(self, run: Run, pictures: PictureSet | None, classes: Sequence[str]) -> None:
        """Show the seven steps, with the numbers of the newest step of a run where one was taken alone."""
        if self._steps is None or self._drawer.content is not self._steps:
            self._steps = StepPage()
            self._steps.step_asked.connect(self.step_asked)
            self._steps.speed_chosen.connect(self.speed_chosen)
            self._drawer.show_content(tr("One step, slowly"), self._steps)
        self.refresh_step(run, pictures, classes)

    def refresh_step(self, run: Run, pictures: PictureSet | None, classes: Sequence[str]) -> None:
        """Show the newest step, if the seven steps are in the drawer."""
        if self._steps is not None and self._drawer.content is self._steps:
            self._steps.show_step(run, pictures, classes)

    def show_pace(self, paused: bool, speed: float) -> None:
        """Show how the run goes on, if the seven steps are in the drawer; see ``StepPage.show_pace``."""
        if self._steps is not None and self._drawer.content is self._steps:
            self._steps.show_pace(paused, speed)

    def _forget(self) -> None:
        watched = self._steps is not None
        self._game = self._try = self._code = self._steps = None
        if watched:
            self.steps_closed.emit()


def _start_of(spec: ExperimentSpec, library: Path | None) -> Callable[[], Path] | None:
    """What says where the weights lie that a program begins with; None where they are drawn."""
    if not spec.start_from:
        return None
    return partial(load("fmstudio.runs.beginning.starting_file"), spec.start_from, library)
