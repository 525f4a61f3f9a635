"""What the drawer can hold: one picture in detail, the lesson, the code, or help. One thing at a time."""

from collections.abc import Callable

from PySide6.QtCore import QObject

from fmstudio.errors import UserError
from fmstudio.experiment.lessons import Lesson
from fmstudio.experiment.spec import ExperimentSpec
from fmstudio.schema.problem import InvalidSpecError
from fmstudio.session.door import load
from fmstudio.session.inspection import Inspection
from fmstudio.ui.drawer import Drawer
from fmstudio.ui.drawer_pages import code_page, text_page
from fmstudio.ui.picture_detail import PictureDetail
from fmstudio.ui.predictions_panel import PredictionsPanel
from fmstudio.words import tr


class DrawerContents(QObject):
    """Fills the drawer, and keeps the picture in it the one that is current on the wall."""

    def __init__(self, drawer: Drawer, pictures: PredictionsPanel, inspection: Inspection) -> None:
        super().__init__(drawer)
        self._drawer, self._pictures, self._inspection = drawer, pictures, inspection
        self._detail: PictureDetail | None = None
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
        """Show the story of a lesson."""
        self._drawer.show_content(lesson.title, text_page(lesson.story))

    def show_help(self, markdown: str) -> None:
        """Show an explanation."""
        self._drawer.show_content(tr("Help"), text_page(markdown))

    def show_code(self, spec: ExperimentSpec | None, ready: bool) -> None:
        """Show the program for a spec, or why there is none."""
        source, title = "", tr("The code of this recipe")
        if spec is None:
            self._drawer.show_content(title, text_page(tr("Mend the recipe first: it has a problem.")))
        elif not ready:
            self._drawer.show_content(title, text_page(tr("Getting ready …")))
        else:
            write: Callable[[ExperimentSpec], str] = load("fmstudio.export.script.script")
            try:
                source = write(spec)
            except (UserError, InvalidSpecError) as error:
                self._drawer.show_content(title, text_page(str(error)))
            else:
                self._drawer.show_content(title, code_page(source))

    def _go(self, row: int) -> None:
        if 0 <= row < self._pictures.count:
            self._pictures.go(row)
            self.show_picture(row)

    def _follow(self, row: int) -> None:
        if self._detail is not None:
            self._row = row
            self.refresh()

    def _forget(self) -> None:
        self._detail = None
