"""Keeps the drawer in step with recipe and session: the code, the lesson, and one step, slowly."""

from PySide6.QtCore import QObject

from fmstudio.data.library import PictureSet
from fmstudio.experiment.lessons import lesson, next_lesson
from fmstudio.insight.regression import learns_numbers
from fmstudio.runs.run import Run
from fmstudio.session.inspection import Inspection
from fmstudio.session.recipe import Recipe
from fmstudio.session.session import State, TrainingSession
from fmstudio.ui.drawer_contents import DrawerContents


class Guide(QObject):
    """Opens what explains the recipe and the run, and shows what is new in it."""

    def __init__(
        self, contents: DrawerContents, recipe: Recipe, session: TrainingSession, inspection: Inspection
    ) -> None:
        super().__init__(contents)
        self._contents, self._recipe, self._session, self._inspection = contents, recipe, session, inspection
        contents.step_asked.connect(session.one_step)
        contents.speed_chosen.connect(session.set_speed)
        contents.steps_closed.connect(self._hurry)
        contents.changes_asked.connect(recipe.change)
        contents.next_asked.connect(self.next_lesson)
        recipe.changed.connect(self._refresh_code)
        session.torch_ready.connect(self._refresh_code)
        session.state_changed.connect(self._show_pace)
        session.speed_changed.connect(self._show_pace)
        session.run_changed.connect(self._refresh_step)

    def show_code(self) -> None:
        """Show the program for the recipe."""
        self._contents.show_code(self._recipe.spec, self._session.ready, self._session.library)

    def read_lesson(self) -> None:
        """Show the lesson that the recipe started from."""
        self._contents.show_lesson(lesson(self._recipe.lesson.id))

    def next_lesson(self) -> None:
        """Start from the lesson after this one, and show it."""
        after = next_lesson(self._recipe.lesson.id)
        if after is not None:
            self._recipe.take_lesson(after)
            self.read_lesson()

    def one_step(self) -> None:
        """Take one step of a paused run, and show it slowly."""
        self._contents.show_step(self._session.run, *self._samples())
        self._show_pace()
        self._session.one_step()

    def _refresh_code(self) -> None:
        self._contents.refresh_code(self._recipe.spec, self._session.ready, self._session.library)

    def _refresh_step(self, run: Run) -> None:
        self._contents.refresh_step(run, *self._samples())

    def _show_pace(self) -> None:
        self._contents.show_pace(self._session.state is State.PAUSED, self._session.speed)

    def _hurry(self) -> None:
        """Nobody watches the steps any more: a run that goes on need not wait."""
        if self._session.state is State.RUNNING and self._session.speed:
            self._session.set_speed(0)

    def _samples(self) -> tuple[PictureSet | None, tuple[str, ...]]:
        """The pictures that are learned from, with the names of their classes; None where there are only numbers."""
        data = self._inspection.data
        return (None, ()) if data is None or learns_numbers(self._session.run) else (data.train, data.short_classes)
