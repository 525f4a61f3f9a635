"""What the drawer can hold: one picture in detail, the lesson, the code, one step, or help. One thing at a time."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Signal

from fmstudio.data.library import PictureSet
from fmstudio.errors import UserError
from fmstudio.experiment.lessons import Lesson, next_lesson
from fmstudio.experiment.spec import ExperimentSpec
from fmstudio.insight.goals import check
from fmstudio.runs.run import Run
from fmstudio.schema.problem import InvalidSpecError
from fmstudio.session.door import load
from fmstudio.session.inspection import Inspection
from fmstudio.ui.code_page import CodePage
from fmstudio.ui.drawer import WIDE, Drawer
from fmstudio.ui.drawer_pages import text_page
from fmstudio.ui.lesson_page import LessonPage
from fmstudio.ui.picture_detail import PictureDetail
from fmstudio.ui.predictions_panel import PredictionsPanel
from fmstudio.ui.step_page import StepPage
from fmstudio.words import tr


class DrawerContents(QObject):
    """Fills the drawer, and keeps what is in it true: the picture, the code, the step.

    Signals:
        code_saved(Path): The program was written there.
        failed(UserError): It could not be written.
        place_asked(str): A page or a widget by its name, to be looked at.
        changes_asked(tuple): Changes to the recipe: pairs of path and value.
        next_asked(): The next lesson shall begin.
        step_asked(): The user wants one more step.
        speed_chosen(float): At most so many steps a second; 0: as fast as it can.
        steps_closed(): The drawer in which the seven steps were looked at is closed.
    """

    code_saved = Signal(object)
    failed = Signal(object)
    place_asked = Signal(str)
    changes_asked = Signal(object)
    next_asked = Signal()
    step_asked = Signal()
    speed_chosen = Signal(float)
    steps_closed = Signal()

    def __init__(self, drawer: Drawer, pictures: PredictionsPanel, inspection: Inspection) -> None:
        super().__init__(drawer)
        self._drawer, self._pictures, self._inspection = drawer, pictures, inspection
        self._detail: PictureDetail | None = None
        self._code: CodePage | None = None
        self._steps: StepPage | None = None
        self._row = 0
        drawer.closed.connect(self._forget)
        pictures.moved.connect(self._follow)

    def show_picture(self, row: int) -> None:
        """Show one picture of the wall large."""
        if self._detail is None or self._drawer.content is not self._detail:
            self._detail = PictureDetail()
            self._detail.previous_asked.connect(lambda: self._go(self._row - 1))
            self._detail.next_asked.connect(lambda: self._go(self._row + 1))
            self._drawer.show_content(tr("Picture"), self._detail)
        self._row = row
        self.refresh()

    def refresh(self) -> None:
        """Show what the network answers now for the picture in the drawer."""
        data = self._inspection.data
        if self._detail is None or data is None or not 0 <= self._row < self._pictures.count:
            return
        picture = self._pictures.picture(self._row)
        text = tr("{position} of {count}", position=f"{self._row + 1:,}", count=f"{self._pictures.count:,}")
        self._detail.show_picture(
            picture.image,
            picture.sample,
            data.classes,
            picture.label,
            picture.predicted,
            picture.probabilities,
            picture.loss,
            text,
        )

    def show_lesson(self, lesson: Lesson) -> None:
        """Show a lesson: its story, its goal, what to try, and its questions."""
        after = next_lesson(lesson.id)
        page = LessonPage(lesson, check(lesson, self._inspection.run), after.title if after else None)
        page.place_asked.connect(self.place_asked)
        page.changes_asked.connect(self.changes_asked)
        page.next_asked.connect(self.next_asked)
        self._drawer.show_content(lesson.title, page)

    def show_help(self, markdown: str) -> None:
        """Show an explanation."""
        self._drawer.show_content(tr("Help"), text_page(markdown))

    def show_code(self, spec: ExperimentSpec | None, ready: bool) -> None:
        """Show the program for a spec, or why there is none.

        Args:
            spec: None where the recipe has a problem.
            ready: Whether torch is loaded: it writes the program.
        """
        if self._code is None or self._drawer.content is not self._code:
            self._code = CodePage()
            self._code.saved.connect(self.code_saved)
            self._code.failed.connect(self.failed)
            self._drawer.show_content(tr("The code of this recipe"), self._code, WIDE)
        self.refresh_code(spec, ready)

    def refresh_code(self, spec: ExperimentSpec | None, ready: bool) -> None:
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
                self._code.show_source(write(spec))
            except (UserError, InvalidSpecError) as error:
                self._code.show_sentence(str(error))

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

    def _go(self, row: int) -> None:
        if 0 <= row < self._pictures.count:
            self._pictures.go(row)
            self.show_picture(row)

    def _follow(self, row: int) -> None:
        if self._detail is not None:
            self._row = row
            self.refresh()

    def _forget(self) -> None:
        watched = self._steps is not None
        self._detail = self._code = self._steps = None
        if watched:
            self.steps_closed.emit()
