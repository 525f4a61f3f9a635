"""What of a recipe is seen at first sight: what a lesson shows, else the basic settings."""

from collections.abc import Collection, Iterable

from fmstudio.experiment.lesson import Lesson
from fmstudio.session.recipe import Recipe
from fmstudio.ui.recipe.entry import Entry


class FirstSight:
    """Decides which rows are seen before anything is unfolded.

    A lesson that names what it shows folds the rest away, until ``show_all``; what has a problem or is not as in the
    lesson is never hidden.
    """

    def __init__(self, recipe: Recipe) -> None:
        self._recipe = recipe
        self._lesson: Lesson | None = None
        self._all = False
        self._revealed: set[str] = set()

    @property
    def has_lesson(self) -> bool:
        """Whether the lesson says what it shows."""
        return bool(self._recipe.lesson.shows)

    @property
    def folds(self) -> bool:
        """Whether the rest is folded away now."""
        return self.has_lesson and not self._all

    @property
    def all_asked(self) -> bool:
        """Whether the rest was asked for."""
        return self._all

    def show_all(self, wanted: bool) -> None:
        """Show the rest as well, or only what the lesson shows."""
        self._all = wanted

    def follow(self, entries: Iterable[Entry], problems: Collection[str]) -> None:
        """Look at the recipe as it is now.

        Args:
            entries: All rows.
            problems: The paths of those with a problem.
        """
        if self._recipe.lesson is not self._lesson:
            self._lesson, self._all, self._revealed = self._recipe.lesson, False, set()
        differing = self._recipe.changed_paths()
        self._revealed = {
            entry.path
            for entry in entries
            if entry.path in problems
            or entry.path in differing
            or (entry.path in self._revealed and entry.row.editor.field.hasFocus())
        }

    def holds(self, entry: Entry) -> bool:
        """Whether a row is seen at first sight."""
        shows = self._recipe.lesson.shows
        if entry.path in shows or entry.path.removesuffix(".kind") in shows:
            return True
        return entry.path in self._revealed if self.folds else entry.level == "basic"
