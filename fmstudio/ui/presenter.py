"""Keeps the frame of the window true: buttons, progress, run chip, lesson strip, and the pages about the recipe."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

from fmstudio.catalog.datasets import DATASETS, Dataset, Linear
from fmstudio.experiment.draft import changed, get
from fmstudio.experiment.lessons import Lesson, lessons, next_lesson
from fmstudio.experiment.spec import ExperimentSpec
from fmstudio.insight.goals import check, met
from fmstudio.runs.about import About
from fmstudio.runs.run import Run
from fmstudio.schema.choice import Facts
from fmstudio.session import draft_words
from fmstudio.session.draft_words import differences, title_of
from fmstudio.session.inspection import Inspection
from fmstudio.session.recipe import Recipe, device_options
from fmstudio.session.session import State, TrainingSession
from fmstudio.ui import captions
from fmstudio.ui.shell import Shell

ESTIMATE_AFTER_MS = 600
"""How long the recipe must stand still before the time of a run is tried."""


class Presenter(QObject):
    """Shows the state of session and recipe in whichever shell is attached.

    Signals:
        goals_checked(str, tuple[GoalState, ...]): How far the goals of the lesson with that id are reached.
    """

    goals_checked = Signal(str, object)

    def __init__(self, session: TrainingSession, recipe: Recipe, inspection: Inspection) -> None:
        super().__init__(session)
        self._session, self._recipe, self._inspection = session, recipe, inspection
        self._shell: Shell | None = None
        self._lessons: Mapping[str, Lesson] = {}
        self._seconds: float | None = None
        self._looked = False
        self._number = 0
        self._settle = QTimer(self, interval=ESTIMATE_AFTER_MS, singleShot=True)
        self._settle.timeout.connect(self._estimate)
        session.state_changed.connect(self._state_changed)
        session.run_changed.connect(self._show_progress)
        session.speed_changed.connect(self._show_controls)
        session.torch_ready.connect(self._ready)
        session.devices_found.connect(lambda found: recipe.know_devices(device_options(found)))
        session.estimated.connect(self._estimated)
        recipe.changed.connect(self._recipe_changed)
        inspection.changed.connect(self._inspected)

    @property
    def seconds(self) -> float | None:
        """How long a run of the recipe will take; None while that is not known."""
        return self._seconds

    def attach(self, shell: Shell) -> None:
        """Show everything in another shell."""
        self._shell = shell
        self._lessons = {lesson.id: lesson for lesson in lessons()}
        shell.strip.closed.connect(self._fold_strip)
        shell.controls.full_speed_asked.connect(partial(self._session.set_speed, 0))
        self.show_recipe()
        self._show_frame()

    def mend(self) -> None:
        """Do what the button under the first problem, or under a failed run, offers."""
        mending = captions.mending_of(self._recipe.problems)
        ended = self._session.run.ended
        self._recipe.change(mending.changes if mending else ended.mending if ended else ())

    def _ready(self) -> None:
        self._settle.start()
        self._show_controls()

    def _state_changed(self, state: State) -> None:
        if state is State.PREPARING:
            self._looked = False
            self._number += not (self._session.run.id and self._number)  # one that goes on keeps its number
            self._inspection.show_run(self._session.run)
        if state is State.IDLE and self._seconds is None:
            self._settle.start()
        self._show_frame()

    def _recipe_changed(self) -> None:
        self._seconds = None
        self._settle.start()
        self.show_recipe()
        self._show_controls()
        self._show_run()

    def _inspected(self) -> None:
        self._looked = self._looked or bool(self._inspection.selection.conditions)
        self._show_run()

    def _show_frame(self) -> None:
        self._show_controls()
        self._show_progress(self._session.run)
        self._show_run()

    def show_recipe(self) -> None:
        """Show the recipe on the pages that are about it, as far as there are any yet."""
        if self._shell is None:
            return
        spec, readable = self._recipe.spec, self._recipe.readable
        if "network" in self._shell.pages:
            self._shell.network_page.show_spec(readable, self._recipe.problems)
            self._shell.network_page.show_layers(*self._layers())
            self._shell.learning_page.show_spec(readable)
        self._show_data(readable.dataset if readable else None)
        epochs = get(self._recipe.draft, "epochs")
        dataset = DATASETS.get(str(get(self._recipe.draft, "dataset.kind")))
        people = dataset.people if dataset else None
        self._shell.results_page.show_plan(spec.epochs if spec else epochs if isinstance(epochs, int) else 1, people)

    def rename(self, run_id: str, about: About) -> None:
        """The user calls a run otherwise now."""
        for run in (self._session.run, self._inspection.run):
            if run.id == run_id:
                run.given_name = about.name
        self._show_run()

    def show_data(self) -> None:
        """Show the data of the recipe, after others were read."""
        readable = self._recipe.readable
        self._show_data(readable.dataset if readable else None)

    def _show_data(self, dataset: Dataset | None) -> None:
        if self._shell is None:
            return
        loss = get(self._recipe.draft, "loss")
        self._shell.results_page.show_recipe_data(dataset, loss if isinstance(loss, Mapping) else None)
        if "data" not in self._shell.pages:
            return
        if isinstance(dataset, Linear):
            self._shell.data_page.show_points(dataset)
        elif dataset is not None:
            readable = self._recipe.readable
            self._shell.data_page.show_pictures(dataset, readable.seed if readable else 0)

    def _layers(self) -> tuple[list[Mapping[str, object]] | None, Facts | None]:
        """The user's own list of layers with what they start from; None for another network."""
        draft = self._recipe.draft
        if get(draft, "architecture.kind") != "layers":
            return None, None
        known = self._recipe.readable or draft_words.readable(changed(draft, [("architecture.kind", "cnn")]))
        return get(draft, "architecture.layers"), known.facts if known else None

    def _show_controls(self) -> None:
        if self._shell is None:
            return
        session, run = self._session, self._session.run
        changed = differences(self._recipe.draft, run.spec) if run.spec else ()
        names = ", ".join(self._title(path) for path in changed[:3]) + (" …" if len(changed) > 3 else "")
        recipe = self._recipe
        made = captions.controls(
            session.state, session.ready, run, recipe.draft, recipe.problems, self._seconds, names if changed else ""
        )  # fmt: skip
        self._shell.controls.show_controls(replace(made, speed=session.speed))

    def _title(self, path: str) -> str:
        text = title_of(self._recipe.draft, path)
        return text[:1].lower() + text[1:]

    def _show_progress(self, run: Run) -> None:
        if self._shell is None:
            return
        text, share, behind, speed, saved = captions.progress(run, self._session.state, self._session.speed)
        self._shell.status.show_progress(text, share, behind, speed, saved)
        self._shell.top_bar.show_busy(self._session.state is not State.IDLE)
        self._show_goals()

    def _show_run(self) -> None:
        """The chip that names the run that is shown, and the lesson's step."""
        if self._shell is None:
            return
        run = self._inspection.run
        live = run is self._session.run
        self._inspection.number = self._number if live else 0
        name, state = captions.chip(run, self._number if live else 0, self._session.state)
        self._shell.top_bar.show_run(name, state)
        self._show_step()
        self._show_goals()

    def _show_step(self) -> None:
        """What to do next in the lesson that the recipe starts from; runs of other lessons do not count."""
        if self._shell is None:
            return
        lesson, run = self._lesson, self._lesson_run
        state = self._session.state if run.spec else State.IDLE
        step = captions.lesson_step(run, state, self._looked and bool(run.spec))
        step = min(step, len(lesson.steps))
        sentence = lesson.steps[step - 1]
        self._shell.strip.show_step(lesson.title, sentence, step, len(lesson.steps), lesson.place(step))
        self._shell.lesson_line.show_step(sentence)

    @property
    def _lesson(self) -> Lesson:
        """The lesson in the language that is spoken now."""
        return self._lessons.get(self._recipe.lesson.id, self._recipe.lesson)

    @property
    def _lesson_run(self) -> Run:
        """The run of this lesson: the one that is shown, or else the last one; an empty one where neither is of it."""
        runs = (self._inspection.run, self._session.run)
        return next((run for run in runs if run.spec and run.name == self._lesson.spec.name), Run())

    def _show_goals(self) -> None:
        """Whether the lesson's goal is reached, in the strip and on the lesson's page."""
        if self._shell is None:
            return
        lesson, run = self._lesson, self._lesson_run
        states = check(lesson, run)
        after = next_lesson(lesson.id) if met(lesson, run) else None
        next_title = after.title if after else ""
        self._shell.strip.show_goals(states, next_title)
        self._shell.lesson_line.show_goals(states, next_title)
        self.goals_checked.emit(lesson.id, states)

    def _fold_strip(self) -> None:
        if self._shell is not None:
            self._shell.strip_wanted = False

    def _estimate(self) -> None:
        if self._recipe.spec is not None:
            self._session.estimate(self._recipe.spec)

    def _estimated(self, spec: ExperimentSpec, seconds: float) -> None:
        if spec == self._recipe.spec:
            self._seconds = seconds
            self._show_controls()
        else:
            self._settle.start()
