"""Opens what was dropped on the window, named on the command line, or chosen: whatever it is."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from fmstudio.data.safetensors_header import shown_name
from fmstudio.errors import UserError
from fmstudio.experiment.lessons import lesson
from fmstudio.runs.store import RunFolder
from fmstudio.session.door import load
from fmstudio.session.opened import (
    Figure,
    Figures,
    LessonFile,
    Opened,
    Pictures,
    RunFolders,
    Several,
    SpecFile,
    Unknown,
    WeightsFile,
)
from fmstudio.session.opening import what_are
from fmstudio.session.recipe import Recipe
from fmstudio.session.run_list import RunList
from fmstudio.session.session import TrainingSession
from fmstudio.session.taking_in import (
    Adopted,
    adopt_all,
    in_library,
    is_kept,
    keep_lesson,
    run_of,
    whole_draft,
    without_start,
)
from fmstudio.session.weights_import import WeightsImport
from fmstudio.ui.drawer import WIDE
from fmstudio.ui.guide import Guide
from fmstudio.ui.inspector import Inspector
from fmstudio.ui.notice_bar import Notice
from fmstudio.ui.shell import Shell
from fmstudio.words import tr, tr_n


class Window(Protocol):
    """What is asked of the main window."""

    session: TrainingSession
    recipe: Recipe
    run_list: RunList
    shell: Shell
    guide: Guide
    inspector: Inspector

    def complain(self, error: UserError) -> None: ...  # noqa: D102 - see main_window
    def show_saved_run(self, run_id: str) -> None: ...  # noqa: D102
    def show_page(self, key: str) -> None: ...  # noqa: D102
    def rebuild(self) -> None: ...  # noqa: D102


class Opener:
    """Finds out in the background what some paths are, then opens it.

    Args:
        window: In which it is opened.
    """

    def __init__(self, window: Window) -> None:
        self._window = window
        self._doors: Mapping[type[Opened], Callable[[Any], object]] = {
            RunFolder: self._show_run,
            RunFolders: self._offer_runs,
            SpecFile: self._take_recipe,
            WeightsFile: self._show_weights,
            Figure: self._show_figure,
            Figures: self._show_figures,
            LessonFile: self._show_lesson,
            Pictures: lambda pictures: window.inspector.try_files(list(pictures.paths)),
            Unknown: lambda unknown: window.complain(UserError(unknown.message, unknown.hint)),
        }

    def open(self, paths: Sequence[Path]) -> None:
        """Open files and folders; what cannot be opened is said in the notice bar."""
        if paths:
            self._window.session.in_background(partial(what_are, tuple(paths)), self.show)

    def show(self, opened: Opened) -> None:
        """Open what is known already."""
        if isinstance(opened, Several):
            for part in opened.parts:
                self.show(part)
        else:
            self._doors[type(opened)](opened)

    # ── Runs

    def _show_run(self, folder: RunFolder) -> None:
        if in_library(folder.path, self._window.session.library):
            self._window.show_saved_run(folder.path.name)
            return
        self._window.show_saved_run(str(folder.path))
        text = tr("The run {run} lies outside the library.", run=shown_name(folder.path))
        self._say(text, label=tr("Copy it into the library"), action=partial(self._adopt, (folder,)))

    def _offer_runs(self, found: RunFolders) -> None:
        strange = tuple(one for one in found.folders if not in_library(one.path, self._window.session.library))
        if not strange:
            self._window.show_page("compare")
            return
        text = tr_n("There is {count} run in it.", "There are {count} runs in it.", len(strange))
        self._say(text, label=tr("Copy them into the library"), action=partial(self._adopt, strange))

    def _adopt(self, folders: tuple[RunFolder, ...]) -> None:
        work = partial(adopt_all, folders, self._window.session.library)
        self._window.session.in_background(work, self._adopted)

    def _adopted(self, adopted: Adopted) -> None:
        if adopted.ids:
            self._window.run_list.refresh()
            count = len(adopted.ids)
            self._say(tr_n("{count} run is in the library now.", "{count} runs are in the library now.", count),
                      kind="saved")  # fmt: skip
        if len(adopted.ids) > 1:
            self._window.show_page("compare")
        for problem in adopted.problems:
            self._window.complain(problem)

    # ── Recipes, lessons, figures

    def _take_recipe(self, file: SpecFile) -> None:
        self._take_settings(file.draft, tr("The recipe is that of {file} now.", file=shown_name(file.path)))

    def _take_settings(self, draft: Mapping[str, Any], text: str) -> None:
        """Fill the recipe with what a stranger may have written; its problems are shown at their fields."""
        try:
            self._window.recipe.take_draft(whole_draft(draft))
        except UserError as error:
            self._window.complain(error)
            return
        count = len(self._window.recipe.problems)
        hint = tr_n("{count} thing to mend in it", "{count} things to mend in it", count) if count else ""
        self._say(text, hint, kind="info" if count else "saved")

    def _show_lesson(self, file: LessonFile) -> None:
        if is_kept(file.path):
            self._begin_lesson(file.path.stem)
            return
        text = tr("“{title}” is a lesson that is not among yours.", title=file.lesson.title)
        self._say(text, label=tr("Add it to the lessons"), action=partial(self._keep_lesson, file.path))

    def _keep_lesson(self, path: Path) -> None:
        def kept(name: str) -> None:
            self._window.rebuild()
            self._begin_lesson(name)

        self._window.session.in_background(partial(keep_lesson, path), kept)

    def _begin_lesson(self, name: str) -> None:
        try:
            self._window.recipe.take_lesson(lesson(name))
            self._window.guide.read_lesson()
        except UserError as error:
            self._window.complain(error)

    def _show_figure(self, figure: Figure) -> None:
        """Its run where it is here, else its settings; of several runs the page Compare with those that are here."""

        def found(ids: Sequence[str]) -> None:
            known = [one for one in ids if one]
            if len(known) > 1:
                self._compare(known)
            elif ids[0]:
                self._window.show_saved_run(ids[0])
            elif not figure.facts.spec:
                message = tr("{file} does not say with which settings it was made.", file=shown_name(figure.path))
                self._window.complain(UserError(message, tr("Open another figure, or the folder of its run.")))
            else:
                text = tr("This figure's run is not here: its settings are in the recipe.")
                self._take_settings(without_start(figure.facts.spec), text)

        facts, library = (figure.facts, *figure.others), self._window.session.library
        self._window.session.in_background(lambda: [run_of(one, library) for one in facts], found)

    def _compare(self, ids: Sequence[str]) -> None:
        page = self._window.shell.compare_page
        self._window.show_page("compare")
        page.show_table()
        page.show_panel("curves")
        page.choose(ids)

    def _show_figures(self, figures: Figures) -> None:
        page = load("fmstudio.ui.compare.hand_in.page.HandInPage")(self._window.session)
        page.show_known({row.id for row in self._window.run_list.rows})
        page.settings_asked.connect(self._take_chosen)
        page.run_asked.connect(self._window.show_saved_run)
        page.saved.connect(lambda path: self._say(tr("Saved: {path}", path=path), kind="saved"))
        page.failed.connect(self._window.complain)
        self._window.shell.compare_page.show_hand_in(page)
        self._window.show_page("compare")
        page.show_files(figures.paths)

    def _take_chosen(self, spec: Mapping[str, Any]) -> None:
        self._take_settings(without_start(spec), tr("The settings of this figure are in the recipe."))

    # ── Weights

    def _show_weights(self, file: WeightsFile) -> None:
        weights = WeightsImport(file, self._window.session, self._window.recipe)
        page = load("fmstudio.ui.weights_import_page.WeightsImportPage")(weights)
        page.changes_asked.connect(self._window.recipe.change)
        self._window.shell.drawer.show_content(tr("Weights from a file"), page, WIDE)

    def _say(
        self,
        text: str,
        hint: str = "",
        *,
        kind: str = "info",
        label: str = "",
        action: Callable[[], object] | None = None,
    ) -> None:
        said = Notice(text, hint, "saved" if kind == "saved" else "info", label, action)
        self._window.shell.notices.add(said)
