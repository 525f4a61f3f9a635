"""Opens what helps to plan a run, and puts runs into the queue: rates to try, how long, several values, seeds."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, Qt

from fmstudio.errors import UserError
from fmstudio.experiment.spec import ExperimentSpec, to_mapping
from fmstudio.session.door import load
from fmstudio.session.finder_task import PREFLIGHT, RATES, FinderTask
from fmstudio.session.planned import Planned
from fmstudio.session.queue.entry import QueueEntry
from fmstudio.session.queue.queue import Queue
from fmstudio.session.queue.taken import about_again
from fmstudio.session.queue.words import waiting_words
from fmstudio.session.recipe import Recipe
from fmstudio.session.session import State, TrainingSession
from fmstudio.ui.drawer import WIDE
from fmstudio.ui.notice_bar import Notice
from fmstudio.ui.presenter import Presenter
from fmstudio.ui.shell import Shell
from fmstudio.words import tr, tr_n

if TYPE_CHECKING:
    from fmstudio.ui.before.finder_page import FinderPage
    from fmstudio.ui.before.preflight_page import PreflightPage
    from fmstudio.ui.recipe.several_values_page import SeveralValuesPage


class Window(Protocol):
    """What is asked of the main window."""

    session: TrainingSession
    recipe: Recipe
    queue: Queue
    presenter: Presenter
    shell: Shell

    def show_page(self, key: str) -> None: ...  # noqa: D102 - see main_window
    def complain(self, error: UserError) -> None: ...  # noqa: D102


class Planner(QObject):
    """Belongs to one shell; the next shell gets its own."""

    def __init__(self, window: Window) -> None:
        super().__init__(window.shell)
        self._window = window
        self._before: FinderPage | PreflightPage | None = None
        self._several: SeveralValuesPage | None = None
        self._connect()

    def find_rate(self) -> None:
        """Look for a learning rate of the recipe, in the drawer."""
        session = self._window.session
        page: FinderPage = load("fmstudio.ui.before.finder_page.FinderPage")(
            FinderTask(session.alone, RATES, session.library)
        )
        page.rate_chosen.connect(partial(self._window.recipe.set, "optimizer.lr"))
        self._open(tr("Find a learning rate"), page)

    def measure(self) -> None:
        """Measure how long a run of the recipe takes, in the drawer."""
        session = self._window.session
        page: PreflightPage = load("fmstudio.ui.before.preflight_page.PreflightPage")(
            FinderTask(session.alone, PREFLIGHT, session.library)
        )
        page.changes_asked.connect(self._window.recipe.change)
        self._open(tr("How long will it take?"), page)

    def try_several(self, *paths: str) -> None:
        """Let the user choose several values of some settings, in the drawer; of the seed alone: repetitions."""
        page: SeveralValuesPage = load("fmstudio.ui.recipe.several_values_page.SeveralValuesPage")(
            self._window.recipe, paths
        )
        page.show_seconds(self._window.presenter.seconds)
        page.queue_asked.connect(self._queue_several)
        self._several = page
        title = tr("Repeat with other seeds") if paths == ("seed",) else tr("Try several values")
        self._window.shell.drawer.show_content(title, page, WIDE)

    def queue_recipe(self) -> None:
        """Put the recipe into the queue; while something trains it is started afterwards."""
        spec, queue = self._window.recipe.spec, self._window.queue
        if spec is None or not queue.add([Planned(spec, about_again(queue.taken, spec))]):
            return
        queue.taken = None
        if queue.going or self._window.session.state is not State.IDLE:
            queue.begin()
            self._say(tr("The recipe is in the queue: it is trained when its turn comes."))
        else:
            notice = Notice(tr("The recipe is in the queue."), label=tr("Start the queue"), action=queue.begin)
            self._window.shell.notices.add(notice)

    def edit(self, entry: QueueEntry) -> None:
        """Take an entry out of the queue, and go on with it in the recipe."""
        planned = self._window.queue.take_out(entry.id)  # what was said of it comes again with ``queue_recipe``
        if planned is not None:
            self._window.recipe.take_draft(to_mapping(planned.spec))
            self._say(tr("The recipe is that of the entry now; add it to the queue again when you are done."))

    def show_queue(self) -> None:
        """Turn to the queue on the page Compare."""
        self._window.show_page("compare")
        self._window.shell.compare_page.show_panel("queue")

    def offer_waiting(self) -> None:
        """After the start: offer to go on with what waits in the queue, as soon as that is known."""
        queue = self._window.queue
        if not queue.known:
            queue.found.connect(self.offer_waiting, Qt.ConnectionType.SingleShotConnection)
        elif queue.pending and not queue.foreign and not queue.going:
            words = waiting_words(queue.pending)
            self._window.shell.notices.add(Notice(words, label=tr("Go on"), action=self._go_on))

    def _go_on(self) -> None:
        self._window.queue.begin()
        self.show_queue()

    def _queue_several(self, planned: Sequence[Planned]) -> None:
        if self._window.queue.add(planned):
            self._window.shell.drawer.close()
            self._window.queue.begin()
            self.show_queue()

    def _say_done(self, group: str, entries: Sequence[QueueEntry]) -> None:
        """All runs that were planned together are done: offer to look at them together."""
        runs = tuple(entry.run for entry in entries if entry.state == "finished")
        if len(runs) > 1:
            words = tr_n("{count} run planned together is done.", "{count} runs planned together are done.", len(runs))
            show = partial(self._show_together, runs, entries[0].planned.about.varied == ("seed",))
            self._window.shell.notices.add(Notice(words, label=tr("Compare them"), action=show))

    def _show_together(self, runs: Sequence[str], repeated: bool) -> None:
        self._window.show_page("compare")
        page = self._window.shell.compare_page
        page.show_panel("curves" if repeated else "scatter")
        page.choose(runs)

    def _say(self, text: str) -> None:
        self._window.shell.notices.add(Notice(text, label=tr("Show the queue"), action=self.show_queue))

    def _open(self, title: str, page: "FinderPage | PreflightPage") -> None:
        self._before = page
        page.show_spec(self._window.recipe.spec)
        self._window.shell.drawer.show_content(title, page, WIDE)
        page.begin()

    def _follow(self) -> None:
        """Let what is in the drawer follow the recipe."""
        if self._before is not None and self._window.shell.drawer.content is self._before:
            self._before.show_spec(self._window.recipe.spec)
        else:
            self._before = None
        self._follow_time(None, None)

    def _follow_time(self, spec: ExperimentSpec | None, seconds: float | None) -> None:
        if self._several is not None and self._window.shell.drawer.content is self._several:
            if spec == self._window.recipe.spec or spec is None:
                self._several.show_seconds(seconds)
        else:
            self._several = None

    def _connect(self) -> None:
        shell = self._window.shell
        for asked in (shell.recipe_panel.finder_asked, shell.learning_page.finder_asked):
            asked.connect(self.find_rate)
        for asked in (shell.controls.preflight_asked, shell.learning_page.preflight_asked):
            asked.connect(self.measure)
        for asked in (shell.recipe_panel.repeat_asked, shell.controls.repeat_asked):
            asked.connect(partial(self.try_several, "seed"))
        shell.recipe_panel.several_asked.connect(self.try_several)
        shell.controls.queue_asked.connect(self.queue_recipe)
        shell.status.queue_asked.connect(self.show_queue)
        self._window.queue.group_ended.connect(self._say_done)
        self._window.recipe.changed.connect(self._follow)
        self._window.session.estimated.connect(self._follow_time)
