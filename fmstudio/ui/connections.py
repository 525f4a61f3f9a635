"""What is connected with what: the signals of the shell, and what the main window does about them."""

from functools import partial
from pathlib import Path
from typing import Any, Protocol

from fmstudio.errors import UserError
from fmstudio.insight.verdict import Verdict
from fmstudio.session.inspection import Inspection
from fmstudio.session.recipe import Recipe
from fmstudio.session.selection import Selection
from fmstudio.session.session import TrainingSession
from fmstudio.ui.drawer_contents import DrawerContents
from fmstudio.ui.guide import Guide
from fmstudio.ui.inspector import Inspector
from fmstudio.ui.keeper import Keeper
from fmstudio.ui.notice_bar import Notice
from fmstudio.ui.presenter import Presenter
from fmstudio.ui.shell import Shell
from fmstudio.words import tr


class Window(Protocol):
    """What is asked of the main window."""

    session: TrainingSession
    recipe: Recipe
    inspection: Inspection
    presenter: Presenter
    shell: Shell
    contents: DrawerContents
    guide: Guide
    inspector: Inspector
    keeper: Keeper

    def show_page(self, key: str) -> None: ...  # noqa: D102 - see main_window
    def present(self) -> None: ...  # noqa: D102
    def speak(self, language: str) -> None: ...  # noqa: D102
    def dress(self, name: str) -> None: ...  # noqa: D102
    def train(self) -> None: ...  # noqa: D102
    def select(self, selection: Selection) -> None: ...  # noqa: D102
    def follow_verdict(self, said: Verdict) -> None: ...  # noqa: D102
    def show_saved_run(self, run_id: str) -> None: ...  # noqa: D102
    def check_labels(self) -> None: ...  # noqa: D102
    def complain(self, error: UserError) -> None: ...  # noqa: D102


def connect_shell(window: Window) -> None:
    """Connect a new shell; the one before is gone, and its connections with it."""
    shell, session = window.shell, window.session
    shell.top_bar.page_chosen.connect(window.show_page)
    shell.top_bar.code_asked.connect(window.guide.show_code)
    shell.top_bar.present_asked.connect(window.present)
    shell.top_bar.language_chosen.connect(window.speak)
    shell.top_bar.theme_chosen.connect(window.dress)
    shell.recipe_panel.page_asked.connect(window.show_page)
    shell.recipe_panel.help_asked.connect(window.contents.show_help)
    shell.network_page.layers_changed.connect(partial(window.recipe.set, "architecture.layers"))
    shell.network_page.layers_settled.connect(window.recipe.settle)
    shell.network_page.mend_asked.connect(lambda mending: window.recipe.change(mending.changes))
    shell.network_page.help_asked.connect(window.contents.show_help)
    shell.controls.train_asked.connect(window.train)
    shell.controls.pause_asked.connect(session.pause)
    shell.controls.continue_asked.connect(session.proceed)
    shell.controls.step_asked.connect(window.guide.one_step)
    shell.controls.stop_asked.connect(session.stop)
    shell.controls.mend_asked.connect(window.presenter.mend)
    shell.controls.further_asked.connect(lambda: window.keeper.go_further(session.run))
    shell.strip.read_asked.connect(window.guide.read_lesson)
    shell.strip.place_asked.connect(shell.show_place)
    shell.strip.next_asked.connect(window.guide.next_lesson)
    shell.notices.action.connect(lambda action: action())
    results = shell.results_page
    results.selection_changed.connect(window.select)
    results.split_chosen.connect(window.inspection.show_split)
    results.opened.connect(window.contents.picture.show_row)
    window.inspector.saved.connect(partial(say_saved, window))
    results.matrix.show_library(window.session.library)
    results.verdict_pressed.connect(window.follow_verdict)
    shell.data_page.check_asked.connect(window.check_labels)
    shell.data_page.changes_asked.connect(window.recipe.change)
    shell.data_page.failed.connect(window.complain)


def connect_drawer(window: Window) -> None:
    """Connect what the drawer may hold."""
    contents = window.contents
    contents.code_saved.connect(partial(say_saved, window))
    contents.failed.connect(window.complain)
    contents.place_asked.connect(window.shell.show_place)


def connect_curves(window: Window, curves: Any) -> None:
    """Connect the curves, once their library is loaded."""
    curves.library = window.session.library
    curves.saved.connect(partial(say_saved, window))
    curves.problem.connect(lambda text, hint: window.shell.notices.add(Notice(text, hint, "problem")))


def say_saved(window: Window, path: Path) -> None:
    """Say that a file was written."""
    window.shell.notices.add(Notice(tr("Saved: {path}", path=path), kind="saved"))
