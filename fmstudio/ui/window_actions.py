"""What each entry of the menus does, by its name in ``actions.menus``; loaded with the first that is asked for."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Protocol

from fmstudio.session.inspection import Inspection
from fmstudio.session.recipe import Recipe
from fmstudio.session.selection import Selection
from fmstudio.session.session import State, TrainingSession
from fmstudio.ui import files
from fmstudio.ui.guide import Guide
from fmstudio.ui.inspector import Inspector
from fmstudio.ui.keeper import Keeper
from fmstudio.ui.planner import Planner
from fmstudio.ui.results_page import DETACHABLE
from fmstudio.ui.shell import Shell


class Window(files.Window, Protocol):
    """What is asked of the main window."""

    session: TrainingSession
    recipe: Recipe
    inspection: Inspection
    shell: Shell
    guide: Guide
    keeper: Keeper
    planner: Planner
    inspector: Inspector

    def close(self) -> bool: ...  # noqa: D102 - see main_window
    def train(self) -> None: ...  # noqa: D102
    def present(self) -> None: ...  # noqa: D102
    def select(self, selection: Selection) -> None: ...  # noqa: D102


def act(window: Window, name: str) -> None:
    """Do what an entry of the menus says."""
    _actions(window)[name]()


def _actions(window: Window) -> Mapping[str, Callable[[], object]]:
    return {
        "open": partial(files.open_dialog, window),
        "save": partial(files.save_recipe, window),
        "quit": window.close,
        "train": window.train,
        "pause": lambda: window.session.proceed() if window.session.state is State.PAUSED else window.session.pause(),
        "stop": window.session.stop,
        "continue": lambda: window.keeper.resume(window.inspection.run.id),
        "more": lambda: window.keeper.go_further(window.inspection.run),
        "take-along": lambda: window.inspector.take_along(window.inspection.run.folder or window.inspection.run.id),
        "find-rate": window.planner.find_rate,
        "measure": window.planner.measure,
        "queue": window.planner.queue_recipe,
        "repeat": partial(window.planner.try_several, "seed"),
        "show-queue": window.planner.show_queue,
        "undo": window.recipe.undo,
        "redo": window.recipe.redo,
        "code": window.guide.show_code,
        "present": window.present,
        "all": partial(window.select, Selection()),
        **{f"detach-{key}": partial(window.shell.results_page.detach, key) for key in DETACHABLE},
        "read": window.guide.read_lesson,
        "check-computer": partial(files.check_computer, window),
        "about": partial(files.about, window),
    }
